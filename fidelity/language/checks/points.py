"""Answers without points among answers with points: whoever chooses one leaves the score without a value."""

from collections.abc import Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist


def forgotten_points(source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB111, as a warning, at each such answer that means no non-answer either."""
    for node in (each for each in source.blocks if isinstance(each, tree.Scale) and each.span is None):
        scale = next((each for each in checklist.scales if each.id == node.id.id), None)
        choices = scale.choices if scale else ()
        open_ones = {each.id for each in choices if each.points is None and each.means is None}
        if any(each.points is not None for each in choices):
            for answer in (each for each in node.answers if each.id.id in open_ones):
                facts = {"pointless": answer.id.id, "scale": node.id.id}
                yield Problem("RB111", answer.place, facts, graded="warning")
