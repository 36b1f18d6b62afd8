"""Summaries are worked out column by column; here are the definitions one by one, and both say the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import sqrt
from statistics import mean
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from summary_sample import NOTHING_READ, SMALL, Rows, checklist_of, scored

from fidelity.model.observation import Observation
from fidelity.model.scale import Given
from fidelity.model.score import Scored
from fidelity.model.summary import ItemCount, PartSummary, SetAside, Summary
from fidelity.summaries import summarise, summarise_columns
from fidelity.summaries.columns import ScoredColumns, Words, from_scored, words
from fidelity.summaries.drift.items import chances_of_fall
from fidelity.summaries.exact import Exact, exact, means, means_by, ratios, runs

CHECKLIST = checklist_of(
    SMALL.replace(
        "score adherence", 'score part "Part" for each section is percent of its items\n\nscore adherence'
    )
)
GROUPS = {"opening": ("welcome", "safety"), "work": ("plan", "homework")}

Line = tuple[str, ...]
an_answer = st.sampled_from(["done", "partly", "not_done", "na", "-"])
a_line = st.tuples(
    st.sampled_from(["Amina", "Basma", "-"]),
    st.sampled_from(
        ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02", "2026-02-09", "-"]
    ),
    st.sampled_from(["S1", "S2", "S3", "S4", "S5", "S6", "-"]),
    st.sampled_from(["R1", "R2", "R3", "-"]),
    st.sampled_from(["north", "south", "-"]),
    st.sampled_from(["live", "live", "live", "role_play", "self_report"]),
    st.sampled_from(["planned", "planned", "planned", "for_cause"]),
    st.lists(an_answer, min_size=4, max_size=4).map(" ".join),
)
some_lines = st.lists(a_line, max_size=30)


def rows_of(lines: Sequence[Line]) -> Rows:
    heading = "therapist date session rater site evidence selection welcome safety plan homework"
    table = [" ".join(line) for line in lines]
    return scored(CHECKLIST, "\n".join([heading, *table]))


# ---- the definitions


class Rating(NamedTuple):
    who: Observation
    scored: Scored


class Session(NamedTuple):
    """The ratings of one occasion, by one kind of evidence."""

    ratings: list[Rating]

    @property
    def day(self) -> date | None:
        return min((each.who.date for each in self.ratings if each.who.date), default=None)

    @property
    def site(self) -> str:
        return next((each.who.site for each in self.ratings if each.who.site), "")


def sessions_seen(rows: Rows) -> list[Session]:
    """Those of the first kind of evidence that there is, none observed for a cause."""
    used = [
        Rating(each.observation, each.scored)
        for each in rows
        if each.scored and each.observation.selection != "for_cause"
    ]
    for kinds in ({"live"}, {"role_play"}, {"self_report"}):
        found: dict[tuple[str, str], list[Rating]] = {}
        for each in used:
            if each.who.evidence in kinds:
                found.setdefault((each.who.therapist, each.who.occasion), []).append(each)
        if found:
            return [Session(of) for of in found.values()]
    return []


def course_of(rows: Rows, therapist: str) -> list[Session]:
    own = [each for each in sessions_seen(rows) if each.ratings[0].who.therapist == therapist and each.day]
    return sorted(own, key=lambda each: each.day or date.min)


def values(session: Session, score: str) -> list[Fraction]:
    given = (each.scored.scores[score].exact for each in session.ratings)
    return [each for each in given if each is not None]


def points(rating: Rating, item: str) -> Fraction | None:
    answer = rating.scored.answers[item]
    return answer.points if isinstance(answer, Given) else None


def item_counts(course: Sequence[Session]) -> set[ItemCount]:
    found = set()
    for item in ("welcome", "safety", "plan", "homework"):
        given = [points(rating, item) for session in course[-5:] for rating in session.ratings]
        rated = [each for each in given if each is not None]
        if rated:
            found.add(
                ItemCount(
                    item=item,
                    missed=rated.count(Fraction(0)),
                    rated=len(rated),
                    shown=rated.count(Fraction(2)),
                )
            )
    return found


def part(group: str, course: Sequence[Session]) -> PartSummary:
    shares = []
    for session in course:
        own = []
        for rating in session.ratings:
            given = [each for item in GROUPS[group] if (each := points(rating, item)) is not None]
            own += [Fraction(sum(given), 2 * len(given))] if given else []
        shares += [mean(own)] if own else []
    percent: Callable[[Sequence[Fraction]], float] = lambda of: float(100 * mean(of))  # noqa: E731
    enough = len(shares) >= 6
    return PartSummary(
        group=group,
        mean=percent(shares) if shares else None,
        first=percent(shares[:3]) if enough else None,
        last=percent(shares[-3:]) if enough else None,
    )


def levels(course: Sequence[Session]) -> dict[str, int]:
    given = [{each.scored.results["fidelity"].level for each in session.ratings} for session in course]
    lowest = [next((level for level in ("low", "fair", "high") if level in each), None) for each in given]
    return {level: lowest.count(level) for level in ("low", "fair", "high")}


def mean_of(given: Iterable[Fraction]) -> float | None:
    known = list(given)
    return float(mean(known)) if known else None


def rater(name: str, rows: Rows) -> tuple[int, float | None]:
    own = [each for session in sessions_seen(rows) for each in session.ratings if each.who.rater == name]
    return len(own), mean_of(value for each in own for value in values(Session([each]), "adherence"))


def site(name: str, rows: Rows) -> tuple[int, int, float | None]:
    own = [each for each in sessions_seen(rows) if each.site == name]
    people = {each.ratings[0].who.therapist for each in own} - {""}
    return len(people), len(own), mean_of(mean(of) for each in own if (of := values(each, "adherence")))


# ---- both say the same


@settings(max_examples=60)
@given(some_lines)
def test_the_columns_say_what_the_definitions_say(lines: list[Line]) -> None:
    rows = rows_of(lines)
    found = summarise(CHECKLIST, rows, NOTHING_READ)
    for each in found.therapists:
        course = course_of(rows, each.therapist)
        assert each.n == len(course)
        assert set(each.items) == item_counts(course)
        assert each.parts == tuple(part(group, course) for group in GROUPS)
        assert each.levels == {"fidelity": levels(course)}
        assert each.gates_failed == {
            "no_safety": sum(
                any(one.scored.gates["no_safety"] == "fails" for one in session.ratings) for session in course
            )
        }
        for key, score in each.scores.items():
            known = [of for session in course if (of := values(session, key))]
            assert [one.score for one in score.sessions] == [float(mean(of)) for of in known]
            assert [len(one.by_rater) for one in score.sessions] == [len(of) for of in known]
        reached = [of for session in course if (of := values(session, "adherence")) and mean(of) >= 70]
        share = each.scores["adherence"].at_standard
        assert (share.number if share else 0) == len(reached)
    assert {each.rater: (each.n, each.mean) for each in found.raters} == {
        each.rater: rater(each.rater, rows) for each in found.raters
    }
    assert {each.site: (each.therapists, each.n, each.mean) for each in found.sites} == {
        each.site: site(each.site, rows) for each in found.sites
    }


@given(some_lines)
def test_every_observation_is_in_a_course_or_set_aside_once(lines: list[Line]) -> None:
    rows = rows_of(lines)
    found = summarise(CHECKLIST, rows, NOTHING_READ)
    counted = [
        rating.who.observation
        for each in found.therapists
        for session in course_of(rows, each.therapist)
        for rating in session.ratings
    ]
    aside = [name for each in found.set_aside for name in each.observations]
    assert sorted([*counted, *aside]) == sorted(each.observation.observation for each in rows)


# ---- columns that come from elsewhere


@settings(max_examples=60)
@given(some_lines)
def test_columns_may_have_their_words_in_any_order_and_whole_numbers_of_any_kind(
    lines: list[Line],
) -> None:
    columns = from_scored(CHECKLIST, rows_of(lines))
    others = replace(
        columns,
        therapist=turned(columns.therapist),
        rater=turned(columns.rater),
        session=turned(columns.session),
        site=turned(columns.site),
        evidence=turned(columns.evidence),
        days=columns.days.astype(np.int32),
        levels={key: each.astype(np.int8) for key, each in columns.levels.items()},
        points={
            key: each._replace(numerators=each.numerators.astype(np.int8))
            for key, each in columns.points.items()
        },
        scores={
            key: Exact(
                np.array([7 * n for n in each.numerators.tolist()], dtype=object),
                7 * each.denominator,
                each.known,
            )
            for key, each in columns.scores.items()
        },
    )
    assert summary(others) == summary(columns)


def turned(column: Words) -> Words:
    """The same column with its words the other way round, and one that nobody uses."""
    last = len(column.words)
    places = np.where(column.places < 0, -1, last - column.places).astype(np.int16)
    return Words(places, ("unused", *reversed(column.words)))


def summary(columns: ScoredColumns) -> Summary:
    return summarise_columns(CHECKLIST, columns, NOTHING_READ)


def test_no_rating_at_all_is_a_summary_of_nothing_but_what_was_left_out() -> None:
    columns = replace(from_scored(CHECKLIST, []), refused=["O1"], for_cause=["O2"])
    found = summary(columns)
    assert (found.therapists, found.raters) == ((), ())
    assert found.set_aside == (
        SetAside(reason="refused", observations=("O1",)),
        SetAside(reason="for_cause", observations=("O2",)),
    )


def test_a_column_of_words_knows_blanks_and_its_order() -> None:
    column = words(["south", "", "north", "south"])
    assert (column.places.tolist(), column.words) == ([0, -1, 1, 0], ("south", "north"))
    assert (column.in_order.places.tolist(), column.in_order.words) == ([1, -1, 0, 1], ("north", "south"))


# ---- exact numbers


a_number = st.none() | st.fractions(-50, 100, max_denominator=40)


@given(st.lists(st.lists(a_number, max_size=6), max_size=8))
def test_means_of_columns_are_those_of_fractions_rounded_once(of: list[list[Fraction | None]]) -> None:
    numbers = exact(each for run in of for each in run)
    sizes = np.array([len(run) for run in of], dtype=np.intp)
    expected = [mean_of(each for each in run if each is not None) for run in of]
    assert means(numbers, sizes).listed == expected
    owner = np.repeat(np.arange(len(of)), sizes)[::-1]
    backwards = numbers.at(np.arange(len(owner))[::-1])
    assert means_by(backwards, owner, len(of)).listed == expected


def test_numbers_that_outgrow_a_machine_word_stay_exact() -> None:
    """The primes below 60 as denominators: their least common multiple has 21 digits."""
    primes = [p for p in range(2, 60) if all(p % q for q in range(2, p))]
    thirds = exact([Fraction(1, p) for p in primes])
    assert thirds.floats.tolist() == [1 / p for p in primes]
    total = ratios(runs(thirds.numerators, np.array([len(primes)])), np.array([1]), thirds.denominator)
    assert total.listed == [float(sum(Fraction(1, p) for p in primes))]
    assert thirds.at_least(Fraction(1, 7)).tolist() == [p <= 7 for p in primes]
    assert thirds.equals(Fraction(1, 11)).tolist() == [p == 11 for p in primes]


# ---- items over time


def chance_of_fall(shares: Sequence[float]) -> float:
    """Wilcoxon's rank test of the two halves: ties share their ranks, normal with continuity correction."""
    half = len(shares) // 2
    both = [*shares[:half], *shares[len(shares) - half :]]
    ranks = [sum(other < each for other in both) + (both.count(each) + 1) / 2 for each in both]
    squares = sum((each - (2 * half + 1) / 2) ** 2 for each in ranks)
    if not squares:
        return 1.0
    apart = (sum(ranks[:half]) - sum(ranks[half:])) / 2
    return float(ndtr(-(apart - 0.5) / sqrt(squares * half / (2 * (2 * half - 1)))))


@given(st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=16), max_size=5))
def test_the_rank_test_of_many_courses_is_that_of_each(courses: list[list[float]]) -> None:
    shares = np.array([each for of in courses for each in of])
    found = chances_of_fall(shares, np.array([len(of) for of in courses], dtype=np.intp))
    assert found.tolist() == pytest.approx([chance_of_fall(of) for of in courses])
