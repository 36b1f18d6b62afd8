"""The Problems sheet: what was refused, kept out of the averages, or told; nothing is dropped in silence."""

from fidelity.report.sheets.sheet import Book, lay_table, print_setup, repeat, set_widths, span
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.problems import problem_counts
from fidelity.report.tables.table import Table


def write_problems(book: Book, problems: Table) -> None:
    """One row a finding, with the row of the file that it is about."""
    study, words = book.study, book.study.words
    sheet = book.sheet(book.tabs["problems"])
    set_widths(sheet, [book.look.width("problems", column.key) for column in problems.columns])
    wide = len(problems.columns)
    row = write_title(book, sheet, "problems", wide)
    span(book, sheet, row, (1, wide), words.say("problems.lead", **problem_counts(study)), "FID Lead")
    span(book, sheet, row + 1, (1, wide), words.say("problems.note"), "FID Note")
    laid = lay_table(book, sheet, problems, (row + 3, 1), 16, as_data=True)
    print_setup(book, sheet, "problems", (laid.last, wide), high=0)
    repeat(sheet, laid.head)


def has_problems(problems: Table) -> bool:
    """Whether there is anything to say."""
    return bool(problems.rows)
