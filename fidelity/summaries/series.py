"""Scored observations -> sessions with their ratings, for those who look at single answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fidelity.model.checklist import Result, Score
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation


@dataclass(frozen=True, slots=True)
class Rating:
    """One rater's answers about a session, and what came of them."""

    observation: Observation
    scored: Scored


@dataclass(frozen=True, slots=True)
class Session:
    """What was observed once, by one rater or several; the ratings stand in the order of the data."""

    session: str
    therapist: str
    ratings: tuple[Rating, ...]

    @property
    def day(self) -> date | None:
        """The day of the session; the earliest where its raters wrote different ones."""
        return min((each.observation.date for each in self.ratings if each.observation.date), default=None)

    @property
    def site(self) -> str:
        """Where it was, as the first rater who says so has it."""
        return next((each.observation.site for each in self.ratings if each.observation.site), "")

    @property
    def modality(self) -> str:
        """How it was given, as the first rater who says so has it."""
        return next((each.observation.modality for each in self.ratings if each.observation.modality), "")

    @property
    def version(self) -> str:
        """By which version of the checklist it was rated, as the first rater who says so has it."""
        return next((each.observation.version for each in self.ratings if each.observation.version), "")


def usable(scored: Iterable[ScoredObservation[Observation]]) -> tuple[Rating, ...]:
    """The ratings that a summary may use: not refused, and not made because somebody was worried."""
    return tuple(
        Rating(each.observation, each.scored)
        for each in scored
        if each.scored is not None and each.observation.selection != "for_cause"
    )


def sessions_of(ratings: Iterable[Rating]) -> tuple[Session, ...]:
    """The ratings gathered by therapist and session, in the order of the data."""
    gathered: dict[tuple[str, str], list[Rating]] = {}
    for each in ratings:
        gathered.setdefault((each.observation.therapist, each.observation.occasion), []).append(each)
    return tuple(Session(session, therapist, tuple(of)) for (therapist, session), of in gathered.items())


def scores_given(session: Session, score: Score) -> tuple[tuple[Observation, Fraction], ...]:
    """The values of a score that the session's ratings gave."""
    values = ((each.observation, each.scored.scores[score.key].exact) for each in session.ratings)
    return tuple((observation, value) for observation, value in values if value is not None)


def level_of(session: Session, result: Result) -> str | None:
    """The lowest level that a rating of the session gave: what one rater saw missing is not outvoted."""
    given = {each.scored.results[result.key].level for each in session.ratings}
    return next((level.id for level in result.levels if level.id in given), None)
