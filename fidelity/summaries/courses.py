"""Columns of ratings -> sessions, each therapist's one behind the other in the order of their days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from fidelity.model.checklist import Result
from fidelity.summaries.columns import ScoredColumns, Words
from fidelity.summaries.exact import Flags, Places, runs

LATER_THAN_ANY = np.iinfo(np.intp).max


@dataclass(frozen=True, eq=False)  # without slots, so that it can keep what is worked out from it
class Sessions:
    """What was observed once, by one rater or several: one place a session.

    `rows` are the ratings in the order of the sessions, and `sizes` says how many each session has.
    `therapist` is the place among the `names`, -1 without one; `days` are ordinal, 0 without a date. `place`
    is the number of the session, which it keeps when others are left out.
    """

    names: Sequence[str]
    rows: Places
    sizes: Places
    therapist: Places
    days: Places
    place: Places

    @cached_property
    def of_row(self) -> Places:
        """The session that each rating belongs to."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def several(self) -> Places:
        """How many sessions each named therapist has."""
        return np.bincount(self.therapist[self.therapist >= 0], minlength=len(self.names))

    @cached_property
    def spans(self) -> Mapping[str, slice]:
        """Where the sessions of each therapist lie, where all have one; also of those without a session."""
        ends = np.cumsum(self.several).tolist()
        spans = (slice(start, end) for start, end in pairwise([0, *ends]))
        return dict(zip(self.names, spans, strict=True))

    def first(self, column: Words) -> Words:
        """The word of each session, as the first rater who says so has it; it is remembered."""
        if id(column) not in self._firsts:
            places = column.places[self.rows]
            said = np.flatnonzero(places >= 0)[::-1]
            found = np.full(len(self.sizes), -1, dtype=np.int32)
            found[self.of_row[said]] = places[said]
            self._firsts[id(column)] = column, Words(found, column.words)
        return self._firsts[id(column)][1]

    @cached_property
    def _firsts(self) -> dict[int, tuple[Words, Words]]:
        """By what a column is the column itself, so that it stays, and the word of each session."""
        return {}

    def latest(self, column: Words) -> list[str]:
        """For each therapist the latest word, from a column that has one place a session."""
        said = column.places >= 0
        found = np.full(len(self.names), -1, dtype=np.intp)
        found[self.therapist[said]] = column.places[said]
        return [column.of(each) for each in found.tolist()]

    def only(self, kept: Flags) -> "Sessions":
        """Some of the sessions."""
        return Sessions(
            self.names,
            self.rows[np.repeat(kept, self.sizes)],
            self.sizes[kept],
            self.therapist[kept],
            self.days[kept],
            self.place[kept],
        )

    def rated(self, kept: Flags) -> "Sessions":
        """Some of the ratings, one flag for each of `rows`; a session without any is left out."""
        sizes = runs(kept, self.sizes)
        return replace(self, rows=self.rows[kept], sizes=sizes).only(sizes > 0)


def sessions_of(columns: ScoredColumns, names: Words, kept: Flags) -> Sessions:
    """The sessions of some ratings, by therapist, day, and the order of the data."""
    rows = np.flatnonzero(kept)
    therapist, named = names.places[rows], columns.session.places[rows]
    key = (therapist + 1) * (len(columns.session.words) + 1) + named
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    found = Sessions(
        names.words,
        rows[np.argsort(number, kind="stable")],
        np.bincount(number, minlength=len(first)),
        therapist[first],
        np.zeros(len(first), dtype=np.intp),
        np.arange(len(first)),
    )
    days = first_days(columns, found)
    order = np.lexsort((first, days, found.therapist))
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return Sessions(
        names.words,
        rows[np.argsort(rank[number], kind="stable")],
        found.sizes[order],
        found.therapist[order],
        days[order],
        found.place,
    )


def sessions_as_met(columns: ScoredColumns, kept: Flags | None = None) -> Sessions:
    """The sessions of some ratings, or of all, in the order of the data; their days are not looked at."""
    rows = np.arange(len(columns.days)) if kept is None else np.flatnonzero(kept)
    therapist, named = (each.places[rows].astype(np.intp) for each in (columns.therapist, columns.session))
    key = (therapist + 1) * (len(columns.session.words) + 1) + named
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return Sessions(
        columns.therapist.words,
        rows[np.argsort(rank[number], kind="stable")],
        np.bincount(number, minlength=len(first))[order],
        therapist[first][order],
        np.zeros(len(first), dtype=np.intp),
        np.arange(len(first)),
    )


def courses_in(sessions: Sessions) -> Sessions:
    """The dated sessions of named therapists, numbered anew."""
    found = sessions.only((sessions.therapist >= 0) & (sessions.days > 0))
    return replace(found, place=np.arange(len(found.sizes)))


def first_days(columns: ScoredColumns, sessions: Sessions) -> Places:
    """The day of each session; the earliest where its raters wrote different ones, 0 where none did."""
    days = columns.days[sessions.rows].astype(np.intp)
    found = least(np.where(days > 0, days, LATER_THAN_ANY), sessions.sizes)
    return np.where(found == LATER_THAN_ANY, 0, found)


def words_of_each(owner: Places, owners: int, column: Words) -> list[tuple[str, ...]]:
    """The different words of each owner, in the order in which they are first met."""
    said = np.flatnonzero((column.places >= 0) & (owner >= 0))
    key = owner[said] * len(column.words) + column.places[said]
    _, first = np.unique(key, return_index=True)
    met = said[np.sort(first)]
    found: list[list[str]] = [[] for _ in range(owners)]
    for who, place in zip(owner[met].tolist(), column.places[met].tolist(), strict=True):
        found[who].append(column.words[place])
    return [tuple(each) for each in found]


def lowest_levels(columns: ScoredColumns, sessions: Sessions, result: Result) -> Words:
    """The lowest level that a rating of the session gave: what one rater saw missing is not outvoted."""
    given = columns.levels[result.key][sessions.rows].astype(np.intp)
    none = len(result.levels)
    found = least(np.where(given < 0, none, given), sessions.sizes)
    return Words(np.where(found == none, -1, found), [level.id for level in result.levels])


def least(amounts: Places, sizes: Places) -> Places:
    """The smallest of so many amounts each, one run after the other; every run has some."""
    return np.minimum.reduceat(amounts, np.cumsum(sizes) - sizes) if len(sizes) else amounts
