"""The commands on the shipped studies, and the JSON shapes that others rely on."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import Run

MITI = "checklists/programmes/miti_practice"
ROOT = Path(__file__).parent.parent


def test_score_gives_each_observation_the_whole_shape(run: Run) -> None:
    ran = run("score", "scoring/miti_4_2_1", str(ROOT / MITI), "--format", "json")
    assert ran.status == 0
    document = json.loads(ran.out)
    assert set(document) == {"checklist", "engine", "observations"}
    assert document["checklist"]["id"] == "miti_4_2_1"
    assert document["checklist"]["fingerprint"].startswith("sha256:")
    assert len(document["observations"]) == 20
    first = document["observations"][0]
    assert list(first)[:10] == [
        "observation", "session", "therapist", "client", "rater", "rater_role", "evidence", "site", "date",
        "facts",
    ]  # fmt: skip
    assert first["scores"]["pct_complex"] == {
        "exact": "675/11", "shown": "61.4%", "answered": 2, "applicable": 2,
        "low": "675/11", "high": "675/11", "reason": None,
    }  # fmt: skip
    assert first["refused"] == []


def test_a_score_with_nothing_to_divide_by_says_so(run: Run) -> None:
    """Session 16 has no reflections at all."""
    ran = run("score", "scoring/miti_4_2_1", str(ROOT / MITI), "--format", "json")
    session = json.loads(ran.out)["observations"][15]
    assert session["scores"]["pct_complex"]["exact"] is None
    assert session["scores"]["pct_complex"]["reason"]


def test_the_same_scores_come_out_in_every_file_format(run: Run, tmp_path: Path) -> None:
    for ending in ("json", "csv", "xlsx"):
        assert run("score", "scoring/miti_4_2_1", str(ROOT / MITI), "-o", f"out.{ending}").status == 0
    rows = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 21
    assert '"675/11"' in rows[1]


def test_explain_gives_sentences_and_a_tree_with_stable_ids(run: Run) -> None:
    ran = run("explain", "scoring/miti_4_2_1", str(ROOT / MITI), "--observation", "1", "--format", "json")
    found = json.loads(ran.out)
    assert found["observation"] == "1"
    assert found["trace_version"] == "2"
    for key, result in found["results"].items():
        assert set(result) >= {"level", "sentences", "changes", "tree"}
        assert result["sentences"]
        assert result["tree"]["id"] == key


def test_summarise_finds_the_planted_patterns(run: Run) -> None:
    folder = str(ROOT / "checklists/programmes/example_study")
    ran = run("summarise", "programmes/example_study/session", folder, "--format", "json")
    assert ran.status == 0
    found = {each["therapist"]: each["scores"]["adherence"] for each in json.loads(ran.out)["therapists"]}
    assert found["PMG-03"]["drift"]["status"] == "act"
    assert found["PMI-04"]["drift"]["status"] == "improving"
    assert found["PMG-05"]["standard"] == "below"
    assert found["PMG-06"]["standard"] == "too_few"
    assert set(found["PMG-03"]) == {"n", "mean", "low", "high", "estimate", "standard", "drift"}


def test_the_demo_gives_the_same_bytes_each_time(run: Run, tmp_path: Path) -> None:
    assert run("demo", "-o", "once").status == 0
    assert run("demo", "-o", "again").status == 0
    once, again = digests(tmp_path / "once"), digests(tmp_path / "again")
    assert once == again
    assert "example_study/report.xlsx" in once
    assert "miti_practice/report.xlsx" in once


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_shipped_checklist_is_found_by_its_path_and_a_users_file_wins(run: Run, tmp_path: Path) -> None:
    assert run("check", "pm_plus/individual/session_2").status == 0
    own = tmp_path / "pm_plus" / "individual"
    own.mkdir(parents=True)
    (own / "session_2.rubric").write_text("checklist", encoding="utf-8")
    assert run("check", "pm_plus/individual/session_2").status == 1


@pytest.mark.parametrize("word", ["-h", "--help", "--version"])
def test_help_and_version(word: str, run: Run) -> None:
    assert run(word).status == 0
