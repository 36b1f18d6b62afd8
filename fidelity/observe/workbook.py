"""Excel workbooks -> a table; and what filled forms need too: a safe file, cells as exact text."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.parsers import expat

from openpyxl import Workbook
from openpyxl.formula.translate import TranslatorError
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import CellCoordinatesException

from fidelity.errors import Problem, ProblemsFound
from fidelity.model.form import META_SHEET
from fidelity.observe.cells import cell_of
from fidelity.observe.sheet import Unusual, quick_rows
from fidelity.observe.table import (
    OLD_OR_LOCKED,
    ZIPPED,
    Cell,
    Odd,
    Row,
    Table,
    column_letters,
    not_a_table,
    other_length,
)

PREFERRED_SHEET = "observations"
MOST_UNPACKED = 512_000_000  # bytes
TOO_SMALL_TO_SUSPECT = 32_000_000  # bytes; below this, how tightly it was packed says nothing
TIGHTEST_PACKING = 200  # times smaller; real sheets reach 30
MOST_ROWS = 1_048_576  # what spreadsheet programs hold
LARGE = 1_000_000  # bytes of a sheet, above which its rows are read at once
ENCRYPTED = 1  # the flag in a zip member

# What zipfile, the XML reader and openpyxl raise on a damaged or hostile file, met by damaging real ones.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    CellCoordinatesException,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TranslatorError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def table_of_workbook(path: Path, file: str) -> Table:
    """The table on the sheet called observations, or else on the first one."""
    check_archive(path, file, MOST_UNPACKED)
    workbook = opened(path, file, read_only=True)
    names = [sheet.title for sheet in workbook.worksheets]
    if META_SHEET in names:
        raise not_a_table(file, "filled_form")
    sheet = workbook[PREFERRED_SHEET if PREFERRED_SHEET in names else names[0]]
    rows = _numbered(workbook, sheet, file)
    _, headings = next(rows, (1, []))
    if not any(headings):
        raise not_a_table(file, "no_headings" if next(rows, None) else "empty")
    texts = _heading_texts(headings, file)
    return Table(file, "workbook", texts, _rows(rows, len(texts), file), sheet.title)


def check_archive(path: Path, file: str, most_unpacked: int) -> None:
    """Refuses what is no workbook, is locked, or would fill the memory when unpacked."""
    with path.open("rb") as source:
        beginning = source.read(4)
    if beginning != ZIPPED:
        raise not_a_table(file, "old_or_locked" if beginning == OLD_OR_LOCKED else "no_workbook")
    with readable(file), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    unpacked = sum(each.file_size for each in members)
    packed = max(path.stat().st_size, 1)
    if any(each.flag_bits & ENCRYPTED for each in members):
        raise not_a_table(file, "locked")
    if unpacked > most_unpacked or unpacked > max(TOO_SMALL_TO_SUSPECT, packed * TIGHTEST_PACKING):
        raise not_a_table(file, "bomb", unpacked=f"{unpacked // 1_000_000:,} MB")
    if not any(each.filename == "[Content_Types].xml" for each in members):
        raise not_a_table(file, "no_workbook")
    if any(each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for each in members):
        raise not_a_table(file, "damaged")


def opened(path: Path, file: str, read_only: bool = False) -> Workbook:
    """The workbook, formulas as formulas."""
    with readable(file):
        reader = ExcelReader(path, read_only=read_only)
        try:
            reader.read()
            if not reader.wb.worksheets:
                raise not_a_table(file, "no_workbook")
        except BaseException:
            # openpyxl leaves it open, and so does the archive while it reads a part.
            source = reader.archive.fp
            reader.archive.close()
            if source is not None:
                source.close()
            raise
        workbook: Workbook = reader.wb
        return workbook


@contextmanager
def readable(file: str) -> Iterator[None]:
    """Turns what the readers raise on a damaged file into a problem; what they only warn of is decoration."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ProblemsFound:
        raise
    except UNREADABLE as trouble:
        raise not_a_table(file, "damaged", trouble=type(trouble).__name__) from trouble


def cell_text(value: object, data_type: str) -> Cell:
    """What a cell holds, as exact text: dates as year-month-day, numbers without a needless point."""
    match value:
        case str() if data_type in ("f", "e"):
            return Odd(value, "formula" if data_type == "f" else "mistake")
        case str():
            return value
        case None | bool() | int() | float() | datetime() | date() | time():
            return cell_of(value)
        case _:
            return Odd(str(getattr(value, "text", value)), "formula" if data_type == "f" else "mistake")


def _numbered(workbook: Workbook, sheet: Any, file: str) -> Iterator[tuple[int, list[Cell]]]:
    """Row 1 and every row that holds something; a sheet may lie about its size, so it is not asked."""
    with closing(workbook):
        sheet.reset_dimensions()
        number = 0
        for number, texts in _every_row(sheet, file):
            while texts and not texts[-1]:
                texts.pop()
            if texts or number == 1:
                yield number, texts


def _every_row(sheet: Any, file: str) -> Iterator[tuple[int, list[Cell]]]:
    """The rows in their order; those of a large sheet at once, as far as it is written in the usual way."""
    done = 0
    if _is_large(sheet):
        try:
            for number, texts in quick_rows(sheet, cell_text):
                if not done and number > 1:
                    yield 1, []
                if number > MOST_ROWS:
                    return
                yield number, texts
                done = number
        except (Unusual, expat.ExpatError, *UNREADABLE):
            pass  # openpyxl goes on, and says what is wrong
        else:
            return
    for number, cells in enumerate(_guarded(sheet.iter_rows(max_row=MOST_ROWS), file), 1):
        if number > done:
            yield number, [cell_text(each.value, each.data_type) for each in cells]


def _is_large(sheet: Any) -> bool:
    try:
        part = sheet.parent._archive.getinfo(sheet._worksheet_path)  # noqa: SLF001 - as openpyxl finds it
    except (AttributeError, KeyError):
        return False
    return bool(part.file_size >= LARGE)


def _guarded(rows: Iterator[Any], file: str) -> Iterator[Any]:
    while True:
        with readable(file):
            row = next(rows, None)
        if row is None:
            return
        yield row


def _heading_texts(headings: list[Cell], file: str) -> tuple[str, ...]:
    for number, each in enumerate(headings, 1):
        if isinstance(each, Odd):
            raise not_a_table(
                file, "odd_heading", 1, number, shown=each.text, cell=f"{column_letters(number - 1)}1"
            )
    return tuple(str(each).strip() for each in headings)


def _rows(rows: Iterator[tuple[int, list[Cell]]], width: int, file: str) -> Iterator[Row | Problem]:
    for number, cells in rows:
        if len(cells) <= width:
            yield Row(number, cells + [""] * (width - len(cells)))
        else:
            yield other_length(file, number, len(cells), width)
