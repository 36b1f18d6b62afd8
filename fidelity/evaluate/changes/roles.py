"""The rules that a result hangs on -> the role of each question; those with equal roles are alike."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import Literal, NamedTuple

from fidelity.evaluate.changes.relevance import Relevant
from fidelity.model.checklist import Checklist
from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Condition,
    Formula,
    HasState,
    IsOneOf,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    ValueOf,
    reads,
)

ADDITIVE = frozenset({"mean", "sum", "percent"})
ANYONE = Subject("question", "")


class Part(NamedTuple):
    """One place in the rules: a function, a quantifier with what it says of a member, or one of its own."""

    number: int
    kind: Literal["points", "values", "counted", "member", "alone"]
    said: Condition | tuple[str, ...] | None = None


class Role(NamedTuple):
    """What the rules make of a question; two with equal roles can be exchanged for each other."""

    parts: tuple[Part, ...]
    scale: str
    weight: Fraction
    reversed: bool
    bins: str
    applies: Condition | None
    group: str

    @property
    def is_alone(self) -> bool:
        """Whether more hangs on the answer than points and counts."""
        return self.applies is not None or any(each.kind == "alone" for each in self.parts)


def roles(checklist: Checklist, relevant: Relevant) -> Mapping[str, Role]:
    """The role of every question that matters."""
    parts: dict[str, list[Part]] = defaultdict(list)
    numbers = count()
    for node in _rules(checklist, relevant):
        for key, part in _parts(node, lambda: next(numbers)):
            parts[key].append(part)
    for key in relevant.controls:
        parts[key].append(Part(next(numbers), "alone"))
    grouped = {checklist.score[each].group for each in relevant.scores}
    grouped |= {checklist.result[each].group for each in relevant.results}
    return {
        each.key: Role(
            tuple(parts[each.key]),
            each.scale.id,
            each.weight,
            each.reversed,
            each.bins.id if each.bins else "",
            each.applies,
            checklist.item[each.item].group if checklist.item[each.item].group in grouped else "",
        )
        for each in checklist.questions
        if each.key in relevant.questions
    }


def _rules(checklist: Checklist, relevant: Relevant) -> Iterator[Formula | Condition]:
    for score in checklist.scores:
        if score.key in relevant.scores:
            yield score.formula
            if score.only_when is not None:
                yield score.only_when
    for gate in checklist.gates:
        if gate.key in relevant.gates:
            yield gate.when
    for result in checklist.results:
        if result.key in relevant.results:
            yield from (level.when for level in result.levels if level.when is not None)


Number = Callable[[], int]


def _parts(node: Formula | Condition, number: Number) -> Iterator[tuple[str, Part]]:
    """Where a rule reads questions, place by place."""
    match node:
        case Aggregate():
            part = _of_function(node, number())
            yield from ((each.key, part) for each in node.over if each.kind == "question")
        case Quantified():
            yield from _of_members(node, number(), number)
        case Arithmetic() | Compare():
            yield from _parts(node.left, number)
            yield from _parts(node.right, number)
        case PercentOf(first, second) | RatioOf(first, second):
            yield from _parts(first, number)
            yield from _parts(second, number)
        case And(parts) | Or(parts):
            for each in parts:
                yield from _parts(each, number)
        case Not(part):
            yield from _parts(part, number)
        case _:
            yield from (
                (each.key, Part(number(), "alone")) for each in reads(node) if each.kind == "question"
            )


def _of_function(node: Aggregate, number: int) -> Part:
    if node.function in {"share", "count"}:
        return Part(number, "counted", node.rated)
    return Part(number, "points" if node.function in ADDITIVE else "values")


def _of_members(node: Quantified, at: int, number: Number) -> Iterator[tuple[str, Part]]:
    """Members of whom the same is said are alike; who is read in another way stands alone."""
    for subject, condition in node.members:
        if subject.kind == "question" and set(reads(condition)) == {subject}:
            said = _of_anyone(condition, subject)
            yield subject.key, Part(number(), "alone") if said is None else Part(at, "member", said)
        else:
            known = {subject, *reads(condition)}
            yield from ((each.key, Part(number(), "alone")) for each in known if each.kind == "question")


def _of_anyone(node: Condition, subject: Subject) -> Condition | None:
    """What is said of a subject, without its name; nothing where it is not said simply."""
    match node:
        case IsOneOf() | HasState():
            return replace(node, subject=ANYONE)
        case Compare(ValueOf(), comparison, right) if not set(reads(right)):
            return Compare(ValueOf(ANYONE), comparison, right)
        case Not(part):
            inner = _of_anyone(part, subject)
            return None if inner is None else Not(inner)
        case And(parts) | Or(parts):
            said = [_of_anyone(each, subject) for each in parts]
            known = tuple(each for each in said if each is not None)
            return type(node)(known) if len(known) == len(said) else None
        case _:
            return None
