"""A consent withdrawn: what was stored goes from every revision, and the log keeps a gap that holds."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select, update

from fidelity.store.log import append
from fidelity.store.receipts import files_of
from fidelity.store.tables import REVISION

BLANKED = ("checklist", "observation", "occasion", "rater", "client", "salt", "content", "why")


class Withdrawal(NamedTuple):
    """What went: whole records, the entries of the log that are gaps now, the files they came from."""

    entry: int
    records: tuple[int, ...]
    gaps: tuple[int, ...]
    files: tuple[str, ...]


def affected(connection: Connection, clients: tuple[str, ...], sessions: tuple[str, ...]) -> Withdrawal:
    """What a withdrawal would take away; nothing is changed."""
    meant = REVISION.c.client.in_(clients) | REVISION.c.occasion.in_(sessions)
    latest = select(REVISION.c.record).where(meant, REVISION.c.latest == 1)
    # A record that was once booked to this client by mistake belongs to another one now, and stays.
    gaps = _sequences(connection, meant | REVISION.c.record.in_(latest))
    records = tuple(connection.execute(latest.order_by(REVISION.c.record)).scalars())
    return Withdrawal(0, records, gaps, tuple(files_of(connection, set(gaps))))


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
    entry = append(connection, "withdrawal", who, note=note)
    gone = update(REVISION).where(REVISION.c.sequence.in_(found.gaps))
    connection.execute(gone.values(dict.fromkeys(BLANKED)))
    return found._replace(entry=entry.sequence)


def wipe(connection: Connection) -> None:
    """Writes the database anew, so that no page of the file keeps what went; outside a transaction."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM FULL revision")
        return
    cursor = connection.connection.cursor()
    for order in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        cursor.execute(order)
    cursor.close()


def _sequences(connection: Connection, meant: ColumnElement[bool]) -> tuple[int, ...]:
    there = select(REVISION.c.sequence).where(meant, REVISION.c.content.is_not(None))
    return tuple(connection.execute(there.order_by(REVISION.c.sequence)).scalars())
