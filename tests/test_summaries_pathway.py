"""How stages, doses, drift rules, figures and samples stand after each row, by rules that work on paper."""

import datetime as dt

import pytest

from fidelity.language.reading import load_programme
from fidelity.model.programme import CONTACT, Programme, Row
from fidelity.summaries.programme.histories import run
from fidelity.summaries.programme.pathway import Pathway

HEAD = """\
programme counselling "Counsellors"
  version 1.0.0
  uses counselling_form version 1.0.0
fact visit "Kind of visit" is one of enrolment, follow_up
fact hours "Hours of training" is a count
"""


def programme(rules: str) -> Programme:
    return load_programme(f"{HEAD}\n{rules}\n", "counselling.rubric")


def unmet(rules: str) -> list[tuple[str, str]]:
    """What a history expects and does not get."""
    return [(each.expected, each.got) for each in run(programme(rules)).unmet]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def session(on: str, **values: str) -> Row:
    return Row(day(on), "counselling_form", "audio", values={name: (text,) for name, text in values.items()})


# ---- stages


CERTIFIED = """\
threshold pass_mark "Lowest mark on each of the two parts" is 4
stage certified "Certified"
  needs 3 observations in total of counselling_form from role_play
    with tasks is at least pass_mark and client is at least pass_mark
  lost when 3 observations in a row of counselling_form from audio with tasks is below 3
stage steady "Three in a row"
  needs 3 observations in a row of counselling_form from role_play
    with tasks is at least pass_mark and client is at least pass_mark
stage mostly "Two of the last three"
  needs 2 of the last 3 observations of counselling_form from role_play
    with tasks is at least pass_mark and client is at least pass_mark
"""


def test_in_total_in_a_row_and_of_the_last_judge_the_same_data_differently() -> None:
    history = """\
history "Both parts must reach the mark; a mean of the two would have passed the first and the fourth"
  | date       | checklist        | source    | tasks | client => certified | steady  | mostly  |
  | 2026-03-02 | counselling_form | role_play | 4.3   | 3.8    => not_yet   | not_yet | not_yet |
  | 2026-03-04 | counselling_form | role_play | 4     | 4.0    => not_yet   | not_yet | not_yet |
  | 2026-03-06 | counselling_form | role_play | 4.6   | 4.1    => not_yet   | not_yet | reached |
  | 2026-03-09 | counselling_form | role_play | 3.9   | 4.7    => not_yet   | not_yet | reached |
  | 2026-03-11 | counselling_form | role_play | 4.2   | 4.4    => reached   | not_yet | reached |
"""
    assert unmet(CERTIFIED + history) == []


def test_nobody_is_failed_before_being_observed_as_the_rule_asks() -> None:
    history = """\
history "A recording is no role play"
  | date       | checklist        | source | tasks | client => certified    |
  | 2026-03-02 | counselling_form | audio  | 4.4   | 4.9    => not_assessed |
"""
    assert unmet(CERTIFIED + history) == []


def test_a_stage_is_lost_and_needs_later_observations_again() -> None:
    history = """\
history "Three weak recordings in a row"
  | date       | checklist        | source    | tasks   | client => certified |
  | 2026-03-01 | counselling_form | role_play | 4       | 4      => -         |
  | 2026-03-02 | counselling_form | role_play | 4       | 4      => -         |
  | 2026-03-03 | counselling_form | role_play | 4       | 4      => reached   |
  | 2026-04-01 | counselling_form | audio     | 2       | 4      => reached   |
  | 2026-04-02 | counselling_form | audio     | 2.5     | 4      => reached   |
  | 2026-04-03 | counselling_form | audio     | missing | 4      => reached   |
  | 2026-04-04 | counselling_form | audio     | 2       | 4      => reached   |
  | 2026-04-05 | counselling_form | audio     | 2       | 4      => reached   |
  | 2026-04-06 | counselling_form | audio     | 2       | 4      => lost      |
  | 2026-05-01 | counselling_form | role_play | 4       | 4      => lost      |
  | 2026-05-02 | counselling_form | role_play | 4       | 4      => lost      |
  | 2026-05-03 | counselling_form | role_play | 4       | 4      => reached   |
"""
    assert unmet(CERTIFIED + history) == []


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        ("2 observations in total", "not_yet", "undecided"),
        ("2 observations in a row", "not_yet", "undecided"),
        ("2 of the last 3 observations", "not_yet", "undecided"),
        ("3 observations in total", "not_yet", "not_yet"),
        ("1 of the last 2 observations", "undecided", "undecided"),
        ("the latest observation", "undecided", "not_yet"),
    ],
)
def test_a_blank_is_neither_passed_nor_failed(rule: str, first: str, last: str) -> None:
    rules = f"""\
stage passed "Passed"
  needs {rule} of counselling_form with tasks is at least 6
history "Twice blank, once failed"
  | date       | checklist        | tasks   => passed  |
  | 2026-03-01 | counselling_form | missing => {first} |
  | 2026-03-02 | counselling_form | missing => -       |
  | 2026-03-03 | counselling_form | 2       => {last}  |
"""
    assert unmet(rules) == []


def test_an_observation_counts_from_the_day_the_stage_before_was_reached() -> None:
    rules = """\
stage trained "Trained"
  needs 1 observation in total of counselling_form with tasks is at least 3
stage trusted "Trusted" after trained
  needs 2 observations in total of counselling_form with tasks is at least 3
history "What came before does not count; the same day does"
  | date       | checklist        | tasks => trained      | trusted      |
  | 2026-03-01 | counselling_form | 2     => not_yet      | not_assessed |
  | 2026-03-02 | counselling_form | 2     => not_yet      | not_assessed |
  | 2026-03-02 | counselling_form | 3     => reached      | not_yet      |
  | 2026-03-03 | counselling_form | 4     => reached      | reached      |
"""
    assert unmet(rules) == []


def test_facts_decide_about_the_therapist_and_an_unknown_fact_decides_nothing() -> None:
    rules = """\
stage trained "Trained"
  needs therapist with hours is at least 40
example "Enough"
  given hours is 40
  expect trained is reached
example "One too few"
  given hours is 39
  expect trained is not_yet
example "Unknown"
  given hours is missing
  expect trained is undecided
"""
    assert unmet(rules) == []


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    rules = """\
stage allowed "Allowed"
  needs 1 observation in total of counselling_form
  lasts 6 months
history "Six months from the last of August"
  | date       | checklist        => allowed |
  | 2026-08-31 | counselling_form => reached |
  | 2027-02-28 | -                => reached |
  | 2027-03-01 | -                => expired |
"""
    assert unmet(rules) == []


def test_renewal_restarts_the_clock_also_after_it_ran_out() -> None:
    rules = """\
stage allowed "Allowed"
  needs 1 observation in total of counselling_form from role_play
  lasts 10 days
  renewed by 1 observation in total of counselling_form from audio with tasks is at least 3
history "Renewed in time, too late, and not by a weak one"
  | date       | checklist        | source    | tasks => allowed |
  | 2026-03-01 | counselling_form | role_play | 3     => reached |
  | 2026-03-09 | counselling_form | audio     | 3     => reached |
  | 2026-03-19 | -                | -         | -     => reached |
  | 2026-03-20 | counselling_form | audio     | 2     => expired |
  | 2026-03-25 | counselling_form | audio     | 3     => reached |
"""
    assert unmet(rules) == []


def test_families_run_over_the_members_that_have_a_column() -> None:
    rules = """\
stage safe "Safe"
  needs 1 observation in total of counselling_form with no skill is 1
stage able "Able"
  needs 1 observation in total of counselling_form with at least 2 of skill are at least 3
history "Two members"
  | date       | checklist        | skill of listening | skill of risk => safe      | able    |
  | 2026-03-01 | counselling_form | 3                  | 1             => not_yet   | not_yet |
  | 2026-03-02 | counselling_form | 3                  | missing       => undecided | undecided |
  | 2026-03-03 | counselling_form | 4                  | 3             => reached   | reached |
"""
    assert unmet(rules) == []


def test_several_possible_levels_decide_where_they_agree() -> None:
    rules = programme("""\
stage safe "Safe"
  needs 1 observation in total of counselling_form with level is one of good, best
""")
    row = Row(day("2026-03-01"), "counselling_form", values={"level": ("good", "best")})
    open_row = row._replace(values={"level": ("weak", "best")})
    assert Pathway(rules, {}, [row]).on(row.day).stages == {"safe": "reached"}
    assert Pathway(rules, {}, [open_row]).on(row.day).stages == {"safe": "undecided"}


def test_what_the_checklist_does_not_accept_is_no_evidence() -> None:
    rules = programme('stage seen "Seen"\n  needs 1 observation in total of counselling_form')
    row = session("2026-03-01")._replace(evidence=False)
    assert Pathway(rules, {}, [row]).on(row.day).stages == {"seen": "not_assessed"}


# ---- doses


def test_doses_are_two_findings_for_each_client() -> None:
    rules = programme('dose enough "Enough" is at least 2 contacts within 1 month')
    rows = [
        Row(day("2026-01-31"), CONTACT, client="A"),
        Row(day("2026-02-28"), CONTACT, client="A"),
        Row(day("2026-02-28"), CONTACT, client="B"),
        Row(day("2026-03-01"), CONTACT, client="A"),
    ]
    after = [
        each.as_json()["doses"] for each in Pathway(rules, {}, rows).after_each_date([day("2026-01-01")])
    ]
    nothing = {"contacts": "not_assessed", "duration": "not_assessed"}
    assert after == [
        {"enough": nothing},
        {"enough.A": {"contacts": "not_met", "duration": "within"}},
        {
            "enough.A": {"contacts": "met", "duration": "within"},
            "enough.B": {"contacts": "not_met", "duration": "within"},
        },
        {
            "enough.A": {"contacts": "met", "duration": "exceeded"},
            "enough.B": {"contacts": "not_met", "duration": "within"},
        },
    ]


# ---- drift rules by hand, and figures


def test_a_fall_from_the_first_scores_and_a_run_below_them() -> None:
    rules = """\
drift falls "Falls" of mark in counselling_form
  baseline the first 2 observations
  method fall_from_baseline with last 2
  minimum 4 observations
  watch from 2 to below 4
  act at least 4
drift low "Stays low" of mark in counselling_form
  baseline mean 10 spread 2
  method runs_below_baseline with by 1
  minimum 2 observations
  watch at least 2
  act at least 3
history "From 10 downwards and up again"
  | date       | checklist        | mark => falls   | low     |
  | 2026-03-01 | counselling_form | 11   => too_few | too_few |
  | 2026-03-02 | counselling_form | 9    => too_few | steady  |
  | 2026-03-03 | counselling_form | 8.5  => too_few | steady  |
  | 2026-03-04 | counselling_form | -    => too_few | steady  |
  | 2026-03-05 | counselling_form | 7.5  => watch   | watch   |
  | 2026-03-06 | counselling_form | 4    => act     | act     |
  | 2026-03-07 | counselling_form | 10   => watch   | steady  |
"""
    assert unmet(rules) == []


def test_figures_are_exact_and_say_which_mean_they_are() -> None:
    rules = """\
summary usual "Usual" is median of mark in counselling_form from audio needing at least 2 observations
summary average "Average" is mean of mark in counselling_form
summary last "Last" is latest of mark in counselling_form
summary worst "Worst" is lowest of mark in counselling_form
history "Percents are in percent"
  | date       | checklist        | source    | mark => usual   | average | last | worst |
  | 2026-03-01 | counselling_form | audio     | 70%  => missing | 70%     | 70   | 70    |
  | 2026-03-02 | counselling_form | role_play | 50%  => missing | 60      | 50   | 50    |
  | 2026-03-03 | counselling_form | audio     | 65%  => 67.5    | 61.7    | 65   | 50    |
"""
    assert unmet(rules) == []
    wanted = programme(rules)
    rows = [row.row for each in wanted.histories for row in each.rows]
    assert Pathway(wanted, {}, rows).on(day("2026-03-03")).as_json()["summaries"]["average"] == "185/3"


def test_what_was_observed_for_a_cause_counts_for_stages_only() -> None:
    rules = programme("""\
stage seen "Seen"
  needs 2 observations in total of counselling_form
summary last "Last" is latest of mark in counselling_form
sample sampled "Rated" of counselling_form
  takes the first 5
drift falls "Falls" of mark in counselling_form
  baseline mean 9 spread 1
  method fall_from_baseline with last 1
  minimum 2 observations
  act at least 4
""")
    rows = [session("2026-03-01", mark="9"), session("2026-03-02", mark="2")._replace(for_cause=True)]
    after = Pathway(rules, {}, rows).on(day("2026-03-02")).as_json()
    assert after["stages"] == {"seen": "reached"}
    assert after["summaries"] == {"last": "9"}
    assert after["planned"] == {"sampled": 1}
    assert after["drifts"] == {"falls": "too_few"}


# ---- samples


SAMPLE = """\
sample sampled "Sessions to rate" of counselling_form
  takes the first 5
  takes the first 3 with visit is follow_up when the first 5 have none
  takes 1 in 10 of the rest rounded up
  second rater for 20% rounded up
  seed 7
"""


def test_three_follow_ups_are_taken_as_well_when_the_first_five_have_none() -> None:
    history = """\
history "Ten sessions, five enrolments first"
  | date       | checklist        | source | visit     => sampled |
  | 2026-04-01 | counselling_form | audio  | enrolment => taken |
  | 2026-04-02 | counselling_form | audio  | enrolment => taken |
  | 2026-04-03 | counselling_form | audio  | enrolment => taken |
  | 2026-04-04 | counselling_form | audio  | enrolment => taken |
  | 2026-04-05 | counselling_form | audio  | enrolment => taken |
  | 2026-04-06 | counselling_form | audio  | enrolment => pool  |
  | 2026-04-07 | counselling_form | audio  | follow_up => taken |
  | 2026-04-08 | counselling_form | audio  | follow_up => taken |
  | 2026-04-09 | counselling_form | audio  | follow_up => taken |
  | 2026-04-10 | counselling_form | audio  | follow_up => pool  |
  expect sampled is 9
history "One of the first five is a follow-up"
  | date       | checklist        | source | visit     => sampled |
  | 2026-04-01 | counselling_form | audio  | enrolment => taken |
  | 2026-04-02 | counselling_form | audio  | follow_up => taken |
  | 2026-04-03 | counselling_form | audio  | enrolment => taken |
  | 2026-04-04 | counselling_form | audio  | enrolment => taken |
  | 2026-04-05 | counselling_form | audio  | enrolment => taken |
  | 2026-04-06 | counselling_form | audio  | follow_up => pool  |
  expect sampled is 6
"""
    assert unmet(SAMPLE + history) == []


def test_more_sessions_never_reshuffle_an_earlier_draw() -> None:
    rules = programme(SAMPLE)
    rows = [session("2026-04-01", visit="enrolment")._replace(id=f"S{number}") for number in range(30)]
    way = Pathway(rules, {}, rows)
    taken = [way.after(number, rows[0].day).planned["sampled"].taken for number in range(31)]
    drawn_of_25, drawn_of_30 = taken[25], taken[30]
    assert [len(each) for each in (taken[5], taken[15], drawn_of_25, drawn_of_30)] == [5, 6, 7, 8]
    new = {f"S{number}" for number in range(25, 30)}
    assert len(drawn_of_25 - drawn_of_30) <= len(drawn_of_30 & new)
    assert way.on(rows[0].day).planned["sampled"].second == 2


def test_shares_are_rounded_in_each_stratum_and_floors_fill_up() -> None:
    rules = programme("""\
sample sampled "Rated" of counselling_form
  takes at least 10% rounded up for each visit
  takes at least 3 for each therapist
  seed 1
""")
    visits = ["enrolment"] * 11 + ["follow_up"] * 9
    rows = [session("2026-04-01", visit=each) for each in visits]
    assert len(Pathway(rules, {}, rows).on(day("2026-04-01")).planned["sampled"].taken) == 3
    assert len(Pathway(rules, {}, rows[:2]).on(day("2026-04-01")).planned["sampled"].taken) == 2


def test_a_sample_during_a_stage_draws_from_the_sessions_while_it_stands() -> None:
    rules = """\
stage allowed "Allowed"
  needs 1 observation in total of counselling_form from role_play
  lasts 10 days
sample sampled "Rated" of counselling_form during allowed
  takes the first 5
history "Before, with, during and after"
  | date       | checklist        | source    => sampled |
  | 2026-03-01 | counselling_form | audio     => -     |
  | 2026-03-02 | counselling_form | role_play => taken |
  | 2026-03-12 | counselling_form | audio     => taken |
  | 2026-03-13 | counselling_form | audio     => -     |
  expect sampled is 2
"""
    assert unmet(rules) == []


# ---- histories themselves


def test_what_does_not_hold_is_told_with_its_line() -> None:
    rules = (
        CERTIFIED
        + """\
history "Wrong on purpose"
  | date       | checklist        | source    | tasks | client => certified |
  | 2026-03-02 | counselling_form | role_play | 4.3   | 3.8    => reached   |
  expect certified is not_assessed
"""
    )
    found = run(programme(rules))
    assert found.passed == 0
    assert [(each.line, each.history, each.expected, each.got) for each in found.unmet] == [
        (20, "Wrong on purpose", "certified is reached", "not_yet"),
        (21, "Wrong on purpose", "certified is not_assessed", "not_yet"),
    ]
