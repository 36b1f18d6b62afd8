"""A large CSV file: every cell judged and every wrong one listed, by our reader and by csv with pydantic."""

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import TypeAdapter, ValidationError, create_model
from task import ITEMS, best_of_turns, checklist, sessions, table_of

from fidelity.model.checklist import Checklist
from fidelity.observe.bulk import BulkReading

ROUNDS = 3


def measured(number: int) -> str:
    """The table of ratios; both find the same wrong cells."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.csv"
        frame = sessions(number).with_columns(
            date=pl.lit("2026-01-31"), therapist=pl.col("therapist").cast(pl.String)
        )
        wrong = (
            pl.when(pl.int_range(pl.len()) % 1000 == 7)
            .then(pl.lit("7"))
            .otherwise(pl.col("i03").cast(pl.String))
        )
        frame.drop("month").with_columns(i03=wrong).write_csv(file)
        rules, adapter = checklist(), model()  # read and built once, whatever the number of sessions
        works: dict[str, Callable[[], int]] = {
            "csv and pydantic": lambda: in_pydantic(file, adapter),
            "our bulk reader": lambda: ours(file, rules),
        }
        found = {name: work() for name, work in works.items()}
        assert set(found.values()) == {(number + 992) // 1000}, found
        best = best_of_turns(works, ROUNDS)
    return table_of(f"{number:,} sessions in CSV, judged cell by cell", best, number, "sessions")


def ours(file: Path, rules: Checklist) -> int:
    """The number of cells that do not fit."""
    return sum(
        len(each.refused)
        for records in BulkReading((file,), rules).records()
        for each in records.refused.values()
    )


def model() -> TypeAdapter[Any]:
    """A model of one row, as one would write it."""
    answer = Literal["0", "1", "2", "9", ""]
    fields: dict[str, object] = {"observation": (str, ...), "therapist": (str, ...), "date": (str, ...)}
    return TypeAdapter(create_model("Session", **fields, **dict.fromkeys(ITEMS, (answer, ...))))  # type: ignore[call-overload]


def in_pydantic(file: Path, adapter: TypeAdapter[Any]) -> int:
    """The same with that model."""
    wrong = 0
    with file.open(newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            try:
                adapter.validate_python(row)
            except ValidationError as found:
                wrong += found.error_count()
    return wrong
