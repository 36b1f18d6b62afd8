"""Text stays text in every spreadsheet, names are fit for tabs, and a file has the same bytes each time."""

import zipfile
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from fidelity.shield import csv_field, without_shield
from fidelity.spreadsheet import Value, put, safe_text, save_bytes, sheet_name


def through_a_file(value: Value) -> Cell:
    workbook = Workbook()
    page = workbook.worksheets[0]
    put(page.cell(1, 1), value)
    read = load_workbook(BytesIO(save_bytes(workbook))).worksheets[0].cell(1, 1)
    assert isinstance(read, Cell)
    return read


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-5 min", "@SUM", "＝1", "#N/A", "\n=1", " lead", "a\tb", "🙂"]
)
def test_a_text_stays_the_text_it_was(text: str) -> None:
    cell = through_a_file(text)
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["=1+1", "-5 min", "\n=1", "＠x"])
def test_what_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    assert through_a_file(text).quotePrefix


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (Fraction(6, 2), 3),
        (Fraction(1, 4), 0.25),
        (-0.0, 0),
        (float("nan"), None),
        (float("inf"), None),
        (7, 7),
    ],
)
def test_numbers_are_what_a_cell_can_hold(value: float | Fraction, held: float | None) -> None:
    assert through_a_file(value).value == held


def test_a_day_is_a_day() -> None:
    cell = through_a_file(date(2026, 3, 4))
    assert (cell.is_date, cell.number_format) == (True, "yyyy-mm-dd")


def test_a_text_that_no_cell_can_hold_is_made_fit() -> None:
    assert safe_text("a\x00b\ud800c\r\nd") == "a\ufffdb\ufffdc\nd"
    assert len(safe_text("x" * 40_000)) == 32_767
    assert safe_text("🙂" * 20_000) == "🙂" * 16_383  # each counts twice


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("A/B: [x]?", [], "A B x"),
        ("Summary", ["summary"], "Summary (2)"),
        ("'Ana'", [], "Ana"),
        ("history", [], "history (2)"),
        ("", [], "Sheet"),
        ("x" * 40, ["x" * 31], "x" * 27 + " (2)"),
    ],
)
def test_a_sheet_gets_a_name_of_its_own(wanted: str, taken: list[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


def test_a_saved_file_says_nothing_about_when_it_was_saved() -> None:
    with zipfile.ZipFile(BytesIO(save_bytes(Workbook()))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        assert b"dcterms:modified" not in archive.read("docProps/core.xml")


def test_a_member_can_be_edited_while_it_is_saved() -> None:
    def shout(name: str, content: bytes) -> bytes:
        return content.replace(b"openpyxl", b"FIDELITY") if name == "docProps/core.xml" else content

    with zipfile.ZipFile(BytesIO(save_bytes(Workbook(), shout))) as archive:
        assert b"FIDELITY" in archive.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("=1+1", '"\'=1+1"'),
        ("-5", '"-5"'),
        ("-5,5", '"-5,5"'),
        ("-5 min", '"\'-5 min"'),
        ("'=1", "\"''=1\""),
        ("'tis", '"\'tis"'),
        ('say "a"', '"say ""a"""'),
    ],
)
def test_a_csv_field_is_never_run_as_a_formula(text: str, field: str) -> None:
    assert csv_field(text) == field


@given(some.text(some.characters(exclude_characters="\0")))
def test_the_shield_of_a_csv_field_comes_off_again(text: str) -> None:
    assert without_shield(csv_field(text)[1:-1].replace('""', '"')) == text
