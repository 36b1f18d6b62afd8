"""Binned items compared with a number that could be meant as points or as the raw number."""

from collections.abc import Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks.conditions import conditions_in
from fidelity.language.checks.reachable import comparisons
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Compare, Constant, Subject, ValueOf
from fidelity.model.number import written


def points_or_raw(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB117 where the number lies both in the item's points and in its raw range (decision 4)."""
    for condition in conditions_in(checklist):
        for compare in comparisons(condition):
            match compare:
                case Compare(ValueOf(Subject("question", key)), _, Constant(bound)):
                    question = checklist.question[key]
                    span = question.scale.span
                    if question.bins is None or span is None:
                        continue
                    lowest, highest = question.points
                    raw = span.lowest <= bound and (span.highest is None or bound <= span.highest)
                    if raw and lowest <= bound <= highest:
                        facts = {"item": question.item, "number": written(bound)}
                        yield Problem("RB117", compare.place, facts)
                case _:
                    pass
