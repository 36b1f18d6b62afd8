"""Sessions of one pool -> the order in which they are taken: spread over cells, then by their numbers.

The cells take turns, one session each. Where there are too few turns for every cell, one pass goes through
the values of the first column and, within each, of the next; its order is hashed from the values themselves,
so that a session that is added or taken away moves no other one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
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
    if name == "therapist":
        return session.therapist
    if name == "client":
        return session.client
    words = session.values.get(name)
    return BLANK if not words else words[0] if len(words) == 1 else ", ".join(words)


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
    return [each for *_, each in sorted(turns, key=itemgetter(0, 1, 2))]


def _by_number(seed: int, sessions: Iterable[Session], taken: Collection[str]) -> list[Session]:
    """By number, but a client's second session only when every other client has had a first one."""
    numbered = ((permanent_number(seed, each.id), each.id, each) for each in sessions)
    ordered = sorted(numbered, key=itemgetter(0, 1))
    had = Counter(each.client for _, id, each in ordered if id in taken and each.client)
    turns: list[tuple[int, int, Session]] = []
    for at, (_, id, each) in enumerate(ordered):
        if id not in taken:
            turns.append((had[each.client], at, each))
            if each.client:
                had[each.client] += 1
    return [each for *_, each in sorted(turns)]
