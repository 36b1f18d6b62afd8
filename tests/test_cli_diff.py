"""`fidelity diff`, `check` and the other commands with an adaptation where a checklist could stand."""

import json
from pathlib import Path

from conftest import Run
from openpyxl import load_workbook

PRINCIPLES, CENTRE = "upsides/principles", "upsides/adaptations/day_centre"
ITEMS = [
    f"{group}_{n}" for group in ("mut", "rec", "non", "rcv", "str", "inc", "pro", "saf") for n in (1, 2, 3)
]


def data(path: Path, rows: dict[str, dict[str, str]], extra: tuple[str, ...] = ()) -> str:
    """Observations with 2 on every item, but for what a row says."""
    items = [*ITEMS, *extra]
    lines = ["observation,therapist,date," + ",".join(items)]
    for name, answers in rows.items():
        lines.append(f"{name},T1,2026-03-01," + ",".join(answers.get(item, "2") for item in items))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_json_has_changes_class_step_and_moves(run: Run, tmp_path: Path) -> None:
    file = data(tmp_path / "data.csv", {"S1": {}, "S2": {"inc_1": "1"}})
    ran = run("diff", PRINCIPLES, CENTRE, file, "--format", "json")
    assert ran.status == 0, ran.said
    answer = json.loads(ran.out)
    assert answer["comparability"] == "D"
    assert answer["smallest_honest_bump"] == "major"
    assert answer["moved"] == []
    by_target = {each["target"]: each for each in answer["changes"]}
    assert by_target["threshold pass_mark"] == {
        "kind": "moved",
        "target": "threshold pass_mark",
        "before": "2",
        "after": "1.75",
        "reason": "For the first months, while peer workers are still in training.",
    }


def test_results_that_move_are_told_with_examples(run: Run, tmp_path: Path) -> None:
    rows = {f"S{n}": {"inc_1": "1"} for n in range(4)}
    file = data(tmp_path / "data.csv", rows, ("inc_4",))
    ran = run("diff", PRINCIPLES, CENTRE, file)
    assert ran.status == 0, ran.said
    assert "Of 4 records, 4 move:\n  overall from Not yet met to Met: 4, for example S0, S1, S2\n" in ran.out
    assert "FRAME: what was adapted, and why" in ran.out


def test_the_frame_table_as_workbook_csv_and_json(run: Run, tmp_path: Path) -> None:
    for ending in ("xlsx", "csv", "json"):
        assert run("diff", PRINCIPLES, CENTRE, "--frame", f"frame.{ending}").status == 0
    (sheet,) = load_workbook(tmp_path / "frame.xlsx").worksheets
    assert (sheet.title, sheet.max_row) == ("FRAME", 7)
    rows = json.loads((tmp_path / "frame.json").read_text(encoding="utf-8"))
    assert [each["change"] for each in rows] == ["rename", "reword", "add", "drop", "set", "reword"]
    assert (tmp_path / "frame.csv").read_text(encoding="utf-8").startswith('"adaptation","base","site",')


def test_a_checklist_has_no_frame_table(run: Run) -> None:
    ran = run("diff", PRINCIPLES, PRINCIPLES, "--frame", "frame.xlsx")
    assert (ran.status, "is no adaptation" in ran.err) == (2, True)


def test_the_same_version_twice(run: Run) -> None:
    ran = run("diff", PRINCIPLES, PRINCIPLES, "--format", "json")
    assert json.loads(ran.out) == {
        "changes": [],
        "comparability": "A",
        "moved": [],
        "smallest_honest_bump": "patch",
    }


def test_a_wrong_record_stops_it_unless_the_good_are_kept(run: Run, tmp_path: Path) -> None:
    file = data(tmp_path / "data.csv", {"S1": {"inc_1": "1"}, "S2": {"mut_1": "7"}})
    assert run("diff", PRINCIPLES, CENTRE, file).status == 1
    ran = run("diff", PRINCIPLES, CENTRE, file, "--keep-good")
    assert (ran.status, "Of 1 record" in ran.out) == (0, True)


# ---- an adaptation where a checklist could stand


def test_an_adaptation_is_checked_tested_and_scored(run: Run, tmp_path: Path) -> None:
    assert run("check", CENTRE).status == 0
    assert run("test", CENTRE).status == 0
    file = data(tmp_path / "data.csv", {"S1": {"inc_1": "1"}}, ("inc_4",))
    ran = run("score", CENTRE, file, "--ignore", "rcv_3", "--format", "json")
    assert ran.status == 0, ran.said
    answer = json.loads(ran.out)
    assert answer["checklist"]["id"] == "upsides_day_centre"
    assert answer["checklist"]["adapts"]["id"] == "upsides_principles"
    assert answer["checklist"]["deviations"] == ["lower_mark", "no_clinician"]
    assert answer["observations"][0]["results"]["overall"]["level"] == "met"


def test_a_base_is_found_in_a_library(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shelf" / "deep").mkdir(parents=True)
    base = 'checklist one "One"\nversion 1.0.0\nscale s "S" from 0 to 3\n'
    base += 'section a "A" on scale s\n  item a_1 "A"\nscore t "T" is sum of items\n'
    (tmp_path / "shelf" / "deep" / "one.rubric").write_text(base, "utf-8")
    site = 'adaptation two "Two"\nextends one version 1.0.0\nversion 1.0.0\n'
    (tmp_path / "site.rubric").write_text(site, "utf-8")
    assert run("check", "site.rubric").status == 1
    assert run("check", "site.rubric", "--library", "shelf").status == 0


def test_expiry_is_judged_on_a_day(run: Run) -> None:
    assert run("check", CENTRE, "--on", "2026-11-21").status == 0
    late = run("check", CENTRE, "--on", "2027-03-01")
    assert (late.status, late.out.count("RB304  ")) == (1, 2)


# ---- programmes

PROGRAMME = """\
programme way "Way"
  version 1.0.0
  uses form version 1.0.0
threshold mark "Mark" is 4
stage passed "Passed"
  needs 1 observation in total of form with tasks is at least mark
stage again "Again" after passed
  needs 2 observations in total of form with tasks is at least mark
history "Four is enough"
  | date       | checklist | source    | tasks => passed  |
  | 2026-03-02 | form      | role_play | 3.9   => not_yet |
  | 2026-03-04 | form      | role_play | 4.0   => reached |
"""
SITE = """\
adaptation way_here "Way here"
  extends way version 1.0.0
  version 1.0.0
  made by "Site lead" on 2026-04-01
drop stage again
  because "Not used here." planned fidelity consistent
set mark to 3.8
  because "By telephone." planned fidelity inconsistent
"""


def test_a_programme_and_its_adaptation(run: Run, tmp_path: Path) -> None:
    (tmp_path / "way.rubric").write_text(PROGRAMME, "utf-8")
    (tmp_path / "here.rubric").write_text(SITE, "utf-8")
    ran = run("diff", "way.rubric", "here.rubric", "--format", "json", "--frame", "frame.json")
    assert ran.status == 0, ran.said
    changes = {(each["kind"], each["target"]): each for each in json.loads(ran.out)["changes"]}
    assert changes["dropped", "stage again"]["reason"] == "Not used here."
    assert changes["moved", "threshold mark"]["after"] == "3.8"
    assert len(json.loads((tmp_path / "frame.json").read_text("utf-8"))) == 2
    assert run("diff", "way.rubric", PRINCIPLES).status == 2


def test_a_history_of_the_base_that_comes_out_differently_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "way.rubric").write_text(PROGRAMME, "utf-8")
    (tmp_path / "here.rubric").write_text(SITE, "utf-8")
    found = json.loads(run("check", "here.rubric", "--format", "json").out)
    assert [(each["code"], each["line"]) for each in found if each["code"] == "RB305"] == [("RB305", 7)]
