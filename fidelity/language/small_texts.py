"""Blocks as written -> the texts that stand below or beside something: notes, anchors, labels, units."""

from collections import Counter
from collections.abc import Iterable, Iterator

from fidelity.language import tree
from fidelity.model.checklist import SmallText


def small_texts_in(blocks: Iterable[tree.Node]) -> Iterator[SmallText]:
    """All of them, in the order of the file."""
    for block in blocks:
        match block:
            case tree.Group(id=id, options=options, details=details, items=items):
                yield from (*_beside(options, id.id), *texts_below(details, id.id))
                for item in items:
                    yield from (*_beside(item.options, item.id.id), *texts_below(item.details, item.id.id))
            case tree.Result(id=id, details=details, levels=levels):
                yield from texts_below(details, id.id)
                for level in levels:
                    yield from texts_below(level.details, f"{level.id.id} of {id.id}")
            case tree.Threshold(id=id, of=of, details=details):
                yield from texts_below(details, f"{id.id} of {of.id}" if of else id.id)
            case tree.Scale(id=id, span=span, details=details):
                yield from (*_unit(span, id.id), *texts_below(details, id.id))
            case tree.Fact(id=id, kind=kind, details=details):
                yield from (*_beside((kind,), id.id), *texts_below(details, id.id))
            case tree.Translation():
                pass
            case _:
                yield from texts_below(getattr(block, "details", ()), _id_of(block))


def _id_of(block: tree.Node) -> str:
    word = getattr(block, "id", None)
    return word.id if isinstance(word, tree.Word) else ""


def texts_below(details: Iterable[tree.Detail], of: str) -> Iterator[SmallText]:
    """Those below one statement.

    Notes and evidence are numbered from the second on; of two anchors for one answer the first counts.
    """
    seen: Counter[str] = Counter()
    for each in details:
        match each:
            case tree.Note(text):
                seen["note"] += 1
                yield SmallText("note", _number(seen["note"]), of, text.content, text.place)
            case tree.EvidenceNote(text):
                seen["evidence"] += 1
                yield SmallText("evidence", _number(seen["evidence"]), of, text.content, text.place)
            case tree.Anchor(answer, text):
                seen[f"anchor {answer.id}"] += 1
                if seen[f"anchor {answer.id}"] == 1:
                    yield SmallText("anchor", answer.id, of, text.content, text.place)
            case tree.Allow():
                pass


def _number(number: int) -> str:
    return "" if number == 1 else str(number)


def _beside(options: Iterable[tree.Node], of: str) -> Iterator[SmallText]:
    for each in options:
        match each:
            case tree.CommentLabel(text):
                yield SmallText("comment", "", of, text.content, text.place)
            case tree.CountKind(span) | tree.NumberKind(span):
                yield from _unit(span, of)
            case _:
                pass


def _unit(span: tree.Span | None, of: str) -> Iterator[SmallText]:
    if span is not None and span.unit is not None:
        yield SmallText("unit", "", of, span.unit.content, span.unit.place)
