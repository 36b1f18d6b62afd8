"""Tables whose columns are known by name -> their rows as texts, and what is wrong with the columns."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem, ProblemsFound
from fidelity.observe.files import table_of
from fidelity.observe.table import Row, Spot, Table, not_a_table
from fidelity.place import Place


class Columns(NamedTuple):
    """What a table may hold: of `either` one column at least; `open` lets all other columns pass."""

    compulsory: tuple[str, ...]
    optional: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    prefix: str = ""
    open: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        """Every column by name."""
        return (*self.compulsory, *self.either, *self.optional)


class NamedRow(NamedTuple):
    """One row: the text of each column that the table has, blanks around it taken off."""

    texts: Mapping[str, str]
    table: Table
    row: Row

    def spot(self, column: str) -> Spot:
        """Where a cell of this row stands."""
        return self.table.spot(self.row, self.table.headings.index(column))


def named_rows(path: Path, columns: Columns, ignore: Collection[str] = ()) -> Iterator[NamedRow | Problem]:
    """The rows of the table at a path, and all problems; below a wrong heading no rows are read."""
    try:
        table = table_of(path)
        wrong = list(_wrong_headings(table, columns, ignore))
        yield from wrong or _rows(table)
    except ProblemsFound as trouble:
        yield from trouble.problems
    except FileNotFoundError:
        yield from not_a_table(str(path), "absent").problems
    except OSError as trouble:
        yield from not_a_table(str(path), "closed", trouble=trouble.strerror).problems


def _wrong_headings(table: Table, columns: Columns, ignore: Collection[str]) -> Iterator[Problem]:
    names = table.headings
    absent = [name for name in columns.compulsory if name not in names]
    if columns.either and not set(columns.either) & set(names):
        absent.append(" or ".join(columns.either))
    if absent:
        yield Problem("RB501", Place(table.file), {"absent": ", ".join(absent)})
    for index, name in enumerate(names):
        place, facts = table.heading_spot(index)
        if names.index(name) != index:
            yield Problem("RB501", place, {**facts, "twice": f'"{name}"'})
        elif not (columns.open or name in columns.known or name in ignore or _prefixed(name, columns)):
            near = get_close_matches(name, columns.known, 1)
            said = {
                "no_such_column": f'"{name}"',
                "known": ", ".join(columns.known),
                "nearest": near[0] if near else "",
            }
            yield Problem("RB501", place, {**facts, **said})


def _prefixed(name: str, columns: Columns) -> bool:
    return bool(columns.prefix) and name.startswith(columns.prefix)


def _rows(table: Table) -> Iterator[NamedRow | Problem]:
    empty = True
    for row in table.rows:
        empty = False
        yield row if isinstance(row, Problem) else NamedRow(_texts(table, row), table, row)
    if empty:
        raise not_a_table(table.file, "no_rows")


def _texts(table: Table, row: Row) -> dict[str, str]:
    cells = (each if isinstance(each, str) else each.text for each in row.cells)
    return {name: text.strip() for name, text in zip(table.headings, cells, strict=True)}
