"""What a file protects with `core`: the targets it lists, and everything that these contain or read."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fidelity.language import tree
from fidelity.language.targets import Key, Standing, blocks_of, in_words, key_of, same, targets_in


class Protection(NamedTuple):
    """A protected target, the line that protects it, and why that reaches it where it is not listed."""

    key: Key
    core: tree.Core
    through: str


def protections(source: Standing) -> list[Protection]:
    """All that is protected; what is listed comes first, what is reached through something else behind it."""
    known = targets_in(source)
    cores = [each for each in blocks_of(source) if isinstance(each, tree.Core)]
    listed = [Protection(key_of(each.target), each, "") for each in cores]
    inside: list[Protection] = []
    read: list[Protection] = []
    for each in listed:
        node = next((node for key, node in known.items() if same(key, each.key)), None)
        name = in_words(each.key, node)
        if isinstance(node, tree.Group):
            inside += [
                Protection(("item", item.id.id), each.core, f"belongs to the {name}") for item in node.items
            ]
        if isinstance(node, tree.Gate | tree.Score):
            read += [
                Protection(key, each.core, f"is read by the {name}")
                for key in _Reading(source).everything(node)
            ]
    return [*listed, *inside, *read]


class _Reading:
    """What the rules of one file read."""

    def __init__(self, source: Standing) -> None:
        self.known = targets_in(source)
        self.groups = [each for each in blocks_of(source) if isinstance(each, tree.Group)]
        self.meaning = {key[1]: node for key, node in self.known.items() if key[0] not in ("answer", "level")}

    def everything(self, start: tree.Gate | tree.Score) -> list[Key]:
        """The keys of all that is read, directly or by way of scores, results and gates."""
        found: dict[tuple[Key, str], None] = {}
        waiting = list(self._read_by(start, ""))
        while waiting:
            each = waiting.pop(0)
            if each in found:
                continue
            found[each] = None
            key, group = each
            node = self.known.get(key)
            if isinstance(node, tree.Score | tree.Result | tree.Gate):
                waiting += self._read_by(node, group)
        return list(dict.fromkeys(key for key, _ in found))

    def _read_by(self, node: tree.Score | tree.Result | tree.Gate, group: str) -> Iterator[tuple[Key, str]]:
        """What one rule reads; a family without a chosen member, what all its members read."""
        members = [group] if group else [each.id.id for each in self._family(node)] or [""]
        choosing = (each for each in tree.walked(node) if isinstance(each, tree.Quantified | tree.Aggregate))
        whole = {id(each.selection) for each in choosing}
        for member in members:
            for each in tree.walked(_rule(node)):
                if isinstance(each, tree.Reference):
                    yield from self._reference(each, member, every=id(each) in whole)
                elif isinstance(each, tree.ItemSelection | tree.ItsSelection):
                    yield from ((("item", item), "") for item in self._items(each, member))
                elif isinstance(each, tree.GateTest):
                    yield ("gate", each.gate.id), each.group.id if each.group else member

    def _family(self, node: tree.Node) -> list[tree.Group]:
        each = getattr(node, "each", None)
        return [group for group in self.groups if each is not None and group.kind.id == each.kind.id]

    def _reference(self, node: tree.Reference, member: str, *, every: bool) -> Iterator[tuple[Key, str]]:
        name, owner = node.name.id, node.owner.id if node.owner else ""
        match self.meaning.get(name):
            case tree.Item():
                yield ("item", name), ""
            case tree.Scale():
                yield ("item", owner), ""
            case tree.Fact():
                yield ("fact", name), ""
            case tree.Threshold():
                own = ("threshold", name, owner or member)
                yield own if own in self.known else ("threshold", name, ""), ""
            case tree.Score() | tree.Result() as read:
                kind = "score" if isinstance(read, tree.Score) else "result"
                family = [each.id.id for each in self._family(read)]
                if owner or not family:
                    yield (kind, name), owner
                else:
                    chosen = [member] if member in family and not every else family
                    yield from (((kind, name), each) for each in chosen)
            case _:
                pass

    def _items(self, selection: tree.ItemSelection | tree.ItsSelection, member: str) -> Iterator[str]:
        for group in self.groups:
            if isinstance(selection, tree.ItsSelection) and group.id.id != member:
                continue
            for item in group.items:
                if all(_passes(each, item, group) for each in selection.filters):
                    yield item.id.id


def _rule(node: tree.Score | tree.Result | tree.Gate) -> tuple[object, ...]:
    match node:
        case tree.Score(body=body, options=options):
            return (body, options)
        case tree.Result(of=of, levels=levels):
            return (of, tuple(level.rule for level in levels))
        case tree.Gate(condition=condition):
            return (condition,)


def _passes(each: tree.Filter, item: tree.Item, group: tree.Group) -> bool:
    match each:
        case tree.InGroups(names):
            return group.id.id in _words(names)
        case tree.ExceptNames(names):
            return not {item.id.id, group.id.id} & _words(names)
        case tree.WithTags(names):
            return bool(_words(names) & _tags(item, group))
        case tree.OnOneScale(scale):
            return scale.id in _scales(item, group)


def _words(words: Iterable[tree.Word]) -> set[str]:
    return {each.id for each in words}


def _tags(item: tree.Item, group: tree.Group) -> set[str]:
    options = [*item.options, *group.options]
    return {word.id for each in options if isinstance(each, tree.Tagged) for word in each.names}


def _scales(item: tree.Item, group: tree.Group) -> set[str]:
    """The scales of an item; its own where it names some, else its group's."""
    for options in (item.options, group.options):
        named = [
            word.id
            for each in options
            if isinstance(each, tree.OnScale | tree.OnScales)
            for word in ((each.scale,) if isinstance(each, tree.OnScale) else each.scales)
        ]
        if named:
            return set(named)
    return set()
