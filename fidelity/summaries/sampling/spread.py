"""Sessions of one pool -> the order in which they are taken: spread over cells, then by their numbers.

The cells take turns, one session each. Where there are too few turns for every cell, one pass goes through
the values of the first column and, within each, of the next; its order is hashed from the values themselves,
so that a session that is added or taken away moves no other one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from fidelity.model.claim import Values
from fidelity.summaries.sampling.numbers import permanent_number

BLANK = "-"


class Session(NamedTuple):
    """One session of the pool: what it is drawn by, and what is known about it."""

    id: str
    client: str
    values: Values
    therapist: str = ""


Cell = tuple[str, ...]


def in_turn(
    seed: int, sessions: Iterable[Session], columns: Sequence[str], taken: Collection[str] = ()
) -> list[Session]:
    """The sessions that are not taken yet, in the order in which they would be."""
    return _in_turn(seed, list(sessions), columns, taken, ())


def cell_of(session: Session, columns: Iterable[str]) -> Cell:
    """What the session has in the columns; a blank is a value too."""
    return tuple(word_of(session, name) for name in columns)


def word_of(session: Session, name: str) -> str:
    """What the session has in one column."""
    match name:
        case "therapist":
            return session.therapist
        case "client":
            return session.client
        case _:
            return ", ".join(session.values.get(name) or (BLANK,))


def grouped(sessions: Iterable[Session], name: str) -> Mapping[str, list[Session]]:
    """The sessions by what they have in one column; those that do not say are a group too."""
    found: dict[str, list[Session]] = {}
    for each in sessions:
        found.setdefault(word_of(each, name), []).append(each)
    return MappingProxyType(found)


def _in_turn(
    seed: int, sessions: list[Session], columns: Sequence[str], taken: Collection[str], path: Cell
) -> list[Session]:
    if not columns:
        return _by_number(seed, sessions, taken)
    turns: list[tuple[int, int, str, Session]] = []
    for value, group in grouped(sessions, columns[0]).items():
        # What was taken before has had its turns.
        first = sum(each.id in taken for each in group)
        begins = permanent_number(seed, "\n".join([*path, value]), "pass")
        ordered = _in_turn(seed, group, columns[1:], taken, (*path, value))
        turns += [(first + at, begins, value, each) for at, each in enumerate(ordered)]
    return [each for *_, each in sorted(turns, key=lambda turn: turn[:3])]


def _by_number(seed: int, sessions: Iterable[Session], taken: Collection[str]) -> list[Session]:
    """By number, but a client's second session only when every other client has had a first one."""
    ordered = sorted(sessions, key=lambda each: (permanent_number(seed, each.id), each.id))
    had = Counter(each.client for each in ordered if each.id in taken and each.client)
    turns: list[tuple[int, int, Session]] = []
    for at, each in enumerate(ordered):
        if each.id not in taken:
            turns.append((had[each.client], at, each))
            had[each.client] += bool(each.client)
    return [each for *_, each in sorted(turns, key=lambda turn: turn[:2])]
