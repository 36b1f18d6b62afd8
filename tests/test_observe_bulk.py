"""Files of any size are read in columns; every record and every problem is that of the reader of rows."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from observe_sample import CHECKLIST, GOOD, HEADINGS, said, table, written

from fidelity.errors import in_order
from fidelity.model.observation import Observation
from fidelity.observe import Reading, read
from fidelity.observe.bulk import BulkReading, parquet, separated
from fidelity.observe.bulk.parquet import table_of_parquet
from fidelity.observe.size import hold_more_than


def in_bulk(*files: Path, ignore: tuple[str, ...] = ()) -> Reading:
    """What is read in columns, in the shape of the reader of rows."""
    reading = BulkReading(files, CHECKLIST, ignore)
    found: list[Observation] = []
    for records in reading.records():
        for at, row in enumerate(records.frame.iter_rows(named=True)):
            record = records.refused.get(at) or records.observation(at)
            if at not in records.refused:
                assert not record.refused
                assert row | texts_of(record, row) == row
            found.append(record)
    return Reading(tuple(found), reading.problems, reading.hashed())


def texts_of(record: Observation, names: Iterable[str]) -> dict[str, str]:
    """What columns say of a record in the words that need no reading."""
    plain = {name: getattr(record, name) for name in names if name in PLAIN}
    return plain | ({"date": str(record.date or "")} if "date" in names else {})


def both_read(*files: Path, ignore: tuple[str, ...] = ()) -> Reading:
    """The reading, when both ways agree on it."""
    rows, columns = read(files, CHECKLIST, ignore), in_bulk(*files, ignore=ignore)
    assert columns.observations == rows.observations
    assert columns.problems == rows.problems
    assert columns.files == rows.files
    return columns


PLAIN = ("observation", "therapist", "session", "site", "version", "checklist")

# ---- generated tables

a_heading = st.sampled_from(
    [*HEADINGS.split(","), "site", "minutes", "rated_on", "selection", "fact.format", "welcome.comment",
     "version", "checklist", "reported.adherence", "", "strange", "Welcome"]
)  # fmt: skip
a_cell = st.sampled_from(
    ["", " ", "done", "not_done", "na", "Y", "Done", "99", "declined", "not_observed", "1", "5", "٣", "2.5",
     "2,5", "3.0", "50", "51", "-1", "1234567890123", "calm", "o1", "o2", "T1", " T1 ", "2026-03-04",
     "2026-02-30", "٢٠٢٦-٠٣-٠٤", "04.03.2026", "visit", "1.2.0", "group", "planned", "for_cause", "'=1",
     "''=1", "'", "=1", "\x1fdone", "done\u2003", "ä", "nan", "80%"]
)  # fmt: skip
HARD = st.sampled_from(
    ['"', '"quoted"', '"a ""b"" c"', '"a,b"', '"two\nlines"', 'a"b', "\r", "\x00", "\ufeff"]
)
a_mark = st.sampled_from(",,,,;\t")
an_end = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Text of a table, mostly a good one."""
    rest = draw(st.lists(a_heading, max_size=4, unique=draw(st.booleans())))
    headings = [*HEADINGS.split(","), *rest] if draw(st.integers(0, 9)) else rest
    cells = st.one_of(a_cell, HARD) if draw(st.integers(0, 3)) == 0 else a_cell
    good = [*GOOD.split(","), *[""] * len(rest)]
    rows = [headings]
    for number in range(draw(st.integers(0, 12))):
        row = [f"o{number}", *good[1 : len(headings)]]
        for at in draw(st.lists(st.integers(0, max(len(row) - 1, 0)), max_size=4)):
            row[at] = draw(cells)
        if draw(st.integers(0, 15)) == 0:
            row = row[:-1] if draw(st.booleans()) else [*row, draw(cells)]
        rows.append([] if draw(st.integers(0, 20)) == 0 else row)
    mark, end = draw(a_mark), draw(an_end)
    text = end.join(mark.join(row) for row in rows) + draw(st.sampled_from([end, "", end + end]))
    return (
        draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
        + text.encode()
        + draw(st.sampled_from([b"", b"", b"", b"\xff"]))
    )


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=tables(), block=st.sampled_from([40, 200, 6_000_000]))
@example(content=f"{HEADINGS}\n{GOOD},\n{GOOD[:-4]}\n".encode(), block=40)
@example(content=f"{HEADINGS}\n{GOOD[:-4]}\n{GOOD},\n".encode(), block=6_000_000)
def test_both_readers_give_the_same_records_and_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, block: int
) -> None:
    monkeypatch.setattr(separated, "BLOCK", block)
    both_read(written(tmp_path, content))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=tables(), second=tables())
def test_also_of_several_files_and_of_folders(tmp_path: Path, first: bytes, second: bytes) -> None:
    files = written(tmp_path, first, "first.csv"), written(tmp_path, second, "second.csv")
    both_read(*files)
    assert in_order(in_bulk(tmp_path).problems) == in_order(read([tmp_path], CHECKLIST).problems)


# ---- kinds of files


LONG = "observation,therapist,date,item,answer"


DIGITS = "observation,therapist,date,asked,remarks,open_q.often,welcome.comment,welcome,safety"
other_cell = st.sampled_from(
    ["", "01", "+1", "-1", "-0", " 1", "1 ", "1.0", "٣", "10", "300", "done", "'=1", '"1"']
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.sampled_from("012345679"), min_size=6, max_size=6), min_size=3, max_size=20),
    others=st.lists(st.tuples(st.integers(0, 19), st.integers(0, 5), other_cell), max_size=3),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_columns_that_begin_with_digits_and_go_on_otherwise_are_read_alike(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[list[str]],
    others: list[tuple[int, int, str]],
    end: str,
) -> None:
    monkeypatch.setattr(separated, "LOOKED_AT", 80)
    for row, column, text in others:
        rows[row % len(rows)][column] = text
    lines = [f"o{at},{each[0]},2026-03-04,{','.join(each[1:])},done,done" for at, each in enumerate(rows)]
    both_read(written(tmp_path, end.join([DIGITS, *lines, ""])))


def test_columns_of_digits_become_whole_numbers_where_every_cell_is_one(tmp_path: Path) -> None:
    def kind(*cells: str) -> pl.DataType:
        rows = [GOOD.replace(",5,", f",{each},").replace("o1", f"o{at}") for at, each in enumerate(cells)]
        (records,) = BulkReading((written(tmp_path, table(*rows)),), CHECKLIST).records()
        return records.frame["open_q.often"].dtype

    assert kind("1", "", "5", "7") == pl.Int8
    assert kind("1", "", "05") != pl.Int8


WORDS = ["done", "partly", "na", "", '""', "doen", "'=1", " done", '"done"', '"a, b"', "ä"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(["done", "partly", "not_done"]), min_size=4, max_size=30),
    others=st.lists(st.tuples(st.integers(0, 29), st.sampled_from(WORDS)), max_size=4),
    block=st.sampled_from([90, 400, 6_000_000]),
)
def test_columns_of_a_few_words_that_go_on_with_others_are_read_alike(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    others: list[tuple[int, str]],
    block: int,
) -> None:
    monkeypatch.setattr(separated, "BLOCK", block)
    monkeypatch.setattr(separated, "LOOKED_AT", 80)
    for at, text in others:
        words[at % len(words)] = text
    rows = [f"o{at},T1,2026-03-04,{each},done,3,calm,5,2.5" for at, each in enumerate(words)]
    both_read(written(tmp_path, table(*rows)))


def test_columns_of_a_few_words_become_lists_of_them(tmp_path: Path) -> None:
    rows = [GOOD.replace("o1", f"o{at}") for at in range(50)]
    (records,) = BulkReading((written(tmp_path, table(*rows)),), CHECKLIST).records()
    assert records.frame["safety"].dtype == pl.Enum(["partly"])
    assert records.frame["observation"].dtype == pl.String


def test_records_long_tables_and_workbooks_are_read_alike(tmp_path: Path) -> None:
    long = table("o1,T1,2026-03-04,welcome,done", "o1,T1,2026-03-04,safety,doen", headings=LONG)
    records = '[{"observation": "o2", "therapist": "T1", "date": "2026-03-04", "answers": {"welcome": true}}]'
    found = both_read(written(tmp_path, long, "long.csv"), written(tmp_path, records, "records.json"))
    assert said(found) == [
        'RB503 Row 3, column answer: "doen" is not an answer of safety.',
        "RB503 Record 1: true or false, true, stands where welcome should be.",
    ]


def test_parquet_is_a_table_like_any_other(tmp_path: Path) -> None:
    """Also where its columns hold numbers, days, categories; what does not fit is told by row and column."""
    frame = pl.DataFrame(
        {
            "observation": ["o1", "o2", "o3", "o4"],
            "therapist": ["T1", "T1", None, "T1"],
            "date": [date(2026, 3, 4), None, date(2026, 3, 6), date(2026, 3, 7)],
            "welcome": pl.Series(["done", "na", "partly", None], dtype=pl.Enum(["done", "na", "partly"])),
            "safety": pl.Series(["done", "doen", "", "done"], dtype=pl.Categorical),
            "asked": [3, 70_000_000_000, None, 1],
            "remarks": [True, None, None, None],
            "open_q.often": [1.0, float("nan"), 2.5, 3.0],
            "open_q.skill": [Decimal("1.50"), None, Decimal("2.00"), Decimal("1.25")],
        }
    )
    path = tmp_path / "data.parquet"
    frame.write_parquet(path)
    found = both_read(path)
    assert dict(found.observations[3].answers) == {"safety": "done", "asked": "1", "open_q.often": "3"}
    assert said(found) == [
        "RB505 1 of 4 observations name no therapist, and 1 have no date.",
        'RB503 Row 2, column remarks: "TRUE" is not an answer of remarks.',
        'RB503 Row 3, column safety: "doen" is not an answer of safety.',
        'RB504 Row 3, column asked: "70000000000" is not a number, so it cannot be asked.',
        'RB503 Row 3, column open_q.often: "nan" is not an answer of open_q.often.',
        'RB504 Row 4, column open_q.often: "2.5" is between two steps, so it cannot be open_q.often.',
        'RB504 Row 5, column open_q.skill: "1.25" is between two steps, so it cannot be open_q.skill.',
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 3, 4), "2026-03-04"),  # noqa: DTZ001 - as a file has it
        (datetime(2026, 3, 4, 9, 30), "2026-03-04 09:30:00"),  # noqa: DTZ001
        (0.1 + 0.2, "0.30000000000000004"),
        (1e15, "1000000000000000"),
    ],
)
def test_values_of_parquet_become_exact_text(tmp_path: Path, value: object, text: str) -> None:
    path = tmp_path / "one.parquet"
    pl.DataFrame({" welcome ": [value]}).write_parquet(path)
    found = table_of_parquet(path, str(path))
    assert found.headings == ("welcome",)
    assert [getattr(each, "cells", None) for each in found.rows] == [[text]]


def test_a_damaged_parquet_file_is_told(tmp_path: Path) -> None:
    found = both_read(written(tmp_path, b"PAR1 and nothing else", "data.parquet"))
    assert said(found) == ["RB507 This Parquet file is damaged and cannot be read."]


def test_a_parquet_file_that_is_damaged_half_way_is_told_and_what_stood_before_is_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS_A_PIECE", 100)
    path = tmp_path / "data.parquet"
    names = [f"o{number}" for number in range(1_000)]
    pl.DataFrame({"observation": names, "welcome": "done"}).write_parquet(
        path, row_group_size=100, compression="uncompressed", use_pyarrow=False
    )
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"o700", b"o7\xff0"))
    reading = BulkReading((path,), CHECKLIST)
    for _ in reading.records():
        pass
    assert reading.is_wrong
    assert "RB507 This Parquet file is damaged and cannot be read." in [
        f"{each.code} {each.message}" for each in reading.problems
    ]


def test_a_column_that_changes_half_way_is_told_where_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(separated, "BLOCK", 2_000)
    rows = [GOOD.replace("o1", f"a{number}") for number in range(200)]
    rows += [GOOD.replace("o1", f"b{number}").replace(",3,", ",three,") for number in range(2)]
    found = both_read(written(tmp_path, table(*rows)))
    assert said(found) == [
        'RB504 Row 202, column asked: "three" is not a number, so it cannot be asked.',
        'RB504 Row 203, column asked: "three" is not a number, so it cannot be asked.',
    ]


# ---- how large data are


def test_the_size_of_data_is_known_without_reading_them(tmp_path: Path) -> None:
    rows = [GOOD.replace("o1", f"o{number}") for number in range(30)]
    text = written(tmp_path, table(*rows))
    parquet = tmp_path / "data.parquet"
    pl.DataFrame({"a": range(30)}).write_parquet(parquet)
    assert [hold_more_than(most, [text]) for most in (29, 31)] == [True, False]
    assert [hold_more_than(most, [parquet]) for most in (29, 31)] == [True, False]
    assert hold_more_than(40, [text, parquet])
    assert not hold_more_than(1, [tmp_path / "absent.csv"])
