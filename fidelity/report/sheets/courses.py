"""The Scores sheet: all scores of everybody in order, where there is no sheet a therapist to hold them."""

from openpyxl.utils import get_column_letter, quote_sheetname

from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.sheet import Book, lay_table, print_setup, repeat, set_widths
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Column, Table, Value, table


def write_courses(book: Book) -> None:
    """One row a therapist, one column a session; the bars of the Summary read them."""
    study, courses = book.study, courses_table(book.study)
    sheet = book.sheet(book.tabs["courses"])
    set_widths(sheet, [book.look.width("courses", each.key) for each in courses.columns])
    wide = len(courses.columns)
    row = write_title(book, sheet, "courses", max(wide, 8), score=study.measure.name)
    laid = lay_table(book, sheet, courses, (row + 1, 1), 15, as_data=True)
    print_setup(book, sheet, "courses", (laid.last, wide), high=0)
    repeat(sheet, laid.head, 1)
    for number, (person, score) in enumerate(study.people):
        if person.therapist not in book.bars and score.sessions:
            at = laid.first + number
            last = get_column_letter(1 + study.room_for(len(score.sessions)))
            book.bars[person.therapist] = f"{quote_sheetname(sheet.title)}!$B${at}:${last}${at}"


def courses_table(study: ReportedStudy) -> Table:
    """Every therapist's scores in order of the sessions, as the Summary lists the therapists."""
    longest, places = study.longest_course, study.measure.places
    columns = [
        column(study.words, "therapist", "person"),
        *(Column("course", str(number), "marker", places) for number in range(1, longest + 1)),
    ]
    rows: list[list[Value]] = [
        [
            person.therapist,
            *(session.score for session in score.sessions),
            *[None] * (longest - len(score.sessions)),
        ]
        for person, score in study.people
    ]
    return table("Courses_table", "", columns, rows)
