"""The sheets for those who check: Sessions, as scored; Method and provenance, with the items."""

from typing import NamedTuple

from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from fidelity.report.sheets.sheet import (
    Book,
    Laid,
    lay_table,
    pages_wide,
    print_setup,
    repeat,
    set_widths,
    span,
)
from fidelity.report.sheets.summary import titles_of, write_title
from fidelity.report.tables.method import hash_rows, items_table, method_table
from fidelity.report.tables.sessions import observations_table
from fidelity.report.tables.table import Table

SESSIONS_HEAD = 4  # the row of the headings
NAMING = ("observation", "session")  # columns that say on every printed page which observation it is
WIDEST_TITLE = 12


class Written(NamedTuple):
    """A table, and where it lies."""

    table: Table
    laid: Laid


def write_sessions(book: Book) -> Written:
    """One row per observation, with filters; heading and first columns stay in sight."""
    study = book.study
    sheet = book.sheet(book.tabs["sessions"])
    table = observations_table(study)
    widths = [
        max(book.look.width("sessions", column.key), _heading(column.title)) for column in table.columns
    ]
    set_widths(sheet, widths)
    origin = study.summary.provenance
    counted = {"observations": str(origin.observations), "sessions": str(origin.sessions)}
    title, subtitle = titles_of(book, "sessions", **counted)
    repeated = sum(column.key in NAMING for column in table.columns)
    # What stands above repeated columns is cut off; two of them hold the title.
    beside = (3, max(3, min(len(widths), WIDEST_TITLE)))
    span(book, sheet, 1, (1, 2), title, "FID Title")
    span(book, sheet, 1, beside, subtitle, "FID Subtitle")
    span(book, sheet, 2, beside, study.words.say("sessions.note"), "FID Note")
    laid = lay_table(book, sheet, table, (SESSIONS_HEAD, 1), 15, as_data=True)
    print_setup(book, sheet, "sessions", (laid.last, len(widths)), high=0, wide=pages_wide(widths))
    repeat(sheet, laid.head, repeated)
    return Written(table, laid)


def _heading(title: str) -> float:
    """Room for the longest word of a heading beside its filter button."""
    return min(24.0, max(len(word) for word in title.split()) + 4.0)


def write_method(book: Book) -> Written:
    """Everything an auditor asks; the hashes also as defined names."""
    study = book.study
    sheet = book.sheet(book.tabs["method"])
    method = method_table(study)
    set_widths(sheet, [book.look.width("method", column.key) for column in method.columns])
    row = write_title(book, sheet, "method", 3)
    laid = lay_table(book, sheet, method, (row + 1, 1), 16)
    for name, at in hash_rows(study, method).items():
        cell = f"{quote_sheetname(sheet.title)}!$C${laid.first + at}"
        book.workbook.defined_names[name] = DefinedName(name, attr_text=cell)
    print_setup(book, sheet, "method", (laid.last, 3), high=0)
    repeat(sheet, laid.head)
    return Written(method, laid)


def write_items(book: Book) -> Written:
    """What the columns of Sessions stand for."""
    sheet, items = book.sheet(book.tabs["items"]), items_table(book.study)
    set_widths(sheet, [book.look.width("items", column.key) for column in items.columns])
    row = write_title(book, sheet, "items", len(items.columns), sessions=book.tabs["sessions"])
    laid = lay_table(book, sheet, items, (row + 1, 1), 16, as_data=True)
    print_setup(book, sheet, "items", (laid.last, len(items.columns)), high=0)
    repeat(sheet, laid.head, 1)
    return Written(items, laid)
