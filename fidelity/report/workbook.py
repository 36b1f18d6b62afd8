"""A study -> the workbook, as bytes; the same bytes each time."""

from openpyxl import Workbook

from fidelity.report.drawing_xml import finishing
from fidelity.report.drift_sheet import write_drift
from fidelity.report.look import Look, add_styles, shipped_look
from fidelity.report.record_sheets import write_items, write_method, write_sessions
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheet import Book
from fidelity.report.stages_sheet import write_stages
from fidelity.report.summary_sheet import write_summary
from fidelity.report.therapist_sheet import write_therapist
from fidelity.spreadsheet import save_bytes, sheet_name

FIXED = ("summary", "stages", "drift", "sessions", "method", "items")


def workbook_bytes(study: ReportedStudy) -> bytes:
    """The workbook: Summary, a sheet per therapist, Drift, Sessions, Method and provenance, Items.

    With the standings of a programme Stages comes before Drift.
    """
    book = _open(study, shipped_look(study.words.language))
    first = book.sheet(book.tabs["summary"])
    for number, (person, score) in enumerate(study.people, start=1):
        write_therapist(book, person, score, number)
    write_summary(book, first)
    if study.standings is not None:
        write_stages(book, study.standings)
    if study.has_course:
        write_drift(book)
    write_sessions(book)
    write_method(book)
    write_items(book)
    return _finished(book)


def _open(study: ReportedStudy, look: Look) -> Book:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook, look)
    properties = workbook.properties
    properties.title = f"{look.sheets['summary']['title']}: {study.checklist.title}"
    properties.subject = f"{study.checklist.id} {study.checklist.about.version}"
    properties.language = study.words.language
    properties.creator = properties.lastModifiedBy = study.summary.provenance.software
    tabs = {key: look.sheets[key]["name"] for key in FIXED}
    taken, people = list(tabs.values()), {}
    for person, _ in study.people:
        people[person.therapist] = sheet_name(person.therapist, taken)
        taken.append(people[person.therapist])
    return Book(workbook, study, look, tabs, people)


def _finished(book: Book) -> bytes:
    order = [sheet.title for sheet in book.workbook.worksheets]
    alt_texts = [book.alt_texts[title] for title in order if title in book.alt_texts]
    sparklines = {order.index(title) + 1: drawn for title, drawn in book.sparklines.items()}
    colours = (book.look.colour("chart.bars"), book.look.colour("chart.observations"))
    return save_bytes(book.workbook, finishing(alt_texts, sparklines, colours))
