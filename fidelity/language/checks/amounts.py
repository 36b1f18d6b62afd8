"""How much a file defines, counted before anything is worked out from it."""

from collections.abc import Iterable, Iterator
from itertools import chain

from fidelity.errors import Problem
from fidelity.language import tree

MOST_ITEMS = 2_000
MOST_GROUPS = 200
MOST_RULES = 1_000
MOST_EXAMPLES = 2_000


def amounts_passed(source: tree.Checklist) -> Iterator[Problem]:
    """RB005 at the first item, group, rule or example that is one too many; families and tables unrolled."""
    groups = [each for each in source.blocks if isinstance(each, tree.Group)]
    items = list(chain.from_iterable(group.items for group in groups))
    if len(items) > MOST_ITEMS:
        yield _passed(items[MOST_ITEMS], "items", len(items), MOST_ITEMS)
    if len(groups) > MOST_GROUPS:
        yield _passed(groups[MOST_GROUPS], "groups", len(groups), MOST_GROUPS)
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group.kind.id] = sizes.get(group.kind.id, 0) + 1
    rules = [
        (each, sizes.get(each.each.kind.id, 0) if each.each else 1)
        for each in source.blocks
        if isinstance(each, tree.Score | tree.Result)
    ]
    yield from _summed(rules, "scores and results", MOST_RULES)
    examples: list[tuple[tree.Node, int]] = [
        (each, len(each.rows) if isinstance(each, tree.Table) else 1)
        for each in source.blocks
        if isinstance(each, tree.Example | tree.Table)
    ]
    yield from _summed(examples, "examples", MOST_EXAMPLES)


def _summed(counted: Iterable[tuple[tree.Node, int]], what: str, most: int) -> Iterator[Problem]:
    nodes = list(counted)
    total = sum(number for _, number in nodes)
    for at in range(len(nodes) if total > most else 0):
        if sum(number for _, number in nodes[: at + 1]) > most:
            yield _passed(nodes[at][0], what, total, most)
            return


def _passed(node: tree.Node, what: str, number: int, most: int) -> Problem:
    return Problem("RB005", node.place, {"amount": f"{number:,}", "what": what, "most": f"{most:,}"})
