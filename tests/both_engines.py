"""The outcomes of the same records, once by columns and once by the evaluator of rows."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import polars as pl

from fidelity.evaluate.columns.row_by_row import every_row, outcome_types
from fidelity.evaluate.columns.table import table
from fidelity.model.checklist import Checklist

Outcomes = list[dict[str, object]]
Records = Sequence[Mapping[str, str]]


def by_columns(checklist: Checklist, records: Records) -> Outcomes:
    return reduced(
        table(checklist, frame_of(checklist, records).lazy()).collect().select(*outcome_types(checklist))
    )


def by_rows(checklist: Checklist, records: Records) -> Outcomes:
    return reduced(every_row(checklist, frame_of(checklist, records)).select(*outcome_types(checklist)))


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


def frame_of(checklist: Checklist, records: Records) -> pl.DataFrame:
    """The records as a table that has every question, in text."""
    names = dict.fromkeys([*checklist.question, *(name for each in records for name in each)])
    return pl.DataFrame({name: [each.get(name, "") for each in records] for name in names})
