"""Tree -> the names a file defines: what each id stands for, and problems with doubled or reserved ids."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.statements import mistakes
from fidelity.model.columns import KNOWN_COLUMNS
from fidelity.place import Place
from fidelity.record import Record

# Words that may start or continue a condition or a formula; an id of this kind could not be read there.
RESERVED = frozenset(
    "and or not is are any every all no none exactly at above below from to in of by one only when gate "
    "scored missing otherwise rated tagged except its item items "
    "mean sum percent share count lowest highest median ratio".split()
)

KIND_NAMES = {
    tree.Scale: "scale",
    tree.Bins: "bins",
    tree.Fact: "fact",
    tree.Threshold: "threshold",
    tree.Group: "group",
    tree.Item: "item",
    tree.Score: "score",
    tree.Result: "result",
    tree.Gate: "gate",
    tree.Flag: "flag",
    tree.Listing: "list",
}

Definition = (
    tree.Scale
    | tree.Bins
    | tree.Fact
    | tree.Threshold
    | tree.Group
    | tree.Item
    | tree.Score
    | tree.Result
    | tree.Gate
    | tree.Flag
    | tree.Listing
)


class Names(Record):
    """What each id of a file stands for; the thresholds of groups and scores by (id, owner)."""

    meaning: Mapping[str, Definition]
    thresholds: Mapping[tuple[str, str], tree.Threshold]
    groups: Mapping[str, tree.Group]
    group_of: Mapping[str, str]
    used_tags: set[str] = field(default_factory=set)

    def of_kind(self, kind: type) -> dict[str, Definition]:
        """All definitions of one kind, by id."""
        return {id: each for id, each in self.meaning.items() if isinstance(each, kind)}

    def family(self, kind: str) -> tuple[str, ...]:
        """The ids of all groups of one kind, in source order."""
        return tuple(id for id, group in self.groups.items() if group.kind.id == kind)


def names_in(checklist: tree.Checklist) -> tuple[Names, list[Problem]]:
    """The names of a file, and every id that is doubled (at the second place) or reserved."""
    meaning: dict[str, Definition] = {}
    thresholds: dict[tuple[str, str], tree.Threshold] = {}
    problems: list[Problem] = []
    for each in definitions(checklist):
        problems.extend(reserved(each.id, KIND_NAMES[type(each)]))
        if isinstance(each, tree.Threshold):
            key = (each.id.id, each.of.id if each.of else "")
            first: Definition | None = thresholds.get(key)
            thresholds.setdefault(key, each)
            if first is None and isinstance(meaning.get(each.id.id), tree.Threshold):
                continue
        first = meaning.setdefault(each.id.id, each)
        if first is not each:
            problems.append(_doubled(each.id, KIND_NAMES[type(each)], first.id.place))
            if _is_bare(first) and type(first) is type(each):
                # A heading that was pasted twice: what stands below the second one is what is meant.
                meaning[each.id.id] = each
    groups = {each.id.id: each for each in checklist.blocks if isinstance(each, tree.Group)}
    group_of = {item.id.id: group.id.id for group in groups.values() for item in group.items}
    problems.extend(_inner_names(checklist))
    return Names(meaning, thresholds, groups, group_of), problems


def _is_bare(each: Definition) -> bool:
    """Whether nothing stands below a heading that needs something below it."""
    match each:
        case tree.Scale():
            return not each.answers and each.span is None
        case tree.Group():
            return not each.items
        case _:
            return False


def definitions(checklist: tree.Checklist) -> Iterable[Definition]:
    """Everything that defines an id of the file's one set of names, in source order."""
    for block in checklist.blocks:
        if isinstance(block, Definition):
            yield block
        if isinstance(block, tree.Group):
            yield from block.items


def _inner_names(checklist: tree.Checklist) -> Iterable[Problem]:
    for block in checklist.blocks:
        match block:
            case tree.Scale():
                yield from _set_of_names([each.id for each in block.answers], "answer")
            case tree.Result():
                yield from _set_of_names([each.id for each in block.levels], "level")
            case tree.Fact(kind=tree.OneOf(values=values)):
                yield from _set_of_names([each.id for each in values], "word")
            case _:
                pass


def _set_of_names(words: Iterable[tree.Word], kind: str) -> Iterable[Problem]:
    seen: dict[str, Place] = {}
    for word in words:
        yield from reserved(word, kind)
        if word.id in seen:
            yield _doubled(word, kind, seen[word.id])
        seen.setdefault(word.id, word.place)


def reserved(word: tree.Word, kind: str) -> Iterable[Problem]:
    """RB103 where the id is a word of the language, or an item's that of a column the data have anyway."""
    if word.id in RESERVED:
        facts = {"kind": kind, "name": word.id, "proposal": _instead(word.id, kind)}
        yield Problem("RB103", word.place, facts)
    elif kind == "item" and word.id in KNOWN_COLUMNS:
        yield Problem("RB103", word.place, {"column": word.id, "proposal": f"{word.id}_item"})


def _instead(name: str, kind: str) -> str:
    if name in ("no", "none"):
        return "not_seen" if kind == "answer" else "not_so"
    return f"{name}_it"


def _doubled(word: tree.Word, kind: str, first: Place) -> Problem:
    facts = {"kind": kind, "name": word.id, "line": first.line}
    return Problem("RB102", word.place, facts, (Related(first, "the first one is here"),))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or nothing."""
    choices = list(known)
    synonym = synonyms().get(name, "")
    if synonym in choices:
        return synonym
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistyped name needs it

    return next(iter(get_close_matches(name, choices, n=1, cutoff=0.6)), "")


@cache
def synonyms() -> Mapping[str, str]:
    """Words people write for words of the language: `average` for `mean`."""
    found: Mapping[str, str] = mistakes().get("synonyms", {})
    return found
