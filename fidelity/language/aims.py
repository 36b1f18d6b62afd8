"""Changes as written -> what each of them aims at; RB101, RB102, RB110 and RB302 where it cannot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from fidelity.errors import Problem, Related
from fidelity.language import changes, tree
from fidelity.language.names import nearest
from fidelity.language.targets import (
    KINDS,
    Key,
    Standing,
    blocks_of,
    in_words,
    key_of,
    meant,
    named,
    same,
    word_of,
)
from fidelity.model.number import written

Told = changes.Rename | changes.Reword | changes.AddItem | changes.Drop | changes.Set


class Aimed(NamedTuple):
    """A change, the key of what it aims at, and the id as written there."""

    change: Told
    key: Key
    word: tree.Word


def aim(change: Told) -> tuple[Key, tree.Word]:
    """The key of what a change aims at, and the id as written there."""
    match change:
        case changes.Rename(target, _, _) | changes.Drop(target, _):
            return key_of(target), word_of(target)
        case changes.Set(threshold, of, _, _):
            return ("threshold", threshold.id, of.id if of else ""), threshold
        case changes.Reword() | changes.AddItem():
            return ("item", change.id.id), change.id


def exists(
    each: Aimed,
    known: Mapping[Key, tree.Node],
    new: Sequence[changes.AddItem],
    base: Standing,
    found: list[Problem],
) -> bool:
    """Whether the base has the target; for a new item, its group and neighbour, and not its id."""
    change = each.change
    match change:
        case changes.AddItem(group=group, after=after):
            of = known.get(("group", group.id))
            if not isinstance(of, tree.Group):
                found.append(unknown(group, "group", (key[1] for key in known if key[0] == "group")))
                return False
            others = [item.id.id for item in of.items]
            others += [item.id.id for item in new if item.group.id == group.id and item is not change]
            if after is not None and after.id not in others:
                facts = {"kind": "item", "name": after.id, "of": group.id, "own": ", ".join(others)}
                found.append(Problem("RB101", after.place, facts))
                return False
            taken = next((node for key, node in known.items() if key[1:2] == (each.word.id,)), None)
            if taken is not None and is_definition(taken):
                found.append(taken_already(each.word, "item", taken, base))
                return False
            return True
        case changes.Drop() if each.key == ("file",):
            found.append(Problem("RB003", each.word.place, {"cannot_drop": each.word.id}))
            return False
        case changes.Rename() if each.key == ("file",):
            return True
        case changes.Set(number=number) if each.key in known:
            node = known[each.key]
            if isinstance(node, tree.Threshold) and _other_kind(node.number, number):
                found.append(_wrong_kind(each.key, node, number))
                return False
            return True
        case changes.Set(of=tree.Word() as owner):
            own = [key[2] for key in known if key[:2] == each.key[:2] and key[2]]
            facts = {"kind": "threshold", "name": f"{each.word.id} of {owner.id}", "own": ", ".join(own)}
            found.append(Problem("RB101", owner.place, facts))
            return False
        case _:
            pass
    if meant(known, each.key) is not None and not isinstance(change, changes.Set):
        return True
    found.append(unknown(each.word, each.key[0], (key[1] for key in known if key[0] == each.key[0])))
    return False


def _other_kind(one: tree.Number, other: tree.Number) -> bool:
    """Whether one is a percent and the other a plain number; two thirds can be either (decision 11)."""
    return one.percent is not other.percent and not (one.fraction or other.fraction)


def _wrong_kind(key: Key, node: tree.Threshold, number: tree.Number) -> Problem:
    """RB110: a percent for a plain number, or the other way round."""
    kinds = {True: "a percent", False: "a plain number"}
    in_percent = written(number.value * 100) if 0 < number.value < 1 else number.written
    facts = {
        "left": in_words(key),
        "wanted": kinds[node.number.percent],
        "found": number.written,
        "given": kinds[number.percent],
        "instead": f"{in_percent}%" if node.number.percent else number.written.rstrip("%"),
    }
    return Problem("RB110", number.place, facts)


def unknown(word: tree.Word, kind: str, among: Iterable[str]) -> Problem:
    """RB101: there is no such thing; names the nearest one."""
    facts = {"kind": kind, "name": word.id, "suggestion": nearest(word.id, among)}
    return Problem("RB101", word.place, facts)


def is_definition(node: tree.Node) -> bool:
    """Whether a node has an id of the file's one set of names."""
    return isinstance(node, tree.Item | tree.Threshold) or type(node) in KINDS


def taken_already(word: tree.Word, kind: str, first: tree.Node, base: Standing) -> Problem:
    """RB102 for what the base defines already."""
    line = named(first).place.line
    facts = {"kind": kind, "name": word.id, "line": line, "base": base.id.id}
    return Problem("RB102", word.place, facts)


def at_most_one(aimed: Sequence[Aimed], base: Standing, found: list[Problem]) -> Iterator[Aimed]:
    """The changes without those whose target another one changes too, or drops; the later line is refused."""
    group_of = {
        item.id.id: block.id.id
        for block in blocks_of(base)
        if isinstance(block, tree.Group)
        for item in block.items
    }
    kept: list[Aimed] = []
    taken: dict[Key, list[Aimed]] = {}
    for each in aimed:
        rivals = taken.setdefault(each.key[:2] if each.key[0] == "threshold" else each.key, [])
        first = next((other for other in rivals if _rival(other, each)), None)
        rivals.append(each)
        if first is not None:
            dropped = "it" if isinstance(first.change, changes.Drop) else ""
            facts = {"target": in_words(each.key), "line": first.word.place.line, "dropped": dropped}
            related = Related(first.word.place, "the first change is here")
            found.append(Problem("RB302", each.word.place, facts, (related,)))
        else:
            kept.append(each)
    drops = {each.key: each for each in kept if isinstance(each.change, changes.Drop)}
    for each in kept:
        holders = (
            [("group", group_of[each.key[1]])] if each.key[0] == "item" and each.key[1] in group_of else []
        )
        if each.key[0] in ("answer", "level"):
            holders = [("scale" if each.key[0] == "answer" else "result", each.key[2])]
        if isinstance(each.change, changes.AddItem):
            holders = [("group", each.change.group.id)]
            holders += [("item", each.change.after.id)] if each.change.after else []
        holder = next((key for key in holders if key in drops), None)
        if holder is not None:
            drop = drops[holder]
            facts = {"target": in_words(each.key), "dropped": in_words(holder), "line": drop.word.place.line}
            related = Related(drop.word.place, "it is dropped here")
            found.append(Problem("RB302", each.word.place, facts, (related,)))
        else:
            yield each


def _rival(one: Aimed, other: Aimed) -> bool:
    """Whether two changes have one target; a number may be set for each group."""
    both_set = isinstance(one.change, changes.Set) and isinstance(other.change, changes.Set)
    return one.key == other.key or (not both_set and same(one.key, other.key))
