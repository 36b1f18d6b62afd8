"""Condition -> two columns, whether it can be true and whether it can be false (strong Kleene)."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.formula import worth
from fidelity.evaluate.columns.known import (
    Asked,
    Known,
    Verdict,
    absent,
    decided,
    has_value,
    listed,
    listed_exact,
    set_aside,
    told,
    value_among,
    with_values,
)
from fidelity.evaluate.columns.number import (
    FALSE,
    Exact,
    all_of,
    any_of,
    constant,
    counted,
    holds,
)
from fidelity.evaluate.columns.packed import added_up
from fidelity.evaluate.condition import COMPARISONS, no_other_line
from fidelity.evaluate.condition import condition as row_condition
from fidelity.evaluate.findings import Reasons, alone, does_not_apply, passed_over
from fidelity.evaluate.formula import ALL_ANSWERED
from fidelity.evaluate.member import same_answers
from fidelity.model.expression import (
    And,
    Compare,
    CompareLevel,
    Comparison,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    NoOther,
    Not,
    Or,
    Quantified,
    Subject,
    ValueOf,
    reads,
)
from fidelity.model.scale import Given, NonAnswer, NotGiven


def verdict(known: Known, node: Condition) -> Verdict:
    """The columns of a condition."""
    asked = _only_one_asked(known, node)
    found = _tabulated(known, asked, node) if asked is not None else _verdict(known, node)
    kept = Verdict(known.plan.keep(found.can_be_true), known.plan.keep(found.can_be_false))
    if asked is None:
        known.deciding += [(kept.can_be_true, 1), (kept.can_be_false, 1)]
    return kept


def _verdict(known: Known, node: Condition) -> Verdict:
    match node:
        case And(parts):
            return _all_true([verdict(known, each) for each in parts])
        case Or(parts):
            return _any_true([verdict(known, each) for each in parts])
        case Not(part):
            return _opposite(verdict(known, part))
        case Compare(left, comparison, right):
            return _compare(_side(known, left), _side(known, right), comparison)
        case CompareLevel(subject, comparison, level):
            levels = [each.id for each in known.checklist.result[subject.key].levels]
            mark, fits = levels.index(level), COMPARISONS[comparison]
            return _level(known, subject.key, [fits(place, mark) for place in range(len(levels))])
        case IsOneOf(subject, codes):
            return _is_one_of(known, subject, codes)
        case HasState(subject, state):
            return _decided(_has_state(known, subject, state))
        case GateIs(gate, passes):
            return _opposite(known.gates[gate]) if passes else known.gates[gate]
        case Quantified():
            return _quantified(known, node)
        case NoOther():
            return verdict(known, no_other_line(known.checklist, node))


# ---- conditions that read one question with a list of answers: what each answer says, tried out


def _only_one_asked(known: Known, node: Condition) -> Asked | None:
    """The question that alone decides the condition, if it has no column of values."""
    if not _is_plain(node):
        return None
    found = set(reads(node))
    if len(found) != 1 or (subject := found.pop()).kind != "question":
        return None
    asked = known.asked[subject.key]
    return asked if asked.value is None else None


def _is_plain(node: Condition) -> bool:
    match node:
        case And(parts) | Or(parts):
            return all(map(_is_plain, parts))
        case Not(part):
            return _is_plain(part)
        case Quantified(members=members):
            return all(_is_plain(each) for _, each in members)
        case Compare(left, _, right):
            return all(isinstance(side, ValueOf | Constant) for side in (left, right))
        case IsOneOf() | HasState():
            return True
        case CompareLevel() | GateIs() | NoOther():
            return False


def _tabulated(known: Known, asked: Asked, node: Condition) -> Verdict:
    test = row_condition(known.checklist, node)
    records = [alone(known.checklist, asked.answers.key, each) for each in asked.answers.listed]
    found = [(test.value(each), test.reasons(each)) for each in records]
    says = [value for value, _ in found]
    different = list(dict.fromkeys(map(_sort, found)))
    known.deciding.append(
        (
            listed(asked, [different.index(_sort(each)) for each in found], pl.Int64),
            len(different).bit_length(),
        )
    )
    return Verdict(
        told(asked, [each is not False for each in says]), told(asked, [each is not True for each in says])
    )


def _sort(verdict: tuple[bool | None, Reasons]) -> tuple[bool | None, int]:
    """What a verdict says, and how often it names the only question there is."""
    value, reasons = verdict
    return value, len(reasons)


# ---- joined


def _all_true(parts: Sequence[Verdict]) -> Verdict:
    return Verdict(
        all_of([each.can_be_true for each in parts]), any_of([each.can_be_false for each in parts])
    )


def _any_true(parts: Sequence[Verdict]) -> Verdict:
    return Verdict(
        any_of([each.can_be_true for each in parts]), all_of([each.can_be_false for each in parts])
    )


def _opposite(each: Verdict) -> Verdict:
    return Verdict(each.can_be_false, each.can_be_true)


def _decided(truth: pl.Expr) -> Verdict:
    return Verdict(truth, ~truth)


# ---- values in order


class Side(NamedTuple):
    """A value to compare, known or not, and whether it does not apply."""

    value: Exact
    gone: pl.Expr


def _side(known: Known, node: Formula) -> Side:
    match node:
        case Constant(value):
            return Side(constant(value), FALSE)
        case ValueOf(Subject("question", key)):
            return _points(known, known.asked[key])
        case ValueOf(Subject("score", key)):
            return Side(known.scores[key].exact, FALSE)
        case _:
            known.inline = known.inline or not isinstance(node, ValueOf)
            return Side(worth(known, node, ALL_ANSWERED, known.checklist.treat).exact, FALSE)


def _points(known: Known, asked: Asked) -> Side:
    return Side(points_said(known, asked), known.plan.keep(set_aside(asked)))


def points_said(known: Known, asked: Asked) -> Exact:
    """The points of an answer; a non-answer that earns some in scores is still not known to a condition."""
    points = [each.points if isinstance(each, Given) else None for each in asked.answers.listed]
    return with_values(known.plan, asked, listed_exact(known.plan, asked, points), asked.points)


def _compare(left: Side, right: Side, comparison: Comparison) -> Verdict:
    """Nothing is true of what does not apply; what is not known leaves it undecided (decisions 5, 6)."""
    gone = any_of([left.gone, right.gone])
    open_ = ~all_of([left.value.known, right.value.known])
    fits = holds(left.value, comparison, right.value)
    return Verdict(~gone & (open_ | fits), gone | open_ | ~fits)


# ---- answers, levels, states


def _is_one_of(known: Known, subject: Subject, codes: tuple[str, ...]) -> Verdict:
    match subject.kind:
        case "question":
            scale = known.checklist.question[subject.key].scale
            return _answer(known.asked[subject.key], same_answers(scale, codes), recorded=True)
        case "fact":
            scale = known.checklist.fact[subject.key].scale
            return _answer(known.facts[subject.key], same_answers(scale, codes), recorded=False)
        case "result":
            levels = [each.id for each in known.checklist.result[subject.key].levels]
            return _level(known, subject.key, [each in codes for each in levels])
        case "score" | "gate":
            raise TypeError(f"no answers: {subject.key}")


def _answer(asked: Asked, codes: frozenset[str], *, recorded: bool) -> Verdict:
    """The recorded answer decides, also one that is no score; of a fact only a value does."""
    answers = asked.answers.listed
    true = [each.code in codes and (recorded or isinstance(each, Given)) for each in answers]
    open_ = [not isinstance(each, Given) and not (recorded and does_not_apply(each)) for each in answers]
    can_be_true = told(asked, [first or second for first, second in zip(true, open_, strict=True)])
    can_be_false = told(asked, [not each for each in true])
    if asked.value is None:
        return Verdict(can_be_true, can_be_false)
    is_number, fits = has_value(asked), value_among(asked.value, codes)
    return Verdict(
        pl.when(is_number).then(fits).otherwise(can_be_true),
        pl.when(is_number).then(~fits).otherwise(can_be_false),
    )


def _level(known: Known, key: str, fits: Sequence[bool]) -> Verdict:
    """True if it holds for all possible levels, false if for none, or if there is none."""
    possible = known.results[key]
    inside = possible & mask([place for place, each in enumerate(fits) if each])
    return Verdict(inside != 0, (inside != possible) | (possible == 0))


def mask(levels: Sequence[int]) -> int:
    """The levels, numbered from the lowest, as bits."""
    return sum(1 << each for each in levels)


def _has_state(known: Known, subject: Subject, state: str) -> pl.Expr:
    if state == "missing":
        return _missing(known, subject)
    scored = _scored(known, subject)
    return ~scored if state == "not scored" else scored


def _scored(known: Known, subject: Subject) -> pl.Expr:
    match subject.kind:
        case "score":
            return known.scores[subject.key].exact.known
        case "result":
            return decided(known, subject.key)
        case "question":
            return _given(known.asked[subject.key])
        case "fact":
            return _given(known.facts[subject.key])
        case "gate":
            return ~known.gates[subject.key].undecided


def _given(asked: Asked) -> pl.Expr:
    return told(asked, [isinstance(each, Given) for each in asked.answers.listed])


def _missing(known: Known, subject: Subject) -> pl.Expr:
    """Only a blank is missing: what does not apply or could not be seen is something else."""
    if subject.kind != "question":
        return ~_scored(known, subject)
    asked = known.asked[subject.key]
    return told(
        asked,
        [isinstance(each, NotGiven) and each.state is NonAnswer.MISSING for each in asked.answers.listed],
    )


# ---- how many of a selection


class Members(NamedTuple):
    """The members of a selection: which are passed over, and what is found of each."""

    skipped: list[pl.Expr]
    found: list[Verdict]


def _quantified(known: Known, node: Quantified) -> Verdict:
    members = Members(
        [known.plan.keep(_skipped(known, subject)) for subject, _ in node.members],
        [verdict(known, each) for _, each in node.members],
    )
    known.deciding += [(each, 1) for each in members.skipped]
    sums = _sums_of_answers(known, node)
    if sums is not None:
        return _by_sums(node, *sums)
    number = node.number
    match node.quantifier:
        case "any":
            return _any(members)
        case "no":
            return _opposite(_any(members))
        case "every":
            return _every(members)
        case "at least":
            return _at_least(known, members, number)
        case "at most":
            return _opposite(_at_least(known, members, number + 1))
        case "exactly":
            enough = _at_least(known, members, number)
            return _all_true([enough, _opposite(_at_least(known, members, number + 1))])


def _sums_of_answers(known: Known, node: Quantified) -> tuple[pl.Expr, pl.Expr, pl.Expr] | None:
    """How many members are present, may be true, are true; where each is decided by its own answer."""
    asked: list[Asked] = []
    present: list[list[int]] = []
    possible: list[list[int]] = []
    surely: list[list[int]] = []
    for subject, each in node.members:
        of_answer = _only_one_asked(known, each)
        if subject.kind != "question" or of_answer is None or of_answer is not known.asked[subject.key]:
            return None
        skips, test = passed_over(known.checklist, subject), row_condition(known.checklist, each)
        records = [alone(known.checklist, subject.key, answer) for answer in of_answer.answers.listed]
        there = [not skips(record) for record in records]
        says = [test.value(record) for record in records]
        asked.append(of_answer)
        present.append([int(here) for here in there])
        possible.append([int(here and said is not False) for here, said in zip(there, says, strict=True)])
        surely.append([int(here and said is True) for here, said in zip(there, says, strict=True)])
    if not asked:
        return None
    sums = {"possible": possible, "surely": surely, "present": present}
    if node.quantifier != "every":
        del sums["present"]
    found = added_up(known.plan, asked, sums)
    there_are = found["present"] if "present" in found else found["possible"]
    return there_are.column, found["possible"].column, found["surely"].column


def _by_sums(node: Quantified, present: pl.Expr, possible: pl.Expr, surely: pl.Expr) -> Verdict:
    number = node.number
    match node.quantifier:
        case "any":
            return Verdict(possible > 0, surely == 0)
        case "no":
            return Verdict(surely == 0, possible > 0)
        case "every":
            return Verdict(possible == present, (present == 0) | (surely < present))
        case "at least":
            return Verdict(possible >= number, surely < number)
        case "at most":
            return Verdict(surely <= number, possible > number)
        case "exactly":
            return Verdict((possible >= number) & (surely <= number), (surely < number) | (possible > number))


def _skipped(known: Known, subject: Subject) -> pl.Expr:
    """Whether a quantifier passes over the subject: it does not apply, or its non-answer is left out."""
    match subject.kind:
        case "question":
            asked = known.asked[subject.key]
            skips = passed_over(known.checklist, subject)
            records = [alone(known.checklist, subject.key, each) for each in asked.answers.listed]
            return told(asked, list(map(skips, records)))
        case "score":
            return absent(known, known.checklist.score[subject.key].group)
        case "result":
            return known.results[subject.key] == 0
        case "fact" | "gate":
            return FALSE


def _any(members: Members) -> Verdict:
    """One true member decides; over nothing it is false."""
    pairs = list(zip(members.skipped, members.found, strict=True))
    return Verdict(
        any_of([~skipped & found.can_be_true for skipped, found in pairs]),
        all_of([skipped | found.can_be_false for skipped, found in pairs]),
    )


def _every(members: Members) -> Verdict:
    """One false member decides; over nothing there is nothing to say."""
    pairs = list(zip(members.skipped, members.found, strict=True))
    nothing = all_of(members.skipped)
    return Verdict(
        all_of([skipped | found.can_be_true for skipped, found in pairs]),
        any_of([nothing, *(~skipped & found.can_be_false for skipped, found in pairs)]),
    )


def _at_least(known: Known, members: Members, number: int) -> Verdict:
    pairs = list(zip(members.skipped, members.found, strict=True))
    surely = known.plan.keep(counted([~skipped & found.true for skipped, found in pairs]))
    perhaps = known.plan.keep(counted([~skipped & found.can_be_true for skipped, found in pairs]))
    return Verdict(perhaps >= number, surely < number)
