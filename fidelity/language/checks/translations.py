"""Translations that are missing, that lost something, or that are older than the text they translate."""

from collections.abc import Iterable, Iterator

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.wording import Lock, SourceText, is_stale, losses, source_texts
from fidelity.place import Place


def missing_and_lost(source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB310, as information, for each language with texts missing; RB311 for a translation that lost part."""
    written = [each for each in source.blocks if isinstance(each, tree.Translation)]
    if not written:
        return
    texts = source_texts(checklist)
    for node, translation in zip(written, checklist.translations, strict=True):
        missing = sum(each.key not in translation.texts for each in texts)
        if missing:
            facts = {"language": node.title.content, "missing": str(missing), "texts": len(texts)}
            yield Problem("RB310", node.title.place, facts, graded="info")
        for each in texts:
            if each.key in translation.texts:
                place = translation.places.get(each.key, translation.place)
                for loss in losses(checklist, each, translation.texts):
                    facts = {"language": node.title.content, loss.kind: loss.what, "called": loss.called}
                    yield Problem("RB311", place, facts, _beside(each, "it translates this"))


def stale_texts(checklist: Checklist, lock: Lock) -> Iterator[Problem]:
    """RB310 at every translation whose text was another one when it was translated."""
    if not lock:
        return
    for translation in checklist.translations:
        locked = lock.get(translation.language, {})
        for each in source_texts(checklist):
            if each.key in translation.texts and is_stale(each, locked):
                place = translation.places.get(each.key, translation.place)
                facts = {"language": translation.title, "name": each.name, "was": locked[each.name].text}
                yield Problem("RB310", place, facts, _beside(each, "this was changed since"))


def _beside(text: SourceText, note: str) -> tuple[Related, ...]:
    """Where the text stands; the title of a checklist has no place of its own."""
    return () if text.place == Place(text.place.file) else (Related(text.place, note),)
