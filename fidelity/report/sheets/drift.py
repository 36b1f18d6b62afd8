"""The Drift sheet: is the change real, since when, by which rule, and how often the rule errs."""

from openpyxl.worksheet.worksheet import Worksheet

from fidelity.report.drift_words import drift_notes
from fidelity.report.measure import plain, round_above
from fidelity.report.sheets.charts import Block, Frame, Titles, bar_chart, place
from fidelity.report.sheets.sheet import Book, Laid, grow, lay_table, print_setup, repeat, set_widths, span
from fidelity.report.sheets.stacked import Piece, break_pages
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.cohort import cohort_table
from fidelity.report.tables.people import drift_table, fallen_first
from fidelity.report.tables.table import Table

BAR = 16.5
CHART_TOP = 5  # rows for the title and the axis
COLOURS = {"act": "signal", "improving": "rising"}


def write_drift(book: Book) -> None:
    """The table of the running sums, the notes on the rule, the bars of change."""
    sheet = book.sheet(book.tabs["drift"])
    table = drift_table(book.study)
    widths = [book.look.width("drift", column.key) for column in table.columns]
    wide = len(widths)
    set_widths(sheet, widths)
    name = book.study.measure.name
    row = write_title(book, sheet, "drift", wide, score=name)
    laid = lay_table(book, sheet, table, (row + 1, 1))
    row = laid.last + 2
    for text in drift_notes(book.study).values():
        span(book, sheet, row, (1, wide), text, "FID Note")
        row += 1
    chart = row + 1
    row = _draw(book, sheet, laid, table, chart)
    below = _write_cohort(book, sheet, row + 2, wide)
    short = len(table.rows) <= book.look.sheets["drift"]["one_page_up_to"]
    fits = below is None and short
    if not fits:
        rows = (1, chart, row + 2, (below or row + 1) + 1)
        break_pages(book, sheet, "drift", [Piece(first, first) for first in rows], wide)
    print_setup(book, sheet, "drift", (below or row, wide), high=int(fits))
    repeat(sheet, laid.head, 1, printed=not short)


def _draw(book: Book, sheet: Worksheet, laid: Laid, table: Table, row: int) -> int:
    at = table.place("recent_change")
    changes = [(str(line[0]), value) for line in table.rows if isinstance(value := line[at], float)]
    if not 1 < len(changes) <= book.look.sheets["drift"]["longest_chart"]:
        return row - 2
    titles = _titles(book, changes)
    status = {person.therapist: score.drift.status for person, score in fallen_first(book.study)}
    colours = [book.look.colour(f"chart.{COLOURS.get(status[name], 'ordinary')}") for name, _ in changes]
    end = round_above(max(abs(value) for _, value in changes) * 1.05)
    block = Block(sheet, laid.head, laid.head + len(changes), 1)
    chart = bar_chart(book.look, block, at + 1, colours, titles, (-end, end))
    rows = len(changes) + CHART_TOP
    for each in range(row, row + rows):
        grow(sheet, each, BAR)
    place(book, sheet, chart, Frame(1, row, len(table.columns), row + rows - 1), titles)
    words = book.study.words
    trend = words.wordings["status"]["trend"]
    note = words.say("drift.bars", act=trend["act"]["word"], improving=trend["improving"]["word"])
    span(book, sheet, row + rows, (1, len(table.columns)), note, "FID Note")
    return row + rows


def _write_cohort(book: Book, sheet: Worksheet, row: int, wide: int) -> int | None:
    """Month by month whether the same people changed; gives the row below, or nothing without months."""
    cohort = cohort_table(book.study)
    if len(cohort.rows) < 2:
        return None
    span(book, sheet, row, (1, wide), book.look.sheets["drift"]["cohort"], "FID Section")
    grow(sheet, row, 24)
    laid = lay_table(book, sheet, cohort, (row + 1, 1))
    span(book, sheet, laid.last + 1, (1, wide), book.study.words.say("drift.cohort"), "FID Note")
    return laid.last + 1


def _titles(book: Book, changes: list[tuple[str, float]]) -> Titles:
    words, places = book.study.words, book.study.measure.places
    alt = words.say(
        "chart.change.alt",
        number=len(changes),
        lowest=changes[0][0],
        lowest_change=_signed(changes[0][1], places),
        highest=changes[-1][0],
        highest_change=_signed(changes[-1][1], places),
    )
    return Titles(words.say("chart.change.title"), alt)


def _signed(value: float, places: int) -> str:
    return ("+" if value > 0 else "") + plain(value, places)
