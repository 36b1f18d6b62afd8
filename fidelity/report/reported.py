"""A study as its reports need it: checklist, scored observations, summary, and what belongs together."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from fidelity.errors import Problem
from fidelity.model.change import Changes
from fidelity.model.checklist import Checklist, Score
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation
from fidelity.model.standing import Standings, TherapistStanding
from fidelity.model.summary import (
    Agreement,
    AnsweredItem,
    Audit,
    Sampling,
    ScoreSummary,
    Summary,
    TherapistSummary,
)
from fidelity.report.measure import Measure, measure
from fidelity.report.standing_words import Titles, titles_of
from fidelity.report.words import Words, words_for

Records = Sequence[ScoredObservation[Observation]]
Changing = Callable[[Checklist, ScoredObservation[Observation]], Changes]

RECENT = 5  # sessions that count as recent, as in the lists of what goes well and what was missed
CAPPED_OFTEN = 2  # recent sessions with a capped level that make it worth a talk

NEED_BY_TREND = {"act": 0, "rater_first": 2, "watch": 3, "everyone_moved": 4, "not_enough": 6}
NEED_BY_STANDARD = {"below": 1, "cannot_tell": 5, "too_few": 6}
NEED_WHEN_CAPPED = 2
LEAST_NEED = 7


def nothing_tried(checklist: Checklist, each: ScoredObservation[Observation]) -> Changes:  # noqa: ARG001 - as asked
    """Stands where nobody can say what would have changed a result."""
    return {}


@dataclass(frozen=True)
class Beside:
    """What is known beside the summary: of a programme where everybody stands and its other checklists.

    `changes` tries what would have changed the results of an observation; only those shown are asked for.
    `refused` are the records that have no scores, `told` what was said when the files were read.
    """

    standings: Standings | None = None
    checklists: tuple[Checklist, ...] = ()
    agreement: Agreement | None = None
    sampling: Sampling | None = None
    audit: Audit | None = None
    items: tuple[AnsweredItem, ...] = ()
    scored: tuple[Records, ...] = ()  # the observations with those other checklists, in their order
    changes: Changing = nothing_tried
    refused: tuple[Observation, ...] = ()
    told: tuple[Problem, ...] = ()


NOTHING_BESIDE = Beside()


@dataclass(frozen=True)
class ReportedStudy:
    """Everything that tables are made from."""

    checklist: Checklist
    scored: Records
    summary: Summary
    words: Words
    beside: Beside = NOTHING_BESIDE

    @property
    def standings(self) -> Standings | None:
        """Where everybody stands in the programme, if there is one."""
        return self.beside.standings

    @cached_property
    def titles(self) -> Titles:
        """How people call what the programme names."""
        programme = self.standings.programme if self.standings else None
        return titles_of(self.words, programme, (self.checklist, *self.beside.checklists))

    @cached_property
    def _standing(self) -> Mapping[str, TherapistStanding]:
        return self.standings.by_name if self.standings else {}

    def standing(self, therapist: str) -> TherapistStanding | None:
        """Where a therapist stands in the programme, if there is one."""
        return self._standing.get(therapist)

    @cached_property
    def headline(self) -> Score | None:
        """The score that is shown first and sorted by."""
        return self.checklist.score.get(self.summary.headline or "") or self.checklist.headline

    @cached_property
    def measure(self) -> Measure:
        """How the headline is written."""
        return measure(self.headline)

    @cached_property
    def standard(self) -> Fraction | None:
        """The headline's declared standard: the programme's, or else the checklist's."""
        if self.headline is None:
            return None
        own = self.standings.programme.thresholds if self.standings else ()
        set_by = (each.value for each in own if each.id == "standard" and each.of == self.headline.key)
        return next(set_by, self.checklist.standard(self.headline.key))

    @property
    def sigma(self) -> float | None:
        """The programme's ordinary ups and downs, in the headline's unit."""
        return self.summary.spread.sigma if self.summary.spread else None

    @property
    def has_course(self) -> bool:
        """Whether there is a score, and the data name therapists and dates; without these no course."""
        return self.headline is not None and any(person.n for person in self.summary.therapists)

    @cached_property
    def people(self) -> tuple[tuple[TherapistSummary, ScoreSummary], ...]:
        """Each therapist with the summary of the headline, who may need support first."""
        key = self.headline.key if self.headline and self.has_course else ""
        with_headline = [(each, each.scores[key]) for each in self.summary.therapists if key in each.scores]
        return tuple(sorted(with_headline, key=lambda pair: self._need(*pair)))

    def _need(self, person: TherapistSummary, score: ScoreSummary) -> tuple[int, float, str]:
        capped_often = self.capped_lately(person.therapist) >= CAPPED_OFTEN
        need = min(
            NEED_BY_TREND.get(score.drift.status, LEAST_NEED),
            NEED_BY_STANDARD.get(score.standard or "", LEAST_NEED),
            NEED_WHEN_CAPPED if capped_often else LEAST_NEED,
        )
        level = score.estimate if score.estimate is not None else score.mean
        return need, level if level is not None else float("inf"), person.therapist

    @cached_property
    def _capped(self) -> Mapping[str, tuple[bool, ...]]:
        """For each therapist's sessions by date whether any gate fails in any rater's eyes."""
        days: dict[tuple[str, str], list[date]] = defaultdict(list)
        failing: dict[tuple[str, str], bool] = defaultdict(bool)
        for each in self.scored:
            who = each.observation
            if who.selection != "for_cause":
                days[who.therapist, who.occasion] += [who.date] if who.date else []
                failing[who.therapist, who.occasion] |= fails(each.scored)
        found: dict[str, list[bool]] = defaultdict(list)
        for therapist, session in sorted((key for key in days if days[key]), key=lambda key: min(days[key])):
            found[therapist].append(failing[therapist, session])
        return {therapist: tuple(each) for therapist, each in found.items()}

    @cached_property
    def _answered(self) -> Mapping[str, tuple[bool, ...]]:
        """For each of a therapist's own sessions by date whether anything was answered."""
        aside = {name for each in self.summary.set_aside for name in each.observations}
        days: dict[tuple[str, str], list[date]] = defaultdict(list)
        answered: dict[tuple[str, str], bool] = defaultdict(bool)
        for who in (each.observation for each in self.scored):
            if who.observation not in aside:
                days[who.therapist, who.occasion] += [who.date] if who.date else []
                answered[who.therapist, who.occasion] |= is_answered(who)
        found: dict[str, list[bool]] = defaultdict(list)
        for therapist, session in sorted((key for key in days if days[key]), key=lambda key: min(days[key])):
            found[therapist].append(answered[therapist, session])
        return {therapist: tuple(each) for therapist, each in found.items()}

    def observed(self, therapist: str) -> int:
        """In how many of a therapist's dated sessions anything was answered."""
        return sum(self._answered.get(therapist, ()))

    def observed_lately(self, therapist: str) -> int:
        """In how many of the last five."""
        return sum(self._answered.get(therapist, ())[-RECENT:])

    def capped(self, therapist: str) -> int:
        """In how many sessions of this therapist a gate fails."""
        return sum(self._capped.get(therapist, ()))

    def capped_lately(self, therapist: str) -> int:
        """In how many of the last five sessions a gate fails."""
        return sum(self._capped.get(therapist, ())[-RECENT:])

    @cached_property
    def sessions(self) -> Mapping[tuple[str, str], Records]:
        """The scored observations of each session, in the order of the data."""
        found: dict[tuple[str, str], list[ScoredObservation[Observation]]] = defaultdict(list)
        for each in self.scored:
            found[each.observation.therapist, each.observation.occasion].append(each)
        return found

    @cached_property
    def sessions_observed(self) -> int:
        """How many sessions there are in which anything was answered."""
        blank = sum(
            all(each.scored and not is_answered(each.observation) for each in records)
            for records in self.sessions.values()
        )
        return self.summary.provenance.sessions - blank

    @property
    def rated_twice(self) -> int:
        """How many sessions two observers rated, as the tables on agreement count them."""
        return self.beside.agreement.double_scored if self.beside.agreement else 0

    @property
    def period(self) -> str:
        """From the first to the last date of the data."""
        return self.words.period(self.summary.first_date, self.summary.last_date)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The ends of an axis that all scores of everybody fit on."""
        return self.measure.axis(session.score for _, score in self.people for session in score.sessions)

    @cached_property
    def longest_course(self) -> int:
        """The most sessions that anybody has."""
        return max((len(score.sessions) for _, score in self.people), default=0)

    def room_for(self, sessions: int) -> int:
        """How many places a row of small bars has: a short one keeps room, so that its bars are no wider."""
        return self.longest_course if sessions * 2 < self.longest_course else sessions

    @property
    def format_varies(self) -> bool:
        """Whether the data say in which format people work."""
        return any(person.modality for person, _ in self.people)

    @property
    def site_varies(self) -> bool:
        """Whether there is more than one site."""
        return len({person.site for person, _ in self.people}) > 1


def study_of(
    checklist: Checklist, scored: Records, summary: Summary, beside: Beside = NOTHING_BESIDE
) -> ReportedStudy:
    """The study with the words that its checklist asks for."""
    return ReportedStudy(checklist, scored, summary, words_for(checklist), beside)


def is_answered(record: Observation) -> bool:
    """Whether any question was answered; a form sent in blank says nothing of its session."""
    return any(record.answers.values())


def fails(scored: Scored | None) -> bool:
    """Whether any gate fails, so that a level is capped."""
    return scored is not None and "fails" in scored.gates.values()
