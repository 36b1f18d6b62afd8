"""The texts of the checklists that observations were made with: kept, so that old data stay readable."""

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from fidelity.store.log import About, append, canonical
from fidelity.store.tables import CHECKLIST

Sources = tuple[tuple[str, str], ...]  # file, text: the checklist's own first, then what it stands on


class KeptText(NamedTuple):
    """A checklist as it was used: the files that it was read from."""

    fingerprint: str
    id: str
    version: str
    sources: Sources


def keep_text(connection: Connection, kept: KeptText, who: str) -> None:
    """Stores the texts of a checklist, within a transaction, if they are not there yet."""
    known = select(CHECKLIST.c.fingerprint).where(CHECKLIST.c.fingerprint == kept.fingerprint)
    if connection.execute(known).first() is not None:
        return
    sources = canonical({"sources": kept.sources})
    note = {"id": kept.id, "version": kept.version, "fingerprint": kept.fingerprint}
    entry = append(connection, "checklist", who, About(digest=digest_of_text(sources)), note)
    row = {**kept._asdict(), "sources": sources, "sequence": entry.sequence}
    connection.execute(CHECKLIST.insert(), row)


def kept_texts(connection: Connection) -> Iterator[KeptText]:
    """Every checklist that observations were made with, in the order in which they came."""
    for row in connection.execute(select(CHECKLIST).order_by(CHECKLIST.c.sequence)):
        sources = tuple((file, text) for file, text in json.loads(row.sources)["sources"])
        yield KeptText(row.fingerprint, row.id, row.version, sources)


def digest_of_text(sources: str) -> str:
    """What the log keeps of a text."""
    return hashlib.sha256(sources.encode()).hexdigest()
