"""The evaluator of rows and the columns say the same of any record of any checklist."""

from collections.abc import Mapping
from fractions import Fraction
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_records, whole_checklists

from fidelity.evaluate.columns.row_by_row import every_row, outcome_types
from fidelity.evaluate.columns.table import table
from fidelity.model.checklist import Checklist

CHECKLISTS, RECORDS = 50, 50  # 2,500 cases in each run

Outcomes = list[dict[str, object]]


@settings(max_examples=CHECKLISTS)
@given(whole_checklists(), st.integers(0, 2**32))
def test_rows_and_columns_agree(checklist: Checklist, seed: int) -> None:
    records = random_records(checklist, Random(seed), RECORDS)  # noqa: S311 - chance is all that is wanted
    assert by_columns(checklist, records) == by_rows(checklist, records)


def by_columns(checklist: Checklist, records: list[dict[str, str]]) -> Outcomes:
    return reduced(table(checklist, pl.LazyFrame(records)).collect().select(*outcome_types(checklist)))


def by_rows(checklist: Checklist, records: list[dict[str, str]]) -> Outcomes:
    return reduced(every_row(checklist, pl.DataFrame(records)).select(*outcome_types(checklist)))


def reduced(frame: pl.DataFrame) -> Outcomes:
    """The rows, every fraction in lowest terms."""
    return [_reduced(row) for row in frame.iter_rows(named=True)]


def _reduced(row: Mapping[str, object]) -> dict[str, object]:
    found = dict(row)
    for name in row:
        end = name.removesuffix(".top")
        top, bottom = row[name], row.get(f"{end}.bottom")
        if end != name and isinstance(top, int) and isinstance(bottom, int):
            found[name], found[f"{end}.bottom"] = Fraction(top, bottom).as_integer_ratio()
    return found
