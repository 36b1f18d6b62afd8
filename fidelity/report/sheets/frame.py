"""The Adaptations sheet: what this checklist changed of its base, why, and what allows it."""

from fidelity.model.adaptation import Origin
from fidelity.report.sheets.sheet import Book, print_setup, span
from fidelity.report.sheets.stacked import Part, lay_parts, set_grid
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.frame import deviations_table, frame_lead, frame_table


def write_frame(book: Book, origin: Origin) -> None:
    """One row a change, by the fields of FRAME, and the deviations that changes rest on."""
    study, words = book.study, book.study.words
    sheet = book.sheet(book.tabs["frame"])
    parts = [
        Part(table=frame_table(study, origin), below=(words.say("frame.reading"),)),
        Part(words.say("frame.deviations"), table=deviations_table(study, origin)),
    ]
    wide = set_grid(book, sheet, "frame", parts)
    row = write_title(book, sheet, "frame", wide)
    span(book, sheet, row, (1, wide), frame_lead(study, origin), "FID Lead")
    laid = lay_parts(book, sheet, "frame", parts, row + 2, wide)
    print_setup(book, sheet, "frame", (laid.below - 2, wide), high=0)
    sheet.freeze_panes = "B3"
