"""`fidelity sample`: who draws the same sessions gets the same list, with what it can show and what not."""

import csv
import io
import json
from pathlib import Path

import pytest
from conftest import Run

SHIPPED = Path(__file__).parent.parent / "checklists" / "programmes" / "example_study" / "sessions.csv"
OPTIONS = (
    "--share",
    "10%",
    "--at-least",
    "6",
    "--spread",
    "session,modality",
    "--second",
    "20%",
    "--seed",
    "7",
)

PROGRAMME = """\
programme way "From training to clients"
  version 1.0.0
  uses session_form version 1.0.0
  uses contact_form version 1.0.0

fact visit "Kind of visit" is one of enrolment, follow_up

sample sessions "Sessions to rate" of session_form
  takes the first 2
  takes the first 1 with visit is follow_up when the first 2 have none
  second rater for 20% rounded up
  seed 3

sample meetings "Meetings to rate" of contact_form
  takes at least 20% rounded up for each visit
  spread over site
  seed 3
"""

TABLE = """\
session,therapist,date,site,checklist,fact.visit
S1,T1,2026-03-01,north,session_form,enrolment
S2,T1,2026-03-02,north,session_form,enrolment
S3,T1,2026-03-03,south,session_form,enrolment
S4,T1,2026-03-04,south,session_form,follow_up
S5,T1,2026-03-05,south,session_form,follow_up
M1,T1,2026-03-01,north,contact_form,enrolment
M2,T2,2026-03-02,south,contact_form,follow_up
"""


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "way.rubric").write_text(PROGRAMME, encoding="utf-8")
    (tmp_path / "sessions.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_the_plan_has_each_session_to_observe_and_its_reserves(run: Run, tmp_path: Path) -> None:
    ran = run("sample", str(SHIPPED), *OPTIONS, "-o", "plan.csv")
    assert ran.status == 0, ran.err
    plan = rows((tmp_path / "plan.csv").read_text(encoding="utf-8"))
    observe = [row for row in plan if row["take"] == "observe"]
    assert len(observe) == 72
    assert {row["therapist"] for row in observe} == {f"PM{k}-0{n}" for k in "GI" for n in range(1, 7)}
    assert sum(row["second"] == "yes" for row in observe) == 15
    assert {row["second"] for row in plan if row["take"] == "reserve"} == {""}
    assert plan[0] == {
        "sample": "sample",
        "therapist": "PMG-01",
        "session": "S276",
        "client": "PMG-01-G6",
        "date": "2026-04-22",
        "stratum": "session early; modality group",
        "number": "0.000801541242",
        "take": "observe",
        "place": "",
        "second": "yes",
        "rater": "",
        "second_rater": "",
    }
    assert "72 of 330 sessions to observe, 15 of them twice (seed 7)" in ran.out
    assert "PMG-01     31        6           2      6       12 of 100           5 of 100" in ran.out
    assert "15 sessions rated twice: enough for an interval; a verdict on agreement needs 30." in ran.err


def test_any_order_of_the_table_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    heading, *lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    other_order = sorted(lines, key=lambda line: line[::-1])
    (tmp_path / "shuffled.csv").write_text("\n".join([heading, *other_order, ""]), encoding="utf-8")
    for name, table in (("one.csv", str(SHIPPED)), ("two.csv", "shuffled.csv")):
        assert run("sample", table, *OPTIONS, "--raters", "R1,R2,R3", "-o", name).status == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_without_a_file_the_plan_is_printed_and_the_rest_goes_to_the_other_stream(run: Run) -> None:
    ran = run("sample", str(SHIPPED), *OPTIONS)
    assert ran.status == 0
    assert len([row for row in rows(ran.out) if row["take"] == "observe"]) == 72
    assert "rated twice" in ran.err


def test_a_study_folder_has_its_table_of_sessions_inside(run: Run) -> None:
    by_folder = run("sample", str(SHIPPED.parent), *OPTIONS)
    assert by_folder.out == run("sample", str(SHIPPED), *OPTIONS).out


def test_raters_are_dealt_in_pairs_that_link_them_all(run: Run, tmp_path: Path) -> None:
    (tmp_path / "raters.csv").write_text("rater\nR1\nR2\nR3\nR4\n", encoding="utf-8")
    ran = run("sample", str(SHIPPED), *OPTIONS, "--raters", "raters.csv")
    both = [row for row in rows(ran.out) if row["second"] == "yes"]
    pairs = {frozenset((row["rater"], row["second_rater"])) for row in both}
    assert len(pairs) == 6
    assert all(len(pair) == 2 for pair in pairs)
    assert all(row["rater"] for row in rows(ran.out) if row["take"] == "observe")
    few = run(
        "sample", str(SHIPPED), "--at-least", "1", "--second", "5%", "--seed", "7", "--raters", "A,B,C,D"
    )
    assert "Fewer than 5 sessions rated twice for A (1), B (1), C (0), D (0)." in few.err
    assert "do not link all 4 raters" in few.err


def test_json_has_the_plan_the_chances_and_the_warnings(run: Run) -> None:
    ran = run("sample", str(SHIPPED), *OPTIONS, "--format", "json")
    (sample,) = json.loads(ran.out)["samples"]
    assert (sample["eligible"], sample["planned"], sample["second"]) == (330, 72, 15)
    assert sample["therapists"][0] == {
        "therapist": "PMG-01",
        "eligible": 31,
        "planned": 6,
        "second": 2,
        "a_year": 6,
        "noticed": {"15": {"watch": 27, "act": 12}, "10": {"watch": 12, "act": 5}},
    }
    assert len(sample["sessions"]) > 72
    assert len(sample["warnings"]) == 2


def test_a_programme_with_several_samples_gives_them_all_by_name(desk: Path, run: Run) -> None:
    assert desk.exists()
    ran = run("sample", "sessions.csv", "--programme", "way.rubric")
    assert ran.status == 0, ran.err
    taken = [(row["sample"], row["session"]) for row in rows(ran.out) if row["take"] == "observe"]
    assert [session for sample, session in taken if sample == "sessions"] == ["S4", "S2", "S1"]
    assert [session for sample, session in taken if sample == "meetings"] == ["M1", "M2"]


def test_fewer_than_six_a_year_is_warned_of_when_the_plan_is_made(run: Run) -> None:
    ran = run("sample", str(SHIPPED), "--share", "10%", "--seed", "7")
    assert "Fewer than 6 sessions a year for 12 therapists" in ran.err
    assert "cannot be judged" not in ran.out  # the list is printed, not the table
    assert "No session is rated twice" in ran.err
    few = run("sample", str(SHIPPED), "--share", "10%", "--second", "20%", "--seed", "7", "-o", "plan.csv")
    assert "fewer than 10 give no estimate of agreement" in few.err
    assert "cannot be judged" in few.out


# ---- wrong use and wrong tables


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--share 0.1 --seed 1", '--share "0.1" is no share: write a percent, 10%, or a fraction, 1/10.'),
        ("--share ten --seed 1", '--share "ten" is no share'),
        ("--share 0% --seed 1", "--share 0% is not a part of the whole"),
        ("--share 101% --seed 1", "--share 101% is not a part of the whole"),
        ("--share 10% --second 20 --seed 1", '--second "20" is no share'),
        ("--share 10% --at-least 0 --seed 1", "--at-least 0: write a whole number of at least 1."),
        ("--at-least six --seed 1", "--at-least six: write a whole number of at least 1."),
        ("--at-least 6 --seed -1", "--seed -1: write a whole number of at least 0."),
        ("--at-least 6", "Add --seed and any whole number"),
        ("--seed 1", "Say how much to take"),
        ("--at-least 6 --seed 1 --spread modality,", "has an empty name in it"),
        (
            "--at-least 6 --seed 1 --programme way.rubric",
            "--programme says how the sample is drawn, and so does",
        ),
        ("--at-least 6 --seed 1 -o plan.xlsx", "must end in .csv"),
        ("--at-least 6 --seed 1 --raters R1,R1", "must name each rater once"),
        ("--at-least 6 --seed 1 --second 20% --raters R1", "One rater cannot rate a session twice"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(desk: Path, run: Run, options: str, sentence: str) -> None:
    assert desk.exists()
    ran = run("sample", "sessions.csv", *options.split())
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err


def test_problems_of_the_table_are_told_and_nothing_is_written(desk: Path, run: Run) -> None:
    (desk / "sessions.csv").write_text(TABLE + "S1,T1,,,,\nS6,,2026-13-01,,,\n", encoding="utf-8")
    ran = run(
        "sample", "sessions.csv", "--at-least", "2", "--seed", "1", "-o", "plan.csv", "--spread", "sitte"
    )
    assert ran.status == 1
    assert [code in ran.err for code in ("RB506", "RB505", "RB501")] == [True] * 3
    assert 'Did you mean "site"?' in ran.err
    assert not (desk / "plan.csv").exists()


def test_a_column_that_the_programme_asks_for_must_be_there(desk: Path, run: Run) -> None:
    (desk / "sessions.csv").write_text("session,therapist\nS1,T1\n", encoding="utf-8")
    ran = run("sample", "sessions.csv", "--programme", "way.rubric")
    assert ran.status == 1
    assert "There is no column visit by which" in ran.err
    assert "There is no column site by which" in ran.err


def test_nothing_to_select_is_said(desk: Path, run: Run) -> None:
    (desk / "empty.rubric").write_text(
        'programme none "None"\n  version 1.0.0\n  uses session_form version 1.0.0\n', encoding="utf-8"
    )
    ran = run("sample", "sessions.csv", "--programme", "empty.rubric", "-o", "plan.csv")
    assert ran.status == 1
    assert ran.err.startswith("Nothing to select: this programme has no sample.")
    assert not (desk / "plan.csv").exists()
    other = TABLE.replace("session_form", "other").replace("contact_form", "other")
    (desk / "sessions.csv").write_text(other, encoding="utf-8")
    ran = run("sample", "sessions.csv", "--programme", "way.rubric", "--format", "json")
    assert ran.status == 1
    assert "no session in the table is one of session_form, contact_form" in ran.err
    assert [each["planned"] for each in json.loads(ran.out)["samples"]] == [0, 0]


def test_what_a_spreadsheet_would_run_stays_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sessions.csv").write_text("session,therapist\n=1+1,T1\n", encoding="utf-8")
    assert '"\'=1+1"' in run("sample", "sessions.csv", "--at-least", "1", "--seed", "1").out
