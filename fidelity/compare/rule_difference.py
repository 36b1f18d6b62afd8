"""The rules of two versions -> what changed in thresholds, scores, results, gates, flags and lists."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from fidelity.compare.difference import (
    Difference,
    Two,
    by_key,
    came_and_went,
    in_both,
    judging_nodes,
    reworded,
    scoring_nodes,
    told_rule,
)
from fidelity.compare.effect import Effect
from fidelity.compare.shape import shape, thresholds_in
from fidelity.model.checklist import (
    Checklist,
    Gate,
    Result,
    Score,
    Threshold,
)
from fidelity.model.expression import Condition
from fidelity.model.number import written

Ruled = TypeVar("Ruled", Score, Result, Gate)


def thresholds_changed(two: Two) -> Iterator[Difference]:
    """Thresholds, by what reads them."""
    old = {(each.id, each.of): each for each in two.old.thresholds}
    new = {(each.id, each.of): each for each in two.new.thresholds}
    in_scores = set(thresholds_in([*scoring_nodes(two.old), *scoring_nodes(two.new)]))
    read = {*in_scores, *thresholds_in([*judging_nodes(two.old), *judging_nodes(two.new)]), "standard"}
    for key in dict.fromkeys([*old, *new]):
        target = " of ".join(part for part in (f"threshold {key[0]}", key[1]) if part)
        used = Effect.LEVELS if key[0] in read else Effect.BESIDE
        effect = Effect.SCORING if key[0] in in_scores else used
        before, after = (shown_number(each.get(key)) for each in (old, new))
        if key not in new:
            yield Difference("dropped", target, before, "", effect)
        elif key not in old:
            yield Difference("added", target, "", after, effect)
        else:
            yield from reworded(target, old[key].title, new[key].title)
            if before != after:
                yield Difference("moved", target, before, after, effect)


def shown_number(threshold: Threshold | None) -> str:
    """The number of a threshold as written."""
    if threshold is None:
        return ""
    return f"{written(threshold.value)}{'%' if threshold.percent else ''}"


def scores_changed(two: Two) -> Iterator[Difference]:
    """How scores are worked out."""
    yield from _families("score", two.old.scores, two.new.scores, Effect.SCORING)
    for old, new, target in _pairs("score", two.old.scores, two.new.scores):
        yield from reworded(target, _title(two.old, old), _title(two.new, new))
        rules = [
            (
                shape(each.formula, two.common),
                shape(each.only_when, two.common),
                each.rounding,
                each.needing,
                each.counting,
            )
            for each in (old, new)
        ]
        if rules[0] != rules[1]:
            yield Difference(
                "changed", target, _score(two.old, old, two), _score(two.new, new, two), Effect.SCORING
            )


def _title(model: Checklist, each: Score | Result | Gate) -> str:
    """The title without that of its group, which is told there."""
    return each.title.removesuffix(f" · {model.group[each.group].title}") if each.group else each.title


def _score(model: Checklist, score: Score, two: Two) -> str:
    parts = [two.aloud.formula(model, score.formula)]
    if score.only_when is not None:
        parts.append(f"only when {two.aloud.condition(model, score.only_when)}")
    share, number = score.needing.share, score.needing.number
    if number is not None:
        parts.append(f"needing at least {number} answered")
    elif share is not None and share != 1:
        percent = written(100 * share)
        parts.append(f"needing at least {share if '/' in percent else f'{percent}%'} answered")
    if score.rounding is not None:
        parts.append(f"rounded to {score.rounding.places} places")
    return ", ".join(parts)


def results_changed(two: Two) -> Iterator[Difference]:
    """Results and their levels."""
    yield from _families("result", two.old.results, two.new.results, Effect.LEVELS)
    for old, new, target in _pairs("result", two.old.results, two.new.results):
        yield from reworded(target, _title(two.old, old), _title(two.new, new))
        before, after = by_key(old.levels), by_key(new.levels)
        if list(before) != list(after):
            yield Difference("changed", target, ", ".join(before), ", ".join(after), Effect.LEVELS)
        name = target.removeprefix("result ")
        for one, other in in_both(before, after):
            level = f"level {one.id} of {name}"
            yield from reworded(level, one.title, other.title)
            yield from _rule(level, one.when, other.when, two)


def gates_changed(two: Two) -> Iterator[Difference]:
    """Gates; a new one on a result that was there moves its levels."""
    for each in _families("gate", two.old.gates, two.new.gates, Effect.LEVELS):
        capped = {gate.name: gate.result for gate in two.new.gates}.get(each.target.removeprefix("gate "), "")
        yield each._replace(effect=Effect.LEVELS) if capped in two.old.result else each
    for old, new, target in _pairs("gate", two.old.gates, two.new.gates):
        yield from reworded(target, _title(two.old, old), _title(two.new, new))
        if (old.result, old.cap) != (new.result, new.cap):
            caps = [f"caps {each.result} at {each.cap}" for each in (old, new)]
            yield Difference("changed", target, caps[0], caps[1], Effect.LEVELS)
        yield from _rule(target, old.when, new.when, two)


def flags_and_lists_changed(two: Two) -> Iterator[Difference]:
    """Flags and lists."""
    old, new = by_key(two.old.flags), by_key(two.new.flags)
    yield from came_and_went("flag", old, new, Effect.BESIDE, Effect.LEVELS)
    for before, after in in_both(old, new):
        yield from reworded(f"flag {before.id}", before.title, after.title)
        yield from _rule(f"flag {before.id}", before.when, after.when, two)
    old, new = by_key(two.old.lists), by_key(two.new.lists)
    yield from came_and_went("list", old, new, Effect.BESIDE, Effect.LEVELS)
    for before, after in in_both(old, new):
        yield from reworded(f"list {before.id}", before.title, after.title)
        if before.rated != after.rated:
            rated = (", ".join(before.rated), ", ".join(after.rated))
            yield Difference("changed", f"list {before.id}", *rated, Effect.LEVELS)


def _rule(target: str, old: Condition | None, new: Condition | None, two: Two) -> Iterator[Difference]:
    """A condition that works otherwise; one in which only a number differs has moved."""
    if shape(old, two.common) == shape(new, two.common):
        return
    alike = shape(old, two.common, numbers=False) == shape(new, two.common, numbers=False)
    yield told_rule("moved" if alike else "changed", target, two, (old, new), Effect.LEVELS)


def _families(kind: str, old: Sequence[Ruled], new: Sequence[Ruled], went: Effect) -> Iterator[Difference]:
    """What came and went, a family as one thing."""
    before, after = ({each.name: each for each in nodes} for nodes in (old, new))
    yield from came_and_went(kind, before, after, Effect.BESIDE, went)


def _pairs(kind: str, old: Sequence[Ruled], new: Sequence[Ruled]) -> Iterator[tuple[Ruled, Ruled, str]]:
    """The same score, result or gate in both; a family stands as one where its members are alike."""
    before, after = ({each.key: each for each in nodes} for nodes in (old, new))
    for key, each in before.items():
        if key in after:
            yield each, after[key], f"{kind} {' of '.join(key.split('.'))}"
