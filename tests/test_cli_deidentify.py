"""`fidelity deidentify`: other codes, moved dates, no free text, no rare facts; a table like any other."""

import csv
import datetime as dt
import json
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import Run
from observe_sample import SOURCE, written

HEAD = (
    "observation,session,therapist,client,rater,site,date,rated_on,modality,fact.format,"
    "welcome,safety,remarks"
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The checklist, and a table of fourteen sessions: one client alone has a fact of their own."""
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    rows = [
        f"o{n},S{n},T{n % 2},C{n},R1,north,2026-03-{n + 1:02d},2026-03-{n + 2:02d},"
        f"{'phone' if n == 7 else 'home'},{'group' if n == 7 else 'individual'},done,partly,spoke of Mxyzptlk"
        for n in range(14)
    ]
    text = "\n".join(
        [
            f"{HEAD},asked,open_q.often,open_q.skill,safety.comment",
            *(f"{row},3,5,2.5,Mxyzptlk" for row in rows),
        ]
    )
    written(tmp_path, text + "\n", "table.csv")
    return tmp_path


def shared(run: Run, *words: str) -> list[dict[str, str]]:
    """The rows of the shared table."""
    ran = run("deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv", *words)
    assert ran.status == 0, ran.said
    with Path("shared.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


@pytest.mark.usefixtures("desk")
def test_no_code_and_no_text_of_the_data_is_in_it(run: Run) -> None:
    rows = shared(run)
    assert len(rows) == 14
    text = Path("shared.csv").read_text(encoding="utf-8")
    for name in ("Mxyzptlk", "north", "R1,", *(f"{letter}{n}" for letter in "oSC" for n in range(10))):
        assert f'"{name}' not in text
    assert len({row["client"] for row in rows}) == 14
    assert len({row["therapist"] for row in rows}) == 2
    assert "remarks" not in rows[0] or not any(row["remarks"] for row in rows)
    assert {row["welcome"] for row in rows} == {"done"}


@pytest.mark.usefixtures("desk")
def test_dates_move_together_for_a_therapist(run: Run) -> None:
    rows = shared(run)
    for therapist in {row["therapist"] for row in rows}:
        days = sorted(dt.date.fromisoformat(row["date"]) for row in rows if row["therapist"] == therapist)
        assert {(later - day).days for day, later in pairwise(days)} == {2}
        assert dt.date(2025, 3, 1) <= days[0] < dt.date(2026, 3, 1)
    assert {
        (dt.date.fromisoformat(row["rated_on"]) - dt.date.fromisoformat(row["date"])).days for row in rows
    } == {1}


@pytest.mark.usefixtures("desk")
def test_dates_may_be_cut_to_the_month(run: Run) -> None:
    assert {row["date"] for row in shared(run, "--dates", "month")} == {"2026-03-01"}


@pytest.mark.usefixtures("desk")
def test_what_few_share_is_taken_out_and_told(run: Run) -> None:
    rows = shared(run)
    assert sorted({row["fact.format"] for row in rows}) == ["", "individual"]
    assert sorted({row["modality"] for row in rows}) == ["", "home"]
    ran = run("deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv")
    assert "Taken out because fewer than 5 people share it: fact.format (1), modality (1)." in ran.err
    assert "Free texts taken out: remarks (14), safety.comment (14)." in ran.err
    assert {row["modality"] for row in shared(run, "--at-least", "1")} == {"home", "phone"}


@pytest.mark.usefixtures("desk")
def test_texts_stay_only_where_that_is_asked_for(run: Run) -> None:
    assert {row["safety.comment"] for row in shared(run, "--keep-text")} == {"Mxyzptlk"}


def test_the_same_key_gives_the_same_codes_and_is_for_its_owner_alone(desk: Path, run: Run) -> None:
    first = shared(run, "--key", "safe/key.csv")
    key = desk / "safe" / "key.csv"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "T1" in key.read_text(encoding="utf-8")
    kept = key.read_bytes()
    assert shared(run, "--key", "safe/key.csv") == first
    assert key.read_bytes() == kept
    (desk / "safe" / "key.csv").write_text("a letter", encoding="utf-8")
    ran = run(
        "deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv", "--key", "safe/key.csv"
    )
    assert (ran.status, "is no key file" in ran.err) == (2, True)


@pytest.mark.usefixtures("desk")
def test_the_shared_table_is_read_like_any_other(run: Run) -> None:
    shared(run)
    before = json.loads(run("score", "visit.rubric", "table.csv", "--format", "json").out)["observations"]
    after = json.loads(run("score", "visit.rubric", "shared.csv", "--format", "json").out)["observations"]
    exact = [sorted(each["scores"]["adherence"]["exact"] for each in rows) for rows in (before, after)]
    assert exact[0] == exact[1]
    assert run("summarise", "visit.rubric", "shared.csv").status == 0


@pytest.mark.usefixtures("desk")
def test_small_groups_that_stay_are_counted(run: Run) -> None:
    ran = run(
        "deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv", "--format", "json"
    )
    answer = json.loads(ran.out)
    assert answer["people_in_small_groups"] == 1
    assert "In groups of fewer than 5 by site and facts together: 1 of the people." in ran.err
