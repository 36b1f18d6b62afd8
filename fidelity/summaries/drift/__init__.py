"""Session scores of all therapists -> whether each one's delivery changed, since when, and by how much."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from fidelity.model.checklist import Score
from fidelity.model.summary import Break, Drift, DriftStatus, HeldBack, SessionScore, Spread
from fidelity.summaries.drift import cusum
from fidelity.summaries.drift.breaks import breaks
from fidelity.summaries.drift.chance import at_lag, chance, expected
from fidelity.summaries.drift.cusum import NONE, STATES, Changes, Flat
from fidelity.summaries.drift.judge import judge
from fidelity.summaries.drift.rule import ENOUGH_DIFFERENCES, Rule, Vector

WORST_FIRST: tuple[DriftStatus, ...] = ("act", "watch", "improving", "none", "not_enough")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a score is measured by, in its own unit: one point of 100, and the pooled sigma if it is known."""

    point: float
    sigma: float | None
    differences: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A therapist's sessions from one break to the next, and where they lie among all scores."""

    number: int
    first: int
    end: int


def drifts(
    series: Mapping[str, Sequence[SessionScore]],
    score: Score,
    undated: Collection[str] = (),
    rule: Rule | None = None,
    restarts: Mapping[str, Iterable[date]] | None = None,
) -> tuple[dict[str, Drift], Spread]:
    """Each therapist's drift, and the spread of the programme that it was measured by.

    Nothing is asked here about raters or about everyone; `order` does that.
    """
    rule = Rule().in_unit(hundredth(score)) if rule is None else rule
    broken = {name: breaks(sessions, (restarts or {}).get(name, ())) for name, sessions in series.items()}
    stretches = _stretches(series, broken)
    laid = _laid(series, stretches)
    measure, correlation = _measure(laid, hundredth(score), rule), None
    limits = _limits(series, stretches, rule)
    seen = judge(laid, measure.sigma, rule, *limits) if measure.sigma else None
    if seen is not None and measure.sigma is not None:
        correlation = cusum.lag1(laid, seen.status == NONE)
        if rule.autocorrelation:
            measure = replace(measure, sigma=cusum.widened(measure.sigma, correlation))
            seen = judge(laid, measure.sigma or 1.0, rule, *limits)
    found = {
        name: _drift(sessions, stretches[name], broken[name], measure, rule, (laid, seen, *limits))
        for name, sessions in series.items()
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


def _measure(laid: Flat, point: float, rule: Rule) -> Measure:
    sigma, differences = cusum.spread(laid, rule.floor)
    return Measure(point, rule.sd or sigma, differences)


def measure_of(scores: Iterable[Vector], point: float) -> Measure:
    """The spread of sessions, pooled over the programme."""
    return Measure(point, *cusum.spread(cusum.flat(scores), Rule().in_unit(point).floor))


def drift_of(sessions: Sequence[SessionScore], measure: Measure) -> Drift:
    """What the sessions of one therapist say, measured by the spread of all."""
    series, rule = {"": sessions}, Rule().in_unit(measure.point)
    stretches = _stretches(series, {"": ()})
    laid, limits = _laid(series, stretches), _limits(series, stretches, rule)
    seen = judge(laid, measure.sigma, rule, *limits) if measure.sigma else None
    return _drift(sessions, stretches[""], (), measure, rule, (laid, seen, *limits))


def limits(sessions: Sequence[SessionScore]) -> tuple[float, float]:
    """Above which sums to watch and to act; higher for those observed so often that chance has more tries."""
    watch, act = _limits({"": sessions}, _stretches({"": sessions}, {"": ()}), Rule())
    return float(watch[0]), float(act[0])


def _stretches(
    series: Mapping[str, Sequence[SessionScore]], broken: Mapping[str, Sequence[Break]]
) -> dict[str, list[Stretch]]:
    """The stretches of each therapist, numbered through."""
    found: dict[str, list[Stretch]] = {}
    number = 0
    for name, sessions in series.items():
        ends = [*(each.at for each in broken[name]), len(sessions)]
        found[name] = []
        for first, end in zip([0, *ends], ends, strict=False):
            found[name].append(Stretch(number, first, end))
            number += 1
    return found


def _laid(series: Mapping[str, Sequence[SessionScore]], stretches: Mapping[str, Sequence[Stretch]]) -> Flat:
    scores = np.array([each.judged for sessions in series.values() for each in sessions], dtype=np.float64)
    sizes = [each.end - each.first for of in stretches.values() for each in of]
    return cusum.laid(scores, np.array(sizes, dtype=np.intp))


def _limits(
    series: Mapping[str, Sequence[SessionScore]], stretches: Mapping[str, Sequence[Stretch]], rule: Rule
) -> tuple[Vector, Vector]:
    """Above which sums to watch and to act, by how often each is observed a year."""
    sizes, days = [], []
    for name, sessions in series.items():
        for each in stretches[name]:
            ends = (sessions[each.first].date, sessions[each.end - 1].date) if each.end > each.first else ()
            sizes.append(float(each.end - each.first))
            days.append(float((ends[1] - ends[0]).days) if ends and ends[0] and ends[1] else 0.0)
    return rule.limits(np.array(sizes), np.array(days))


def _drift(
    sessions: Sequence[SessionScore],
    stretches: Sequence[Stretch],
    broken: tuple[Break, ...],
    measure: Measure,
    rule: Rule,
    found: tuple[Flat, Changes | None, Vector, Vector],
) -> Drift:
    """What the last stretch says; the sums are drawn over all of them."""
    laid, seen, watch, act = found
    last = stretches[-1]
    whole = slice(laid.of(stretches[0].number).start, laid.of(last.number).stop)
    observed = last.end - last.first
    reason = _held_back(observed, measure, rule)
    return Drift(
        **_claimed(seen, last, sessions)
        if seen and not reason
        else {"status": "not_enough", "reason": reason},
        cusum=tuple(seen.falling[whole].tolist()) if seen else (),
        rising=tuple(seen.rising[whole].tolist()) if seen else (),
        observed=observed,
        needed=rule.minimum,
        watch=float(watch[last.number]),
        act=float(act[last.number]),
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


def _claimed(seen: Changes, stretch: Stretch, sessions: Sequence[SessionScore]) -> dict[str, object]:
    status, onset = STATES[seen.status[stretch.number]], int(seen.onset[stretch.number])
    if onset < 0:
        return {"status": status}
    size, margin = float(seen.size[stretch.number]), float(seen.margin[stretch.number])
    return {
        "status": status,
        "since": sessions[stretch.first + onset].session,
        "since_date": sessions[stretch.first + onset].date,
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
