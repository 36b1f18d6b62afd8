"""What changes and protections aim at: each target as a key, the nodes that keys mean, and keys in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from fidelity.language import protocol, tree

Key = tuple[str, ...]
AnyNode = TypeVar("AnyNode")
Standing = tree.Checklist | protocol.Programme

KINDS: Mapping[type[tree.Node], str] = {
    tree.Scale: "scale",
    tree.Bins: "bins",
    tree.Fact: "fact",
    tree.Group: "group",
    tree.Score: "score",
    tree.Result: "result",
    tree.Gate: "gate",
    tree.Flag: "flag",
    tree.Listing: "list",
    protocol.Stage: "stage",
    protocol.Sample: "sample",
    protocol.Drift: "drift",
    protocol.Reliability: "reliability",
    protocol.Dose: "dose",
    protocol.Summary: "summary",
}


def blocks_of(source: Standing) -> tuple[tree.Block | protocol.Rule, ...]:
    """What stands below the head of a checklist or programme."""
    return source.rules if isinstance(source, protocol.Programme) else source.blocks


def targets_in(source: Standing) -> dict[Key, tree.Node]:
    """Everything that a change can aim at, by its key."""
    found: dict[Key, tree.Node] = {}
    for key, node in _keyed(source):
        found.setdefault(key, node)
    return found


def _keyed(source: Standing) -> Iterator[tuple[Key, tree.Node]]:
    for block in blocks_of(source):
        if isinstance(block, tree.Threshold):
            yield ("threshold", block.id.id, block.of.id if block.of else ""), block
        elif type(block) in KINDS:
            yield (KINDS[type(block)], named(block).id), block
        yield from _inside(block)


def _inside(block: tree.Node) -> Iterator[tuple[Key, tree.Node]]:
    match block:
        case tree.Group(items=items):
            yield from ((("item", each.id.id), each) for each in items)
        case tree.Scale(answers=answers):
            yield from ((("answer", each.id.id, block.id.id), each) for each in answers)
        case tree.Result(levels=levels):
            yield from ((("level", each.id.id, block.id.id), each) for each in levels)
        case _:
            pass


def named(node: Any) -> tree.Word:
    """The id of a node that has one."""
    word: tree.Word = node.id
    return word


def key_of(target: tree.Target) -> Key:
    """The key of a target as written; the file itself is `("file",)`."""
    match target:
        case tree.ItemTarget(_, id):
            return ("item", id.id)
        case tree.GroupTarget(_, id):
            return ("group", id.id)
        case tree.NamedTarget(kind, id):
            return ("threshold", id.id, "") if kind.id == "threshold" else (kind.id, id.id)
        case tree.AnswerTarget(code, scale):
            return ("answer", code.id, scale.id)
        case tree.LevelTarget(code, result):
            return ("level", code.id, result.id)
        case tree.FileTarget():
            return ("file",)


def word_of(target: tree.Target) -> tree.Word:
    """The id in a target; the keyword where it has none."""
    match target:
        case tree.ItemTarget(_, word) | tree.GroupTarget(_, word) | tree.NamedTarget(_, word):
            return word
        case tree.AnswerTarget(word, _) | tree.LevelTarget(word, _) | tree.FileTarget(word):
            return word


def same(one: Key, other: Key) -> bool:
    """Whether two keys mean one thing; a threshold without an owner means that of every group."""
    if one[:1] == other[:1] == ("threshold",):
        return one[1] == other[1] and (one[2] == other[2] or not one[2] or not other[2])
    return one == other


def meant(keys: Mapping[Key, AnyNode], key: Key) -> AnyNode | None:
    """What a mapping has for a key, or for one that means the same."""
    if key in keys or key[:1] != ("threshold",):
        return keys.get(key)
    return next((node for other, node in keys.items() if same(other, key)), None)


def in_words(key: Key, node: tree.Node | None = None) -> str:
    """The key as an author would write it: `item saf_2`, `level low of overall`."""
    kind = node.kind.id if isinstance(node, tree.Group) else key[0]
    return " ".join([kind, *key[1:2], *(f"of {owner}" for owner in key[2:] if owner)])


def ids(keys: Iterable[Key]) -> frozenset[str]:
    """The ids among keys that stand in the one set of names of a file."""
    return frozenset(key[1] for key in keys if key[0] not in ("answer", "level", "file"))
