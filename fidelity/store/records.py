"""Observations -> revisions of records, each with its entry in the log; what comes again is nothing new."""

import re
import secrets
from collections.abc import Iterator
from typing import Literal, NamedTuple

from sqlalchemy import Connection, bindparam, select, text, update

from fidelity.store.consent import Withdrawn
from fidelity.store.content import Given, columns_of
from fidelity.store.log import About, append, digest_of
from fidelity.store.prepared import carry_out, first_of
from fidelity.store.same_session import Apart, session_in, told_apart
from fidelity.store.tables import REVISION, THERE

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


Why = Literal[
    "withdrawn_client",
    "withdrawn_session",
    "unnamed_rater",
    "observation_taken",
    "record_taken",
    "other_session",
    "no_text",
]
# A server keeps no zero byte, and half a letter has no bytes of its own.
NO_TEXT = re.compile("[\0\ud800-\udfff]")


class Objection(NamedTuple):
    """Why an observation is not kept; and what is in its way: a session, an observation, a column.

    `apart` tells what is in its way from it, where both have the code of one session.
    """

    why: Why
    other: str = ""
    apart: Apart | None = None


def objection_to(
    connection: Connection, given: Given, withdrawn: Withdrawn, *, alone: bool = False
) -> Objection | None:
    """Why it cannot be kept, or nothing; `alone` says that the checklist is never rated by two."""
    own = _objection_of_its_own(given, withdrawn)
    if own is not None:
        return own
    before = latest(connection, given)
    if before is None:
        taken = _of_the_name(connection, given)
        return Objection("observation_taken", taken.occasion) if taken else None
    apart = told_apart(columns_of(before.content), session_in(given.observation))
    if apart is not None and not _corrected_since(connection, _next(given, before), before):
        return Objection("other_session", before.observation, apart)
    if not (given.observation.rater or alone) and before.content != _next(given, before).content:
        return Objection("unnamed_rater")
    return None


def objection_to_correction(
    connection: Connection, given: Given, before: Stored, withdrawn: Withdrawn
) -> Objection | None:
    """Why a record cannot become this: it was withdrawn, or another record has the session or the name."""
    own = _objection_of_its_own(given, withdrawn)
    if own is not None:
        return own
    there = latest(connection, given)
    if there is not None and there.record != before.record:
        return Objection("record_taken", there.observation)
    taken = _of_the_name(connection, given)
    if taken is not None and taken.record != before.record:
        return Objection("observation_taken", taken.occasion)
    return None


def _objection_of_its_own(given: Given, withdrawn: Withdrawn) -> Objection | None:
    """What stands against an observation whatever else is stored."""
    one, odd = given.observation, odd_code(given)
    if odd:
        return Objection("no_text", odd)
    if one.client in withdrawn.clients:
        return Objection("withdrawn_client")
    if given.occasion in withdrawn.sessions:
        return Objection("withdrawn_session")
    return None


def odd_code(given: Given) -> str:
    """The column whose code holds a sign that no text has; nothing where all is well."""
    one = given.observation
    codes = {
        "session": given.occasion,
        "observation": one.observation,
        "therapist": one.therapist,
        "rater": one.rater,
        "client": one.client,
    }
    return next((name for name, code in codes.items() if NO_TEXT.search(code)), "")


def keep(connection: Connection, given: Given, who: str) -> Kept:
    """Stores the observation with its entry of the log, within a transaction, if it says anything new."""
    before = latest(connection, given)
    if before is not None:
        given = _next(given, before)
    if before is not None and (
        before.content == given.content or _corrected_since(connection, given, before)
    ):
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
        carry_out(connection, _NO_LONGER_LATEST, {"r": record})
    carry_out(
        connection,
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


def _corrected_since(connection: Connection, given: Given, before: Stored) -> bool:
    """Whether it says what somebody has corrected: a file that comes again does not undo that."""
    return first_of(connection, _CORRECTED, {"r": before.record, "t": given.content}) is not None


def _next(given: Given, before: Stored) -> Given:
    return given.following(before.observation, before.content)


def stored(connection: Connection, checklist: str = "") -> Iterator[Stored]:
    """The latest revision of every record that is still there, in the order in which they were first kept."""
    wanted = _ALL if not checklist else _ALL.where(REVISION.c.checklist == checklist)
    return (Stored(*row) for row in connection.execute(wanted))


def named(connection: Connection, observation: str) -> list[Stored]:
    """The latest revisions of the observations of this name, of whatever checklist."""
    return [Stored(*row) for row in connection.execute(_ALL.where(REVISION.c.observation == observation))]


def latest(connection: Connection, given: Given) -> Stored | None:
    """The record that it is of, as it stands now; nothing if there is none yet."""
    checklist, occasion, rater = given.key
    row = first_of(connection, _OF_KEY, {"c": checklist, "o": occasion, "r": rater})
    return Stored(*row) if row else None


def _of_the_name(connection: Connection, given: Given) -> Stored | None:
    """The record that has the observation's name now."""
    name = given.observation.observation
    row = first_of(connection, _OF_NAME, {"c": given.checklist, "n": name})
    return Stored(*row) if row else None


_LATEST = select(*(REVISION.c[name] for name in Stored._fields)).where(THERE)
_OF_KEY = _LATEST.where(
    REVISION.c.checklist == bindparam("c"),
    REVISION.c.occasion == bindparam("o"),
    REVISION.c.rater == bindparam("r"),
)
_OF_NAME = _LATEST.where(REVISION.c.checklist == bindparam("c"), REVISION.c.observation == bindparam("n"))
_EARLIER = REVISION.alias("earlier")
_CORRECTED = (
    select(_EARLIER.c.number)
    .join(REVISION, REVISION.c.record == _EARLIER.c.record)
    .where(
        _EARLIER.c.record == bindparam("r"),
        _EARLIER.c.content == bindparam("t"),
        REVISION.c.number > _EARLIER.c.number,
        REVISION.c.why != text("''"),
    )
)
_ALL = _LATEST.order_by(REVISION.c.record)
_ADD = REVISION.insert()
_NO_LONGER_LATEST = update(REVISION).where(REVISION.c.record == bindparam("r")).values(latest=text("0"))
