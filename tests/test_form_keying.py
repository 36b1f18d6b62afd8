"""Forms on paper are typed in twice by two people, and become data once both files agree."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from observe_sample import CHECKLIST, SOURCE, said, written
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.form.keying import ROWS, keying_sheet
from fidelity.language.reading import load
from fidelity.model.form import META_SHEET
from fidelity.observe.double_entry import keyed_twice
from fidelity.observe.filled_form import read_forms
from fidelity.observe.table import column_letters

ARABIC = """
translation ar "Arabic"
  text answer done of delivery "أُنجز"
"""
BILINGUAL = load(SOURCE + ARABIC, "visit.rubric")

FIRST: dict[str, Any] = {
    "therapist": "T1",
    "session": "S1",
    "date": date(2026, 3, 4),
    "rater": "R1",
    "welcome": "done",
    "safety": "na",
    "asked": 7,
    "open_q.often": 4,
    "open_q.skill": 2.5,
}
SECOND = {**FIRST, "session": "S2", "welcome": "partly", "asked": None}
Rows = tuple[Mapping[str, Any], ...]


def page_of(content: bytes) -> Worksheet:
    return load_workbook(BytesIO(content)).worksheets[0]


def keyed(*rows: Mapping[str, Any], by: str = "", language: str = "") -> bytes:
    """The sheet with these forms typed in; `by` tells apart the files of two people."""
    workbook = load_workbook(BytesIO(keying_sheet(BILINGUAL if language else CHECKLIST, language)))
    workbook.properties.lastModifiedBy = by
    page = workbook.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(page[1], 1)}
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            page.cell(number, columns[name]).value = value
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def compared(folder: Path, first: Rows, second: Rows) -> list[str]:
    """What is said of two files with these rows."""
    typed = ((first, "A.xlsx"), (second, "B.xlsx"))
    files = [written(folder, keyed(*rows, by=name), name) for rows, name in typed]
    return said(keyed_twice(files[0], files[1], CHECKLIST))


# ---- the sheet


def test_it_has_the_columns_of_the_paper_in_its_order_and_room_for_two_hundred_forms() -> None:
    page = page_of(keying_sheet(CHECKLIST))
    assert " ".join(str(cell.value) for cell in page[1]) == (
        "form therapist client session date rater rater_role evidence minutes fact.format "
        "welcome safety asked remarks open_q.often open_q.skill"
    )
    assert page.freeze_panes == "B2"
    assert page["A1"].protection.locked
    assert [page.cell(row, 11).protection.locked for row in (2, ROWS + 1)] == [False, False]
    assert page.max_row == ROWS + 1
    assert keying_sheet(CHECKLIST) == keying_sheet(CHECKLIST)


def test_codes_are_listed_and_checked_while_they_are_typed_and_each_column_says_what_it_asks() -> None:
    workbook = load_workbook(BytesIO(keying_sheet(CHECKLIST)))
    page = workbook.worksheets[0]
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    welcome = rules["K2:K201"]
    area = workbook.defined_names[welcome.formula1].attr_text.replace("$", "").split("!")[1]
    assert [row[0].value for row in workbook["Lists"][area]] == [
        "not_done", "partly", "done", "na", "Not done", "Partly done", "Done", "Not applicable",
    ]  # fmt: skip
    assert welcome.prompt == "Welcomes the person\nnot_done, partly, done, na"
    assert (rules["M2:M201"].type, rules["M2:M201"].formula1, rules["M2:M201"].formula2) == (
        "whole",
        "0",
        "50",
    )
    assert rules["E2:E201"].type == "date"
    assert workbook[META_SHEET].sheet_state == "veryHidden"


def test_a_day_has_room_and_so_has_a_label() -> None:
    page = page_of(keying_sheet(CHECKLIST))
    widths = {
        str(cell.value): page.column_dimensions[column_letters(number)].width
        for number, cell in enumerate(page[1])
    }
    assert (widths["date"], widths["safety"]) == (13, len("Not applicable") + 2)


def test_a_sheet_that_one_person_typed_is_read_row_by_row(tmp_path: Path) -> None:
    found = read_forms([written(tmp_path, keyed(FIRST, {}, SECOND), "A.xlsx")], CHECKLIST)
    assert said(found) == []
    assert [each.observation for each in found.observations] == ["S1-R1", "S2-R1"]
    first = found.observations[0]
    assert first.date == date(2026, 3, 4)
    assert first.answers == {
        "welcome": "done",
        "safety": "na",
        "asked": "7",
        "open_q.often": "4",
        "open_q.skill": "2.5",
    }


def test_the_labels_of_the_paper_are_taken_for_their_codes(tmp_path: Path) -> None:
    row = {**FIRST, "welcome": "Partly done", "open_q.often": "5 · Always", "rater_role": "SUPERVISOR"}
    (found,) = read_forms([written(tmp_path, keyed(row), "A.xlsx")], CHECKLIST).observations
    assert (found.refused, found.rater_role) == ((), "supervisor")
    assert (found.answers["welcome"], found.answers["open_q.often"]) == ("partly", "5")


def test_a_sheet_in_another_language_takes_its_labels(tmp_path: Path) -> None:
    row = {"therapist": "T1", "date": date(2026, 3, 4), "welcome": "أُنجز"}
    (found,) = read_forms([written(tmp_path, keyed(row, language="ar"), "A.xlsx")], BILINGUAL).observations
    assert (found.refused, found.answers) == ((), {"welcome": "done"})


def test_a_label_that_two_answers_have_is_refused_by_its_cell_and_the_codes_are_named(tmp_path: Path) -> None:
    source = SOURCE.replace('"Partly done"', '"Done"')
    checklist = load(source, "visit.rubric")
    workbook = load_workbook(BytesIO(keying_sheet(checklist)))
    page = workbook.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(page[1], 1)}
    for name, value in {**FIRST, "welcome": "Done", "safety": "Done (partly)"}.items():
        page.cell(2, columns[name]).value = value
    workbook.save(tmp_path / "A.xlsx")
    (found,) = read_forms([tmp_path / "A.xlsx"], checklist).observations
    (wrong,) = found.refused
    assert wrong.message == 'Cell K2 of sheet "visit 1.2.0": "Done" is not an answer of welcome.'
    assert "not_done, partly, done, na" in wrong.help
    assert found.answers["safety"] == "partly"


def test_a_sheet_without_a_form_is_told_as_blank(tmp_path: Path) -> None:
    found = read_forms([written(tmp_path, keyed(), "A.xlsx")], CHECKLIST)
    assert said(found) == ["RB507 Nothing was filled in: this form is blank, and was passed over."]
    assert found.observations == ()


NOTED = SOURCE.replace('"Not done"       scores 0', '"Not done" scores 0 needs a comment')


def noted(folder: Path, name: str, **cells: str) -> Path:
    """A sheet of a checklist in which one answer needs a note, with one form."""
    workbook = load_workbook(BytesIO(keying_sheet(load(NOTED, "visit.rubric"))))
    page = workbook.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(page[1], 1)}
    for key, value in {**FIRST, "welcome": "not_done", **cells}.items():
        page.cell(2, columns[key]).value = value
    workbook.properties.lastModifiedBy = name
    workbook.save(folder / name)
    return folder / name


def test_a_note_that_an_answer_may_need_has_a_column(tmp_path: Path) -> None:
    checklist = load(NOTED, "visit.rubric")
    head = [str(cell.value) for cell in page_of(keying_sheet(checklist))[1]]
    assert head[10:14] == ["welcome", "welcome.comment", "safety", "safety.comment"]
    assert "asked.comment" not in head
    file = noted(tmp_path, "A.xlsx", **{"welcome.comment": "was late"})
    (found,) = read_forms([file], checklist).observations
    assert found.comments == {"welcome": "was late"}
    assert (found.checklist, found.version) == ("visit", "1.2.0")


def test_of_two_notes_only_a_missing_one_is_a_difference(tmp_path: Path) -> None:
    checklist = load(NOTED, "visit.rubric")
    one = noted(tmp_path, "A.xlsx", **{"welcome.comment": "was late"})
    other = noted(tmp_path, "B.xlsx", **{"welcome.comment": "Came late."})
    none = noted(tmp_path, "C.xlsx")
    assert said(keyed_twice(one, other, checklist)) == []
    assert said(keyed_twice(one, none, checklist)) == [
        'RB506 welcome.comment of S1-R1: A.xlsx!L2 "was late", C.xlsx!L2 blank.'
    ]


# ---- twice


def test_two_files_that_agree_give_the_observations_once(tmp_path: Path) -> None:
    files = [written(tmp_path, keyed(FIRST, SECOND, by=name), name) for name in ("A.xlsx", "B.xlsx")]
    found = keyed_twice(files[0], files[1], CHECKLIST)
    assert found.problems == ()
    assert [each.observation for each in found.observations] == ["S1-R1", "S2-R1"]


def test_every_difference_names_the_cells_of_both_files_and_a_blank_is_one(tmp_path: Path) -> None:
    other = {**SECOND, "welcome": "done", "asked": 3, "open_q.skill": None}
    assert compared(tmp_path, (FIRST, SECOND), (other, FIRST)) == [
        'RB506 welcome of S2-R1: A.xlsx!K3 "partly", B.xlsx!K2 "done".',
        'RB506 asked of S2-R1: A.xlsx!M3 blank, B.xlsx!M2 "3".',
        'RB506 open_q.skill of S2-R1: A.xlsx!P3 "2.5", B.xlsx!P2 blank.',
    ]


def test_two_ways_to_write_the_same_answer_are_no_difference(tmp_path: Path) -> None:
    same = {**FIRST, "asked": "7", "welcome": "Y", "open_q.skill": "2.50", "date": "2026-03-04"}
    assert compared(tmp_path, (FIRST,), (same,)) == []


def test_a_form_that_is_in_one_file_only_is_told(tmp_path: Path) -> None:
    assert compared(tmp_path, (FIRST, SECOND), (FIRST,)) == [
        "RB506 Row 3: S2-R1 is in A.xlsx and not in B.xlsx."
    ]


def test_with_a_number_on_every_paper_a_wrong_session_code_is_one_difference(tmp_path: Path) -> None:
    one, other = {"form": 1, **FIRST}, {"form": 1, **FIRST, "session": "S7"}
    assert compared(tmp_path, (one,), (other,)) == [
        'RB506 session of form 1: A.xlsx!D2 "S1", B.xlsx!D2 "S7".'
    ]


def test_one_form_twice_in_a_file_is_told(tmp_path: Path) -> None:
    assert compared(tmp_path, (FIRST, FIRST), (FIRST,)) == [
        'RB506 Row 3: observation "S1-R1" stands in row 2 already.'
    ]


def test_an_answer_that_is_none_is_told_for_each_file(tmp_path: Path) -> None:
    told = compared(tmp_path, ({**FIRST, "welcome": "doen"},), (FIRST,))
    assert told[0].endswith('"doen" is not an answer of welcome.')
    assert told[1] == 'RB506 welcome of S1-R1: A.xlsx!K2 "doen", B.xlsx!K2 "done".'


def test_csv_files_are_compared_too_and_with_sheets(tmp_path: Path) -> None:
    text = StringIO()
    page = page_of(keyed(FIRST, SECOND))
    rows = [[cell.value for cell in row] for row in page.iter_rows(max_row=3)]
    rows[1][10] = "partly"
    csv.writer(text).writerows([["" if each is None else str(each) for each in row] for row in rows])
    plain = text.getvalue().replace(" 00:00:00", "")
    files = [written(tmp_path, keyed(FIRST, SECOND), "A.xlsx"), written(tmp_path, plain, "B.csv")]
    found = keyed_twice(files[0], files[1], CHECKLIST)
    assert said(found) == ['RB506 welcome of S1-R1: A.xlsx!K2 "done", B.csv!K2 "partly".']


def test_a_sheet_of_another_text_of_the_checklist_or_one_that_was_changed_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, keyed(FIRST), "A.xlsx")
    other = load(SOURCE.replace("scores 2", "scores 3"), "visit.rubric")
    assert [each[:5] for each in said(keyed_twice(file, file, other))] == ["RB508", "RB508"]
    workbook = load_workbook(file)
    workbook.worksheets[0]["K1"].value = "safety"
    workbook.save(tmp_path / "B.xlsx")
    told = said(keyed_twice(tmp_path / "B.xlsx", file, CHECKLIST))
    assert told[0].startswith('RB507 Cell K1 of sheet "visit 1.2.0" should say "welcome" and says "safety"')


def test_a_label_and_its_code_are_no_difference(tmp_path: Path) -> None:
    assert compared(tmp_path, (FIRST,), ({**FIRST, "welcome": "Done", "rater_role": ""},)) == []
    assert compared(tmp_path, (FIRST,), ({**FIRST, "welcome": "Partly done"},)) == [
        'RB506 welcome of S1-R1: A.xlsx!K2 "done", B.xlsx!K2 "Partly done".'
    ]


# ---- as a command


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path, SOURCE, "visit.rubric")


def test_nothing_is_written_before_both_files_agree(run: Run, tmp_path: Path, source: Path) -> None:
    sheet, out = tmp_path / "keying.xlsx", tmp_path / "data.csv"
    assert run("form", str(source), "--to", "keying", "-o", str(sheet)).status == 0
    first = written(tmp_path, keyed(FIRST), "A.xlsx")
    second = written(tmp_path, keyed({**FIRST, "welcome": "partly"}), "B.xlsx")
    command = ("import", "--double", "--checklist", str(source), "-o", str(out))
    differing = run(*command, str(first), str(second))
    assert differing.status == 1
    assert 'welcome of S1-R1: A.xlsx!K2 "done", B.xlsx!K2 "partly".' in differing.err
    assert not out.exists()
    agreeing = run(*command, str(first), str(written(tmp_path, keyed(FIRST, by="C"), "C.xlsx")))
    assert (agreeing.status, agreeing.err) == (0, f"{out}: 1 form imported.\n")
    assert [row["welcome"] for row in csv.DictReader(StringIO(out.read_text(encoding="utf-8")))] == ["done"]


def test_double_wants_two_files(run: Run, tmp_path: Path, source: Path) -> None:
    one = str(written(tmp_path, keyed(FIRST), "A.xlsx"))
    found = run("import", "--double", "--checklist", str(source), "-o", str(tmp_path / "d.csv"), one)
    assert found.status == 2
    assert "--double compares two files" in found.err


def test_a_copy_of_the_first_file_is_told_and_taken(run: Run, tmp_path: Path, source: Path) -> None:
    first = written(tmp_path, keyed(FIRST), "A.xlsx")
    second = written(tmp_path, first.read_bytes(), "B.xlsx")
    told = "This file is A.xlsx, byte for byte: a copy is no second entry"
    command = ("import", "--double", "--checklist", str(source), str(first), str(second), "--format", "json")
    table = run(*command, "-o", str(tmp_path / "data.csv"))
    assert table.status == 0
    assert told in table.err
    assert [each["message"][: len(told)] for each in json.loads(table.out)["warnings"]] == [told]
    study = run(*command, "--study", str(tmp_path / "study"))
    assert study.status == 0
    (receipt,) = json.loads(study.out)["receipts"]
    assert [each[: len(told)] for each in receipt["remarks"]] == [told]
    log = ("log", "show", "--study", str(tmp_path / "study"))
    (kept,) = [each for each in json.loads(run(*log, "--format", "json").out) if each["kind"] == "receipt"]
    assert kept["note"]["copy_of"] == "A.xlsx"
    assert "as before; the second file is a copy of A.xlsx" in run(*log).out
