"""Translations and protected targets as written -> texts and cores, each looked up."""

from collections.abc import Mapping
from types import UnionType

from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Core, Translation, TranslationStep
from fidelity.place import Place

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
}


def translation_of(node: tree.Translation, scope: Scope) -> Translation:
    """The texts of one language, by (kind, id, owner)."""
    texts = {target_of(each.target, scope): each.text for each in node.texts}
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


def _known(word: tree.Word, kind: type | UnionType, called: str, scope: Scope) -> bool:
    if isinstance(scope.names.meaning.get(word.id), kind):
        return True
    scope.unknown(word, called, [id for id, each in scope.names.meaning.items() if isinstance(each, kind)])
    return False


def _one_of(code: tree.Word, own: list[str], kind: str, owner: tree.Word, scope: Scope) -> None:
    if code.id not in own:
        scope.problem("RB101", code.place, kind=kind, name=code.id, of=owner.id, own=", ".join(own))
