"""Raw codes of the whole file that stand for an answer of a scale already."""

from collections.abc import Iterable, Iterator

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist


def codes_taken(source: tree.Checklist, _checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB115 at a `code` line whose code a scale reads as something else."""
    for meta in source.metas:
        if isinstance(meta, tree.Code):
            for text in meta.texts:
                for meaning, word in _on_scales(source, text.content):
                    if meaning != meta.state.id:
                        related = Related(word.place, "it is an answer here")
                        facts = {"code_text": text.content, "answer": word.id}
                        yield Problem("RB115", text.place, facts, (related,))
                        break


def _on_scales(source: tree.Checklist, code: str) -> Iterator[tuple[str, tree.Word]]:
    """What a code means on each scale that has it: its non-answer, or the answer itself."""
    for scale in source.blocks:
        for answer in scale.answers if isinstance(scale, tree.Scale) else ():
            coded = [
                text.content for each in answer.options if isinstance(each, tree.Coded) for text in each.texts
            ]
            if code in (answer.id.id, *coded):
                means = [each.state.id for each in answer.options if isinstance(each, tree.Means)]
                yield (means or [answer.id.id])[0], answer.id
