"""A base and the changes that may be made -> the adapted file."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from fidelity.language import changes, protocol, tree
from fidelity.language.aims import Aimed
from fidelity.language.laid import Relaid, in_words_of, laid_over, relaid, texts_of
from fidelity.language.targets import (
    KINDS,
    Key,
    Standing,
    blocks_of,
    ids,
    in_words,
    key_of,
    meant,
    named,
)
from fidelity.language.texts import small_key
from fidelity.model.wording import is_draft_name
from fidelity.place import Place

AnyNode = TypeVar("AnyNode", bound=tree.Node)


class Making:
    """The base, changed; made once."""

    def __init__(self, base: Standing, known: Mapping[Key, tree.Node], aimed: Sequence[Aimed]) -> None:
        self.base = base
        self.known = known
        self.titles = {
            each.key: each.change.text
            for each in aimed
            if isinstance(each.change, changes.Rename | changes.Reword)
        }
        self.reworded = {
            each.key: each.word.place
            for each in aimed
            if each.key in self.titles and _is_new(self.titles[each.key], each.key, known)
        }
        self.laid = {each.key: texts for each in aimed if (texts := texts_of(each.change))}
        self.relaid = {each.key: each for change in aimed for each in relaid(change, known)}
        self.numbers = {each.key: each.change for each in aimed if isinstance(each.change, changes.Set)}
        self.items = [each.change for each in aimed if isinstance(each.change, changes.AddItem)]
        drops = {each.key: each.word.place for each in aimed if isinstance(each.change, changes.Drop)}
        self.dropped = {key: place for key in known if (place := meant(drops, key)) is not None}
        for key, place in drops.items():
            node = known.get(key)
            if isinstance(node, tree.Group):
                self.dropped.update({("item", item.id.id): place for item in node.items})
        self.gone = {id: place for key, place in self.dropped.items() for id in ids([key])}
        self.stale: tuple[Stale, ...] = ()
        self.own_texts: frozenset[tuple[str, Key]] = frozenset()
        self.unsaid: frozenset[Key] = frozenset()

    def merged(self, own: changes.Adaptation, added: Sequence[Any]) -> Standing:
        """The adapted file; it bears the adaptation's id, title and head."""
        self.own_texts = frozenset(
            (block.language.id, text_key(each.target))
            for block in added
            if isinstance(block, tree.Translation)
            for each in block.texts
        )
        self.unsaid = frozenset(_said_anew(own, self.base))
        kept = [
            made
            for block in blocks_of(self.base)
            if not self._is_dropped(block)
            for made in self._block(self._without_mention(block), own)
        ]
        blocks = tuple(_with_translations(kept, added))
        metas = _metas(self.base.metas, own.metas)
        title = self.titles.get(("file",), own.title)
        if isinstance(self.base, protocol.Programme):
            return protocol.Programme(own.id, title, metas, blocks, place=own.place)
        return tree.Checklist(own.id, title, self.base.applies, metas, blocks, place=own.place)

    def _without_mention(self, block: Any) -> Any:
        """The block with nothing left to leave out: `except` and `in` do not name what was dropped."""
        return _filtered(block, self.gone) if self.gone and isinstance(block, Ruling) else block

    def names_dropped(self, node: tree.Node) -> Place | None:
        """Where something was dropped that an example or history names."""
        values = {id(each.value) for each in tree.walked(node) if isinstance(each, tree.Given)}
        words = (each for each in tree.walked(node) if isinstance(each, tree.Word) and id(each) not in values)
        return next((self.gone[word.id] for word in words if word.id in self.gone), None)

    def _is_dropped(self, block: tree.Node) -> bool:
        if isinstance(block, tree.Threshold):
            return ("threshold", block.id.id, block.of.id if block.of else "") in self.dropped
        if isinstance(block, tree.Core):
            return meant(self.dropped, key_of(block.target)) is not None
        return type(block) in KINDS and (KINDS[type(block)], named(block).id) in self.dropped

    def _block(self, block: Any, own: changes.Adaptation) -> Iterator[Any]:
        match block:
            case tree.Example(title=title) | tree.Table(title=title) | protocol.History(title=title):
                if title.content not in told_titles(own):
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
        title, texts = meant(self.titles, key), meant(self.laid, key)
        if texts and "details" in type(node).__match_args__:
            node = copied(node, details=laid_over(getattr(node, "details", ()), texts))
        return copied(node, title=title) if title is not None else node

    def _inner(self, nodes: tuple[Any, ...], kind: str, owner: str) -> tuple[Any, ...]:
        kept = [each for each in nodes if (kind, each.id.id, owner) not in self.dropped]
        return tuple(self._retitled(each, (kind, each.id.id, owner)) for each in kept)

    def _items(self, group: tree.Group) -> list[tree.Item]:
        items = [
            self._retitled(each, ("item", each.id.id))
            for each in group.items
            if ("item", each.id.id) not in self.dropped
        ]
        return _joined(items, group.id.id, self.items)

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
        kept: list[tree.TranslatedText] = []
        for each in block.texts:
            key = text_key(each.target)
            if (block.language.id, key) in self.own_texts or key in self.unsaid:
                continue  # said anew in this file, or what it translates is
            changed = meant(self.reworded, key)
            if changed is not None:
                words = _as_written(each.target, key, meant(self.known, key))
                self.stale = (*self.stale, _stale(block, words, changed))
            elif key in self.relaid:
                self.stale = (*self.stale, *_stale_below(block, self.relaid[key]))
            elif meant(self.dropped, key) is None and not self._of_dropped(each.target):
                kept.append(each)
        return copied(block, texts=tuple(kept))

    def _of_dropped(self, target: tree.Target | tree.SmallTarget) -> bool:
        """Whether a note and the like belongs to what was dropped."""
        match target:
            case tree.NoteTarget(owner=tree.Word() as owner) | tree.LookTarget(owner=tree.Word() as owner):
                return owner.id in self.gone or ("level", target.id.id, owner.id) in self.dropped
            case tree.NoteTarget() | tree.LookTarget() | tree.AnchorTarget():
                return target.id.id in self.gone
            case tree.CommentTarget() | tree.UnitTarget():
                return target.id.id in self.gone
            case _:
                return False


class Stale(NamedTuple):
    """A translation of the base that was left out, because what it translates was changed at that place.

    `words` are what stands behind `text` for it; `draft` is whether nobody stood for it.
    """

    language: str
    title: str
    words: str
    place: Place
    draft: bool


def _is_new(title: tree.Text, key: Key, known: Mapping[Key, tree.Node]) -> bool:
    """Whether it is another text than before; the same one may stand there for the sake of a note below."""
    before = getattr(meant(known, key), "title", None)
    return not isinstance(before, tree.Text) or before.content != title.content


def _stale_below(block: tree.Translation, text: Relaid) -> Iterator[Stale]:
    """A text that is gone leaves no translation to make."""
    if text.after:
        yield _stale(block, in_words_of(text.key), text.place)


def _stale(block: tree.Translation, words: str, place: Place) -> Stale:
    draft = is_draft_name(block.by.by.content if block.by else "")
    return Stale(block.language.id, block.title.content, words, place, draft)


def _as_written(target: tree.Target | tree.SmallTarget, key: Key, node: tree.Node | None) -> str:
    return target.kind.id if isinstance(target, tree.FileTarget) else in_words(key, node)


def text_key(target: tree.Target | tree.SmallTarget) -> Key:
    """The key of what a text translates."""
    match target:
        case tree.OwnedTarget(kind, id, owner):
            return kind.id, id.id, owner.id
        case (
            tree.NoteTarget()
            | tree.LookTarget()
            | tree.AnchorTarget()
            | tree.CommentTarget()
            | tree.UnitTarget()
            | tree.AboutTarget()
            | tree.TherapistTarget()
        ):
            return small_key(target)
        case _:
            return key_of(target)


def _said_anew(own: changes.Adaptation, base: Standing) -> Iterator[Key]:
    """What an adaptation always says itself: its title, and its word for the therapist where it has one."""
    if own.title.content != base.title.content:
        yield ("file",)
    if any(isinstance(each, tree.Therapist) for each in own.metas):
        yield from (("therapist", "", ""), ("therapists", "", ""))


Ruling = tree.Score | tree.Result | tree.Gate | tree.Flag | tree.Listing


def _filtered(node: Any, gone: Collection[str]) -> Any:
    """The node, with lists of items and groups in selections shortened; one that would be empty stays."""
    if isinstance(node, tuple):
        return tuple(_filtered(each, gone) for each in node if not _excludes_only(each, gone))
    if isinstance(node, tree.InGroups | tree.ExceptNames):
        names = tuple(each for each in node.names if each.id not in gone)
        return copied(node, names=names) if names else node
    if isinstance(node, tree.Node):
        fields: tuple[str, ...] = type(node).__match_args__
        return type(node)(*(_filtered(getattr(node, name), gone) for name in fields), place=node.place)
    return node


def _excludes_only(node: Any, gone: Collection[str]) -> bool:
    return isinstance(node, tree.ExceptNames) and all(each.id in gone for each in node.names)


def _with_translations(kept: Sequence[Any], added: Sequence[Any]) -> Iterator[Any]:
    """All blocks, with the adaptation's texts of a language joined to the base's."""
    own: dict[str, tree.Translation] = {}
    for each in added:
        if isinstance(each, tree.Translation):
            own.setdefault(each.language.id, each)
    joined: list[tree.Translation] = []
    for block in kept:
        mine = own.get(block.language.id) if isinstance(block, tree.Translation) else None
        if mine is None:
            yield block
            continue
        joined.append(mine)
        yield copied(mine, texts=(*block.texts, *mine.texts))
    for block in added:
        if not any(block is each for each in joined):
            yield block


def copied(node: AnyNode, **new: Any) -> AnyNode:
    """The node with some fields new; it keeps its place."""
    fields: tuple[str, ...] = type(node).__match_args__
    made: AnyNode = type(node)(*(new.get(name, getattr(node, name)) for name in fields), place=node.place)
    return made


def _joined(kept: Iterable[tree.Item], group: str, new: Iterable[changes.AddItem]) -> list[tree.Item]:
    """The items of a group with the new ones where they are wanted, several at one place in their order."""
    items = list(kept)
    waiting = [each for each in new if each.group.id == group]
    follows: dict[str, int] = {}
    while waiting:
        ready = [each for each in waiting if each.after is None or _at(each.after.id, items) is not None]
        for each in ready or waiting:
            anchor = each.after.id if each.after else ""
            at = _at(anchor, items)
            follows[anchor] = follows.get(anchor, 0) + 1
            items.insert(len(items) if at is None else at + follows[anchor], _item(each))
        waiting = [each for each in waiting if each not in ready] if ready else []
    return items


def _item(new: changes.AddItem) -> tree.Item:
    return tree.Item(new.keyword, new.id, new.title, new.options, new.reason.details, place=new.place)


def _at(id: str, items: Sequence[tree.Item]) -> int | None:
    return next((at for at, item in enumerate(items) if item.id.id == id), None)


# What the head of an adaptation may say; the rest would change what the base means.
SAYING = (
    tree.Version,
    tree.Language,
    tree.About,
    tree.Source,
    tree.Licence,
    tree.Site,
    tree.Made,
    tree.Approved,
    tree.Uses,
    tree.Status,
    tree.Therapist,
    tree.Allow,
)
# What is said of the base alone, and never inherited.
OF_THE_BASE = (tree.Version, tree.Site, tree.Made, tree.Approved)
SAID_ONCE = (tree.Language, tree.Licence, tree.Status, tree.Therapist)


def _metas(base: tuple[tree.Meta, ...], own: tuple[tree.Meta, ...]) -> tuple[tree.Meta, ...]:
    """The head of the adapted file: its own lines, and what holds on from the base."""
    said = {type(each) for each in own if isinstance(each, SAID_ONCE)}
    kept = [each for each in base if not isinstance(each, OF_THE_BASE) and type(each) not in said]
    return (
        *(_no_longer_validated(each) for each in kept),
        *(each for each in own if isinstance(each, SAYING)),
    )


def _no_longer_validated(meta: tree.Meta) -> tree.Meta:
    if isinstance(meta, tree.Status) and meta.word.id == "validated":
        return copied(meta, word=tree.Word("adapted", place=meta.word.place))
    return meta


def _boxed(cell: tree.Cell) -> tree.Node:
    return tree.Row((cell,), (), place=cell.place)


def with_items(base: Standing, new: Sequence[changes.AddItem]) -> Standing:
    """The base with the new items, and nothing else changed."""
    blocks = tuple(
        copied(each, items=tuple(_joined(each.items, each.id.id, new)))
        if isinstance(each, tree.Group)
        else each
        for each in blocks_of(base)
    )
    if isinstance(base, protocol.Programme):
        return copied(base, rules=blocks)
    return copied(base, blocks=blocks)


def told_titles(own: changes.Adaptation) -> set[str]:
    """The titles of an adaptation's own examples; one of the base with the same title gives way."""
    kinds = (tree.Example, tree.Table, protocol.History)
    return {each.title.content for each in own.changes if isinstance(each, kinds)}
