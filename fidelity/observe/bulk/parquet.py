"""Parquet -> a table like any other, its cells as exact text; and the same in batches of columns."""

from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from pathlib import Path

import polars as pl

from fidelity.observe.bulk.batch import Batch, filled
from fidelity.observe.cells import cell_of
from fidelity.observe.table import Cell, Row, Table, not_a_table

ROWS_A_PIECE = 262_144  # which is how many most writers put together
ROWS_A_BATCH = 65_536
MOST_WHOLE = 2**53  # up to here every whole number is a float of its own


def table_of_parquet(path: Path, file: str) -> Table:
    """The table in a Parquet file; the names of its columns are the heading, so records begin in row 2."""
    try:
        names = pl.scan_parquet(path, glob=False).collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as trouble:
        raise not_a_table(file, "damaged_parquet", trouble=type(trouble).__name__) from None
    if not names:
        raise not_a_table(file, "no_headings")
    headings = tuple(each.strip() for each in names)
    empty = Table(file, "text", headings, iter(()))
    rows = (batch.row(at) for batch in batches_of_parquet(empty) for at in range(len(batch.numbers)))
    return Table(file, "text", headings, rows)


def batches_of_parquet(table: Table) -> Iterator[Batch]:
    """The rows in batches."""
    number = 1
    for frame in _frames(table.file):
        yield batch_of(frame, number)
        number += len(frame)


def _frames(file: str) -> Iterator[pl.DataFrame]:
    """The file in pieces; one that is read ahead by itself would fill the memory."""
    frames, begin = pl.scan_parquet(file, glob=False), 0
    while True:
        try:
            piece = frames.slice(begin, ROWS_A_PIECE).collect()
        except (pl.exceptions.PolarsError, OSError) as trouble:
            raise not_a_table(file, "damaged_parquet", trouble=type(trouble).__name__) from None
        yield from piece.iter_slices(ROWS_A_BATCH)
        if len(piece) < ROWS_A_PIECE:
            return
        begin += ROWS_A_PIECE


def number_of_rows(path: Path) -> int:
    """How many rows a file has; none where it is damaged, as reading it will say."""
    try:
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except pl.exceptions.PolarsError:
        return 0


def batch_of(raw: pl.DataFrame, before: int) -> Batch:
    """The rows of a frame; `before` is the number of the row above the first."""
    numbers = pl.int_range(before + 1, before + 1 + len(raw), eager=True)
    wrong = [found for each in raw if (found := _odd(each)) is not None]
    odd = reduce(or_, wrong) if wrong else None
    cells = pl.DataFrame({str(at): _texts(each) for at, each in enumerate(raw)})
    some = filled(cells)
    if some is not None:
        some = some if odd is None else some | odd
        cells, numbers, raw = cells.filter(some), numbers.filter(some), raw.filter(some)
        odd = None if odd is None else odd.filter(some)

    def row(at: int) -> Row:
        return Row(int(numbers[at]), [cell_of(each) for each in raw.row(at)])

    return Batch(numbers, cells, odd, row)


# ---- what cells hold


def _odd(column: pl.Series) -> pl.Series | None:
    """Which cells hold what is no text, number or day."""
    kind = column.dtype
    if kind.is_float():
        wrong = ~column.is_finite().fill_null(value=True)
        return wrong if wrong.any() else None
    if kind.is_numeric() or kind in (
        pl.String,
        pl.Enum,
        pl.Categorical,
        pl.Date,
        pl.Datetime,
        pl.Time,
        pl.Null,
    ):
        return None
    there = column.is_not_null()
    return there if there.any() else None


def _texts(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if kind.is_integer() or kind in (pl.String, pl.Enum):
        return column
    if kind == pl.Categorical:
        return column.cast(pl.String)
    if kind.is_float() and _whole(column):
        return column.cast(pl.Int64)
    if kind.is_float() or kind.is_temporal() or kind.is_decimal():
        return _each_once(column, lambda value: _text(cell_of(value)))
    return pl.Series(column.name, [None], dtype=pl.String).new_from_index(0, len(column))


def _whole(column: pl.Series) -> bool:
    return bool(((column.abs() < MOST_WHOLE) & (column.floor() == column)).fill_null(value=True).all())


def _each_once(column: pl.Series, text: Callable[[object], str | None]) -> pl.Series:
    different = column.unique().drop_nulls()
    texts = pl.Series([text(each) for each in different], dtype=pl.String)
    return column.replace_strict(different, texts, default=None, return_dtype=pl.String)


def _text(cell: Cell) -> str | None:
    return cell if isinstance(cell, str) else None
