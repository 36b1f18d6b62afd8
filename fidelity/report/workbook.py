"""A study -> the workbook, as bytes; the same bytes each time; and small workbooks of single therapists."""

from collections.abc import Iterator, Mapping

from openpyxl import Workbook

from fidelity.report.following import link_columns, rows_of_sessions
from fidelity.report.look import add_styles, shipped_look
from fidelity.report.pages.file_names import file_names
from fidelity.report.progress import Progress, quiet
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.chosen import Asked, ChosenSheets, chosen_sheets
from fidelity.report.sheets.courses import write_courses
from fidelity.report.sheets.doses import has_doses, write_doses
from fidelity.report.sheets.drawing_xml import finishing
from fidelity.report.sheets.drift import write_drift
from fidelity.report.sheets.evidence import write_evidence
from fidelity.report.sheets.frame import write_frame
from fidelity.report.sheets.item_analysis import write_item_analysis
from fidelity.report.sheets.levels import write_levels
from fidelity.report.sheets.problems import write_problems
from fidelity.report.sheets.records import write_items, write_method, write_sessions
from fidelity.report.sheets.reliability import write_reliability
from fidelity.report.sheets.sampling import write_sampling
from fidelity.report.sheets.sheet import Book
from fidelity.report.sheets.stages import write_stages
from fidelity.report.sheets.summary import write_summary
from fidelity.report.sheets.therapist import write_therapist
from fidelity.report.sheets.trial import write_trial
from fidelity.report.tables.agreement import has_agreement
from fidelity.report.tables.evidence import discrepancies_table
from fidelity.report.tables.problems import problems_table
from fidelity.report.tables.sampling import has_sampling
from fidelity.spreadsheet import save_bytes, sheet_name

FIXED = (
    *("summary", "courses", "drift", "reliability", "item_analysis", "levels", "stages", "doses", "trial"),
    *("sampling", "frame", "evidence", "sessions", "problems", "method", "items"),
)


def workbook_bytes(study: ReportedStudy, asked: Asked | None = None, progress: Progress = quiet) -> bytes:
    """The workbook: Summary, sheets of therapists, then sheet by sheet what has something to say.

    `asked` says whose sheets are in it: by default everybody's up to 60 therapists, and beyond that those of
    people who need attention; `therapist_workbooks` makes the others.
    """
    chosen = chosen_sheets(study, asked)
    book = _open(study, chosen)
    first = book.sheet(book.tabs["summary"])
    numbers = _numbers(study)
    for done, (person, score) in enumerate(chosen.inside, start=1):
        progress(done, len(chosen.inside))
        write_therapist(book, person, score, numbers[person.therapist])
    if len(chosen.inside) < len(study.people):
        write_courses(book)
    _write_others(book)
    write_summary(book, first, apart=len(chosen.apart))
    return _finished(book)


def therapist_workbooks(
    study: ReportedStudy, asked: Asked | None = None, progress: Progress = quiet
) -> Iterator[tuple[str, bytes]]:
    """File name and content of a small workbook for each therapist without a sheet in the large one."""
    apart = chosen_sheets(study, asked).apart
    names = file_names(((person.therapist, person.therapist) for person, _ in apart), "xlsx")
    for done, (person, score) in enumerate(apart, start=1):
        progress(done, len(apart))
        book = _open(study, ChosenSheets([(person, score)], ()), follow=False)
        write_therapist(book, person, score, 1)
        yield names[person.therapist], _finished(book)


def _numbers(study: ReportedStudy) -> Mapping[str, int]:
    return {person.therapist: number for number, (person, _) in enumerate(study.people, start=1)}


def _write_others(book: Book) -> None:
    """From supervisor to auditor; a sheet only where it has something to say."""
    study, beside = book.study, book.study.beside
    if study.has_course:
        write_drift(book)
    if beside.agreement is not None and has_agreement(study):
        write_reliability(book, beside.agreement)
    if any(each.rated for each in beside.items):
        write_item_analysis(book)
    if study.checklist.results and study.sessions and study.has_course:
        write_levels(book)
    if study.standings is not None:
        write_stages(book, study.standings)
        if has_doses(study.standings):
            write_doses(book, study.standings)
    if beside.audit is not None and beside.audit.actual.headline.observed:
        write_trial(book, beside.audit)
    if beside.sampling is not None and has_sampling(study):
        write_sampling(book, beside.sampling)
    if study.checklist.origin is not None:
        write_frame(book, study.checklist.origin)
    if discrepancies_table(study).rows:
        write_evidence(book)
    _write_records(book)


def _write_records(book: Book) -> None:
    """The sheets for those who check, with links from what is counted to what it rests on."""
    sessions = write_sessions(book)
    problems = problems_table(book.study)
    if problems.rows:
        write_problems(book, problems)
    link_columns(book, sessions, method=write_method(book), items=write_items(book))


def _open(study: ReportedStudy, chosen: ChosenSheets, *, follow: bool = True) -> Book:
    """An empty workbook; with `follow` the names of sessions lead to the sheet Sessions."""
    look = shipped_look(study.words.language)
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
    for person, _ in chosen.inside:
        people[person.therapist] = sheet_name(person.therapist, taken)
        taken.append(people[person.therapist])
    rows = rows_of_sessions(study) if follow else {}
    return Book(workbook, study, look, tabs, people, rows)


def _finished(book: Book) -> bytes:
    order = [sheet.title for sheet in book.workbook.worksheets]
    alt_texts = [book.alt_texts[title] for title in order if title in book.alt_texts]
    sparklines = {order.index(title) + 1: drawn for title, drawn in book.sparklines.items()}
    colours = (book.look.colour("chart.bars"), book.look.colour("chart.observations"))
    long = {order.index(title) + 1: rows for title, rows in book.long.items()}
    return save_bytes(book.workbook, finishing(alt_texts, sparklines, colours, long))
