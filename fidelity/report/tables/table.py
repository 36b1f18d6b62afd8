"""A plain table: caption, columns with their kind, rows of values; what the workbook and the pages draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fidelity.report.measure import plain, steady
from fidelity.report.status import Status

Kind = Literal[
    "text",
    "strong",
    "topic",  # said again in grey where it repeats the row above
    "code",
    "person",  # leads to the person's own sheet
    "session",  # a session or an observation: leads to its row in Sessions
    "date",
    "count",
    "tally",
    "number",
    "marker",  # a number of a chart; where there is none the cell stays empty, or the chart would draw a zero
    "change",
    "status",
    "bars",
    "alert",
    "figure",  # a number written out, such as `12 (34%)`
]
Align = Literal["start", "center", "end"]

ALIGNED: dict[Kind, Align] = {
    "date": "center",
    "count": "end",
    "tally": "center",
    "marker": "end",
    "number": "end",
    "change": "end",
    "alert": "end",
    "figure": "end",
}


@dataclass(frozen=True, slots=True)
class Bars:
    """The scores behind a row of small bars; `room` is how many bars there is place for."""

    values: tuple[float, ...]
    room: int
    lowest: float
    highest: float
    places: int

    @property
    def text(self) -> str:
        """The numbers, for those who do not see the bars."""
        return ", ".join(plain(value, self.places) for value in self.values)

    @property
    def latest(self) -> str:
        """The last three numbers, where no bars can be drawn; they run from left to right in any sheet."""
        return "\u200e" + " · ".join(f"{plain(value, self.places)}\u200e" for value in self.values[-3:])


@dataclass(frozen=True, slots=True)
class Alert:
    """A number to look at when it is more than nothing."""

    number: int
    raised: bool


Value = str | int | float | date | Status | Bars | Alert | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in styles.toml, its heading, what it holds and with how many places."""

    key: str
    title: str
    kind: Kind = "text"
    places: int = 0

    @property
    def align(self) -> Align:
        """Where values and heading stand."""
        return ALIGNED.get(self.kind, "start")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with unique headings; `name` is unique in a report."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def place(self, key: str) -> int:
        """Which column has this key, counted from 0."""
        return [column.key for column in self.columns].index(key)


def has_column(made: Table, key: str) -> bool:
    """Whether the table has a column with this key."""
    return any(column.key == key for column in made.columns)


def table(name: str, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> Table:
    """A table whose headings are unlike each other, as spreadsheet programs demand."""
    return Table(name, caption, _told_apart(columns), tuple(tuple(row) for row in rows))


def _told_apart(columns: Sequence[Column]) -> tuple[Column, ...]:
    taken: set[str] = set()
    unlike = []
    for column in columns:
        title, number = column.title, 1
        while title.casefold() in taken:
            number += 1
            title = f"{column.title} ({number})"
        taken.add(title.casefold())
        unlike.append(Column(column.key, title, column.kind, column.places))
    return tuple(unlike)


def without(
    columns: Sequence[Column], rows: Sequence[Sequence[Value]], absent: set[str]
) -> tuple[list[Column], list[list[Value]]]:
    """Columns and rows without the columns of these keys."""
    kept = [number for number, column in enumerate(columns) if column.key not in absent]
    return [columns[number] for number in kept], [[row[number] for number in kept] for row in rows]


def without_bars(made: Table, title: str) -> Table:
    """The table with the last scores instead of bars, which LibreOffice misplaces on mirrored sheets."""
    columns = [Column(column.key, title) if column.kind == "bars" else column for column in made.columns]
    rows = [[each.latest if isinstance(each, Bars) else each for each in row] for row in made.rows]
    return table(made.name, made.caption, columns, rows)


def shown_text(value: Value, column: Column) -> str:
    """A value as people read it; a dash for none."""
    match value:
        case None:
            return "–"
        case Status() | Bars():
            return value.text
        case Alert(number):
            return str(number)
        case str():
            return value
        case date():
            return value.isoformat()
        case int() | float():
            kept = steady(value, column.places)
            return "–" if kept is None else _signed(kept, column)


def _signed(number: float, column: Column) -> str:
    text = plain(number, column.places)
    return f"+{text}" if column.kind == "change" and number > 0 else text
