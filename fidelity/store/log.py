"""The append-only log: every entry holds the hash of the one before, so that no entry changes unseen."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from fidelity.store.prepared import carry_out, first_of
from fidelity.store.tables import LOG

FORMAT = "fidelity-log/1"
NO_HASH = "0" * 64  # what stands before the first entry

# begun, checklist, observation, correction, withdrawal, taken_back, receipt
Kind = str


class Entry(NamedTuple):
    """One line of the log; `record` and `number` say which revision of which record it stored.

    `digest` is that of what was stored, and not the stored itself: the answers can be taken away later and
    the chain still holds.
    """

    sequence: int
    at: str
    who: str
    kind: Kind
    record: int | None
    number: int | None
    digest: str
    note: str
    previous: str
    hash: str

    @property
    def noted(self) -> dict[str, Any]:
        """The note, read."""
        found: dict[str, Any] = json.loads(self.note)
        return found


class Head(NamedTuple):
    """The last entry: its place and its hash, which stands for everything before it."""

    sequence: int
    hash: str


class About(NamedTuple):
    """What an entry is about: which revision of which record it stores, and the digest of what it stores."""

    record: int | None = None
    number: int | None = None
    digest: str = ""


NOTHING = About()


def append(
    connection: Connection,
    kind: Kind,
    who: str,
    about: About = NOTHING,
    note: Mapping[str, object] | None = None,
) -> Entry:
    """One more entry, in a transaction that holds the lock; the first revision numbers its record."""
    last = head(connection)
    sequence = last.sequence + 1
    record = sequence if about.number == 1 else about.record
    at = f"{datetime.now(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    noted = canonical(note or {})
    parts = (sequence, at, who, kind, record, about.number, about.digest, noted, last.hash)
    entry = Entry(*parts, hash_of(*parts))
    carry_out(connection, _APPEND, entry._asdict())
    return entry


def head(connection: Connection) -> Head:
    """Where the chain ends now."""
    found = first_of(connection, _LAST, {})
    return Head(*found) if found else Head(0, NO_HASH)


def entries(connection: Connection) -> Iterator[Entry]:
    """The whole log, in its order."""
    return (Entry(*row) for row in connection.execute(select(LOG).order_by(LOG.c.sequence)))


def entries_of(connection: Connection, *kinds: Kind) -> Iterator[Entry]:
    """The entries of these kinds, in their order."""
    found = connection.execute(select(LOG).where(LOG.c.kind.in_(kinds)).order_by(LOG.c.sequence))
    return (Entry(*row) for row in found)


def hash_of(*parts: object) -> str:
    """The hash of an entry: SHA-256 over everything else in it, the hash before it too, as canonical JSON."""
    named = dict(zip(Entry._fields, parts, strict=False))
    return hashlib.sha256(canonical(named).encode()).hexdigest()


def digest_of(salt: str, content: str, why: str) -> str:
    """What the log keeps of a content: without the salt nobody can find out by trying what it was."""
    return hmac.new(bytes.fromhex(salt), f"{content}\n{why}".encode(), hashlib.sha256).hexdigest()


def canonical(value: Mapping[str, object]) -> str:
    """JSON as it is hashed: names in order, no blanks, letters as they are."""
    written = _WRITER.encode(value)
    try:
        written.encode()
    except UnicodeEncodeError:
        # Half a letter, as damaged JSON files may hold, has no bytes of its own.
        return _PLAIN_WRITER.encode(value)
    return written


_WRITER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
_PLAIN_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_LAST = select(LOG.c.sequence, LOG.c.hash).where(
    LOG.c.sequence == select(func.max(LOG.c.sequence)).scalar_subquery()
)
_APPEND = LOG.insert()
