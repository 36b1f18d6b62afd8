"""A threshold as written -> the named number, in the kind of the score that it belongs to."""

from collections.abc import Iterable

from fidelity.language import tree
from fidelity.language.conditions import in_its_kind
from fidelity.language.scope import Measure, Scope, literal
from fidelity.model.checklist import Score, Threshold


def threshold_of(node: tree.Threshold, scores: Iterable[Score], scope: Scope) -> Threshold:
    """The threshold; RB110 where it is a percent and its score is none, or the other way round."""
    owner = node.of.id if node.of else ""
    title = node.title.content if node.title else node.id.id
    value, percent = node.number.value, node.number.percent
    # One name may be a score in several checklists of a programme, and holds for all of them.
    for score in (each for each in scores if each.name == owner):
        percent = score.kind == "percent"
        meant = literal(node.number, percent)
        if meant is None:
            _wrong_kind(node.number, score, scope)
            break
        value = meant
    return Threshold(node.id.id, title, owner, value, percent, node.place)


def _wrong_kind(number: tree.Number, score: Score, scope: Scope) -> None:
    percent = score.kind == "percent"
    wanted, given = ("a percent", "a plain number") if percent else ("no percent", "a percent")
    facts = {"left": score.name, "wanted": wanted, "found": number.written, "given": given}
    measure = Measure(score.kind, score.lowest, score.highest)
    scope.problem("RB110", number.place, **facts, **in_its_kind(number.value, measure, number.written))
