"""Conditions that are always the same, and parts of conditions that change nothing."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks.bands import bands_of
from fidelity.language.checks.conditions import Stated, stated
from fidelity.language.checks.domains import Space
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.expression import And, Condition, Not, Or
from fidelity.place import Place

MOST_COMBINATIONS = 2_000


class Idle(NamedTuple):
    """A condition or part that could as well not be there."""

    kind: Literal["always", "never", "part"]
    place: Place


def idle_conditions(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB210 for each idle condition, RB119 for a comment never asked for; in all members of a family."""
    banded = {
        f"{result.key}|{each.name}" for result in checklist.results if result.of for each in bands_of(result)
    }
    found: dict[Place, list[frozenset[Idle]]] = {}
    purposes: dict[Place, Stated] = {}
    known: dict[int, frozenset[Idle]] = {}
    for each in stated(checklist):
        if each.purpose == "level" and each.key in banded:
            continue
        for condition in _separate(each.condition):
            if id(condition) not in known:
                known[id(condition)] = frozenset(_idle(checklist, condition))
            found.setdefault(condition.place, []).append(known[id(condition)])
            purposes.setdefault(condition.place, each)
    for place, members in found.items():
        for idle in sorted(frozenset.intersection(*members), key=lambda each: each.place)[:1]:
            yield from _told(purposes[place], idle)


def _separate(node: Condition) -> list[Condition]:
    """The conditions of group, scale and item, which the checker has joined, one by one."""
    if isinstance(node, And) and node.parts and node.place == node.parts[0].place:
        return list(node.parts)
    return [node]


def _idle(checklist: Checklist, node: Condition) -> Iterator[Idle]:
    space = Space(checklist, [node])
    if not space.size or not space.within(MOST_COMBINATIONS):
        return
    combinations = list(space.combinations())
    verdicts = [space.truth(node, each) for each in combinations]
    if all(each is True for each in verdicts):
        yield Idle("always", node.place)
        return
    if all(each is not True for each in verdicts):
        yield Idle("never", node.place)
        return
    for whole, part, rest in _parts(node):
        if all(space.truth(whole, each) is space.truth(rest, each) for each in combinations):
            yield Idle("part", part.place)


def _parts(node: Condition) -> Iterator[tuple[Condition, Condition, Condition]]:
    """Each joined condition with each of its parts, and what is left without that part."""
    match node:
        case And(parts) | Or(parts):
            for at, part in enumerate(parts):
                others = (*parts[:at], *parts[at + 1 :])
                yield node, part, And(others) if isinstance(node, And) else Or(others)
                yield from _parts(part)
        case Not(part):
            yield from _parts(part)
        case _:
            return


def _told(purpose: Stated, idle: Idle) -> Iterator[Problem]:
    if purpose.purpose == "comment" and idle.kind == "never":
        yield Problem("RB119", idle.place, {"item": purpose.key})
    elif purpose.purpose == "level" and idle.kind != "part":
        return  # RB208 says it where it is never true, RB207 where it always is
    elif purpose.purpose == "gate" and idle.kind == "never":
        return  # RB209 says it
    else:
        flag = purpose.key if purpose.purpose == "flag" else ""
        yield Problem("RB210", idle.place, {idle.kind: idle.kind, f"{idle.kind}_flag": flag})
