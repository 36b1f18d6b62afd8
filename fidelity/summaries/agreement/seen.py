"""Sessions -> who observed each of them, one rating a rater, fit to be compared."""

from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

from fidelity.summaries.series import Rating, Session

EXPERT, SCORER = "expert", "ai"
# They see something else than an observer does, or are not people: they are compared apart, never pooled.
NO_OBSERVERS = (SCORER, "self", "client", "worker")

NO_NAME = "\0no name"  # no table can hold it, so no rater is called so


class Seen(NamedTuple):
    """A session with its raters; `named` says that each of them has a name."""

    session: Session
    by: tuple[tuple[str, Rating], ...]
    named: bool = True


def double_scored(sessions: Iterable[Session]) -> tuple[Seen, ...]:
    """The sessions that two observers or more have rated."""
    found = (seen(each, observers_of(each)) for each in sessions)
    return tuple(each for each in found if len(each.by) >= 2)


def observers_of(session: Session) -> tuple[Rating, ...]:
    """The ratings by people who watched, experts among them."""
    return tuple(each for each in session.ratings if each.observation.rater_role not in NO_OBSERVERS)


def of_role(session: Session, role: str) -> tuple[Rating, ...]:
    """The ratings by raters of one role."""
    return tuple(each for each in session.ratings if each.observation.rater_role == role)


def seen(session: Session, ratings: Iterable[Rating]) -> Seen:
    """One rating a rater, the first where one rated twice: a second look is no second rater.

    Raters without a name are taken for different people.
    """
    by: dict[str, Rating] = {}
    nameless = count(1)
    named = True
    for each in ratings:
        named = named and bool(each.observation.rater)
        by.setdefault(each.observation.rater or f"{NO_NAME} {next(nameless)}", each)
    return Seen(session, tuple(by.items()), named)


def same_raters(sessions: Iterable[Seen]) -> bool:
    """Whether the same named raters did all of them."""
    sessions = tuple(sessions)
    teams = {frozenset(name for name, _ in each.by) for each in sessions}
    return len(teams) == 1 and all(each.named for each in sessions)


def raters_of(sessions: Iterable[Seen]) -> tuple[str, ...]:
    """The names of those who have one, by the alphabet."""
    return tuple(sorted({name for each in sessions for name, _ in each.by if has_name(name)}))


def has_name(rater: str) -> bool:
    """Whether it is a rater's own name, and not one given here."""
    return not rater.startswith(NO_NAME)
