"""One change between two versions, and what the parts of the comparison share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from fidelity.compare.effect import Effect
from fidelity.model.checklist import (
    Checklist,
)
from fidelity.model.expression import Condition, Formula, Subject, reads

Kind = Literal["added", "dropped", "reworded", "moved", "changed"]


class Difference(NamedTuple):
    """One change in people's words; `reason` is what the adaptation says about it."""

    kind: Kind
    target: str
    before: str
    after: str
    effect: Effect
    reason: str = ""

    def as_json(self) -> dict[str, str]:
        """The shape of contract.md section 4, `diff`."""
        return {
            "kind": self.kind,
            "target": self.target,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
        }


class Aloud(NamedTuple):
    """How formulas and conditions are read aloud; the caller knows."""

    formula: Callable[[Checklist, Formula], str]
    condition: Callable[[Checklist, Condition], str]


class Two:
    """Both versions, and what their rules read."""

    def __init__(self, old: Checklist, new: Checklist, aloud: Aloud) -> None:
        self.old, self.new, self.aloud = old, new, aloud
        self.common = set(_subjects(old)) & set(_subjects(new))
        self.scored = {each for model in (old, new) for each in _read_by(scoring_nodes(model))}
        self.judged = {each for model in (old, new) for each in _read_by(judging_nodes(model))}
        self.judged |= {
            Subject("question", key) for model in (old, new) for each in model.lists for key in each.questions
        }

    def effect(self, keys: Iterable[str], inside: Effect) -> Effect:
        """What a change to questions can do: `inside` where a score reads one."""
        subjects = {Subject("question", key) for key in keys}
        if subjects & self.scored:
            return inside
        return Effect.LEVELS if subjects & self.judged else Effect.BESIDE


def _subjects(model: Checklist) -> Iterator[Subject]:
    yield from (Subject("question", each.key) for each in model.questions)
    yield from (Subject("score", each.key) for each in model.scores)
    yield from (Subject("result", each.key) for each in model.results)
    yield from (Subject("fact", each.id) for each in model.facts)


def scoring_nodes(model: Checklist) -> Iterator[Formula | Condition | None]:
    """What scores are worked out from."""
    for each in model.scores:
        yield each.formula
        yield each.only_when


def judging_nodes(model: Checklist) -> Iterator[Formula | Condition | None]:
    """What decides over levels, gates, flags, and whether an item applies."""
    yield from (level.when for each in model.results for level in each.levels)
    yield from (each.when for each in model.gates)
    yield from (each.when for each in model.flags)
    yield from (each.applies for each in model.questions)


def _read_by(nodes: Iterable[Formula | Condition | None]) -> Iterator[Subject]:
    for node in nodes:
        if node is not None:
            yield from reads(node)


def reworded(target: str, before: str, after: str) -> Iterator[Difference]:
    """Another text for the same thing."""
    if before != after:
        yield Difference("reworded", target, before, after, Effect.WORDING)


def by_key(nodes: Iterable[Any], field: str = "id") -> dict[str, Any]:
    """The nodes by their id, or another field."""
    return {getattr(each, field): each for each in nodes}


def came_and_went(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], came: Effect, went: Effect
) -> Iterator[Difference]:
    """What only one of the versions has."""
    for id, each in old.items():
        if id not in new:
            yield Difference("dropped", f"{kind} {id}", each.title, "", went)
    for id, each in new.items():
        if id not in old:
            yield Difference("added", f"{kind} {id}", "", each.title, came)


def in_both(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """What both versions have, in pairs."""
    return ((each, new[id]) for id, each in old.items() if id in new)


def told_rule(
    kind: Kind, target: str, two: Two, nodes: tuple[Condition | None, Condition | None], effect: Effect
) -> Difference:
    """A condition that is another one, read aloud."""
    before = two.aloud.condition(two.old, nodes[0]) if nodes[0] is not None else ""
    after = two.aloud.condition(two.new, nodes[1]) if nodes[1] is not None else ""
    return Difference(kind, target, before, after, effect)
