"""`fidelity drift` answers as the contract says, point by point, and says what cannot be."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

STEADY = (80, 84, 78, 82, 76, 80, 82, 78, 84, 80)
FALLEN = (80, 80, 80, 80, 60, 60, 60, 60, 60, 60)
KEYS = {"date", "score", "statistic", "centre", "lower", "upper", "signal"}


def table(series: Mapping[str, Sequence[float]], by: str = "date") -> None:
    Path("scores.csv").write_text(
        f"therapist,{by},score\n"
        + "".join(
            f"{name},{f'2026-{at:02}-01' if by == 'date' else at},{score}\n"
            for name, scores in series.items()
            for at, score in enumerate(scores, 1)
        ),
        encoding="utf-8",
    )


def answered(run: Run, *words: str) -> dict[str, Any]:
    ran = run("drift", "scores.csv", *words, "--format", "json")
    assert ran.status == 0, ran.said
    found: dict[str, Any] = json.loads(ran.out)
    return found


def column(found: dict[str, Any], name: str, number: int = 0) -> list[Any]:
    return [each[name] for each in found["series"][number]["points"]]


def test_the_default_is_the_self_starting_cusum(run: Run) -> None:
    """Worked by hand in test_summaries_drift.py: C is 3.5529 after the eighth and 4.3390 after the tenth."""
    table({"T1": FALLEN})
    found = answered(run, "--sd", "10")
    assert found["method"] == "cusum"
    assert found["parameters"] == {
        "k": 0.5,
        "watch": 3.0,
        "act": 4.0,
        "minimum": 6,
        "fall": 5.0,
        "floor": 3.0,
        "sd": 10.0,
        "autocorrelation": False,
    }
    (one,) = found["series"]
    assert (one["therapist"], one["status"]) == ("T1", "act")
    assert one["points"][0] == {
        "date": "2026-01-01",
        "score": 80.0,
        "statistic": 0.0,
        "centre": 0.0,
        "lower": None,
        "upper": 4.0,
        "signal": None,
    }
    assert column(found, "statistic")[7:] == pytest.approx([3.5529, 3.9957, 4.3390], abs=6e-5)
    assert column(found, "signal") == [None] * 7 + ["watch", "watch", "act"]


def test_the_spread_is_pooled_over_all_series(run: Run) -> None:
    """Three series of nine differences: sigma² is half their mean square, 448 / 27 / 2; its floor is 3."""
    table({"A": STEADY, "B": STEADY[::-1], "C": FALLEN})
    found = answered(run)
    squares = 2 * sum((b - a) ** 2 for a, b in pairwise(STEADY)) + 400
    assert found["parameters"]["sd"] == pytest.approx((squares / 27 / 2) ** 0.5)
    assert [each["status"] for each in found["series"]] == ["none", "none", "act"]
    assert answered(run, "--floor", "20")["parameters"]["sd"] == 20.0


def test_too_few_differences_are_not_enough_and_every_point_is_still_there(run: Run) -> None:
    table({"T1": FALLEN}, by="order")
    found = answered(run)
    assert found["parameters"]["sd"] is None
    assert found["series"][0]["status"] == "not_enough"
    assert found["series"][0]["points"][9] == {
        "order": 10,
        "score": 60.0,
        "statistic": None,
        "centre": None,
        "lower": None,
        "upper": None,
        "signal": None,
    }
    assert "25 are needed" in run("drift", "scores.csv").out


def test_every_method_has_the_same_shape(run: Run) -> None:
    table({"T1": FALLEN})
    for words in (
        ("--method", "slope", "--sd", "5"),
        ("--method", "xmr", "--baseline", "4"),
        ("--method", "ewma", "--lambda", "0.3", "--target", "80", "--sd", "10", "--width", "3"),
    ):
        found = answered(run, *words)
        assert set(found["series"][0]["points"][0]) == KEYS
        assert found["series"][0]["status"] == "act"
    found = answered(run, "--method", "page_cusum", "--target", "80", "--k", "5", "--h", "40")
    assert set(found["series"][0]["points"][0]) == KEYS | {"cusum_low", "cusum_high"}
    assert column(found, "cusum_low") == [0, 0, 0, 0, 15, 30, 45, 60, 75, 90]
    assert column(found, "signal") == [None] * 6 + ["below"] * 4


def test_a_correction_for_autocorrelation_is_made_when_asked_for(run: Run) -> None:
    """Three series that go up and down in long waves, so small that all are steady."""
    wave = (78, 79, 80, 81, 82, 81, 80, 79, 78, 77)
    table({"A": wave, "B": wave[5:] + wave[:5], "C": wave})
    plain, corrected = answered(run), answered(run, "--autocorrelation")
    assert [each["status"] for each in plain["series"]] == ["none"] * 3
    assert corrected["parameters"]["sd"] > plain["parameters"]["sd"] == 3.0
    assert "--autocorrelation asks for a correction" in run("drift", "scores.csv").out


def test_a_rise_is_improving_and_never_an_alarm(run: Run) -> None:
    table({"T1": FALLEN[::-1]})
    assert answered(run, "--sd", "10")["series"][0]["status"] == "improving"
    found = answered(run, "--method", "ewma", "--target", "60", "--sd", "10")
    assert found["series"][0]["status"] == "improving"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lambda", "0.3"), "--lambda belongs to ewma, not to cusum."),
        (("--method", "xmr", "--watch", "3"), "--watch belongs to cusum, not to xmr."),
        (("--method", "xmr", "--sd", "3"), "--sd belongs to cusum, slope, ewma, not to xmr."),
        (
            ("--method", "xmr", "--autocorrelation"),
            "--autocorrelation belongs to cusum, slope, not to xmr.",
        ),
        (("--method", "ewma"), "ewma needs --target, in units of the score."),
        (("--method", "page_cusum", "--k", "1"), "page_cusum needs --target, --h, in units of the score."),
        (("--method", "ewma", "--target", "1", "--lambda", "2"), "--lambda must be above 0 and at most 1."),
        (("--method", "slope", "--act", "4"), "--act must be a chance above 0.5 and below 1."),
        (("--watch", "5"), "--watch must not lie above --act."),
        (("--sd", "nan"), "--sd must be above 0."),
        (("--sd", "inf"), "--sd must be above 0."),
        (
            ("--sd", "5", "--autocorrelation"),
            "--autocorrelation widens the spread of the table; with --sd there is none to widen.",
        ),
        (("--minimum", "1"), "--minimum must be 2 or more."),
        (("--therapist", "Adda"), 'There is no therapist "Adda" in this table. Did you mean "Ada"?'),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(run: Run, words: tuple[str, ...], said: str) -> None:
    table({"Ada": FALLEN})
    ran = run("drift", "scores.csv", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.strip() == said


def test_wrong_data_are_told_and_nothing_is_judged(run: Run) -> None:
    Path("scores.csv").write_text("therapist,date,score\nT1,1.3.2026,80\n", encoding="utf-8")
    ran = run("drift", "scores.csv", "--format", "json")
    assert ran.status == 1
    assert [each["code"] for each in json.loads(ran.out)["problems"]] == ["RB505"]
    assert 'Row 2, column date: "1.3.2026" is not a date I can read.' in ran.err
    assert run("drift", "nowhere.csv").status == 1


def test_people_read_a_table_with_what_was_seen_and_what_to_do(run: Run) -> None:
    table({"A": STEADY, "B": STEADY[::-1], "C": FALLEN})
    ran = run("drift", "scores.csv")
    assert ran.status == 0
    assert "27 pairs of successive scores" in ran.out
    assert "does not rule one out" in ran.out
    line = next(line for line in ran.out.splitlines() if line.startswith("C "))
    assert "Drifting down  Lower since 2026-05-01, by about 20 (likely range" in line
    assert line.endswith(
        "About 2 in 100 steady therapists get this message within 10 observations. "
        "Review recordings together; agree one skill to practise."
    )


def test_one_therapist_is_shown_point_by_point(run: Run) -> None:
    table({"A": STEADY, "B": STEADY[::-1], "C": FALLEN})
    lines = run("drift", "scores.csv", "--therapist", "C").out.splitlines()
    assert lines[-10].split()[:3] == ["2026-01-01", "80", "0"]
    assert lines[-1].split()[-1] == "act"
    assert [each["therapist"] for each in answered(run, "--therapist", "C")["series"]] == ["C"]


def test_any_name_is_a_name(run: Run) -> None:
    table({'"O}, {""points"": [{"': FALLEN})
    assert answered(run)["series"][0]["therapist"] == 'O}, {"points": [{'


def test_rows_without_a_score_are_counted_aloud(run: Run) -> None:
    Path("scores.csv").write_text("therapist,date,score\nT1,2026-03-01,\nT1,2026-03-02,8\n", encoding="utf-8")
    ran = run("drift", "scores.csv", "--method", "xmr", "--format", "json")
    assert "Rows without a score, in no series: 1." in ran.err
    assert json.loads(ran.out)["series"] == [
        {
            "therapist": "T1",
            "status": "not_enough",
            "points": [
                {
                    "date": "2026-03-02",
                    "score": 8.0,
                    "statistic": 8.0,
                    "centre": 8.0,
                    "lower": None,
                    "upper": None,
                    "signal": None,
                }
            ],
        }
    ]


def test_a_fall_that_one_rater_alone_saw_is_to_be_watched(run: Run) -> None:
    rows = "".join(f"T1,2026-{at:02}-01,{score},R1\n" for at, score in enumerate(FALLEN, 1))
    Path("scores.csv").write_text(f"therapist,date,score,rater\n{rows}", encoding="utf-8")
    assert answered(run, "--sd", "10")["series"][0]["status"] == "watch"
    told = run("drift", "scores.csv", "--sd", "10").out
    assert "score two sessions twice before talking" in told
    assert "no score is adjusted" in told


def test_a_rater_column_may_be_blank(run: Run) -> None:
    rows = "".join(f"T1,2026-{at:02}-01,{score},\n" for at, score in enumerate(FALLEN, 1))
    Path("scores.csv").write_text(f"therapist,date,score,rater\n{rows}", encoding="utf-8")
    assert answered(run, "--sd", "10")["series"][0]["status"] == "act"
    assert "No raters are named" in run("drift", "scores.csv", "--sd", "10").out


def test_constant_scores_are_steady(run: Run) -> None:
    table({name: [80.1] * 10 for name in "ABC"})
    found = answered(run)
    assert found["parameters"]["sd"] == 3.0
    assert {each["status"] for each in found["series"]} == {"none"}
    assert {each["status"] for each in answered(run, "--method", "xmr")["series"]} == {"none"}
    assert run("drift", "scores.csv", "--method", "xmr").out.count("no signal") == 3
    assert answered(run, "--floor", "0")["series"][0]["status"] == "not_enough"
