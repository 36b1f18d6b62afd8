"""An adaptation and its base, both as written -> the adapted file as if written so, and what was refused.

The changes are a closed list, and their order in the file means nothing: deviations come first, then drops,
rewordings, additions and thresholds. A change that is refused is not made.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from fidelity.errors import Problem, Related
from fidelity.language import changes, protocol, tree
from fidelity.language.names import nearest
from fidelity.language.protection import Protection, protections
from fidelity.language.targets import (
    KINDS,
    Key,
    Standing,
    blocks_of,
    ids,
    in_words,
    key_of,
    named,
    same,
    targets_in,
    word_of,
)
from fidelity.model.adaptation import Change, Deviation
from fidelity.place import Place

AnyNode = TypeVar("AnyNode", bound=tree.Node)
Told = changes.Rename | changes.Reword | changes.AddItem | changes.Drop | changes.Set
Told_tuple = (changes.Rename, changes.Reword, changes.AddItem, changes.Drop, changes.Set)

SOON = timedelta(days=60)


class Adapted(NamedTuple):
    """The adapted file, what was changed and under which deviations, and what is wrong.

    `gone` are the ids that were dropped, each with the place of its drop; `stale` the translations left out.
    """

    source: Standing
    changes: tuple[Change, ...]
    deviations: tuple[Deviation, ...]
    found: tuple[Problem, ...]
    gone: Mapping[str, Place]
    stale: tuple[tuple[str, str], ...]


def adapted(own: changes.Adaptation, base: Standing, only: Place | None = None) -> Adapted:
    """The base with the changes made; with `only`, nothing but the change at that place."""
    known = targets_in(base)
    found: list[Problem] = []
    aimed = [_Aimed(each, key, word) for each in own.changes if _told(each) for key, word in [_aim(each)]]
    aimed = [each for each in aimed if only is None or each.change.place == only]
    aimed = [each for each in aimed if _exists(each, known, base, found)]
    aimed = list(_at_most_one(aimed, base, found))
    deviations = {each.id.id: each for each in own.changes if isinstance(each, changes.Deviation)}
    aimed = list(_permitted(aimed, deviations, base, known, found))
    added = [] if only else list(_additions(own, base, known, found))
    making = _Making(base, known, aimed)
    merged = making.merged(own, added)
    told = tuple(_change(each, known) for each in aimed)
    records = tuple(_record(each, known) for each in own.changes if isinstance(each, changes.Deviation))
    if only is None:
        found += _examples_about_dropped(own, base, making)
    return Adapted(merged, told, records, tuple(found), making.gone, making.stale)


def expiring(deviations: Iterable[Deviation], on: date) -> Iterator[Problem]:
    """RB304 for each deviation that has expired by this day, or will within 60 days."""
    for each in deviations:
        if each.expires is None or each.expires > on + SOON:
            continue
        facts = {"deviation": each.id, "date": each.expires.isoformat(), "on": on.isoformat()}
        if each.expired(on):
            yield Problem("RB304", each.place, {**facts, "expired": True}, graded="error")
        else:
            yield Problem("RB304", each.place, {**facts, "days": (each.expires - on).days})


# ---- what a change aims at


class _Aimed(NamedTuple):
    change: Told
    key: Key
    word: tree.Word


def _told(change: tree.Node) -> bool:
    return isinstance(change, Told_tuple)


def _aim(change: Any) -> tuple[Key, tree.Word]:
    match change:
        case changes.Rename(target, _, _) | changes.Drop(target, _):
            return key_of(target), word_of(target)
        case changes.Set(threshold, of, _, _):
            return ("threshold", threshold.id, of.id if of else ""), threshold
        case changes.Reword(_, id, _, _):
            return ("item", id.id), id
        case _:
            return ("item", change.id.id), change.id


def _exists(each: _Aimed, known: Mapping[Key, tree.Node], base: Standing, found: list[Problem]) -> bool:
    """Whether the base has the target; for a new item, its group, and not its id."""
    change = each.change
    match change:
        case changes.AddItem(group=group):
            if ("group", group.id) not in known:
                found.append(_unknown(group, "group", (key[1] for key in known if key[0] == "group")))
                return False
            taken = next((node for key, node in known.items() if key[1:2] == (each.word.id,)), None)
            if taken is not None and _is_definition(taken):
                found.append(_taken(each.word, "item", taken, base))
                return False
            return True
        case changes.Drop() if each.key == ("file",):
            found.append(Problem("RB003", each.word.place, {"cannot_drop": each.word.id}))
            return False
        case changes.Rename() if each.key == ("file",):
            return True
        case changes.Set(number=number):
            node = known.get(each.key)
            if isinstance(node, tree.Threshold) and node.number.percent is not number.percent:
                kinds = {True: "a percent", False: "a plain number"}
                facts = {
                    "left": in_words(each.key),
                    "wanted": kinds[node.number.percent],
                    "found": number.written,
                    "given": kinds[number.percent],
                    "instead": f"{number.written}%" if node.number.percent else number.written.rstrip("%"),
                }
                found.append(Problem("RB110", number.place, facts))
                return False
        case _:
            pass
    if any(same(key, each.key) for key in known):
        return True
    kind = in_words((each.key[0],))
    found.append(_unknown(each.word, kind, (key[1] for key in known if key[0] == each.key[0])))
    return False


def _unknown(word: tree.Word, kind: str, among: Iterable[str]) -> Problem:
    facts = {"kind": kind, "name": word.id, "suggestion": nearest(word.id, among)}
    return Problem("RB101", word.place, facts)


def _is_definition(node: tree.Node) -> bool:
    return isinstance(node, tree.Item | tree.Threshold) or type(node) in KINDS


def _taken(word: tree.Word, kind: str, first: tree.Node, base: Standing) -> Problem:
    line = named(first).place.line
    facts = {"kind": kind, "name": word.id, "line": line, "base": base.id.id}
    return Problem("RB102", word.place, facts, (Related(named(first).place, "the first one is here"),))


# ---- two changes to one target


def _at_most_one(aimed: Sequence[_Aimed], base: Standing, found: list[Problem]) -> Iterator[_Aimed]:
    """The changes without those whose target another one changes too, or drops; the later line is refused."""
    group_of = {
        item.id.id: block.id.id
        for block in blocks_of(base)
        if isinstance(block, tree.Group)
        for item in block.items
    }
    kept: list[_Aimed] = []
    for each in aimed:
        first = next((other for other in kept if same(other.key, each.key)), None)
        if first is not None:
            facts = {"target": in_words(each.key), "line": first.word.place.line}
            related = Related(first.word.place, "the first change is here")
            found.append(Problem("RB302", each.word.place, facts, (related,)))
        else:
            kept.append(each)
    dropped = {each.key: each for each in kept if isinstance(each.change, changes.Drop)}
    for each in kept:
        holders = [("group", group_of[each.key[1]])] if each.key[0] == "item" and each.key[1] in group_of else []
        if each.key[0] in ("answer", "level"):
            holders = [("scale" if each.key[0] == "answer" else "result", each.key[2])]
        if isinstance(each.change, changes.AddItem):
            holders = [("group", each.change.group.id)]
            holders += [("item", each.change.after.id)] if each.change.after else []
        holder = next((key for key in holders if key in dropped), None)
        if holder is not None:
            drop = dropped[holder]
            facts = {"target": in_words(each.key), "dropped": in_words(holder), "line": drop.word.place.line}
            related = Related(drop.word.place, "it is dropped here")
            found.append(Problem("RB302", each.word.place, facts, (related,)))
        else:
            yield each


# ---- what is protected


def _permitted(
    aimed: Iterable[_Aimed],
    deviations: Mapping[str, changes.Deviation],
    base: Standing,
    known: Mapping[Key, tree.Node],
    found: list[Problem],
) -> Iterator[_Aimed]:
    """The changes without those to what is protected and under no deviation that lets them be made."""
    protected = protections(base)
    for each in aimed:
        name = next((o.deviation for o in each.change.reason.options if isinstance(o, changes.UnderDeviation)), None)
        deviation = deviations.get(name.id) if name else None
        if name is not None and deviation is None:
            found.append(_unknown(name, "deviation", deviations))
            continue
        touched = [p for key in _touched(each) for p in protected if same(p.key, key)]
        if not touched:
            yield each
            continue
        protection = touched[0]
        refused = _refusal(each, protection, deviation)
        if refused is None:
            yield each
        else:
            node = _node(known, each.key) or known.get(protection.key)
            found.append(_protected(each, protection, node, base, refused))


def _touched(each: _Aimed) -> Iterator[Key]:
    """What a change changes: its target, what is inside the target, and for a new item the group."""
    change = each.change
    if isinstance(change, changes.AddItem):
        yield ("group", change.group.id)
        return
    yield each.key
    if each.key[0] in ("answer", "level"):
        yield ("scale" if each.key[0] == "answer" else "result", each.key[2])


def _refusal(
    each: _Aimed, protection: Protection, deviation: changes.Deviation | None
) -> dict[str, object] | None:
    """Why the deviation does not let this change be made; nothing when it does."""
    wanted = ("group", each.change.group.id) if isinstance(each.change, changes.AddItem) else each.key
    if deviation is None:
        return {"no_deviation": True}
    touches = [line.target for line in deviation.lines if isinstance(line, changes.Touches)]
    if not any(same(key_of(target), wanted) for target in touches):
        return {"deviation": deviation.id.id}
    parts: Mapping[str, type] = {
        "risk": changes.Risk,
        "approved by": changes.DeviationApproved,
        "expires on": changes.Expires,
    }
    absent = [
        part for part, kind in parts.items() if not any(isinstance(line, kind) for line in deviation.lines)
    ]
    return {"deviation_without": deviation.id.id, "lacks": ", ".join(absent)} if absent else None


def _protected(
    each: _Aimed,
    protection: Protection,
    node: tree.Node | None,
    base: Standing,
    refused: Mapping[str, object],
) -> Problem:
    word = each.change.group if isinstance(each.change, changes.AddItem) else each.word
    title = getattr(node, "title", None)
    key = ("group", word.id) if isinstance(each.change, changes.AddItem) else each.key
    facts = {
        "file": "programme" if isinstance(base, protocol.Programme) else "checklist",
        "title": title.content if isinstance(title, tree.Text) else in_words(key),
        "target": in_words(key, node if key[0] == "group" else None),
        "base": f"{base.id.id} {_version(base)}".strip(),
        "line": protection.core.place.line,
        "reason": protection.core.reason.content,
        "through": protection.through,
        **refused,
    }
    related = Related(protection.core.place, f"protected here: {protection.core.reason.content}")
    return Problem("RB301", word.place, facts, (related,))


def _version(source: Standing) -> str:
    return next((meta.number.id for meta in source.metas if isinstance(meta, tree.Version)), "")


# ---- what is new


Additive = (
    tree.Scale,
    tree.Bins,
    tree.Fact,
    tree.Threshold,
    tree.Score,
    tree.Result,
    tree.Gate,
    tree.Flag,
    tree.Listing,
    tree.Core,
    tree.Example,
    tree.Table,
    tree.Translation,
)


def _additions(
    own: changes.Adaptation, base: Standing, known: Mapping[Key, tree.Node], found: list[Problem]
) -> Iterator[tree.Block | protocol.Rule]:
    """The new blocks, without those that an adaptation may not have, or whose id the base has."""
    taken = {key[1]: node for key, node in known.items() if _is_definition(node)}
    results = {each.id.id for each in own.changes if isinstance(each, tree.Result)}
    programme = isinstance(base, protocol.Programme)
    for each in own.changes:
        if isinstance(each, Told_tuple) or isinstance(each, changes.Deviation):
            continue
        first = taken.get(named(each).id) if _is_definition(each) else None
        if first is not None:
            found.append(_taken(named(each), KINDS.get(type(each), "threshold"), first, base))
        elif not programme and (
            not isinstance(each, Additive) or (isinstance(each, tree.Gate) and each.result.id not in results)
        ):
            what = f"gate on {each.result.id}" if isinstance(each, tree.Gate) else _called(each)
            found.append(Problem("RB003", each.place, {"not_in_adaptation": what}))
        else:
            yield each


def _called(node: tree.Node) -> str:
    if isinstance(node, tree.Group):
        return node.kind.id
    return KINDS.get(type(node), type(node).__name__.lower())


# ---- the merged file


class _Making:
    """The base, changed; made once."""

    def __init__(self, base: Standing, known: Mapping[Key, tree.Node], aimed: Sequence[_Aimed]) -> None:
        self.base = base
        self.titles = {
            each.key: each.change.text
            for each in aimed
            if isinstance(each.change, changes.Rename | changes.Reword)
        }
        self.numbers = {each.key: each.change for each in aimed if isinstance(each.change, changes.Set)}
        self.items = [each.change for each in aimed if isinstance(each.change, changes.AddItem)]
        drops = {each.key: each.word.place for each in aimed if isinstance(each.change, changes.Drop)}
        self.dropped = {
            key: place for key in known for drop, place in drops.items() if same(drop, key)
        }
        for key, place in drops.items():
            node = known.get(key)
            if isinstance(node, tree.Group):
                self.dropped.update({("item", item.id.id): place for item in node.items})
        self.gone = {
            id: place for key, place in self.dropped.items() for id in ids([key])
        }
        self.stale: tuple[tuple[str, str], ...] = ()

    def merged(self, own: changes.Adaptation, added: Sequence[Any]) -> Standing:
        """The adapted file; it bears the adaptation's id, title and head."""
        kept = [
            made
            for block in blocks_of(self.base)
            if not self._is_dropped(block)
            for made in self._block(block, own)
        ]
        blocks = tuple(_with_translations(kept, added))
        metas = (*self.base.metas, *own.metas)
        title = self.titles.get(("file",), own.title)
        if isinstance(self.base, protocol.Programme):
            return protocol.Programme(own.id, title, metas, blocks, place=own.place)
        return tree.Checklist(own.id, title, self.base.applies, metas, blocks, place=own.place)

    def names_dropped(self, node: tree.Node) -> Place | None:
        """Where something was dropped that an example or history names."""
        values = {id(each.value) for each in tree.walked(node) if isinstance(each, tree.Given)}
        words = (each for each in tree.walked(node) if isinstance(each, tree.Word) and id(each) not in values)
        return next((self.gone[word.id] for word in words if word.id in self.gone), None)

    def _is_dropped(self, block: tree.Node) -> bool:
        if isinstance(block, tree.Threshold):
            return ("threshold", block.id.id, block.of.id if block.of else "") in self.dropped
        if isinstance(block, tree.Core):
            return any(same(key_of(block.target), key) for key in self.dropped)
        return type(block) in KINDS and (KINDS[type(block)], named(block).id) in self.dropped

    def _block(self, block: Any, own: changes.Adaptation) -> Iterator[Any]:
        match block:
            case tree.Example(title=title) | tree.Table(title=title) | protocol.History(title=title):
                if title.content not in _told_titles(own):
                    yield from self._example(block)
            case tree.Group():
                yield self._retitled(copied(block, items=tuple(self._items(block))), ("group", block.id.id))
            case tree.Scale():
                answers = self._inner(block.answers, "answer", block.id.id)
                yield self._retitled(copied(block, answers=answers), ("scale", block.id.id))
            case tree.Result():
                levels = self._inner(block.levels, "level", block.id.id)
                yield self._retitled(copied(block, levels=levels), ("result", block.id.id))
            case tree.Threshold():
                key = ("threshold", block.id.id, block.of.id if block.of else "")
                moved = self.numbers.get(key)
                yield self._retitled(copied(block, number=moved.number) if moved else block, key)
            case tree.Translation():
                yield self._translation(block)
            case _ if type(block) in KINDS:
                yield self._retitled(block, (KINDS[type(block)], block.id.id))
            case _:
                yield block

    def _retitled(self, node: AnyNode, key: Key) -> AnyNode:
        title = next((text for target, text in self.titles.items() if same(target, key)), None)
        return copied(node, title=title) if title is not None else node

    def _inner(self, nodes: tuple[Any, ...], kind: str, owner: str) -> tuple[Any, ...]:
        kept = [each for each in nodes if (kind, each.id.id, owner) not in self.dropped]
        return tuple(self._retitled(each, (kind, each.id.id, owner)) for each in kept)

    def _items(self, group: tree.Group) -> list[tree.Item]:
        """The items of a group, the new ones where they are wanted, those of one place in the file's order."""
        items = [
            self._retitled(each, ("item", each.id.id))
            for each in group.items
            if ("item", each.id.id) not in self.dropped
        ]
        for each in reversed([each for each in self.items if each.group.id == group.id.id]):
            new = tree.Item(
                each.keyword, each.id, each.title, each.options, each.reason.details, place=each.place
            )
            anchor = each.after.id if each.after else ""
            at = next((at for at, item in enumerate(items) if item.id.id == anchor), None)
            if at is not None:
                items.insert(at + 1, new)
            else:
                items.insert(self._end_of(items, group), new)
        return items

    def _end_of(self, items: Sequence[tree.Item], group: tree.Group) -> int:
        last = max((at for at, item in enumerate(items) if item in group.items), default=-1)
        return last + 1

    def _example(self, block: Any) -> Iterator[Any]:
        if self.names_dropped(block) is None:
            yield block
        elif isinstance(block, protocol.History):
            yield from self._history(block)

    def _history(self, block: protocol.History) -> Iterator[protocol.History]:
        """The table without the columns about what was dropped (decision 35)."""
        kept = [at for at, cell in enumerate(block.head.expected) if self.names_dropped(_boxed(cell)) is None]
        given_ok = all(self.names_dropped(_boxed(cell)) is None for cell in block.head.given)
        expects = tuple(each for each in block.expects if self.names_dropped(each) is None)
        if not given_ok or not (kept or expects):
            return

        def narrowed(row: tree.Row) -> tree.Row:
            return copied(row, expected=tuple(row.expected[at] for at in kept if at < len(row.expected)))

        if kept:
            rows = tuple(narrowed(row) for row in block.rows)
            yield copied(block, head=narrowed(block.head), rows=rows, expects=expects)

    def _translation(self, block: tree.Translation) -> tree.Translation:
        """The texts without those of what was dropped, and of what was reworded, which are out of date."""
        reworded = [key for key in self.titles if key != ("file",)]
        kept: list[tree.TranslatedText] = []
        for each in block.texts:
            key = key_of(each.target)
            if any(same(key, target) for target in reworded):
                self.stale = (*self.stale, (block.language.id, in_words(key)))
            elif not any(same(key, target) for target in self.dropped):
                kept.append(each)
        return copied(block, texts=tuple(kept))


def _with_translations(kept: Sequence[Any], added: Sequence[Any]) -> Iterator[Any]:
    """All blocks, with the adaptation's texts of a language joined to the base's."""
    own = {each.language.id: each for each in added if isinstance(each, tree.Translation)}
    joined: set[str] = set()
    for block in kept:
        mine = own.get(block.language.id) if isinstance(block, tree.Translation) else None
        if mine is None:
            yield block
            continue
        joined.add(mine.language.id)
        told = {key_of(each.target) for each in mine.texts}
        old = [each for each in block.texts if key_of(each.target) not in told]
        yield copied(mine, texts=(*old, *mine.texts))
    for block in added:
        if not (isinstance(block, tree.Translation) and block.language.id in joined):
            yield block


def copied(node: AnyNode, **new: Any) -> AnyNode:
    """The node with some fields new; it keeps its place."""
    made: AnyNode = type(node)(
        *(new.get(name, getattr(node, name)) for name in node.__match_args__), place=node.place
    )
    return made


def _boxed(cell: tree.Cell) -> tree.Node:
    return tree.Row((cell,), (), place=cell.place)


# ---- examples of the base that name what was dropped


def _told_titles(own: changes.Adaptation) -> set[str]:
    kinds = (tree.Example, tree.Table, protocol.History)
    return {each.title.content for each in own.changes if isinstance(each, kinds)}


def _examples_about_dropped(own: changes.Adaptation, base: Standing, making: _Making) -> Iterator[Problem]:
    """RB305 for each example of the base that names what was dropped, unless this file tells it anew."""
    told = _told_titles(own)
    for block in blocks_of(base):
        if not isinstance(block, tree.Example | tree.Table | protocol.History):
            continue
        place = making.names_dropped(block)
        if place is not None and block.title.content not in told:
            facts = {"example": block.title.content, "names_dropped": _at(place, making.gone), "base": base.id.id}
            yield Problem("RB305", place, facts, (Related(block.place, "the example is here"),))


def _at(place: Place, gone: Mapping[str, Place]) -> str:
    return next(id for id, dropped in gone.items() if dropped == place)


# ---- what is told about the changes


def _change(each: _Aimed, known: Mapping[Key, tree.Node]) -> Change:
    options = each.change.reason.options
    node = _node(known, each.key)
    before = _shown(node) if node is not None else ""
    kinds: Mapping[type, Any] = {
        changes.Rename: "rename",
        changes.Reword: "reword",
        changes.AddItem: "add",
        changes.Drop: "drop",
        changes.Set: "set",
    }
    after = {
        changes.Rename: lambda change: change.text.content,
        changes.Reword: lambda change: change.text.content,
        changes.AddItem: lambda change: change.title.content,
        changes.Drop: lambda _: "",
        changes.Set: lambda change: change.number.written,
    }
    return Change(
        kind=kinds[type(each.change)],
        target=in_words(each.key, node),
        before=before,
        after=after[type(each.change)](each.change),
        because=each.change.reason.text.content,
        planned=_option(options, changes.Planning),
        fidelity=_option(options, changes.Keeping),
        deviation=next((o.deviation.id for o in options if isinstance(o, changes.UnderDeviation)), ""),
        place=each.change.place,
    )


def _node(known: Mapping[Key, tree.Node], key: Key) -> tree.Node | None:
    return next((node for other, node in known.items() if same(other, key)), None)


def _shown(node: tree.Node) -> str:
    if isinstance(node, tree.Threshold):
        return node.number.written
    title = getattr(node, "title", None)
    return title.content if isinstance(title, tree.Text) else named(node).id


def _option(options: Sequence[tree.Node], kind: Callable[..., Any]) -> str:
    return next((each.word.id for each in options if type(each) is kind), "")  # type: ignore[attr-defined]


def _record(node: changes.Deviation, known: Mapping[Key, tree.Node]) -> Deviation:
    touches = [key_of(line.target) for line in node.lines if isinstance(line, changes.Touches)]
    approved = next((line for line in node.lines if isinstance(line, changes.DeviationApproved)), None)
    expires = next((line for line in node.lines if isinstance(line, changes.Expires)), None)
    return Deviation(
        id=node.id.id,
        title=node.title.content,
        touches=tuple(in_words(key, _node(known, key)) for key in touches),
        risk=next((line.text.content for line in node.lines if isinstance(line, changes.Risk)), ""),
        approved=(approved.by.content, approved.on.day) if approved and approved.on.day else None,
        expires=expires.on.day if expires else None,
        place=expires.place if expires else node.place,
    )
