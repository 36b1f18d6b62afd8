"""Compiles a checked checklist into an evaluator of observations."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from fidelity.errors import Problem, ProblemsFound
from fidelity.evaluate.condition import condition
from fidelity.evaluate.findings import Findings, Reasons, does_not_apply
from fidelity.evaluate.recorded import reading
from fidelity.evaluate.remarks import Circumstances, commenting, listing, marks
from fidelity.evaluate.row import gating, judging, scoring
from fidelity.model.checklist import Checklist, Question
from fidelity.model.expression import Condition
from fidelity.model.scale import MISSING, Given, NonAnswer, NotGiven
from fidelity.model.score import Reason, ReasonKind, Scored
from fidelity.place import NOWHERE, Place

if TYPE_CHECKING:
    import polars as pl

    from fidelity.model.observation import Observation

Step = Callable[[Findings], None]
NOTHING: Mapping[str, str] = MappingProxyType({})


def compile(checklist: Checklist) -> "Evaluator":
    """The evaluator of a checklist: made once, then cheap to call."""
    return Evaluator(checklist)


class Evaluator:
    """Gives an observation's scores, levels, gates and flags, each with the reasons behind it."""

    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist
        self._steps = _steps(checklist)
        self._understood = reading(checklist)
        self._comments_needed = commenting(checklist)
        self._flags = {each.id: condition(checklist, each.when) for each in checklist.flags}
        self._lists = {each.id: listing(checklist, each) for each in checklist.lists}

    def __call__(  # noqa: PLR0913 - everything after the answers is optional and named
        self,
        answers: Mapping[str, object],
        facts: Mapping[str, object] = NOTHING,
        comments: Mapping[str, str] = NOTHING,
        *,
        minutes: Fraction | int | None = None,
        date: dt.date | None = None,
        rated_on: dt.date | None = None,
        rater_role: str = "",
        evidence: str = "",
    ) -> Scored:
        """The outcomes for answers by question key; ProblemsFound names every answer that does not fit.

        Values are as a person writes them, or numbers; a float counts as its shortest decimal form.
        """
        unknown = list(_unknown_names(self.checklist, answers, facts, comments))
        if unknown:
            raise ProblemsFound(unknown)
        known = Circumstances(
            None if minutes is None else Fraction(minutes), date, rated_on, rater_role, evidence
        )
        return self._scored(_raw(answers), _raw(facts), comments, known, NOWHERE)

    def score(self, observation: "Observation") -> Scored:
        """The outcomes for an observation whose answers are already checked."""
        known = Circumstances(
            observation.minutes,
            observation.date,
            observation.rated_on,
            observation.rater_role,
            observation.evidence,
        )
        return self._scored(
            observation.answers, observation.facts, observation.comments, known, observation.place
        )

    def table(self, frame: "pl.LazyFrame") -> "pl.LazyFrame":
        """The frame, one row a record, with its outcomes beside it; nothing is read before it is collected.

        Columns are named as in a data file. A row with a value that does not fit has no outcomes, and its
        column `refused` names the columns at fault. A score NAME is there as a number for reading, and
        exactly as NAME.top over NAME.bottom.
        """
        # A data-frame library costs a fifth of a second, and one record needs none.
        from fidelity.evaluate.columns.table import table  # noqa: PLC0415

        return table(self.checklist, frame)

    def _scored(
        self,
        answers: Mapping[str, str],
        facts: Mapping[str, str],
        comments: Mapping[str, str],
        known: Circumstances,
        place: Place,
    ) -> Scored:
        findings = self._understood(answers, facts, place)
        for step in self._steps:
            step(findings)
        checklist = self.checklist
        return Scored(
            answers=findings.answers,
            scores={each.key: findings.scores[each.key] for each in checklist.scores},
            results={each.key: findings.results[each.key] for each in checklist.results},
            gates={each.key: findings.gates[each.key] for each in checklist.gates},
            gate_reasons={each.key: findings.gate_reasons[each.key] for each in checklist.gates},
            flags={name: test(findings)[0] for name, test in self._flags.items()},
            lists={name: items(findings) for name, items in self._lists.items()},
            comments_needed=self._comments_needed(findings, comments),
            marks=marks(checklist.about, findings, known),
        )


# ---- the steps, in working order


def _steps(checklist: Checklist) -> list[Step]:
    """One step for each score, gate and result, and for each question that may not apply."""
    first = list(takewhile(lambda each: each[0] == "question", checklist.order))
    steps = [_step(checklist, kind, key) for kind, key in checklist.order]
    if checklist.applies is not None:
        steps.insert(len(first), _applying(checklist, checklist.applies))
    return [each for each in steps if each is not None]


def _step(checklist: Checklist, kind: str, key: str) -> Step | None:
    match kind:
        case "question":
            question = checklist.question[key]
            return None if question.applies is None else _asking(checklist, question, question.applies)
        case "score":
            return _scoring(checklist, key)
        case "gate":
            return _gating(checklist, key)
        case _:
            return _judging(checklist, key)


def _applying(checklist: Checklist, when: Condition) -> Step:
    test = condition(checklist, when)

    def step(findings: Findings) -> None:
        findings.applies = test(findings)

    return step


def _asking(checklist: Checklist, question: Question, when: Condition) -> Step:
    """A question that does not apply is not counted, one of which it is not known is missing."""
    test = condition(checklist, when)

    def step(findings: Findings) -> None:
        value, reasons = test(findings)
        if value is False:
            _set_aside(question, findings, reasons)
        if value is None and not does_not_apply(findings.answers[question.key]):
            _leave_open(question, findings, reasons)

    return step


def _set_aside(question: Question, findings: Findings, reasons: Reasons) -> None:
    """The answer is kept in the record, marked and not counted (decision 40)."""
    key, answer = question.key, findings.answers[question.key]
    if isinstance(answer, Given):
        findings.set_aside.append(key)
    if not does_not_apply(answer):
        findings.answers[key] = NotGiven(NonAnswer.NOT_APPLICABLE)
    state = NonAnswer.NOT_APPLICABLE.value
    findings.why[key] = Reason("not_applicable", key, state, reasons, question.place)


def _leave_open(question: Question, findings: Findings, reasons: Reasons) -> None:
    """Only a question that was really blank is named as one; the others wait for what decides over them."""
    key = question.key
    kind: ReasonKind = "condition" if isinstance(findings.answers[key], Given) else "blank"
    findings.answers[key] = MISSING
    findings.why[key] = Reason(kind, key, MISSING.state.value, reasons, question.place)


def _scoring(checklist: Checklist, key: str) -> Step:
    work = scoring(checklist, checklist.score[key])

    def step(findings: Findings) -> None:
        findings.scores[key] = work(findings)

    return step


def _gating(checklist: Checklist, key: str) -> Step:
    work = gating(checklist, checklist.gate[key])

    def step(findings: Findings) -> None:
        findings.gates[key], findings.gate_reasons[key] = work(findings)

    return step


def _judging(checklist: Checklist, key: str) -> Step:
    work = judging(checklist, checklist.result[key])

    def step(findings: Findings) -> None:
        findings.results[key] = work(findings)

    return step


# ---- what a caller hands in


def _raw(values: Mapping[str, object]) -> dict[str, str]:
    return {key: "" if value is None else str(value) for key, value in values.items()}


def _unknown_names(
    checklist: Checklist,
    answers: Mapping[str, object],
    facts: Mapping[str, object],
    comments: Mapping[str, str],
) -> Iterator[Problem]:
    for given, allowed, name in (
        (answers, checklist.question, "{}"),
        (facts, checklist.fact, "fact.{}"),
        (comments, checklist.item, "{}.comment"),
    ):
        for key in given:
            if key not in allowed:
                near = "".join(get_close_matches(key, allowed, n=1))
                nearest = name.format(near) if near else ""
                yield Problem("RB501", NOWHERE, {"unknown": name.format(key), "nearest": nearest})
