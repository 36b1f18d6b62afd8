"""`fidelity agreement`: the contract's JSON, words for people, and wrong input by row and column."""

import json
from pathlib import Path
from typing import Any

import pytest
from agreement_sample import FOUR_OBSERVERS, SIX_TARGETS, csv_of
from conftest import Run


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    return tmp_path / "ratings.csv"


def answered(run: Run, *words: str) -> dict[str, Any]:
    ran = run("agreement", "ratings.csv", *words, "--format", "json")
    assert ran.status == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_the_shape_is_the_contracts(ratings: Path, run: Run) -> None:
    ratings.write_text(csv_of(SIX_TARGETS), encoding="utf-8")
    found = answered(run, "--level", "interval")
    assert (found["units"], found["raters"], found["ratings"]) == (6, 4, 24)
    assert found["icc"]["2,1"] == {"value": 0.289764, "low": 0.018787, "high": 0.761084}
    assert found["cohen_kappa"] is None
    assert found["undefined"]["cohen_kappa"].startswith("it is for two raters, and here are 4")
    assert set(found) >= {
        *("units", "raters", "ratings", "percent_agreement", "cohen_kappa", "weighted_kappa", "fleiss_kappa"),
        *("gwet_ac1", "gwet_ac2", "krippendorff_alpha", "icc", "undefined"),
    }
    assert list(found["icc"]) == ["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]
    assert list(found["weighted_kappa"]) == list(found["gwet_ac2"]) == ["linear", "quadratic"]


def test_lower_levels_are_given_too_and_higher_ones_say_why_not(ratings: Path, run: Run) -> None:
    ratings.write_text(csv_of(FOUR_OBSERVERS), encoding="utf-8")
    ordinal = answered(run, "--level", "ordinal", "--categories", "1,2,3,4,5")
    assert ordinal["gwet_ac1"] == 0.775444
    assert ordinal["gwet_ac2"] == {"linear": 0.858739, "quadratic": 0.914001}
    assert ordinal["krippendorff_alpha"] == 0.815388
    assert ordinal["icc"]["1,1"] is None
    assert ordinal["undefined"]["icc"] == "it is for numbers: level interval or ratio"
    nominal = answered(run, "--level", "nominal")
    assert nominal["gwet_ac2"] == {"linear": None, "quadratic": None}
    assert nominal["undefined"]["gwet_ac2.linear"] == (
        "it needs ordered categories: level ordinal, interval or ratio"
    )


def test_numbers_carry_no_noise(ratings: Path, run: Run) -> None:
    ratings.write_text(csv_of("1 2\n2 1\n1 1\n2 2\n1 2\n2 1"), encoding="utf-8")
    text = json.dumps(answered(run, "--level", "interval"))
    assert "-0.0," not in text
    assert "NaN" not in text
    assert all(len(word.rstrip(",]}")) <= 9 for word in text.split() if word[:2] in ("0.", "-0"))


def test_rows_say_what_they_answer_and_few_units_get_no_word(ratings: Path, run: Run) -> None:
    ratings.write_text(csv_of(FOUR_OBSERVERS), encoding="utf-8")
    out = run("agreement", "ratings.csv", "--level", "ordinal", "--categories", "1,2,3,4,5").out
    assert out == TOLD


TOLD = """\
All raters say the same about 8 of 11 units.
41 ratings of 12 units by 4 raters; 11 units with two ratings or more.
Categories: 1, 2, 3, 4, 5 (as you named them).

                                   value  95 % limits    the question it answers
percent agreement                  82 %   60 % to 100 %  how often do two raters say the same?
Gwet's AC2, quadratic weights      0.91   0.80 to 1.00   the same, with near misses counted in part?
weighted kappa, quadratic weights  -                     the usual figure for two raters
Krippendorff's alpha               0.82   0.42 to 0.98   beyond chance, with gaps and any number of raters?
Gwet's AC1                         0.78   0.52 to 1.00   beyond chance, also where most answers are alike?
Cohen's kappa                      -                     for two raters; low where most answers are alike
Fleiss' kappa                      -                     the same for any raters who may stand for one another

Gwet's AC2, quadratic weights lies between 0.80 and 1.00. 11 units with two ratings are enough for \
limits and too few for a word; 30 would allow one.

two raters  units  say the same  kappa, quadratic weights
R2 and R4   10     90 %          0.87
R1 and R2   9      89 %          0.94
R1 and R4   9      89 %          0.55
R4 and R3   10     70 %          0.89
R2 and R3   9      67 %          0.86
R1 and R3   8      62 %          0.54

1 unit with one rating: no pair, so only the shares of categories in AC read them.
No value for weighted kappa, quadratic weights, Cohen's kappa: it is for two raters, and here are 4; \
every two of them have it as a pair.
No value for Fleiss' kappa: it is for units that all have the same number of ratings; \
Krippendorff's alpha takes gaps.
"""


def test_below_ten_units_there_is_nothing_to_estimate(ratings: Path, run: Run) -> None:
    ratings.write_text(csv_of(SIX_TARGETS), encoding="utf-8")
    out = run("agreement", "ratings.csv", "--level", "ratio").out
    assert (
        "Too few to estimate: 6 units with two ratings or more, 10 are the least. "
        "The figures describe these units and no others." in out
    )
    assert "ICC(2,1), agreement, single" in out.split("\n\n")[1].splitlines()[1]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            "1 1\n2 2\n3 3\n4 4\n5 5\n1 2\n",
            "Agreement is at least excellent: the lower limit of ICC(2,1), agreement, single is",
        ),
        ("1 5\n5 1\n3 3\n", "Much depends on who rates: ICC(2,1)"),
        (
            "1 1\n2 3\n3 1\n4 4\n5 3\n",
            "It cannot be told yet whether agreement is moderate: ICC(2,1), agreement, single lies between",
        ),
    ],
)
def test_a_word_is_earned_by_the_lower_limit(ratings: Path, run: Run, table: str, sentence: str) -> None:
    ratings.write_text(csv_of(table * 10), encoding="utf-8")
    assert sentence in run("agreement", "ratings.csv", "--level", "interval").out


def test_applicability_is_a_statistic_of_its_own(ratings: Path, run: Run) -> None:
    ratings.write_text(
        "unit,rater,value\nS1,R1,1\nS1,R2,1\nS2,R1,not_applicable\nS2,R2,not_applicable\n"
        "S3,R1,0\nS3,R2,not_applicable\nS4,R1,0\nS4,R2,0\nS5,R1,declined\nS5,R2,\n",
        encoding="utf-8",
    )
    found = answered(run, "--level", "nominal", "--categories", "0,1")
    assert (found["units"], found["percent_agreement"]) == (3, 1)
    assert (found["applicability"]["units"], found["applicability"]["percent_agreement"]) == (4, 0.75)
    out = run("agreement", "ratings.csv", "--level", "nominal", "--categories", "0,1").out
    assert "Whether a unit applies: two raters say the same 75 % of the time, AC1 0.53 (4 units)." in out
    assert "No ratings, and counted in no figure: 3 not applicable, 1 declined, 1 left blank." in out


def test_a_table_without_any_rating_has_reasons_and_no_crash(ratings: Path, run: Run) -> None:
    ratings.write_text("unit,rater,value\nS1,R1,\nS1,R2,missing\n", encoding="utf-8")
    for level in ("nominal", "ordinal", "interval", "ratio"):
        found = answered(run, "--level", level)
        assert (found["units"], found["ratings"], found["percent_agreement"]) == (0, 0, None)
        assert found["undefined"]["percent_agreement"] == "no unit has two ratings"
        assert run("agreement", "ratings.csv", "--level", level).status == 0


def test_codes_that_look_like_one_are_told_and_nothing_is_merged(ratings: Path, run: Run) -> None:
    rows = ["S1,R1,yes", "S1,R2,yes", "s1,R1,no", "S2,R01,Yes", "S2,R2,not_applicable"]
    ratings.write_text("\n".join(["unit,rater,value", *rows, ""]), encoding="utf-8")
    ran = run("agreement", "ratings.csv", "--level", "nominal")
    assert ran.status == 0
    for told in (
        'Column unit: "S1" (2 times: ratings.csv rows 2, 3) and "s1" (1 time: ratings.csv row 4)',
        'Column rater: "R1" (2 times: ratings.csv rows 2, 4) and "R01" (1 time: ratings.csv row 5)',
        'Column value: "yes" (2 times: ratings.csv rows 2, 3) and "Yes" (1 time: ratings.csv row 5)',
    ):
        assert f"RB506  {told}" in ran.err
    assert "4 ratings of 3 units by 3 raters" in ran.out
    listed = run("agreement", "ratings.csv", "--level", "nominal", "--categories", "yes,no,Yes")
    assert "Column rater" in listed.err
    assert "Column value" not in listed.err


def test_wrong_cells_end_with_status_1(ratings: Path, run: Run) -> None:
    ratings.write_text("unit,rater,value\nS1,R1,Done\nS1,R1,done\n", encoding="utf-8")
    ran = run("agreement", "ratings.csv", "--level", "nominal", "--categories", "not_done,done")
    assert (ran.status, ran.out) == (1, "")
    assert 'RB503  Row 2, column value: "Done" is not an answer of the instrument.' in ran.err
    assert 'Did you mean "done"?' in ran.err
    assert 'RB506  Row 3: rater "R1" has rated unit "S1" in row 2 already.' in ran.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--level", "ordinal"], "--categories LOWEST,...,HIGHEST\n(here, in the order that is right: low)."),
        (["--level", "ordinal", "--categories", "low,,high"], "--categories has a blank between two commas"),
        (["--level", "ordinal", "--categories", "low,low"], '--categories names "low" twice.'),
        (["--level", "nominal", "--categories", "low,declined"], '"declined" is no category'),
        (["--level", "interval", "--categories", "low"], 'the category "low" is none'),
        (["--level", "interval", "--categories", "1,nan"], 'the category "nan" is none'),
        (["--level", "ratio", "--categories", "-1,1"], 'the category "-1" lies below'),
        (["--level", "cardinal"], "'cardinal' is not one of"),
        ([], "Missing option '--level'"),
    ],
)
def test_wrong_use_ends_with_status_2(ratings: Path, run: Run, words: list[str], sentence: str) -> None:
    ratings.write_text("unit,rater,value\nS1,R1,low\n", encoding="utf-8")
    ran = run("agreement", "ratings.csv", *words)
    assert ran.status == 2
    assert sentence in ran.err


def test_a_file_that_is_not_there(run: Run) -> None:
    ran = run("agreement", "ratings.csv", "--level", "nominal")
    assert ran.status == 1
    assert "RB507  There is no file of this name." in ran.err
