"""Scored observations -> sessions with their ratings, and each therapist's course, also of one score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import mean
from typing import get_args

from fidelity.model.checklist import Checklist, Result, Score
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation
from fidelity.model.summary import ReasonAside, SessionScore, SetAside


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


Course = tuple[Session, ...]


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


def courses_of(sessions: Iterable[Session]) -> dict[str, Course]:
    """Each named therapist's dated sessions by date; those of one day keep the order of the data."""
    named = [each for each in sessions if each.therapist]
    gathered: dict[str, list[Session]] = {name: [] for name in sorted({each.therapist for each in named})}
    for each in sorted((each for each in named if each.day), key=lambda each: each.day or date.min):
        gathered[each.therapist].append(each)
    return {name: tuple(course) for name, course in gathered.items()}


def scores_of(course: Course, score: Score, checklist: Checklist) -> tuple[SessionScore, ...]:
    """One score over a therapist's course; a session without a value of it is not in the series."""
    result = next((each for each in checklist.results if each.of == score.key), None)
    known = ((session, scores_given(session, score)) for session in course)
    return tuple(_session_score(session, given, result) for session, given in known if given)


def _session_score(
    session: Session, given: Sequence[tuple[Observation, Fraction]], result: Result | None
) -> SessionScore:
    return SessionScore(
        session=session.session,
        date=session.day,
        score=float(mean(value for _, value in given)),
        by_rater=tuple((observation.rater, float(value)) for observation, value in given),
        level=level_of(session, result) if result else None,
        modality=session.modality,
        observations=tuple(observation.observation for observation, _ in given),
        site=session.site,
        version=session.version,
    )


def scores_given(session: Session, score: Score) -> tuple[tuple[Observation, Fraction], ...]:
    """The values of a score that the session's ratings gave."""
    values = ((each.observation, each.scored.scores[score.key].exact) for each in session.ratings)
    return tuple((observation, value) for observation, value in values if value is not None)


def level_of(session: Session, result: Result) -> str | None:
    """The lowest level that a rating of the session gave: what one rater saw missing is not outvoted."""
    given = {each.scored.results[result.key].level for each in session.ratings}
    return next((level.id for level in result.levels if level.id in given), None)


def set_aside(
    scored: Iterable[ScoredObservation[Observation]], sessions: Iterable[Session]
) -> tuple[SetAside, ...]:
    """The observations that no therapist's row counts, under the first reason that fits."""
    dated = {each.observation.observation for of in sessions if of.day for each in of.ratings}
    found: dict[ReasonAside, list[str]] = {reason: [] for reason in get_args(ReasonAside)}
    for each in scored:
        reason = _why_aside(each, dated)
        if reason:
            found[reason].append(each.observation.observation)
    return tuple(SetAside(reason=reason, observations=tuple(of)) for reason, of in found.items() if of)


def _why_aside(each: ScoredObservation[Observation], dated: set[str]) -> ReasonAside | None:
    who = each.observation
    if each.scored is None:
        return "refused"
    if who.selection == "for_cause":
        return "for_cause"
    if not who.therapist:
        return "no_therapist"
    if who.date is None:
        return None if who.observation in dated else "no_date"
    return None if who.observation in dated else "other_evidence"
