"""One therapist's sheet, one page if readable: status, meaning, course, parts, strengths, what to try."""

from math import sqrt

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.course import Course
from fidelity.report.feedback import course_alt
from fidelity.report.look import Look
from fidelity.report.overview import gate_titles
from fidelity.report.sheets.charts import Block, Frame, Line, Titles, line_chart, place
from fidelity.report.sheets.sheet import (
    Book,
    Laid,
    fits_a_page,
    grow,
    lay_table,
    link,
    print_setup,
    set_widths,
    span,
)
from fidelity.report.status import next_step, standard_sentence, standard_status, trend_sentence, trend_status
from fidelity.report.tables.evidence import evidence_table
from fidelity.report.tables.items import own_fallen_table
from fidelity.report.tables.limits import limits_table
from fidelity.report.tables.people import course_of
from fidelity.report.tables.person import (
    course_table,
    missed_table,
    other_scores_table,
    parts_table,
    well_table,
)
from fidelity.report.tables.sessions import levels_sentence
from fidelity.report.tables.table import Table, has_column
from fidelity.report.words import harmless, joined
from fidelity.spreadsheet import put

WIDE = 5
CHART_ROWS = 15
CHART_ROW = 17.0
DASHED = {"upper": ("limits", 1.0, "dash"), "lower": ("limits", 1.0, "dash")}


def write_therapist(book: Book, person: TherapistSummary, score: ScoreSummary, number: int) -> None:
    """The sheet, and below the printed page the numbers behind its chart."""
    sheet = book.sheet(book.people[person.therapist])
    _set_widths(book, sheet)
    line = course_of(book.study, score)
    row = _write_top(book, sheet, person, score)
    chart_at = _section(book, sheet, row, "course")
    row = chart_at + CHART_ROWS
    row = _write_note(book, sheet, row)
    row = _write_tables(book, sheet, person, number, row)
    row = _write_lines(book, sheet, person, score, row)
    high = 1 if fits_a_page(book.look, sheet, (row - 1, WIDE)) else 0
    print_setup(book, sheet, "therapist", (row - 1, WIDE), high)
    laid, table = _write_course(book, sheet, line, number, row + 2)
    _draw(book, sheet, (person, score, line), laid, table, chart_at)


def _set_widths(book: Book, sheet: Worksheet) -> None:
    first, number, words, other = (
        book.look.width("therapist", key) for key in ("first", "number", "words", "other")
    )
    set_widths(sheet, [first, number, number, number, words, *[other] * 8])


def _section(book: Book, sheet: Worksheet, row: int, key: str) -> int:
    span(book, sheet, row, (1, WIDE), book.look.sheets["therapist"][key], "FID Section")
    grow(sheet, row, 24)
    return row + 1


# ---- Top: who, how things stand, what it means


def _write_top(book: Book, sheet: Worksheet, person: TherapistSummary, score: ScoreSummary) -> int:
    words, settings = book.study.words, book.look.sheets["therapist"]
    title = settings["title"].format(name=harmless(person.therapist), format=harmless(person.modality))
    put(sheet.cell(1, 1), joined(*title.split(" · ")), "FID Title")
    if book.tabs["summary"] in book.workbook.sheetnames:
        back = settings["back"].format(summary=book.tabs["summary"])
        put(sheet.cell(1, WIDE), back, "FID Back")
        link(sheet, (1, WIDE), book.tabs["summary"])
    grow(sheet, 1, 30)
    subtitle = words.say(
        "therapist.subtitle",
        checklist=book.study.checklist.title,
        period=words.period(person.first_date, person.last_date),
        raters=words.names(person.raters),
    )
    span(book, sheet, 2, (1, WIDE), joined(*subtitle.split(" · ")), "FID Subtitle")
    _write_strip(book, sheet, 4, score)
    row = 7
    for text in sentences(book, person, score):
        span(book, sheet, row, (1, WIDE), text, "FID Lead")
        row += 1
    return row + 1


def _write_strip(book: Book, sheet: Worksheet, row: int, score: ScoreSummary) -> None:
    words, how = book.study.words, book.study.measure
    standard, trend = standard_status(words, score), trend_status(words, score)
    last = score.sessions[-1].score if score.sessions else None
    told = [
        (words.say("column.standard"), standard.text if standard else "–", standard.look if standard else ""),
        (words.say("column.sessions"), str(score.n), ""),
        (words.say("column.mean", unit=""), how.text(score.mean), ""),
        (words.say("column.last", unit=""), how.text(last), ""),
        (words.say("column.trend"), trend.text, trend.look),
    ]
    for column, (label, value, look) in enumerate(told, start=1):
        style = f"FID {look.capitalize()} value" if look else "FID Strip value"
        put(sheet.cell(row, column), book.readable(label, "FID Strip"), "FID Strip")
        put(sheet.cell(row + 1, column), book.readable(value, style), style)
    grow(sheet, row, 17 * sqrt(book.look.tall))
    grow(sheet, row + 1, 25 * sqrt(book.look.tall))


def sentences(book: Book, person: TherapistSummary, score: ScoreSummary) -> list[str]:
    """What the statuses mean for this person."""
    study = book.study
    said = [
        trend_sentence(study.words, score, study.measure, study.sigma),
        standard_sentence(study.words, score, study.measure, study.standard),
        _capped(book, person),
        _levels(book, person),
    ]
    return [text for text in said if text]


def _capped(book: Book, person: TherapistSummary) -> str:
    study = book.study
    number = study.capped(person.therapist)
    if not number:
        return ""
    rules = gate_titles(study.words, study.checklist)
    return study.words.say(
        "supervisor.capped.one", number=number, of=study.observed(person.therapist), rules=rules
    )


def _levels(book: Book, person: TherapistSummary) -> str:
    levels = levels_sentence(book.study, person)
    return book.study.words.say("therapist.levels", levels=levels) if levels else ""


# ---- Middle: tables


def _write_note(book: Book, sheet: Worksheet, row: int) -> int:
    span(book, sheet, row, (1, WIDE), book.study.words.say("chart.course.note"), "FID Note")
    return row + 2


def _write_tables(book: Book, sheet: Worksheet, person: TherapistSummary, number: int, row: int) -> int:
    study, words = book.study, book.study.words
    row = _write_table(book, sheet, "scores", other_scores_table(study, person, number), row)
    row = _write_table(book, sheet, "evidence", evidence_table(study, person, number), row)
    row = _write_table(book, sheet, "parts", parts_table(study, person, number), row)
    looked_at = study.observed_lately(person.therapist)
    no_step = words.say("therapist.well_none") if looked_at else ""
    row = _write_table(book, sheet, "well", well_table(study, person, number), row, no_step)
    row = _write_table(book, sheet, "limits", limits_table(study, person, number), row)
    nothing = words.say("therapist.missed_none", number=looked_at) if looked_at and not person.limits else ""
    missed = missed_table(study, person, number)
    heading = "missed" if has_column(missed, "try") else "missed_only"
    row = _write_table(book, sheet, heading, missed, row, nothing)
    return _write_table(book, sheet, "fallen", own_fallen_table(study, person, number), row)


def _write_table(book: Book, sheet: Worksheet, key: str, table: Table, row: int, otherwise: str = "") -> int:
    if not table.rows and not otherwise:
        return row
    row = _section(book, sheet, row, key)
    if not table.rows:
        span(book, sheet, row, (1, WIDE), otherwise, "FID Note")
        return row + 2
    return lay_table(book, sheet, table, (row, 1), 17).last + 2


def _write_lines(
    book: Book, sheet: Worksheet, person: TherapistSummary, score: ScoreSummary, row: int
) -> int:
    words, capped = book.study.words, book.study.capped_lately(person.therapist)
    row = _section(book, sheet, row, "lines")
    suggested = words.say("therapist.suggested", next_step=next_step(words, score, capped))
    span(book, sheet, row, (1, WIDE), suggested, "FID Note")
    for key in words.wordings["therapist"]["lines"]:
        row += 1
        put(sheet.cell(row, 1), words.say(f"therapist.lines.{key}"), "FID Field label")
        span(book, sheet, row, (2, WIDE), "", "FID Field")
        grow(sheet, row, 25)
    return row + 1


# ---- Below the page: the chart's numbers; and the chart


def _write_course(book: Book, sheet: Worksheet, line: Course, number: int, row: int) -> tuple[Laid, Table]:
    table = course_table(book.study, line, number)
    span(book, sheet, row, (1, WIDE), book.look.sheets["therapist"]["chart_data"], "FID Section")
    return lay_table(book, sheet, table, (row + 1, 1), 16), table


def _draw(
    book: Book,
    sheet: Worksheet,
    whose: tuple[TherapistSummary, ScoreSummary, Course],
    laid: Laid,
    table: Table,
    top: int,
) -> None:
    person, score, line = whose
    if not line.points:
        return
    titles = course_titles(book, person, score, line)
    lines = _lines(book.look, line)
    drawn = [(table.place(key) + 1, style) for key, style in lines if has_column(table, key)]
    block = Block(sheet, laid.head, laid.last, table.place("label") + 1)
    chart = line_chart(book.look, block, drawn, titles, book.study.measure.axis(line.scores))
    for row in range(top, top + CHART_ROWS):
        grow(sheet, row, CHART_ROW)
    place(book, sheet, chart, Frame(1, top, WIDE, top + CHART_ROWS - 1), titles)
    letter = get_column_letter(table.place("score") + 1)
    last = laid.head + book.study.room_for(len(line.points))
    book.bars[person.therapist] = f"{quote_sheetname(sheet.title)}!${letter}${laid.first}:${letter}${last}"


def _lines(look: Look, line: Course) -> list[tuple[str, Line]]:
    change = look.colour("chart.rising" if line.rises else "chart.signal")
    return [
        ("upper", Line(look.colour("chart.limits"), 1.0, "dash")),
        ("centre", Line(look.colour("chart.centre"), 1.0)),
        ("lower", Line(look.colour("chart.limits"), 1.0, "dash")),
        ("standard", Line(look.colour("chart.standard"), 1.5, "sysDot")),
        ("score", Line(look.colour("chart.observations"), 2.25, marker="circle")),
        ("changed", Line(change, marker="triangle" if line.rises else "diamond", size=10)),
    ]


def course_titles(book: Book, person: TherapistSummary, score: ScoreSummary, line: Course) -> Titles:
    """Title of the control chart, and its message for those who do not see it."""
    how = book.study.measure
    title = book.study.words.say("chart.course.title", score=f"{how.name}{how.unit}")
    return Titles(title, course_alt(book.study, person, score, line))
