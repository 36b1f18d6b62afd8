"""What is defined and never used: usually a forgotten line or a slip of the pen."""

from collections import Counter
from collections.abc import Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.names import KIND_NAMES
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject, reads


def never_used(source: tree.Checklist, checklist: Checklist, scope: Scope) -> Iterable[Problem]:
    """RB201 for items that no rule reads, RB202 for other things, RB114 for facts."""
    everything = set(_everything_read(checklist))
    read = {subject.key for subject in everything}
    read |= {key for each in checklist.lists for key in each.questions}
    for question in checklist.questions:
        if question.scale.kind != "text" and question.key not in read:
            yield Problem("RB201", scope.names.meaning[question.item].id.place, {"item": question.key})
    words = Counter(word.id for word in tree.every(tree.Word, source))
    for each in source.blocks:
        if not isinstance(each, tree.Scale | tree.Bins | tree.Threshold) or each.id.id == "standard":
            continue
        # Shared scales are for others to use: in their own file, and in each that takes over only some.
        shared = each.place.file != source.place.file or not checklist.groups
        if words[each.id.id] < 2 and not shared:
            yield Problem("RB202", each.id.place, {"kind": KIND_NAMES[type(each)], "name": each.id.id})
    yield from _unused_tags(source, scope)
    for fact in checklist.facts:
        if Subject("fact", fact.id) not in everything:
            yield Problem("RB114", scope.names.meaning[fact.id].id.place, {"fact": fact.id})


def _everything_read(checklist: Checklist) -> Iterable[Subject]:
    conditions = (
        checklist.applies,
        *(each.applies for each in checklist.questions),
        *(each.comment_when for each in checklist.items),
        *(each.only_when for each in checklist.scores),
        *(level.when for each in checklist.results for level in each.levels),
        *(each.when for each in checklist.gates),
        *(each.when for each in checklist.flags),
    )
    for score in checklist.scores:
        yield from reads(score.formula)
    for condition in conditions:
        if condition is not None:
            yield from reads(condition)


def _unused_tags(source: tree.Checklist, scope: Scope) -> Iterable[Problem]:
    seen: set[str] = set()
    for name in (name for node in tree.every(tree.Tagged, source) for name in node.names):
        if name.id not in scope.names.used_tags and name.id not in seen:
            yield Problem("RB202", name.place, {"kind": "tag", "name": name.id})
        seen.add(name.id)
