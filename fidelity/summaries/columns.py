"""What was scored, column by column: the light record that summaries of any size are made from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.scale import Answer, Given
from fidelity.model.score import ScoredObservation
from fidelity.summaries.exact import Exact, Flags, Places, Whole, exact
from fidelity.summaries.series import Rating, usable


class Words(NamedTuple):
    """A column of words: for each rating the place of its word among the different ones, -1 for a blank."""

    places: Whole
    words: Sequence[str]

    def of(self, place: int) -> str:
        """The word at a place, or the blank."""
        return "" if place < 0 else self.words[place]

    def said(self, span: slice) -> list[str]:
        """The words from one place to another."""
        return [self.of(each) for each in self.places[span].tolist()]

    def at(self, places: Places) -> "Words":
        """The same words in other places."""
        return Words(self.places[places], self.words)

    @property
    def in_order(self) -> "Words":
        """The same column with the words that are used, in alphabetical order."""
        used = np.unique(self.places[self.places >= 0]).tolist()
        order = sorted(used, key=self.words.__getitem__)
        rank = np.full(len(self.words) + 1, -1, dtype=np.intp)
        rank[order] = np.arange(len(order))
        # The last place holds -1, which a blank's -1 finds.
        return Words(rank[self.places], tuple(self.words[each] for each in order))


class Answered(NamedTuple):
    """A column of answers: for each rating the place of its answer among the different ones."""

    places: Whole
    listed: Sequence[Answer]

    def of(self, row: int) -> Answer:
        """The answer of one rating."""
        return self.listed[int(self.places[row])]

    def at(self, rows: Places) -> "Answered":
        """The same answers of other ratings."""
        return Answered(self.places[rows], self.listed)

    def marked(self, test: Callable[[Answer], bool]) -> Flags:
        """Which ratings have an answer that is so."""
        return np.array([*map(test, self.listed), False], dtype=np.bool_)[self.places]

    @property
    def counts(self) -> list[tuple[Answer, int]]:
        """How often each of the different answers was given, where it was."""
        numbers = np.bincount(self.places, minlength=len(self.listed)).tolist()
        return [each for each in zip(self.listed, numbers, strict=True) if each[1]]


# Columns that only some summaries ask for, by their names in a data file.
ARM, SESSION_NUMBER = "arm", "session_number"


@dataclass(frozen=True, slots=True)
class ScoredColumns:
    """Ratings that a summary may use, in the order of the data; every column has one place a rating.

    Whoever scores by columns hands this over; nothing else is needed. Columns of words have each word once.
    `observations` are the ids, and `session` has the id where no session is named. `days` are
    `date.toordinal()`, 0 without a date. By key: `scores` are exact, percents in percent; `levels` are places
    among the result's levels, -1 where undecided; `failed` says that a gate fails (its condition is true);
    `points` are those of every question that has points, after reversing and binning, known where an answer
    earned some. Places and points may be of any whole kind, points of a few levels int8. `covariates` are
    those that `judged.covariate_names` asks for: by name a fact, or else a column of the data. `answers` are
    those that the rules saw, by question; `others` the arm and the session's number, where somebody asks.

    Refused records and those observed for a cause stand in no column; `refused` and `for_cause` name them,
    `worried` the sessions that were observed for a cause.
    """

    observations: Sequence[str]
    session: Words
    therapist: Words
    rater: Words
    site: Words
    modality: Words
    version: Words
    evidence: Words
    rater_role: Words
    days: Whole
    scores: Mapping[str, Exact]
    levels: Mapping[str, Whole]
    failed: Mapping[str, Flags]
    points: Mapping[str, Exact]
    covariates: Mapping[str, Words]
    refused: Sequence[str] = ()
    for_cause: Sequence[str] = ()
    answers: Mapping[str, Answered] = field(default_factory=dict)
    others: Mapping[str, Words] = field(default_factory=dict)
    worried: Sequence[str] = ()

    def observed(self, marked: Flags) -> list[str]:
        """The ids of some of the observations."""
        return [self.observations[each] for each in np.flatnonzero(marked).tolist()]


def from_scored(
    checklist: Checklist,
    scored: Sequence[ScoredObservation[Observation]],
    covariates: Iterable[str] = (),
) -> ScoredColumns:
    """The columns of scored observations."""
    ratings = usable(scored)
    who = [each.observation for each in ratings]
    worried = [
        each.observation
        for each in scored
        if each.scored is not None and each.observation.selection == "for_cause"
    ]
    return ScoredColumns(
        observations=[each.observation for each in who],
        session=words(each.occasion for each in who),
        therapist=words(each.therapist for each in who),
        rater=words(each.rater for each in who),
        site=words(each.site for each in who),
        modality=words(each.modality for each in who),
        version=words(each.version for each in who),
        evidence=words(each.evidence for each in who),
        rater_role=words(each.rater_role for each in who),
        days=np.array([each.date.toordinal() if each.date else 0 for each in who], dtype=np.intp),
        scores={
            score.key: exact(each.scored.scores[score.key].exact for each in ratings)
            for score in checklist.scores
        },
        levels={
            result.key: _levels(result.key, [level.id for level in result.levels], ratings)
            for result in checklist.results
        },
        failed={
            gate.key: np.array([each.scored.gates[gate.key] == "fails" for each in ratings], dtype=np.bool_)
            for gate in checklist.gates
        },
        points={each.key: _points(each.key, ratings) for each in checklist.questions if each.points},
        covariates={name: words(_word(each, name) for each in who) for name in covariates},
        refused=[each.observation.observation for each in scored if each.scored is None],
        for_cause=[each.observation for each in worried],
        answers={each.key: _answers(each.key, ratings) for each in checklist.questions},
        others={
            ARM: words(each.arm for each in who),
            SESSION_NUMBER: words(each.facts.get(SESSION_NUMBER, "") for each in who),
        },
        worried=list(dict.fromkeys(each.occasion for each in worried)),
    )


def words(of: Iterable[str]) -> Words:
    """A column of words, the different ones in the order in which they are first met."""
    place = {"": -1}
    places = [place.setdefault(word, len(place) - 1) for word in of]
    return Words(np.array(places, dtype=np.intp), tuple(place)[1:])


def _levels(result: str, levels: Sequence[str], ratings: Sequence[Rating]) -> Places:
    place: dict[str | None, int] = {level: at for at, level in enumerate(levels)}
    return np.array([place.get(each.scored.results[result].level, -1) for each in ratings], dtype=np.intp)


def _answers(question: str, ratings: Sequence[Rating]) -> Answered:
    answers = [each.scored.answers[question] for each in ratings]
    # Answers alike are mostly one and the same, and to compare fractions takes long.
    same = {id(each): each for each in answers}
    place: dict[Answer, int] = {}
    known = {name: place.setdefault(each, len(place)) for name, each in same.items()}
    return Answered(np.array([known[id(each)] for each in answers], dtype=np.intp), tuple(place))


def _points(question: str, ratings: Sequence[Rating]) -> Exact:
    answers = (each.scored.answers[question] for each in ratings)
    return exact(each.points if isinstance(each, Given) else None for each in answers)


def _word(observation: Observation, name: str) -> str:
    return observation.facts.get(name) or str(getattr(observation, name, "") or "")
