"""Findings -> the outcomes of an observation; each is written out when somebody first reads it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fidelity.evaluate.findings import Findings
from fidelity.evaluate.ratio import reduced
from fidelity.evaluate.remarks import Circumstances
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject
from fidelity.model.score import Mark, ResultValue, Scored, ScoreValue, because


class Remarks(NamedTuple):
    """How everything is worked out that no rule reads."""

    checklist: Checklist
    flags: Mapping[str, Callable[[Findings], bool | None]]
    lists: Mapping[str, Callable[[Findings], tuple[str, ...]]]
    comments_needed: Callable[[Findings, Mapping[str, str]], tuple[str, ...]]
    marks: Callable[[Findings, Circumstances], tuple[Mark, ...]]


class FoundScored(Scored):
    """All outcomes of one observation."""

    __slots__ = ("_behind",)
    _behind: tuple[Findings, Remarks, Mapping[str, str], Circumstances]

    def __init__(
        self, findings: Findings, remarks: Remarks, comments: Mapping[str, str], known: Circumstances
    ) -> None:
        _keep(self, "_behind", (findings, remarks, comments, known))

    def __getattr__(self, name: str) -> object:
        """What was not read before."""
        return _kept(self, name, self._read(name))

    def _read(self, name: str) -> object:
        found, remarks, comments, known = self._behind
        checklist = remarks.checklist
        match name:
            case "answers":
                said = zip(checklist.question, found.said, strict=True)
                return {key: each.answer for key, each in said}
            case "scores":
                return {each.key: FoundScore(found, each.key) for each in checklist.scores}
            case "results":
                return {each.key: FoundResult(found, each.key) for each in checklist.results}
            case "gates":
                return {each.key: found.gates[each.key] for each in checklist.gates}
            case "gate_reasons":
                return {each.key: found.reason(Subject("gate", each.key)) for each in checklist.gates}
            case "flags":
                return {flag: test(found) for flag, test in remarks.flags.items()}
            case "lists":
                return {each: items(found) for each, items in remarks.lists.items()}
            case "comments_needed":
                return remarks.comments_needed(found, comments)
            case "marks":
                return remarks.marks(found, known)
            case _:
                raise AttributeError(name)


class FoundScore(ScoreValue):
    """A score of one observation."""

    __slots__ = ("_behind",)
    _behind: tuple[Findings, str]

    def __init__(self, findings: Findings, key: str) -> None:
        _keep(self, "_behind", (findings, key))

    def __getattr__(self, name: str) -> object:
        """What was not read before."""
        return _kept(self, name, self._read(name))

    def _read(self, name: str) -> object:
        findings, key = self._behind
        worth = findings.scores[key]
        match name:
            case "exact":
                return reduced(worth.exact)
            case "answered":
                return worth.answered
            case "applicable":
                return worth.applicable
            case "not_scored":
                return worth.why
            case "low":
                return findings.bounds(key).ends.low
            case "high":
                return findings.bounds(key).ends.high
            case "reason":
                return findings.reason(Subject("score", key))
            case _:
                raise AttributeError(name)


class FoundResult(ResultValue):
    """A result of one observation."""

    __slots__ = ("_behind",)
    _behind: tuple[Findings, str]

    def __init__(self, findings: Findings, key: str) -> None:
        _keep(self, "_behind", (findings, key))

    def __getattr__(self, name: str) -> object:
        """What was not read before."""
        return _kept(self, name, self._read(name))

    def _read(self, name: str) -> object:
        findings, key = self._behind
        match name:
            case "level":
                return findings.results[key].level
            case "possible":
                return findings.results[key].possible
            case "because":
                return because(self.reason)
            case "reason":
                return findings.reason(Subject("result", key))
            case _:
                raise AttributeError(name)


_keep = object.__setattr__  # outcomes are frozen for everybody else


def _kept(outcome: object, name: str, value: object) -> object:
    _keep(outcome, name, value)
    return value
