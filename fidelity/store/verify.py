"""The log and what is stored -> whether all is as it was written; if not, the first entry that is broken."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from fidelity.store.content import read
from fidelity.store.log import NO_HASH, Entry, Head, digest_of, entries, hash_of
from fidelity.store.tables import CHECKLIST, REVISION
from fidelity.store.texts import digest_of_text

STORING = ("observation", "correction")


class Verified(NamedTuple):
    """What was found: entries, observations, gaps that withdrawals left, the head, and where it first breaks.

    `published` is the entry whose hash is the published head that was asked for, if it is in the chain.
    """

    entries: int
    revisions: int
    gaps: int
    head: Head
    broken: "Broken | None" = None
    published: int | None = None


class Broken(NamedTuple):
    """The first entry that is not as it was written, and what is wrong, by the fact that says it."""

    entry: int
    what: str


def verify(connection: Connection, published: str = "") -> Verified:
    """Reads the whole store and works every hash out anew, within a snapshot."""
    revisions = {row.sequence: row for row in connection.execute(select(REVISION))}
    texts = {row.sequence: row for row in connection.execute(select(CHECKLIST))}
    known = list(entries(connection))
    head = Head(known[-1].sequence, known[-1].hash) if known else Head(0, NO_HASH)
    gaps = {gap for entry in known if entry.kind == "withdrawal" for gap in _gaps(entry)}
    there = next((entry.sequence for entry in known if entry.hash == published), None)
    blank = sum(row.content is None for row in revisions.values())
    broken = next(_broken(known, revisions, texts, gaps), None)
    return Verified(len(known), len(revisions), blank, head, broken, there)


def _broken(
    known: list[Entry], revisions: dict[int, "Row[Any]"], texts: dict[int, "Row[Any]"], gaps: set[int]
) -> Iterator[Broken]:
    last = Head(0, NO_HASH)
    for entry in known:
        if entry.sequence != last.sequence + 1 or entry.previous != last.hash:
            yield Broken(last.sequence + 1, "chain_cut")
        if hash_of(*entry[:-1]) != entry.hash:
            yield Broken(entry.sequence, "entry_changed")
        if entry.kind in STORING:
            yield from _of_revision(entry, revisions.get(entry.sequence), gaps)
        if entry.kind == "checklist":
            yield from _of_text(entry, texts.get(entry.sequence))
        last = Head(entry.sequence, entry.hash)
    told = {entry.sequence for entry in known if entry.kind in STORING}
    yield from (Broken(sequence, "unlogged") for sequence in sorted(revisions.keys() - told))
    yield from _of_latest(revisions)


def _of_revision(entry: Entry, row: "Row[Any] | None", gaps: set[int]) -> Iterator[Broken]:
    is_there = row is not None and (row.record, row.number) == (entry.record, entry.number)
    if row is None or not is_there or (row.content is None and entry.sequence not in gaps):
        yield Broken(entry.sequence, "content_gone")
    elif row.content is not None and not _is_as_written(entry, row):
        yield Broken(entry.sequence, "content_changed")


def _is_as_written(entry: Entry, row: "Row[Any]") -> bool:
    if digest_of(row.salt or "", row.content, row.why or "") != entry.digest:
        return False
    # The columns beside the content only help to find it: they must say the same.
    content = read(row.content)
    said = {name: content.get(name, "") for name in ("checklist", "observation", "rater", "client")}
    said["occasion"] = content.get("session", row.occasion)
    return all(getattr(row, name) == text for name, text in said.items())


def _of_text(entry: Entry, row: "Row[Any] | None") -> Iterator[Broken]:
    if (
        row is None
        or digest_of_text(row.sources) != entry.digest
        or {name: getattr(row, name) for name in ("id", "version", "fingerprint")} != entry.noted
    ):
        yield Broken(entry.sequence, "text_changed")


def _of_latest(revisions: dict[int, "Row[Any]"]) -> Iterator[Broken]:
    """A mark that is not at the last revision of its record would bring old answers back."""
    last: dict[int, int] = {}
    for sequence, row in revisions.items():
        last[row.record] = max(sequence, last.get(row.record, 0))
    for sequence, row in sorted(revisions.items()):
        if bool(row.latest) != (last[row.record] == sequence):
            yield Broken(sequence, "content_changed")


def _gaps(entry: Entry) -> list[int]:
    return [int(each) for each in entry.noted.get("gaps", ())]
