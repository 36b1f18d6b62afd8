"""Weights that let one item decide alone."""

from collections.abc import Iterable
from fractions import Fraction

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks.bands import bands_of
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist, Question, Result, Score
from fidelity.model.expression import Aggregate
from fidelity.model.number import trimmed, written


def deciding_weights(_source: tree.Checklist, checklist: Checklist, scope: Scope) -> Iterable[Problem]:
    """RB218 where the item with the largest weight can move a score across a whole band."""
    for result in checklist.results:
        score, width = checklist.score.get(result.of), _narrowest(result)
        if score is None or width is None or not isinstance(score.formula, Aggregate):
            continue
        questions = [checklist.question[s.key] for s in score.formula.over if s.kind == "question"]
        heaviest = max(questions, key=lambda each: each.weight, default=None)
        if heaviest is None or all(each.weight == heaviest.weight for each in questions):
            continue
        moved = _moved(score, heaviest, questions)
        if moved is not None and moved > width:
            sign = "%" if score.kind == "percent" else ""
            facts = {
                "item": heaviest.item,
                "weight": written(heaviest.weight),
                "score": score.name,
                "moved": f"{trimmed(moved, 1)}{sign}",
                "width": f"{trimmed(width, 1)}{sign}",
            }
            yield Problem("RB218", scope.names.meaning[heaviest.item].id.place, facts)


def _narrowest(result: Result) -> Fraction | None:
    widths = [
        each.band.highest - each.band.lowest
        for each in bands_of(result)
        if each.band.highest is not None and each.band.lowest is not None
    ]
    return min(widths, default=None)


def _moved(score: Score, heaviest: Question, questions: list[Question]) -> Fraction | None:
    """How far the score goes when only this item's answer changes from worst to best."""
    if not isinstance(score.formula, Aggregate) or not heaviest.points:
        return None
    span = (heaviest.points[-1] - heaviest.points[0]) * heaviest.weight
    match score.formula.function:
        case "percent":
            top = sum((each.points[-1] * each.weight for each in questions if each.points), Fraction(0))
            return span * 100 / top if top else None
        case "mean":
            return span / sum((each.weight for each in questions), Fraction(0))
        case "sum":
            return span
        case _:
            return None
