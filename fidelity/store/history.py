"""The log -> what people read of it: each entry with what it stored, and what it changed."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from fidelity.store.consent import TAKEN_BACK, WITHDRAWAL
from fidelity.store.content import columns_of
from fidelity.store.log import Entry, entries
from fidelity.store.tables import REVISION


class Change(NamedTuple):
    """One column of an observation, before and after a new revision."""

    column: str
    before: str
    after: str


class Told(NamedTuple):
    """An entry, the observation that it is about, what it changed and why; a gap says that it is one."""

    entry: Entry
    observation: str = ""
    occasion: str = ""
    rater: str = ""
    why: str = ""
    changes: tuple[Change, ...] = ()
    is_gap: bool = False
    columns: Mapping[str, str] = MappingProxyType({})

    @property
    def about(self) -> str:
        """In a few words, for one line."""
        note = self.entry.noted
        match self.entry.kind:
            case "observation" | "correction" if self.is_gap:
                return "withdrawn: nothing of it is kept"
            case "observation" | "correction":
                return "".join(
                    (f"{self.observation}, revision {self.entry.number}", self._changed, self._because)
                )
            case "checklist":
                return f"{note['id']} {note['version']}".strip()
            case "receipt":
                new, revised, same = (note[name] for name in ("new", "revisions", "same"))
                copied = f"; the second file is a copy of {note['copy_of']}" if "copy_of" in note else ""
                return f"{note['file']}: {new} stored, {revised} revised, {same} as before{copied}"
            case "withdrawal":
                gone = [*note["clients"], *note["sessions"]]
                gaps = len(note["gaps"])
                taken = "1 revision" if gaps == 1 else f"{gaps} revisions"
                return f"{', '.join(gone)}: {taken} taken away; {note['why']}"
            case "taken_back":
                again = [*note["clients"], *note["sessions"]]
                return f"{', '.join(again)}: may be stored again; {note['why']}"
            case _:
                return ""

    @property
    def _changed(self) -> str:
        told = "; ".join(
            f"{each.column}: {each.before or '–'} -> {each.after or '–'}" for each in self.changes
        )
        return f" ({told})" if told else ""

    @property
    def _because(self) -> str:
        return f", because {self.why}" if self.why else ""

    def as_json(self) -> dict[str, Any]:
        """The entry with all that is known of it."""
        entry = self.entry._asdict() | {"note": self.entry.noted}
        own = {
            "observation": self.observation,
            "session": self.occasion,
            "rater": self.rater,
            "why": self.why,
        }
        return {
            **entry,
            **own,
            "withdrawn": self.is_gap,
            "changes": [each._asdict() for each in self.changes],
            "columns": dict(self.columns),
        }


def history(connection: Connection, observation: str = "", session: str = "") -> Iterator[Told]:
    """All entries in their order, or those about an observation or a session; within a snapshot."""
    rows = {row.sequence: row for row in connection.execute(select(REVISION).order_by(REVISION.c.sequence))}
    wanted = {
        row.record
        for row in rows.values()
        if (not observation or row.observation == observation) and (not session or row.occasion == session)
    }
    before: dict[int, Row[*tuple[Any, ...]]] = {}
    for entry in entries(connection):
        row = rows.get(entry.sequence)
        if row is None:
            if (not observation and not session) or (
                entry.kind in (WITHDRAWAL, TAKEN_BACK) and session in entry.noted["sessions"]
            ):
                yield Told(entry)
            continue
        if row.record in wanted:
            yield _told(entry, row, before.get(row.record))
        before[row.record] = row


def _told(entry: Entry, row: "Row[*tuple[Any, ...]]", before: "Row[*tuple[Any, ...]] | None") -> Told:
    if row.content is None:
        return Told(entry, is_gap=True)
    changes = _changes(before.content, row.content) if before is not None and before.content else ()
    whole = columns_of(row.content)
    return Told(entry, row.observation, row.occasion, row.rater, row.why, changes, columns=whole)


def _changes(before: str, after: str) -> tuple[Change, ...]:
    old, new = columns_of(before), columns_of(after)
    return tuple(
        Change(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*old, *new])
        if old.get(name, "") != new.get(name, "")
    )
