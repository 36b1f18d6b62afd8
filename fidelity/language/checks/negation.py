"""Conditions that deny twice."""

from collections.abc import Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist


def double_negation(source: tree.Checklist, _checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB230 for a `not` around what is a denial already."""
    for node in tree.every(tree.Negated, source):
        if _denies(node.inside):
            yield Problem("RB230", node.place, {"double": "not"})


def _denies(node: tree.Condition) -> bool:
    match node:
        case tree.Parenthesised(inside):
            return _denies(inside)
        case tree.Negated() | tree.Tested(_, tree.NotScored()) | tree.Quantified(tree.NoOne()):
            return True
        case _:
            return False
