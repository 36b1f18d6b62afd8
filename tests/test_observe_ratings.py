"""Tables of unit, rater and value: every wrong cell is named, and what is no rating is set apart."""

import json
from pathlib import Path

import openpyxl
import pytest
from observe_sample import written

from fidelity.model.scale import NonAnswer
from fidelity.observe.ratings import Expected, RatingsRead, read_ratings

ANY = Expected()
STEPS = Expected(("not_done", "partly", "done"))
NUMBERS = Expected(numbers=True)
FROM_NOUGHT = Expected(numbers=True, from_nought=True)


def table(folder: Path, *rows: str, expected: Expected = ANY) -> RatingsRead:
    content = "\n".join(["unit,rater,value", *rows, ""])
    return read_ratings(written(folder, content, "ratings.csv"), expected)


def said(reading: RatingsRead) -> list[str]:
    return [f"{each.code} {each.message}" for each in reading.problems]


def test_a_table_is_read_in_its_order(tmp_path: Path) -> None:
    reading = table(tmp_path, "S1,R1,done", "S1,R2,partly", "S2,R1,done", expected=STEPS)
    assert reading.ratings == (["S1", "S1", "S2"], ["R1", "R2", "R1"], ["done", "partly", "done"])
    assert reading.problems == ()


def test_json_records_and_workbooks_hold_the_same(tmp_path: Path) -> None:
    records = [{"unit": "S1", "rater": "R1", "value": 2}, {"unit": "S1", "rater": "R2", "value": 2.5}]
    from_json = read_ratings(written(tmp_path, json.dumps(records), "ratings.json"), NUMBERS)
    book = openpyxl.Workbook()
    for row in (("unit", "rater", "value"), ("S1", "R1", 2), ("S1", "R2", 2.5)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "ratings.xlsx")
    from_workbook = read_ratings(tmp_path / "ratings.xlsx", NUMBERS)
    assert from_json.ratings == from_workbook.ratings == (["S1", "S1"], ["R1", "R2"], ["2", "2.5"])


def test_what_is_no_rating_is_set_apart_by_its_kind(tmp_path: Path) -> None:
    reading = table(tmp_path, "S1,R1,done", "S1,R2,not_applicable", "S2,R1,", "S2,R2,declined")
    assert reading.ratings.values == ["done"]
    assert reading.apart == (
        ("S1", "R2", NonAnswer.NOT_APPLICABLE),
        ("S2", "R1", NonAnswer.MISSING),
        ("S2", "R2", NonAnswer.DECLINED),
    )


def test_one_number_in_two_spellings_is_one_category(tmp_path: Path) -> None:
    assert table(tmp_path, "S1,R1,2", "S1,R2,2.0", "S1,R3,٢").ratings.values == ["2", "2", "2"]
    assert table(tmp_path, "S1,R1,2.50", expected=NUMBERS).ratings.values == ["2.5"]
    assert table(tmp_path, "S1,R1,1e-3", expected=NUMBERS).ratings.values == ["0.001"]


def test_every_wrong_cell_is_named_at_once(tmp_path: Path) -> None:
    reading = table(
        tmp_path, "S1,R1,Done", "S1,R1,dne", ",R2,done", "S2,,never", "S3,R1,done", expected=STEPS
    )
    assert said(reading) == [
        'RB503 Row 2, column value: "Done" is not an answer of the instrument.',
        'RB506 Row 3: rater "R1" has rated unit "S1" in row 2 already.',
        'RB503 Row 3, column value: "dne" is not an answer of the instrument.',
        "RB505 Row 4: it does not name a unit.",
        "RB505 Row 5: it does not name a rater.",
        'RB503 Row 5, column value: "never" is not an answer of the instrument.',
    ]
    assert [each.facts.get("nearest") for each in reading.problems if each.code == "RB503"] == [
        "done",
        "done",
        "",
    ]
    assert reading.ratings.units == ["S3"]


@pytest.mark.parametrize("value", ["many", '"2,5"', "70%", "1/2", "nan", "inf", "0x10", "1e999"])
def test_what_is_not_a_number_is_refused_on_a_numeric_level(tmp_path: Path, value: str) -> None:
    (problem,) = table(tmp_path, f"S1,R1,{value}", expected=NUMBERS).problems
    assert problem.code == "RB504"
    assert problem.help == "Allowed: a number, with a point before decimals."


def test_a_ratio_ends_at_nought(tmp_path: Path) -> None:
    reading = table(tmp_path, "S1,R1,-1", "S1,R2,0", expected=FROM_NOUGHT)
    (sentence,) = said(reading)
    assert sentence == (
        'RB504 Row 2, column value: "-1" is below nought, where a ratio scale ends, '
        "so it cannot be a rating here."
    )


def test_a_formula_without_a_value_is_not_guessed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("unit", "rater", "value"), ("S1", "R1", "=1+1")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "ratings.xlsx")
    reading = read_ratings(tmp_path / "ratings.xlsx", ANY)
    assert said(reading) == ['RB503 Cell C2 of sheet "Sheet": a formula stands where the value should be.']
    assert reading.ratings.values == []


def test_the_columns_are_known_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, "unit,raters,value\nS1,R1,1\n", "ratings.csv")
    reading = read_ratings(path, ANY)
    assert said(reading) == [
        "RB501 These columns must be there, also if they stay empty: rater.",
        'RB501 Column "raters": a table of this kind has no such column.',
    ]
