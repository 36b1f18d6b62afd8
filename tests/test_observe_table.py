"""Files become tables, exactly and safely; what is no table says so."""

import json
import resource
import time
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from observe_sample import CHECKLIST, GOOD, HEADINGS, reading_of, said, table, written
from openpyxl import Workbook

from fidelity.model.observation import Observation
from fidelity.observe import read
from fidelity.observe.filled_form import write_csv
from fidelity.observe.records import document
from fidelity.observe.table import column_letters

ANSWERS = {
    "welcome": "done",
    "safety": "partly",
    "asked": "3",
    "remarks": "calm",
    "open_q.often": "5",
    "open_q.skill": "2.5",
}


def workbook_of(*rows: list[Any], sheet: str = "Sheet", others: tuple[str, ...] = ()) -> bytes:
    workbook = Workbook()
    for name in others:
        workbook.create_sheet(name, 0)
    page = workbook["Sheet"]
    page.title = sheet
    for row in rows:
        page.append(row)
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


GOOD_CELLS = ["o1", "T1", date(2026, 3, 4), "done", "partly", 3, "calm", 5, 2.5]


# ---- what can be read


def test_a_wide_table_gives_one_observation_a_row(tmp_path: Path) -> None:
    found = reading_of(tmp_path, table(GOOD))
    assert found.problems == ()
    (only,) = found.observations
    assert (only.observation, only.therapist, only.date) == ("o1", "T1", date(2026, 3, 4))
    assert only.answers == ANSWERS
    assert only.place.line == 2
    assert found.files[0][::2] == (str(tmp_path / "data.csv"), 1)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("beginning", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_commas_semicolons_and_tabs_are_told_by_the_heading(
    tmp_path: Path, mark: str, beginning: str, line_end: str
) -> None:
    text = beginning + table(GOOD).replace(",", mark).replace("\n", line_end)
    assert reading_of(tmp_path, text).observations[0].answers == ANSWERS


def test_a_quoted_text_may_hold_marks_quotation_marks_and_line_ends(tmp_path: Path) -> None:
    found = reading_of(
        tmp_path, table('o1,T1,2026-03-04,done,partly,3,"a, ""b""\nc",5,2.5', GOOD.replace("o1", "o2"))
    )
    assert found.observations[0].answers["remarks"] == 'a, "b"\nc'
    assert found.observations[1].place.line == 3  # rows, as a spreadsheet program counts them


@pytest.mark.parametrize(
    ("cell", "text"),
    [("'=1+1", "=1+1"), ("''=1", "'=1"), ("'tis", "'tis"), ("=1+1", "=1+1"), ("'-5 min", "-5 min")],
)
def test_exactly_one_apostrophe_before_a_formula_sign_is_taken_away(
    tmp_path: Path, cell: str, text: str
) -> None:
    found = reading_of(tmp_path, table(GOOD.replace("calm", cell)))
    assert found.observations[0].answers["remarks"] == text


def test_empty_rows_are_passed_over_and_counted(tmp_path: Path) -> None:
    found = reading_of(tmp_path, table("", ",,,,,,,,", GOOD))
    assert found.problems == ()
    assert found.observations[0].place.line == 4


def test_without_a_column_of_observations_the_row_number_names_them(tmp_path: Path) -> None:
    text = table(GOOD, GOOD).replace("observation,", "").replace("o1,", "")
    assert [each.observation for each in reading_of(tmp_path, text).observations] == ["2", "3"]


def test_with_several_files_the_file_and_the_row_name_them(tmp_path: Path) -> None:
    text = table(GOOD).replace("observation,", "").replace("o1,", "")
    found = read([written(tmp_path, text, "may.csv"), written(tmp_path, text, "june.csv")], CHECKLIST)
    assert [each.observation for each in found.observations] == ["may-2", "june-2"]


def test_a_workbook_gives_the_same_as_the_text(tmp_path: Path) -> None:
    found = reading_of(tmp_path, workbook_of(HEADINGS.split(","), GOOD_CELLS), "data.xlsx")
    assert found.problems == ()
    assert found.observations[0].answers == ANSWERS
    assert found.observations[0].date == date(2026, 3, 4)


def test_the_sheet_called_observations_is_taken_wherever_it_stands(tmp_path: Path) -> None:
    content = workbook_of(HEADINGS.split(","), GOOD_CELLS, sheet="observations", others=("Read me",))
    assert reading_of(tmp_path, content, "data.xlsx").observations[0].answers == ANSWERS


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.1, "1.1"), (0.1, "0.1"), (4.0, "4"), (10**12, "1000000000000"), (1e-7, "0.0000001"), (2.5, "2.5")],
)
def test_numbers_in_cells_are_read_exactly(tmp_path: Path, value: float, text: str) -> None:
    cells = [*GOOD_CELLS[:6], value, *GOOD_CELLS[7:]]
    found = reading_of(tmp_path, workbook_of(HEADINGS.split(","), cells), "data.xlsx")
    assert found.observations[0].answers["remarks"] == text


def test_a_formula_a_mistake_and_a_truth_value_are_named_by_cell(tmp_path: Path) -> None:
    cells = ["o1", "=A1", date(2026, 3, 4), True, "#N/A", 3, "", 5, 2.5]
    found = reading_of(tmp_path, workbook_of(HEADINGS.split(","), cells, sheet="May"), "data.xlsx")
    assert said(found)[1:] == [
        'RB503 Cell B2 of sheet "May": a formula stands where therapist should be.',
        'RB503 Cell D2 of sheet "May": the truth value TRUE stands where welcome should be.',
        'RB503 Cell E2 of sheet "May": the mistake #N/A stands where safety should be.',
    ]


def test_a_day_with_a_time_is_not_cut_to_the_day(tmp_path: Path) -> None:
    cells = ["o1", "T1", datetime(2026, 3, 4, 10, 30), *GOOD_CELLS[3:]]  # noqa: DTZ001 - cells have no zone
    found = reading_of(tmp_path, workbook_of(HEADINGS.split(","), cells), "data.xlsx")
    assert said(found) == ['RB505 Cell C2 of sheet "Sheet": "2026-03-04 10:30:00" is not a date I can read.']


RECORD = {
    "observation": "o1",
    "therapist": "T1",
    "date": "2026-03-04",
    "answers": {"welcome": "done", "asked": 3, "open_q.skill": 2.5, "safety": None, "remarks": ""},
    "facts": {"format": "group"},
    "comments": {"welcome": "=1+1"},
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.json", json.dumps([RECORD])),
        ("data.json", json.dumps([RECORD], indent=2)),
        ("data.jsonl", json.dumps(RECORD) + "\n\n"),
        ("data.json", "\ufeff" + json.dumps(RECORD)),
    ],
)
def test_json_lists_and_json_lines(tmp_path: Path, name: str, text: str) -> None:
    found = reading_of(tmp_path, text, name)
    assert found.problems == ()
    (only,) = found.observations
    assert only.answers == {"welcome": "done", "asked": "3", "open_q.skill": "2.5"}
    assert (only.facts, only.comments) == ({"format": "group"}, {"welcome": "=1+1"})


def test_a_long_table_becomes_wide(tmp_path: Path) -> None:
    text = """observation,therapist,date,item,answer
o1,T1,2026-03-04,welcome,done
o1,T1,2026-03-04,asked,3
o2,T2,2026-03-05,welcome,often
o1,T1,2026-03-04,welcome.comment,warmly
"""
    found = reading_of(tmp_path, text)
    first, second = found.observations
    assert (first.answers, first.comments) == ({"welcome": "done", "asked": "3"}, {"welcome": "warmly"})
    assert (second.therapist, second.date) == ("T2", date(2026, 3, 5))
    assert said(found) == ['RB503 Row 4, column answer: "often" is not an answer of welcome.']


def test_a_second_table_says_more_about_a_long_one(tmp_path: Path) -> None:
    answers = written(tmp_path, "observation,item,answer\no1,welcome,done\n", "answers.csv")
    visits = written(tmp_path, "observation,therapist,date\no1,T1,2026-03-04\n", "visits.csv")
    (only,) = read([answers, visits], CHECKLIST).observations
    assert (only.therapist, only.date, only.answers) == ("T1", date(2026, 3, 4), {"welcome": "done"})


def test_a_long_table_that_contradicts_itself(tmp_path: Path) -> None:
    text = "observation,therapist,item,answer\no1,T1,welcome,done\no1,T2,welcome,partly\n"
    assert said(reading_of(tmp_path, text))[:2] == [
        'RB506 Observation "o1" has two entries for welcome: "done" and, in row 3, "partly".',
        'RB506 Observation "o1" has two entries for therapist: "T1" and, in row 3, "T2".',
    ]


def test_a_study_folder_gives_its_observations_only(tmp_path: Path) -> None:
    folder = tmp_path / "study" / "observations"
    folder.mkdir(parents=True)
    written(folder, table(GOOD), "b.csv")
    written(folder, table(GOOD.replace("o1", "o0")), "a.csv")
    written(folder, "notes", "README.md")
    written(tmp_path / "study", "therapist\nT1\n", "therapists.csv")
    found = read([tmp_path / "study"], CHECKLIST)
    assert [each.observation for each in found.observations] == ["o0", "o1"]
    assert found.problems == ()


# ---- what cannot


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "This file is empty."),
        ("\n" + GOOD + "\n", "The first row names no columns."),
        (HEADINGS + "\n", "There is a heading, but no observation below it."),
        (table("o1,\0"), "This is not a text file: there are signs in it that no text has."),
        ("täglich,b\n".encode("latin-1"), "Line 1 holds a sign that is not UTF-8."),
        (table(GOOD).encode("utf-16"), "This text is not saved as UTF-8."),
        (table(GOOD[:-4]), "Row 2 has 8 cells, but the heading has 9."),
        (table(GOOD + ",x"), "Row 2 has 10 cells, but the heading has 9."),
        (table('o1,"T1'), "Row 2: a quotation mark is opened and never closed."),
        (
            table('o1,"T"1'),
            "Row 2: after a closing quotation mark something else follows before the next column.",
        ),
        (table(GOOD).replace("\n", "\r"), "Row 1: the lines end as on very old computers."),
        (b"\xd0\xcf\x11\xe0....", "This is an old Excel file (.xls), or one with a password."),
        (b"PK\x03\x04 and more", "This workbook is damaged and cannot be read."),
    ],
)
def test_a_file_that_is_no_table_says_so(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    assert said(reading_of(tmp_path, content)) == [f"RB507 {sentence}"]


def test_a_table_of_something_else_is_told_in_one_sentence(tmp_path: Path) -> None:
    (only,) = reading_of(tmp_path, "shop,x,y\n1,2,3\n").problems
    assert only.message == (
        'This is not a table of observations: its first row begins with "shop", '
        "and none of the columns of visit is there."
    )
    assert only.help == (
        "The first row holds the names of the columns: therapist, date, welcome, safety, asked, …"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "Line 1 is not JSON, or ends too early."),
        ("[1]", "Record 1 is not a group of names and values."),
        ('[{"answers": 3}]', 'Record 1: "answers" is not a group of names and values.'),
        ('[{"answers": {"a": 1, "a": 2}}]', 'The name "a" stands twice in one record.'),
        ("[" * 100_000, "The groups in this file lie too deep in one another."),
        ("[]", "This file is empty."),
        (
            '[{"therapist": "T1",\n"comments": {"a": "cut here \\ud83d"}}]',
            'Line 2 holds half of a sign: "\\ud83d" without its other half.',
        ),
        ('[{"\\uDE00\\uD83D": 1}]', 'Line 1 holds half of a sign: "\\uDE00" without its other half.'),
        (
            '{"therapist": "T1"}\n{"observation": "O\\ud800\\u0041"}',
            'Line 2 holds half of a sign: "\\ud800" without its other half.',
        ),
    ],
)
def test_json_that_is_no_table_says_so(tmp_path: Path, text: str, sentence: str) -> None:
    assert said(reading_of(tmp_path, text, "data.json")) == [f"RB507 {sentence}"]


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    written(tmp_path, table(GOOD), "observations.csv")
    (only,) = read([tmp_path / "observation.csv"], CHECKLIST).problems
    assert only.message == 'There is no file of this name. Did you mean "observations.csv"?'


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    written(tmp_path, "checklist", "a.rubric")
    assert said(read([tmp_path], CHECKLIST)) == ["RB507 This folder holds no observations."]


def test_another_kind_of_archive_and_a_locked_one(tmp_path: Path) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("letter.txt", "hello")
    assert said(reading_of(tmp_path, archive.getvalue())) == ["RB507 Files are packed in this one (zip)."]


def test_a_file_that_unpacks_to_a_monster_is_refused_unread(tmp_path: Path) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b" " * 60_000_000)
    (only,) = reading_of(tmp_path, archive.getvalue(), "data.xlsx").problems
    assert only.message == "Unpacked, this file would fill 60 MB: that is no table of observations."


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    source, target = BytesIO(workbook_of(HEADINGS.split(","), GOOD_CELLS)), BytesIO()
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, entity + content if name == "xl/worksheets/sheet1.xml" else content)
    found = reading_of(tmp_path, target.getvalue(), "data.xlsx")
    assert said(found) == ["RB507 This workbook is damaged and cannot be read."]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("data.csv", HEADINGS + "\n", ""),
        ("data.csv", "", ""),
        ("a.json", '[{"observation":"', '"}]'),
        ("a.jsonl", "", ""),
    ],
)
def test_a_line_of_50_mb_is_refused_quickly_and_in_little_memory(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    path = written(tmp_path, before + "a" * 50_000_000 + after, name)
    memory, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = read([path], CHECKLIST)
    assert time.process_time() - started < 2  # of our own: other tests may run beside this one
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 80_000  # kilobytes
    assert "is longer than 1,000,000 signs" in found.problems[0].message


def test_many_problems_of_a_kind_are_counted_after_the_first_twenty(tmp_path: Path) -> None:
    found = reading_of(tmp_path, table(*[GOOD] * 50))
    assert len(found.problems) == 21
    assert found.problems[-1].message == "29 more observations stand twice."


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheet_programs_do(index: int, letters: str) -> None:
    assert column_letters(index) == letters


# ---- and back

texts = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
words = texts.map(str.strip).filter(bool)
held = texts.filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(some.lists(some.tuples(words, words, held, held), max_size=6, unique_by=lambda row: row[0]))
def test_any_table_of_text_survives_being_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str]]
) -> None:
    observations = tuple(
        Observation(
            observation=name,
            therapist=therapist,
            answers={"remarks": remark, "welcome": "done"},
            comments={"safety": comment},
        )
        for name, therapist, remark, comment in rows
    )
    path = written(tmp_path_factory.mktemp("written"), write_csv(observations, CHECKLIST))
    found = read([path], CHECKLIST).observations
    assert [each.model_copy(update={"place": observations[0].place}) for each in found] == list(observations)


def test_both_halves_of_a_sign_are_the_sign(tmp_path: Path) -> None:
    written(tmp_path, r'["\ud83d\uDE00 \\ud800"]', "emoji.json")
    assert document(tmp_path / "emoji.json", "emoji.json") == ["😀 \\ud800"]
