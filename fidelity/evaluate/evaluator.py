"""Compiles a checked checklist into an evaluator of observations."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from fidelity.errors import Problem, ProblemsFound
from fidelity.evaluate.condition import condition
from fidelity.evaluate.findings import (
    Findings,
    Rules,
    Said,
    Test,
    answer_reason,
)
from fidelity.evaluate.recorded import Step, is_often_asked, ordering, reading
from fidelity.evaluate.remarks import commenting, listing, marking
from fidelity.evaluate.remembered import follows_from_little, outcomes
from fidelity.evaluate.row import STATES, gating, judging, scoring
from fidelity.evaluate.scored import FoundScored, Remarks
from fidelity.evaluate.side_by_side import SideBySide
from fidelity.model.checklist import Checklist, Fact, Question
from fidelity.model.expression import Subject
from fidelity.model.scale import MISSING, Given, NonAnswer, NotGiven
from fidelity.model.score import Reason, ReasonKind, Scored
from fidelity.place import NOWHERE

if TYPE_CHECKING:
    import polars as pl

    from fidelity.model.observation import Observation

NOTHING: Mapping[str, str] = MappingProxyType({})


def compile(checklist: Checklist) -> "Evaluator":
    """The evaluator of a checklist: made once, then cheap to call."""
    return Evaluator(checklist)


class Evaluator:
    """Gives an observation's scores, levels, gates and flags, each with the reasons behind it.

    Scores, gates and results are worked out at once; bounds, reasons and remarks when somebody reads them.
    """

    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist
        rules = Rules(dict.fromkeys(checklist.gate, "undecided"))
        sums = SideBySide(checklist)
        steps = _steps(checklist, rules, sums)
        places = follows_from_little(checklist, sums)
        at_once = places is None and is_often_asked(checklist)
        self._in_order = ordering(checklist)
        self._entered = reading(checklist, sums, rules, steps, at_once=at_once)
        self._outcomes = outcomes(checklist, places)
        self._remarks = Remarks(
            checklist,
            {each.id: condition(checklist, each.when).value for each in checklist.flags},
            {each.id: listing(checklist, each) for each in checklist.lists},
            commenting(checklist),
            marking(checklist),
        )

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
        raw = self._in_order(answers)
        if raw is None or ((facts or comments) and not self._has(facts, comments)):
            raise ProblemsFound(_unknown_names(self.checklist, answers, facts, comments))
        known = (None if minutes is None else Fraction(minutes), date, rated_on, rater_role, evidence)
        entered = self._entered(raw, facts, NOWHERE)
        values, decision = self._outcomes(entered)
        return FoundScored(
            entered, values, decision, self._remarks, dict(comments) if comments else NOTHING, known
        )

    def score(self, observation: "Observation") -> Scored:
        """The outcomes for an observation whose answers are already checked."""
        known = (
            observation.minutes,
            observation.date,
            observation.rated_on,
            observation.rater_role,
            observation.evidence,
        )
        answers = tuple(map(observation.answers.get, self.checklist.question))
        entered = self._entered(answers, observation.facts, observation.place)
        values, decision = self._outcomes(entered)
        return FoundScored(entered, values, decision, self._remarks, observation.comments, known)

    def table(self, frame: "pl.LazyFrame") -> "pl.LazyFrame":
        """The frame, one row a record, with its outcomes beside it; nothing is read before it is collected.

        Columns are named as in a data file. A row with a value that does not fit has no outcomes, and its
        column `refused` names the columns at fault. A score NAME is there as a number for reading, and
        exactly as NAME.top over NAME.bottom.
        """
        # A data-frame library costs a fifth of a second, and one record needs none.
        from fidelity.evaluate.columns.table import table  # noqa: PLC0415

        return table(self.checklist, frame)

    def _has(self, facts: Mapping[str, object], comments: Mapping[str, str]) -> bool:
        checklist = self.checklist
        return facts.keys() <= checklist.fact.keys() and comments.keys() <= checklist.item.keys()


# ---- the steps, in working order


def _steps(checklist: Checklist, rules: Rules, sums: SideBySide) -> list[Step]:
    """One step for each score, gate and result, and for each question that may not apply.

    A score that is nothing but a sum beside the others has none, as it is worked out when a record is read.
    On the way the rules learn how to give bounds and reasons afterwards.
    """
    applies = _always() if checklist.applies is None else condition(checklist, checklist.applies)
    for fact in checklist.facts:
        rules.reason[Subject("fact", fact.id)] = _reason_of_fact(fact)
    first = list(takewhile(lambda each: each[0] == "question", checklist.order))
    steps = [_step(checklist, rules, sums, applies, Subject(kind, key)) for kind, key in checklist.order]
    if checklist.applies is not None:
        steps.insert(len(first), _applying(applies))
    return [each for each in steps if each is not None]


def _step(
    checklist: Checklist, rules: Rules, sums: SideBySide, applies: Test, subject: Subject
) -> Step | None:
    match subject.kind:
        case "question":
            return _asking(checklist, rules, subject)
        case "score":
            return _scoring(checklist, rules, sums, applies, subject)
        case "gate":
            return _gating(checklist, rules, subject)
        case _:
            return _judging(checklist, rules, applies, subject)


def _always() -> Test:
    return Test(lambda _: True, lambda _: ())


def _applying(applies: Test) -> Step:
    def step(findings: Findings) -> None:
        findings.applies = applies.value(findings)

    return step


def _asking(checklist: Checklist, rules: Rules, subject: Subject) -> Step | None:
    question, number = checklist.question[subject.key], checklist.number[subject.key]
    if question.applies is None:
        rules.reason[subject] = lambda findings: findings.said[number].reason
        return None
    test = condition(checklist, question.applies)
    rules.reason[subject] = _reason_of_answer(question, number, test)
    return _asked(question, number, test)


def _asked(question: Question, number: int, test: Test) -> Step:
    """A question that does not apply is not counted, one of which it is not known is missing."""
    set_aside, open_ = (
        Said(answer, answer_reason(question.key, answer, question.place))
        for answer in (NotGiven(NonAnswer.NOT_APPLICABLE), MISSING)
    )

    def step(findings: Findings) -> None:
        applies = test.value(findings)
        if applies is not True and findings.said[number].applies:
            findings.say(number, open_ if applies is None else set_aside)

    return step


def _reason_of_answer(question: Question, number: int, test: Test) -> Callable[[Findings], Reason]:
    """Only a question that was really blank is named as one; the others wait for what decides over them."""

    def reason(findings: Findings) -> Reason:
        applies, recorded = test.value(findings), findings.recorded[number]
        if applies is True or (applies is None and not recorded.applies):
            return recorded.reason
        kind: ReasonKind = "not_applicable"
        if applies is None:
            kind = "condition" if isinstance(recorded.answer, Given) else "blank"
        state = NonAnswer.MISSING if applies is None else NonAnswer.NOT_APPLICABLE
        return Reason(kind, question.key, state.value, lambda: test.reasons(findings), question.place)

    return reason


def _reason_of_fact(fact: Fact) -> Callable[[Findings], Reason]:
    def reason(findings: Findings) -> Reason:
        answer = findings.facts[fact.id]
        return Reason("fact", fact.id, answer.code if isinstance(answer, Given) else None)

    return reason


def _scoring(
    checklist: Checklist, rules: Rules, sums: SideBySide, applies: Test, subject: Subject
) -> Step | None:
    key = subject.key
    summed, worth, rules.bounds[key], rules.reason[subject] = scoring(
        checklist, checklist.score[key], applies
    )
    if summed is not None and sums.take(key, summed) and worth is summed:
        return None

    def step(findings: Findings) -> None:
        findings.scores[key] = worth(findings)

    return step


def _gating(checklist: Checklist, rules: Rules, subject: Subject) -> Step:
    key = subject.key
    fails, rules.reason[subject] = gating(checklist, checklist.gate[key])

    def step(findings: Findings) -> None:
        findings.gates[key] = STATES[fails(findings)]

    return step


def _judging(checklist: Checklist, rules: Rules, applies: Test, subject: Subject) -> Step:
    key = subject.key
    judged, rules.reason[subject], rules.deciding[key] = judging(checklist, checklist.result[key], applies)

    def step(findings: Findings) -> None:
        findings.results[key] = judged(findings)

    return step


# ---- what a caller hands in


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
                from difflib import get_close_matches  # noqa: PLC0415 - only a mistyped name needs it

                near = "".join(get_close_matches(key, allowed, n=1))
                nearest = name.format(near) if near else ""
                yield Problem("RB501", NOWHERE, {"unknown": name.format(key), "nearest": nearest})
