"""The tables of a pack -> one workbook, a sheet for each, in the styles of the report."""

from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from fidelity.report.look import add_styles, shipped_look
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.sheet import Book, lay_table, print_setup, repeat, set_widths, span
from fidelity.report.tables.table import Column, Table, shown_text
from fidelity.spreadsheet import save_bytes, sheet_name

NARROWEST, WIDEST, PAPER = 10.0, 58.0, 92.0
ROW = 16


def tables_workbook(study: ReportedStudy, tables: Mapping[str, tuple[Table, list[str]]]) -> bytes:
    """The workbook as bytes: caption, table, notes on every sheet."""
    look, workbook = shipped_look(study.words.language), Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook, look)
    workbook.properties.title = study.words.say("pack.title", checklist=study.checklist.title)
    workbook.properties.language = study.words.language
    workbook.properties.creator = workbook.properties.lastModifiedBy = study.summary.provenance.software
    tabs: dict[str, str] = {}
    for name in tables:
        tabs[name] = sheet_name(study.words.say(f"pack.tab.{name}"), tabs.values())
    book = Book(workbook, study, look, tabs, {})
    for name, (made, notes) in tables.items():
        _write(book, tabs[name], made, notes)
    if not tables:
        book.sheet(sheet_name(study.words.say("pack.tab.none"), ()))
    return save_bytes(workbook)


def _write(book: Book, tab: str, made: Table, notes: Sequence[str]) -> None:
    sheet, wide = book.sheet(tab), len(made.columns)
    set_widths(sheet, [_width(made, number, column) for number, column in enumerate(made.columns)])
    span(book, sheet, 1, (1, wide), made.caption, "FID Title")
    laid = lay_table(book, sheet, made, (3, 1), ROW)
    row = laid.last + 2
    for note in notes:
        span(book, sheet, row, (1, wide), note, "FID Note")
        row += 1
    print_setup(book, sheet, "method", (row, wide), high=0)
    repeat(sheet, laid.head)


def _width(made: Table, number: int, column: Column) -> float:
    """As wide as the longest text, within reason."""
    longest = max((len(shown_text(row[number], column)) for row in made.rows), default=0)
    longest = max(longest, *(len(word) for word in column.title.split() or [""]))
    return max(NARROWEST, min(WIDEST, longest * 1.1 + 3))
