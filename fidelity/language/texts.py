"""Translations and protected targets as written -> texts and cores, each looked up."""

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import NamedTuple

from fidelity.errors import Related
from fidelity.language import protocol, tree
from fidelity.language.names import nearest
from fidelity.language.scope import Scope
from fidelity.model.checklist import Core, SmallText, Translation, TranslationStep
from fidelity.model.wording import Key, key_of_small
from fidelity.place import Place

MOST_TOLD = 12

_KINDS: Mapping[str, type | UnionType] = {
    "score": tree.Score,
    "result": tree.Result,
    "gate": tree.Gate,
    "threshold": tree.Threshold,
    "scale": tree.Scale,
    "fact": tree.Fact,
    "list": tree.Listing,
    "bins": tree.Bins,
    "flag": tree.Flag,
    "stage": protocol.Stage,
    "sample": protocol.Sample,
    "drift": protocol.Drift,
    "reliability": protocol.Reliability,
    "dose": protocol.Dose,
    "summary": protocol.Summary,
}


class Written(NamedTuple):
    """What a translation may aim at besides names: small texts, `about` lines, the file itself."""

    small: frozenset[Key]
    about: int
    file: str = "checklist"


def written(metas: Iterable[tree.Meta], small: Iterable[SmallText], file: str = "checklist") -> Written:
    """What is written in a file and has no name of its own."""
    about = sum(isinstance(each, tree.About) for each in metas)
    return Written(frozenset(map(key_of_small, small)), about, file)


def translations_in(blocks: Iterable[tree.Node], scope: Scope, there: Written) -> tuple[Translation, ...]:
    """All languages of a file; RB102 where two blocks are of one language."""
    nodes = [each for each in blocks if isinstance(each, tree.Translation)]
    first: dict[str, tree.Translation] = {}
    for node in nodes:
        other = first.setdefault(node.language.id, node)
        if other is not node:
            facts = {"language": node.title.content, "line": other.place.line}
            related = Related(other.language.place, "the first one is here")
            scope.problem("RB102", node.language.place, related, **facts)
    return tuple(_translation(each, scope, there) for each in nodes)


def _translation(node: tree.Translation, scope: Scope, there: Written) -> Translation:
    """The texts of one language, by (kind, id, owner)."""
    texts: dict[Key, tree.Text] = {}
    for each in node.texts:
        key = text_key(each.target, scope, there)
        if texts.setdefault(key, each.text) is not each.text:
            first = texts[key].place
            related = Related(first, "the first one is here")
            scope.problem("RB102", each.target.place, related, twice="twice", line=first.line)
    return Translation(
        node.language.id,
        node.title.content,
        {key: text.content for key, text in texts.items()},
        node.place,
        node.by.by.content if node.by else "",
        node.by.on.day if node.by else None,
        tuple(TranslationStep(each.step.id, each.by.content, each.on.day) for each in node.steps),
        {key: text.place for key, text in texts.items()},
        node.by.place if node.by else _end_of(node.details[-1] if node.details else node.title),
    )


def _end_of(node: tree.Node) -> Place:
    place = node.place
    return Place(place.file, place.end_line, place.end_column, place.end_line, place.end_column)


def core_of(node: tree.Core, scope: Scope) -> Core:
    """What an adaptation may not change."""
    kind, id, _ = target_of(node.target, scope)
    return Core(kind, id, node.reason.content, node.place)


def target_of(target: tree.Target, scope: Scope) -> tuple[str, str, str]:
    """Kind, id and owner of a target; a problem where there is no such thing."""
    match target:
        case tree.ItemTarget(_, id):
            _known(id, tree.Item, "item", scope)
            return "item", id.id, ""
        case tree.GroupTarget(kind, id):
            _known(id, tree.Group, kind.id, scope)
            return "group", id.id, ""
        case tree.NamedTarget(kind, id):
            _known(id, _KINDS[kind.id], kind.id, scope)
            return kind.id, id.id, ""
        case tree.AnswerTarget(code, scale):
            found = scope.names.meaning.get(scale.id)
            if isinstance(found, tree.Fact) and isinstance(found.kind, tree.OneOf):
                _one_of(code, [each.id.id for each in found.kind.values], "answer", scale, scope)
            elif _known(scale, tree.Scale, "scale", scope) and isinstance(found, tree.Scale):
                _one_of(code, [each.id.id for each in found.answers], "answer", scale, scope)
            return "answer", code.id, scale.id
        case tree.LevelTarget(code, result):
            meant = scope.names.meaning.get(result.id)
            if _known(result, tree.Result, "result", scope) and isinstance(meant, tree.Result):
                _one_of(code, [each.id.id for each in meant.levels], "level", result, scope)
            return "level", code.id, result.id
        case tree.FileTarget():
            return "checklist", "", ""


def text_key(target: tree.Target | tree.SmallTarget, scope: Scope, there: Written) -> Key:
    """Kind, id and owner of what a text translates; RB101 where there is no such text."""
    match target:
        case tree.FileTarget():
            return there.file, "", ""
        case tree.OwnedTarget(kind, id, owner):
            thresholds = scope.names.thresholds if kind.id == "threshold" else {}
            if (id.id, owner.id) not in thresholds:
                _untexted(target, scope, [f"threshold {name} of {of}" for name, of in thresholds if of])
            first = next((of for name, of in thresholds if name == id.id), "")
            return kind.id, id.id, "" if owner.id == first else owner.id
        case tree.AboutTarget() | tree.TherapistTarget():
            key = small_key(target)
            numbers = [_number(at) for at in range(1, there.about + 1)]
            if key[0] == "about" and key[1] not in numbers:
                _untexted(target, scope, [_in_words("about", each) for each in numbers])
            return key
        case (
            tree.NoteTarget()
            | tree.LookTarget()
            | tree.AnchorTarget()
            | tree.CommentTarget()
            | tree.UnitTarget()
        ):
            key = small_key(target)
            if key not in there.small:
                beside = [each for each in sorted(there.small) if each[2] == key[2]]
                of_kind = [each for each in sorted(there.small) if each[0] == key[0]]
                _untexted(target, scope, [_in_words(*each) for each in beside or of_kind])
            return key
        case _:
            return target_of(target, scope)


def small_key(target: tree.SmallTarget) -> Key:
    """What such a target says, as a key; the first of several needs no number."""
    match target:
        case tree.NoteTarget(number, id, owner):
            return "note", _counted(number), _of(id, owner)
        case tree.LookTarget(number, id, owner):
            return "evidence", _counted(number), _of(id, owner)
        case tree.AnchorTarget(code, id):
            return "anchor", code.id, id.id
        case tree.CommentTarget(id):
            return "comment", "", id.id
        case tree.UnitTarget(id):
            return "unit", "", id.id
        case tree.AboutTarget(number):
            return "about", _counted(number), ""
        case tree.TherapistTarget(word):
            return word.id, "", ""
        case tree.OwnedTarget(kind, id, owner):
            return kind.id, id.id, owner.id


def _counted(number: tree.Number | None) -> str:
    return "" if number is None or number.value == 1 else str(number.value)


def _number(at: int) -> str:
    return "" if at == 1 else str(at)


def _of(id: tree.Word, owner: tree.Word | None) -> str:
    return f"{id.id} of {owner.id}" if owner else id.id


def _in_words(kind: str, number: str, of: str = "") -> str:
    return " ".join(filter(None, (kind, number, of and f"of {of}")))


def _untexted(target: tree.SmallTarget, scope: Scope, own: list[str]) -> None:
    kind, number, of = small_key(target)
    wanted = _in_words(kind, number, of)
    facts = {
        "untexted": wanted,
        "suggestion": nearest(wanted, [each for each in own if each.startswith(kind)]),
        "texts_there": ", ".join(own[:MOST_TOLD]),
    }
    scope.problem("RB101", target.place, **facts)


def _known(word: tree.Word, kind: type | UnionType, called: str, scope: Scope) -> bool:
    if isinstance(scope.names.meaning.get(word.id), kind):
        return True
    scope.unknown(word, called, [id for id, each in scope.names.meaning.items() if isinstance(each, kind)])
    return False


def _one_of(code: tree.Word, own: list[str], kind: str, owner: tree.Word, scope: Scope) -> None:
    if code.id not in own:
        scope.problem("RB101", code.place, kind=kind, name=code.id, of=owner.id, own=", ".join(own))
