"""The Levels sheet: which share of the sessions reached each level, by therapist and over time."""

from fidelity.report.sheets.level_charts import stacked_shares
from fidelity.report.sheets.sheet import Book, print_setup
from fidelity.report.sheets.stacked import Part, lay_parts, set_grid
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.levels import LevelsTable, levels_by_person, levels_by_result, levels_by_time


def write_levels(book: Book) -> None:
    """For each result the share of sessions at each level: over all, by therapist, over time."""
    study, words = book.study, book.study.words
    tables = [*levels_by_result(study), *levels_by_time(study), *levels_by_person(study)]
    parts = [_part(book, each) for each in tables if each.table.rows]
    sheet = book.sheet(book.tabs["levels"])
    wide = set_grid(book, sheet, "levels", parts)
    row = write_title(book, sheet, "levels", wide)
    notes = tuple(words.say(key) for key in ("levels.lead", "levels.few"))
    laid = lay_parts(book, sheet, "levels", [Part(above=notes), *parts], row, wide)
    print_setup(book, sheet, "levels", (laid.below - 2, wide), high=0)
    sheet.freeze_panes = "B3"


def _part(book: Book, made: LevelsTable) -> Part:
    title = book.study.words.say("chart.shares.title", what=made.heading)
    titles = (title, "chart.shares.alt", "chart.shares.part")
    chart = stacked_shares(book, made.table, titles, made.levels, undecided=made.undecided)
    return Part(made.heading, table=made.table, chart=chart)
