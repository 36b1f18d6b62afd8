"""Notes, anchors and evidence below a change -> laid over those of what it changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.language import changes, tree
from fidelity.language.aims import Aimed
from fidelity.language.small_texts import texts_below
from fidelity.language.targets import Key, in_words, meant
from fidelity.model.wording import key_of_small
from fidelity.place import Place

SmallText = tree.Note | tree.EvidenceNote | tree.Anchor


class Relaid(NamedTuple):
    """One such text that is another one now: its key as a translation names it, and what it was before."""

    key: Key
    before: str
    after: str
    place: Place


def texts_of(change: tree.Node) -> tuple[SmallText, ...]:
    """The texts below a change of something that stays."""
    if not isinstance(change, changes.Rename | changes.Reword | changes.Set):
        return ()
    return tuple(each for each in change.reason.details if isinstance(each, SmallText))


def laid_over(old: Iterable[tree.Detail], new: Sequence[SmallText]) -> tuple[tree.Detail, ...]:
    """The details with the new texts where those of their kind stood; an anchor takes that of its answer."""
    left = {_kind(each): [other for other in new if _kind(other) == _kind(each)] for each in new}
    replaced = set(left)
    laid: list[tree.Detail] = []
    for each in old:
        laid.extend(left.pop(_kind(each), ()) if _kind(each) in replaced else (each,))
    return (*laid, *(each for several in left.values() for each in several))


def _kind(detail: tree.Detail) -> str:
    match detail:
        case tree.Anchor(answer):
            return f"anchor {answer.id}"
        case _:
            return type(detail).__name__


def relaid(each: Aimed, known: Mapping[Key, tree.Node]) -> tuple[Relaid, ...]:
    """What the texts below a change make of those of its target; a text that goes has nothing after it."""
    node, new = meant(known, each.key), texts_of(each.change)
    if node is None or not new or not _has_details(node):
        return ()
    of = _of(each.key, node)
    old_details: tuple[tree.Detail, ...] = getattr(node, "details", ())
    old, now = (
        {key_of_small(one): one for one in texts_below(details, of)}
        for details in (old_details, laid_over(old_details, new))
    )
    keys = [
        key
        for key in dict.fromkeys([*old, *now])
        if key not in old or key not in now or old[key].text != now[key].text
    ]
    return tuple(
        Relaid(
            key,
            old[key].text if key in old else "",
            now[key].text if key in now else "",
            now[key].place if key in now else each.change.place,
        )
        for key in keys
    )


def _of(key: Key, node: tree.Node) -> str:
    """What small texts belong to, as a translation names it: `op_safety`, `low of fidelity`."""
    if isinstance(node, tree.Threshold):
        return f"{node.id.id} of {node.of.id}" if node.of else node.id.id
    return f"{key[1]} of {key[2]}" if key[0] == "level" else key[1]


def in_words_of(key: Key) -> str:
    """A small text as an author would name it: `note of op_safety`, `note 2 of op_safety`."""
    kind, number, of = key
    return " ".join(filter(None, (kind, number, f"of {of}")))


def nowhere_to_lay(each: Aimed, known: Mapping[Key, tree.Node]) -> Iterator[Problem]:
    """RB003 for texts below a change of what has none, or is dropped: they would be shown nowhere."""
    dropped = isinstance(each.change, changes.Drop)
    node = meant(known, each.key)
    if not dropped and node is not None and _has_details(node):
        return
    for detail in () if isinstance(each.change, changes.AddItem) else each.change.reason.details:
        if isinstance(detail, SmallText):
            facts = {"text_below": _first_word(detail), "target": in_words(each.key, node)}
            yield Problem("RB003", detail.place, {**facts, **({"text_of_dropped": "it"} if dropped else {})})


def _has_details(node: tree.Node) -> bool:
    return "details" in type(node).__match_args__


def _first_word(detail: SmallText) -> str:
    match detail:
        case tree.Note():
            return "note"
        case tree.EvidenceNote():
            return "evidence"
        case tree.Anchor():
            return "anchor"
