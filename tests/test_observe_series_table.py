"""Series tables: what is read, in which order, and what is wrong by row and column."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import ProblemsFound
from fidelity.observe import series_table
from fidelity.observe.series_at_once import entries_at_once
from fidelity.observe.series_table import Point, SeriesTable, read_series


def read(folder: Path, text: str, *ignore: str) -> SeriesTable:
    path = folder / "scores.csv"
    path.write_text(text, encoding="utf-8")
    return read_series(path, ignore)


def refused(folder: Path, text: str, *ignore: str) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        read(folder, text, *ignore)
    return [f"{each.code} {each.message}" for each in found.value.problems]


def scores(table: SeriesTable) -> dict[str, list[float]]:
    return {name: [each.score for each in points] for name, points in table.series.items()}


def test_scores_stand_in_the_order_of_their_dates_and_those_of_one_day_as_in_the_data(tmp_path: Path) -> None:
    text = """\
therapist,date,score
B,2026-03-02,70
A,2026-03-09,81.5
A,2026-03-02,80
A,2026-03-02,60
"""
    assert read(tmp_path, text) == SeriesTable(
        by="date",
        series={
            "A": (
                Point(date(2026, 3, 2), 80.0),
                Point(date(2026, 3, 2), 60.0),
                Point(date(2026, 3, 9), 81.5),
            ),
            "B": (Point(date(2026, 3, 2), 70.0),),
        },
        rated=False,
        unscored=0,
    )


def test_an_order_may_stand_for_dates(tmp_path: Path) -> None:
    table = read(tmp_path, "order,score,therapist\n10,70,A\n2,80,A\n2,60,B\n2.5,90,A\n")
    assert (table.by, scores(table)) == ("order", {"A": [80, 90, 70], "B": [60]})


def test_numbers_are_read_as_people_and_programs_write_them(tmp_path: Path) -> None:
    text = """\
therapist;date;score
A;2026-03-01;80%
A;2026-03-02;80,5
A;2026-03-03;٨٠٫٥
A;2026-03-04;83.33333333333333
A;٢٠٢٦-٠٣-٠٥;-1.5e1
A;2026-03-06;12,5 %
"""
    assert scores(read(tmp_path, text)) == {"A": [80, 80.5, 80.5, 83.33333333333333, -15, 12.5]}


def test_a_row_without_a_score_is_counted_and_in_no_series(tmp_path: Path) -> None:
    table = read(tmp_path, "therapist,date,score\nA,2026-03-01,\nA,2026-03-02,80\nB,2026-03-02,missing\n")
    assert (scores(table), table.unscored) == ({"A": [80], "B": []}, 2)


def test_what_two_raters_gave_on_one_day_is_one_session(tmp_path: Path) -> None:
    text = """\
therapist,date,score,rater
A,2026-03-01,80,R1
A,2026-03-01,70,R2
A,2026-03-01,60,R1
"""
    first, second = read(tmp_path, text).series["A"]
    assert first == Point(date(2026, 3, 1), 75.0, (("R1", 80.0), ("R2", 70.0)))
    assert second == Point(date(2026, 3, 1), 60.0, (("R1", 60.0),))


def test_everything_that_is_wrong_is_said_by_row_and_column(tmp_path: Path) -> None:
    text = """\
therapist,date,score
,2026-03-01,80
A,,80
A,3 March,eighty
A,2026-02-30,"1,234"
A,2026-03-05,1e300
A,2026-03-06
"""
    assert refused(tmp_path, text) == [
        "RB505 Row 2: the therapist is blank.",
        "RB505 Row 3: the date is blank.",
        'RB505 Row 4, column date: "3 March" is not a date I can read.',
        'RB504 Row 4, column score: "eighty" is not a number, so it cannot be a score.',
        "RB505 Row 5, column date: there is no day 2026-02-30.",
        'RB504 Row 5, column score: "1,234" may be a decimal or thousands, so it cannot be a score.',
        'RB504 Row 6, column score: "1e300" is too large a number, so it cannot be a score.',
        "RB507 Row 7 has 2 cells, but the heading has 3.",
    ]


def test_a_place_in_the_order_is_a_number_and_taken_once(tmp_path: Path) -> None:
    text = "therapist,order,score\nA,1,80\nA,first,81\nB,1,82\nA,1.0,83\nA,,84\n"
    assert refused(tmp_path, text) == [
        'RB504 Row 3, column order: "first" is not a number, so it cannot be a place in the order.',
        'RB506 Row 5: place 1.0 in the order of "A" is taken by row 2 already.',
        "RB505 Row 6: the order is blank.",
    ]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("therapist,date", "RB501 These columns must be there, also if they stay empty: score."),
        ("therapist,score", "RB501 These columns must be there, also if they stay empty: date or order."),
        ("therapist,date,score,site", 'RB501 Column "site": a table of this kind has no such column.'),
        ("therapist,date,order,score", "RB501 Of the columns date and order a table has one: it says what"),
        ("therapist,date,score,score", 'RB501 Column "score" stands twice.'),
    ],
)
def test_wrong_columns_are_named(tmp_path: Path, heading: str, said: str) -> None:
    cells = {"therapist": "A", "date": "2026-03-01", "score": "1", "site": "x", "order": "1"}
    row = ",".join(cells[name] for name in heading.split(","))
    assert refused(tmp_path, f"{heading}\n{row}\n")[0].startswith(said)


def test_a_column_may_be_left_out(tmp_path: Path) -> None:
    text = "therapist,date,order,score,site\nA,2026-03-01,9,80,x\nA,2026-03-02,1,70,x\n"
    assert scores(read(tmp_path, text, "order", "site")) == {"A": [80, 70]}
    assert refused(tmp_path, text, "date", "order", "site") == [
        "RB501 These columns must be there, also if they stay empty: date or order."
    ]


def test_a_table_without_rows_is_a_problem(tmp_path: Path) -> None:
    assert refused(tmp_path, "therapist,date,score\n") == [
        "RB507 There is a heading, but no observation below it."
    ]


def test_records_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    path.write_text('[{"therapist": "A", "order": 1, "score": 80.5}]', encoding="utf-8")
    assert read_series(path).series == {"A": (Point(1.0, 80.5),)}


CELLS = st.sampled_from(["80", "80,5", "7e1", " 70% ", "", "missing", "'-5", "x", "1,234", '"'])


@given(rows=st.lists(st.tuples(st.sampled_from(["A", "B", " A", ""]), st.integers(1, 4), CELLS), max_size=5))
def test_reading_all_at_once_says_the_same_as_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("series") / "scores.csv"
    lines = [f"{name};{day};{cell}" for name, day, cell in rows]
    path.write_text("\n".join(["therapist;order;score", *lines, ""]), encoding="utf-8")
    at_once = entries_at_once(path, ())
    try:
        slowly = series_table._row_by_row(path, ())
    except ProblemsFound:
        assert at_once is None
    else:
        assert at_once is None or tuple(map(tuple_of, at_once)) == tuple(map(tuple_of, slowly))


def tuple_of(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
