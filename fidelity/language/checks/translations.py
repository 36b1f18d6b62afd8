"""Translations that are missing, that lost something, or that are older than the text they translate."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.wording import Lock, SourceText, is_stale, losses, source_texts
from fidelity.place import Place

if TYPE_CHECKING:
    from fidelity.model.wording import Standing


def missing_and_lost(source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB310, as information, for each language with texts missing; RB311 for a translation that lost part."""
    return missing_or_lost(source.blocks, checklist, source.id.place)


def missing_or_lost(blocks: Iterable[tree.Node], model: "Standing", home: Place) -> Iterator[Problem]:
    """The same for the blocks of any file; `home` is where to speak of a block that is in another file."""
    written = [each for each in blocks if isinstance(each, tree.Translation)]
    if not written:
        return
    texts = source_texts(model)
    for node, translation in zip(written, model.translations, strict=True):
        missing = sum(each.key not in translation.texts for each in texts)
        if missing:
            facts = {"language": node.title.content, "missing": str(missing), "texts": len(texts)}
            place = node.title.place if node.place.file == home.file else home
            yield Problem("RB310", place, facts, graded="info")
        for each in texts:
            if each.key in translation.texts:
                place = translation.places.get(each.key, translation.place)
                for loss in losses(model, each, translation.texts):
                    facts = {"language": node.title.content, loss.kind: loss.what, "called": loss.called}
                    yield Problem("RB311", place, facts, _beside(each, "it translates this"))


def stale_texts(model: "Standing", lock: Lock) -> Iterator[Problem]:
    """RB310 at every translation whose text was another one when it was translated."""
    if not lock:
        return
    for translation in model.translations:
        locked = lock.get(translation.language, {})
        for each in source_texts(model):
            if each.key in translation.texts and is_stale(each, locked):
                place = translation.places.get(each.key, translation.place)
                facts = {"language": translation.title, "name": each.name, "was": locked[each.name].text}
                yield Problem("RB310", place, facts, _beside(each, "this was changed since"))


def _beside(text: SourceText, note: str) -> tuple[Related, ...]:
    """Where the text stands; the title of a checklist has no place of its own."""
    return () if text.place == Place(text.place.file) else (Related(text.place, note),)
