"""Two versions of a programme -> what changed in its rules: scores stay, where people stand may not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fidelity.compare.difference import Difference, by_key, came_and_went, in_both, reworded
from fidelity.compare.effect import Effect
from fidelity.compare.rule_difference import shown_number
from fidelity.model.programme import Programme

KINDS: Mapping[str, str] = {
    "fact": "facts",
    "stage": "stages",
    "sample": "samples",
    "drift": "drifts",
    "reliability": "reliabilities",
    "dose": "doses",
    "summary": "figures",
}


def programme_differences(old: Programme, new: Programme) -> list[Difference]:
    """Every change in rules or wording, in the order in which a programme is written."""
    found = [*reworded("title", old.title, new.title), *_used(old, new), *_thresholds(old, new)]
    for kind, field in KINDS.items():
        found += _rules(kind, getattr(old, field), getattr(new, field))
    found += _histories(old, new)
    reasons = {each.target: each.because for each in new.origin.changes} if new.origin else {}
    return [each._replace(reason=reasons.get(each.target, "")) for each in found]


def _used(old: Programme, new: Programme) -> Iterator[Difference]:
    before, after = ({each.id: each.version for each in model.uses} for model in (old, new))
    for id in dict.fromkeys([*before, *after]):
        versions = (before.get(id, ""), after.get(id, ""))
        if versions[0] != versions[1]:
            yield Difference("changed", f"uses {id}", *versions, Effect.LEVELS)


def _thresholds(old: Programme, new: Programme) -> Iterator[Difference]:
    before, after = ({(each.id, each.of): each for each in model.thresholds} for model in (old, new))
    for key in dict.fromkeys([*before, *after]):
        target = " of ".join(part for part in (f"threshold {key[0]}", key[1]) if part)
        numbers = (shown_number(before.get(key)), shown_number(after.get(key)))
        if key in before and key in after:
            yield from reworded(target, before[key].title, after[key].title)
            if numbers[0] != numbers[1]:
                yield Difference("moved", target, *numbers, Effect.LEVELS)
        else:
            yield Difference("added" if key in after else "dropped", target, *numbers, Effect.LEVELS)


def _rules(kind: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    before, after = by_key(old), by_key(new)
    yield from came_and_went(kind, before, after, Effect.BESIDE, Effect.LEVELS)
    for one, other in in_both(before, after):
        yield from reworded(f"{kind} {one.id}", one.title, other.title)
        fields = [name for name in _differing(one, other) if name not in ("title", "place")]
        if fields:
            yield Difference("changed", f"{kind} {one.id}", "", ", ".join(fields), Effect.LEVELS)


def _differing(one: Any, other: Any) -> list[str]:
    """The names of the fields that differ, wherever the two stand in their files."""
    if not hasattr(one, "_fields"):
        return [] if one == other else ["rule"]
    names: tuple[str, ...] = one._fields
    return [name for name in names if _placeless(getattr(one, name)) != _placeless(getattr(other, name))]


def _placeless(value: Any) -> Any:
    if hasattr(value, "_fields"):
        return tuple(_placeless(getattr(value, name)) for name in value._fields if name != "place")
    return tuple(map(_placeless, value)) if isinstance(value, tuple) else value


def _histories(old: Programme, new: Programme) -> Iterator[Difference]:
    titles = [each.title for each in old.histories]
    for each in new.histories:
        if each.title not in titles:
            yield Difference("added", "history", "", each.title, Effect.WORDING)
