"""Divisions whose divisor can be nought, and percents and ratios of too few to say anything."""

from collections.abc import Iterable, Iterator

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks.closure import closure_of
from fidelity.language.checks.interval import interval
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.expression import (
    And,
    Arithmetic,
    Compare,
    Condition,
    Constant,
    Formula,
    PercentOf,
    RatioOf,
    Subject,
    reads,
)


def unguarded_divisions(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB219 for a ratio or percent without `only when`, RB213 for any other divisor that can be nought."""
    for score in checklist.scores:
        for node, divisor in _divisions(score.formula):
            low, high = interval(checklist, divisor)
            if (low is not None and low > 0) or (high is not None and high < 0):
                continue
            if score.only_when is not None and _guards(checklist, score.only_when, divisor):
                continue
            facts: dict[str, object] = {"score": score.name}
            read = [_named(each) for each in reads(divisor)]
            facts["divisor"] = read[0] if len(read) == 1 else ""
            if isinstance(node, Arithmetic) or score.only_when is not None:
                yield Problem("RB213", node.place, facts)
            else:
                kind = "percent" if isinstance(node, PercentOf) else "ratio"
                yield Problem("RB219", node.place, {**facts, "kind": kind, kind: kind})


def _named(subject: Subject) -> str:
    """As a condition names it; nothing for what has no number by a single name."""
    name, _, facet = subject.key.partition(".")
    if subject.kind == "question" and facet:
        return f"{facet} of {name}"
    return name if subject.kind in ("score", "question", "fact") else ""


def _divisions(node: Formula) -> Iterator[tuple[Arithmetic | PercentOf | RatioOf, Formula]]:
    match node:
        case PercentOf(top, bottom) | RatioOf(top, bottom) | Arithmetic("/", top, bottom):
            yield node, bottom
            yield from _divisions(top)
            yield from _divisions(bottom)
        case Arithmetic(_, left, right):
            yield from _divisions(left)
            yield from _divisions(right)
        case _:
            return


def _guards(checklist: Checklist, condition: Condition, divisor: Formula) -> bool:
    """Whether the condition asks for more than nought of something that the divisor is worked out from."""
    match condition:
        case And(parts):
            return any(_guards(checklist, part, divisor) for part in parts)
        case Compare(left, comparison, Constant(bound)):
            positive = (comparison == "above" and bound >= 0) or (
                comparison in ("at least", "is") and bound > 0
            )
            return positive and bool(closure_of(checklist, [left]) & closure_of(checklist, [divisor]))
        case _:
            return False
