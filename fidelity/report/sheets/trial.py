"""The Trial table sheet: what goes in the paper, and what the file cannot know."""

from collections.abc import Iterator

from fidelity.model.summary import Audit
from fidelity.report.sheets.sheet import Book, print_setup
from fidelity.report.sheets.stacked import Part, lay_parts, set_grid
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.audit import (
    audit_groups_table,
    contamination_table,
    counting_table,
    cross_foot_sentence,
    cross_foot_table,
    left_out_sentence,
    trial_notes,
    trial_table,
    unrated_table,
)


def write_trial(book: Book, audit: Audit) -> None:
    """Arms in columns; below by site and format, ways of counting, unwanted items, totals added again."""
    sheet, parts = book.sheet(book.tabs["trial"]), [*_parts(book, audit)]
    wide = set_grid(book, sheet, "trial", parts)
    row = write_title(book, sheet, "trial", wide)
    laid = lay_parts(book, sheet, "trial", parts, row + 1, wide)
    print_setup(book, sheet, "trial", (laid.below - 2, wide), high=0)
    sheet.freeze_panes = "A3"


def _parts(book: Book, audit: Audit) -> Iterator[Part]:
    study, words = book.study, book.study.words
    yield Part(table=trial_table(study, audit), below=tuple(trial_notes(study, audit)))
    yield Part(words.say("trial.groups"), table=audit_groups_table(study, audit))
    counting = counting_table(study, audit)
    yield Part(
        words.say("trial.counting"),
        above=(words.say("trial.counting_note"),) if counting.rows else (),
        table=counting,
    )
    unwanted = contamination_table(study, audit)
    yield Part(
        words.say("trial.contamination"),
        above=(words.say("trial.contamination_note"),) if unwanted.rows else (),
        table=unwanted,
    )
    yield Part(
        words.say("trial.left_out"),
        above=(left_out_sentence(study, audit),),
        table=unrated_table(study, audit),
    )
    if audit.cross_foot.compared:
        yield Part(
            words.say("trial.cross_foot"),
            above=(cross_foot_sentence(study, audit),),
            table=cross_foot_table(study, audit),
        )
