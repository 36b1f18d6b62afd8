"""Observations -> revisions of records, each with its entry in the log; what comes again is nothing new."""

import secrets
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from fidelity.store.content import Given
from fidelity.store.log import About, append, digest_of, entries_of
from fidelity.store.tables import REVISION

Outcome = Literal["new", "revision", "same"]


class Kept(NamedTuple):
    """What came of an observation: the record and its revision, and the entry that tells of it."""

    outcome: Outcome
    record: int
    number: int
    sequence: int


class Stored(NamedTuple):
    """The latest revision of a record."""

    sequence: int
    record: int
    number: int
    checklist: str
    observation: str
    occasion: str
    rater: str
    content: str


Why = Literal["withdrawn_client", "withdrawn_session", "unnamed_rater", "observation_taken", "record_taken"]


class Objection(NamedTuple):
    """Why an observation is not kept, and the session that is in its way where one is."""

    why: Why
    other: str = ""


class Withdrawn(NamedTuple):
    """Clients and sessions whose consent was withdrawn: nothing of them is kept again."""

    clients: frozenset[str]
    sessions: frozenset[str]


def objection_to(
    connection: Connection, given: Given, withdrawn: Withdrawn, *, alone: bool = False
) -> Objection | None:
    """Why it cannot be kept, or nothing; `alone` says that the checklist is never rated by two."""
    if given.observation.client in withdrawn.clients:
        return Objection("withdrawn_client")
    if given.occasion in withdrawn.sessions:
        return Objection("withdrawn_session")
    before = latest(connection, given)
    if before is None:
        taken = connection.execute(_NAMED, {"c": given.checklist, "n": given.observation.observation}).first()
        return Objection("observation_taken", taken.occasion) if taken else None
    if not (given.observation.rater or alone) and before.content != given.called(before.observation).content:
        return Objection("unnamed_rater")
    return None


def objection_to_correction(
    connection: Connection, given: Given, before: Stored, withdrawn: Withdrawn
) -> Objection | None:
    """Why a record cannot become this: it was withdrawn, or another record has the session or the name."""
    if given.observation.client in withdrawn.clients:
        return Objection("withdrawn_client")
    if given.occasion in withdrawn.sessions:
        return Objection("withdrawn_session")
    there = latest(connection, given)
    if there is not None and there.record != before.record:
        return Objection("record_taken", there.observation)
    taken = connection.execute(_NAMED, {"c": given.checklist, "n": given.observation.observation}).first()
    if taken is not None and taken.record != before.record:
        return Objection("observation_taken", taken.occasion)
    return None


def keep(connection: Connection, given: Given, who: str) -> Kept:
    """Stores the observation with its entry of the log, within a transaction, if it says anything new."""
    before = latest(connection, given)
    if before is not None:
        given = given.called(before.observation)
    if before is not None and before.content == given.content:
        return Kept("same", before.record, before.number, before.sequence)
    return add_revision(connection, given, who, before)


def add_revision(
    connection: Connection, given: Given, who: str, before: Stored | None, why: str = ""
) -> Kept:
    """One more revision of a record, or the first of a new one; `why` says that it is a correction."""
    number, salt, content = before.number + 1 if before else 1, secrets.token_hex(16), given.content
    about = About(before.record if before else None, number, digest_of(salt, content, why))
    entry = append(connection, "correction" if why else "observation", who, about)
    record = entry.record or entry.sequence
    if before is not None:
        connection.execute(_NO_LONGER_LATEST, {"r": record})
    connection.execute(
        _ADD,
        {
            "sequence": entry.sequence,
            "record": record,
            "number": number,
            "latest": 1,
            "checklist": given.checklist,
            "observation": given.observation.observation,
            "occasion": given.occasion,
            "rater": given.observation.rater,
            "client": given.observation.client,
            "salt": salt,
            "content": content,
            "why": why,
        },
    )
    return Kept("revision" if before else "new", record, number, entry.sequence)


def stored(connection: Connection, checklist: str = "") -> Iterator[Stored]:
    """The latest revision of every record that is still there, in the order in which they were first kept."""
    wanted = _ALL if not checklist else _ALL.where(REVISION.c.checklist == checklist)
    return (Stored(*row) for row in connection.execute(wanted))


def named(connection: Connection, observation: str) -> list[Stored]:
    """The latest revisions of the observations of this name, of whatever checklist."""
    return [Stored(*row) for row in connection.execute(_ALL.where(REVISION.c.observation == observation))]


def withdrawn(connection: Connection) -> Withdrawn:
    """Whose consent was withdrawn so far."""
    notes = [entry.noted for entry in entries_of(connection, "withdrawal")]
    return Withdrawn(
        frozenset(_named(notes, "clients")),
        frozenset(_named(notes, "sessions")),
    )


def _named(notes: Iterable[dict[str, Any]], what: str) -> Iterator[str]:
    return (str(name) for note in notes for name in note.get(what, ()))


def latest(connection: Connection, given: Given) -> Stored | None:
    """The record that it is of, as it stands now; nothing if there is none yet."""
    checklist, occasion, rater = given.key
    row = connection.execute(_OF_KEY, {"c": checklist, "o": occasion, "r": rater}).first()
    return Stored(*row) if row else None


_THERE = (REVISION.c.latest == 1) & REVISION.c.content.is_not(None)
_OF_KEY = select(*(REVISION.c[name] for name in Stored._fields)).where(
    _THERE,
    REVISION.c.checklist == bindparam("c"),
    REVISION.c.occasion == bindparam("o"),
    REVISION.c.rater == bindparam("r"),
)
_NAMED = select(REVISION.c.occasion, REVISION.c.record).where(
    _THERE, REVISION.c.checklist == bindparam("c"), REVISION.c.observation == bindparam("n")
)
_ALL = select(*(REVISION.c[name] for name in Stored._fields)).where(_THERE).order_by(REVISION.c.record)
# Made once: a statement made anew for every record costs a tenth of storing it.
_ADD = REVISION.insert()
_NO_LONGER_LATEST = update(REVISION).where(REVISION.c.record == bindparam("r")).values(latest=0)
