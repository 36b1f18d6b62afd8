"""The Doses sheet: which clients had enough contacts, and soon enough."""

from fidelity.model.period import Period
from fidelity.model.standing import Standings
from fidelity.report.sheets.sheet import Book, lay_table, print_setup, repeat, set_widths, span
from fidelity.report.sheets.summary import write_title
from fidelity.report.standing_words import judged_words
from fidelity.report.tables.doses import doses_table
from fidelity.report.words import Words


def has_doses(standings: Standings) -> bool:
    """Whether the programme asks for a dose and anybody has a client."""
    return any(one.doses for one in standings.therapists)


def write_doses(book: Book, standings: Standings) -> None:
    """A row for each client of each therapist."""
    sheet, words = book.sheet(book.tabs["doses"]), book.study.words
    doses, programme = doses_table(book.study, standings), standings.programme
    set_widths(sheet, [book.look.width("doses", each.key) for each in doses.columns])
    wide = len(doses.columns)
    row = write_title(
        book,
        sheet,
        "doses",
        wide,
        programme=programme.title,
        programme_version=programme.about.version,
        judged=judged_words(words, standings),
    )
    asked = words.names(
        words.say(
            "stage.dose_asked", dose=each.title, number=each.contacts, within=_within(words, each.within)
        )
        for each in programme.doses
    )
    span(book, sheet, row, (1, wide), asked, "FID Note")
    laid = lay_table(book, sheet, doses, (row + 2, 1), 16, as_data=True)
    print_setup(book, sheet, "doses", (laid.last, wide), high=0)
    repeat(sheet, laid.head, 1)


def _within(words: Words, period: Period) -> str:
    many = "one" if period.number == 1 else "many"
    return words.say(f"stage.within_{many}.{period.unit.removesuffix('s')}", number=period.number)
