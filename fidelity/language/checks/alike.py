"""Answers of one scale, or items of one group, that nobody can tell apart: the same text twice, or none."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist


def alike_texts(source: tree.Checklist, _checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB311 at the second of two such texts, and at an empty one."""
    for block in source.blocks:
        match block:
            case tree.Scale():
                yield from _indistinct(block.answers, "answer")
            case tree.Group():
                yield from _indistinct(block.items, "item")
            case _:
                pass


def _indistinct(named: Sequence[tree.Answer | tree.Item], kind: str) -> Iterator[Problem]:
    first: dict[str, tree.Answer | tree.Item] = {}
    for each in named:
        read = " ".join(unicodedata.normalize("NFC", each.title.content).casefold().split())
        if not read:
            yield Problem("RB311", each.title.place, {"kind": kind, "textless": each.id.id})
            continue
        other = first.setdefault(read, each)
        if other is not each:
            facts = {"kind": kind, "one": other.id.id, "alike": each.id.id}
            yield Problem(
                "RB311", each.title.place, facts, (Related(other.title.place, "the first one is here"),)
            )
