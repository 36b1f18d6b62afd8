"""How strict each rater is, what is left of the scores without it, and whether raters can be compared."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from summary_sample import laid_out

from fidelity.model.summary import SessionScore
from fidelity.summaries.adjusted import Adjusted, adjusted
from fidelity.summaries.columns import words
from fidelity.summaries.severity import (
    Ratings,
    _backfitted,
    _solved,
    levels,
    linked,
    mostly_one,
    severity,
)

Rated = Sequence[tuple[str, float]]


def ratings(rows: Sequence[tuple[int, int, int, float]], raters: int = 2) -> Ratings:
    """Rows of session, therapist, rater (-1: no name), value."""
    session, therapist, rater, value = (np.array(column) for column in zip(*rows, strict=True))
    return Ratings(value.astype(np.float64), therapist, rater, session, raters)


def course(*sessions: Rated) -> tuple[SessionScore, ...]:
    return tuple(
        SessionScore(
            session=f"S{number}",
            date=date(2026, 1, 1) + timedelta(days=30 * number),
            score=sum(value for _, value in given) / len(given),
            by_rater=tuple(given),
            level=None,
            modality="",
            observations=(),
        )
        for number, given in enumerate(sessions)
    )


# ---- by hand


def test_two_raters_of_one_therapist_worked_by_hand() -> None:
    """Sigma 8 and 4 points for raters make a penalty of 4.

    Two sessions at 80 by R1 and two at 70 by R2, one therapist: around the mean of 75 R1 lies 5 above. With r
    for R1 and -r for R2 what is left of R1's sessions meets the penalty: 2 (5 - r) = 4 r, so r = 5/3.
    """
    found = severity(ratings([(0, 0, 0, 80), (1, 0, 0, 80), (2, 0, 1, 70), (3, 0, 1, 70)]), 8.0, 1.0)
    assert found.raters == pytest.approx([5 / 3, -5 / 3])
    assert found.adjusted == pytest.approx([80 - 5 / 3, 80 - 5 / 3, 70 + 5 / 3, 70 + 5 / 3])


def test_a_session_scored_twice_tells_more_of_its_raters_than_two_sessions_do() -> None:
    """Beside the mean of the session, which says nothing here, the pair weighs 1 / (2 * 0.36) = 1.3889.

    It says r1 - r2 = 10; with the penalty of 4 for each 1.3889 (10 - 2 r) = 4 r, so r = 13.889 / 6.7778.
    """
    found = severity(ratings([(0, 0, 0, 80), (0, 0, 1, 70)]), 8.0, 1.0)
    assert found.raters == pytest.approx([2.0492, -2.0492], abs=5e-5)


def test_the_more_is_known_the_less_a_rater_is_drawn_towards_the_others() -> None:
    few = severity(ratings([(0, 0, 0, 80), (1, 0, 1, 70)]), 8.0, 1.0)
    many = [(2 * n + who, 0, who, 80 - 10 * who) for n in range(200) for who in (0, 1)]
    assert few.raters[0] < 1.2
    assert severity(ratings(many), 8.0, 1.0).raters[0] == pytest.approx(4.9, abs=0.1)


def test_raters_sum_to_nought_so_that_the_level_of_all_scores_stays() -> None:
    rows = [(n, n % 3, n % 4, float(50 + 7 * n % 31)) for n in range(40)]
    assert severity(ratings(rows, 4), 10.0, 1.0).raters.sum() == pytest.approx(0)


def test_a_rating_without_a_name_stays_as_it_is() -> None:
    found = severity(ratings([(0, 0, 0, 80), (1, 0, 1, 70), (2, 0, -1, 60)]), 8.0, 1.0)
    assert found.adjusted[2] == 60


def test_two_ratings_of_one_session_by_the_same_rater_say_nothing_of_raters() -> None:
    found = severity(ratings([(0, 0, 0, 80), (0, 0, 0, 60)]), 8.0, 1.0)
    assert found.raters == pytest.approx([0, 0])


def test_a_session_rated_three_times_counts_once_and_compares_all_three() -> None:
    found = severity(ratings([(0, 0, 0, 90), (0, 0, 1, 80), (0, 0, 2, 70)], 3), 8.0, 1.0)
    assert found.raters == pytest.approx([-found.raters[2], 0, found.raters[2]])
    assert found.raters[0] > 1


def test_levels_of_a_covariate_are_taken_off_like_raters() -> None:
    rows = [(n, 0, 0, 80 - 10 * (n % 2)) for n in range(100)]
    of = ratings(rows, 1)._replace(factors=(np.array([n % 2 for n in range(100)]),))
    found = severity(of, 8.0, 1.0)
    assert found.factors[0] == pytest.approx([4.63, -4.63], abs=0.01)
    assert np.ptp(found.adjusted) < 1


some_ratings = st.lists(
    st.tuples(st.integers(0, 12), st.integers(-1, 4), st.integers(0, 100)), min_size=1, max_size=40
)


@given(some_ratings)
def test_solving_and_backfitting_come_to_the_same(rows: list[tuple[int, int, int]]) -> None:
    """The session decides the therapist, as it does in data: sessions 0 to 3 are of therapist 0 and so on."""
    of = ratings([(session, session // 4, rater, value) for session, rater, value in sorted(rows)], 5)
    columns, offsets = levels(of)
    solved, fitted = (each(of, columns, offsets[-1], 6.25) for each in (_solved, _backfitted))
    assert fitted == pytest.approx(solved, abs=0.02)
    assert np.isfinite(solved).all()


# ---- comparable raters


def test_raters_are_linked_by_therapists_that_both_rated() -> None:
    therapist, rater = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 3])
    assert linked(therapist, rater, 4).tolist() == [0, 0, 0, 3]


def test_raters_without_ratings_or_names_are_groups_of_their_own() -> None:
    assert linked(np.array([0]), np.array([-1]), 2).tolist() == [0, 1]


def test_one_rater_for_more_than_seven_of_ten_sessions_is_told() -> None:
    """Therapist 0: 3 of 4 sessions by rater 0. Therapist 1: half and half."""
    therapist, rater = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 0, 1])
    assert mostly_one(therapist, rater, np.arange(6)) == [(0, 0, 0.75)]


# ---- from session scores


def strict_and_mild(groups: Sequence[str] = ("strict", "mild")) -> dict[str, tuple[SessionScore, ...]]:
    """Six therapists at 80, rated in turn; the first rater gives 5 less, the second 5 more."""
    return {
        f"T{who}": course(
            *(
                [(groups[(who + number) % 2], 80.0 + (-5 if (who + number) % 2 == 0 else 5))]
                for number in range(8)
            )
        )
        for who in range(6)
    }


def test_adjusted_scores_stand_beside_plain_ones() -> None:
    found = adjusted(laid_out(strict_and_mild()), 1.0, 10.0)
    assert found.done
    assert found.raters["strict"].severity == pytest.approx(-3.97, abs=0.01)
    first = found.series["T0"][0]
    assert first.score == 75
    assert first.adjusted == pytest.approx(78.97, abs=0.01)


def test_without_a_known_spread_nothing_is_taken_off() -> None:
    series = laid_out(strict_and_mild())
    found = adjusted(series, 1.0, None)
    assert (found.done, found.series) == (False, series)


def test_one_rater_alone_has_no_severity_and_is_no_news() -> None:
    found = adjusted(laid_out(strict_and_mild(("only", "only"))), 1.0, 10.0)
    assert (found.done, found.mostly_one) == (False, ())
    assert found.raters["only"].severity is None


def test_disconnected_raters_are_two_groups_and_nothing_is_taken_off() -> None:
    series = {"A": course(*[[("R1", 80.0)]] * 8), "B": course(*[[("R2", 60.0)]] * 8)}
    found = adjusted(laid_out(series), 1.0, 10.0)
    assert (found.groups, found.done) == (2, False)
    assert [(each.therapist, each.rater, each.share) for each in found.mostly_one] == [
        ("A", "R1", 1.0),
        ("B", "R2", 1.0),
    ]


def test_no_session_at_all_is_adjusted_to_nothing() -> None:
    assert adjusted(laid_out({}), 1.0, None) == Adjusted(laid_out({}), False, {}, ())


# ---- raters over time


def programme(
    stricter: float, *, common: float = 0.0, fixed: bool = False
) -> dict[str, tuple[SessionScore, ...]]:
    """Twenty therapists, twelve sessions, four raters; R0 changes by so many points over time, or all do."""
    random = np.random.default_rng(7)
    series = {}
    for who in range(20):
        sessions = []
        for number in range(12):
            rater = who % 4 if fixed else int(random.integers(4))
            change = (common + (stricter if rater == 0 else 0.0)) * number / 11
            sessions.append([(f"R{rater}", 80 + change + float(random.normal(0, 5)))])
        series[f"T{who:02}"] = course(*sessions)
    return series


def flags(series: dict[str, tuple[SessionScore, ...]]) -> dict[str, str]:
    return {name: each.flagged for name, each in adjusted(laid_out(series), 1.0, 5.0).raters.items()}


def test_a_rater_who_becomes_stricter_is_flagged_and_the_others_are_not() -> None:
    assert flags(programme(-12)) == {"R0": "stricter", "R1": "", "R2": "", "R3": ""}


def test_a_rater_who_becomes_milder_is_told_apart() -> None:
    assert flags(programme(12))["R0"] == "milder"


def test_raters_who_follow_the_whole_programme_are_not_flagged() -> None:
    assert set(flags(programme(0, common=-15)).values()) == {""}


def test_with_a_fixed_caseload_a_rater_cannot_be_told_from_it() -> None:
    series = laid_out(programme(-15, fixed=True))
    one_session = words(["x", *[""] * (len(series.scores) - 1)])
    found = adjusted(series, 1.0, 5.0, [one_session])
    assert found.raters["R0"].flagged == "stricter"
    assert all(each.fixed for each in found.raters.values())
    assert found.groups == 4


def test_steady_raters_have_a_small_z() -> None:
    found = adjusted(laid_out(programme(0)), 1.0, 5.0)
    assert all(each.z is not None and abs(each.z) < 2.5 for each in found.raters.values())


def test_on_a_single_day_there_is_no_trend() -> None:
    series = {
        name: tuple(each._replace(date=date(2026, 1, 1)) for each in of)
        for name, of in programme(-12).items()
    }
    assert {each.z for each in adjusted(laid_out(series), 1.0, 5.0).raters.values()} == {None}
