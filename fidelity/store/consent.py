"""The log -> whose consent is withdrawn now, and what may come in again because that was a mistake."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from fidelity.store.log import Entry, entries_of

WITHDRAWAL, TAKEN_BACK = "withdrawal", "taken_back"

What = Literal["client", "session"]
Code = tuple[What, str]


class Withdrawn(NamedTuple):
    """Clients and sessions of which nothing is kept, each with the entry of the log that says so."""

    clients: Mapping[str, Entry]
    sessions: Mapping[str, Entry]


def withdrawn(connection: Connection) -> Withdrawn:
    """Whose consent is withdrawn: the last word of the log on each code counts."""
    said = {code: entry for entry, code in _said(connection)}
    standing = {code: entry for code, entry in said.items() if entry.kind == WITHDRAWAL}
    clients = {name: entry for (what, name), entry in standing.items() if what == "client"}
    sessions = {name: entry for (what, name), entry in standing.items() if what == "session"}
    return Withdrawn(clients, sessions)


def may_come_again(connection: Connection) -> set[int]:
    """The entries whose answers went by a withdrawal that was taken back later."""
    went: dict[Code, set[int]] = {}
    again: dict[Code, set[int]] = {}
    for entry, code in _said(connection):
        if entry.kind == WITHDRAWAL:
            went.setdefault(code, set()).update(entry.noted["gaps"])
            again.pop(code, None)
        else:
            again[code] = went.get(code, set())
    return set().union(*again.values())


def _said(connection: Connection) -> Iterator[tuple[Entry, Code]]:
    for entry in entries_of(connection, WITHDRAWAL, TAKEN_BACK):
        note = entry.noted
        yield from ((entry, ("client", name)) for name in note["clients"])
        yield from ((entry, ("session", name)) for name in note["sessions"])
