"""Long tables of any size: the observations and problems of the reader of rows, worked out in columns."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from observe_sample import CHECKLIST, said, table, written
from test_observe_bulk import both_read

from fidelity.observe.bulk import BulkReading, long, separated
from fidelity.observe.bulk.long import widened_in_columns

LONG = "observation,therapist,date,item,answer"

name = st.sampled_from(["o1", "o2", "o3", " o1", "o4 ", ""])
who = st.sampled_from(["T1", "T1", "T1", "T2", "", " "])
day = st.sampled_from(["2026-03-04", "2026-03-04", "2026-03-05", "2026-02-30", ""])
item = st.sampled_from(
    ["welcome", "safety", "asked", "remarks", "open_q.often", " welcome", "strange", "", "fact.format"]
)  # fmt: skip
answer = st.sampled_from(["done", "not_done", "na", "doen", "3", "51", "'=1", "calm", "visit", "", " "])
row = st.tuples(name, who, day, item, answer)
more = st.tuples(name, who, st.sampled_from(["north", "south", ""]))


def text_of(heading: str, rows: Sequence[tuple[str, ...]]) -> str:
    return table(*(",".join(each) for each in rows), headings=heading)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(row, min_size=1, max_size=25),
    block=st.sampled_from([60, 6_000_000]),
    sessions=st.sampled_from([1, 3, 20_000]),
)
@example(rows=[("o1", "T1", "2026-03-04", "date", "done")], block=60, sessions=1)
@example(rows=[("", "T1", "2026-03-04", "welcome", "done")], block=60, sessions=1)
def test_both_readers_give_the_same_observations_and_problems(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: Sequence[tuple[str, ...]],
    block: int,
    sessions: int,
) -> None:
    monkeypatch.setattr(separated, "BLOCK", block)
    monkeypatch.setattr(long, "SESSIONS_A_BATCH", sessions)
    both_read(written(tmp_path, text_of(LONG, rows)))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(row, min_size=1, max_size=9),
    second=st.lists(row, min_size=1, max_size=9),
    others=st.lists(more, min_size=1, max_size=5),
)
def test_also_of_several_tables_and_one_that_says_more(
    tmp_path: Path,
    first: Sequence[tuple[str, ...]],
    second: Sequence[tuple[str, ...]],
    others: Sequence[tuple[str, ...]],
) -> None:
    both_read(
        written(tmp_path, text_of(LONG, first), "first.csv"),
        written(tmp_path, text_of(LONG, second), "second.csv"),
        written(tmp_path, text_of("observation,therapist,site", others), "who.csv"),
    )


def test_it_is_done_in_columns_and_the_rest_is_left_to_the_reader_of_rows(tmp_path: Path) -> None:
    file = written(tmp_path, text_of(LONG, [("o1", "T1", "2026-03-04", "welcome", "done")]))
    (records,) = BulkReading((file,), CHECKLIST).records()
    assert records.frame["welcome"].dtype == pl.Enum(["done"])
    assert widened_in_columns([]) is None


def test_what_is_wrong_in_a_long_parquet_file_is_told_by_its_row(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "observation": ["o1", "o1", "o2", "o1", "o2", None],
            "therapist": ["T1", "T1", "T1", "T2", "T1", "T1"],
            "item": ["welcome", "asked", "welcome", "safety", "welcome", "welcome"],
            "answer": ["done", "3", "doen", "na", "done", "done"],
        }
    )
    path = tmp_path / "long.parquet"
    frame.write_parquet(path)
    assert said(both_read(path)) == [
        'RB506 Observation "o1" has two entries for therapist: "T1" and, in row 5, "T2".',
        'RB506 Observation "o2" has two entries for welcome: "doen" and, in row 6, "done".',
        "RB507 Row 7 names no observation, so nothing says to which its answer belongs.",
        "RB505 2 of 2 observations have no date.",
        'RB503 Row 4, column answer: "doen" is not an answer of welcome.',
    ]


def test_an_answer_to_no_item_is_told(tmp_path: Path) -> None:
    rows = [("o1", "T1", "2026-03-04", "", "done"), ("o1", "T1", "2026-03-04", "safety", "done")]
    assert said(both_read(written(tmp_path, text_of(LONG, rows)))) == [
        'RB507 Row 2 names no item, so nothing says to which question "done" is the answer.'
    ]
