"""Batches -> tables of one schema, as long as each column goes on holding what it began with."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from fidelity.errors import Problem, ProblemsFound
from fidelity.model.checklist import Checklist
from fidelity.model.columns import KNOWN_COLUMNS
from fidelity.place import NOWHERE
from fidelity.scale.arrow import pa

ROWS_AT_ONCE = 100_000  # small batches are put together: each evaluation costs some milliseconds to begin


class Numbered(NamedTuple):
    """Rows that are worked out at once, with the number of their first batch and of their first row."""

    rows: pa.Table
    batch: int
    row: int


def alike(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[Numbered]:
    """Batches as tables of the first one's schema; ProblemsFound at the first that is of another kind."""
    row = 1
    for number, batch in enumerate(batches, start=1):
        part = Numbered(pa.Table.from_batches([batch]), number, row)
        yield part if batch.schema.equals(schema) else part._replace(rows=_as_before(part, schema))
        row += batch.num_rows


def _as_before(part: Numbered, schema: pa.Schema) -> pa.Table:
    here = {"batch": part.batch, "row": part.row}
    names = part.rows.schema.names
    other = [name for name in [*schema.names, *names] if (name in names) != (name in schema.names)]
    if other or len(names) != len(schema.names):
        facts = {**here, "other_columns": ", ".join(dict.fromkeys(other)) or ", ".join(names)}
        raise ProblemsFound([Problem("RB507", NOWHERE, facts)])
    problems = [found for each in schema if (found := _changed(part, each, here)) is not None]
    if problems:
        raise ProblemsFound(problems)
    return part.rows.select(schema.names).cast(schema)


def _changed(part: Numbered, before: pa.Field, here: dict[str, int]) -> Problem | None:
    """Why a column cannot go on as it began: another kind of value, or one that is too large."""
    column = part.rows.column(before.name)
    was, now = _kind(before.type), _kind(column.type)
    facts: dict[str, object] = {**here, "column": before.name, "held_before": was}
    if now not in (was, NOTHING):
        return Problem("RB507", NOWHERE, {**facts, "holds_now": now})
    try:
        column.cast(before.type)
    except pa.ArrowInvalid as trouble:
        return Problem("RB507", NOWHERE, {**facts, "too_large": str(trouble).splitlines()[0]})
    return None


def together(parts: Iterable[Numbered]) -> Iterator[Numbered]:
    """Fewer and larger parts, in the same order."""
    waiting: list[Numbered] = []
    for part in parts:
        waiting.append(part)
        if sum(each.rows.num_rows for each in waiting) >= ROWS_AT_ONCE:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[Numbered]) -> Numbered:
    return Numbered(pa.concat_tables([each.rows for each in parts]), parts[0].batch, parts[0].row)


def frame_of(rows: pa.Table) -> pl.DataFrame:
    """The rows as a frame."""
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table never becomes a series
    return frame


# ---- what a column holds


def check_cells(checklist: Checklist, schema: pa.Schema) -> None:
    """ProblemsFound for a column of ours that holds lists or groups instead of single values."""
    read = read_by(checklist)
    nested = [each.name for each in schema if each.name in read and _kind(each.type) == NO_CELLS]
    if nested:
        raise ProblemsFound([Problem("RB507", NOWHERE, {"no_cells": name}) for name in nested])


def read_by(checklist: Checklist) -> set[str]:
    """The columns that scoring may read; all others only pass through."""
    facts = (f"fact.{each.id}" for each in checklist.facts)
    comments = (f"{each.id}.comment" for each in checklist.items)
    return {*KNOWN_COLUMNS, *checklist.question, *facts, *comments}


NOTHING, NO_CELLS = "nothing", "no single values"

_WORDS = (
    (pa.types.is_null, NOTHING),
    (pa.types.is_integer, "whole numbers"),
    (pa.types.is_float64, "numbers"),
    (pa.types.is_boolean, "true and false"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
    (pa.types.is_string_view, "text"),
    (pa.types.is_nested, NO_CELLS),
    (pa.types.is_binary, NO_CELLS),
    (pa.types.is_large_binary, NO_CELLS),
)


def _kind(kind: pa.DataType) -> str:
    """What a column of this type holds, in words; only types that hold the same values exactly agree."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return next((word for test, word in _WORDS if test(plain)), f"values of the type {plain}")
