"""From scored observations to therapists' courses: which sessions count, in which order, with which score."""

import json
import random
from datetime import date
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from summary_sample import NOTHING_READ, SMALL, Rows, checklist_of, scored

from fidelity.evaluate.evaluator import compile as compiled
from fidelity.language.reading import load
from fidelity.model.checklist import Threshold
from fidelity.model.observation import Observation
from fidelity.model.programme import DriftRule, Programme, RunningBaseline, Series
from fidelity.model.scale import Band
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import SessionScore, SetAside, Summary, TherapistSummary
from fidelity.observe import read
from fidelity.summaries import summarise
from fidelity.summaries.as_json import as_json

CHECKLIST = checklist_of(SMALL)


def summary(table: str) -> Summary:
    return summarise(CHECKLIST, scored(CHECKLIST, table), NOTHING_READ)


def only_therapist(table: str) -> TherapistSummary:
    (row,) = summary(table).therapists
    return row


# ---- sessions and their order


def test_sessions_stand_in_the_order_of_their_dates() -> None:
    row = only_therapist("""
        therapist date       session welcome safety plan     homework
        Amina     2026-03-02 S3      done    done   done     not_done
        Amina     2026-01-05 S1      done    done   done     done
        Amina     2026-02-02 S2      done    done   not_done not_done
    """)
    sessions = row.scores["adherence"].sessions
    assert [(each.session, each.date, each.score) for each in sessions] == [
        ("S1", date(2026, 1, 5), 100),
        ("S2", date(2026, 2, 2), 50),
        ("S3", date(2026, 3, 2), 75),
    ]
    assert (row.n, row.first_date, row.last_date) == (3, date(2026, 1, 5), date(2026, 3, 2))


def test_sessions_of_one_day_keep_the_order_of_the_data() -> None:
    row = only_therapist("""
        therapist date       session welcome safety plan     homework
        Amina     2026-01-05 late    done    done   done     not_done
        Amina     2026-01-05 early   done    done   done     done
    """)
    assert [each.session for each in row.scores["adherence"].sessions] == ["late", "early"]


def test_a_session_rated_three_times_is_one_session_with_the_mean_of_its_raters() -> None:
    """100, 75 and 75 of 100: 250 / 3."""
    row = only_therapist("""
        therapist date       session rater welcome safety plan homework
        Amina     2026-01-05 S1      R1    done    done   done done
        Amina     2026-01-05 S1      R2    done    done   done not_done
        Amina     2026-01-05 S1      R3    done    partly done partly
    """)
    assert row.n == 1
    assert row.scores["adherence"].sessions == (
        SessionScore(
            session="S1",
            date=date(2026, 1, 5),
            score=250 / 3,
            by_rater=(("R1", 100.0), ("R2", 75.0), ("R3", 75.0)),
            level="fair",
            modality="",
            observations=("O1", "O2", "O3"),
        ),
    )
    assert row.raters == ("R1", "R2", "R3")


def test_an_observation_without_a_session_stands_for_its_own() -> None:
    row = only_therapist("""
        therapist date       welcome safety plan homework
        Amina     2026-01-05 done    done   done done
        Amina     2026-01-05 done    done   done done
    """)
    assert [each.session for each in row.scores["adherence"].sessions] == ["O1", "O2"]


def test_two_therapists_may_name_their_sessions_alike() -> None:
    found = summary("""
        therapist date       session welcome safety plan homework
        Basma     2026-01-05 1       done    done   done done
        Amina     2026-01-06 1       done    done   done done
    """)
    assert [(each.therapist, each.n) for each in found.therapists] == [("Amina", 1), ("Basma", 1)]


def test_a_session_without_a_score_counts_as_a_session_and_is_not_in_the_series() -> None:
    row = only_therapist("""
        therapist date       session welcome safety plan homework
        Amina     2026-01-05 S1      done    -      -    -
        Amina     2026-02-02 S2      done    done   done done
    """)
    assert (row.n, row.scores["adherence"].n) == (2, 1)
    assert [each.session for each in row.scores["adherence"].sessions] == ["S2"]


def test_the_rater_who_could_score_gives_the_session_its_score() -> None:
    row = only_therapist("""
        therapist date       session rater welcome safety plan homework
        Amina     2026-01-05 S1      R1    done    -      -    -
        Amina     2026-01-05 S1      R2    done    done   done not_done
    """)
    assert row.scores["adherence"].sessions[0].by_rater == (("R2", 75.0),)


def test_the_level_of_a_session_is_the_lowest_that_a_rater_gave() -> None:
    row = only_therapist("""
        therapist date       session rater welcome safety   plan homework
        Amina     2026-01-05 S1      R1    done    done     done done
        Amina     2026-01-05 S1      R2    done    not_done done done
    """)
    assert row.scores["adherence"].sessions[0].level == "low"
    assert row.levels == {"fidelity": {"low": 1, "fair": 0, "high": 0}}


# ---- what stays out


def test_a_session_observed_for_cause_stays_out_and_is_named() -> None:
    found = summary("""
        therapist date       session selection   welcome  safety   plan     homework
        Amina     2026-01-05 S1      planned     done     done     done     done
        Amina     2026-01-12 S2      for_cause   not_done not_done not_done not_done
        Amina     2026-01-19 S3      replacement done     done     done     not_done
    """)
    (row,) = found.therapists
    assert (row.n, row.scores["adherence"].mean) == (2, 87.5)
    assert found.set_aside == (SetAside(reason="for_cause", observations=("O2",)),)


def test_who_has_no_name_has_no_row_but_counts_for_the_site() -> None:
    found = summary("""
        therapist date       session site  rater welcome safety plan homework
        -         2026-01-05 S1      north R1    done    done   done done
        Amina     2026-01-12 S2      north R1    done    done   done not_done
    """)
    assert [each.therapist for each in found.therapists] == ["Amina"]
    assert found.set_aside == (SetAside(reason="no_therapist", observations=("O1",)),)
    (site,) = found.sites
    assert (site.site, site.therapists, site.n, site.mean) == ("north", 1, 2, 87.5)


def test_a_session_without_a_date_is_in_no_course() -> None:
    found = summary("""
        therapist date       session welcome safety plan homework
        Amina     -          S1      done    done   done done
        Amina     2026-01-12 S2      done    done   done not_done
    """)
    (row,) = found.therapists
    assert (row.n, row.scores["adherence"].mean) == (1, 75)
    assert found.set_aside == (SetAside(reason="no_date", observations=("O1",)),)


def test_a_therapist_without_any_date_is_named_with_nothing_to_say() -> None:
    row = only_therapist("""
        therapist date session welcome safety plan homework
        Amina     -    S1      done    done   done done
    """)
    found = row.scores["adherence"]
    assert (row.n, found.n, found.mean, found.standard) == (0, 0, None, "too_few")
    assert (found.drift.status, found.drift.reason) == ("not_enough", "no_dates")
    assert (row.items, row.doing_well, row.first_date) == ((), (), None)


def test_the_date_of_a_session_is_known_when_one_rater_wrote_it() -> None:
    row = only_therapist("""
        therapist date       session rater welcome safety plan homework
        Amina     -          S1      R1    done    done   done done
        Amina     2026-01-12 S1      R2    done    done   done done
    """)
    assert row.scores["adherence"].sessions[0].observations == ("O1", "O2")


def test_a_refused_observation_is_named_and_counts_for_nothing() -> None:
    refused = ScoredObservation(
        Observation(observation="O9", therapist="Amina", rater="R1", site="north"), None
    )
    found = summarise(CHECKLIST, [refused], NOTHING_READ)
    assert (found.therapists, found.raters, found.sites) == ((), (), ())
    assert found.set_aside == (SetAside(reason="refused", observations=("O9",)),)


# ---- kinds of evidence


THREE_KINDS = """
    therapist date       session evidence    rater_role  welcome safety plan     homework
    Amina     2026-01-05 S1      live        supervisor  done    done   done     not_done
    Amina     2026-01-05 S1      self_report self        done    done   done     done
    Amina     2026-01-12 S2      role_play   supervisor  done    done   not_done not_done
    Amina     2026-01-19 S3      audio       independent done    done   done     done
    Basma     2026-01-19 S4      live        client      done    done   done     done
"""


def test_kinds_of_evidence_are_never_pooled() -> None:
    """What was seen live or heard is judged: 75 and 100. Self-report, role play and client stand apart."""
    found = summary(THREE_KINDS)
    amina, basma = found.therapists
    score = amina.scores["adherence"]
    assert (found.evidence, amina.n, score.n, score.mean) == ("observed", 2, 2, 87.5)
    assert [(each.evidence, each.n, each.mean) for each in score.by_evidence] == [
        ("observed", 2, 87.5),
        ("role_play", 1, 50),
        ("self", 1, 100),
    ]
    assert (basma.n, basma.scores["adherence"].mean) == (0, None)
    assert [(each.evidence, each.mean) for each in basma.scores["adherence"].by_evidence] == [("client", 100)]


def test_what_two_kinds_of_evidence_say_is_put_side_by_side() -> None:
    found = summary(THREE_KINDS).discrepancies
    assert [(each.therapist, each.one, each.other, each.difference) for each in found] == [
        ("Amina", "observed", "role_play", 37.5),
        ("Amina", "observed", "self", -12.5),
        ("Amina", "role_play", "self", -50),
    ]


def test_observations_of_another_kind_are_named_and_set_aside() -> None:
    assert summary(THREE_KINDS).set_aside == (
        SetAside(reason="other_evidence", observations=("O2", "O3", "O5")),
    )


def test_where_only_role_plays_were_rated_these_are_judged() -> None:
    found = summary("""
        therapist date       evidence  welcome safety plan homework
        Amina     2026-01-12 role_play done    done   done done
    """)
    (row,) = found.therapists
    assert (found.evidence, row.n, row.scores["adherence"].by_evidence) == ("role_play", 1, ())
    assert found.set_aside == ()


def test_a_course_says_where_and_by_which_version_a_session_was_rated() -> None:
    row = only_therapist("""
        therapist date       site  version welcome safety plan homework
        Amina     2026-01-12 north 1.0.0   done    done   done done
    """)
    (session,) = row.scores["adherence"].sessions
    assert (session.site, session.version, session.adjusted) == ("north", "1.0.0", None)


def test_without_therapists_and_dates_there_are_no_courses() -> None:
    found = summary("""
        welcome safety plan homework
        done    done   done done
        done    done   done not_done
    """)
    assert (found.headline, found.therapists, found.first_date) == ("adherence", (), None)
    assert found.set_aside == (SetAside(reason="no_therapist", observations=("O1", "O2")),)


def test_no_observation_is_a_summary_of_nothing() -> None:
    found = summarise(CHECKLIST, [], NOTHING_READ)
    assert (found.therapists, found.raters, found.sites, found.set_aside) == ((), (), (), ())


# ---- scores and their order


def test_the_headline_stands_first_and_has_the_standard() -> None:
    checklist = checklist_of(SMALL.replace("score adherence", PARTS + "\nscore adherence"))
    rows = scored(
        checklist, "therapist date welcome safety plan homework\nAmina 2026-01-05 done done done done"
    )
    (row,) = summarise(checklist, rows, NOTHING_READ).therapists
    assert list(row.scores) == ["adherence", "part.opening", "part.work"]
    assert [each.standard for each in row.scores.values()] == ["too_few", None, None]


PARTS = 'score part "Part" for each section is percent of its items'


# ---- a whole study


def test_the_example_study_shows_what_was_planted_in_it() -> None:
    """One falls, one improves, one is new; nine are steady, one of them at a low level."""
    study = Path(__file__).parent.parent / "checklists" / "programmes" / "example_study"
    checklist = load((study / "session.rubric").read_text(encoding="utf-8"), "session.rubric")
    evaluate = compiled(checklist)
    observations = read([study / "observations"], checklist).observations
    rows = [ScoredObservation(each, None if each.refused else evaluate.score(each)) for each in observations]
    found = {
        each.therapist: each.scores["adherence"]
        for each in summarise(checklist, rows, NOTHING_READ).therapists
    }
    moved = {name: each.drift.status for name, each in found.items() if each.drift.status != "none"}
    assert moved == {"PMG-03": "act", "PMG-06": "not_enough", "PMI-04": "improving"}
    assert [name for name, each in found.items() if each.standard == "below"] == ["PMG-05"]


# ---- as JSON


def test_the_json_has_the_shape_that_is_promised() -> None:
    """75, 66.67 and 100 with their own sd of 17.347 on 2 degrees: 80.556 less 4.3027 * 17.347 / sqrt(3)."""
    found = as_json(
        summary("""
        therapist date       session site  rater welcome safety plan     homework
        Amina     2026-01-05 S1      north R1    done    done   done     not_done
        Amina     2026-01-12 S2      north R1    done    done   not_done na
        Amina     2026-01-19 S3      north R1    done    done   done     done
    """)
    )
    assert found == {
        "therapists": [
            {
                "therapist": "Amina",
                "site": "north",
                "n": 3,
                "scores": {
                    "adherence": {
                        "n": 3,
                        "mean": 80.555556,
                        "low": 37.46268,
                        "high": 100.0,
                        "estimate": None,
                        "standard": "too_few",
                        "drift": {
                            "status": "not_enough",
                            "since": None,
                            "size": None,
                            "low": None,
                            "high": None,
                            "cusum": [],
                        },
                    }
                },
                "items": [
                    {"item": "homework", "missed": 1, "rated": 2},
                    {"item": "plan", "missed": 1, "rated": 3},
                    {"item": "welcome", "missed": 0, "rated": 3},
                    {"item": "safety", "missed": 0, "rated": 3},
                ],
                "stage": None,
                "found": {
                    "limits": [],
                    "strengths": [],
                    "fallen": [],
                    "scores": {
                        "adherence": {
                            "adjusted": None,
                            "more_needed": None,
                            "at_standard": {
                                "number": 2,
                                "of": 3,
                                "percent": 66.666667,
                                "low": 20.76596,
                                "high": 93.850806,
                            },
                            "by_evidence": [],
                            "drift": {
                                "reason": "few_observations",
                                "observed": 3,
                                "needed": 6,
                                "breaks": [],
                                "before_break": None,
                                "chance": {"sessions": 6, "watch": 1.7, "act": 0.5, "found": 12.0},
                                "raters": [],
                                "raters_asked": True,
                                "p": None,
                                "listed": None,
                            },
                        }
                    },
                },
            }
        ],
        "raters": [
            {
                "rater": "R1",
                "n": 3,
                "mean": 80.555556,
                "severity": None,
                "change": None,
                "z": None,
                "twice": 0,
                "twice_z": None,
                "fixed": False,
                "flagged": "",
                "group": 1,
            }
        ],
        "sites": [{"site": "north", "therapists": 1, "n": 3, "mean": 80.555556}],
        "agreement": {},
        "sampling": {},
        "audit": {},
        "evidence": "observed",
        "adjusted": False,
        "linked": 1,
        "mostly_one": [],
        "everyone": [],
        "spread": {
            "sigma": None,
            "differences": 2,
            "lag1": None,
            "expected_false_act": None,
            "expected_false_watch": None,
            "judged": 0,
            "false_act_at_lag": None,
            "corrected": False,
            "rule": "",
            "method": "cusum",
            "by_chance": None,
            "unused": [],
        },
        "cohort": [],
        "discrepancies": [],
    }


def test_the_json_says_since_when_by_date() -> None:
    steps = [*["done done done done"] * 6, *["done not_done not_done not_done"] * 6]
    lines = [
        f"{name} 2026-{month:02}-05 {step}" for name in "ABC" for month, step in enumerate(steps, start=1)
    ]
    found = as_json(summary("\n".join(["therapist date welcome safety plan homework", *lines])))
    drift = found["therapists"][0]["scores"]["adherence"]["drift"]
    assert (drift["status"], drift["since"], drift["size"]) == ("act", "2026-07-05", -75.0)


def test_the_json_has_no_negative_nought() -> None:
    nothing = summary("therapist date welcome safety plan homework\nA 2026-01-05 done done done done")
    assert "-0.0" not in json.dumps(as_json(nothing))


# ---- whatever the data are

an_answer = st.sampled_from(["done", "partly", "not_done", "na", "-"])
a_line = st.tuples(st.sampled_from("ABC"), st.integers(1, 28), st.lists(an_answer, min_size=4, max_size=4))


def rows_of(lines: list[tuple[str, int, list[str]]]) -> Rows:
    table = [f"{who} 2026-02-{day:02} R{day % 2} {' '.join(answers)}" for who, day, answers in lines]
    return scored(CHECKLIST, "\n".join(["therapist date rater welcome safety plan homework", *table]))


@given(st.lists(a_line, max_size=20, unique_by=lambda line: line[:2]), st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    lines: list[tuple[str, int, list[str]]], chance: random.Random
) -> None:
    rows = rows_of(lines)
    shuffled = chance.sample(rows, len(rows))
    assert summarise(CHECKLIST, shuffled, NOTHING_READ) == summarise(CHECKLIST, rows, NOTHING_READ)


@given(st.lists(a_line, max_size=20))
def test_every_number_that_leaves_is_finite(lines: list[tuple[str, int, list[str]]]) -> None:
    assert all(
        isfinite(each) for each in numbers(as_json(summarise(CHECKLIST, rows_of(lines), NOTHING_READ)))
    )


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for each in value.values() for number in numbers(each)]
    if isinstance(value, list):
        return [number for each in value for number in numbers(each)]
    return [value] if isinstance(value, int | float) else []


# ---- a programme's own rules


def test_a_programmes_drift_rule_and_standard_are_used() -> None:
    rules: Any = {
        **dict.fromkeys(Programme._fields, ()),
        "id": "trial",
        "thresholds": (Threshold("standard", "", "adherence", Fraction(90), True),),
        "drifts": (
            DriftRule(
                id="falls",
                title="",
                of=Series("adherence", "small", ("live",)),
                each="",
                adjusted=(),
                baseline=RunningBaseline(),
                method="cusum",
                parameters={"k": Fraction(1, 4), "sd": Fraction(10)},
                minimum=4,
                fall=None,
                watch=Band(Fraction(2), None, with_lowest=False),
                act=Band(Fraction(3), None, with_lowest=False),
            ),
        ),
    }
    programme = Programme(**rules)
    table = """
        therapist date       session evidence welcome safety plan     homework
        Amina     2026-01-05 S1      live     done    done   done     done
        Amina     2026-01-12 S2      audio    done    done   not_done not_done
        Amina     2026-01-19 S3      live     done    done   done     done
        Amina     2026-01-26 S4      live     done    done   done     done
        Amina     2026-02-02 S5      live     done    done   not_done not_done
        Amina     2026-02-09 S6      live     done    done   not_done not_done
    """
    (row,) = summarise(CHECKLIST, scored(CHECKLIST, table), NOTHING_READ, programme).therapists
    score = row.scores["adherence"]
    assert (score.n, score.standard, score.mean) == (6, "cannot_tell", 75)
    drift = score.drift
    assert (drift.status, drift.since, drift.observed, drift.needed) == ("act", "S5", 5, 4)
    assert len(drift.cusum) == 6
    assert drift.cusum[:4] == (0, 0, 0, 0)
    assert drift.chance is not None
