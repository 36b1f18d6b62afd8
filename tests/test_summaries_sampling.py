"""Samples: drawn by permanent numbers, spread over cells, rated twice in linked pairs, and held against."""

import datetime as dt
from collections import Counter
from fractions import Fraction
from hashlib import blake2b
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language.reading import load_programme
from fidelity.model.observation import Observation, Selection
from fidelity.model.programme import Drawn, Programme, Quota, Row, SamplingPlan
from fidelity.model.session import Delivered
from fidelity.summaries.plain import plain
from fidelity.summaries.programme.pathway import Pathway
from fidelity.summaries.sampling.achieved import sampling_of
from fidelity.summaries.sampling.chance import in_a_year, noticed
from fidelity.summaries.sampling.numbers import permanent_number, shown_number
from fidelity.summaries.sampling.plan import Sample, pool_of, reserves, sample_of
from fidelity.summaries.sampling.raters import connected, pairs_of
from fidelity.summaries.sampling.spread import Session, in_turn


def plan(at_least: int = 2, spread: tuple[str, ...] = (), share: str = "", second: str = "") -> SamplingPlan:
    """At least so many of each therapist's sessions, or a share of them if that is more."""
    floors = [Drawn(Quota(Fraction(at_least), False), "therapist")]
    floors += [Drawn(Quota(Fraction(share), True), "therapist")] if share else []
    both = Quota(Fraction(second), True) if second else None
    return SamplingPlan("sample", "", "form", "", (), (), tuple(floors), spread, both, 7)


def delivered(
    number: int, therapist: str = "T1", client: str = "", kind: str = "", at: int | None = None
) -> Delivered:
    words = {"modality": kind} if kind else {}
    return Delivered(f"S{number:03d}", therapist, client, None, at, "", words)


def taken(sample: Sample) -> frozenset[str]:
    return sample.planned.taken


# ---- the number


def test_the_number_of_a_session_can_be_worked_out_with_python_alone() -> None:
    digest = blake2b(b"S001", key=b"7", digest_size=16).hexdigest()
    assert int(digest, 16) == permanent_number(7, "S001")
    assert int(digest, 16) / 2**128 == 0.8448772554235033
    assert shown_number(permanent_number(7, "S001")) == "0.844877255423"


def test_second_raters_are_drawn_by_another_number() -> None:
    key = b"7 second"
    assert permanent_number(7, "S001", "second") == int(
        blake2b(b"S001", key=key, digest_size=16).hexdigest(), 16
    )


# ---- the draw

Rows = list[tuple[str, str, str, int | None]]

KINDS = st.sampled_from(["", "individual", "group"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["T1", "T2", "T3"]),
        st.sampled_from(["", "C1", "C2"]),
        KINDS,
        st.none() | st.integers(1, 5),
    ),
    max_size=25,
)
PLANS = st.builds(
    plan,
    at_least=st.integers(1, 6),
    spread=st.sampled_from([(), ("modality",), ("modality", "session_number"), ("session_number",)]),
)


def table(rows: Rows) -> list[Delivered]:
    found = []
    for number, (therapist, client, kind, at) in enumerate(rows):
        each = delivered(number, therapist, client, kind, at)
        found.append(each._replace(words={**each.words, "session_number": str(at or "")}))
    return found


@given(ROWS, PLANS, st.randoms())
def test_the_order_of_the_table_changes_nothing(rows: Rows, plan: SamplingPlan, random: Random) -> None:
    sessions = table(rows)
    shuffled = sessions.copy()
    random.shuffle(shuffled)
    raters = ("R1", "R2", "R3")
    assert sample_of(plan, shuffled, raters).rows == sample_of(plan, sessions, raters).rows


@given(ROWS, PLANS, st.integers(0, 30))
def test_one_more_session_moves_one_other_at_most_and_only_of_its_own_therapist(
    rows: Rows, plan: SamplingPlan, at: int
) -> None:
    sessions = table(rows)
    if not sessions:
        return
    new = sessions.pop(at % len(sessions))
    before, after = taken(sample_of(plan, sessions)), taken(sample_of(plan, [*sessions, new]))
    gone = before - after
    assert len(gone) <= 1
    assert after - before <= {new.session}
    assert {each.therapist for each in sessions if each.session in gone} <= {new.therapist}
    if new.session not in after:
        assert before == after


@given(ROWS, PLANS)
def test_every_therapist_gets_the_quota_or_all_there_are(rows: Rows, plan: SamplingPlan) -> None:
    sessions = table(rows)
    own = Counter(each.therapist for each in sessions)
    drawn = Counter(each.therapist for each in sessions if each.session in taken(sample_of(plan, sessions)))
    quota = int(plan.floors[0].quota.number)
    assert drawn == {name: min(quota, number) for name, number in own.items()}


def test_the_quota_is_the_larger_of_the_number_and_the_share_rounded_up() -> None:
    """With k = 6 and q = 10 %, max(6, ceil(0.1 N)); of 61 sessions that is 7, of 60 it is 6."""
    for number, quota in ((5, 5), (6, 6), (60, 6), (61, 7), (100, 10)):
        sessions = [delivered(each) for each in range(number)]
        assert len(taken(sample_of(plan(6, share="1/10"), sessions))) == quota


def test_in_a_cell_the_smallest_numbers_are_taken() -> None:
    sessions = [delivered(each) for each in range(20)]
    by_number = sorted((each.session for each in sessions), key=lambda name: permanent_number(7, name))
    assert taken(sample_of(plan(3), sessions)) == set(by_number[:3])


def test_cells_take_turns() -> None:
    """Two modalities and three thirds: six sessions are one of each cell, and three one of each third."""
    sessions = [
        delivered(6 * n + 2 * third + kind, kind=("group", "individual")[kind], at=third + 1)
        for n in range(5)
        for third in range(3)
        for kind in range(2)
    ]
    six = sample_of(plan(6, ("modality", "session")), sessions)
    assert sorted(Counter(row.stratum for row in six.rows if row.take == "observe").values()) == [1] * 6
    three = sample_of(plan(3, ("session", "modality")), sessions)
    strata = [row.stratum.split(";")[0] for row in three.rows if row.take == "observe"]
    assert sorted(strata) == ["session early", "session late", "session middle"]


def test_one_session_of_a_client_while_there_are_others() -> None:
    sessions = [delivered(each, client=f"C{each % 4}") for each in range(20)]
    four = sample_of(plan(4), sessions)
    assert sorted(row.client for row in four.rows if row.take == "observe") == ["C0", "C1", "C2", "C3"]
    five = sample_of(plan(5), sessions)
    assert max(Counter(row.client for row in five.rows if row.take == "observe").values()) == 2


def test_what_was_taken_before_has_had_its_turn() -> None:
    sessions = [Session(name, "", {"kind": (kind,)}) for name, kind in zip("abcd", "xxyy", strict=True)]
    first, *_ = in_turn(7, sessions, ("kind",), taken={"a"})
    assert first.values["kind"] == ("y",)


def test_the_third_is_found_by_number_or_by_the_dates_of_a_client() -> None:
    numbered = [delivered(each, at=each) for each in range(1, 6)]
    assert [each.values["session"] for each in pool_of(numbered)] == [
        ("early",), ("early",), ("middle",), ("middle",), ("late",)
    ]  # fmt: skip
    dated = [Delivered(f"S{each}", "T1", "C1", dt.date(2026, 3, each)) for each in range(1, 4)]
    assert [each.values["session"] for each in pool_of(dated)] == [("early",), ("middle",), ("late",)]
    assert "session" not in pool_of([delivered(1)])[0].values


def test_a_programme_draws_each_therapist_in_turn_or_all_together() -> None:
    """Decision 26: `of the rest` for each therapist in turn, `at least` over all sessions otherwise."""
    sessions = [delivered(each, f"T{each % 5}") for each in range(175)]
    for line, number in (
        ("takes 1 in 10 of the rest rounded down", 15),  # 5 times 3 of 35
        ("takes 1 in 10 of the rest rounded up", 20),  # 5 times 4
        ("takes at least 10% rounded up", 18),  # of 175
        ("takes at least 10% rounded down", 17),
        ("takes the first 2", 10),
    ):
        (sample,) = programme(line).samples
        assert len(taken(sample_of(sample, sessions))) == number


def test_one_therapists_way_and_the_sample_of_all_draw_the_same_sessions() -> None:
    rules = programme("takes the first 2", "takes 1 in 3 of the rest rounded up", "takes at least 6")
    day = dt.date(2026, 3, 1)
    rows = [Row(day, "form", id=f"S{each:03d}") for each in range(12)]
    way = Pathway(rules, {}, rows).on(day).planned["observed"]
    assert way.taken == taken(sample_of(rules.samples[0], [delivered(each) for each in range(12)]))


def test_sessions_of_another_checklist_are_not_drawn() -> None:
    sessions = [delivered(1)._replace(words={"checklist": "other"}), delivered(2)]
    assert taken(sample_of(plan(2), sessions)) == {"S002"}


# ---- reserves, second raters, chances


def test_the_next_numbers_of_the_same_cell_are_in_reserve() -> None:
    sessions = [delivered(each, kind=("group", "individual")[each % 2]) for each in range(12)]
    sample = sample_of(plan(2, ("modality",)), sessions)
    for row in (row for row in sample.rows if row.take == "observe"):
        same = [other for other in sample.rows if other.stratum == row.stratum and other.take == "reserve"]
        assert [other.place for other in same] == ["1", "2"]
        assert row.number < same[0].number < same[1].number
    waiting = reserves(sample.plan, sample.pool, taken(sample))
    assert sum(map(len, waiting.values())) == 10


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6])
def test_pairs_are_all_different_and_the_first_ones_link_all_raters(number: int) -> None:
    raters = [f"R{each}" for each in range(number)]
    pairs = pairs_of(raters)
    assert {frozenset(pair) for pair in pairs} == {frozenset(pair) for pair in combinations(raters, 2)}
    assert len(pairs) == number * (number - 1) // 2
    linked = {pairs[0].rater}
    for pair in pairs[: number - 1]:
        assert linked & set(pair)
        linked |= set(pair)
    assert linked == set(raters)
    assert connected(raters, number - 1)
    assert not connected(raters, number - 2)


def test_raters_share_the_sessions_rated_twice_and_every_therapist() -> None:
    sessions = [delivered(each, f"T{each % 4}") for each in range(120)]
    sample = sample_of(plan(12, second="1/4"), sessions, ("R1", "R2", "R3"))
    both = [row for row in sample.rows if row.second]
    assert len(both) == 12
    assert Counter(name for row in both for name in (row.rater, row.second_rater)) == {
        "R1": 8, "R2": 8, "R3": 8
    }  # fmt: skip
    for therapist in ("T0", "T1", "T2", "T3"):
        own = [
            row.rater for row in sample.rows if row.therapist == therapist and row.rater and not row.second
        ]
        assert max(Counter(own).values()) - min(Counter(own).values()) <= 1


def test_the_chance_to_notice_a_fall_is_the_measured_one_and_in_proportion_between() -> None:
    assert noticed(5) is None
    assert noticed(12) == (12, 44, 27, 69, 51)
    assert noticed(14) == (14, 49.5, 31.5, 76.5, 62.5)
    assert noticed(500) == (500, 81, 79, 86, 93)


def test_a_longer_time_is_brought_to_a_year_and_a_shorter_one_is_not() -> None:
    assert in_a_year(6, []) == 6
    assert in_a_year(6, [dt.date(2026, 1, 1), dt.date(2026, 3, 1)]) == 6
    assert in_a_year(12, [dt.date(2024, 1, 1), dt.date(2025, 12, 31)]) == 6


# ---- planned against achieved


def programme(*lines: str) -> Programme:
    rules = "\n".join(f"  {line}" for line in lines)
    return load_programme(
        f'programme trial "Trial"\n  version 1.0.0\n  uses form version 1.0.0\n'
        f'sample observed "Observed" of form\n{rules}\n  seed 7\n',
        "trial.rubric",
    )


def watched(session: str, therapist: str, rater: str = "R1", selection: Selection = "planned") -> Observation:
    return Observation(
        observation=f"{session}-{rater}",
        session=session,
        therapist=therapist,
        rater=rater,
        selection=selection,
    )


def test_planned_is_held_against_what_was_observed() -> None:
    trial = programme("takes at least 5 for each therapist", "second rater for 40% rounded up")
    sessions = [delivered(each, ("T1", "T2")[each % 2]) for each in range(20)]
    drawn = sample_of(trial.samples[0], sessions)
    own = [row.session for row in drawn.rows if row.therapist == "T1" and row.take == "observe"]
    waiting = [row.session for row in drawn.rows if row.therapist == "T1" and row.take == "reserve"]
    twice = [session for session in own if session in drawn.second]
    once = [session for session in own if session not in twice]
    seen, refused = [twice[0], once[0]], once[1]
    sessions = [
        each._replace(unavailable="no_consent") if each.session == refused else each for each in sessions
    ]
    observations = [
        *(watched(each, "T1") for each in seen),
        watched(seen[0], "T1", "R2"),
        watched(waiting[0], "T1", selection="replacement"),
        watched(waiting[2], "T1"),
        watched(waiting[3], "T1", selection="for_cause"),
        watched("S999", "T1"),
    ]
    (achieved,) = sampling_of(trial, sessions, observations).samples
    one, two = achieved.therapists
    assert one.model_dump() == {
        "therapist": "T1",
        "eligible": 10,
        "selected": 5,
        "observed": 2,
        "replaced": 1,
        "refused": 0,
        "open": 2,
        "replacements": 1,
        "not_selected": 1,
        "for_cause": 1,
        "reasons": {"no_consent": 1},
        "double_planned": len(twice),
        "double_scored": 1,
        "double_besides": 0,
        "lost": 0.2,
        "warning": False,
    }
    assert (two.selected, two.observed, two.open) == (5, 0, 5)
    assert (achieved.total.eligible, achieved.total.selected, achieved.total.open) == (20, 10, 7)
    assert (achieved.out_of_order, achieved.not_listed) == ((), ("S999",))
    assert plain(achieved)["total"]["lost"] == 0.1


def test_a_replacement_that_was_not_the_next_number_is_named() -> None:
    trial = programme("takes at least 2 for each therapist")
    sessions = [delivered(each) for each in range(12)]
    drawn = sample_of(trial.samples[0], sessions)
    waiting = reserves(drawn.plan, drawn.pool, drawn.planned.taken)["T1",]
    chosen = [watched(waiting[-1], "T1", selection="replacement")]
    (achieved,) = sampling_of(trial, sessions, chosen).samples
    assert achieved.out_of_order == (waiting[-1],)
    assert (achieved.total.replaced, achieved.total.lost, achieved.total.warning) == (1, 0.5, True)


def test_a_reason_without_a_replacement_is_a_refusal() -> None:
    trial = programme("takes at least 2 for each therapist")
    sessions = [delivered(each)._replace(unavailable="cancelled") for each in range(2)]
    (achieved,) = sampling_of(trial, sessions, []).samples
    assert (achieved.total.refused, achieved.total.open, achieved.total.reasons) == (2, 0, {"cancelled": 2})
    assert achieved.total.warning


def test_without_a_sample_or_without_sessions_there_is_nothing_to_compare() -> None:
    empty = load_programme('programme p "P"\n  version 1.0.0\n  uses form version 1.0.0\n', "p.rubric")
    assert sampling_of(empty, [], []).samples == ()
    (achieved,) = sampling_of(programme("takes the first 2"), [], []).samples
    assert (achieved.total.selected, achieved.total.lost) == (0, None)
