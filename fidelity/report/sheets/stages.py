"""The Stages sheet: where each therapist stands in the programme, by which observations, what is missing."""

from fidelity.model.standing import Standings, TherapistStanding
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.sheet import Book, lay_table, print_setup, repeat, set_widths, span
from fidelity.report.sheets.summary import write_title
from fidelity.report.standing_words import (
    decided_sentence,
    judged_words,
    missing_sentences,
    standing_status,
)
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Table, Value, table

ROW = 17.0


def write_stages(book: Book, standings: Standings) -> None:
    """A row for each stage of each therapist, those first whose stage ran out or is to be met again."""
    sheet, words = book.sheet(book.tabs["stages"]), book.study.words
    stages = stages_table(book.study, standings)
    set_widths(sheet, [book.look.width("stages", each.key) for each in stages.columns])
    wide, programme = len(stages.columns), standings.programme
    row = write_title(
        book,
        sheet,
        "stages",
        wide,
        programme=programme.title,
        programme_version=programme.about.version,
        judged=judged_words(words, standings),
    )
    for key in ("stage.not_assessed", "stage.highest"):
        span(book, sheet, row, (1, wide), words.say(key), "FID Note")
        row += 1
    laid = lay_table(book, sheet, stages, (row + 1, 1), ROW)
    print_setup(book, sheet, "stages", (laid.last, wide), high=0)
    repeat(sheet, laid.head, 1)


def stages_table(study: ReportedStudy, standings: Standings) -> Table:
    """One row for each stage of each therapist."""
    words = study.words
    columns = [
        column(words, "therapist", "person"),
        column(words, "stage"),
        column(words, "standing", "status"),
        column(words, "stage_since", "date"),
        column(words, "until", "date"),
        column(words, "decided_by"),
        column(words, "still_missing"),
    ]
    rows = [row for one in sorted(standings.therapists, key=_urgency) for row in _rows(study, one)]
    return table("Stages_table", "", columns, rows)


def _urgency(one: TherapistStanding) -> tuple[bool, bool, str, str]:
    """Who has a stage to meet again first, then by the day on which one runs out."""
    return not one.lapsed, one.due is None, one.due.isoformat() if one.due else "", one.therapist


def _rows(study: ReportedStudy, one: TherapistStanding) -> list[list[Value]]:
    titles = study.titles
    return [
        [
            one.therapist,
            each.stage.title,
            standing_status(study.words, each),
            each.since,
            each.until,
            decided_sentence(titles, each) or None,
            " ".join(missing_sentences(titles, each)) or None,
        ]
        for each in one.stages
    ]
