"""The trial audit: weighted means with therapists as clusters, shares, unwanted items, totals added again."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from summary_sample import SMALL, Rows, checklist_of, scored
from test_summaries_sampling import programme

from fidelity.evaluate.evaluator import compile as compiled
from fidelity.model.checklist import Checklist
from fidelity.model.score import ScoredObservation
from fidelity.model.session import Delivered
from fidelity.model.summary import Audit, CountedShare, Sampling
from fidelity.observe import read
from fidelity.summaries.audit import audit_of
from fidelity.summaries.audit.cross_foot import compared, cross_foot
from fidelity.summaries.audit.estimates import Weighted, clustered_difference, clustered_mean, share
from fidelity.summaries.audit.items import Rescored
from fidelity.summaries.audit.weights import weights_of
from fidelity.summaries.columns import from_scored
from fidelity.summaries.plain import plain
from fidelity.summaries.sampling.achieved import sampling_of

CHECKLIST = checklist_of(SMALL)
ANSWERS = "welcome safety plan homework"


def audited(
    table: str,
    sessions: Sequence[Delivered] | None = None,
    sampling: Sampling | None = None,
    checklist: Checklist = CHECKLIST,
) -> Audit:
    return audit_of_rows(checklist, scored(checklist, table), sessions, sampling)


def audit_of_rows(
    checklist: Checklist,
    rows: Rows,
    sessions: Sequence[Delivered] | None,
    sampling: Sampling | None,
    rescored: Rescored | None = None,
) -> Audit:
    crossed = cross_foot(checklist, rows)
    return audit_of(checklist, from_scored(checklist, rows), crossed, sessions, sampling, rescored)


def near(*numbers: float | None) -> object:
    return pytest.approx(numbers, abs=5e-5)


# ---- estimates, against published examples


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_limits_are_those_of_newcombe(successes: int, of: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3."""
    found = share(successes, of)
    assert found is not None
    assert (found.low, found.high) == near(low, high)
    assert share(0, 0) is None


# Hours of sleep gained with two drugs (Cushny and Peebles 1905, the example of Student 1908).
DRUG_1 = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
DRUG_2 = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)


def one_each(values: Sequence[float], name: str, weight: float = 1) -> list[Weighted]:
    return [Weighted(f"{name}{at}", value, weight) for at, value in enumerate(values)]


def test_with_one_session_a_therapist_the_difference_has_the_limits_of_students_t() -> None:
    """The two-sample t interval of the sleep data, 18 degrees of freedom: -3.363874 to 0.203874."""
    found = clustered_difference(one_each(DRUG_1, "A"), one_each(DRUG_2, "B"))
    assert found == near(-1.58, -3.363874, 0.203874)


def test_therapists_who_work_in_both_arms_are_their_own_comparison() -> None:
    """The same people under both drugs: the paired standard error is 0.3890, not 0.8491."""
    found = clustered_difference(one_each(DRUG_1, "A"), one_each(DRUG_2, "A"))
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert (found.high - found.low) / 2 == pytest.approx(2.306004 * 0.3890, abs=1e-3)


def test_sessions_of_one_therapist_are_no_independent_ones() -> None:
    """Ten sessions each, all alike: as much is known as from one session each."""
    once = clustered_mean(one_each(DRUG_1, "A"))
    assert once == near(0.75, -0.5297804, 2.0297804)
    assert clustered_mean([each for each in one_each(DRUG_1, "A") for _ in range(10)]) == near(*once or ())


def test_from_one_therapist_there_are_no_limits() -> None:
    assert clustered_mean([Weighted("A", 80, 1), Weighted("A", 90, 1)]) == (85, None, None)
    assert clustered_mean([]) is None
    assert clustered_difference(one_each((1, 2), "A"), one_each((3,), "B")) == (-1.5, None, None)


# ---- weights


def sessions(*of: tuple[str, str, str, int]) -> list[Delivered]:
    """(therapist, modality, arm, how many) -> sessions T1-group-0 and so on."""
    return [
        Delivered(
            f"{name}-{kind}-{at}",
            name,
            "",
            None,
            1,
            "",
            {"modality": kind, "arm": arm, "session_number": "1"},
        )
        for name, kind, arm, number in of
        for at in range(number)
    ]


def test_each_session_stands_for_those_of_its_cell() -> None:
    all_of_them = sessions(("T1", "group", "a", 8), ("T1", "individual", "a", 2), ("T2", "group", "a", 3))
    observed = {"T1-group-0", "T1-group-1", "T1-individual-0", "T2-group-0"}
    assert weights_of(observed, all_of_them) == {
        "T1-group-0": 4,
        "T1-group-1": 4,
        "T1-individual-0": 2,
        "T2-group-0": 3,
    }


def test_a_cell_without_an_observation_is_joined_to_the_others_of_its_therapist() -> None:
    all_of_them = sessions(("T1", "group", "a", 8), ("T1", "individual", "a", 2))
    assert weights_of({"T1-group-0", "T1-group-1"}, all_of_them) == {"T1-group-0": 5, "T1-group-1": 5}


WEIGHED = f"""
session             therapist  arm  date        rater  selection  {ANSWERS}
T1-group-0          T1         a    2026-03-01  R1     planned    done     done    done    done
T1-individual-0     T1         a    2026-03-02  R1     planned    partly   partly  partly  partly
T1-individual-0     T1         a    2026-03-02  R2     planned    partly   partly  partly  partly
T2-group-0          T2         b    2026-03-03  R1     planned    partly   partly  partly  not_done
T2-group-1          T2         b    2026-03-03  R1     for_cause  not_done not_done not_done not_done
T3-group-0          T3         b    2026-03-04  R1     planned    done     partly  done    done
"""
ALL = sessions(
    ("T1", "group", "a", 1), ("T1", "individual", "a", 3), ("T2", "group", "b", 2), ("T3", "group", "b", 6)
)


def test_means_are_weighted_and_sessions_for_a_cause_are_left_out() -> None:
    """T1: (1 x 100 + 3 x 50) / 4 = 62.5; arm b: (2 x 37.5 + 6 x 87.5) / 8 = 75."""
    found = audited(WEIGHED, ALL)
    assert [(each.group, each.sessions, each.mean) for each in found.arms] == [("a", 2, 62.5), ("b", 2, 75)]
    assert (found.arms[1].low, found.arms[1].high) == (0, 100), "two people: past both ends of the score"
    assert [(each.delivered, each.double_scored) for each in found.arms] == [(4, 1), (8, 0)]
    assert found.arm_differences[0].difference == -12.5
    assert found.actual.headline.mean == pytest.approx((4 * 62.5 + 8 * 75) / 12)
    assert (found.weighted, found.actual.scored, found.actual.for_cause) == (True, 4, 1)
    assert [each.group for each in found.modalities] == ["group", "individual"]
    assert [each.group for each in found.session_numbers] == ["1"]
    assert found.sites == ()


def test_what_was_delivered_is_not_told_by_arm_where_a_session_names_none() -> None:
    found = audited(WEIGHED, [*ALL, *sessions(("T3", "group", "", 1))])
    assert (found.planned.eligible, [each.delivered for each in found.arms]) == (13, [None, None])


def test_without_a_table_of_sessions_every_session_stands_for_itself() -> None:
    found = audited(WEIGHED)
    assert [(each.mean, each.delivered) for each in found.arms] == [(75, None), (62.5, None)]
    assert (found.weighted, found.planned.eligible, found.not_listed) == (False, None, ())


def test_sessions_that_nobody_listed_are_named_and_counted_once() -> None:
    assert audited(WEIGHED, ALL[:-6]).not_listed == ("T3-group-0",)


def test_levels_and_the_standard_come_with_wilsons_limits() -> None:
    found = audited(WEIGHED, ALL)
    assert [(each.what, each.sessions, each.of) for each in found.levels] == [
        ("fidelity at least fair", 3, 4),
        ("fidelity at least high", 2, 4),
    ]
    standard = found.actual.at_standard
    assert standard is not None
    assert (standard.sessions, standard.of, standard.share) == (2, 4, 0.5)
    assert (standard.low, standard.high) == near(0.15004, 0.84996)


def test_planned_and_actual_are_those_of_the_sampling_plan() -> None:
    trial = programme("takes at least 2 for each therapist", "second rater for 20% rounded up")
    small = checklist_of(SMALL.replace("checklist small", "checklist form"))
    rows = scored(small, WEIGHED)
    plan = sampling_of(trial, ALL, [each.observation for each in rows])
    found = audit_of_rows(small, rows, ALL, plan)
    assert (found.planned.eligible, found.planned.selected, found.planned.double_planned) == (12, 6, 2)
    assert (found.planned.standard, found.planned.raters) == (70, {"": 5})
    assert (found.actual.double_scored, found.actual.replaced) == (1, 0)


def test_a_report_of_the_therapists_own_makes_no_session_rated_twice() -> None:
    found = audited(f"""
session therapist date        rater rater_role {ANSWERS}
S1      T1        2026-03-01  R1    supervisor done done done done
S1      T1        2026-03-01  T1    self       done done done done
S2      T1        2026-03-02  R1    supervisor done done done done
S2      T1        2026-03-02  R2    peer       done done done done
""")
    assert (found.actual.scored, found.actual.double_scored) == (2, 1)


def test_no_observations_give_an_empty_audit() -> None:
    found = audit_of_rows(CHECKLIST, [], [], None)
    assert (found.arms, found.levels[0].of, found.actual.headline.mean) == ((), 0, None)
    assert (found.shares, found.cross_foot.compared, found.left_out.items) == ((), 0, ())
    assert plain(found)["actual"]["at_standard"] == {
        "what": "at the standard",
        "sessions": 0,
        "of": 0,
        "share": None,
        "low": None,
        "high": None,
    }


# ---- items

UNWANTED = """
checklist therapy "Therapy"
  version 1.0.0
scale tick "Seen?"
  answer not_seen "Not seen"
  answer seen "Seen"
scale much "How much?" from 1 to 7
section core_parts "Core" on scale much
  item agenda "Sets an agenda"
section other "Other methods" on scale tick
  item dreams "Interprets dreams" tagged proscribed
section more "Too much" on scale much
  item advice "Gives advice" tagged contamination
score adherence "Adherence" is mean of items in core_parts
"""


def test_what_should_not_happen_is_counted_by_arm_and_apart_from_the_score() -> None:
    found = audited(
        """
session therapist arm date       rater agenda dreams   advice
S1      T1        a   2026-03-01 R1    5      seen     1
S1      T1        a   2026-03-01 R2    5      not_seen 1
S2      T1        a   2026-03-02 R1    6      not_seen 4
S3      T2        b   2026-03-03 R1    6      -        1
""",
        checklist=checklist_of(UNWANTED),
    )
    assert [(each.item, each.tags, each.arm, each.seen, each.sessions) for each in found.contamination] == [
        ("dreams", ("proscribed",), "a", None, 2),  # no rule says which answer means that it was seen
        ("advice", ("contamination",), "a", 1, 2),
        ("advice", ("contamination",), "b", 0, 1),
    ]
    assert found.contamination[0].answers == {"not_seen": 2, "seen": 1}


@pytest.mark.parametrize("first", ["seen", "not_seen"])
def test_seen_is_what_a_gate_looks_for_in_whatever_order_the_answers_stand(first: str) -> None:
    answers = ['  answer not_seen "Not seen"\n', '  answer seen "Seen"\n']
    ordered = UNWANTED.replace("".join(answers), "".join(answers[::-1] if first == "seen" else answers))
    rules = """
result fidelity "Fidelity" from adherence
  level low "Low" below 4
  level high "High" at least 4
gate dreaming "Dreams" caps fidelity at low when any item tagged proscribed is seen
"""
    found = audited(
        """
session therapist arm date       rater agenda dreams   advice
S1      T1        a   2026-03-01 R1    5      seen     1
S2      T1        a   2026-03-02 R1    6      not_seen 1
""",
        checklist=checklist_of(ordered + rules),
    )
    assert [(each.item, each.seen, each.sessions) for each in found.contamination[:1]] == [("dreams", 1, 2)]


OPEN = f"""
session therapist date       {ANSWERS}
S1      T1        2026-03-01 done    done   partly   na
S2      T1        2026-03-02 done    done   not_done na
S3      T1        2026-03-03 done    partly -        done
"""


def test_items_that_many_ratings_leave_open_are_named_with_what_they_do_to_the_headline() -> None:
    """Homework (2 of 3 not applicable) and plan (1 of 3 blank) go: 83.3, 66.7, 83.3 become 100, 100, 75."""
    found = audited(OPEN)
    assert [(each.item, each.missing, each.not_applicable) for each in found.unrated[:2]] == [
        ("homework", 0, 2),
        ("plan", 1, 0),
    ]
    assert found.left_out.items == ("plan", "homework")
    assert (found.left_out.with_them, found.left_out.without_them) == near(77.777778, 91.666667)
    assert found.left_out.change == pytest.approx(13.888889)


TIMES_TEN = """
checklist times_ten "Times ten"
  version 1.0.0
scale much "How much?" from 1 to 7
section parts "Parts" on scale much
  item agenda "Sets an agenda"
  item review "Goes over the practice"
score total "Total" is (mean of items needing at least 1 answered) * 10
"""


def test_a_headline_that_the_answers_alone_do_not_give_needs_an_evaluator() -> None:
    ten = checklist_of(TIMES_TEN)
    rows = scored(
        ten,
        """
session therapist date       agenda review
S1      T1        2026-03-01 4      not_applicable
S2      T1        2026-03-02 6      2
""",
    )
    assert audit_of_rows(ten, rows, None, None).left_out.model_dump() == {
        "items": ("review",),
        "with_them": None,
        "without_them": None,
        "change": None,
        "ratings": 0,
    }

    def rescored(place: int, items: frozenset[str]) -> Fraction | None:
        given = rows[place].observation.answers
        kept = {key: "not_applicable" if key in items else raw for key, raw in given.items()}
        return compiled(ten)(kept).scores["total"].exact

    found = audit_of_rows(ten, rows, None, None, rescored).left_out
    assert (found.with_them, found.without_them, found.change, found.ratings) == (40, 50, 10, 2)


# ---- the ways of counting

COUNTED = f"""
session therapist date       {ANSWERS}
S1      T1        2026-03-01 done    done   partly   not_done
S2      T1        2026-03-02 done    done   done     partly
"""


def test_the_same_answers_give_another_percent_by_each_way_of_counting() -> None:
    """Five full and two partial answers of eight: 62.5 (printed as 62 or 63), 75 or 87.5 (87 or 88)."""
    shares = {(each.method, each.over): each for each in audited(COUNTED).shares}
    assert shares["strict", "all answers"] == CountedShare(
        method="strict", over="all answers", percent=62.5, floor=62, nearest=63
    )
    assert shares["half", "all answers"].percent == 75
    assert (shares["any", "all answers"].floor, shares["any", "all answers"].nearest) == (87, 88)


def test_the_mean_of_observations_differs_from_all_answers_where_some_have_fewer() -> None:
    shares = {(each.method, each.over): each.percent for each in audited(OPEN).shares}
    assert shares["strict", "all answers"] == pytest.approx(100 * 6 / 9)
    assert shares["strict", "mean of observations"] == pytest.approx(100 * 2 / 3)
    assert shares["any", "all answers"] == pytest.approx(100 * 8 / 9)


# ---- totals that somebody wrote


@pytest.mark.parametrize(
    ("reported", "ours", "found"),
    [
        ("62.5", Fraction(125, 2), "exact"),
        ("62.5%", Fraction(125, 2), "exact"),
        ("63", Fraction(125, 2), "rounded_up"),
        ("62", Fraction(125, 2), "rounded_down"),
        ("62", Fraction(627, 10), "differs"),  # cut off, not rounded
        ("91.7", Fraction(275, 3), "rounded_up"),
        ("91.6", Fraction(275, 3), "differs"),
        ("275/3", Fraction(275, 3), "exact"),
        ("91.67", Fraction(275, 3), "rounded_up"),
        ("٩١٫٧", Fraction(275, 3), "rounded_up"),
        ("80", None, "not_scored"),
    ],
)
def test_half_a_unit_of_the_last_place_may_be_lost_in_printing(
    reported: str, ours: Fraction | None, found: str
) -> None:
    assert compared(reported, ours) == found


def test_a_decimal_comma_is_read_where_the_language_writes_one() -> None:
    assert compared("91,7", Fraction(275, 3), "de") == "rounded_up"


def reported_rows(folder: Path, text: str) -> Rows:
    (folder / "data.csv").write_text(text, encoding="utf-8")
    reading = read([folder / "data.csv"], CHECKLIST)
    evaluate = compiled(CHECKLIST)
    assert [each.message for each in reading.problems] == []
    return [
        ScoredObservation(each, None if each.refused else evaluate.score(each))
        for each in reading.observations
    ]


def test_totals_in_the_data_are_added_again_and_those_that_differ_are_listed_by_row(tmp_path: Path) -> None:
    rows = reported_rows(
        tmp_path,
        "observation,therapist,date,welcome,safety,plan,homework,reported.adherence\n"
        "o1,T1,2026-03-01,done,done,done,partly,87.5%\n"
        "o2,T1,2026-03-02,done,done,done,partly,88\n"
        "o3,T1,2026-03-03,done,done,done,partly,78\n"
        "o4,T1,2026-03-04,done,,,,100\n"
        "o5,T1,2026-03-05,done,done,done,done,\n",
    )
    found = audit_of_rows(CHECKLIST, rows, None, None).cross_foot
    assert found.compared == 4
    assert found.counts == {"exact": 1, "rounded_up": 1, "rounded_down": 0, "differs": 1, "not_scored": 1}
    assert [(each.row, each.observation, each.reported, each.ours) for each in found.disagreements] == [
        (4, "o3", "78", "87.5%"),
        (5, "o4", "100", "not scored"),
    ]


def test_a_reported_total_of_no_score_or_without_a_number_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    head = "therapist,date,welcome,safety,plan,homework"
    path.write_text(f"{head},reported.adherance\nT1,2026-03-01,done,done,done,done,80\n", encoding="utf-8")
    (only,) = read([path], CHECKLIST).problems
    assert (only.code, only.help) == ("RB501", 'Did you mean "reported.adherence"?')
    assert only.message == (
        "Column reported.adherance: this checklist has no such score, whose reported total could stand here."
    )
    path.write_text(f"{head},reported.adherence\nT1,2026-03-01,done,done,done,done,good\n", encoding="utf-8")
    (refused,) = read([path], CHECKLIST).observations[0].refused
    assert (refused.code, refused.message) == (
        "RB504",
        'Row 2, column reported.adherence: "good" is not a number, so it cannot be reported.adherence.',
    )


def test_records_may_carry_reported_totals_too(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(
        '[{"therapist": "T1", "date": "2026-03-01", "answers": {"welcome": "done"}, '
        '"reported": {"adherence": 80.0}}]',
        encoding="utf-8",
    )
    assert read([path], CHECKLIST).observations[0].reported == {"adherence": "80.0"}
