"""Scores of many series -> one method's chart of each, point by point, and the worst that it ever showed."""

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np

from fidelity.summaries.drift import cusum
from fidelity.summaries.drift.chart import Chart, Signals
from fidelity.summaries.drift.cusum import (
    ACT,
    IMPROVING,
    NONE,
    NOT_ENOUGH,
    STATES,
    WATCH,
    Flags,
    Flat,
    Places,
    falls,
)
from fidelity.summaries.drift.ewma import Limits, ewma
from fidelity.summaries.drift.page_cusum import page_cusum
from fidelity.summaries.drift.rated_series import Adjusted, Rated, adjusted, held_back
from fidelity.summaries.drift.rule import Rule, Vector
from fidelity.summaries.drift.slope import slope
from fidelity.summaries.drift.xmr import xmr

Setting = float | int | str | bool | None
Settings = Mapping[str, Setting]
Numbers = list[float | None]

# What each method can be told, and what holds when it is not; without a value the data decide.
METHODS: Mapping[str, Settings] = {
    "cusum": {
        "k": 0.5,
        "watch": 3.0,
        "act": 4.0,
        "minimum": 6,
        "fall": 5.0,
        "floor": 3.0,
        "sd": None,
        "autocorrelation": False,
    },
    "slope": {"act": 0.975, "minimum": 6, "floor": 3.0, "sd": None, "autocorrelation": False},
    "xmr": {"baseline": None},
    "ewma": {"lambda": 0.2, "width": 2.7, "target": None, "floor": 3.0, "sd": None, "limits": "exact"},
    "page_cusum": {"target": None, "k": None, "h": None},
}
RULES = ("cusum", "slope")
REQUIRED: Mapping[str, tuple[str, ...]] = {"ewma": ("target",), "page_cusum": ("target", "k", "h")}


class Change(NamedTuple):
    """A change that the default rule found: scores before it, mean since less mean before, 95 % limits."""

    before: int
    size: float
    low: float
    high: float


class Charted(NamedTuple):
    """One status and perhaps a change for each series; columns that lie like the scores, None for nothing.

    `settings` are those that were used; where the spread is `pooled`, the one that `differences` gave. `lag1`
    is the correlation of successive scores in the steady series; `held_back` are the numbers of those whose
    "act" became "watch" because of their raters; `adjusted` says whether severity could be taken off.
    """

    settings: Settings
    statuses: list[str]
    changes: list[Change | None]
    columns: Mapping[str, Numbers]
    signals: list[str | None]
    differences: int
    lag1: float | None
    pooled: bool
    held_back: Sequence[int]
    adjusted: bool


class _Judged(NamedTuple):
    chart: Chart
    status: Places
    changes: list[Change | None] | None = None
    sums: Mapping[str, Vector] | None = None


def charted(
    method: str, settings: Settings, series: Sequence[Sequence[float]], rated: Rated | None = None
) -> Charted:
    """The charts of all series by a method, with the settings of METHODS.

    Where raters are known, a rule judges the scores without their severity, and claims less where a change
    may be theirs.
    """
    scores, seen = _end_to_end(series), None
    if rated is not None and method in RULES:
        scores, seen = _adjusted(scores, rated, settings)
    used, differences = _with_spread(method, settings, scores)
    judged = _CHARTS[method](scores, used)
    held = [] if seen is None else _held_back(scores, judged, seen)
    chart, status, changes, sums = _gated(scores, judged, held)
    names = ("statistic", "centre", "lower", "upper")
    columns = {**dict(zip(names, chart[:4], strict=True)), **(sums or {})}
    return Charted(
        used,
        [STATES[each] for each in status],
        changes or [None] * len(series),
        {name: _numbers(column) for name, column in columns.items()},
        [str(each) or None for each in chart.signal],
        differences,
        _lag1(scores, status),
        pooled=settings.get("sd") is None,
        held_back=held,
        adjusted=seen is not None and seen.done,
    )


def _adjusted(scores: Flat, rated: Rated, settings: Settings) -> tuple[Flat, Adjusted | None]:
    """The scores without severity, where the spread that it is reckoned by is known."""
    sigma = settings["sd"] or cusum.spread(scores, _number(settings["floor"])).sigma
    if sigma is None:
        return scores, None
    seen = adjusted(rated, scores.sizes, _number(sigma))
    return scores._replace(scores=seen.scores), seen


def _held_back(scores: Flat, judged: _Judged, seen: Adjusted) -> list[int]:
    """The series whose fall may be the raters' doing, by number."""
    changes = judged.changes or [None] * len(scores.sizes)
    return [
        number
        for number in np.flatnonzero(judged.status == ACT).tolist()
        if held_back(seen, *_since(scores.of(number), changes[number]))
    ]


def _since(whole: slice, change: Change | None) -> tuple[int, int]:
    return whole.start + (change.before if change else 0), whole.stop


def _gated(scores: Flat, judged: _Judged, held: Sequence[int]) -> _Judged:
    """With "watch" for "act" in the series held back."""
    status, signal = judged.status.copy(), judged.chart.signal.copy()
    status[held] = WATCH
    signal[np.isin(scores.owner, held) & (signal == "act")] = "watch"
    return judged._replace(status=status, chart=judged.chart._replace(signal=signal))


def _end_to_end(series: Sequence[Sequence[float]]) -> Flat:
    sizes = np.array([len(each) for each in series], dtype=np.intp)
    scores = np.array([score for each in series for score in each], dtype=np.float64)
    return Flat(scores, (np.cumsum(sizes) - sizes).astype(np.intp), sizes)


def _with_spread(method: str, settings: Settings, scores: Flat) -> tuple[Settings, int]:
    """The settings with the spread of all series where none was given; how many differences are behind it."""
    if "sd" not in METHODS[method]:
        return settings, 0
    sigma, differences = cusum.spread(scores, _number(settings["floor"]))
    if settings["sd"] is not None:
        return settings, differences
    if sigma is not None and settings.get("autocorrelation"):
        # Of all series: the steady alone are those whose scores happened to resemble each other least.
        sigma = cusum.widened(sigma, _lag1(scores, np.full(len(scores.sizes), NONE)))
    return {**settings, "sd": sigma}, differences


def _lag1(scores: Flat, status: Places) -> float | None:
    """The correlation of successive scores in the steady series."""
    some = scores.sizes > 0
    return cusum.lag1(cusum.laid(scores.scores, scores.sizes[some]), (status == NONE)[some])


def _number(setting: Setting) -> float:
    return float(setting or 0)


def _numbers(column: Vector) -> Numbers:
    return [None if isnan(each) else each for each in column.tolist()]


# ---- the charts by method


def _cusum(scores: Flat, settings: Settings) -> _Judged:
    """The sum of surprises downwards, against the limit to act."""
    rule = Rule(
        k=_number(settings["k"]),
        watch=_number(settings["watch"]),
        act=_number(settings["act"]),
        minimum=int(_number(settings["minimum"])),
        fall=_number(settings["fall"]),
        by_volume=False,
    )
    if settings["sd"] is None:
        return _unjudged(scores)
    level, sigma = cusum.laid(scores.scores, scores.sizes), _number(settings["sd"])
    watch, act = (np.full(len(level.sizes), each) for each in (rule.watch, rule.act))
    found = cusum.changes(level, sigma, rule, watch, act)
    nothing = np.full(len(level.scores), np.nan)
    signals = _cusum_signals(level, sigma, rule)
    chart = Chart(found.falling, np.zeros(len(nothing)), nothing, np.full(len(nothing), rule.act), signals)
    return _Judged(chart, found.status, _changes(found))


def _cusum_signals(level: Flat, sigma: float, rule: Rule) -> Signals:
    """What the sums say at each score, as it could be known then."""
    surprising = cusum.surprises(level, sigma)
    (falling, from_), (rising, _) = (cusum.sums(level, each, rule.k) for each in (-surprising, surprising))
    ready = level.rank >= rule.minimum - 1
    steep = ready & (falling > rule.act)
    totals = cusum.running(level, level.scores)
    steep[steep] = falls(level, totals, from_, np.flatnonzero(steep)) >= rule.fall
    kinds = [steep, ready & (falling > rule.watch), ready & (rising > rule.act)]
    return np.select(kinds, ["act", "watch", "improving"], "")


def _changes(found: cusum.Changes) -> list[Change | None]:
    rows = zip(found.onset.tolist(), found.size.tolist(), found.margin.tolist(), strict=True)
    return [
        Change(onset, size, size - half, size + half) if onset > 0 else None for onset, size, half in rows
    ]


def _slope(scores: Flat, settings: Settings) -> _Judged:
    """The slope so far, between its limits."""
    if settings["sd"] is None:
        return _unjudged(scores)
    minimum = int(_number(settings["minimum"]))
    chart = slope(scores, _number(settings["sd"]), _number(settings["act"]), minimum)
    return _Judged(chart, _worst(scores, chart.signal, scores.sizes >= minimum))


def _xmr(scores: Flat, settings: Settings) -> _Judged:
    """Each score between limits from its own moving ranges."""
    baseline = settings["baseline"]
    chart = xmr(scores, None if baseline is None else int(_number(baseline)))
    return _Judged(chart, _worst(scores, chart.signal, scores.sizes > 1))


def _ewma(scores: Flat, settings: Settings) -> _Judged:
    """The faded average between its limits."""
    if settings["sd"] is None:
        return _unjudged(scores)
    targets = np.full(len(scores.sizes), _number(settings["target"]))
    reach = _number(settings["width"]) * _number(settings["sd"])
    limits: Limits = "steady" if settings["limits"] == "steady" else "exact"
    chart = ewma(scores, targets, _number(settings["lambda"]), reach, limits)
    return _Judged(chart, _worst(scores, chart.signal, scores.sizes > 0))


def _page_cusum(scores: Flat, settings: Settings) -> _Judged:
    """The greater of the two sums, against the limit."""
    target, k, h = (_number(settings[name]) for name in ("target", "k", "h"))
    low, high, signal = page_cusum(scores, target, k, h)
    nothing = np.full(len(low), np.nan)
    chart = Chart(np.maximum(low, high), np.zeros(len(low)), nothing, np.full(len(low), h), signal)
    sums = {"cusum_low": low, "cusum_high": high}
    return _Judged(chart, _worst(scores, signal, scores.sizes > 0), sums=sums)


_CHARTS: Mapping[str, Callable[[Flat, Settings], _Judged]] = {
    "cusum": _cusum,
    "slope": _slope,
    "xmr": _xmr,
    "ewma": _ewma,
    "page_cusum": _page_cusum,
}


def _unjudged(scores: Flat) -> _Judged:
    """Where the spread is not known."""
    nothing = np.full(len(scores.scores), np.nan)
    signal = np.full(len(nothing), "")
    return _Judged(
        Chart(nothing, nothing, nothing, nothing, signal), np.zeros(len(scores.sizes), dtype=np.intp)
    )


def _worst(scores: Flat, signal: Signals, enough: Flags) -> Places:
    """The state of each series by its signals: what was reached once stays."""
    status = np.where(enough, NONE, NOT_ENOUGH)
    for state, names in ((IMPROVING, ("improving", "above")), (WATCH, ("watch",)), (ACT, ("act", "below"))):
        status[np.unique(scores.owner[np.isin(signal, names)])] = state
    return status
