"""Tables on a sheet: how high a row is, and where a new printed page begins."""

import re

import pytest
from openpyxl import Workbook
from report_sample import small_study

from fidelity.report.look import add_styles, shipped_look
from fidelity.report.sheets.sheet import Book, lay_table, set_widths
from fidelity.report.sheets.stacked import Drawn, Part, Piece, break_pages, lay_parts, set_grid
from fidelity.report.status import Status
from fidelity.report.tables.table import Column, Value, table
from fidelity.study.reported import reported


def empty_book() -> Book:
    book = Book(Workbook(), reported(small_study({"A": [3]})), shipped_look(), {}, {})
    add_styles(book.workbook, book.look)
    return book


def test_a_status_of_two_lines_makes_its_row_higher() -> None:
    book = empty_book()
    sheet = book.sheet("Statuses")
    set_widths(sheet, [16.0])
    words = ("Steady", "Too few sessions to say anything at all")
    statuses = [[Status(word, "–", "neutral")] for word in words]
    columns = [Column("trend", "Trend", "status")]
    lay_table(book, sheet, table("Told", "", columns, statuses), (1, 1))
    assert sheet.row_dimensions[2].height == 18
    assert float(sheet.row_dimensions[3].height or 0) > 36


@pytest.mark.parametrize(
    ("title", "pieces", "breaks"),
    [
        (4, [42, 10], []),  # the title keeps the first rows of a table that would fit a page of its own
        (20, [42, 10], [20, 62]),  # so much more than a title may stand alone
        (4, [20, 30], [24]),
        (4, [10, 10], []),
        (4, [10, 100, 10], []),  # a table longer than a page runs on
    ],
)
def test_a_new_page_begins_before_what_would_be_cut(title: int, pieces: list[int], breaks: list[int]) -> None:
    book = empty_book()
    sheet = book.sheet("Page")
    set_widths(sheet, [10.0])
    starts = [title + 1 + sum(pieces[:at]) for at in range(len(pieces) + 1)]
    made = [Piece(first, first + 3) for first in starts]
    break_pages(book, sheet, "therapist", made, 1)
    assert [each.id for each in sheet.row_breaks.brk] == breaks


def test_a_table_that_does_not_fit_below_its_chart_has_its_heading_on_the_next_page() -> None:
    rows: list[list[Value]] = [[f"Item {at}", 50.0, 50.0] for at in range(30)]
    columns = [Column("item", "Item", "strong"), *(Column("x", name, "number") for name in ("Low", "High"))]
    made = table("Long", "", columns, rows)
    book = empty_book()
    sheet = book.sheet("Levels")
    parts = [Part("Levels", table=made, chart=Drawn(21, lambda *_: None))]
    wide = set_grid(book, sheet, "levels", parts)
    lay_parts(book, sheet, "levels", parts, 3, wide)
    head = int(re.sub("[A-Z]", "", sheet.tables["Long"].ref.split(":")[0]))
    assert [each.id for each in sheet.row_breaks.brk] == [head - 1]
