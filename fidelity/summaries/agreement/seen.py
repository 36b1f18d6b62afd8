"""Columns of ratings -> sessions and who observed each of them, one rating a rater, fit to be compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import NamedTuple

from fidelity.model.checklist import Score
from fidelity.model.scale import Answer
from fidelity.summaries.columns import ScoredColumns, Words
from fidelity.summaries.courses import Sessions, sessions_as_met
from fidelity.summaries.exact import Flags, Vector

EXPERT, SCORER = "expert", "ai"
# They see something else than an observer does, or are not people: they are compared apart, never pooled.
NO_OBSERVERS = (SCORER, "self", "client", "worker")

NO_NAME = "\0no name"  # no table can hold it, so no rater is called so


class Session(NamedTuple):
    """What was observed once: the places of its ratings in the columns, in the order of the data."""

    session: str
    therapist: str
    ratings: tuple[int, ...]


class Seen(NamedTuple):
    """A session with its raters; `named` says that each of them has a name."""

    session: Session
    by: tuple[tuple[str, int], ...]
    named: bool = True


@dataclass(frozen=True)  # without slots, so that it can keep what is worked out from it
class Rated:
    """Ratings in columns, each known by its place, and the sessions that some of them belong to."""

    columns: ScoredColumns
    found: Sessions

    @property
    def number(self) -> int:
        """How many sessions there are."""
        return len(self.found.sizes)

    @cached_property
    def several(self) -> tuple[Session, ...]:
        """The sessions with two ratings or more; with one there is nothing to compare."""
        two = self.found.only(self.found.sizes > 1)
        rows, ends = two.rows.tolist(), two.sizes.cumsum().tolist()
        return tuple(
            Session(
                self._said(self.columns.session, rows[begin]),
                self._said(self.columns.therapist, rows[begin]),
                tuple(rows[begin:end]),
            )
            for begin, end in zip([0, *ends], ends, strict=False)
        )

    # ---- one rating

    def rater(self, rating: int) -> str:
        """Who rated."""
        return self._said(self.columns.rater, rating)

    def role(self, rating: int) -> str:
        """In which role."""
        return self._said(self.columns.rater_role, rating)

    def evidence(self, rating: int) -> str:
        """What was rated: the session itself, a recording, a report."""
        return self._said(self.columns.evidence, rating)

    def first(self, session: Session, column: Words) -> str:
        """The word of a session, as the first rater who says so has it."""
        return next(filter(None, (self._said(column, each) for each in session.ratings)), "")

    def answer(self, rating: int, question: str) -> Answer:
        """What was answered to a question."""
        return self.columns.answers[question].of(rating)

    def value(self, rating: int, score: Score | None) -> float | None:
        """The score that a rating gave, where it gave one."""
        if score is None or not self.columns.scores[score.key].known[rating]:
            return None
        if score.key not in self._floats:
            self._floats[score.key] = self.columns.scores[score.key].floats
        return float(self._floats[score.key][rating])

    @cached_property
    def _floats(self) -> dict[str, Vector]:
        return {}

    def _said(self, column: Words, rating: int) -> str:
        return column.of(int(column.places[rating]))


def rated_in(columns: ScoredColumns, kept: Flags | None = None) -> Rated:
    """The sessions of all ratings, or of some."""
    return Rated(columns, sessions_as_met(columns, kept))


def double_scored(rated: Rated) -> tuple[Seen, ...]:
    """The sessions that two observers or more have rated."""
    found = (seen(rated, each, observers_of(rated, each)) for each in rated.several)
    return tuple(each for each in found if len(each.by) >= 2)


def observers_of(rated: Rated, session: Session) -> tuple[int, ...]:
    """The ratings by people who watched, experts among them."""
    return tuple(each for each in session.ratings if rated.role(each) not in NO_OBSERVERS)


def of_role(rated: Rated, session: Session, role: str) -> tuple[int, ...]:
    """The ratings by raters of one role."""
    return tuple(each for each in session.ratings if rated.role(each) == role)


def seen(rated: Rated, session: Session, ratings: Iterable[int]) -> Seen:
    """One rating a rater, the first where one rated twice: a second look is no second rater.

    Raters without a name are taken for different people.
    """
    by: dict[str, int] = {}
    nameless = count(1)
    named = True
    for each in ratings:
        rater = rated.rater(each)
        named = named and bool(rater)
        by.setdefault(rater or f"{NO_NAME} {next(nameless)}", each)
    return Seen(session, tuple(by.items()), named)


def same_raters(sessions: Iterable[Seen]) -> bool:
    """Whether the same named raters did all of them."""
    sessions = tuple(sessions)
    teams = {frozenset(name for name, _ in each.by) for each in sessions}
    return len(teams) == 1 and all(each.named for each in sessions)


def raters_of(sessions: Iterable[Seen]) -> tuple[str, ...]:
    """The names of those who have one, by the alphabet."""
    return tuple(sorted({name for each in sessions for name in _names(each)}))


def has_name(rater: str) -> bool:
    """Whether it is a rater's own name, and not one given here."""
    return not rater.startswith(NO_NAME)


def _names(seen: Seen) -> Iterator[str]:
    return (name for name, _ in seen.by if has_name(name))
