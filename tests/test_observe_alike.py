"""Codes that look like one count as several: that is told by both readers, and nothing is merged."""

import html
import json
import zipfile
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from observe_sample import CHECKLIST, HEADINGS, SOURCE, reading_of, said, table, written
from programme_sample import write_study
from test_observe_bulk import in_bulk

from fidelity.observe import read
from fidelity.observe.alike import MOST_TOLD, bare
from fidelity.observe.bulk import separated

HEAD = f"session,rater,{HEADINGS}"


def row(number: int, therapist: str, rater: str = "R1", session: str = "") -> str:
    return f"{session or f'S{number}'},{rater},o{number},{therapist},2026-03-04,done,partly,3,calm,5,2.5"


def rows(*therapists: str) -> str:
    return table(*(row(number, each) for number, each in enumerate(therapists, 1)), headings=HEAD)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("T01", "t01"), ("T01", "T 01"), ("T01", "T01\u200b"), ("T01", "T\u00a001"), ("T01", "Т01"),
        ("T01", "T1"), ("T-01", "T\u201301"), ("007", "7"), ("7", "7.0"), ("T01", "T٠١"), ("TB4", "ΤΒ4"),
        ("Straße", "STRASSE"),
    ],
)  # fmt: skip
def test_these_are_one_code_for_a_person(one: str, other: str) -> None:
    assert bare(one) == bare(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("T01", "T02"), ("T01", "T10"), ("T-01", "T01"), ("1-11", "11-1"), ("T1", "T1a"), ("7", "70")],
)  # fmt: skip
def test_these_are_two(one: str, other: str) -> None:
    assert bare(one) != bare(other)


def test_each_way_of_writing_is_named_with_how_often_and_where(tmp_path: Path) -> None:
    found = reading_of(tmp_path, rows("T01", "T01", "t01", "Т01", "T02"))
    (told,) = said(found)
    assert told == (
        'RB506 Column therapist: "T01" (2 observations: data.csv rows 2, 3), '
        '"t01" (1 observation: data.csv row 4) and "Т01" with Cyrillic Т (1 observation: data.csv row 5) '
        "look like one code, and count as 3."
    )
    assert [each.severity for each in found.problems] == ["warning"]
    assert [each.therapist for each in found.observations] == ["T01", "T01", "t01", "Т01", "T02"]


def test_what_cannot_be_seen_is_written_out(tmp_path: Path) -> None:
    (told,) = said(reading_of(tmp_path, rows("T01", "T01\u200b")))
    assert '"T01‹U+200B›"' in told


def test_blanks_around_a_code_are_no_part_of_it(tmp_path: Path) -> None:
    found = reading_of(tmp_path, rows("T01", " T01\u00a0"))
    assert said(found) == []
    assert {each.therapist for each in found.observations} == {"T01"}


def test_raters_and_sessions_are_looked_at_too_and_refused_records_are_not(tmp_path: Path) -> None:
    lines = [row(1, "T1", "R1", "S1"), row(2, "T1", "r1", "s1"), row(3, "t1").replace("done", "dnoe")]
    told = said(reading_of(tmp_path, table(*lines, headings=HEAD)))
    assert [each.split(":")[0] for each in told[:2]] == ["RB506 Column session", "RB506 Column rater"]
    assert len(told) == 3


def test_of_many_codes_the_others_are_counted_and_stay_warnings(tmp_path: Path) -> None:
    names = [name for number in range(10, 12 + MOST_TOLD) for name in (f"T{number}", f"t{number}")]
    found = reading_of(tmp_path, rows(*names))
    assert said(found)[-1] == "RB506 2 more codes are written in more than one way."
    assert {each.severity for each in found.problems} == {"warning"}


def test_of_two_files_each_is_named(tmp_path: Path) -> None:
    one, other = written(tmp_path, rows("T01"), "a.csv"), written(tmp_path, rows("t01"), "b.csv")
    told = [each for each in said(read([one, other], CHECKLIST)) if "therapist" in each]
    assert '"T01" (1 observation: a.csv row 2) and "t01" (1 observation: b.csv row 2)' in told[0]


a_code = st.one_of(
    st.sampled_from(
        [
            "T01",
            "t01",
            "T1",
            "T 01",
            "T01\u200b",
            "Т01",
            "t1.0",
            "1.0",
            "01",
            "1",
            "0",
            "00",
            "T-1",
            "T–01",
            "",
        ]
    ),
    st.text("aA0Т1 .-ßİ", max_size=6),
)


@settings(max_examples=60)
@given(
    codes=st.lists(st.tuples(a_code, a_code, a_code), min_size=1, max_size=25),
    block=st.sampled_from([60, 6_000_000]),
)
def test_the_reader_in_columns_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: list[tuple[str, str, str]], block: int
) -> None:
    monkeypatch.setattr(separated, "BLOCK", block)
    lines = [
        row(number, therapist, rater, session) for number, (therapist, rater, session) in enumerate(codes)
    ]
    file = written(tmp_path, table(*lines, headings=HEAD))
    assert in_bulk(file).problems == read([file], CHECKLIST).problems


# ---- where people are told


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, SOURCE, "visit.rubric")
    written(tmp_path, rows("T01", "T01"), "a.csv")
    written(tmp_path, rows("t01").replace("S1", "S7").replace("o1", "o7"), "b.csv")
    return tmp_path


TOLD = '"T01" (2 observations: a.csv rows 2, 3) and "t01" (1 observation: b.csv row 2) look like one code'


@pytest.mark.parametrize(
    "command",
    [
        ("score", "visit.rubric", "a.csv", "b.csv"),
        ("score", "visit.rubric", "a.csv", "b.csv", "--engine", "columns"),
        ("summarise", "visit.rubric", "a.csv", "b.csv"),
        ("report", "visit.rubric", "a.csv", "b.csv", "-o", "report.xlsx"),
        ("deidentify", "a.csv", "b.csv", "--checklist", "visit.rubric", "-o", "shared.csv"),
        ("import", "a.csv", "b.csv", "--checklist", "visit.rubric", "--study", "study"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_every_command_that_reads_data_tells_it_and_goes_on(run: Run, command: tuple[str, ...]) -> None:
    ran = run(*command)
    assert ran.status == 0, ran.err
    assert ran.err.count(TOLD) == 1


def test_the_workbook_has_it_among_the_problems(desk: Path, run: Run) -> None:
    assert run("report", "visit.rubric", "a.csv", "b.csv", "-o", "report.xlsx").status == 0
    with zipfile.ZipFile(desk / "report.xlsx") as workbook:
        sheets = [workbook.read(name).decode() for name in workbook.namelist() if "/sheet" in name]
    assert sum(TOLD in html.unescape(each) for each in sheets) == 1


@pytest.mark.usefixtures("desk")
def test_what_comes_later_is_held_against_what_is_stored(run: Run) -> None:
    command = ("import", "--checklist", "visit.rubric", "--study", "study", "--format", "json")
    assert json.loads(run(*command, "a.csv").out)["warnings"] == []
    later = run(*command, "b.csv")
    assert later.status == 0
    (warning,) = json.loads(later.out)["warnings"]
    assert '"T01" (2 observations: study.sqlite entries 3, 4) and "t01" (1 observation: b.csv row 2)' in str(
        warning["message"]
    )


def test_a_table_of_therapists_is_held_against_the_observations(tmp_path: Path, run: Run) -> None:
    study = write_study(tmp_path)
    therapists = study / "therapists.csv"
    therapists.write_text(therapists.read_text(encoding="utf-8").replace("\nT1,", "\nt1,"), encoding="utf-8")
    ran = run("summarise", str(study / "programme.rubric"), str(study))
    assert '"t1" (listed in therapists.csv)' in ran.err
