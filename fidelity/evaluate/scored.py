"""Findings -> the outcomes of an observation; each is written out when somebody first reads it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fidelity.evaluate.findings import Findings
from fidelity.evaluate.ratio import reduced
from fidelity.evaluate.remarks import Circumstances
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject
from fidelity.model.score import Mark, ResultValue, Scored, ScoreValue


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
        value = self._read(name)
        _keep(self, name, value)
        return value

    def _read(self, name: str) -> object:
        found, remarks, comments, known = self._behind
        checklist = remarks.checklist
        match name:
            case "answers":
                said = zip(checklist.question, found.said, strict=True)
                return {key: each.answer for key, each in said}
            case "scores":
                return {key: FoundScore(found, key) for key in checklist.score}
            case "results":
                return {key: FoundResult(found, key) for key in checklist.result}
            case "gates":
                return {key: found.gates[key] for key in checklist.gate}
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
    """A score of one observation; its value, which everybody reads, is written out at once."""

    __slots__ = ("_behind",)
    _behind: tuple[Findings, str]

    def __init__(self, findings: Findings, key: str) -> None:
        _keep(self, "_behind", (findings, key))
        _keep(self, "exact", reduced(findings.scores[key].exact))

    def __getattr__(self, name: str) -> object:
        """What was not read before."""
        value = self._read(name)
        _keep(self, name, value)
        return value

    def _read(self, name: str) -> object:
        findings, key = self._behind
        worth = findings.scores[key]
        match name:
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
        value = self._read(name)
        _keep(self, name, value)
        return value

    def _read(self, name: str) -> object:
        findings, key = self._behind
        match name:
            case "level":
                return findings.results[key].level
            case "possible":
                return findings.results[key].possible
            case "because":
                return findings.rules.deciding[key](findings)
            case "reason":
                return findings.reason(Subject("result", key))
            case _:
                raise AttributeError(name)


_keep = object.__setattr__  # outcomes are frozen for everybody else
