"""Tables one below the other on a sheet: each with its heading, a chart of its own, and notes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.report.sheets.charts import Frame
from fidelity.report.sheets.sheet import Book, Laid, grow, lay_table, set_widths, span
from fidelity.report.tables.table import Table

ROW = 17.0
FEWEST_ROWS = 3  # of a table that stay with what stands above it
GAP = 6.0  # between a table or heading and the notes below it
POINTS = 5.6  # width of a character of a column
FOOTER = 8.0
CHART_ROW = 17.0
FEWEST_COLUMNS = 5
ROWS_BESIDE = 3  # of a chart and its table: the heading, and that of the table
ROWS_FOR_AXIS = 4  # of a chart: its title, axis and legend
ROWS_A_BAR = 0.7  # that its names and numbers can still be read
LEAST_OF_A_PAGE = 0.3  # that may stand alone on it

Draw = Callable[[Worksheet, Laid, Frame], None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart above its table: how many rows high, and what draws it."""

    rows: int
    draw: Draw


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what stands above the table, the chart with its table, and what stands below."""

    heading: str = ""
    above: tuple[str, ...] = ()
    table: Table | None = None
    chart: Drawn | None = None
    below: tuple[str, ...] = ()
    room: int = 0  # rows left free for a chart whose table stands elsewhere

    @property
    def says_something(self) -> bool:
        """Whether there is anything below the heading."""
        return bool(self.above or self.below or self.room or (self.table and self.table.rows))

    @property
    def rows_kept(self) -> int:
        """The rows from the heading on that stay together: a chart with the first rows of its table."""
        rows = len(self.table.rows) if self.table else 0
        charts = self.room + (self.chart.rows if self.chart else 0)
        return 2 + len(self.above) + charts + min(rows, FEWEST_ROWS)


class Piece(NamedTuple):
    """What begins in a row, and the row below what has to stay together of it."""

    first: int
    kept: int


class Stacked(NamedTuple):
    """The row below all parts, where the first table lies, if there is one, and the room left for charts."""

    below: int
    first: Laid | None
    rooms: tuple[Frame, ...]


def set_grid(book: Book, sheet: Worksheet, kind: str, parts: Iterable[Part]) -> int:
    """Each column as wide as the widest that stands in it; gives their number."""
    tables = [each.table for each in parts if each.table and each.table.rows]
    number = max([FEWEST_COLUMNS, *(len(each.columns) for each in tables)])
    widths = [book.look.width(kind, "")] * number
    for at in range(number):
        wanted = [book.look.width(kind, each.columns[at].key) for each in tables if at < len(each.columns)]
        widths[at] = max(wanted, default=widths[at])
    set_widths(sheet, widths)
    return number


def lay_parts(book: Book, sheet: Worksheet, kind: str, parts: Sequence[Part], row: int, wide: int) -> Stacked:
    """All parts that say something, from this row on."""
    first: Laid | None = None
    pieces: list[Piece] = []
    rooms: list[Frame] = []
    page = _page_height(book, sheet, kind, wide)
    for each in parts:
        part = _on_one_page(each, page)
        if part.says_something:
            pieces.append(Piece(row, row + part.rows_kept))
            if part.room:
                top = row + 1 if part.heading else row
                rooms.append(Frame(1, top, wide, top + part.room - 1))
            row, laid = _lay(book, sheet, part, row, wide)
            first = first or laid
            page = _page_height(book, sheet, kind, wide)  # headings may have made columns wider
            if part.chart and laid and _height(sheet, pieces[-1].first, row - 1) > page:
                pieces.append(Piece(laid.head, min(laid.first + FEWEST_ROWS, row)))
    break_pages(book, sheet, kind, (*pieces, Piece(row, row)), wide)
    return Stacked(row, first, tuple(rooms))


def _on_one_page(part: Part, page: float) -> Part:
    """With a lower chart, where that brings it and its table on one page and it can still be read."""
    if part.chart is None or part.table is None:
        return part
    bars, rows = len(part.table.rows), part.chart.rows
    fewer = ceil(rows + bars + ROWS_BESIDE - page / CHART_ROW)
    if not 0 < fewer <= rows - ROWS_FOR_AXIS - ceil(ROWS_A_BAR * bars):
        return part
    return replace(part, chart=replace(part.chart, rows=rows - fewer))


def _lay(book: Book, sheet: Worksheet, part: Part, row: int, wide: int) -> tuple[int, Laid | None]:
    if part.heading:
        span(book, sheet, row, (1, wide), part.heading, "FID Section")
        grow(sheet, row, 24)
        row += 1
    for _ in range(part.room):
        grow(sheet, row, CHART_ROW)
        row += 1
    row = _notes(book, sheet, part.above, _gap(sheet, row) if part.heading and part.above else row, wide)
    laid = None
    if part.table is not None and part.table.rows:
        row, laid = _lay_table(book, sheet, part, part.table, row, wide)
    return _notes(book, sheet, part.below, _gap(sheet, row) if part.below else row, wide) + 1, laid


def _gap(sheet: Worksheet, row: int) -> int:
    sheet.row_dimensions[row].height = GAP
    return row + 1


def _lay_table(
    book: Book, sheet: Worksheet, part: Part, table: Table, row: int, wide: int
) -> tuple[int, Laid]:
    top = row
    row += part.chart.rows if part.chart else 0
    laid = lay_table(book, sheet, table, (row, 1), ROW)
    if part.chart:
        for each in range(top, row):
            grow(sheet, each, CHART_ROW)
        part.chart.draw(sheet, laid, Frame(1, top, wide, row - 1))
    return laid.last + 1, laid


def _notes(book: Book, sheet: Worksheet, notes: Iterable[str], row: int, wide: int) -> int:
    for text in notes:
        span(book, sheet, row, (1, wide), text, "FID Note")
        row += 1
    return row


# ---- pages


def break_pages(book: Book, sheet: Worksheet, kind: str, pieces: Sequence[Piece], wide: int) -> None:
    """Begins a new page before a piece that would be cut: a whole one if a page holds it, else its beginning.

    A title does not stay alone on a page. The last piece is the end of them all.
    """
    room = _page_height(book, sheet, kind, wide)
    used = _height(sheet, 1, pieces[0].first)
    titled = used < LEAST_OF_A_PAGE * room
    for piece, following in pairwise(pieces):
        height = _height(sheet, piece.first, following.first)
        whole = height
        if height > room or (titled and piece is pieces[0]):
            whole = _height(sheet, piece.first, piece.kept)
        if used and used % room + whole > room >= whole:
            sheet.row_breaks.append(Break(id=piece.first - 1))
            used = 0.0
        used += height


def _height(sheet: Worksheet, first: int, last: int) -> float:
    return sum(sheet.row_dimensions[row].height or ROW for row in range(first, last))


def _page_height(book: Book, sheet: Worksheet, kind: str, wide: int) -> float:
    """How high the rows of a page may be together, when its columns are made to fit its width."""
    across, down = book.look.room(upright=book.look.sheets[kind]["paper"] == "portrait")
    columns = sum(
        POINTS * float(sheet.column_dimensions[get_column_letter(at)].width) for at in range(1, wide + 1)
    )
    return (down - FOOTER) / min(1.0, across / columns)
