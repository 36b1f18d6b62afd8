"""Shares -> stacked bars of 100 percent, in the manner of EQUIP: one bar a row, the lowest level first."""

from openpyxl.worksheet.worksheet import Worksheet

from fidelity.report.measure import plain
from fidelity.report.sheets.charts import Block, Frame, Titles, place, stacked_chart
from fidelity.report.sheets.sheet import Book, Laid
from fidelity.report.sheets.stacked import Drawn
from fidelity.report.sheets.summary import level_colours
from fidelity.report.tables.table import Table

ROWS_FOR_AXIS = 5
ROWS_A_BAR = 1.5
MOST_ROWS = 21  # of a chart: more would not fit on a page
MOST_TOLD = 12  # bars that the alt text tells one by one


def stacked_shares(
    book: Book, table: Table, titles: tuple[str, str, str], levels: int, *, undecided: bool = False
) -> Drawn | None:
    """The chart of a table of shares; none where there are too many levels or bars to be read.

    `titles` are the chart's title, and the names in words.toml of its alt text and of one bar in that.
    """
    colours = level_colours(book, levels + undecided, undecided=undecided)
    longest = book.look.sheets["levels"]["longest_chart"]
    if not colours or not 0 < len(table.rows) <= longest:
        return None
    title, alt, bar = titles
    told = Titles(title, _alt(book, table, alt, bar, levels))

    def draw(sheet: Worksheet, laid: Laid, frame: Frame) -> None:
        block = Block(sheet, laid.head, laid.last, 1)
        columns = range(2, 2 + len(colours))
        chart = stacked_chart(book.look, block, columns, colours, told, labelled=True)
        place(book, sheet, chart, frame, told)

    return Drawn(min(MOST_ROWS, ROWS_FOR_AXIS + round(ROWS_A_BAR * len(table.rows))), draw)


def _alt(book: Book, table: Table, alt: str, bar: str, levels: int) -> str:
    words = book.study.words
    said = [
        words.say(bar, name=str(row[0]), levels=_shares(table, row, levels)) for row in table.rows[:MOST_TOLD]
    ]
    return words.say(alt, number=len(table.rows), message=" ".join(said))


def _shares(table: Table, row: tuple[object, ...], levels: int) -> str:
    named = list(zip(table.columns, row, strict=True))[1 : 1 + levels]
    shares = [(column.title, share) for column, share in named if isinstance(share, float)]
    return ", ".join(f"{title} {plain(share, 0)}" for title, share in shares)
