"""Findings -> the outcomes of an observation; bounds, reasons and remarks when somebody first reads them."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from fidelity.evaluate.findings import Entered, Findings
from fidelity.evaluate.remarks import Circumstances
from fidelity.evaluate.remembered import Decision, Values, because
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject
from fidelity.model.scale import Answer
from fidelity.model.score import GateState, Mark, NotScored, Reason, ResultValue, Scored, ScoreValue


class Remarks(NamedTuple):
    """How everything is worked out that no rule reads."""

    checklist: Checklist
    flags: Mapping[str, Callable[[Findings], bool | None]]
    lists: Mapping[str, Callable[[Findings], tuple[str, ...]]]
    comments_needed: Callable[[Entered, Mapping[str, str]], tuple[str, ...]]
    marks: Callable[[Entered, Circumstances], tuple[Mark, ...]]


Plain = tuple[type[Scored | ScoreValue | ResultValue], tuple[object, ...]]


def _plain(found: object, of: type[Scored | ScoreValue | ResultValue]) -> Plain:
    """What another process gets: the same with everything made."""
    return of, tuple(getattr(found, each.name) for each in fields(of))


class FoundScored(Scored):
    """All outcomes of one observation; what is looked into is made when somebody first does so."""

    __slots__ = ("__dict__", "_comments", "_decision", "_entered", "_known", "_remarks", "exact", "levels")
    # It is frozen for everybody else, as its type says; here alone it is written.
    __setattr__, __delattr__ = object.__setattr__, object.__delattr__

    exact: Mapping[str, Fraction | None]
    levels: Mapping[str, str | None]
    gates: Mapping[str, GateState]

    def __init__(
        self,
        entered: Entered,
        values: Values,
        decision: Decision,
        remarks: Remarks,
        comments: Mapping[str, str],
        known: Circumstances,
    ) -> None:
        self._entered, self._decision, self._remarks = entered, decision, remarks
        self._comments, self._known = comments, known
        self.exact, self.levels, self.gates = values, decision.levels.copy(), decision.gates.copy()

    def __reduce__(self) -> Plain:
        return _plain(self, Scored)

    @property
    def because(self) -> Mapping[str, tuple[str, ...]]:
        """The names of what decided each result."""
        known, results = self._decision.because, self._decision.results
        if len(known) == len(results):
            return known.copy()
        return {key: because(self._entered, self._decision, key) for key in results}

    @cached_property
    def scores(self) -> Mapping[str, ScoreValue]:
        """The scores, each with its bounds and reason."""
        return _scores(self._entered, self.exact)

    @cached_property
    def results(self) -> Mapping[str, ResultValue]:
        """The results, each with its reason."""
        return _results(self._entered, self._decision)

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """What the rules saw of each question."""
        said = zip(self._remarks.checklist.question, self._entered.findings.said, strict=True)
        return {key: each.answer for key, each in said}

    @cached_property
    def gate_reasons(self) -> Mapping[str, Reason]:
        """Why each gate does what it does."""
        return {key: self._entered.findings.reason(Subject("gate", key)) for key in self.gates}

    @cached_property
    def flags(self) -> Mapping[str, bool | None]:
        """What there is to look at."""
        return {flag: test(self._entered.findings) for flag, test in self._remarks.flags.items()}

    @cached_property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """What was rated so, by name."""
        return {each: items(self._entered.findings) for each, items in self._remarks.lists.items()}

    @cached_property
    def comments_needed(self) -> tuple[str, ...]:
        """The items whose comment is still to be written."""
        return self._remarks.comments_needed(self._entered, self._comments)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """What is said about the record but refuses nothing."""
        return self._remarks.marks(self._entered, self._known)


# There are many of these for each record, so they are filled in here: a call of their class for each of them
# would take half as long again.
_new = object.__new__


def _scores(entered: Entered, values: Mapping[str, Fraction | None]) -> dict[str, ScoreValue]:
    scores: dict[str, ScoreValue] = {}
    for key, value in values.items():
        scores[key] = score = _new(FoundScore)
        score.entered = entered
        score.key = key
        score.exact = value
    return scores


def _results(entered: Entered, decision: Decision) -> dict[str, ResultValue]:
    results: dict[str, ResultValue] = {}
    for key, judged in decision.results.items():
        results[key] = result = _new(FoundResult)
        result.entered = entered
        result.decision = decision
        result.key = key
        result.level = judged.level
        result.possible = judged.possible
    return results


class FoundScore(ScoreValue):
    """A score of one observation; bounds and reasons follow when somebody asks."""

    __slots__ = ("entered", "key")
    __setattr__, __delattr__ = object.__setattr__, object.__delattr__

    entered: Entered
    key: str
    exact: Fraction | None

    def __reduce__(self) -> Plain:
        return _plain(self, ScoreValue)

    @property
    def answered(self) -> int:
        """How many were answered."""
        return self.entered.findings.scores[self.key].answered

    @property
    def applicable(self) -> int:
        """How many apply."""
        return self.entered.findings.scores[self.key].applicable

    @property
    def not_scored(self) -> NotScored:
        """Why there is no value."""
        return self.entered.findings.scores[self.key].why

    @property
    def low(self) -> Fraction | None:
        """The lowest that it can be."""
        return self.entered.findings.bounds(self.key).ends.low

    @property
    def high(self) -> Fraction | None:
        """The highest that it can be."""
        return self.entered.findings.bounds(self.key).ends.high

    @property
    def reason(self) -> Reason:
        """Why it is what it is."""
        return self.entered.findings.reason(Subject("score", self.key))


class FoundResult(ResultValue):
    """A result of one observation."""

    __slots__ = ("decision", "entered", "key")
    __setattr__, __delattr__ = object.__setattr__, object.__delattr__

    entered: Entered
    key: str
    decision: Decision
    level: str | None
    possible: tuple[str, ...]

    def __reduce__(self) -> Plain:
        return _plain(self, ResultValue)

    @property
    def because(self) -> tuple[str, ...]:
        """The names of what decided it."""
        known = self.decision.because.get(self.key)
        return because(self.entered, self.decision, self.key) if known is None else known

    @property
    def reason(self) -> Reason:
        """Why it is what it is."""
        return self.entered.findings.reason(Subject("result", self.key))
