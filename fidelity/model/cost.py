"""How much work one observation is: every node of a rule once, an aggregate or quantifier once a member."""

from collections.abc import Iterator

from fidelity.model.checklist import Checklist
from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Condition,
    Formula,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
)


def costs(checklist: Checklist) -> Iterator[tuple[str, int]]:
    """Each rule by kind and key with its steps a record; known before any record is seen."""
    for question in checklist.questions:
        if question.applies is not None:
            yield f"item {question.key}", steps(question.applies)
    for score in checklist.scores:
        only = 0 if score.only_when is None else steps(score.only_when)
        yield f"score {score.key}", steps(score.formula) + only
    for gate in checklist.gates:
        yield f"gate {gate.key}", steps(gate.when)
    for result in checklist.results:
        yield f"result {result.key}", sum(steps(each.when) for each in result.levels if each.when is not None)
    for flag in checklist.flags:
        yield f"flag {flag.id}", steps(flag.when)
    for listing in checklist.lists:
        yield f"list {listing.id}", len(listing.questions) + len(listing.results)


def steps(node: Formula | Condition) -> int:
    """The nodes that are visited to work this out."""
    match node:
        case Aggregate(over=over):
            return 1 + len(over)
        case Quantified(members=members):
            return 1 + sum(steps(condition) for _, condition in members)
        case And(parts=parts) | Or(parts=parts):
            return 1 + sum(steps(each) for each in parts)
        case Not(part=part):
            return 1 + steps(part)
        case Arithmetic(left=first, right=second) | Compare(left=first, right=second):
            return 1 + steps(first) + steps(second)
        case PercentOf(part=top, whole=bottom) | RatioOf(top=top, bottom=bottom):
            return 1 + steps(top) + steps(bottom)
        case _:
            return 1
