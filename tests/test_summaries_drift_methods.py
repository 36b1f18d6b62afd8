"""The charts of scores over time: published examples, naive loops, and where there is nothing to say."""

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, nan, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.summaries.drift.charts import METHODS, Settings, charted
from fidelity.summaries.drift.cusum import Flat
from fidelity.summaries.drift.ewma import ewma
from fidelity.summaries.drift.page_cusum import page_cusum
from fidelity.summaries.drift.rated_series import Rated
from fidelity.summaries.drift.slope import slope, slopes
from fidelity.summaries.drift.xmr import xmr

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rate of ten batches.
FLOW = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
# The same, 6.3.2.4.
STRENGTH = (
    *(52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5),
    *(49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1),
)
# The same, 6.3.2.3: means of twenty groups.
GROUPS = (
    *(324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600),
    *(324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350),
)
# Montgomery, Introduction to Statistical Quality Control, table 9.1: mean 10 and sd 1, from 21 on mean 11.
MONTGOMERY = (
    *(9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08),
    *(9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52),
)

LISTS = st.lists(st.lists(st.integers(0, 1000).map(lambda each: each / 10), max_size=14), max_size=6)


def series(*scores: Sequence[float]) -> Flat:
    sizes = np.array([len(each) for each in scores], dtype=np.intp)
    flat = np.array([score for each in scores for score in each], dtype=np.float64)
    return Flat(flat, (np.cumsum(sizes) - sizes).astype(np.intp), sizes)


def printed(values: Any, *expected: float, places: int = 2) -> None:
    """Equal to the digits that are printed in the source, however it rounds a half."""
    assert list(values) == pytest.approx(list(expected), abs=0.51 * 10**-places)


def same(values: Any, expected: Sequence[float]) -> None:
    assert list(values) == pytest.approx(list(expected), nan_ok=True, abs=1e-7)


def signals(values: Any) -> list[str]:
    return [str(each) for each in values]


# ---- published examples


def test_individuals_chart_of_the_nist_handbook() -> None:
    """6.3.2.2: mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041; all within."""
    chart = xmr(series(FLOW))
    printed([chart.centre[0], chart.lower[0], chart.upper[0]], 50.81, 45.8159, 55.8041, places=4)
    assert set(signals(chart.signal)) == {""}


def test_ewma_of_the_nist_handbook() -> None:
    """6.3.2.4: lambda .3, target 50, s 2.0539. The page cuts the lower limit to 47.4115; it is 47.41157."""
    chart = ewma(series(STRENGTH), np.array([50.0]), 0.3, 3 * 2.0539, "steady")
    printed(
        chart.statistic,
        *(50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33),
        *(50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99),
    )
    assert chart.upper[0] == pytest.approx(52.5884, abs=5e-5)
    assert chart.lower[0] == pytest.approx(47.4115, abs=1e-4)
    assert set(signals(chart.signal)) == {""}


def test_cusum_of_the_nist_handbook() -> None:
    """6.3.2.3: target 325, k .3175, h 4.1959; the sum upwards is above the limit from group 14 on."""
    found = page_cusum(series(GROUPS), 325, 0.3175, 4.1959)
    printed(found.high[:12], 0, 0, 0, 0, 0.03, 0, 0, 0, 0, 0, 0, 0)
    printed(found.high[12:], 3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04)
    printed(found.low[:12], 0, 0.01, 0, 0.33, 0, 0, 0.56, 0.72, 0.17, 0.25, 0.31, 0)
    assert signals(found.signal) == [""] * 13 + ["above"] * 7


def test_tabular_cusum_of_montgomery() -> None:
    """Table 9.2: target 10, k .5, h 5; the sum upwards is above 5 at observation 29, and at 30."""
    found = page_cusum(series(MONTGOMERY), 10, 0.5, 5)
    printed(
        found.high,
        *(0, 0, 0, 1.16, 2.82, 2.50, 0.04, 1.00, 0, 0, 0, 0.97, 0.98, 0, 0),
        *(0, 0.12, 0, 0, 0.34, 0.74, 0, 1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28, 5.30),
    )
    printed(
        found.low[:20],
        *(0.05, 1.56, 1.77, 0, 0, 0, 1.46, 0, 0.30, 0),
        *(0.47, 0, 0, 0.10, 0, 0.13, 0, 0, 0.98, 0),
    )
    assert signals(found.signal) == [""] * 28 + ["above"] * 2


def test_ewma_of_montgomery() -> None:
    """Lambda .1, width 2.7 on the same data: out of control at observations 29 and 30."""
    chart = ewma(series(MONTGOMERY), np.array([10.0]), 0.1, 2.7, "exact")
    printed(chart.statistic[:5], 9.945, 9.7495, 9.7036, 9.8992, 10.1253, places=4)
    printed(chart.statistic[25:], 10.4654, 10.4568, 10.5731, 10.6468, 10.6341, places=4)
    printed([chart.upper[0], chart.upper[1], chart.upper[29]], 10.27, 10.36, 10.62)
    printed([chart.lower[0], chart.lower[1], chart.lower[29]], 9.73, 9.64, 9.38)
    assert signals(chart.signal) == [""] * 28 + ["above"] * 2


# ---- worked by hand


def test_limits_come_from_the_baseline_alone() -> None:
    """Baseline 60, 62, 61: mean 61, moving ranges 2 and 1, so 61 ± 3 * 1.5 / 1.128 = 57.011 and 64.989."""
    chart = xmr(series([60, 62, 61, 40, 70]), baseline=3)
    printed([chart.centre[4], chart.lower[4], chart.upper[4]], 61, 57.011, 64.989, places=3)
    assert signals(chart.signal) == ["", "", "", "below", "above"]


def test_constant_scores_lie_on_their_limits_and_signal_nothing() -> None:
    chart = xmr(series([80.1] * 7))
    assert set(signals(chart.signal)) == {""}
    assert (chart.lower[0], chart.centre[0], chart.upper[0]) == (80.1, 80.1, 80.1)


def test_one_score_has_no_limits() -> None:
    chart = xmr(series([80.0], [70.0, 71.0]))
    same(chart.lower, [nan, 70.5 - 3 / 1.128, 70.5 - 3 / 1.128])


def test_a_slope_is_drawn_to_nought_by_its_own_uncertainty() -> None:
    """70, 60, 50, sigma 10: slope -10, variance 100 / 2 = 50, and no other series: tau² is sigma²/100 = 1.

    Weight 1 / 51, so the mean is -10/51 and the sd sqrt(50/51).
    """
    known = slopes(series([70, 60, 50]), 10.0)
    same(known.mean, [nan, -10 / (1 + 200), -10 / 51])
    same(known.sd, [nan, sqrt(200 / 201), sqrt(50 / 51)])
    assert known.falling[2] == pytest.approx(0.578, abs=1e-3)


def test_slopes_that_differ_are_drawn_less() -> None:
    """Two steep slopes of six: b = -6 and 6, V = 100/17.5; tau² + V = 36, so the weight is 1 - V/36."""
    known = slopes(series([80, 74, 68, 62, 56, 50], [50, 56, 62, 68, 74, 80]), 10.0)
    weight = 1 - 100 / 17.5 / 36
    assert known.mean[5] == pytest.approx(-6 * weight)
    assert known.sd[5] == pytest.approx(sqrt(100 / 17.5 * weight))
    chart = slope(series([80, 74, 68, 62, 56, 50], [50, 56, 62, 68, 74, 80]), 10.0)
    assert signals(chart.signal) == [""] * 5 + ["act"] + [""] * 5 + ["improving"]


# ---- the same as a naive loop, on series of any lengths


@given(LISTS, st.none() | st.integers(2, 6))
def test_xmr_is_the_naive_loop(scores: list[list[float]], baseline: int | None) -> None:
    expected = [naive_xmr(each, baseline) for each in scores for _ in each]
    chart = xmr(series(*scores), baseline)
    for column, at in ((chart.centre, 0), (chart.lower, 1), (chart.upper, 2)):
        same(column, [each[at] for each in expected])


def naive_xmr(scores: list[float], baseline: int | None) -> tuple[float, float, float]:
    known = scores[:baseline]
    mean = sum(known) / len(known)
    ranges = [abs(later - earlier) for earlier, later in pairwise(known)]
    reach = 3 * sum(ranges) / len(ranges) / 1.128 if ranges else nan
    return mean, mean - reach, mean + reach


@given(LISTS, st.sampled_from([0.1, 0.3, 1.0]))
def test_ewma_is_the_naive_loop(scores: list[list[float]], weight: float) -> None:
    expected = [each for of in scores for each in naive_ewma(of, weight)]
    chart = ewma(series(*scores), np.full(len(scores), 50.0), weight, 20.0, "exact")
    same(chart.statistic, [average for average, _ in expected])
    same(chart.upper, [50 + reach for _, reach in expected])


def naive_ewma(scores: list[float], weight: float) -> list[tuple[float, float]]:
    average, found = 50.0, []
    for number, score in enumerate(scores, 1):
        average = weight * score + (1 - weight) * average
        found.append((average, 20 * sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * number)))))
    return found


@given(LISTS)
def test_page_cusum_is_the_naive_loop(scores: list[list[float]]) -> None:
    expected = [each for of in scores for each in naive_page(of)]
    found = page_cusum(series(*scores), 50.0, 2.5, 20.0)
    same(found.low, [low for low, _ in expected])
    same(found.high, [high for _, high in expected])


def naive_page(scores: list[float]) -> list[tuple[float, float]]:
    low, high, found = 0.0, 0.0, []
    for score in scores:
        low, high = max(0.0, low + 50 - score - 2.5), max(0.0, high + score - 50 - 2.5)
        found.append((low, high))
    return found


@given(LISTS)
def test_slopes_are_the_naive_regression_shrunken(scores: list[list[float]]) -> None:
    known = slopes(series(*scores), 10.0)
    lines = [[naive_line(of[:n]) for n in range(1, len(of) + 1)] for of in scores]
    tau2 = naive_tau2([line[-1] for line in lines if len(line) >= 6])
    shrunken = [(b * tau2 / (tau2 + v), v * tau2 / (tau2 + v)) for line in lines for b, v in line]
    same(known.mean, [mean for mean, _ in shrunken])
    same(np.square(known.sd), [variance for _, variance in shrunken])


def naive_line(scores: list[float]) -> tuple[float, float]:
    """Slope and variance with sigma 10."""
    if len(scores) < 2:
        return nan, nan
    middle = (len(scores) - 1) / 2
    squares = sum((at - middle) ** 2 for at in range(len(scores)))
    return sum((at - middle) * score for at, score in enumerate(scores)) / squares, 100 / squares


def naive_tau2(lines: list[tuple[float, float]]) -> float:
    low, high = 0.0, max((b * b for b, _ in lines), default=0.0)
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        fits = sum(b * b / (middle + v) for b, v in lines) > len(lines)
        low, high = (middle, high) if fits else (low, middle)
    return max(high, 1.0)


# ---- all methods by one function


ASKED: dict[str, Settings] = {
    **METHODS,
    "ewma": {**METHODS["ewma"], "target": 60.0},
    "page_cusum": {"target": 60.0, "k": 2.0, "h": 20.0},
}


@pytest.mark.parametrize("method", list(METHODS))
@given(scores=LISTS)
def test_no_method_ever_says_nan(method: str, scores: list[list[float]]) -> None:
    found = charted(method, ASKED[method], scores)
    assert len(found.statuses) == len(scores)
    assert all(len(column) == sum(map(len, scores)) for column in found.columns.values())
    said = [each for column in found.columns.values() for each in column if each is not None]
    assert all(isfinite(each) for each in said)


def test_without_25_differences_the_default_needs_a_stated_spread() -> None:
    fallen = [[80.0, 80, 80, 80, 60, 60, 60, 60, 60, 60]]
    assert charted("cusum", METHODS["cusum"], fallen).statuses == ["not_enough"]
    found = charted("cusum", {**METHODS["cusum"], "sd": 10.0}, fallen)
    assert (found.statuses, found.signals) == (["act"], [None] * 7 + ["watch", "watch", "act"])
    assert found.changes[0] is not None
    assert found.changes[0][:2] == (4, -20.0)


def test_the_default_acts_on_a_fall_that_matters_only() -> None:
    """The sum is above 4, but the fall of 4 points is smaller than 5: watch."""
    scores = [[80.0] * 6 + [76.0] * 6]
    assert charted("cusum", {**METHODS["cusum"], "sd": 1.0}, scores).statuses == ["watch"]
    assert charted("cusum", {**METHODS["cusum"], "sd": 1.0, "fall": 4.0}, scores).statuses == ["act"]


def test_a_fall_seen_by_one_rater_alone_is_watched() -> None:
    fallen = [80.0, 80, 80, 80, 60, 60, 60, 60, 60, 60]
    settings = {**METHODS["cusum"], "sd": 10.0}
    when = [float(at) for at in range(10)]
    alone = Rated([(("R1", score),) for score in fallen], when)
    found = charted("cusum", settings, [fallen], alone)
    assert (found.statuses, found.held_back, found.signals[-1]) == (["watch"], [0], "watch")
    twice = Rated([(("R1", score), ("R2", score)) for score in fallen], when)
    assert charted("cusum", settings, [fallen], twice).statuses == ["act"]


def test_a_harsher_rater_at_half_time_is_no_fall() -> None:
    """Ten therapists alike; R2 scores 12 points lower, and takes half of them over from session 7 on."""
    steady = [80.0, 84, 78, 82, 76, 80, 82, 78, 84, 80, 76, 82]
    given: list[tuple[tuple[str, float], ...]] = []
    for person in range(10):
        names = ["R1"] * 6 + ["R2"] * 6 if person < 5 else ["R1", "R2"] * 6
        given += [((name, score - 12 * (name == "R2")),) for name, score in zip(names, steady, strict=True)]
    scores = [[each[0][1] for each in given[12 * at : 12 * at + 12]] for at in range(10)]
    rated = Rated(given, [float(at) for _ in range(10) for at in range(12)])
    assert charted("cusum", METHODS["cusum"], scores).statuses[:5] == ["act"] * 5
    assert charted("cusum", METHODS["cusum"], scores, rated).statuses == ["none"] * 10


def test_the_simulation_keeps_what_the_manual_promises() -> None:
    """A short run with a fixed seed; `tests/simulations/README.md` has the long one."""
    script = Path(__file__).parent / "simulations" / "drift_defaults.py"
    words = [sys.executable, str(script), "--programmes", "100", "--table", "The goal"]
    ran = subprocess.run(words, check=True, capture_output=True, text=True)
    _, act, found = ran.stdout.splitlines()[-1].strip("| ").split(" | ")
    assert float(act.split()[0]) <= 3
    assert float(found.split()[2]) >= 45
