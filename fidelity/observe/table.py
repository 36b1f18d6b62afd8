"""What every kind of file becomes: headings, and rows one at a time, each cell with its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from fidelity.errors import Facts, Problem, ProblemsFound
from fidelity.place import Place

ZIPPED, OLD_OR_LOCKED = WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how such files begin
PARQUET = b"PAR1"

Origin = Literal["text", "workbook", "records"]


class Odd(NamedTuple):
    """A cell that holds no text: what is shown there, and what it is."""

    text: str
    kind: Literal["formula", "mistake", "truth", "nested", "percent"]


Cell = str | Odd


class Spot(NamedTuple):
    """Where a cell stands, for the program and in the words of its file."""

    place: Place
    facts: Facts


@dataclass(frozen=True, slots=True)
class Row:
    """One record; `spots` says where a cell really stands that was gathered from elsewhere."""

    number: int
    cells: Sequence[Cell]
    spots: Mapping[int, Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows; a row that cannot be one comes as a Problem.

    `complete` says that a compulsory column must be there; `sheet` is empty outside workbooks. `asked` are
    the columns of a study's store that a programme asked for, and no checklist need know.
    """

    file: str
    origin: Origin
    headings: tuple[str, ...]
    rows: Iterator[Row | Problem]
    sheet: str = ""
    complete: bool = True
    heading_spots: Mapping[int, Spot] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def heading_spot(self, index: int) -> Spot:
        """Where a column is named."""
        return self.heading_spots.get(index) or self.spot_at(1, index)

    def spot(self, row: Row, index: int) -> Spot:
        """Where a cell of a row stands."""
        return row.spots.get(index) or self.spot_at(row.number, index)

    def spot_at(self, number: int, index: int) -> Spot:
        """Where the cell of a row and a column stands."""
        place = Place(self.file, number, index + 1, number, index + 2)
        name = self.headings[index] if self.headings else ""
        if self.origin == "records":
            return Spot(place, {"record": number, "column": name})
        cell = f"{column_letters(index)}{number}"
        return Spot(place, {"row": number, "column": name, "cell": cell, "sheet": self.sheet})


def column_letters(index: int) -> str:
    """The letters that a spreadsheet program shows above a column: 0 is A, 26 is AA."""
    before, last = divmod(index, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


def not_a_table(file: str, reason: str, line: int = 1, column: int = 1, **facts: object) -> ProblemsFound:
    """RB507, to be raised; `reason` names the sentence of the catalogue, as a fact that only says itself."""
    place = Place(file, line, column, line, column + 1)
    return ProblemsFound([Problem("RB507", place, {reason: reason, "line": line, **facts})])


def other_length(file: str, number: int, found: int, expected: int) -> Problem:
    """RB507 for a row that has more or fewer cells than the heading."""
    place = Place(file, number, 1, number, 2)
    return Problem("RB507", place, {"row": number, "found": found, "expected": expected})
