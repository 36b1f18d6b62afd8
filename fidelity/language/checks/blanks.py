"""Blanks that earn points."""

from collections.abc import Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.number import written
from fidelity.model.scale import NonAnswer


def rewarded_blanks(source: tree.Checklist, _checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB215 at each line that treats what is missing as points."""
    for node in (*tree.every(tree.Treat, source), *tree.every(tree.Counting, source)):
        match node:
            case tree.Treat(state, tree.Number() as points) | tree.Counting(state, tree.Number() as points):
                if state.id == NonAnswer.MISSING.value:
                    yield Problem("RB215", node.place, {"points": written(points.value)})
            case _:
                pass
