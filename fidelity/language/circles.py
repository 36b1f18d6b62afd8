"""Definitions that lead back to themselves, told as a path of names."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.names import Names


def circles(source: tree.Checklist, names: Names) -> Iterator[Problem]:
    """RB130 for the first circle among what scores, results, gates and items name."""
    reads: dict[str, set[str]] = {}
    for each in _defining(source):
        capped = {each.result.id: each.id.id} if isinstance(each, tree.Gate) else {}
        reads.setdefault(each.id.id, set()).update(_named_in(each, names))
        for result, gate in capped.items():
            reads.setdefault(result, set()).add(gate)
    try:
        TopologicalSorter(reads).prepare()
    except CycleError as circle:
        yield circular(circle.args[1], names)


def circular(circle: Iterable[str], names: Names) -> Problem:
    """The finding, reported at the first of the names in the file."""
    around = list(dict.fromkeys(reversed(list(circle))))
    first = min(around, key=lambda name: names.meaning[name].id.place)
    start = around.index(first)
    path = [*around[start:], *around[:start], first]
    others = [names.meaning[name].id.place for name in path[1:-1]]
    related = tuple(Related(place, "it goes on here") for place in others)
    facts = {"path": " -> ".join(path), "name": first}
    return Problem("RB130", names.meaning[first].id.place, facts, related)


Defining = tree.Score | tree.Result | tree.Gate | tree.Item


def _defining(source: tree.Checklist) -> Iterator[Defining]:
    for block in source.blocks:
        if isinstance(block, tree.Score | tree.Result | tree.Gate):
            yield block
        if isinstance(block, tree.Group):
            yield from block.items


def _named_in(each: Defining, names: Names) -> set[str]:
    # An item may ask for a comment because of its own answer; whether it applies must not hang on itself.
    decisive: object = each
    if isinstance(each, tree.Item):
        decisive = tuple(option for option in each.options if isinstance(option, tree.Applies))
    references = [node for node in tree.walked(decisive) if isinstance(node, tree.Reference)]
    named = {node.name.id for node in references}
    owners = {node.owner.id for node in references if node.owner}
    kinds = (tree.Score, tree.Result, tree.Item)
    return {name for name in named | owners if isinstance(names.meaning.get(name), kinds)}
