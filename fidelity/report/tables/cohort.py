"""Who was seen month by month -> a plain table: whether the same people changed, who joined and who left."""

from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Table, Value, table


def cohort_table(study: ReportedStudy) -> Table:
    """One row a month: the average of all, and beside it the change of those seen the month before too."""
    words, places = study.words, max(1, study.measure.places)
    columns = [
        column(words, "period", "strong"),
        column(words, "sessions", "count"),
        column(words, "therapists", "count"),
        column(words, "mean", "number", places, unit=study.measure.unit),
        column(words, "same_people", "count"),
        column(words, "change_same", "change", places),
        column(words, "joined", "count"),
        column(words, "left", "count"),
    ]
    rows: list[list[Value]] = [
        [
            words.month(each.start),
            each.sessions,
            each.therapists,
            each.mean,
            each.same,
            each.change,
            each.joined,
            each.left,
        ]
        for each in study.summary.cohort
    ]
    return table("Cohort_table", "", columns, rows)
