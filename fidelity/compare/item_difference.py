"""What is rated, in two versions -> what changed in scales, groups and items."""

from collections import Counter
from collections.abc import Iterator

from fidelity.compare.difference import Difference, Two, by_key, came_and_went, in_both, reworded, told_rule
from fidelity.compare.effect import Effect
from fidelity.compare.shape import shape
from fidelity.model.checklist import (
    Checklist,
    Item,
    Question,
)
from fidelity.model.expression import Subject
from fidelity.model.number import written
from fidelity.model.scale import Choice, Scale


def scales_changed(two: Two) -> Iterator[Difference]:
    """Scales and their answers."""
    old, new = by_key(two.old.scales), by_key(two.new.scales)
    yield from came_and_went("scale", old, new, Effect.BESIDE, Effect.BESIDE)
    for before, after in in_both(old, new):
        on_it = [
            each.key for model in (two.old, two.new) for each in model.questions if each.scale.id == before.id
        ]
        yield from reworded(f"scale {before.id}", before.title, after.title)
        yield from scale_changed(
            f"scale {before.id}", before, after, two.effect(on_it, Effect.SCORING), before.id
        )


def scale_changed(
    target: str, old: Scale, new: Scale, effect: Effect, owner: str = ""
) -> Iterator[Difference]:
    """What changed in the answers; those of a named scale are targets of their own."""
    if (old.kind, old.span) != (new.kind, new.span):
        yield Difference("changed", target, _range(old), _range(new), effect)
    before, after = by_key(old.choices), by_key(new.choices)
    of = f"of {owner or target}"
    for id in dict.fromkeys([*before, *after]):
        name = f"answer {id} {of}"
        if id not in after:
            yield Difference("dropped", name, before[id].title, "", effect)
        elif id not in before:
            yield Difference("added", name, "", after[id].title, effect)
        else:
            yield from reworded(name, before[id].title, after[id].title)
            if _worth(before[id]) != _worth(after[id]):
                yield Difference("changed", name, _worth(before[id]), _worth(after[id]), effect)
            if before[id].needs_comment != after[id].needs_comment:
                told = {True: "needs a comment", False: "needs no comment"}
                said = (told[before[id].needs_comment], told[after[id].needs_comment])
                yield Difference("changed", name, *said, Effect.BESIDE)


def _range(scale: Scale) -> str:
    if scale.span is None:
        return scale.kind
    top = written(scale.span.highest) if scale.span.highest is not None else "any number"
    step = f" by {written(scale.span.step)}" if scale.span.step is not None else ""
    return f"{written(scale.span.lowest)} to {top}{step}"


def _worth(choice: Choice) -> str:
    told = f"scores {written(choice.points)}" if choice.points is not None else ""
    means = f"means {choice.means.value}" if choice.means is not None else ""
    codes = f"coded {', '.join(choice.codes)}" if choice.codes else ""
    return ", ".join(each for each in (told, means, codes) if each) or "no points"


def groups_changed(two: Two) -> Iterator[Difference]:
    """Groups: titles and notes; their items speak for themselves."""
    old, new = by_key(two.old.groups), by_key(two.new.groups)
    for each in two.old.groups:
        if each.id not in new:
            yield Difference("dropped", f"{each.kind} {each.id}", each.title, "", Effect.BESIDE)
    for each in two.new.groups:
        if each.id not in old:
            yield Difference("added", f"{each.kind} {each.id}", "", each.title, Effect.BESIDE)
    for before, after in in_both(old, new):
        target = f"{after.kind} {after.id}"
        yield from reworded(target, before.title, after.title)
        yield from reworded(target, before.note, after.note)


def items_changed(two: Two) -> Iterator[Difference]:
    """Items: wording, scale, weight and the like."""
    old, new = by_key(two.old.items), by_key(two.new.items)
    for each in two.old.items:
        if each.id not in new:
            effect = two.effect(_keys(two.old, each), Effect.ITEMS)
            yield Difference("dropped", f"item {each.id}", each.title, "", effect)
    for each in two.new.items:
        if each.id not in old:
            effect = two.effect(_keys(two.new, each), Effect.ITEMS)
            yield Difference("added", f"item {each.id}", "", each.title, effect)
    for before, after in in_both(old, new):
        yield from _item(before, after, two)
    for one, other in in_both(two.old.question, two.new.question):
        yield from _question(one, other, two)


def _keys(model: Checklist, item: Item) -> list[str]:
    return [each.key for each in model.questions if each.item == item.id]


def _item(old: Item, new: Item, two: Two) -> Iterator[Difference]:
    target = f"item {old.id}"
    yield from reworded(target, old.title, new.title)
    yield from reworded(target, old.note, new.note)
    yield from reworded(target, old.comment_label, new.comment_label)
    anchors = [", ".join(f"{code}: {text}" for code, text in each.anchors) for each in (old, new)]
    yield from reworded(target, anchors[0], anchors[1])
    if old.group != new.group:
        effect = two.effect(_keys(two.old, old), Effect.SCORING)
        yield Difference("moved", target, f"in {old.group}", f"in {new.group}", effect)
    comments = [
        (each.always_comment, shape(each.comment_when, two.common), each.optional) for each in (old, new)
    ]
    if comments[0] != comments[1]:
        yield Difference("changed", target, "", "when a comment or an answer is needed", Effect.BESIDE)


def _question(old: Question, new: Question, two: Two) -> Iterator[Difference]:
    target = f"item {old.key}"
    effect = two.effect([old.key], Effect.SCORING)
    if old.scale.id != new.scale.id:
        yield Difference("changed", target, f"on scale {old.scale.id}", f"on scale {new.scale.id}", effect)
    elif old.scale.id not in by_key(two.old.scales):
        yield from scale_changed(target, old.scale, new.scale, effect)
    if old.weight != new.weight:
        yield Difference(
            "changed", target, f"weight {written(old.weight)}", f"weight {written(new.weight)}", effect
        )
    if old.reversed != new.reversed:
        told = {True: "reversed", False: "not reversed"}
        yield Difference("changed", target, told[old.reversed], told[new.reversed], effect)
    if (old.bins and old.bins.bins) != (new.bins and new.bins.bins):
        names = [each.bins.id if each.bins else "no bins" for each in (old, new)]
        yield Difference("changed", target, f"binned by {names[0]}", f"binned by {names[1]}", effect)
    if shape(old.applies, two.common) != shape(new.applies, two.common):
        yield told_rule("changed", target, two, (old.applies, new.applies), effect)


def substituted(two: Two) -> bool:
    """Whether every group has as many scored items as before, with the same ranges and weights."""
    return _places(two, two.old) == _places(two, two.new)


def _places(two: Two, model: Checklist) -> Counter[tuple[object, ...]]:
    return Counter(
        (model.item[each.item].group, each.points, each.weight)
        for each in model.questions
        if Subject("question", each.key) in two.scored
    )
