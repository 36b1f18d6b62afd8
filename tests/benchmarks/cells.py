"""Large files: every cell judged and every wrong one listed, by our reader and by csv with pydantic.

A long table, and a workbook, are measured beside our own readers of single rows.
"""

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import polars as pl
from openpyxl import Workbook
from pydantic import TypeAdapter, ValidationError, create_model
from task import ITEMS, NOT_APPLICABLE, best_of_turns, checklist, sessions, table_of

from fidelity.model.checklist import Checklist
from fidelity.observe import read, workbook
from fidelity.observe.bulk import BulkReading

ROUNDS = 6
MOST_ONE_BY_ONE = 20_000  # sessions that are read one by one, too
CODES = {0: "never", 1: "part", 2: "full", NOT_APPLICABLE: "na"}


def measured(number: int) -> str:
    """The tables of ratios, of digits and of words; both find the same wrong cells."""
    rules = checklist()  # read and built once, whatever the number of sessions
    tables = [
        _measured(number, rules, kind, words)
        for kind, words in (("digits", [str(each) for each in CODES]), ("words", list(CODES.values())))
    ]
    return "".join(
        [*tables, _long(min(number, MOST_ONE_BY_ONE), rules), _workbook(min(number, MOST_ONE_BY_ONE))]
    )


def _measured(number: int, rules: Checklist, kind: str, words: list[str]) -> str:
    coded = {each: pl.col(each).replace_strict(list(CODES), words, return_dtype=pl.String) for each in ITEMS}
    rows = pl.int_range(pl.len())
    frame = sessions(number).with_columns(
        date=pl.lit("2026-01-31"), therapist=pl.col("therapist").cast(pl.String), **coded
    )
    frame = frame.with_columns(i03=pl.when(rows % 1000 == 7).then(pl.lit("7")).otherwise("i03"))
    adapter = model(words)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.csv"
        frame.drop("month").write_csv(file)
        works: dict[str, Callable[[], int]] = {
            "csv and pydantic": lambda: in_pydantic(file, adapter),
            "our bulk reader": lambda: ours(file, rules),
        }
        found = {name: work() for name, work in works.items()}
        assert set(found.values()) == {(number + 992) // 1000}, found
        best = best_of_turns(works, ROUNDS)
    return table_of(f"{number:,} sessions in CSV, {kind}, judged cell by cell", best, number, "sessions")


def _long(number: int, rules: Checklist) -> str:
    """A row for each answer."""
    codes = ["observation", "therapist", "date"]
    wide = sessions(number).with_columns(pl.col("therapist").cast(pl.String), date=pl.lit("2026-01-31"))
    rows = wide.unpivot(ITEMS, index=codes, variable_name="item", value_name="answer")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.csv"
        rows.sort(pl.col("observation").cast(pl.Int64), maintain_order=True).write_csv(file)
        works: dict[str, Callable[[], int]] = {
            "our reader of rows": lambda: len(read([file], rules).observations),
            "our bulk reader": lambda: sum(len(each.frame) for each in BulkReading((file,), rules).records()),
        }
        assert {work() for work in works.values()} == {number}
        best = best_of_turns(works, 1)
    return table_of(f"{number:,} sessions in a long table", best, number, "sessions")


def _workbook(number: int) -> str:
    """The rows of a sheet, as openpyxl reads them and at once."""
    frame = sessions(number)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [frame.columns, *frame.iter_rows()]:
        sheet.append(list(row))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.xlsx"
        book.save(file)

        def rows(large: int) -> int:
            workbook.LARGE = large
            return sum(1 for _ in workbook.table_of_workbook(file, str(file)).rows)

        works: dict[str, Callable[[], int]] = {
            "openpyxl, row by row": lambda: rows(10**12),
            "our rows at once": lambda: rows(0),
        }
        assert {work() for work in works.values()} == {number}
        best = best_of_turns(works, 2)
    return table_of(f"{number:,} sessions in a workbook", best, number, "sessions")


def ours(file: Path, rules: Checklist) -> int:
    """The number of cells that do not fit."""
    return sum(
        len(each.refused)
        for records in BulkReading((file,), rules).records()
        for each in records.refused.values()
    )


def model(words: list[str]) -> TypeAdapter[Any]:
    """A model of one row, as one would write it."""
    answer = Literal[(*words, "")]  # type: ignore[valid-type]
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
