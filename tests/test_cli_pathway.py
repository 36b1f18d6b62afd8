"""`fidelity pathway` answers as the contract says, from JSON, long tables and what `score` writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

PROGRAMME = """\
programme way "From training to clients"
  version 1.0.0
  uses skills_form version 1.0.0
  uses session_form version 1.0.0

fact hours "Hours of training" is a count

stage trained "Trained"
  needs therapist with hours is at least 40

stage checked "Checked" after trained
  needs 1 observation in total of skills_form from role_play by supervisor
    with no skill is 1 and competent is at least 70%

stage delivering "Sees clients" after checked
  lasts 30 days
  renewed by 1 observation in total of skills_form with no skill is 1

sample observed "Observed sessions" of session_form
  takes the first 1
  takes 1 in 2 of the rest rounded up
  second rater for 50% rounded up
  seed 3

drift falls "Falls" of adherence in session_form
  baseline the first 1 observations
  method fall_from_baseline with last 1
  minimum 2 observations
  watch from 5 to below 10
  act at least 10

dose enough "Enough contact" is at least 2 contacts within 1 month

summary usual "Usual" is mean of adherence in session_form needing at least 2 observations
"""

OBSERVATIONS: list[dict[str, Any]] = [
    {
        "date": "2026-03-02",
        "checklist": "skills_form",
        "source": "role_play",
        "rater": "supervisor",
        "values": {"skill of risk": 3, "skill.listening": "4", "competent": 80},
    },
    {"date": "2026-03-02", "checklist": "contact", "client": "C1"},
    {"date": "2026-03-09", "checklist": "session_form", "source": "live", "values": {"adherence": "90%"}},
    {"date": "2026-03-16", "checklist": "session_form", "source": "live", "values": {"adherence": "84.5%"}},
]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a programme and one therapist's course."""
    (tmp_path / "way.rubric").write_text(PROGRAMME, encoding="utf-8")
    course = [{"therapist": "T1", "facts": {"hours": 48}, "observations": OBSERVATIONS}]
    (tmp_path / "course.json").write_text(json.dumps(course), encoding="utf-8")
    return tmp_path


def answered(run: Run, *words: str) -> list[dict[str, Any]]:
    ran = run("pathway", *words, "--format", "json")
    assert ran.status == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["therapists"]
    return found


def test_every_date_and_the_days_asked_for_have_an_answer(desk: Path, run: Run) -> None:
    assert desk.exists()
    (one,) = answered(run, "way.rubric", "course.json", "--on", "2026-04-01", "--on", "2026-04-02")
    assert one["therapist"] == "T1"
    assert [each["date"] for each in one["after"]] == [
        "2026-03-02",
        "2026-03-09",
        "2026-03-16",
        "2026-04-01",
        "2026-04-02",
    ]
    assert one["after"][0] == {
        "date": "2026-03-02",
        "stages": {"trained": "reached", "checked": "reached", "delivering": "reached"},
        "doses": {"enough.C1": {"contacts": "not_met", "duration": "within"}},
        "drifts": {"falls": "too_few"},
        "summaries": {"usual": None},
        "planned": {"observed": 0},
        "second": {"observed": 0},
    }
    assert one["after"][2]["summaries"] == {"usual": "349/4"}
    assert one["after"][2]["drifts"] == {"falls": "watch"}
    assert one["after"][2]["planned"] == {"observed": 2}
    assert one["after"][2]["second"] == {"observed": 1}
    assert [each["stages"]["delivering"] for each in one["after"][3:]] == ["reached", "expired"]


def test_a_long_table_says_the_same(desk: Path, run: Run) -> None:
    lines = ["therapist,date,checklist,source,rater,client,name,value"]
    for row in OBSERVATIONS:
        start = [row.get(name, "") for name in ("date", "checklist", "source", "rater", "client")]
        for name, value in row.get("values", {"": ""}).items():
            lines.append(",".join(["T1", *start, name, str(value)]))
    (desk / "course.csv").write_text("\n".join(lines), encoding="utf-8")
    (desk / "therapists.csv").write_text("therapist,site,fact.hours\nT1,north,48\n", encoding="utf-8")
    from_json = answered(run, "way.rubric", "course.json")
    assert answered(run, "way.rubric", "course.csv", "--therapists", "therapists.csv") == from_json


def test_people_read_a_table(desk: Path, run: Run) -> None:
    assert desk.exists()
    ran = run("pathway", "way.rubric", "course.json")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0] == "T1"
    assert lines[1].split() == "date trained checked delivering falls usual observed".split()
    assert lines[-1].split() == ["enough.C1", "not_met", "within"]


def test_what_score_writes_is_read_with_groups_percents_and_marks(desk: Path, run: Run) -> None:
    (desk / "programme.rubric").write_text(
        """\
programme way "From check to clients"
  version 1.0.0
  uses session_form version 1.0.0
stage good "Good"
  needs 1 observation in total of session_form from live by supervisor
    with adherence is at least 50% and no part is below 50% and fidelity is high
summary usual "Usual" is mean of adherence in session_form from live by supervisor
""",
        encoding="utf-8",
    )
    (desk / "session.rubric").write_text(
        """\
checklist session_form "Session"
  version 1.0.0
  evidence live
  raters supervisor
scale tick "Done?"
  answer not_done "No"  scores 0
  answer done     "Yes" scores 1
section start "Start" on scale tick
  item a "A"
  item b "B"
section close "End" on scale tick applies when a is done
  item c "C"
score adherence "Adherence" is percent of items
score part "Part" for each section is percent of its items
result fidelity "Fidelity" from adherence
  level low  "Low"  below 50%
  level high "High" at least 50%
""",
        encoding="utf-8",
    )
    (desk / "data.csv").write_text(
        "observation,therapist,date,rater_role,evidence,selection,a,b,c\n"
        "1,T1,2026-03-01,supervisor,live,,not_done,not_done,\n"
        "2,T1,2026-03-02,supervisor,audio,,done,done,done\n"
        "3,T1,2026-03-03,supervisor,live,for_cause,not_done,done,\n",
        encoding="utf-8",
    )
    assert run("score", "session.rubric", "data.csv", "-o", "scores.json").status == 0
    (one,) = answered(run, "programme.rubric", "scores.json")
    assert [each["stages"]["good"] for each in one["after"]] == ["not_yet", "not_yet", "reached"]
    assert [each["summaries"]["usual"] for each in one["after"]] == ["0", "0", "0"]


# ---- what goes wrong


def of_t1(row: str) -> str:
    return f'[{{"therapist": "T1", "observations": [{row}]}}]'


SCORED = '{"date": "2026-03-01", "checklist": "session_form", "values": {"adherence": VALUE}}'


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("{", "RB507", "not JSON"),
        ("3", "RB507", "neither a list of therapists"),
        ('{"checklist": {}, "observations": []}', "RB507", "neither a list of therapists"),
        ("[3]", "RB507", "Record 1"),
        ('[{"therapist": "T1", "observations": {}}]', "RB507", "observations"),
        ('[{"therapist": "T1", "observations": [3]}]', "RB507", "Record 1, observation 1"),
        ('[{"therapist": "T1", "facts": {"hours": "many"}, "observations": []}]', "RB504", "many"),
        ('[{"therapist": "T1", "facts": {"hours": true}}]', "RB504", "is no value"),
        ('[{"therapist": "T1", "obs": []}]', "RB501", "obs"),
        (
            '[{"therapist":"T1","observations":[{"date":"3.3.2026","checklist":"contact"}]}]',
            "RB505",
            "3.3.2026",
        ),
        (
            of_t1(SCORED.replace("VALUE", '"good"')),
            "RB504",
            "is no number",
        ),
        (
            of_t1(SCORED.replace("VALUE", "[1]")),
            "RB504",
            "is no value",
        ),
        (
            of_t1('{"date": "2026-03-01", "checklist": "contact", "selection": "any"}'),
            "RB503",
            "any",
        ),
    ],
)
def test_wrong_json_is_a_located_problem(desk: Path, run: Run, content: str, code: str, said: str) -> None:
    (desk / "wrong.json").write_text(content, encoding="utf-8")
    ran = run("pathway", "way.rubric", "wrong.json")
    assert ran.status == 1
    assert ran.out == ""
    assert code in ran.err
    assert said in ran.err
    assert "wrong.json" in ran.err


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("", "RB507", "empty"),
        ("therapist,name,value\nT1,x,1\n", "RB501", "date, checklist"),
        ("therapist,date,checklist,name,value,mood\nT1,2026-03-01,contact,,,good\n", "RB501", "mood"),
        ("therapist,date,checklist,name,value\nT1,2026-13-01,contact,,\n", "RB505", "Row 2"),
        ("therapist,date,checklist,name,value\nT1,2026-03-01,session_form,adherence,9o%\n", "RB504", "Row 2"),
        ("therapist,date,checklist\nT1,2026-03-01\n", "RB507", "2 cells"),
    ],
)
def test_a_wrong_table_is_a_located_problem(desk: Path, run: Run, content: str, code: str, said: str) -> None:
    (desk / "wrong.csv").write_text(content, encoding="utf-8")
    ran = run("pathway", "way.rubric", "wrong.csv")
    assert ran.status == 1
    assert code in ran.err
    assert said in ran.err


def test_a_checklist_that_the_programme_does_not_use_is_told(desk: Path, run: Run) -> None:
    row = {"date": "2026-03-01", "checklist": "sesion_form"}
    course = [{"therapist": "T1", "observations": [row]}]
    (desk / "other.json").write_text(json.dumps(course), encoding="utf-8")
    ran = run("pathway", "way.rubric", "other.json", "--format", "json")
    assert ran.status == 0
    assert "RB508" in ran.err
    assert 'Did you mean "session_form"?' in ran.err


def test_a_misspelt_fact_is_told(desk: Path, run: Run) -> None:
    course = [{"therapist": "T1", "facts": {"hour": 48}, "observations": []}]
    (desk / "facts.json").write_text(json.dumps(course), encoding="utf-8")
    ran = run("pathway", "way.rubric", "facts.json")
    assert ran.status == 0
    assert 'Did you mean "hours"?' in ran.err


def test_rows_without_therapist_or_date_are_counted_and_left_out(desk: Path, run: Run) -> None:
    course = [
        {"therapist": "", "observations": [{"date": "2026-03-01", "checklist": "contact"}]},
        {"therapist": "T2", "observations": [{"date": None, "checklist": "contact"}]},
    ]
    (desk / "some.json").write_text(json.dumps(course), encoding="utf-8")
    ran = run("pathway", "way.rubric", "some.json", "--format", "json")
    assert ran.status == 0
    assert json.loads(ran.out) == {"therapists": [{"therapist": "T2", "after": []}]}
    assert "1 of 2 observations name no therapist, and 1 have no date." in ran.err


def test_one_file_named_twice_is_a_problem_where_observations_have_names(desk: Path, run: Run) -> None:
    row = {"date": "2026-03-01", "checklist": "session_form", "observation": "O1"}
    course = [{"therapist": "T1", "observations": [row]}]
    (desk / "named.json").write_text(json.dumps(course), encoding="utf-8")
    (desk / "again.json").write_text(json.dumps(course), encoding="utf-8")
    ran = run("pathway", "way.rubric", "named.json", "again.json")
    assert ran.status == 1
    assert "RB506" in ran.err


def test_a_checklist_is_no_programme(desk: Path, run: Run) -> None:
    assert desk.exists()
    ran = run("pathway", "pm_plus/helping_skills", "course.json")
    assert ran.status == 1
    assert "a programme is needed here" in ran.err


def test_a_wrong_programme_says_so(desk: Path, run: Run) -> None:
    (desk / "wrong.rubric").write_text(PROGRAMME.replace("after trained", "after tained"), encoding="utf-8")
    ran = run("pathway", "wrong.rubric", "course.json")
    assert ran.status == 1
    assert 'did you mean "trained"?' in ran.err
