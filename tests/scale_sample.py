"""Records of a shipped checklist as raw text, and what scoring them on this machine gives."""

from random import Random

import polars as pl
import pyarrow as pa
from both_engines import frame_of
from strategies import random_records

from fidelity.evaluate.columns.row_by_row import outcome_types
from fidelity.evaluate.evaluator import compile
from fidelity.model.checklist import Checklist
from fidelity.study.loading import load_checklist

PMPLUS = "pm_plus/individual/session_2"


def checklist_of(name: str = PMPLUS) -> Checklist:
    return load_checklist(name)


def records(checklist: Checklist, number: int) -> pl.DataFrame:
    """So many records with every kind of answer, blanks, and a few answers that are none."""
    frame = frame_of(checklist, random_records(checklist, Random(5), number))  # noqa: S311 - the same each time
    return frame.with_columns(
        pl.Series("observation", [f"o{at}" for at in range(number)]),
        pl.Series("therapist", [f"T{at % 7}" for at in range(number)]),
    )


def scored_here(checklist: Checklist, frame: pl.DataFrame) -> pl.DataFrame:
    return compile(checklist).table(frame.lazy()).collect()


def outcomes(checklist: Checklist, rows: pa.Table) -> pl.DataFrame:
    """Only what was worked out, with the name of each record, in the order of the names."""
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame.select("observation", *outcome_types(checklist)).sort("observation")
