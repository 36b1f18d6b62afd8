"""A third evaluator, naive on purpose: the meaning of a checklist read off its model, one record at a time.

It prepares nothing, keeps nothing but what it has already found out about this record, reckons in fractions
and makes every reason at once. It shares no code with the evaluators that it judges.
"""

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from fidelity.model.answering import understood, understood_fact
from fidelity.model.checklist import AsPoints, Checklist, LeftOut, Question, Result, Score, Treatments
from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    CompareLevel,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    Needing,
    NoOther,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    ValueOf,
)
from fidelity.model.number import read_number, rounded, written
from fidelity.model.period import later
from fidelity.model.scale import Answer, Given, Misfit, NonAnswer, NotGiven, Scale
from fidelity.model.score import Reason, ReasonKind

Exact = Fraction | None
Truth = bool | None
Reasons = tuple[Reason, ...]
Verdict = tuple[Truth, Reasons]

MISSING = NotGiven(NonAnswer.MISSING)
NOT_APPLICABLE = NonAnswer.NOT_APPLICABLE
ORDER: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
    "is": operator.eq,
}


class Part(NamedTuple):
    """What a subject brings into a formula: its value, its lowest and highest, whether it is settled, why."""

    value: Exact
    low: Exact
    high: Exact
    settled: bool
    reason: Reason


class Worth(NamedTuple):
    """What a formula comes to."""

    exact: Exact
    low: Exact
    high: Exact
    settled: bool
    answered: int
    applicable: int
    reasons: Reasons
    why: str = ""


class Level(NamedTuple):
    """What a result comes to."""

    possible: tuple[str, ...]
    reason: Reason
    decided: bool


def outcomes(checklist: Checklist, record: Mapping[str, str]) -> dict[str, object]:
    """Everything that comes out for a record, named like the columns of a table; `why` holds the reasons."""
    seen = Seen(checklist, record)
    wrong = seen.refused()
    if wrong:
        return {"refused": ", ".join(wrong)}
    found: dict[str, object] = {"refused": None}
    reasons: dict[str, Reason] = {}
    for score in checklist.scores:
        worth = seen.score(score.key)
        for end, number in (("", worth.exact), (".low", worth.low), (".high", worth.high)):
            found[f"{score.key}{end}.top"] = None if number is None else number.numerator
            found[f"{score.key}{end}.bottom"] = None if number is None else number.denominator
        found[score.key] = None if worth.exact is None else float(worth.exact)
        found[f"{score.key}.answered"], found[f"{score.key}.applicable"] = worth.answered, worth.applicable
        found[f"{score.key}.reason"] = worth.why or None
        reasons[score.key] = seen.score_reason(score.key)
    for result in checklist.results:
        level = seen.result(result.key)
        found[result.key] = level.possible[0] if level.decided else None
        found[f"{result.key}.possible"] = ", ".join(level.possible)
        reasons[result.key] = level.reason
    for gate in checklist.gates:
        found[f"gate.{gate.key}"], reasons[f"gate.{gate.key}"] = seen.gate(gate.key)
    found |= {f"flag.{each.id}": seen.truth(each.when)[0] for each in checklist.flags}
    found |= {
        f"list.{each.id}": ", ".join(seen.listed(each.questions, each.results, each.rated))
        for each in checklist.lists
    }
    found["comments_needed"] = ", ".join(seen.comments_needed())
    found["marks"] = ", ".join(dict.fromkeys(seen.marks()))
    return {**found, "why": reasons}


@dataclass
class Seen:
    """One record of a checklist, and what was found out about it so far."""

    checklist: Checklist
    record: Mapping[str, str]
    answers: dict[str, tuple[Answer, Reason]] = field(default_factory=dict)
    scores: dict[str, Worth] = field(default_factory=dict)
    results: dict[str, Level] = field(default_factory=dict)

    # ---- what the record says

    def refused(self) -> list[str]:
        """The columns with a value that fits nothing."""
        questions = [each.key for each in self.checklist.questions if isinstance(self._read(each), Misfit)]
        facts = [f"fact.{each.id}" for each in self.checklist.facts if isinstance(self.fact(each.id), Misfit)]
        words = [name for name, wrong in self._about_the_session().items() if self._word(name) and wrong]
        return [*questions, *facts, *words]

    def _word(self, name: str) -> str:
        return self.record.get(name, "").strip()

    def _about_the_session(self) -> dict[str, bool]:
        minutes = self._minutes
        return {
            "date": self._day("date") is None,
            "rated_on": self._day("rated_on") is None,
            "minutes": minutes is None or minutes < 0,
            "checklist": self._word("checklist") != self.checklist.id,
            "version": self._word("version") != self.checklist.about.version,
        }

    @property
    def _minutes(self) -> Exact:
        return read_number(self._word("minutes"), self.checklist.about.language)

    def _day(self, name: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(self._word(name))
        except ValueError:
            return None

    def _read(self, question: Question) -> Answer | Misfit:
        return understood(self.checklist, question, self.record.get(question.key, ""))

    def fact(self, key: str) -> Answer | Misfit:
        """What is known of a fact."""
        return understood_fact(self.checklist, self.checklist.fact[key], self.record.get(f"fact.{key}", ""))

    def answer(self, key: str) -> Answer:
        """The answer to a question as the rules see it."""
        return self._answer(key)[0]

    def _answer(self, key: str) -> tuple[Answer, Reason]:
        if key not in self.answers:
            self.answers[key] = self._asked(self.checklist.question[key])
        return self.answers[key]

    def _asked(self, question: Question) -> tuple[Answer, Reason]:
        """Not counted where it does not apply, missing where nobody knows whether it does."""
        answer = self._read(question)
        assert not isinstance(answer, Misfit)
        if isinstance(answer, Given):
            answer = Given(answer.code, points(question, answer), answer.number)
        applies, reasons = (True, ()) if question.applies is None else self.truth(question.applies)
        kind: ReasonKind
        if applies is False:
            kept = answer if is_not_applicable(answer) else NotGiven(NOT_APPLICABLE)
            return kept, Reason("not_applicable", question.key, "not_applicable", reasons, question.place)
        if applies is None and not is_not_applicable(answer):
            kind = "condition" if isinstance(answer, Given) else "blank"
            return MISSING, Reason(kind, question.key, "missing", reasons, question.place)
        if isinstance(answer, Given):
            return answer, Reason("answer", question.key, answer.code, (), question.place)
        kind = "not_applicable" if is_not_applicable(answer) else "blank"
        return answer, Reason(kind, question.key, answer.state.value, (), question.place)

    @cached_property
    def applies(self) -> Verdict:
        """Whether the whole checklist does."""
        return (True, ()) if self.checklist.applies is None else self.truth(self.checklist.applies)

    def gone(self, group: str) -> bool:
        """Whether none of the items of a group applies (decision 8)."""
        inside = [
            each.key
            for each in self.checklist.questions
            if group and self.checklist.item[each.item].group == group and each.scale.kind != "text"
        ]
        return bool(inside) and all(is_not_applicable(self.answer(key)) for key in inside)

    # ---- what a formula reads

    def measured(self, subject: Subject, treat: Treatments) -> Part | None:
        """Its number; nothing where it is left out."""
        match subject.kind:
            case "question":
                lowest, highest = ends(self.checklist.question[subject.key])
                return self._part_of_question(subject.key, treat, lambda given: given.points, lowest, highest)
            case "score":
                if self.gone(self.checklist.score[subject.key].group):
                    return None
                worth = self.score(subject.key)
                return Part(worth.exact, worth.low, worth.high, worth.settled, self.why(subject))
            case _:
                fact = self.fact(subject.key)
                number = fact.number if isinstance(fact, Given) else None
                return Part(number, number, number, number is not None, self.why(subject))

    def counted(self, subject: Subject, rated: tuple[str, ...] | None, treat: Treatments) -> Part | None:
        """1 where it is rated so (or answered, where nothing is asked), 0 where it is not."""
        match subject.kind:
            case "question":
                codes = same_answers(self.checklist.question[subject.key].scale, rated or ())

                def value(given: Given) -> Fraction:
                    return Fraction(rated is None or given.code in codes)

                return self._part_of_question(subject.key, treat, value, Fraction(0), Fraction(1))
            case "result":
                level = self.result(subject.key)
                if not level.possible:
                    return None
                inside = {rated is None or each in rated for each in level.possible}
                known = level.decided if rated is None else len(inside) == 1
                return one_or_nought(True in inside if known else None, level.reason)
            case _:
                part = self.measured(subject, treat)
                return (
                    None
                    if part is None
                    else one_or_nought(True if part.value is not None else None, part.reason)
                )

    def _part_of_question(
        self, key: str, treat: Treatments, value: Callable[[Given], Exact], low: Exact, high: Exact
    ) -> Part | None:
        answer, reason = self._answer(key)
        if isinstance(answer, NotGiven):
            how = treat.get(answer.state)
            if answer.state is NOT_APPLICABLE or isinstance(how, LeftOut):
                return None
            if not isinstance(how, AsPoints):
                return Part(None, low, high, False, reason)
            answer = Given("", how.points)
        exact = value(answer)
        return Part(exact, exact, exact, exact is not None, reason)

    def named(self, subject: Subject, treat: Treatments) -> Part | None:
        """Read by name: what nobody saw is not known, also where functions leave it out (decision 6)."""
        part = self.measured(subject, treat)
        if part is None and subject.kind == "question" and not is_not_applicable(self.answer(subject.key)):
            return Part(None, None, None, False, self.why(subject))
        return part

    def member(self, node: Aggregate, subject: Subject, treat: Treatments) -> Part | None:
        """As it is read by a function."""
        if node.function in {"share", "count"}:
            return self.counted(subject, node.rated, treat)
        return self.measured(subject, treat)

    # ---- formulas

    def worth(self, node: Formula, needing: Needing, treat: Treatments) -> Worth:
        """What a formula comes to."""
        match node:
            case Constant(value):
                return Worth(value, value, value, True, 0, 0, ())
            case ValueOf(subject):
                part = self.named(subject, treat)
                if part is None:
                    return Worth(None, None, None, False, 0, 0, (self.why(subject),), "does_not_apply")
                if part.value is None:
                    return Worth(None, part.low, part.high, False, 0, 1, (part.reason,), "too_few_answered")
                return Worth(part.value, part.low, part.high, part.settled, 1, 1, (part.reason,))
            case Aggregate():
                return self._aggregate(node, needing, treat)
            case Arithmetic(sign, left, right):
                return together(sign, self.worth(left, needing, treat), self.worth(right, needing, treat))
            case PercentOf(part, whole):
                hundredfold = together("*", self.worth(part, needing, treat), HUNDRED)
                return together("/", hundredfold, self.worth(whole, needing, treat))
            case RatioOf(top, bottom):
                return together("/", self.worth(top, needing, treat), self.worth(bottom, needing, treat))

    def _aggregate(self, node: Aggregate, needing: Needing, treat: Treatments) -> Worth:
        found = [(each, part) for each in node.over if (part := self.member(node, each, treat)) is not None]
        if not found:
            reasons = tuple(self.why(each) for each in node.over)
            return Worth(None, None, None, False, 0, 0, reasons, "nothing_applied")
        answered = [(each, part) for each, part in found if part.value is not None]
        counts = len(answered), len(found)
        if not answered or not enough(node.needing or needing, *counts):
            blanks = tuple(part.reason for _, part in found if part.value is None)
            return Worth(None, *self._both_ends(node, found), False, *counts, blanks, "too_few_answered")
        exact = self._function(node, [(each, part.value) for each, part in answered])
        reasons = tuple(part.reason for _, part in answered)
        if exact is None:
            return Worth(None, None, None, False, *counts, reasons, "nothing_to_divide_by")
        settled = all(part.settled for _, part in found)
        low, high = (exact, exact) if settled else self._both_ends(node, found)
        return Worth(exact, low, high, settled, *counts, reasons)

    def _both_ends(self, node: Aggregate, found: list[tuple[Subject, Part]]) -> tuple[Exact, Exact]:
        """All blanks at worst, all blanks at best."""
        return (
            self._function(node, [(each, part.low) for each, part in found]),
            self._function(node, [(each, part.high) for each, part in found]),
        )

    def _function(self, node: Aggregate, members: list[tuple[Subject, Exact]]) -> Exact:
        values = [value for _, value in members if value is not None]
        if len(values) < len(members):
            return None
        weights = [self._weight(each) for each, _ in members]
        weighed = sum((value * weight for value, weight in zip(values, weights, strict=True)), Fraction(0))
        match node.function:
            case "mean":
                return divided(weighed, sum(weights, Fraction(0)))
            case "sum":
                return weighed
            case "percent":
                tops = [self._top(each) * weight for (each, _), weight in zip(members, weights, strict=True)]
                return divided(100 * weighed, sum(tops, Fraction(0)))
            case "share":
                return 100 * sum(values, Fraction(0)) / len(values)
            case "count":
                return sum(values, Fraction(0))
            case "lowest":
                return min(values)
            case "highest":
                return max(values)
            case "median":
                half = len(values) // 2
                return (sorted(values)[half] + sorted(values)[-1 - half]) / 2

    def _weight(self, subject: Subject) -> Fraction:
        return self.checklist.question[subject.key].weight if subject.kind == "question" else Fraction(1)

    def _top(self, subject: Subject) -> Fraction:
        match subject.kind:
            case "question":
                return (self.checklist.question[subject.key].points or (Fraction(0),))[-1]
            case "score":
                return self.checklist.score[subject.key].highest or Fraction(0)
            case _:
                return Fraction(1)

    # ---- scores

    def score(self, key: str) -> Worth:
        """A score with its bounds, how much of it was answered, and why it has no value."""
        if key not in self.scores:
            self.scores[key] = self._scored(self.checklist.score[key])
        return self.scores[key]

    def _scored(self, score: Score) -> Worth:
        applies, reasons = self.applies
        if applies is not True:
            why = "undecided" if applies is None else "checklist_does_not_apply"
            return Worth(None, None, None, False, 0, 0, reasons, why)
        if self.gone(score.group):
            absent = (Reason("not_applicable", score.group),)
            return Worth(None, None, None, False, 0, 0, absent, "does_not_apply")
        treat = {**self.checklist.treat, **score.counting}
        worth = self.worth(score.formula, score.needing, treat)
        if not isinstance(score.formula, Aggregate):
            there = [part for part in self._everything_in(score.formula, treat).values() if part is not None]
            answered = [part for part in there if part.value is not None]
            worth = worth._replace(answered=len(answered), applicable=len(there))
        if score.only_when is not None:
            worth = self._allowed(worth, score.only_when)
        if score.rounding is not None:
            places, mode = score.rounding.places, score.rounding.mode
            ends = [None if each is None else rounded(each, places, mode) for each in worth[:3]]
            worth = worth._replace(exact=ends[0], low=ends[1], high=ends[2])
        return worth

    def _allowed(self, worth: Worth, only_when: Condition) -> Worth:
        """Decision 7."""
        value, reasons = self.truth(only_when)
        if value is True:
            return worth
        low, high = (worth.low, worth.high) if value is None else (None, None)
        return Worth(None, low, high, False, worth.answered, worth.applicable, reasons, "only_when")

    def _everything_in(self, node: Formula, treat: Treatments) -> dict[Subject, Part | None]:
        match node:
            case Constant():
                return {}
            case ValueOf(subject):
                return {subject: self.named(subject, treat)}
            case Aggregate():
                return {each: self.member(node, each, treat) for each in node.over}
            case Arithmetic(_, first, second) | PercentOf(first, second) | RatioOf(first, second):
                return self._everything_in(first, treat) | self._everything_in(second, treat)

    def score_reason(self, key: str) -> Reason:
        """Why a score is what it is."""
        worth, place = self.score(key), self.checklist.score[key].place
        if worth.exact is None:
            return Reason("not_scored", key, worth.why, worth.reasons, place)
        return Reason("score", key, worth.exact, worth.reasons, place)

    # ---- gates and results

    def gate(self, key: str) -> tuple[str, Reason]:
        """Whether a gate passes."""
        gate = self.checklist.gate[key]
        value, reasons = self.truth(gate.when)
        state = {True: "fails", False: "passes", None: "undecided"}[value]
        return state, Reason("gate", key, state, reasons, gate.place)

    def result(self, key: str) -> Level:
        """The levels that are possible."""
        if key not in self.results:
            self.results[key] = self._judged(self.checklist.result[key])
        return self.results[key]

    def _judged(self, result: Result) -> Level:
        names = [each.id for each in result.levels]
        applies, reasons = self.applies
        if applies is None:
            return undecided(result, [each.id for each in result.levels if each.when is not None], reasons)
        if applies is False:
            return levelless(result, reasons)
        if self.gone(result.group):
            return levelless(result, (Reason("not_applicable", result.group),))
        lines = [
            (names.index(each.id), *self._line(each.id, each.when, each.place))
            for each in result.levels
            if each.when is not None
        ]
        true = {number for number, value, _ in lines if value is True}
        fitting = true or {number for number, value, _ in lines if value is None}
        gates = [
            (names.index(each.cap), *self.gate(each.key))
            for each in self.checklist.gates
            if each.result == result.key
        ]
        possible = fitting
        for cap, state, _ in gates:
            lowered = {min(number, cap) for number in possible}
            possible = {"fails": lowered, "passes": possible, "undecided": possible | lowered}[state]
        if not possible:
            return levelless(result, tuple(reason for _, _, reason in lines))
        if len(possible) > 1:
            open_lines = [reason for number, _, reason in lines if number in fitting and len(fitting) > 1]
            open_gates = [
                reason for cap, state, reason in gates if state == "undecided" and max(fitting) > cap
            ]
            return undecided(result, [names[at] for at in sorted(possible)], (*open_lines, *open_gates))
        (level,) = possible
        holding = [reason for cap, state, reason in gates if state == "fails" and cap == level]
        own = [reason for number, _, reason in lines if number == level]
        beside = [reason for number, value, reason in lines if abs(number - level) == 1 and value is False]
        deciding = holding if level < max(fitting) else [*holding, *own, *beside]
        reason = Reason("level", result.key, names[level], tuple(deciding), result.place)
        return Level((names[level],), reason, decided=True)

    def _line(self, level: str, when: Condition, place: object) -> tuple[Truth, Reason]:
        value, reasons = self.truth(when)
        return value, Reason("condition", level, value, reasons, place)  # type: ignore[arg-type]

    # ---- conditions

    def truth(self, node: Condition) -> Verdict:
        """True, false or undecided, and why."""
        match node:
            case And(parts):
                return all_of([self.truth(each) for each in parts])
            case Or(parts):
                return any_of([self.truth(each) for each in parts])
            case Not(part):
                return opposite(self.truth(part))
            case Compare(left, comparison, right):
                return self._compared(left, comparison, right)
            case CompareLevel(subject, comparison, level):
                names = [each.id for each in self.checklist.result[subject.key].levels]
                mark = Fraction(names.index(level))
                fit = [name for at, name in enumerate(names) if ORDER[comparison](Fraction(at), mark)]
                return self._among(subject.key, fit)
            case IsOneOf(subject, codes):
                return self._is_one_of(subject, codes)
            case HasState(subject, state):
                value = self._missing(subject) if state == "missing" else self._scored_at_all(subject)
                return value != (state == "not scored"), (self.why(subject),)
            case GateIs(key, passes):
                found, reason = self.gate(key)
                return (None if found == "undecided" else (found == "passes") == passes), (reason,)
            case Quantified():
                return self._quantified(node)
            case NoOther(key, level):
                others = [each.when for each in self.checklist.result[key].levels if each.id != level]
                return opposite(any_of([self.truth(when) for when in others if when is not None]))

    def _compared(self, left: Formula, comparison: str, right: Formula) -> Verdict:
        """Decision 5: nothing is true of what does not apply."""
        (first, first_gone, why_first), (second, second_gone, why_second) = (
            self._side(left),
            self._side(right),
        )
        if first_gone or second_gone:
            return False, why_first + why_second
        if first is None or second is None:
            return None, (why_first if first is None else ()) + (why_second if second is None else ())
        return ORDER[comparison](first, second), why_first + why_second

    def _side(self, node: Formula) -> tuple[Exact, bool, Reasons]:
        """In an order comparison a question stands for its points; a non-answer has none (decision 4)."""
        if isinstance(node, ValueOf) and node.subject.kind == "question":
            answer, reason = self._answer(node.subject.key)
            return getattr(answer, "points", None), is_not_applicable(answer), (reason,)
        if isinstance(node, ValueOf) and node.subject.kind == "score":
            return self.score(node.subject.key).exact, False, (self.why(node.subject),)
        worth = self.worth(node, Needing(share=Fraction(1)), self.checklist.treat)
        return worth.exact, False, worth.reasons

    def _among(self, key: str, levels: Iterable[str]) -> Verdict:
        level = self.result(key)
        inside = {each in set(levels) for each in level.possible}
        return (None if len(inside) == 2 else True in inside), (level.reason,)

    def _is_one_of(self, subject: Subject, codes: tuple[str, ...]) -> Verdict:
        if subject.kind == "result":
            return self._among(subject.key, codes)
        asked = self.checklist.question if subject.kind == "question" else self.checklist.fact
        wanted = same_answers(asked[subject.key].scale, codes)
        if subject.kind == "fact":
            fact = self.fact(subject.key)
            return (fact.code in wanted if isinstance(fact, Given) else None), (self.why(subject),)
        answer, reason = self._answer(subject.key)
        if answer.code in wanted:
            return True, (reason,)
        return (False if isinstance(answer, Given) or is_not_applicable(answer) else None), (reason,)

    def _scored_at_all(self, subject: Subject) -> bool:
        match subject.kind:
            case "score":
                return self.score(subject.key).exact is not None
            case "result":
                return self.result(subject.key).decided
            case "question":
                return isinstance(self.answer(subject.key), Given)
            case _:
                return isinstance(self.fact(subject.key), Given)

    def _missing(self, subject: Subject) -> bool:
        if subject.kind != "question":
            return not self._scored_at_all(subject)
        answer = self.answer(subject.key)
        return isinstance(answer, NotGiven) and answer.state is NonAnswer.MISSING

    def _quantified(self, node: Quantified) -> Verdict:
        verdicts = [self.truth(when) for subject, when in node.members if not self._passed_over(subject)]
        value, reasons = self._how_many(node, verdicts)
        return value, reasons if verdicts else tuple(self.why(each) for each, _ in node.members)

    def _how_many(self, node: Quantified, verdicts: list[Verdict]) -> Verdict:
        match node.quantifier:
            case "any":
                return any_of(verdicts)
            case "no":
                return opposite(any_of(verdicts))
            case "every":
                return all_of(verdicts) if verdicts else (None, ())
            case "at least":
                return at_least(node.number, verdicts)
            case "at most":
                return opposite(at_least(node.number + 1, verdicts))
            case "exactly":
                return all_of(
                    [at_least(node.number, verdicts), opposite(at_least(node.number + 1, verdicts))]
                )

    def _passed_over(self, subject: Subject) -> bool:
        match subject.kind:
            case "question":
                answer = self.answer(subject.key)
                return isinstance(answer, NotGiven) and (
                    answer.state is NOT_APPLICABLE
                    or isinstance(self.checklist.treat.get(answer.state), LeftOut)
                )
            case "score":
                return self.gone(self.checklist.score[subject.key].group)
            case "result":
                return not self.result(subject.key).possible
            case _:
                return False

    def why(self, subject: Subject) -> Reason:
        """Why a subject says what it says."""
        match subject.kind:
            case "question":
                return self._answer(subject.key)[1]
            case "score":
                return self.score_reason(subject.key)
            case "result":
                return self.result(subject.key).reason
            case "gate":
                return self.gate(subject.key)[1]
            case "fact":
                fact = self.fact(subject.key)
                return Reason("fact", subject.key, fact.code if isinstance(fact, Given) else None)

    # ---- what is said beside the scores

    def listed(self, questions: Iterable[str], results: Iterable[str], rated: tuple[str, ...]) -> list[str]:
        """The items rated so, or the groups whose level is surely one of these."""
        found = []
        for key in questions:
            question = self.checklist.question[key]
            if self.answer(key).code in same_answers(question.scale, rated):
                found.append(question.item)
        for key in results:
            possible = self.result(key).possible
            if possible and set(possible) <= set(rated):
                found.append(self.checklist.result[key].group or self.checklist.result[key].name)
        return list(dict.fromkeys(found))

    def comments_needed(self) -> list[str]:
        """Decision 18."""
        return [
            item.id
            for item in self.checklist.items
            if not self._word(f"{item.id}.comment")
            and (
                any(self._asks_for_a_comment(each, always=item.always_comment) for each in self._of(item.id))
                or (item.comment_when is not None and self.truth(item.comment_when)[0] is True)
            )
        ]

    def _of(self, item: str) -> list[Question]:
        return [each for each in self.checklist.questions if each.item == item]

    def _asks_for_a_comment(self, question: Question, *, always: bool) -> bool:
        answer = self.answer(question.key)
        marked = [each.id for each in question.scale.choices if each.needs_comment]
        return answer.code in marked or (always and isinstance(answer, Given))

    def marks(self) -> Iterable[str]:
        """What is said about the record and refuses nothing."""
        for each in self.checklist.questions:
            applies = True if each.applies is None else self.truth(each.applies)[0]
            if applies is False and isinstance(self._read(each), Given):
                yield f"RB502 {each.key}"
        about, minutes = self.checklist.about, self._minutes
        if about.observed is not None and minutes is not None and not about.observed.holds(minutes):
            yield "RB511"
        date, rated_on = self._day("date"), self._day("rated_on")
        if about.rated_within and date and rated_on and rated_on > later(date, *about.rated_within):
            yield "RB511"
        for name, accepted in (("rater_role", about.raters), ("evidence", about.evidence)):
            if accepted and self._word(name) and self._word(name) not in accepted:
                yield "RB511"


# ---- answers


def is_not_applicable(answer: Answer) -> bool:
    """Whether it says that the step could not arise."""
    return isinstance(answer, NotGiven) and answer.state is NOT_APPLICABLE


def points(question: Question, answer: Given) -> Exact:
    """Binned, then turned round (decision 13)."""
    worth = answer.points
    if question.bins is not None and answer.number is not None:
        fitting = [points for points, band in question.bins.bins if band.holds(answer.number)]
        worth = fitting[0] if fitting else worth
    if worth is None or not question.reversed or not question.points:
        return worth
    return min(question.points) + max(question.points) - worth


def ends(question: Question) -> tuple[Exact, Exact]:
    """The least and the most that a blank could have been worth."""
    if question.points:
        return min(question.points), max(question.points)
    return (question.scale.span.lowest if question.scale.span else None), None


def same_answers(scale: Scale, codes: Iterable[str]) -> set[str]:
    """Numbers are one answer however they are written (decision 2)."""
    return {
        each if (number := read_number(each)) is None or scale.choice(each) else written(number)
        for each in codes
    }


# ---- numbers


def one_or_nought(truth: Truth, reason: Reason) -> Part:
    """1 for true, 0 for false, either for undecided."""
    if truth is None:
        return Part(None, Fraction(0), Fraction(1), False, reason)
    value = Fraction(truth)
    return Part(value, value, value, True, reason)


HUNDRED = Worth(Fraction(100), Fraction(100), Fraction(100), True, 0, 0, ())


def divided(top: Fraction, bottom: Fraction) -> Exact:
    """Decision 7: nothing where there is nothing to divide by."""
    return None if bottom == 0 else top / bottom


def enough(needing: Needing, answered: int, applicable: int) -> bool:
    """Compared exactly; all, where nothing is written."""
    if needing.number is not None:
        return answered >= needing.number
    share = Fraction(1) if needing.share is None else needing.share
    return Fraction(answered, applicable) >= share


def together(sign: str, first: Worth, second: Worth) -> Worth:
    """Two formulas joined by a sign."""
    counts = first.answered + second.answered, first.applicable + second.applicable
    low, high = joined(sign, (first.low, first.high), (second.low, second.high))
    if first.exact is None or second.exact is None:
        reasons = tuple(why for side in (first, second) if side.exact is None for why in side.reasons)
        return Worth(None, low, high, False, *counts, reasons, first.why or second.why)
    if sign == "/" and second.exact == 0:
        return Worth(None, None, None, False, *counts, second.reasons, "nothing_to_divide_by")
    signs = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
    exact: Fraction = signs[sign](first.exact, second.exact)
    settled = first.settled and second.settled
    low, high = (exact, exact) if settled else (low, high)
    return Worth(exact, low, high, settled, *counts, first.reasons + second.reasons)


Ends = tuple[Exact, Exact]


def joined(sign: str, first: Ends, second: Ends) -> Ends:
    """The least and the most, as if the two had nothing to do with each other."""
    (a, b), (c, d) = first, second
    match sign:
        case "+":
            return (None if a is None or c is None else a + c), (None if b is None or d is None else b + d)
        case "-":
            return joined("+", first, (None if d is None else -d, None if c is None else -c))
        case "/":
            return joined("*", first, inverse(second))
        case _:
            return multiplied(first, second)


def multiplied(first: Ends, second: Ends) -> Ends:
    """The least and the most of a product: at two of the ends, where all are known."""
    (a, b), (c, d) = first, second
    if a is not None and b is not None and c is not None and d is not None:
        corners = [a * c, a * d, b * c, b * d]
        return min(corners), max(corners)
    if a is not None and c is not None and a >= 0 and c >= 0:
        return a * c, (None if b is None or d is None else b * d)
    return None, None


def inverse(ends: Ends) -> Ends:
    """One over it; nothing is known where the divisor could be below nought, or is nought."""
    low, high = ends
    if low is None or low < 0 or high == 0:
        return None, None
    return (Fraction(0) if high is None else 1 / high), (None if low == 0 else 1 / low)


# ---- truth


def all_of(verdicts: list[Verdict]) -> Verdict:
    """Strong Kleene; the reasons are those of the parts that decide."""
    values = [value for value, _ in verdicts]
    value = False if False in values else None if None in values else True
    return value, of_those(verdicts, value)


def any_of(verdicts: list[Verdict]) -> Verdict:
    """Strong Kleene."""
    values = [value for value, _ in verdicts]
    value = True if True in values else None if None in values else False
    return value, of_those(verdicts, value)


def opposite(verdict: Verdict) -> Verdict:
    """Not."""
    value, reasons = verdict
    return (None if value is None else not value), reasons


def at_least(number: int, verdicts: list[Verdict]) -> Verdict:
    """So many are true; false once that can no longer be."""
    true = sum(value is True for value, _ in verdicts)
    maybe = sum(value is not False for value, _ in verdicts)
    decided = True if true >= number else False if maybe < number else None
    return decided, of_those(verdicts, decided)


def of_those(verdicts: list[Verdict], value: Truth) -> Reasons:
    """The reasons of the parts that have this value."""
    return tuple(reason for each, reasons in verdicts if each is value for reason in reasons)


# ---- levels


def undecided(result: Result, possible: list[str], reasons: Reasons) -> Level:
    """Several levels are possible, or it is not known whether the checklist applies."""
    levels = tuple(possible)
    return Level(levels, Reason("undecided", result.key, levels, reasons, result.place), decided=False)


def levelless(result: Result, reasons: Reasons) -> Level:
    """No level is possible."""
    return Level((), Reason("not_applicable", result.key, (), reasons, result.place), decided=False)
