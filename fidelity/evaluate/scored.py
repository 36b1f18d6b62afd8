"""Findings -> the outcomes of an observation; bounds, reasons and remarks when somebody first reads them."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from fidelity.evaluate.findings import Findings
from fidelity.evaluate.ratio import reduced
from fidelity.evaluate.remarks import Circumstances
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject
from fidelity.model.score import GateState, Mark, NotScored, Reason, ResultValue, Scored, ScoreValue


class Remarks(NamedTuple):
    """How everything is worked out that no rule reads."""

    checklist: Checklist
    flags: Mapping[str, Callable[[Findings], bool | None]]
    lists: Mapping[str, Callable[[Findings], tuple[str, ...]]]
    comments_needed: Callable[[Findings, Mapping[str, str]], tuple[str, ...]]
    marks: Callable[[Findings, Circumstances], tuple[Mark, ...]]


class FoundScored(Scored):
    """All outcomes of one observation; the scores, results and gates are there at once."""

    __slots__ = ("_comments", "_findings", "_known", "_remarks")
    # It is frozen for everybody else, as its type says; here alone it is written.
    __setattr__, __delattr__ = object.__setattr__, object.__delattr__

    scores: Mapping[str, ScoreValue]
    results: Mapping[str, ResultValue]
    gates: Mapping[str, GateState]

    def __init__(
        self, findings: Findings, remarks: Remarks, comments: Mapping[str, str], known: Circumstances
    ) -> None:
        self._findings, self._remarks, self._comments, self._known = findings, remarks, comments, known
        self.scores = _scores(findings, remarks.checklist.score)
        self.results = _results(findings, remarks.checklist.result)
        self.gates = findings.gates

    def __getattr__(self, name: str) -> object:
        """What was not read before."""
        value = self._read(name)
        setattr(self, name, value)
        return value

    def _read(self, name: str) -> object:
        found, remarks = self._findings, self._remarks
        match name:
            case "answers":
                said = zip(remarks.checklist.question, found.said, strict=True)
                return {key: each.answer for key, each in said}
            case "gate_reasons":
                return {key: found.reason(Subject("gate", key)) for key in self.gates}
            case "flags":
                return {flag: test(found) for flag, test in remarks.flags.items()}
            case "lists":
                return {each: items(found) for each, items in remarks.lists.items()}
            case "comments_needed":
                return remarks.comments_needed(found, self._comments)
            case "marks":
                return remarks.marks(found, self._known)
            case _:
                raise AttributeError(name)


# There are many of these for each record, so they are filled in here: a call of their class for each of them
# would take half as long again.
_new = object.__new__


def _scores(findings: Findings, keys: Iterable[str]) -> dict[str, ScoreValue]:
    scores: dict[str, ScoreValue] = {}
    worths = findings.scores
    for key in keys:
        scores[key] = score = _new(FoundScore)
        worth = worths[key]
        score.findings = findings
        score.key = key
        score.exact = reduced(worth.exact) if worth.value is None else worth.value
    return scores


def _results(findings: Findings, keys: Iterable[str]) -> dict[str, ResultValue]:
    results: dict[str, ResultValue] = {}
    for key in keys:
        results[key] = result = _new(FoundResult)
        judged = findings.results[key]
        result.findings = findings
        result.key = key
        result.level = judged.level
        result.possible = judged.possible
    return results


class FoundScore(ScoreValue):
    """A score of one observation; bounds and reasons follow when somebody asks."""

    __slots__ = ("findings", "key")
    __setattr__, __delattr__ = object.__setattr__, object.__delattr__

    findings: Findings
    key: str
    exact: Fraction | None

    @property
    def answered(self) -> int:
        """How many were answered."""
        return self.findings.scores[self.key].answered

    @property
    def applicable(self) -> int:
        """How many apply."""
        return self.findings.scores[self.key].applicable

    @property
    def not_scored(self) -> NotScored:
        """Why there is no value."""
        return self.findings.scores[self.key].why

    @property
    def low(self) -> Fraction | None:
        """The lowest that it can be."""
        return self.findings.bounds(self.key).ends.low

    @property
    def high(self) -> Fraction | None:
        """The highest that it can be."""
        return self.findings.bounds(self.key).ends.high

    @property
    def reason(self) -> Reason:
        """Why it is what it is."""
        return self.findings.reason(Subject("score", self.key))


class FoundResult(ResultValue):
    """A result of one observation."""

    __slots__ = ("findings", "key")
    __setattr__, __delattr__ = object.__setattr__, object.__delattr__

    findings: Findings
    key: str
    level: str | None
    possible: tuple[str, ...]

    @property
    def because(self) -> tuple[str, ...]:
        """The names of what decided it."""
        return self.findings.rules.deciding[self.key](self.findings)

    @property
    def reason(self) -> Reason:
        """Why it is what it is."""
        return self.findings.reason(Subject("result", self.key))
