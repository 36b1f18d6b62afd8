"""The table of sessions is read by its columns' names; what is wrong is told by row and column."""

import datetime as dt
from pathlib import Path

import pytest

from fidelity.errors import Problem, ProblemsFound
from fidelity.language.reading import load_programme
from fidelity.observe.sessions import raters_in, read_sessions

GOOD = """\
session,therapist,client,date,modality,session_number,fact.visit
S1,T1,C1,2026-03-02,group,1,enrolment
S2,T1,,,group,,
"""


def problems(folder: Path, text: str, *asked: str) -> list[Problem]:
    path = folder / "sessions.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_sessions(path, asked).problems)


def said(folder: Path, text: str, *asked: str) -> list[str]:
    return [f"{each.code} {each.message}" for each in problems(folder, text, *asked)]


def test_sessions_keep_all_that_the_table_says_of_them(tmp_path: Path) -> None:
    (tmp_path / "sessions.csv").write_text(GOOD, encoding="utf-8")
    found = read_sessions(tmp_path / "sessions.csv", ["modality", "visit", "session"])
    assert found.problems == ()
    one, two = found.sessions
    assert one[:6] == ("S1", "T1", "C1", dt.date(2026, 3, 2), 1, "")
    assert one.words == {"modality": "group", "session_number": "1", "visit": "enrolment"}
    assert two[:6] == ("S2", "T1", "", None, None, "")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("S1,T2,C1,2026-03-02,group,1,", 'RB506 Row 4: session "S1" stands in row 2 already.'),
        (",T1,C1,2026-03-02,group,1,", "RB505 Row 4, column session: the session is missing."),
        ("S3, ,C1,2026-03-02,group,1,", "RB505 Row 4, column therapist: the therapist is missing."),
        ("S3,T1,C1,02/03/2026,group,1,", 'RB505 Row 4, column date: "02/03/2026" is not a date I can read.'),
        ("S3,T1,C1,2026-02-30,group,1,", "RB505 Row 4, column date: there is no day 2026-02-30."),
        (
            "S3,T1,C1,2026-03-02,group,x,",
            'RB504 Row 4, column session_number: "x" is no number from 1 on, so it cannot be session_number.',
        ),
        ("S3,T1,C1", "RB507 Row 4 has 3 cells, but the heading has 7."),
    ],
)
def test_what_is_wrong_with_a_row_is_told_by_row_and_column(tmp_path: Path, row: str, message: str) -> None:
    assert said(tmp_path, f"{GOOD}{row}\n") == [message]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, f"{GOOD},,,x,,0,\nS1,T1,,,,,\n")) == 5


def test_a_reason_is_one_of_a_closed_list(tmp_path: Path) -> None:
    text = "session,therapist,unavailable\nS1,T1,cancelled\nS2,T1,low score\nS3,T1,\n"
    (only,) = problems(tmp_path, text)
    assert only.message == 'Row 3, column unavailable: "low score" is not an answer of unavailable.'
    assert only.help == "Allowed: cancelled, no_consent, recording_failed."


def test_a_column_to_spread_over_must_be_there_and_the_nearest_is_named(tmp_path: Path) -> None:
    (only,) = problems(tmp_path, GOOD, "modalty")
    assert (only.code, only.message) == (
        "RB501",
        "There is no column modalty by which the sample could tell sessions apart.",
    )
    assert 'Did you mean "modality"?' in only.help


def test_a_fact_that_the_plan_reads_holds_what_the_programme_allows(tmp_path: Path) -> None:
    rules = 'programme p "P"\n  version 1.0.0\n  uses form version 1.0.0\n'
    rules += 'fact visit "Kind of visit" is one of enrolment, follow_up\n'
    rules += 'sample some "Some" of form\n  takes the first 2 with visit is follow_up\n'
    path = tmp_path / "sessions.csv"
    path.write_text(f"{GOOD}S3,T1,,,,,follow-up\n", encoding="utf-8")
    (only,) = read_sessions(path, ["visit"], load_programme(rules, "p.rubric").facts).problems
    assert only.message == 'Row 4, column fact.visit: "follow-up" is not an answer of fact.visit.'
    assert "Allowed: enrolment, follow_up." in only.help
    assert read_sessions(path).problems == ()


def test_the_third_of_a_treatment_needs_numbers_or_clients_with_dates(tmp_path: Path) -> None:
    assert said(tmp_path, "session,therapist,client,date\nS1,T1,C1,2026-03-02\n", "session") == []
    (only,) = said(tmp_path, "session,therapist,date\nS1,T1,2026-03-02\n", "session")
    assert only.startswith("RB501 There is no column session_number or client and date by which")


def test_compulsory_columns_and_doubled_ones_are_told(tmp_path: Path) -> None:
    assert said(tmp_path, "session,date\nS1,2026-03-02\n") == [
        "RB501 These columns must be there, also if they stay empty: therapist."
    ]
    assert said(tmp_path, "session,therapist,visit,fact.visit\nS1,T1,a,b\n") == [
        'RB501 Column "visit" stands twice.'
    ]


def test_a_heading_that_is_nearly_one_we_know_is_a_warning(tmp_path: Path) -> None:
    (only,) = problems(tmp_path, "session,therapist,Clients\nS1,T1,C1\n")
    assert (only.severity, only.help) == ("warning", 'Did you mean "client"?')


def test_a_truth_value_is_no_session(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    path.write_text(
        '[{"session": true, "therapist": "T1"}, {"session": "S1", "therapist": "T1"}]', encoding="utf-8"
    )
    (only,) = read_sessions(path).problems
    assert only.message == "Record 1: true or false, true, stands where session should be."


def test_an_empty_or_absent_table_is_told(tmp_path: Path) -> None:
    assert [each.code for each in problems(tmp_path, "session,therapist\n")] == ["RB507"]
    assert [each.code for each in read_sessions(tmp_path / "none.csv").problems] == ["RB507"]


def test_raters_are_read_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "raters.csv").write_text("rater,since\nR2,2025\nR1,2026\nR2,2026\n", encoding="utf-8")
    assert raters_in(tmp_path / "raters.csv") == ("R2", "R1")
    (tmp_path / "names.csv").write_text("name\nR1\n", encoding="utf-8")
    with pytest.raises(ProblemsFound):
        raters_in(tmp_path / "names.csv")
