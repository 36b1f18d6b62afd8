"""Numbers without a step may be answered as any fraction: every engine says the same, or names the column."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from both_engines import naively, reduced
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from observe_sample import written

import fidelity
from fidelity.cli import status_of
from fidelity.evaluate.columns.row_by_row import outcome_types
from fidelity.evaluate.columns.table import table
from fidelity.language.reading import load
from fidelity.large_study import LargeStudy
from fidelity.observe import read
from fidelity.scale import score_batches

SOURCE = """\
checklist hours "Hours"
  version 1.0.0
scale done "Done?"
  answer no_step "No" scores 0
  answer yes_step "Yes" scores 1
fact travel "Travel" is a number from 0 to 24
section shares "Parts of hours" is a number from 0 to 24
  item talk "Talk"
  item walk "Walk"
section steps "Steps" on scale done
  item plans "Plans"
score both "Both" is talk + walk + travel
score usual "Usual" is mean of items in shares
score adherence "Adherence" is percent of items in steps
result good "Good" from usual
  level low "Low" below 1/999999929
  level high "High" at least 1/999999929
flag long "Long" when both is above 3
"""
HOURS = load(SOURCE, "hours.rubric")
NAMES = ("talk", "walk", "fact.travel", "plans")
HEADING = f"observation,therapist,date,{','.join(NAMES)}"
OUTCOMES = outcome_types(HOURS)

# The largest primes of nine digits: nothing cancels, and two of them pass 32 bits, three 64.
PRIMES = ("999999937", "999999929", "999999893")
number = st.sampled_from(
    ["", "0", "1", "24", "25", "0.1", "23.999999", "1/3", "2/7", "0/5", "1/1000000",
     *(f"{top}/{bottom}" for top, bottom in product(("1", "999999999"), PRIMES))]
)  # fmt: skip
record = st.tuples(number, number, number, st.sampled_from(["yes_step", "no_step", ""]))


def frame_of(records: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(records, schema=dict.fromkeys(NAMES, pl.String), orient="row")


def fits(row: dict[str, object]) -> bool:
    return all(abs(each) < 2**63 for each in row.values() if isinstance(each, int))


@settings(max_examples=60)
@given(st.lists(record, min_size=1, max_size=8))
@example([("0", "0", "", "yes_step"), ("0", "0.1", "", "yes_step"), ("0", "0", "", "yes_step")])
def test_a_table_is_exact_or_names_the_columns_with_the_fine_numbers(
    records: list[tuple[str, ...]],
) -> None:
    frame = frame_of(records)
    found = reduced(table(HOURS, frame.lazy()).collect().select(*OUTCOMES))
    batches = pa.Table.from_batches(score_batches(HOURS, frame.to_arrow().to_batches(3)))
    again = pl.from_arrow(batches)
    assert isinstance(again, pl.DataFrame)
    assert reduced(again.select(*OUTCOMES)) == found
    for each, row in zip(frame.iter_rows(named=True), found, strict=True):
        try:
            assert [row] == naively(HOURS, [each])
        except (OverflowError, pl.exceptions.ComputeError):
            fine = [name for name in NAMES[:3] if any(prime in each[name] for prime in PRIMES)]
            assert set(fine) <= set(str(row["refused"]).split(", ")) <= set(NAMES[:3])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(record, min_size=1, max_size=8))
@pytest.mark.parametrize("format", ["text", "json"])
def test_score_says_the_same_by_rows_and_by_columns(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], format: str, records: list[tuple[str, ...]]
) -> None:
    data = str(data_in(tmp_path, records))
    rubric = str(written(tmp_path, SOURCE, "hours.rubric"))
    said = []
    for engine in ("row", "columns"):
        status = status_of(["score", rubric, data, "--engine", engine, "--format", format])
        out, err = capfd.readouterr()
        said.append((status, out.replace('"engine": "columns"', '"engine": "row"'), err))
    assert said[0] == said[1]
    assert "program" not in said[0][2]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(record, min_size=1, max_size=8))
@example([("", "1/999999937", "", "yes_step"), ("", "1/999999929", "", "yes_step")])
def test_the_summary_is_the_same_by_rows_and_by_columns(
    tmp_path: Path, records: list[tuple[str, ...]]
) -> None:
    file = data_in(tmp_path, records)
    rows = fidelity.summarise(HOURS, read([file], HOURS))
    assert LargeStudy(HOURS, (file,)).study().summary == rows.summary


def data_in(folder: Path, records: list[tuple[str, ...]]) -> Path:
    rows = [f"o{at},T{at % 2},2026-01-0{at + 1},{','.join(each)}" for at, each in enumerate(records)]
    return written(folder, "\n".join([HEADING, *rows, ""]))


def test_a_number_that_does_not_fit_is_refused_by_name_and_no_other_row_is() -> None:
    records = [("1/999999937", "1/999999929", "1/999999893", "yes_step"), ("1/3", "1", "0", "yes_step")]
    found = table(HOURS, frame_of(records).lazy()).collect()
    assert found.select("refused", "both.top", "both.bottom").rows() == [
        ("talk, walk, fact.travel", None, None),
        (None, 4, 3),
    ]
