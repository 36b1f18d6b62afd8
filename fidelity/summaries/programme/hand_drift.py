"""The drift rules that can be worked out on paper: a fall from the baseline, a run below it (decision 33)."""

from collections.abc import Sequence
from fractions import Fraction

from fidelity.model.programme import BY_HAND, FALL, DriftRule, FirstScores, FixedBaseline, Row
from fidelity.model.standing import DriftState
from fidelity.summaries.programme.figures import scores


def by_hand(rule: DriftRule) -> bool:
    """Whether the rule is one of these, judged for each therapist; the others belong to the statistics."""
    return rule.method in BY_HAND and rule.each in ("", "therapist")


def drift_state(rule: DriftRule, rows: Sequence[Row]) -> DriftState:
    """How the rule stands after these rows."""
    found = scores(rule.of, rows)
    if len(found) < rule.minimum:
        return "too_few"
    statistic = _fall(rule, found) if rule.method == FALL else _run(rule, found)
    if statistic is None:
        return "too_few"
    if rule.act is not None and rule.act.holds(statistic):
        return "act"
    return "watch" if rule.watch is not None and rule.watch.holds(statistic) else "steady"


def _fall(rule: DriftRule, found: list[Fraction]) -> Fraction | None:
    """Mean of the baseline minus mean of the last later scores; None while there are too few of these."""
    last = int(rule.parameters.get("last", Fraction(1)))
    baseline, later = _split(rule, found, len(found) - last)
    if last < 1 or len(later) < last or baseline is None:
        return None
    fall = baseline - _mean(later[-last:])
    return fall if rule.fall is None or fall >= rule.fall else Fraction(0)


def _run(rule: DriftRule, found: list[Fraction]) -> Fraction | None:
    """How many of the latest scores, one after the other, lie more than `by` below the baseline."""
    by = rule.parameters.get("by", Fraction(0))
    length = 0
    for at in range(len(found) - 1, -1, -1):
        baseline, later = _split(rule, found, at)
        if baseline is None or len(later) < len(found) - at or found[at] >= baseline - by:
            break
        length += 1
    return Fraction(length) if _split(rule, found, len(found) - 1)[1] else None


def _split(rule: DriftRule, found: list[Fraction], running: int) -> tuple[Fraction | None, list[Fraction]]:
    """The mean of the baseline, and the scores that are later; a running one ends before the place named."""
    if isinstance(rule.baseline, FixedBaseline):
        return rule.baseline.mean, found
    number = rule.baseline.number if isinstance(rule.baseline, FirstScores) else max(running, 0)
    if len(found) < number or not number:
        return None, []
    return _mean(found[:number]), found[number:]


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)
