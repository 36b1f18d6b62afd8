"""Whether a therapist's delivery changed: the sums, their limits, and what holds a claim back."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from summary_sample import laid_out

from fidelity.language.reading import load, load_programme
from fidelity.model.checklist import Score
from fidelity.model.expression import Constant, Needing
from fidelity.model.programme import DriftRule, FirstScores, RunningBaseline, Series
from fidelity.model.scale import Band
from fidelity.model.summary import Break, Chance, Drift, Everyone, FallenItem, SessionScore, Spread
from fidelity.summaries import drift
from fidelity.summaries.drift.breaks import breaks
from fidelity.summaries.drift.chance import at_lag, chance, simulated
from fidelity.summaries.drift.cusum import flat, widened
from fidelity.summaries.drift.cusum import spread as spread_of
from fidelity.summaries.drift.everyone import Sessions as Seen
from fidelity.summaries.drift.everyone import beside_others, movement
from fidelity.summaries.drift.items import chances_of_fall, fallen
from fidelity.summaries.drift.many import discoveries, listed
from fidelity.summaries.drift.order import Beside, in_order
from fidelity.summaries.drift.rule import Rule
from fidelity.summaries.drift.written import covariates, rule_of, unused, written_for
from fidelity.summaries.exact import exact

SIGMA_10 = Rule(sd=10.0)


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


Rows = Mapping[str, Sequence[SessionScore]]


def drifts(series: Rows, of: Score, **more: Any) -> tuple[dict[str, Drift], Spread]:
    return drift.drifts(laid_out(series), of, **more)


def drift_of(sessions: Sequence[SessionScore], rule: Rule) -> Drift:
    return drifts({"A": sessions}, score(), rule=rule)[0]["A"]


def breaks_of(sessions: Sequence[SessionScore], restarts: Sequence[date] = ()) -> tuple[Break, ...]:
    return breaks(laid_out({"A": sessions}), {"A": restarts}).get("A", ())


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
    assert found == Drift(
        status="none", observed=8, cusum=found.cusum, rising=found.rising, chance=found.chance
    )


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
    fine = Rule(sd=3.0)
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
    found = drift_of(course(*[80] * sessions, days=days), SIGMA_10)
    assert (found.watch, found.act) == near((watch, act))


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
    assert spread_of(flat([])) == (None, 0)


# ---- where a course starts anew


def with_word(where: str, words: str, *scores: float) -> tuple[SessionScore, ...]:
    """A course whose sessions carry these words, one letter each, as modality or version."""
    return tuple(
        each._replace(modality=word.strip("-"))
        if where == "modality"
        else each._replace(version=word.strip("-"))
        for each, word in zip(course(*scores), words, strict=True)
    )


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("aaabbb", [3]),
        ("aa-bb-", [3]),
        ("aabbcc", [2, 4]),
        ("ababab", []),  # who goes back and forth does both
        ("aababb", []),
        ("a--aaa", []),
        ("------", []),
        ("abcbca", []),
    ],
)
def test_a_course_starts_anew_where_a_word_gives_way_for_good(words: str, at: list[int]) -> None:
    for where in ("modality", "version"):
        found = breaks_of(with_word(where, words, *[80] * 6))
        assert [(each.at, each.why) for each in found] == [(each, where) for each in at]


def test_retraining_breaks_at_the_first_session_on_or_after_it() -> None:
    sessions = course(80, 80, 80, 80)
    (found,) = breaks_of(sessions, [date(2026, 2, 1)])
    assert (found.at, found.day, found.why) == (2, date(2026, 3, 2), "restart")
    assert breaks_of(sessions, [date(2025, 1, 1), date(2027, 1, 1)]) == ()


def test_after_a_break_the_course_is_judged_by_itself_and_the_break_is_kept() -> None:
    fallen_before = with_word("version", "1" * 10 + "2" * 7, *[80] * 4, *[60] * 6, *[60] * 7)
    found, _ = drifts({"A": fallen_before, "B": course(*[70, 80] * 13)}, score())
    assert (found["A"].status, found["A"].before, found["A"].observed) == ("none", "act", 7)
    assert [(each.at, each.why) for each in found["A"].breaks] == [(10, "version")]
    assert len(found["A"].cusum) == 17
    assert found["A"].cusum[10] == 0


def test_after_a_break_six_sessions_are_needed_again() -> None:
    sessions = course(*[80] * 10)
    found, _ = drifts(
        {"A": sessions, "B": course(*[70, 80] * 13)}, score(), restarts={"A": [sessions[5].date or date.min]}
    )
    assert (found["A"].status, found["A"].reason, found["A"].observed) == (
        "not_enough",
        "few_observations",
        5,
    )


def test_the_step_over_a_break_is_no_step() -> None:
    _, spread = drifts({"A": with_word("version", "1" * 14 + "2" * 14, *[50] * 14, *[90] * 14)}, score())
    assert (spread.differences, spread.sigma) == (26, 3.0)


# ---- rater, everyone, therapist


def by_raters(sessions: Sequence[SessionScore], *raters: str) -> tuple[SessionScore, ...]:
    return tuple(
        each._replace(by_rater=((raters[number % len(raters)], each.score),))
        for number, each in enumerate(sessions)
    )


FALLEN = course(*[80] * 4, *[60] * 6)
STEADY = course(*[70, 80] * 5)
ACT = drift_of(FALLEN, SIGMA_10)
NOTHING = Beside((), True, {}, {})


def settled(sessions: Sequence[SessionScore], first: Beside) -> Drift:
    return in_order({"A": drift_of(sessions, SIGMA_10)}, laid_out({"A": sessions}), first)["A"]


def test_one_rater_alone_is_not_enough_to_act() -> None:
    found = settled(by_raters(FALLEN, "R1"), NOTHING)
    assert (found.status, found.reason, found.size) == ("watch", "one_rater", ACT.size)


def test_two_raters_are_enough_to_act() -> None:
    assert settled(by_raters(FALLEN, "R1", "R2"), NOTHING) == ACT


def test_a_session_scored_twice_is_enough_to_act() -> None:
    twice = (*FALLEN[:-1], FALLEN[-1]._replace(by_rater=(("", 60.0), ("R1", 60.0))))
    assert settled(by_raters(FALLEN[:-1], "R1") + twice[-1:], NOTHING).status == "act"


def test_without_rater_names_nothing_is_asked_about_raters() -> None:
    found = settled(by_raters(FALLEN, ""), Beside((), False, {}, {}))
    assert (found.status, found.asked) == ("act", False)


def test_a_stricter_rater_comes_first() -> None:
    found = settled(by_raters(FALLEN, "R1", "R2"), Beside({"R2"}, True, {}, {}))
    assert (found.status, found.raters, found.size) == ("rater_first", ("R2",), ACT.size)


def test_a_stricter_rater_of_somebody_else_changes_nothing() -> None:
    assert settled(by_raters(FALLEN, "R1", "R2"), Beside({"R9"}, True, {}, {})) == ACT


def test_a_stricter_rater_of_somebody_steady_changes_nothing() -> None:
    found = settled(by_raters(STEADY, "R1", "R2"), Beside({"R2"}, True, {}, {}))
    assert (found.status, found.raters) == ("none", ())


ALL_FELL = Everyone(
    site="", status="moved", unit="month", periods=9, since=date(2026, 3, 1), size=-8.0, low=-11.0, high=-5.0
)


def test_who_fell_with_everyone_is_in_line_with_them() -> None:
    in_line = Beside((), True, {"": ALL_FELL}, {"A": drift_of(STEADY, SIGMA_10)})
    found = settled(by_raters(FALLEN, "R1", "R2"), in_line)
    assert (found.status, found.since_date, found.size) == ("everyone_moved", date(2026, 3, 1), -8.0)


def test_who_fell_beside_everyone_is_still_to_be_looked_at() -> None:
    further = Beside((), True, {"": ALL_FELL}, {"A": ACT})
    assert settled(by_raters(FALLEN, "R1", "R2"), further) == ACT


def test_another_site_that_moved_is_no_matter() -> None:
    elsewhere = Beside((), True, {"south": ALL_FELL}, {"A": drift_of(STEADY, SIGMA_10)})
    assert settled(by_raters(FALLEN, "R1", "R2"), elsewhere) == ACT


def seen(shift: float = 0.0, only: int = 20, people: int = 20) -> Seen:
    """So many people, one session a month; from the seventh on the first of them lie this much apart."""
    random = np.random.default_rng(3)
    months, person = np.meshgrid(np.arange(12), np.arange(people))
    scores = 80 + person + random.normal(0, 10, months.shape) + shift * ((months >= 6) & (person < only))
    start = date(2026, 1, 15).toordinal()
    return Seen(scores.ravel(), person.ravel(), start + 30 * months.ravel())


def test_a_fall_that_all_share_is_a_fall_of_everyone() -> None:
    found = movement(seen(-10), 10.0, Rule())
    assert (found.status, found.unit) == ("moved", "month")
    assert found.size == pytest.approx(-10, abs=3)
    assert found.shared >= 14


def test_a_rise_of_all_is_told_too() -> None:
    assert movement(seen(10), 10.0, Rule()).status == "improving"


def test_steady_people_are_steady_together() -> None:
    assert movement(seen(), 10.0, Rule()).status == "none"


def test_a_few_who_fell_far_are_not_everyone() -> None:
    assert movement(seen(-60, only=3), 10.0, Rule()).status == "none"


def test_three_people_are_not_everyone() -> None:
    assert movement(seen(-20, people=3), 10.0, Rule()).status == "not_enough"


def test_who_leaves_and_who_joins_moves_nothing() -> None:
    """Those at 95 leave after month six, others at 65 come: the mean falls by 30, nobody's own does."""
    whole = seen()
    late = (whole.days - whole.days.min()) // 30 >= 6
    kept = np.where(whole.therapist < 10, ~late, late)
    level = np.where(whole.therapist < 10, 95.0, 65.0) - whole.therapist - 80
    moved = Seen((whole.scores + level)[kept], whole.therapist[kept], whole.days[kept])
    assert movement(moved, 10.0, Rule()).status == "none"


def test_beside_others_a_common_fall_is_gone_and_an_own_one_stays() -> None:
    both = seen(-10)
    alone = both._replace(
        scores=both.scores - 20 * ((both.therapist == 0) & (both.days > both.days.min() + 170))
    )
    left = beside_others(alone)
    late = both.days > both.days.min() + 170

    def change(who: int) -> float:
        mine = both.therapist == who
        return float(left[mine & late].mean() - left[mine & ~late].mean())

    assert change(0) < -15
    assert abs(np.mean([change(who) for who in range(1, 20)])) < 3


# ---- a programme's own rule


def written(**more: Any) -> DriftRule:
    given = {
        "id": "r",
        "title": "",
        "of": Series("adherence", "small"),
        "each": "",
        "adjusted": ("raters",),
        "baseline": RunningBaseline(),
        "method": "cusum",
        "parameters": {},
        "minimum": 6,
        "fall": None,
        "watch": None,
        "act": None,
    }
    return DriftRule(**{**given, **more})


def above(number: int) -> Band:
    return Band(Fraction(number), None, with_lowest=False)


def test_what_a_rule_does_not_say_is_the_default() -> None:
    assert rule_of(written(), 1.0) == rule_of(None, 1.0) == Rule()
    assert rule_of(None, 0.04) == Rule(fall=0.2, floor=0.12)


def test_what_a_rule_says_is_kept_as_it_stands() -> None:
    said = written(
        parameters={"k": Fraction(1, 4), "sd": Fraction(9)},
        minimum=8,
        fall=Fraction(3),
        watch=above(2),
        act=above(5),
    )
    assert rule_of(said, 1.0) == Rule(
        k=0.25, watch=2.0, act=5.0, minimum=8, fall=3.0, by_volume=False, sd=9.0
    )


def test_the_default_written_out_is_the_default() -> None:
    assert rule_of(written(watch=above(3), act=above(4), fall=Fraction(5)), 1.0) == Rule()


def test_a_rule_may_ask_for_the_slope_and_for_the_correction() -> None:
    said = rule_of(written(method="slope", adjusted=("raters", "autocorrelation", "modality")), 1.0)
    assert (said.method, said.autocorrelation) == ("slope", True)
    assert covariates(written(adjusted=("raters", "autocorrelation", "modality"))) == ("modality",)


def test_therapists_and_sites_have_rules_of_their_own_and_what_is_not_used_is_told() -> None:
    rules = (
        written(id="first_five", title="From the first five", baseline=FirstScores(5)),
        written(id="each_rater", title="Each rater", each="rater"),
        written(id="sites", each="site"),
        written(id="people"),
        written(id="on_paper", method="fall_from_baseline", baseline=FirstScores(3)),
    )
    programme = load_programme('programme p "P"\n  version 1.0.0\n', "p.rubric")._replace(drifts=rules)
    small = load('checklist small "Small"\n  version 1.0.0\n', "small.rubric")
    used = [written_for(programme, score(), small, each) for each in ("therapist", "site")]
    assert [each.id for each in used if each] == ["people", "sites"]
    assert [each.title for each in unused(programme)] == ["From the first five", "Each rater"]


def test_the_slope_finds_a_slow_fall() -> None:
    slow = course(*[90 - 3 * number for number in range(14)])
    others = {f"T{number}": course(*[70, 80] * 7) for number in range(6)}
    found, spread = drifts({"A": slow, **others}, score(), rule=Rule(method="slope"))
    assert (found["A"].status, spread.method) == ("act", "slope")
    assert found["A"].size is not None
    assert found["A"].size < -20
    assert {found[name].status for name in others} == {"none"}


def test_a_correction_that_is_asked_for_widens_the_spread_and_takes_power_away() -> None:
    """R = 0.2 widens by the root of 1.2 / 0.8; a negative one changes nothing."""
    assert widened(10.0, 0.2) == near(12.2474)
    assert widened(10.0, -0.3) == widened(10.0, None) == 10.0
    waves = {name: course(*[70, 70, 70, 80, 80, 80] * 3) for name in "AB"}
    _, plain = drifts(waves, score())
    _, wide = drifts(waves, score(), rule=Rule(autocorrelation=True))
    assert plain.sigma is not None
    assert wide.sigma is not None
    assert wide.sigma > plain.sigma
    assert (plain.corrected, wide.corrected) == (False, True)


# ---- chances


def test_the_chances_of_the_default_are_those_of_the_published_simulation() -> None:
    assert chance(12, Rule()) == Chance(12, 7.4, 2.6, 51)
    assert chance(11, Rule()) == Chance(11, near(6.35), near(2.15), near(45.5))
    assert chance(3, Rule()) == chance(6, Rule())
    assert chance(50, Rule()).act == 2


def test_another_rule_is_given_the_chances_that_it_has_itself() -> None:
    strict, lax = chance(12, Rule(watch=4, act=5)), chance(12, Rule(watch=2, act=3))
    assert strict.act < 1.2
    assert 4 < lax.act < 9
    assert strict.found < lax.found


def test_our_own_simulation_of_the_default_agrees_with_the_published_one() -> None:
    """With the spread known exactly: 1.9 and 6.7 in 100 at 12 sessions (table 4), 53 found."""
    (twelve,) = (each for each in simulated(Rule()) if each.sessions == 12)
    assert twelve.watch == pytest.approx(6.7, abs=0.9)
    assert twelve.act == pytest.approx(1.9, abs=0.7)
    assert twelve.found == pytest.approx(53, abs=3)


def test_what_neighbours_have_in_common_raises_false_alarms() -> None:
    assert (at_lag(-0.2), at_lag(0.1), at_lag(0.15), at_lag(0.5)) == (2.5, 5.0, 7.5, 10.0)


# ---- many therapists


def test_benjamini_and_hochberg_worked_by_hand() -> None:
    """Of five at 10 % the limits are 0.02, 0.04, 0.06, 0.08, 0.1: the third stands, and all before it."""
    assert discoveries(np.array([0.5, 0.055, 0.03, 0.001, 0.9]), 0.1).tolist() == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert discoveries(np.zeros(0), 0.1).tolist() == []


def test_two_hundred_are_put_in_order_by_evidence() -> None:
    random = np.random.default_rng(11)
    series = {f"T{number:03}": course(*random.normal(80, 5, 12).tolist()) for number in range(199)}
    fell = course(*[90] * 6, *[40] * 6)
    found, _ = drifts({"A": fell, **series}, score())
    ranked = listed(found, Rule())
    assert min(ranked, key=lambda name: ranked[name].p or 1) == "A"
    assert ranked["A"].listed
    assert sum(bool(each.listed) for each in ranked.values()) < 6
    few = {name: found[name] for name in list(found)[:199]}
    assert listed(few, Rule()) == few


# ---- items


def fallen_of(shares: Mapping[str, Sequence[float]]) -> tuple[FallenItem, ...]:
    """One therapist's shares of items, as many sessions for each."""
    (several,) = {len(of) for of in shares.values()}
    (found,) = fallen(
        {item: exact(Fraction(each) for each in of) for item, of in shares.items()}, np.array([several])
    )
    return found


def chance_of_fall(shares: Sequence[float]) -> float:
    return float(chances_of_fall(np.array(shares), np.array([len(shares)]))[0])


def test_an_item_that_fell_is_told_while_others_are_steady() -> None:
    (found,) = fallen_of({"safety": [1.0] * 6 + [0.0] * 6, "plan": [1.0, 0.5] * 6})
    assert (found.item, found.first, found.last, found.n_first) == ("safety", 100.0, 0.0, 6)
    assert found.p < 0.01


def test_below_six_ratings_on_each_side_no_item_is_judged() -> None:
    assert fallen_of({"safety": [1.0] * 5 + [0.0] * 5}) == ()


def test_an_item_that_is_always_alike_did_not_fall() -> None:
    assert fallen_of({"safety": [1.0] * 20}) == ()
    assert chance_of_fall([1.0] * 12) == 1.0


def test_the_rank_test_worked_by_hand() -> None:
    """1 to 6 then 7 to 12 is the surest rise; turned round the ranks differ by 36 of a spread of 12.49 / 2.

    Half the difference is 18, the root of 143 * 6 / (2 * 11) is 6.245: z = 17.5 / 6.245 = 2.802.
    """
    falling = [float(each) for each in range(12, 0, -1)]
    assert chance_of_fall(falling) == near(0.002538)
    assert chance_of_fall(falling[::-1]) > 0.99


# ---- the spread


def test_sigma_of_von_neumanns_mean_square_successive_difference() -> None:
    """Differences of 2, 2 and 4 in every four: the mean square is 8, half of it 4 (definition of 1941)."""
    series = flat([[0, 2, 0, 4] * 7])
    assert spread_of(series).sigma == near(((4 + 4 + 16) * 7 + 16 * 6) ** 0.5 / (2 * 27) ** 0.5)


def test_a_stated_spread_needs_no_differences() -> None:
    found, spread = drifts({"A": FALLEN}, score(), rule=Rule(sd=10.0))
    assert (found["A"].status, spread.sigma, spread.differences) == ("act", 10.0, 9)
