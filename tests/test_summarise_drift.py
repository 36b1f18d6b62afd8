"""Whether a therapist's delivery changed: the self-starting CUSUM, its limits, and what holds a claim back."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.model.checklist import Needing, Score
from fidelity.model.expression import Constant
from fidelity.model.summary import Drift, SessionScore
from fidelity.summarise.drift import Measure, drift_of, drifts, limits, measure_of

SIGMA_10 = Measure(point=1.0, sigma=10.0, differences=100)


def course(*scores: float, days: int = 30) -> tuple[SessionScore, ...]:
    return tuple(
        SessionScore(
            session=f"S{number}",
            date=date(2026, 1, 1) + timedelta(days=days * (number - 1)),
            score=score,
            by_rater=(("R1", score),),
            level=None,
            modality="",
            observations=(f"O{number}",),
        )
        for number, score in enumerate(scores, start=1)
    )


def score(kind: Any = "percent", lowest: int | None = 0, highest: int | None = 100) -> Score:
    ends = (None if lowest is None else Fraction(lowest), None if highest is None else Fraction(highest))
    return Score("adherence", "adherence", "", "Adherence", Constant(Fraction(0)), kind, Needing(), *ends)


def statuses(series: Mapping[str, Sequence[SessionScore]], of: Score | None = None) -> dict[str, str]:
    found, _ = drifts(series, of or score())
    return {name: each.status for name, each in found.items()}


# ---- one therapist, the spread known


def test_eight_sessions_worked_by_hand() -> None:
    """Sigma 10; four sessions at 80, then four at 60.

    Sessions 2 to 4 equal the mean before them: u is 0, and C stays 0.
    5: mean before 80,     u = -20    / (10 sqrt(1 + 1/4)) = -1.7889, C = 0      + 1.7889 - 0.5 = 1.2889
    6: mean before 76,     u = -16    / (10 sqrt(1 + 1/5)) = -1.4606, C = 1.2889 + 1.4606 - 0.5 = 2.2495
    7: mean before 73.333, u = -13.33 / (10 sqrt(1 + 1/6)) = -1.2344, C = 2.2495 + 1.2344 - 0.5 = 2.9839
    8: mean before 71.429, u = -11.43 / (10 sqrt(1 + 1/7)) = -1.0690, C = 2.9839 + 1.0690 - 0.5 = 3.5529
    Above 3 and not above 4: watch, since session 5, 60 against 80, with 1.96 * 10 sqrt(1/4 + 1/4) = 13.86.
    """
    found = drift_of(course(80, 80, 80, 80, 60, 60, 60, 60), SIGMA_10)
    assert found.cusum == pytest.approx((0, 0, 0, 0, 1.2889, 2.2495, 2.9839, 3.5529), abs=5e-5)
    assert found.rising == (0, 0, 0, 0, 0, 0, 0, 0)
    assert (found.status, found.since, found.since_date) == ("watch", "S5", date(2026, 5, 1))
    assert (found.size, found.low, found.high) == pytest.approx((-20, -33.86, -6.14), abs=5e-3)
    assert found.reason == ""


def test_two_sessions_more_make_it_a_reason_to_act() -> None:
    """9: mean before 70, C = 3.5529 + 0.9428 - 0.5 = 3.9957; 10: mean before 68.889, C = 3.9957 + 0.8433 - 0.5."""
    found = drift_of(course(80, 80, 80, 80, 60, 60, 60, 60, 60, 60), SIGMA_10)
    assert found.cusum[8:] == pytest.approx((3.9957, 4.3390), abs=5e-5)
    assert (found.status, found.since, found.size) == ("act", "S5", pytest.approx(-20))


def test_a_rise_is_the_mirror_image_of_a_fall() -> None:
    found = drift_of(course(60, 60, 60, 60, 80, 80, 80, 80, 80, 80), SIGMA_10)
    assert found.rising[8:] == pytest.approx((3.9957, 4.3390), abs=5e-5)
    assert (found.status, found.since, found.size) == ("improving", "S5", pytest.approx(20))


def test_small_ups_and_downs_are_no_change() -> None:
    found = drift_of(course(80, 85, 75, 80, 85, 75, 80, 85), SIGMA_10)
    assert found == Drift(status="none", observed=8, cusum=found.cusum, rising=found.rising)


def test_nothing_is_claimed_before_the_sixth_session() -> None:
    """5: u = -60 / (10 sqrt(1 + 1/4)) = -5.3666, C = 4.8666, which would be a reason to act."""
    found = drift_of(course(90, 90, 90, 90, 30), SIGMA_10)
    assert found.cusum[-1] == pytest.approx(4.8666, abs=5e-5)
    assert (found.status, found.reason, found.observed, found.needed) == ("not_enough", "few_observations", 5, 6)


def test_the_sixth_session_is_judged_by_what_the_sum_is_then() -> None:
    """6: mean before 78, u = 12 / (10 sqrt(1 + 1/5)) = 1.0954, C = 4.8666 - 1.0954 - 0.5 = 3.2711."""
    found = drift_of(course(90, 90, 90, 90, 30, 90), SIGMA_10)
    assert (found.status, found.cusum[-1]) == ("watch", pytest.approx(3.2711, abs=5e-5))


def test_a_fall_below_five_points_is_watched_however_sure_it_is() -> None:
    """Sigma 3; ten sessions at 80, six at 75.5: C = 0.930, 1.736, 2.437, 3.049, 3.584, 4.052, but the fall is 4.5."""
    fine = Measure(point=1.0, sigma=3.0, differences=100)
    found = drift_of(course(*[80] * 10, *[75.5] * 6), fine)
    assert found.cusum[10:] == pytest.approx((0.930, 1.736, 2.437, 3.049, 3.584, 4.052), abs=5e-4)
    assert (found.status, found.reason, found.size) == ("watch", "small_fall", pytest.approx(-4.5))


def test_a_status_stays_when_the_scores_come_back() -> None:
    found = drift_of(course(*[80] * 4, *[60] * 6, *[100] * 4), SIGMA_10)
    assert found.cusum[-1] == 0
    assert (found.status, found.since, found.size) == ("act", "S5", pytest.approx(-4))


def test_improving_is_not_said_of_somebody_to_watch() -> None:
    found = drift_of(course(*[80] * 4, *[60] * 4, *[100] * 6), SIGMA_10)
    assert max(found.rising) > 4
    assert (found.status, found.since) == ("watch", "S5")


def test_two_sessions_on_one_day_are_two_sessions() -> None:
    found = drift_of(course(80, 80, 80, 80, 60, 60, 60, 60, days=0), SIGMA_10)
    assert (found.status, found.since, found.observed) == ("watch", "S5", 8)


def test_no_session_at_all_is_not_enough() -> None:
    assert drift_of((), SIGMA_10) == Drift(status="not_enough", reason="few_observations")


def test_without_any_date_nothing_is_over_time() -> None:
    found, _ = drifts({"A": course(*[80] * 26), "B": ()}, score(), undated={"B"})
    assert (found["B"].status, found["B"].reason) == ("not_enough", "no_dates")


# ---- the limits


@pytest.mark.parametrize(
    ("sessions", "days", "watch", "act"),
    [
        (12, 30, 3.0, 4.0),
        (20, 18, 3.0, 4.0),
        (12, 1, 3.0, 4.0),  # twelve so far, even if they were on twelve days
        (30, 12, 3.67, 5.18),
        (25, 14, 3.4677, 4.9507),  # ln(25/20) / ln(30/20) = 0.55034 of the way from 20 to 30
        (60, 24, 3.67, 5.18),  # 60 in 1416 days are 15.5 a year, see below
        (400, 1, 5.90, 7.53),
    ],
)
def test_who_is_observed_more_often_gets_wider_limits(
    sessions: int, days: int, watch: float, act: float
) -> None:
    ...
