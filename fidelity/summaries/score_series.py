"""One score over all therapists' courses, one place a session; rows are made when somebody looks at them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np

from fidelity.model.checklist import Result
from fidelity.model.summary import SessionScore
from fidelity.summaries.columns import ScoredColumns, Words
from fidelity.summaries.courses import Sessions, lowest_levels
from fidelity.summaries.exact import Exact, Places, Vector, means


@dataclass(frozen=True, eq=False)  # without slots, so that it can keep what is worked out from it
class Series(Mapping[str, Sequence[SessionScore]]):
    """The sessions with a value of a score, and the ratings that gave it; by name the rows of a therapist.

    `given`, `raters` and `observations` belong to the ratings. `means` are exact, over the raters of each
    session, and `scores` the nearest floats; `adjusted` is the same without how strict raters are.
    """

    sessions: Sessions
    means: Exact
    scores: Vector
    given: Vector
    raters: Words
    observations: Sequence[str]
    session: Words
    level: Words
    modality: Words
    site: Words
    version: Words
    adjusted: Vector | None = None

    @property
    def judged(self) -> Vector:
        """What competence and change are judged by: the adjusted scores, where there are some."""
        return self.scores if self.adjusted is None else self.adjusted

    @cached_property
    def starts(self) -> Places:
        """Where the ratings of each session begin, and where the last ones end."""
        return np.append(0, np.cumsum(self.sessions.sizes))

    def by_name(self, values: Vector) -> dict[str, list[float]]:
        """Each therapist's part of one value a session."""
        every = values.tolist()
        return {name: every[span] for name, span in self.sessions.spans.items()}

    def raters_in(self, span: slice) -> set[str]:
        """Who rated the sessions from one place to another, as far as they are named."""
        rated = self.raters.places[self.starts[span.start] : self.starts[span.stop]]
        return {self.raters.words[each] for each in set(rated.tolist()) if each >= 0}

    def some_twice(self, span: slice) -> bool:
        """Whether one of these sessions was rated more than once."""
        return bool(self.starts[span.stop] - self.starts[span.start] > span.stop - span.start)

    def rows(self, span: slice) -> Iterator[SessionScore]:
        """The sessions from one place to another, one row each."""
        starts = self.starts[span.start : span.stop + 1].tolist()
        ratings, first = slice(starts[0], starts[-1]), starts[0]
        names = [self.observations[row] for row in self.sessions.rows[ratings].tolist()]
        given = list(zip(self.raters.said(ratings), self.given[ratings].tolist(), strict=True))
        together = [slice(start - first, end - first) for start, end in pairwise(starts)]
        none = [None] * len(together)
        days = self.sessions.days[span].tolist()
        return map(
            SessionScore,
            self.session.said(span),
            [date.fromordinal(day) if day else None for day in days],
            self.scores[span].tolist(),
            [tuple(given[each]) for each in together],
            [level or None for level in self.level.said(span)],
            self.modality.said(span),
            [tuple(names[each]) for each in together],
            self.site.said(span),
            self.version.said(span),
            none if self.adjusted is None else self.adjusted[span].tolist(),
        )

    def __getitem__(self, name: str) -> Sequence[SessionScore]:
        return SessionScores(self, self.sessions.spans[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.sessions.spans)

    def __len__(self) -> int:
        return len(self.sessions.spans)


class SessionScores(Sequence[SessionScore]):
    """The rows of one therapist: a tuple of them in all but memory."""

    __slots__ = ("_series", "_span")

    def __init__(self, series: Series, span: slice) -> None:
        self._series, self._span = series, span

    def __len__(self) -> int:
        return int(self._span.stop - self._span.start)

    def __iter__(self) -> Iterator[SessionScore]:
        return self._series.rows(self._span)

    @overload
    def __getitem__(self, at: int) -> SessionScore: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[SessionScore, ...]: ...
    def __getitem__(self, at: int | slice) -> SessionScore | tuple[SessionScore, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        place = range(self._span.start, self._span.stop)[at]
        return next(self._series.rows(slice(place, place + 1)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def series_of(columns: ScoredColumns, sessions: Sessions, score: str, result: Result | None) -> Series:
    """A score, by its key, over the courses, with the levels of the result that reads it."""
    given = columns.scores[score].at(sessions.rows)
    scored = sessions.rated(given.known)
    kept = np.searchsorted(sessions.place, scored.place)
    known = given.at(given.known)
    middle = means(known, scored.sizes)
    none = Words(np.full(len(sessions.sizes), -1, dtype=np.int8), ())
    level = lowest_levels(columns, sessions, result) if result else none
    session, level, modality, site, version = (
        each if len(kept) == len(sessions.sizes) else each.at(kept)
        for each in (
            sessions.first(columns.session),
            level,
            *map(sessions.first, (columns.modality, columns.site, columns.version)),
        )
    )
    return Series(
        sessions=scored,
        means=middle,
        scores=middle.floats,
        given=known.floats,
        raters=columns.rater.at(scored.rows),
        observations=columns.observations,
        session=session,
        level=level,
        modality=modality,
        site=site,
        version=version,
    )
