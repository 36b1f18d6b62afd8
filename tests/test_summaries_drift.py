"""Whether a therapist's delivery changed: the sums, their limits, and what holds a claim back."""

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
from fidelity.summaries.drift import Measure, drift_of, drifts, limits, measure_of

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


def near(value: Any, within: float = 6e-5) -> Any:
    """Equal in the places that the working on paper has."""
    return pytest.approx(value, abs=within)


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
    assert found.cusum == near((0, 0, 0, 0, 1.2889, 2.2495, 2.9839, 3.5529))
    assert set(found.rising) == {0}
    assert (found.status, found.since, found.since_date) == ("watch", "S5", date(2026, 5, 1))
    assert (found.size, found.low, found.high) == near((-20, -33.86, -6.14), within=5e-3)
    assert found.reason == ""


def test_two_sessions_more_make_it_a_reason_to_act() -> None:
    """Mean before 70, C = 3.5529 + 0.9428 - 0.5 = 3.9957; mean before 68.889, C = 3.9957 + 0.8433 - 0.5."""
    found = drift_of(course(80, 80, 80, 80, 60, 60, 60, 60, 60, 60), SIGMA_10)
    assert found.cusum[8:] == near((3.9957, 4.3390))
    assert (found.status, found.since, found.size) == ("act", "S5", near(-20))


def test_a_rise_is_the_mirror_image_of_a_fall() -> None:
    found = drift_of(course(60, 60, 60, 60, 80, 80, 80, 80, 80, 80), SIGMA_10)
    assert found.rising[8:] == near((3.9957, 4.3390))
    assert (found.status, found.since, found.size) == ("improving", "S5", near(20))


def test_small_ups_and_downs_are_no_change() -> None:
    found = drift_of(course(80, 85, 75, 80, 85, 75, 80, 85), SIGMA_10)
    assert found == Drift(status="none", observed=8, cusum=found.cusum, rising=found.rising)


def test_nothing_is_claimed_before_the_sixth_session() -> None:
    """5: u = -60 / (10 sqrt(1 + 1/4)) = -5.3666, C = 4.8666, which would be a reason to act."""
    found = drift_of(course(90, 90, 90, 90, 30), SIGMA_10)
    assert found.cusum[-1] == near(4.8666)
    assert (found.status, found.reason) == ("not_enough", "few_observations")
    assert (found.observed, found.needed) == (5, 6)


def test_the_sixth_session_is_judged_by_what_the_sum_is_then() -> None:
    """6: mean before 78, u = 12 / (10 sqrt(1 + 1/5)) = 1.0954, C = 4.8666 - 1.0954 - 0.5 = 3.2711."""
    found = drift_of(course(90, 90, 90, 90, 30, 90), SIGMA_10)
    assert (found.status, found.cusum[-1]) == ("watch", near(3.2711))


def test_a_fall_below_five_points_is_watched_however_sure_it_is() -> None:
    """Sigma 3; ten sessions at 80, six at 75.5: C goes up to 4.052, but the fall is only 4.5 points."""
    fine = Measure(point=1.0, sigma=3.0, differences=100)
    found = drift_of(course(*[80] * 10, *[75.5] * 6), fine)
    assert found.cusum[10:] == near((0.930, 1.736, 2.437, 3.049, 3.584, 4.052), within=5e-4)
    assert (found.status, found.reason, found.size) == ("watch", "small_fall", near(-4.5))


def test_a_status_stays_when_the_scores_come_back() -> None:
    found = drift_of(course(*[80] * 4, *[60] * 6, *[100] * 4), SIGMA_10)
    assert found.cusum[-1] == 0
    assert (found.status, found.since, found.size) == ("act", "S5", near(-4))


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
        (60, 24, 3.0, 4.0),  # 60 in 1416 days are 15 a year
        (400, 1, 5.90, 7.53),
    ],
)
def test_who_is_observed_more_often_gets_wider_limits(
    sessions: int, days: int, watch: float, act: float
) -> None:
    assert limits(course(*[80] * sessions, days=days)) == near((watch, act))


# ---- the spread, from all therapists


def test_sigma_is_the_root_of_half_the_mean_squared_step() -> None:
    """25 steps of 10 points: half of 100 is 50, its root 7.0711."""
    ups_and_downs = course(*[70, 80] * 13)
    _, spread = drifts({"A": ups_and_downs}, score())
    assert (spread.sigma, spread.differences) == (near(7.0711), 25)


def test_steps_are_taken_within_a_therapist_and_pooled_over_all() -> None:
    """13 steps of 6 and 12 of 8: (13 * 36 + 12 * 64) / 50 = 24.72; from A to B there is no step."""
    _, spread = drifts({"A": course(*[50, 56] * 7), "B": course(*[90, 98] * 6, 90)}, score())
    assert (spread.sigma, spread.differences) == (near(24.72**0.5), 25)


def test_a_slow_fall_does_not_widen_the_spread() -> None:
    """25 steps of -3.9 points: their sigma is 2.76, below the floor of 3; that of the scores would be 30."""
    _, spread = drifts({"A": course(*[100 - 3.9 * number for number in range(26)])}, score())
    assert spread.sigma == 3.0


def test_below_25_steps_nobody_is_judged() -> None:
    three = {name: course(*[70, 80] * 4, 70) for name in "ABC"}
    assert statuses(three) == dict.fromkeys("ABC", "not_enough")
    found, spread = drifts(three, score())
    assert found["A"].reason == "few_differences"
    assert (spread.sigma, spread.differences, spread.judged) == (None, 24, 0)
    assert (spread.expected_false_act, spread.expected_false_watch, spread.lag1) == (None, None, None)


def test_the_25th_step_is_enough() -> None:
    three = {"A": course(*[70, 80] * 5), "B": course(*[70, 80] * 4, 70), "C": course(*[70, 80] * 4, 70)}
    assert statuses(three) == dict.fromkeys("ABC", "none")


def test_who_has_five_sessions_has_not_enough_and_still_a_sum_to_draw() -> None:
    found, spread = drifts({"A": course(*[70, 80] * 13), "new": course(70, 80, 70, 80, 70)}, score())
    assert (found["new"].status, found["new"].reason) == ("not_enough", "few_observations")
    assert len(found["new"].cusum) == 5
    assert spread.judged == 1


def test_constant_scores_are_no_change_because_three_points_are_the_smallest_spread() -> None:
    found, spread = drifts({"A": course(*[75] * 26)}, score())
    assert (found["A"].status, set(found["A"].cusum)) == ("none", {0.0})
    assert (spread.sigma, spread.lag1) == (3.0, None)


def test_a_mean_of_one_to_five_is_judged_like_a_percent() -> None:
    """80 on 0 to 100 is 4.2 on 1 to 5; the floor of 3 points is 0.12, the smallest fall of 5 points 0.2."""
    percent = {"A": course(*[80] * 10, *[75.5] * 6), "B": course(*[80] * 20)}
    means = {"A": course(*[4.2] * 10, *[4.02] * 6), "B": course(*[4.2] * 20)}
    found, spread = drifts(means, score("mean", 1, 5))
    alike, _ = drifts(percent, score())
    assert found["A"].cusum == near(alike["A"].cusum)
    assert (found["A"].status, found["A"].reason) == ("watch", "small_fall")
    assert (spread.sigma, found["A"].size) == (near(0.12), near(-0.18))


def test_a_count_without_a_range_has_neither_floor_nor_smallest_fall() -> None:
    count = score("count", 0, None)
    found, _ = drifts({"A": course(*[20] * 20, *[19] * 10)}, count)
    assert found["A"].status == "act"
    assert found["A"].size == near(-1)


def test_a_count_that_never_differs_has_no_spread_to_be_judged_by() -> None:
    found, spread = drifts({"A": course(*[20] * 26)}, score("count", 0, None))
    assert (found["A"].status, found["A"].reason, found["A"].cusum) == ("not_enough", "no_range", ())
    assert spread.sigma is None


# ---- what the programme should expect


def test_the_false_alarms_to_expect_grow_with_the_therapists_judged() -> None:
    """Of 100 steady therapists 7 are told to watch and 2.5 to act; the newcomer is not judged."""
    twelve = {f"T{number}": course(*[70, 80] * 6) for number in range(12)}
    _, spread = drifts({**twelve, "new": course(70, 80)}, score())
    assert spread.judged == 12
    assert spread.expected_false_act == near(0.3)
    assert spread.expected_false_watch == near(0.84)


def test_the_correlation_of_neighbours_is_pooled_over_the_steady() -> None:
    """26 rests of 5 points, each the opposite of the one before: -25 * 25 / (26 * 25)."""
    _, spread = drifts({"A": course(*[70, 80] * 13)}, score())
    assert spread.lag1 == near(-25 / 26)


def test_who_changed_is_left_out_of_the_correlation() -> None:
    fallen = course(*[90] * 6, *[40] * 6)
    found, spread = drifts({"A": course(*[70, 80] * 13), "B": fallen}, score())
    assert found["B"].status == "act"
    assert spread.lag1 == near(-25 / 26)


def test_no_therapist_is_no_spread() -> None:
    found, spread = drifts({}, score())
    assert found == {}
    assert (spread.sigma, spread.differences, spread.judged) == (None, 0, 0)


# ---- whatever the scores are

some_scores = st.lists(st.integers(0, 60), max_size=15)
some_programme = st.dictionaries(st.sampled_from("ABCDEF"), some_scores, max_size=6)


@given(some_programme, st.integers(1, 40))
def test_a_constant_added_to_all_scores_changes_nothing(
    programme: dict[str, list[int]], constant: int
) -> None:
    before, spread = drifts({name: course(*scores) for name, scores in programme.items()}, score())
    raised = {name: course(*(each + constant for each in scores)) for name, scores in programme.items()}
    assert drifts(raised, score()) == (before, spread)


@given(some_programme)
def test_every_number_is_finite_and_no_sum_is_below_nought(programme: dict[str, list[int]]) -> None:
    found, spread = drifts({name: course(*scores) for name, scores in programme.items()}, score())
    for each in found.values():
        assert all(isfinite(total) and total >= 0 for total in (*each.cusum, *each.rising))
        assert all(isfinite(end) for end in (each.size, each.low, each.high) if end is not None)
    assert all(isfinite(value) for value in (spread.sigma, spread.lag1) if value is not None)


@given(st.lists(st.integers(0, 100), min_size=26, max_size=40))
def test_falling_and_rising_are_mirror_images(scores: list[int]) -> None:
    fallen, _ = drifts({"A": course(*scores)}, score())
    risen, _ = drifts({"A": course(*(100 - each for each in scores))}, score())
    assert fallen["A"].cusum == risen["A"].rising


def test_measuring_nothing_gives_no_sigma() -> None:
    assert measure_of([], 1.0) == Measure(point=1.0, sigma=None, differences=0)
