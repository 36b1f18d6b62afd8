"""Contacts with clients -> a plain table: for each client whether there were enough, and soon enough."""

from fidelity.model.standing import DoseStanding, Standings
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import status
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Table, Value, table, without


def doses_table(study: ReportedStudy, standings: Standings) -> Table:
    """One row for each client of each therapist: two findings, never one verdict."""
    words = study.words
    columns = [
        column(words, "therapist", "person"),
        column(words, "client", "code"),
        column(words, "dose"),
        column(words, "contacts", "status"),
        column(words, "duration", "status"),
        column(words, "contacts_so_far", "count"),
        column(words, "first_contact", "date"),
        column(words, "last_contact", "date"),
    ]
    rows = [_row(study, one.therapist, each) for one in standings.therapists for each in one.doses]
    absent = set() if any(row[1] for row in rows) else {"client"}
    if len({row[2] for row in rows}) < 2:
        absent |= {"dose"}
    return table("Doses_table", "", *without(columns, rows, absent))


def _row(study: ReportedStudy, therapist: str, each: DoseStanding) -> list[Value]:
    return [
        therapist,
        each.client or None,
        each.dose.title,
        status(study.words, "dose", each.contacts),
        status(study.words, "dose", each.duration),
        each.number,
        each.first,
        each.last,
    ]
