"""The sheet of other kinds of evidence: where they say something else than what was observed."""

from fidelity.report.sheets.sheet import Book, lay_table, print_setup, repeat, set_widths, span
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.evidence import discrepancies_table


def write_evidence(book: Book) -> None:
    """One row for each therapist, score and two kinds of evidence; the largest difference first."""
    sheet, table = book.sheet(book.tabs["evidence"]), discrepancies_table(book.study)
    set_widths(sheet, [book.look.width("evidence", column.key) for column in table.columns])
    wide = len(table.columns)
    row = write_title(book, sheet, "evidence", wide)
    span(book, sheet, row, (1, wide), book.study.words.say("evidence.lead"), "FID Note")
    laid = lay_table(book, sheet, table, (row + 2, 1))
    print_setup(book, sheet, "evidence", (laid.last, wide), high=0)
    repeat(sheet, laid.head, 1)
