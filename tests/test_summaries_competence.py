"""How well a therapist delivers: mean, interval, best estimate, and how that stands to the standard."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from summary_sample import laid_out

from fidelity.model.checklist import Score
from fidelity.model.expression import Constant, Needing
from fidelity.model.summary import SessionScore
from fidelity.summaries.competence import (
    Competence,
    Pooled,
    best_estimates,
    competences,
    more_needed,
    pooled_spread,
    share,
    shrunken,
    standing,
)

SEVENTY = Fraction(70)
ADHERENCE = Score(
    "adherence",
    "adherence",
    "",
    "Adherence",
    Constant(Fraction(0)),
    "percent",
    Needing(),
    Fraction(0),
    Fraction(100),
)


def near(value: Any, within: float = 6e-5) -> Any:
    """Equal in the places that the working on paper has."""
    return pytest.approx(value, abs=within)


def course(*scores: float) -> tuple[SessionScore, ...]:
    return tuple(
        SessionScore(
            session=f"S{number}",
            date=None,
            score=score,
            by_rater=(("R1", score),),
            level=None,
            modality="",
            observations=(f"O{number}",),
        )
        for number, score in enumerate(scores, start=1)
    )


def competence_of(
    series: Mapping[str, Sequence[float]], standard: Fraction | None = None
) -> dict[str, Competence]:
    return competences(
        laid_out({name: course(*scores) for name, scores in series.items()}), ADHERENCE, standard
    )


# ---- the interval


@pytest.mark.parametrize(
    ("freedom", "ninety_five", "eighty"),
    [
        (1, 12.706, 3.078),
        (2, 4.303, 1.886),
        (4, 2.776, 1.533),
        (10, 2.228, 1.372),
        (30, 2.042, 1.310),
        (100, 1.984, 1.290),
    ],
)
def test_the_t_quantiles_are_those_of_the_printed_tables(
    freedom: int, ninety_five: float, eighty: float
) -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2."""
    one = Pooled(sd=1.0, freedom=freedom)
    assert (one.half_width(1, 0.95), one.half_width(1, 0.80)) == near((ninety_five, eighty), within=5e-4)


def test_three_sessions_get_an_interval_from_the_spread_of_all() -> None:
    """Squares 100 + 0 + 100 and 0 + 0 + 0 on 2 + 2 degrees: sd 7.0711, 2.7764 * 7.0711 / sqrt(3) = 11.335."""
    found = competence_of({"A": [70, 80, 90], "B": [60, 60, 60]})
    assert (found["A"].mean, found["A"].low, found["A"].high) == near((80, 68.665, 91.335), within=5e-4)
    assert (found["B"].mean, found["B"].low, found["B"].high) == near((60, 48.665, 71.335), within=5e-4)


def test_two_sessions_get_a_mean_and_no_interval() -> None:
    found = competence_of({"A": [70, 90], "B": [60, 70, 80]})
    assert (found["A"].mean, found["A"].low, found["A"].high) == (80, None, None)


def test_the_interval_ends_where_the_score_ends() -> None:
    found = competence_of({"A": [90, 100, 95], "B": [0, 5, 10]})
    assert found["A"].high == 100
    assert found["B"].low == 0


def test_a_count_without_a_highest_value_has_no_end_above() -> None:
    """Mean 10, sd 10 on 2 degrees: 4.3027 * 10 / sqrt(3) = 24.841."""
    count = Score("n", "n", "", "N", Constant(Fraction(0)), "count", Needing(), Fraction(0))
    found = competences(laid_out({"A": course(0, 10, 20)}), count, None)["A"]
    assert (found.low, found.high) == near((0, 34.841), within=5e-4)


def test_constant_scores_have_an_interval_without_width() -> None:
    found = competence_of({"A": [200 / 3] * 5}, Fraction(200, 3))["A"]
    assert (found.low, found.mean, found.high, found.standard) == (200 / 3, 200 / 3, 200 / 3, "meets")


def test_one_session_each_says_nothing_about_the_spread() -> None:
    assert pooled_spread([[70], [80], []]) is None
    found = competence_of({"A": [70], "B": [80], "C": [90], "D": [100]}, SEVENTY)
    assert replace(found["A"], at_standard=None) == Competence(70, None, None, None, "too_few", None)


def test_without_a_session_there_is_nothing_to_say() -> None:
    found = competence_of({"A": [], "B": [70, 80, 90]}, SEVENTY)
    assert found["A"] == Competence(None, None, None, None, "too_few", None)


# ---- the standard


def test_without_a_declared_standard_nothing_is_said_about_it() -> None:
    found = competence_of({"A": [70, 75, 80, 85, 90]})["A"]
    assert (found.standard, found.more_needed) == (None, None)


@pytest.mark.parametrize(
    ("mean", "n", "standard"),
    [
        (86.0, 5, "meets"),  # 80.14 to 91.86
        (85.0, 5, "cannot_tell"),  # 79.14 to 90.86
        (74.2, 5, "cannot_tell"),  # 68.34 to 80.06
        (74.0, 5, "below"),  # 68.14 to 79.86
        (99.0, 4, "too_few"),
        (10.0, 4, "too_few"),
    ],
)
def test_the_80_percent_limits_are_held_against_the_standard(mean: float, n: int, standard: str) -> None:
    """Sd 10 on 30 degrees, standard 80: half the width at 5 sessions is 1.3104 * 10 / sqrt(5) = 5.860."""
    assert standing(mean, n, Pooled(10.0, 30), 80.0) == standard


def test_who_lies_on_the_standard_with_both_limits_meets_it() -> None:
    assert standing(80.0, 5, Pooled(0.0, 30), 80.0) == "meets"


@pytest.mark.parametrize(
    ("mean", "n", "more"),
    [
        (85.0, 5, 2),  # (13.104 / 5) ** 2 = 6.87 sessions in all
        (75.0, 5, 2),
        (82.0, 5, 38),  # (13.104 / 2) ** 2 = 42.9
        (85.9, 5, 1),  # (13.104 / 5.9) ** 2 = 4.9: it should have been told, so one more
        (80.1, 5, None),  # 17172 sessions are no advice
        (80.0, 5, None),
    ],
)
def test_how_many_more_would_tell_if_the_mean_stayed(mean: float, n: int, more: int | None) -> None:
    assert more_needed(mean, n, Pooled(10.0, 30), 80.0) == more


def test_how_many_more_is_said_only_where_it_cannot_be_told() -> None:
    """Sd 7.9057 on 8 degrees: 85 needs (1.3968 * 7.9057 / 5) ** 2 = 4.9 sessions, 82 needs 30.5."""
    series = {"A": [75, 80, 85, 90, 95], "B": [72, 77, 82, 87, 92]}
    found = competence_of(series, Fraction(80))
    assert (found["A"].standard, found["A"].more_needed) == ("meets", None)
    assert (found["B"].standard, found["B"].more_needed) == ("cannot_tell", 26)


# ---- the best estimate


def test_the_baseball_players_of_efron_and_morris() -> None:
    """Efron and Morris 1977, Stein's paradox in statistics, Scientific American 236 (5), 119-127.

    Hits of 18 players in their first 45 times at bat in 1970. Grand average .265, shrinking factor .212,
    with the binomial variance of the grand average for all; Clemente's .400 becomes .294.
    """
    hits = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
    averages = hits / 45
    variance = averages.mean() * (1 - averages.mean()) / 45
    estimates = shrunken(averages, np.full(18, variance))
    kept = (estimates - averages.mean()) / (averages - averages.mean())
    assert averages.mean() == near(0.265, within=5e-4)
    assert kept == near(np.full(18, 0.212), within=5e-4)
    assert estimates[[0, 1, 2, 3, 16, 17]] == near([0.294, 0.289, 0.285, 0.280, 0.247, 0.242], within=5e-4)


def test_the_means_of_few_sessions_are_drawn_in_further() -> None:
    """Means -1, 1 with variance 1 and -2, 2 with variance 3, worked backwards from a variance between of 1.

    Weights 1/2 and 1/4: 2 * 1/2 + 2 * 4/4 = 3 = k - 1, as it must be. Shrinkage (k - 3)/(k - 1) * V/(V + 1)
    is 1/3 * 1/2 = 1/6 and 1/3 * 3/4 = 1/4, towards 0.
    """
    estimates = shrunken(np.array([-1.0, 1.0, -2.0, 2.0]), np.array([1.0, 1.0, 3.0, 3.0]))
    assert estimates == near([-5 / 6, 5 / 6, -1.5, 1.5])


def test_equally_good_therapists_are_drawn_in_as_far_as_four_allow() -> None:
    """Squares of the means 2 * 1 + 2 * 1 = 4 with variance 10: no variance between, so a third of the way."""
    estimates = shrunken(np.array([9.0, 11.0, 9.0, 11.0]), np.full(4, 10.0))
    assert estimates == near([9 + 1 / 3, 11 - 1 / 3, 9 + 1 / 3, 11 - 1 / 3])


def test_three_therapists_are_too_few_to_learn_from_each_other() -> None:
    series = {"A": [70.0, 80.0], "B": [60.0, 70.0], "C": [90.0, 80.0]}
    assert best_estimates(series, pooled_spread(list(series.values()))) == {}


def test_without_any_spread_the_mean_is_the_best_estimate() -> None:
    found = competence_of({"A": [70, 70], "B": [80, 80], "C": [90, 90], "D": [95, 95]})
    assert [each.estimate for each in found.values()] == [70, 80, 90, 95]


# ---- shares


@pytest.mark.parametrize(
    ("number", "of", "low", "high"),
    [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0, 16.11), (1, 29, 0.61, 17.18)],
)
def test_the_intervals_of_newcombe(number: int, of: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3 (Wilson), in percent."""
    found = share(number, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-3)


def test_all_of_all_is_a_hundred_at_most() -> None:
    assert (share(29, 29).percent, share(29, 29).high) == (100, 100)


def test_sessions_at_the_standard_count_for_it() -> None:
    found = competence_of({"A": [70, 69.99, 71], "B": []}, SEVENTY)
    reached = found["A"].at_standard
    assert reached is not None
    assert (reached.number, reached.of) == (2, 3)
    assert found["B"].at_standard is None
    assert competence_of({"A": [70]})["A"].at_standard is None


# ---- the mean that is shown, and the one that is judged by


def test_adjusted_scores_decide_and_the_plain_mean_is_shown() -> None:
    """Plain 66, adjusted 72: the limits and the standard are about 72."""
    plain = laid_out({"A": course(65, 67, 66, 66, 66)})
    found = competences(replace(plain, adjusted=plain.scores + 6), ADHERENCE, SEVENTY)["A"]
    assert (found.mean, found.adjusted, found.standard) == (66, 72, "meets")
    assert found.low is not None
    assert found.low > 70


def test_nine_of_ten_and_more_of_the_intervals_hold_the_truth() -> None:
    """95 % in the published study for n = 3 and n = 12 (table C: 94.8 and 94.8)."""
    random = np.random.default_rng(20240601)
    for n in (3, 12):
        inside = 0
        for _ in range(40):
            levels = random.normal(70, 6, 20)
            series = {
                f"{who:02}": course(*random.normal(level, 8, n).tolist()) for who, level in enumerate(levels)
            }
            found = competences(laid_out(series), ADHERENCE, None)
            inside += sum(
                (each.low or 0) <= level <= (each.high or 100)
                for each, level in zip(found.values(), levels, strict=True)
            )
        assert inside / 800 == pytest.approx(0.948, abs=0.025)


# ---- whatever the scores are

some_programme = st.dictionaries(
    st.sampled_from("ABCDEF"), st.lists(st.integers(0, 300).map(lambda thirds: thirds / 3), max_size=8)
)


@given(some_programme)
def test_what_is_said_fits_together(series: dict[str, list[float]]) -> None:
    for name, found in competence_of(series, SEVENTY).items():
        numbers = [found.mean, found.low, found.high, found.estimate]
        assert all(isfinite(each) for each in numbers if each is not None)
        assert (found.mean is None) == (not series[name])
        assert (found.standard == "too_few") == (len(series[name]) < 5)
        if found.low is not None and found.mean is not None and found.high is not None:
            assert 0 <= found.low <= found.mean <= found.high <= 100


@given(some_programme)
def test_an_estimate_lies_among_the_means(series: dict[str, list[float]]) -> None:
    found = competence_of(series).values()
    means = [each.mean for each in found if each.mean is not None]
    for each in found:
        if each.estimate is not None:
            assert min(means) - 1e-9 <= each.estimate <= max(means) + 1e-9
