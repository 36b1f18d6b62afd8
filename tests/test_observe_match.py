"""Columns find their items, cells their answers; what does not fit is told by row, column, nearest answer."""

from pathlib import Path

import pytest
from observe_sample import CHECKLIST, GOOD, HEADINGS, reading_of, said, table, written

from fidelity.observe import read


def one(folder: Path, column: str, cell: str, name: str = "data.csv") -> list[str]:
    """What is said of a good record in which one cell is changed or added."""
    headings, cells = HEADINGS.split(","), GOOD.split(",")
    if column in headings:
        cells[headings.index(column)] = cell
    else:
        headings, cells = [*headings, column], [*cells, cell]
    return said(reading_of(folder, table(",".join(cells), headings=",".join(headings)), name))


# ---- columns


@pytest.mark.parametrize(
    ("column", "sentence", "advice"),
    [
        ("weather", 'Column weather: this checklist has no item "weather".', '--ignore "weather"'),
        ("Site", 'Column Site: this checklist has no item "Site".', 'Did you mean "site"?'),
        ("sel", 'Column sel: this checklist has no item "sel".', 'Did you mean "selection"?'),
        ("format", 'Column format: this checklist has no item "format".', 'Did you mean "fact.format"?'),
        (
            "welcome.coment",
            'Column welcome.coment: this checklist has no item "welcome.coment".',
            "welcome.comment",
        ),
        (
            "open_q",
            "Column open_q: rated on two scales, each with a column of its own: open_q.often, open_q.skill.",
            "--ignore",
        ),
        ("zzz", 'Column zzz: this checklist has no item "zzz".', '--ignore "zzz"'),
    ],
)
def test_an_unknown_column_is_a_problem_with_a_suggestion(
    tmp_path: Path, column: str, sentence: str, advice: str
) -> None:
    (only,) = reading_of(tmp_path, table(GOOD + ",1", headings=f"{HEADINGS},{column}")).problems
    assert (only.code, only.message) == ("RB501", sentence)
    assert advice in only.help
    assert (only.place.line, only.place.column) == (1, 10)


def test_a_misspelt_column_is_said_once_and_not_as_absent_too(tmp_path: Path) -> None:
    found = reading_of(tmp_path, table(GOOD, headings=HEADINGS.replace("welcome", "wellcome")))
    assert said(found) == ['RB501 Column wellcome: this checklist has no item "wellcome".']


def test_compulsory_columns_that_are_absent_are_told_together(tmp_path: Path) -> None:
    found = reading_of(tmp_path, "observation,welcome\no1,done\n")
    assert said(found)[0] == (
        "RB501 These columns must be there, also if they stay empty: "
        "therapist, date, safety, asked, remarks, …."
    )


@pytest.mark.parametrize("prefixed", [HEADINGS, "start," + HEADINGS])
def test_a_column_with_the_group_of_a_form_before_its_name_is_known_for_it(
    tmp_path: Path, prefixed: str
) -> None:
    headings = ",".join(f"meeting/{name}" for name in prefixed.split(","))
    row = GOOD if prefixed == HEADINGS else f"x,{GOOD}"
    problems = reading_of(tmp_path, table(row, headings=headings)).problems
    column = next(each for each in problems if each.facts.get("grouped") == "meeting/welcome")
    assert column.message == 'Column meeting/welcome: this checklist has no item "meeting/welcome".'
    assert column.help.startswith('Did you mean "welcome"?\n"meeting" is a group of the form.')


def test_a_number_that_is_the_points_of_an_answer_is_told_with_the_line_that_takes_it(tmp_path: Path) -> None:
    found = reading_of(tmp_path, table(GOOD.replace("done,partly", "2,3")))
    scored, other = found.observations[0].refused
    assert 'let the checklist say so, in the line of that answer: answer done ... coded "2"' in scored.help
    assert "coded" not in other.help


def test_a_column_twice(tmp_path: Path) -> None:
    found = reading_of(tmp_path, table(GOOD + ",done", headings=HEADINGS + ",welcome"))
    assert said(found) == ["RB501 Column welcome stands twice."]


def test_a_column_without_a_name_may_be_empty_and_nothing_else(tmp_path: Path) -> None:
    empty, held = (table(GOOD + "," + cell, headings=HEADINGS + ",") for cell in ("", "x"))
    assert said(reading_of(tmp_path, empty)) == []
    assert said(reading_of(tmp_path, held)) == [
        "RB501 Column J has no name, but row 2 holds something in it."
    ]


def test_an_ignored_column_is_passed_over(tmp_path: Path) -> None:
    text = table(GOOD + ",1", headings=HEADINGS + ",weather")
    assert said(reading_of(tmp_path, text, ignore=("weather",))) == []


# ---- cells


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("welcome", "often", 'RB503 Row 2, column welcome: "often" is not an answer of welcome.'),
        ("welcome", "Done", 'RB503 Row 2, column welcome: "Done" is not an answer of welcome.'),
        ("fact.format", "pair", 'RB503 Row 2, column fact.format: "pair" is not an answer of format.'),
        ("selection", "plan", 'RB503 Row 2, column selection: "plan" is not an answer of selection.'),
        ("asked", "51", 'RB504 Row 2, column asked: "51" is outside the range, so it cannot be asked.'),
        ("asked", "2.5", 'RB504 Row 2, column asked: "2.5" is not a whole number, so it cannot be asked.'),
        ("asked", "many", 'RB504 Row 2, column asked: "many" is not a number, so it cannot be asked.'),
        (
            "open_q.skill",
            "2.2",
            'RB504 Row 2, column open_q.skill: "2.2" is between two steps, so it cannot be open_q.skill.',
        ),
        ("minutes", "-5", 'RB504 Row 2, column minutes: "-5" is outside the range, so it cannot be minutes.'),
        ("date", "4.3.2026", 'RB505 Row 2, column date: "4.3.2026" is not a date I can read.'),
        ("rated_on", "2026-02-30", "RB505 Row 2, column rated_on: there is no day 2026-02-30."),
        (
            "welcome",
            "declined",
            'RB510 Row 2, column welcome: the checklist does not say how "declined" for welcome counts.',
        ),
    ],
)
def test_a_cell_that_does_not_fit_refuses_its_record(
    tmp_path: Path, column: str, cell: str, sentence: str
) -> None:
    assert one(tmp_path, column, cell) == [sentence]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("welcome", "Y"),  # a raw code of the answer
        ("welcome", "99"),  # a code of the whole file
        ("welcome", "not_applicable"),
        ("welcome", "not_observed"),
        ("asked", "٣"),  # digits of any script
        ("open_q.often", " 4 "),
        ("minutes", "45.5"),
        ("date", "۲۰۲۶-۰۳-۰۴"),
        ("welcome.comment", "=1+1"),
        ("rater_role", "any word"),
        ("selection", "for_cause"),
    ],
)
def test_a_cell_that_fits_says_nothing(tmp_path: Path, column: str, cell: str) -> None:
    assert one(tmp_path, column, cell) == []


@pytest.mark.parametrize(
    ("column", "cell", "advice"),
    [
        ("welcome", "don", 'Did you mean "done"?\nAllowed: not_done, partly, done, na.'),
        ("welcome", "Partly done", 'Did you mean "partly"?\nAllowed: not_done, partly, done, na.'),
        ("asked", "51", "Allowed: a whole number from 0 to 50.\nThe nearest allowed answer is 50."),
    ],
)
def test_the_nearest_allowed_answer_is_named(tmp_path: Path, column: str, cell: str, advice: str) -> None:
    text = table(GOOD.replace("done", cell) if column == "welcome" else GOOD.replace(",3,", f",{cell},"))
    (only,) = reading_of(tmp_path, text).observations[0].refused
    assert only.help == advice
    assert (only.place.line, only.place.column) == (2, HEADINGS.split(",").index(column) + 1)


def test_all_errors_of_all_records_are_told_at_once(tmp_path: Path) -> None:
    found = reading_of(
        tmp_path, table(GOOD, "o2,T1,4 May,x,y,3,calm,5,2.5", "o3,T1,2026-03-04,z,done,3,,5,9")
    )
    assert [len(each.refused) for each in found.observations] == [0, 3, 2]
    assert found.problems == ()


def test_a_cell_of_json_is_named_by_record(tmp_path: Path) -> None:
    text = '{"therapist": "T1", "date": "2026-03-04", "answers": {"welcome": true, "asked": "x"}}'
    assert said(reading_of(tmp_path, text, "data.jsonl")) == [
        "RB503 Record 1: true or false, true, stands where welcome should be.",
        'RB504 Record 1, asked: "x" is not a number, so it cannot be asked.',
    ]


def test_a_long_text_is_shown_shortened(tmp_path: Path) -> None:
    (sentence,) = one(tmp_path, "welcome", "a" * 500)
    assert len(sentence) < 140


# ---- records


def test_an_observation_twice(tmp_path: Path) -> None:
    assert said(reading_of(tmp_path, table(GOOD, GOOD))) == [
        'RB506 Row 3: observation "o1" stands in row 2 already.'
    ]


def test_an_observation_in_two_files(tmp_path: Path) -> None:
    files = [written(tmp_path, table(GOOD), name) for name in ("a.csv", "b.csv")]
    (only,) = read(files, CHECKLIST).problems
    assert only.message == f'Observation "o1" is in {files[0]} already.'
    assert only.related[0].place.file == str(files[0])


def test_blank_therapists_and_dates_are_one_warning_a_file(tmp_path: Path) -> None:
    (only,) = reading_of(tmp_path, table(GOOD, "o2,,,done,done,3,,5,2", "o3,T1,,done,done,3,,5,2")).problems
    assert (only.code, only.severity) == ("RB505", "warning")
    assert only.message == "1 of 3 observations name no therapist, and 2 have no date."


@pytest.mark.parametrize(
    ("columns", "cells", "sentence"),
    [
        ("checklist", "other", 'RB508 Row 2: this record belongs to the checklist "other", not to "visit".'),
        (
            "checklist,version",
            "visit,1.0.0",
            'RB508 Row 2: this record was made with version 1.0.0 of "visit", not with version 1.2.0.',
        ),
    ],
)
def test_a_record_of_another_checklist_or_version_is_refused_for_that_alone(
    tmp_path: Path, columns: str, cells: str, sentence: str
) -> None:
    found = reading_of(
        tmp_path, table(GOOD.replace("done", "zzz") + f",{cells}", headings=f"{HEADINGS},{columns}")
    )
    assert said(found) == [sentence]
    assert found.problems == ()


def test_a_table_of_another_checklist_is_told_once(tmp_path: Path) -> None:
    text = table(
        "1,T1,2026-03-04,other,1", "2,T1,,other,1", headings="observation,therapist,date,checklist,alpha"
    )
    assert said(reading_of(tmp_path, text)) == [
        'RB508 This table belongs to the checklist "other", not to "visit".'
    ]
