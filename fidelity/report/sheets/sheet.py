"""Laying things out on one sheet: spanning texts, tables with links, widths and heights, the print set-up."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import MergedCell
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as TableObject
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.model.direction import readable
from fidelity.report.look import HEADS, REPEATED, Look, style_of
from fidelity.report.measure import steady
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.drawing_xml import Sparkline
from fidelity.report.sheets.long_rows import MANY, LongRows, Written
from fidelity.report.status import Status
from fidelity.report.tables.table import Alert, Bars, Column, Table, Value, without_bars
from fidelity.spreadsheet import Value as Plain
from fidelity.spreadsheet import put
from fidelity.text_size import lines, narrowest

LINE = 1.36  # height of a line, in font sizes
TALL_LINE = 1.22  # the same without the air, for scripts that are as tall as the look says
HIGHEST_ROW = 400.0
USUAL_ROW = 15.0
POINTS_A_SIGN = 5.25  # how wide one sign of a column's width is
SURE_OF_OTHERS = 1.18  # room for a bold word of a script whose letters differ much in width
NO_BREAK = "\u00a0"
WIDEST_WORD = 22.0  # signs of a column that a heading may ask for
WIDEST_NAME = 60.0  # signs of a column that a name may ask for
SMALLEST = 0.45  # the scale below which a page cannot be read


@dataclass(frozen=True)
class Book:
    """A workbook in the making; `tabs` are the sheets' names by key and by therapist."""

    workbook: Workbook
    study: ReportedStudy
    look: Look
    tabs: Mapping[str, str]
    people: Mapping[str, str]
    rows: Mapping[str, int] = field(default_factory=dict)  # where observations and sessions stand in Sessions
    alt_texts: dict[str, list[str]] = field(default_factory=dict)
    sparklines: dict[str, list[Sparkline]] = field(default_factory=dict)
    bars: dict[str, str] = field(default_factory=dict)
    long: dict[str, Written] = field(default_factory=dict)  # rows of a sheet that are no cells

    def sheet(self, tab: str) -> Worksheet:
        """A new sheet without grid lines."""
        made: Worksheet = self.workbook.create_sheet(tab)
        made.sheet_view.showGridLines = False
        made.sheet_view.rightToLeft = self.look.mirrored
        return made

    def readable(self, text: str, style: str) -> str:
        """A text of ours for a right-to-left sheet; what somebody typed stays as it was typed."""
        return text if self.look.free(style) else readable(text, self.look.language)


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a table lies: its heading row, its last row, its first column."""

    head: int
    last: int
    left: int

    @property
    def first(self) -> int:
        """The first row of values."""
        return self.head + 1


# ---- Texts


def span(book: Book, sheet: Worksheet, row: int, columns: tuple[int, int], text: str, style: str) -> None:
    """A text across columns, its row as high as the text needs."""
    first, last = columns
    put(sheet.cell(row, first), book.readable(text, style), style)
    if last > first:
        _merge(sheet, row, (first, last))
    width = sum(_width(sheet, column) for column in range(first, last + 1))
    grow(sheet, row, text_height(book, style, text, width) + 4)


def _merge(sheet: Worksheet, row: int, columns: tuple[int, int]) -> None:
    """One cell of several; those hidden below it look like the first, so its border runs all along.

    What the library does for this takes longer than all else of a sheet: it adds up borders cell by cell.
    """
    first, last = columns
    seen: Any = sheet.cell(row, first)  # what carries the style is not in the library's types
    for column in range(first + 1, last + 1):
        hidden: Any = MergedCell(sheet, row, column)
        hidden._style = copy(seen._style)  # noqa: SLF001
        sheet._cells[row, column] = hidden  # noqa: SLF001
    sheet.merged_cells.add(CellRange(min_row=row, max_row=row, min_col=first, max_col=last))


def grow(sheet: Worksheet, row: int, height: float) -> None:
    """Makes a row at least so high."""
    now = sheet.row_dimensions[row].height or 0
    sheet.row_dimensions[row].height = min(HIGHEST_ROW, max(now, round(height, 2)))


def text_height(book: Book, style: str, text: str, width: float) -> float:
    """The height of a row that holds this text in a column of this width."""
    size, bold = book.look.size(style), book.look.bold(style)
    line = max(LINE, TALL_LINE * book.look.tall)
    return lines(text, width / book.look.broad, size, bold=bold) * size * line


def _width(sheet: Worksheet, column: int) -> float:
    return float(sheet.column_dimensions[get_column_letter(column)].width)


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """The widths of the columns from the first one on."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


# ---- Tables


def lay_table(
    book: Book,
    sheet: Worksheet,
    table: Table,
    at: tuple[int, int],
    height: float = 18,
    *,
    as_data: bool = False,
) -> Laid:
    """The table with its heading at this row and column, as a table object; `as_data` small, with filters."""
    row, left = at
    _make_room_for_names(book, sheet, table, left)
    table = without_bars(table, book.study.words.say("column.latest")) if book.look.mirrored else table
    laid = Laid(row, row + len(table.rows), left)
    for number, column in enumerate(table.columns):
        _head(book, sheet, (row, left + number), column)
    high = round(height * sqrt(book.look.tall), 2)
    apart = range(2, len(table.rows)) if as_data and _is_long(table) else range(0)
    for below, values in enumerate(table.rows, start=1):
        if below in apart:
            continue
        sheet.row_dimensions[row + below].height = high
        for number, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            again = below > 1 and column.kind == "topic" and value == table.rows[below - 2][number]
            style = REPEATED if again else style_of(column, value, as_data=as_data)
            _cell(book, sheet, (row + below, left + number), column, value, style)
    if apart:
        book.long[sheet.title] = _long_rows(book, sheet, table, left).written(
            row + apart.start, table.rows[apart.start - 1 : apart.stop - 1], high
        )
    _make_object(sheet, table, laid, filters=as_data)
    return laid


def _make_room_for_names(book: Book, sheet: Worksheet, table: Table, left: int) -> None:
    """A name that leads to a sheet stands on one line in LibreOffice, and what does not fit is cut off."""
    for at, column in enumerate(table.columns):
        if column.kind in ("person", "session"):
            style = style_of(column, "")
            names = {str(row[at]) for row in table.rows if row[at]}
            longest = max((_one_line(book, name, style) for name in names), default=0.0)
            letter = get_column_letter(left + at)
            if longest > sheet.column_dimensions[letter].width:
                sheet.column_dimensions[letter].width = round(min(longest, WIDEST_NAME), 2)


def _one_line(book: Book, text: str, style: str) -> float:
    look = book.look
    return look.broad * narrowest(text.replace(" ", NO_BREAK), look.size(style), bold=look.bold(style))


def _head(book: Book, sheet: Worksheet, at: tuple[int, int], column: Column) -> None:
    style = HEADS[column.align]
    put(sheet.cell(*at), column.title, style)
    _widen(book, sheet, at[1], column.title, style)
    grow(sheet, at[0], text_height(book, style, column.title, _width(sheet, at[1])) + 6)


def _widen(book: Book, sheet: Worksheet, column: int, text: str, style: str) -> None:
    """Makes room for the longest word of a heading or status: it would be broken, and not all are English."""
    look = book.look
    sure = SURE_OF_OTHERS if look.tall > 1 else 1.0
    wanted = sure * look.broad * narrowest(text, look.size(style), bold=look.bold(style))
    if _width(sheet, column) < wanted <= WIDEST_WORD:
        sheet.column_dimensions[get_column_letter(column)].width = round(wanted, 2)


def _cell(
    book: Book, sheet: Worksheet, at: tuple[int, int], column: Column, value: Value, style: str
) -> None:
    put(sheet.cell(*at), _shown(book, sheet, at[1], column, value, style), style)
    height, leads = _wanted(book, sheet, at[1], column, value, style)
    if height:
        grow(sheet, at[0], height)
    if leads:
        _lead(sheet, at, leads)


def _shown(book: Book, sheet: Worksheet, at: int, column: Column, value: Value, style: str) -> Plain:
    """What a cell in this column of the sheet holds."""
    match value:
        case None:
            return None if column.kind == "marker" else "–"
        case Status():
            _widen(book, sheet, at, value.text.replace(" ", NO_BREAK), style)
            return book.readable(value.text, style)
        case Bars():
            return value.text
        case Alert(number=number):
            return number
        case float():
            return steady(value, column.places)
        case str():
            return book.readable(value, style)
        case _:
            return value


def _wanted(
    book: Book, sheet: Worksheet, at: int, column: Column, value: Value, style: str
) -> tuple[float, str]:
    """How high the row of a text has to be, if that matters, and where it leads to."""
    if isinstance(value, Status):
        high, one_line = (text_height(book, style, text, _width(sheet, at)) for text in (value.text, ""))
        return (high + 4 if high > one_line else 0.0), ""
    if not isinstance(value, str):
        return 0.0, ""
    height = text_height(book, style, value, _width(sheet, at)) + 4 if book.look.wraps(style) else 0.0
    leads = ""
    if column.kind == "person" and value in book.people:
        leads = place_in(book.people[value])
    if column.kind == "session" and value in book.rows:
        leads = place_in(book.tabs["sessions"], f"A{book.rows[value]}")
    return height, leads


def _is_long(table: Table) -> bool:
    """Whether its rows are so many that they are written as text; a repeated topic needs the row above."""
    return len(table.rows) > MANY and not any(column.kind == "topic" for column in table.columns)


def _long_rows(book: Book, sheet: Worksheet, table: Table, left: int) -> LongRows:
    def shown(at: int, column: Column, value: Value) -> tuple[Plain, str]:
        style = style_of(column, value, as_data=True)
        return _shown(book, sheet, at, column, value, style), style

    def wanted(at: int, column: Column, value: Value, style: str) -> tuple[float, str]:
        height, leads = _wanted(book, sheet, at, column, value, style)
        return min(HIGHEST_ROW, round(height, 2)), leads

    return LongRows(sheet, table.columns, left, shown, wanted)


def link(sheet: Worksheet, at: tuple[int, int], tab: str, to: str = "A1") -> None:
    """Makes a cell lead to another sheet: to its top, or to a cell of it."""
    _lead(sheet, at, place_in(tab, to))


def place_in(tab: str, to: str = "A1") -> str:
    """A cell of a sheet, as a link names it."""
    return f"{quote_sheetname(tab)}!{to}"


def _lead(sheet: Worksheet, at: tuple[int, int], to: str) -> None:
    cell = sheet.cell(*at)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=to)


def _make_object(sheet: Worksheet, table: Table, laid: Laid, *, filters: bool) -> None:
    right = laid.left + len(table.columns) - 1
    reference = f"{get_column_letter(laid.left)}{laid.head}:{get_column_letter(right)}{laid.last}"
    made = TableObject(displayName=table.name, ref=reference)
    made.tableColumns = [
        TableColumn(id=number, name=column.title) for number, column in enumerate(table.columns, 1)
    ]
    made.tableStyleInfo = TableStyleInfo(name=None, showRowStripes=False)
    if filters:
        made.autoFilter = AutoFilter(ref=reference)
    sheet.add_table(made)


# ---- Print


def print_setup(
    book: Book, sheet: Worksheet, kind: str, area: tuple[int, int], high: int, wide: int = 1
) -> None:
    """So many pages wide and high (0: as many as it takes), with a footer that tells where it is from."""
    page = book.look.sheets["page"]
    sheet.page_setup.paperSize = book.look.paper.number
    sheet.page_setup.orientation = book.look.sheets[kind]["paper"]
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = wide, high
    sheet.page_margins.left = sheet.page_margins.right = page["margin_side"]
    sheet.page_margins.top = sheet.page_margins.bottom = page["margin_top"]
    sheet.page_margins.footer = sheet.page_margins.header = page["footer"]
    sheet.print_options.horizontalCentered = True
    last_row, last_column = area
    sheet.print_area = f"A1:{get_column_letter(last_column)}{last_row}"
    colour = book.look.colour("muted.text")
    texts = (footer(book.study), "&A", "&P / &N")
    left, center, right = (_HeaderFooterPart(text, size=8, color=colour) for text in texts)
    sheet.oddFooter = HeaderFooterItem(left=left, center=center, right=right)


def fits_a_page(look: Look, sheet: Worksheet, area: tuple[int, int]) -> bool:
    """Whether so many rows and columns can still be read on one upright page."""
    last_row, last_column = area
    heights = (sheet.row_dimensions[row].height or USUAL_ROW for row in range(1, last_row + 1))
    widths = (_width(sheet, column) for column in range(1, last_column + 1))
    wide, high = look.room()
    across, down = wide / (sum(widths) * POINTS_A_SIGN), high / sum(heights)
    return min(across, down) >= SMALLEST or down >= across


def footer(study: ReportedStudy) -> str:
    """Checklist, version and short data hash, safe for a footer."""
    about = study.checklist.about
    return f"{study.checklist.id} {about.version} · data {study.summary.provenance.data_sha256[:8]}".replace(
        "&", "&&"
    )


def repeat(sheet: Worksheet, row: int, columns: int = 0, *, printed: bool = True) -> None:
    """Keeps a heading row, and so many columns, in sight, and repeats them on every printed page.

    Not `printed` where the table ends on the first page, and something else stands on the next.
    """
    sheet.freeze_panes = f"{get_column_letter(columns + 1)}{row + 1}"
    if not printed:
        return
    sheet.print_title_rows = f"{row}:{row}"
    if columns:
        sheet.print_title_cols = f"A:{get_column_letter(columns)}"


def pages_wide(widths: Sequence[float], page: float = 225.0) -> int:
    """How many pages next to each other keep wide tables readable."""
    return max(1, ceil(sum(widths) / page))
