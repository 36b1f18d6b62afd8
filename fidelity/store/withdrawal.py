"""A consent withdrawn: what was stored goes from every revision, and the log keeps a gap that holds."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, select, update
from sqlalchemy.exc import DBAPIError

from fidelity.store.address import Address
from fidelity.store.consent import TAKEN_BACK, WITHDRAWAL
from fidelity.store.content import columns_of
from fidelity.store.log import append
from fidelity.store.opening import PATIENCE
from fidelity.store.prepared import as_written
from fidelity.store.receipts import files_of
from fidelity.store.tables import REVISION
from fidelity.store.trouble import first_words, store_problem

BLANKED = ("checklist", "observation", "occasion", "rater", "client", "salt", "content", "why")


class Withdrawal(NamedTuple):
    """What went: whole records, the entries of the log that are gaps now, whose they were, their files."""

    entry: int
    records: tuple[int, ...]
    gaps: tuple[int, ...]
    sessions: tuple[str, ...]
    clients: tuple[str, ...]
    therapists: tuple[str, ...]
    raters: tuple[str, ...]
    files: tuple[str, ...]


def stored_codes(connection: Connection) -> tuple[set[str], set[str]]:
    """The clients and the sessions of whom anything is stored, in any revision."""
    return _codes(connection, REVISION.c.client), _codes(connection, REVISION.c.occasion)


def affected(connection: Connection, clients: tuple[str, ...], sessions: tuple[str, ...]) -> Withdrawal:
    """What a withdrawal would take away; nothing is changed."""
    meant = REVISION.c.client.in_(clients) | REVISION.c.occasion.in_(sessions)
    latest = select(REVISION.c.record).where(meant, REVISION.c.latest == 1)
    # A record that was once booked to this client by mistake belongs to another one now, and stays.
    gone = _there(connection, meant | REVISION.c.record.in_(latest))
    records = tuple(connection.execute(latest.order_by(REVISION.c.record)).scalars())
    read = [columns_of(content) for _, _, content in gone]
    return Withdrawal(
        entry=0,
        records=records,
        gaps=tuple(sequence for sequence, _, _ in gone),
        sessions=_each_once(occasion for _, occasion, _ in gone),
        clients=_each_once(columns.get("client", "") for columns in read),
        therapists=_each_once(columns.get("therapist", "") for columns in read),
        raters=_each_once(columns.get("rater", "") for columns in read),
        files=tuple(files_of(connection, {sequence for sequence, _, _ in gone})),
    )


def withdraw(
    connection: Connection, clients: tuple[str, ...], sessions: tuple[str, ...], why: str, who: str
) -> Withdrawal:
    """Takes everything of these clients and sessions away, within a transaction, and says so in the log."""
    found = affected(connection, clients, sessions)
    note = {
        "clients": list(clients),
        "sessions": list(sessions),
        "why": why,
        "records": list(found.records),
        "gaps": list(found.gaps),
    }
    entry = append(connection, WITHDRAWAL, who, note=note)
    gone = update(REVISION).where(REVISION.c.sequence.in_(found.gaps))
    connection.execute(gone.values(dict.fromkeys(BLANKED)))
    return found._replace(entry=entry.sequence)


def take_back(
    connection: Connection, clients: tuple[str, ...], sessions: tuple[str, ...], why: str, who: str
) -> int:
    """Lets codes that were withdrawn by mistake be stored again; gives the entry that says so.

    What went stays gone: it is nowhere any more. The files it came from may come in again.
    """
    note = {"clients": list(clients), "sessions": list(sessions), "why": why}
    return append(connection, TAKEN_BACK, who, note=note).sequence


def wipe(connection: Connection, address: Address) -> None:
    """Writes the database anew, so that no page of the file keeps what went; outside a transaction."""
    try:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
            as_written(connection, f"SET lock_timeout = '{PATIENCE}s'")
            as_written(connection, "VACUUM FULL revision")
        else:
            _rewrite(connection, address)
    except DBAPIError as trouble:
        raise store_problem(address, "store_not_wiped", trouble=first_words(trouble)) from trouble


def _rewrite(connection: Connection, address: Address) -> None:
    for order in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        answer = as_written(connection, order)
        if answer is not None and answer[0]:  # somebody still reads what was there before
            raise store_problem(address, "store_not_wiped", trouble="another program has it open")


def _there(connection: Connection, meant: ColumnElement[bool]) -> list[tuple[int, str, str]]:
    """Entry, session and content of the revisions that are meant and still there."""
    wanted = select(REVISION.c.sequence, REVISION.c.occasion, REVISION.c.content)
    there = wanted.where(meant, REVISION.c.content.is_not(None)).order_by(REVISION.c.sequence)
    return [(sequence, occasion, content) for sequence, occasion, content in connection.execute(there)]


def _codes(connection: Connection, column: Column[str]) -> set[str]:
    there = select(column).where(REVISION.c.content.is_not(None)).distinct()
    return {code for code in connection.execute(there).scalars() if code}


def _each_once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))
