"""The Sampling sheet: what was planned to be observed and what came of it, therapist by therapist."""

from collections.abc import Iterator

from fidelity.model.summary import Sampling
from fidelity.report.sheets.sheet import Book, print_setup
from fidelity.report.sheets.stacked import Part, lay_parts, set_grid
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.sampling import reasons_table, sampled_table, sampling_lead, sampling_notes


def write_sampling(book: Book, sampling: Sampling) -> None:
    """For each sample the counts of every therapist, why sessions were lost, what does not fit the plan."""
    sheet, parts = book.sheet(book.tabs["sampling"]), [*_parts(book, sampling)]
    wide = set_grid(book, sheet, "sampling", parts)
    standings = book.study.standings
    programme = standings.programme.title if standings else ""
    row = write_title(book, sheet, "sampling", wide, programme=programme)
    laid = lay_parts(book, sheet, "sampling", parts, row + 1, wide)
    print_setup(book, sheet, "sampling", (laid.below - 2, wide), high=0)
    sheet.freeze_panes = "B3"


def _parts(book: Book, sampling: Sampling) -> Iterator[Part]:
    study, words = book.study, book.study.words
    for number, sample in enumerate(sampling.samples, start=1):
        yield Part(
            sample.title or sample.sample,
            above=(sampling_lead(study, sample),),
            table=sampled_table(study, sample, number),
            below=tuple(sampling_notes(study, sample)),
        )
        reasons = reasons_table(study, sample, number)
        yield Part(
            book.look.sheets["sampling"]["reasons"],
            above=() if reasons.rows else (words.say("sampling.none_lost"),),
            table=reasons,
        )
