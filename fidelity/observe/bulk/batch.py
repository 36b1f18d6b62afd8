"""Rows of a table -> batches of columns, each with the numbers of its rows and a way back to a single row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import polars as pl

from fidelity.errors import Problem, ProblemsFound
from fidelity.observe.table import Odd, Row
from fidelity.place import Place

ROWS_A_BATCH = 20_000

# What Python takes off the ends of a text; Polars by itself knows fewer signs.
SPACES = "".join(chr(each) for each in range(0x3001) if chr(each).isspace())


class Batch(NamedTuple):
    """Some rows of a table, one after another.

    `cells` has a column for each of the table's, called by its place; they hold texts, whole numbers or
    words of a list, and nothing where the cell is blank. `odd` says in which rows a cell holds no text, which
    `cells` leaves out. `row` gives a row as a reader of single rows would. `problems` are rows that are none.
    """

    numbers: pl.Series
    cells: pl.DataFrame
    odd: pl.Series | None
    row: Callable[[int], Row]
    problems: tuple[Problem, ...] = ()
    gathered: bool = False  # whether cells stand in other files than their table says
    place: Callable[[int], Place] | None = None  # where records stand, if not where their numbers say


def batches_of_rows(rows: Iterable[Row | Problem], width: int) -> Iterator[Batch]:
    """The batches of rows that are read one at a time."""
    reading = iter(rows)
    trouble: Exception | None = None
    while trouble is None:
        some: list[Row | Problem] = []
        try:
            some += islice(reading, ROWS_A_BATCH)
        except (ProblemsFound, OSError) as found:
            trouble = found  # what was read up to here still counts
        if some:
            good = [each for each in some if isinstance(each, Row)]
            problems = tuple(each for each in some if isinstance(each, Problem))
            yield _of_rows(good, width, problems)
        elif trouble is None:
            return
    raise trouble


def _of_rows(rows: Sequence[Row], width: int, problems: tuple[Problem, ...]) -> Batch:
    columns = zip(*(each.cells for each in rows), strict=True) if rows else ([] for _ in range(width))
    odd = [any(isinstance(cell, Odd) for cell in each.cells) for each in rows]
    cells = {
        str(at): pl.Series(
            [each if isinstance(each, str) and each else None for each in column], dtype=pl.String
        )
        for at, column in enumerate(columns)
    }
    return Batch(
        pl.Series([each.number for each in rows], dtype=pl.Int64),
        pl.DataFrame(cells),
        pl.Series(odd, dtype=pl.Boolean) if any(odd) else None,
        rows.__getitem__,
        problems,
        any(each.spots for each in rows),
    )


def filled(cells: pl.DataFrame) -> pl.Series | None:
    """Which rows hold something; nothing where all of them do."""
    first = cells.to_series(0)
    perhaps = first.is_null() if first.dtype != pl.String else blank(first)
    if not perhaps.any():
        return None
    some = cells.select(
        pl.any_horizontal(
            ~blank_in(name) if kind == pl.String else pl.col(name).is_not_null()
            for name, kind in cells.schema.items()
        )
    ).to_series()
    return None if some.all() else some


def blank_in(name: str) -> pl.Expr:
    """Whether a column of texts holds nothing but blanks."""
    return pl.col(name).str.strip_chars(SPACES).fill_null("") == ""


def blank(texts: pl.Series) -> pl.Series:
    """The same of a column that is there already."""
    return texts.str.strip_chars(SPACES).fill_null("") == ""
