"""What people and programs may do to a form: each is refused, or told by its cell; nothing is half read."""

import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from observe_sample import CHECKLIST, SOURCE, said, written
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.form.workbook import scoring_form
from fidelity.language.reading import load
from fidelity.model.form import HEAD, LISTS_SHEET, META_SHEET
from fidelity.observe import Reading
from fidelity.observe.filled_form import read_forms

FILLED = {"therapist": "T1", "session": "S1", "rater": "R1", "welcome": "Done", "safety": "Partly done"}
Where = Mapping[str, str]
Tamper = Callable[[Workbook, Worksheet, Where], None]


@cache
def blank() -> bytes:
    return scoring_form(CHECKLIST)


def filled(tamper: Tamper = lambda *_: None) -> tuple[bytes, Where]:
    """A filled form with something done to it, and where its answers stand."""
    workbook = load_workbook(BytesIO(blank()), rich_text=True)
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    where = {str(line[0]): str(line[1]) for line in lines}
    page = workbook.worksheets[0]
    for key, value in FILLED.items():
        page[where[key]].value = value
    tamper(workbook, page, where)
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue(), where


def numbered() -> Callable[[object], str]:
    """Names for cases whose words are alike."""
    number = count(1)
    return lambda each: f"{next(number)}" if isinstance(each, str) else getattr(each, "__name__", "")


def read_back(folder: Path, content: bytes, name: str = "form.xlsx") -> Reading:
    return read_forms([written(folder, content, name)], CHECKLIST)


# ---- cells


def set_to(key: str, value: Any, number_format: str = "") -> Tamper:
    def tamper(_: Workbook, page: Worksheet, where: Where) -> None:
        page[where[key]].value = value
        if number_format:
            page[where[key]].number_format = number_format

    return tamper


def merged(_: Workbook, page: Worksheet, where: Where) -> None:
    page.merge_cells(f"{where['welcome']}:{where['safety']}")


def hidden_row(_: Workbook, page: Worksheet, where: Where) -> None:
    page.row_dimensions[row_of(where["safety"])].hidden = True


def hidden_column(_: Workbook, page: Worksheet, where: Where) -> None:
    page.column_dimensions[where["safety"][0]].hidden = True


def row_of(address: str) -> int:
    return int(address.lstrip("ABCDE"))


@pytest.mark.parametrize(
    ("tamper", "at", "words"),
    [
        (set_to("welcome", "Brilliant"), "welcome", '"Brilliant" is not an answer of welcome.'),
        (set_to("welcome", "done; partly"), "welcome", '"done; partly" is not an answer of welcome.'),
        (set_to("welcome", "=1+1"), "welcome", "a formula stands where welcome should be."),
        (set_to("welcome", '=HYPERLINK("http://x","Done")'), "welcome", "a formula stands where welcome"),
        (set_to("welcome", "#REF!"), "welcome", "the mistake #REF! stands where welcome should be."),
        (set_to("welcome", True), "welcome", "the truth value TRUE stands where welcome should be."),
        (set_to("welcome", 3), "welcome", '"3" is not an answer of welcome.'),
        (
            set_to("asked", 5, "yyyy-mm-dd"),
            "asked",
            '"1900-01-05" is not a number, so it cannot be asked.',
        ),
        (set_to("asked", 0.5, "0%"), "asked", "a percent, 50%, stands where asked should be."),
        (set_to("open_q.skill", 2.25), "open_q.skill", '"2.25" is between two steps'),
        (set_to("asked", 1e300), "asked", "so it cannot be asked."),
        (set_to("date", "soon"), "date", '"soon" is not a date I can read.'),
        (
            set_to("date", datetime(2026, 3, 4, 9, 30)),  # noqa: DTZ001 - workbooks know no time zones
            "date",
            '"2026-03-04 09:30:00" is not a date I can read.',
        ),
        (set_to("minutes", 0.75, "0%"), "minutes", "a percent, 75%, stands where minutes should be."),
        (merged, "safety", "was merged with another one, so an answer of safety may be lost."),
        (hidden_row, "safety", "is in a row or column that was hidden, so nobody sees what safety says."),
        (hidden_column, "safety", "is in a row or column that was hidden"),
    ],
    ids=numbered(),
)
def test_what_was_done_to_a_cell_is_told_by_cell(tmp_path: Path, tamper: Tamper, at: str, words: str) -> None:
    content, where = filled(tamper)
    told = [each for each in said(read_back(tmp_path, content)) if f"Cell {where[at]} " in each]
    assert any(words in each for each in told), told


def swapped_rows(_: Workbook, page: Worksheet, where: Where) -> None:
    rows = [row_of(where[key]) for key in ("welcome", "safety")]
    for letter in "ABCD":
        one, other = (page[f"{letter}{row}"] for row in rows)
        one.value, other.value = other.value, one.value


def deleted_row(_: Workbook, page: Worksheet, where: Where) -> None:
    page.delete_rows(row_of(where["welcome"]))


def inserted_row(_: Workbook, page: Worksheet, where: Where) -> None:
    page.insert_rows(row_of(where["welcome"]))


def inserted_column(_: Workbook, page: Worksheet, __: Where) -> None:
    page.insert_cols(2)


def other_label(_: Workbook, page: Worksheet, where: Where) -> None:
    page[f"A{row_of(where['welcome'])}"].value = "safety"


@pytest.mark.parametrize(
    ("tamper", "more"),
    [
        (swapped_rows, ", and so on (1 more): rows were moved"),
        (deleted_row, ", and so on (6 more): rows were moved"),
        (inserted_row, ", and so on (6 more): rows were moved"),
        (inserted_column, ", and so on (1 more): rows were moved"),
        (other_label, '" and says "safety": rows were moved'),
    ],
)
def test_a_page_on_which_something_moved_is_told_once_by_its_first_cell_and_nothing_is_read(
    tmp_path: Path, tamper: Tamper, more: str
) -> None:
    found = read_back(tmp_path, filled(tamper)[0])
    assert found.observations == ()
    (told,) = said(found)
    assert told.startswith("RB507 Cell ")
    assert "should say" in told
    assert more in told


def renamed(_: Workbook, page: Worksheet, __: Where) -> None:
    page.title = "Mine"


def sheets_around(workbook: Workbook, _: Worksheet, where: Where) -> None:
    """Notes of one's own, with what would be wrong on the page of the form."""
    for number, position in enumerate((0, None)):
        notes = workbook.create_sheet(f"Notes {number}", position)
        notes["A1"] = "Session score form"
        notes.merge_cells(f"{where['welcome']}:{where['safety']}")
        notes.row_dimensions[row_of(where["safety"])].hidden = True
        notes["B2"].comment = Comment("Ask Anna.", "me")


@pytest.mark.parametrize("tamper", [renamed, sheets_around])
def test_the_page_is_found_by_what_it_says_whatever_it_is_called_and_wherever_it_stands(
    tmp_path: Path, tamper: Tamper
) -> None:
    found = read_back(tmp_path, filled(tamper)[0])
    assert said(found)[1:] == []  # but that no date is named
    assert found.observations[0].answers == {"welcome": "done", "safety": "partly"}


def noted(_: Workbook, page: Worksheet, where: Where) -> None:
    page[where["welcome"]].comment = Comment("She did it well.", "me")
    page[where["therapist"]].comment = Comment("New here.", "me")


def answered_beside(_: Workbook, page: Worksheet, where: Where) -> None:
    page[where["welcome"]].value = None
    page[where["welcome.comment"]].value = " done"
    page[where["safety.comment"]].value = "Done"  # its own answer is there: a remark like any other


HANGING = "has a note hanging on it (a comment), which is not read."
BESIDE = 'says "done", which is an answer, but the answer to welcome in cell C'


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (
            noted,
            [("therapist", HANGING, "write into one of them"), ("welcome", HANGING, "write into cell D")],
        ),
        (answered_beside, [("welcome.comment", BESIDE, "If it is the answer, write it into cell C")]),
    ],
)
def test_what_hangs_on_a_cell_or_stands_beside_it_is_told_and_the_form_is_read(
    tmp_path: Path, tamper: Tamper, told: list[tuple[str, str, str]]
) -> None:
    content, where = filled(tamper)
    found = read_back(tmp_path, content)
    assert found.observations[0].refused == ()
    problems = [each for each in found.problems if each.code == "RB507"]
    assert {each.severity for each in problems} == {"warning"}
    for problem, (column, words, advice) in zip(problems, told, strict=True):
        assert problem.message.startswith(f"Cell {where[column]} of sheet ")
        assert words in problem.message
        assert advice in problem.help


# ---- what is hidden


def meta(row: int, text: str | None) -> Tamper:
    def tamper(workbook: Workbook, *_: object) -> None:
        workbook[META_SHEET][f"B{row}"].value = text

    return tamper


def map_line(column: str, text: str) -> Tamper:
    def tamper(workbook: Workbook, *_: object) -> None:
        workbook[META_SHEET][f"{column}{len(HEAD) + 6}"].value = text

    return tamper


def without_meta(workbook: Workbook, *_: object) -> None:
    workbook.remove(workbook[META_SHEET])


def meta_renamed(workbook: Workbook, *_: object) -> None:
    workbook[META_SHEET].title = "meta"


def without_properties(workbook: Any, *_: object) -> None:
    workbook.custom_doc_props.props = []
    workbook[META_SHEET]["B4"].value = "sha256:" + "0" * 64


def shorter_map(workbook: Workbook, *_: object) -> None:
    workbook[META_SHEET].delete_rows(len(HEAD) + 6)


def doubled_map(workbook: Workbook, *_: object) -> None:
    sheet = workbook[META_SHEET]
    for column in range(1, 5):
        sheet.cell(len(HEAD) + 5, column).value = sheet.cell(len(HEAD) + 4, column).value


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (without_meta, "This is the page of a scoring form, without the hidden sheets"),
        (meta_renamed, "This is the page of a scoring form, without the hidden sheets"),
        (
            meta(1, "fidelity-form/2"),
            "This form comes from a later version of the program (fidelity-form/2).",
        ),
        (meta(2, "other"), "The hidden notes of this form were changed: checklist."),
        (meta(3, "9.9.9"), "The hidden notes of this form were changed: version."),
        (meta(4, "sha256:" + "0" * 64), "The hidden notes of this form were changed: fingerprint."),
        (without_properties, "This form was made from another text of"),
        (meta(5, "xx"), "The hidden notes of this form were changed: language."),
        (meta(5, "en,en"), "The hidden notes of this form were changed: language."),
        (meta(7, "0" * 64), "The hidden notes of this form were changed: checksum."),
        (meta(7, None), "The hidden notes of this form were changed: checksum."),
        (map_line("A", "safety"), "The hidden notes of this form were changed: checksum."),
        (map_line("B", "C99"), "The hidden notes of this form were changed: checksum."),
        (map_line("B", "=C9"), "The hidden notes of this form were changed: checksum."),
        (map_line("D", "Another label"), "The hidden notes of this form were changed: checksum."),
        (shorter_map, "The hidden notes of this form were changed: checksum."),
        (doubled_map, "The hidden notes of this form were changed: checksum."),
    ],
    ids=numbered(),
)
def test_hidden_notes_that_were_changed_are_refused(tmp_path: Path, tamper: Tamper, words: str) -> None:
    found = read_back(tmp_path, filled(tamper)[0])
    assert found.observations == ()
    assert words in said(found)[0]


def test_changed_lists_and_formulas_change_nothing_for_answers_are_looked_up_in_the_checklist(
    tmp_path: Path,
) -> None:
    def relabel(workbook: Workbook, page: Worksheet, _: Where) -> None:
        for row in workbook[LISTS_SHEET].iter_rows():
            for cell in row:
                cell.value = "Done" if cell.value == "Not done" else cell.value
        page["D6"].value = 100

    found = read_back(tmp_path, filled(relabel)[0])
    assert found.observations[0].answers == {"welcome": "done", "safety": "partly"}


# ---- the file


def with_parts(**parts: bytes) -> bytes:
    form = BytesIO(filled()[0])
    with zipfile.ZipFile(form, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return form.getvalue()


def with_start(name: str, start: bytes) -> bytes:
    """The form with something before the first element of one of its parts."""
    source, target = BytesIO(filled()[0]), BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            new.writestr(each, (start if each == name else b"") + old.read(each))
    return target.getvalue()


def doubled() -> bytes:
    form = BytesIO(filled()[0])
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(form, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    return form.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
FETCH = b'<!DOCTYPE a SYSTEM "http://localhost/a.dtd">'
PAGE = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            partial(with_parts, **{"xl/vbaProject.bin": b"x"}),
            "This form holds macros, which are never opened.",
        ),
        (partial(with_parts, **{"xl/macrosheets/sheet1.xml": b"<x/>"}), "This form holds macros"),
        (partial(with_parts, **{"xl/activeX/activeX1.xml": b"<x/>"}), "This form holds macros"),
        (
            partial(with_parts, **{"xl/externalLinks/externalLink1.xml": b"<x/>"}),
            "This form is linked to other files.",
        ),
        (partial(with_parts, **{"xl/connections.xml": b"<x/>"}), "This form is linked to other files."),
        (partial(with_parts, **{"xl/queryTables/q1.xml": b"<x/>"}), "This form is linked to other files."),
        (
            partial(with_parts, **{"xl/embeddings/oleObject1.bin": b"x"}),
            "This form is linked to other files.",
        ),
        (partial(with_start, PAGE, LAUGHS), "This workbook is damaged and cannot be read."),
        (partial(with_start, "docProps/custom.xml", FETCH), "This workbook is damaged and cannot be read."),
        (
            partial(with_start, "xl/_rels/workbook.xml.rels", FETCH),
            "This workbook is damaged and cannot be read.",
        ),
        (lambda: with_parts(**{"xl/media/zeros.bin": b"\0" * 40_000_000}), "Unpacked, this file would fill"),
        (lambda: with_parts(**{"xl/media/much.bin": bytes(range(256)) * 40_000}), ""),
        (doubled, "This workbook is damaged and cannot be read."),
        (lambda: filled()[0][:9_000], "This workbook is damaged and cannot be read."),
        (lambda: b"PK\x03\x04" + b"\0" * 500, "This workbook is damaged and cannot be read."),
        (
            lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 500,
            "This is an old Excel file (.xls), or one with a password.",
        ),
        (lambda: b"", "This is not an Excel workbook."),
        (lambda: b"<html>Done</html>", "This is a web page, not the answers."),
    ],
    ids=numbered(),
)
def test_a_file_that_could_harm_or_is_none_is_refused(
    tmp_path: Path, make: Callable[[], bytes], words: str
) -> None:
    found = read_back(tmp_path, make())
    if not words:  # ten million bytes beside the form, packed as well as real files are, harm nobody
        assert found.observations[0].answers == {"welcome": "done", "safety": "partly"}
        return
    assert found.observations == ()
    assert any(words in each for each in said(found)), said(found)


def test_a_form_of_a_checklist_that_was_changed_since_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, filled()[0], "form.xlsx")
    other = load(SOURCE.replace("scores 2", "scores 3"), "visit.rubric")
    assert said(read_forms([file], other))[0].startswith("RB508 This form was made from another text of")
