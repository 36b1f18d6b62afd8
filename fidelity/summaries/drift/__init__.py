"""Session scores of all therapists -> whether each one's delivery changed, since when, and by how much."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from fidelity.model.checklist import Score
from fidelity.model.summary import Break, Drift, DriftStatus, HeldBack, Spread
from fidelity.summaries.drift import cusum
from fidelity.summaries.drift.breaks import breaks
from fidelity.summaries.drift.chance import at_lag, chance, expected
from fidelity.summaries.drift.cusum import NONE, STATES, Changes, Flat
from fidelity.summaries.drift.judge import judge
from fidelity.summaries.drift.rule import ENOUGH_DIFFERENCES, Rule, Vector
from fidelity.summaries.score_series import Series

WORST_FIRST: tuple[DriftStatus, ...] = ("act", "watch", "improving", "none", "not_enough")


@dataclass(frozen=True, slots=True)
class Measure:
    """What scores are measured by, in their own unit: the pooled sigma, if it is known."""

    sigma: float | None
    differences: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A therapist's sessions from one break to the next: its number, and its places among all sessions."""

    number: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Judged:
    """All stretches, one behind the other, what the rule says of them, and above which sums it speaks."""

    laid: Flat
    seen: Changes | None
    watch: Vector
    act: Vector


def drifts(
    series: Series,
    score: Score,
    undated: Collection[str] = (),
    rule: Rule | None = None,
    restarts: Mapping[str, Iterable[date]] | None = None,
) -> tuple[dict[str, Drift], Spread]:
    """Each therapist's drift, and the spread of the programme that it was measured by.

    Nothing is asked here about raters or about everyone; `order` does that.
    """
    rule = Rule().in_unit(hundredth(score)) if rule is None else rule
    broken = breaks(series, restarts or {})
    stretches = _stretches(series, broken)
    laid, limits = _laid(series, stretches), _limits(series, stretches, rule)
    measure, correlation = _measure(laid, rule), None
    seen = judge(laid, measure.sigma, rule, *limits) if measure.sigma else None
    if seen is not None and measure.sigma is not None:
        correlation = cusum.lag1(laid, seen.status == NONE)
        if rule.autocorrelation:
            measure = replace(measure, sigma=cusum.widened(measure.sigma, correlation))
            seen = judge(laid, measure.sigma or 1.0, rule, *limits)
    judged = Judged(laid, seen, *limits)
    found = {
        name: _drift(series, stretches[name], broken.get(name, ()), measure, rule, judged)
        for name in series.sessions.names
    }
    found = {
        name: each.model_copy(update={"reason": "no_dates"}) if name in undated else each
        for name, each in found.items()
    }
    return found, _spread(found, measure, rule, correlation)


def hundredth(score: Score) -> float:
    """One point of 100 in the score's own unit; nought for a count or ratio, which has no range."""
    if score.kind == "percent":
        return 1.0
    if score.lowest is None or score.highest is None:
        return 0.0
    return float(score.highest - score.lowest) / 100


def _stretches(series: Series, broken: Mapping[str, Sequence[Break]]) -> dict[str, list[Stretch]]:
    """The stretches of each therapist, numbered through."""
    found: dict[str, list[Stretch]] = {}
    number = 0
    for name, span in series.sessions.spans.items():
        ends = [*(span.start + each.at for each in broken.get(name, ())), span.stop]
        found[name] = []
        for first, end in zip([span.start, *ends], ends, strict=False):
            found[name].append(Stretch(number, first, end))
            number += 1
    return found


def _laid(series: Series, stretches: Mapping[str, Sequence[Stretch]]) -> Flat:
    sizes = [each.end - each.first for of in stretches.values() for each in of]
    return cusum.laid(series.judged, np.array(sizes, dtype=np.intp))


def _limits(series: Series, stretches: Mapping[str, Sequence[Stretch]], rule: Rule) -> tuple[Vector, Vector]:
    """Above which sums to watch and to act, by how often each is observed a year."""
    days = series.sessions.days.tolist()
    ends = [
        (days[each.first], days[each.end - 1]) if each.end > each.first else (0, 0)
        for of in stretches.values()
        for each in of
    ]
    sizes = [float(each.end - each.first) for of in stretches.values() for each in of]
    lengths = [float(last - first) if first and last else 0.0 for first, last in ends]
    return rule.limits(np.array(sizes), np.array(lengths))


def _measure(laid: Flat, rule: Rule) -> Measure:
    sigma, differences = cusum.spread(laid, rule.floor)
    return Measure(rule.sd or sigma, differences)


def _drift(
    series: Series,
    stretches: Sequence[Stretch],
    broken: tuple[Break, ...],
    measure: Measure,
    rule: Rule,
    judged: Judged,
) -> Drift:
    """What the last stretch says; the sums are drawn over all of them."""
    seen, last = judged.seen, stretches[-1]
    whole = slice(stretches[0].first, last.end)
    observed = last.end - last.first
    reason = _held_back(observed, measure, rule)
    return Drift(
        **_claimed(seen, last, series) if seen and not reason else {"status": "not_enough", "reason": reason},
        cusum=tuple(seen.falling[whole].tolist()) if seen else (),
        rising=tuple(seen.rising[whole].tolist()) if seen else (),
        observed=observed,
        needed=rule.minimum,
        watch=float(judged.watch[last.number]),
        act=float(judged.act[last.number]),
        breaks=broken,
        before=_worst(seen, stretches[:-1]) if seen else None,
        chance=chance(observed, rule) if observed else None,
    )


def _held_back(sessions: int, measure: Measure, rule: Rule) -> HeldBack:
    if sessions < rule.minimum:
        return "few_observations"
    if measure.differences < ENOUGH_DIFFERENCES and rule.sd is None:
        return "few_differences"
    return "" if measure.sigma else "no_range"


def _worst(seen: Changes, stretches: Sequence[Stretch]) -> DriftStatus | None:
    stood = {STATES[seen.status[each.number]] for each in stretches}
    return next((each for each in WORST_FIRST if each in stood), None)


def _claimed(seen: Changes, stretch: Stretch, series: Series) -> dict[str, object]:
    status, onset = STATES[seen.status[stretch.number]], int(seen.onset[stretch.number])
    if onset < 0:
        return {"status": status}
    size, margin = float(seen.size[stretch.number]), float(seen.margin[stretch.number])
    first = next(series.rows(slice(stretch.first + onset, stretch.first + onset + 1)))
    return {
        "status": status,
        "since": first.session,
        "since_date": first.date,
        "size": size,
        "low": size - margin,
        "high": size + margin,
        "reason": "small_fall" if seen.small[stretch.number] else "",
    }


def _spread(found: Mapping[str, Drift], measure: Measure, rule: Rule, correlation: float | None) -> Spread:
    judged = sum(each.status != "not_enough" for each in found.values())
    watch, act = expected(rule)
    return Spread(
        sigma=measure.sigma,
        differences=measure.differences,
        lag1=correlation,
        expected_false_act=act / 100 * judged if measure.sigma else None,
        expected_false_watch=watch / 100 * judged if measure.sigma else None,
        judged=judged,
        false_act_at_lag=None if correlation is None else at_lag(correlation),
        corrected=rule.autocorrelation,
        method=rule.method,
    )
