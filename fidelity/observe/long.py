"""Long tables, one row an answer, with a second table beside them or not -> one wide table."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from fidelity.errors import Problem
from fidelity.observe.table import Cell, Row, Spot, Table

NAME, ITEM, ANSWER = "observation", "item", "answer"
LONGEST_SHOWN = 60  # signs of an answer in a message
Placed = tuple[Cell, Spot]


@dataclass(slots=True)
class Gathered:
    """Observation -> column -> cell; where each column was met first; what contradicts itself."""

    cells: dict[str, dict[str, Placed]] = field(default_factory=dict)
    headings: dict[str, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def is_long(table: Table, questions: Collection[str]) -> bool:
    """Whether a table has one row an answer."""
    return {NAME, ITEM, ANSWER} <= set(table.headings) and not {ITEM, ANSWER} <= set(questions)


def says_more(table: Table, questions: Collection[str]) -> bool:
    """Whether a table beside a long one names observations and holds no answers."""
    return NAME in table.headings and not set(questions) & set(table.headings)


def widened(tables: Iterable[Table]) -> Table:
    """One wide table of long ones and of those that say more; every cell keeps where it stood."""
    known, gathered = list(tables), Gathered()
    for table in known:
        for row in table.rows:
            if isinstance(row, Problem):
                gathered.problems.append(row)
            else:
                gather(gathered, table, row)
    names = tuple(gathered.headings)
    spots = dict(enumerate(gathered.headings.values()))
    rows, first = _rows(gathered, names), known[0]
    return Table(first.file, first.origin, names, rows, complete=False, heading_spots=spots)


def gather(gathered: Gathered, table: Table, row: Row) -> None:
    """Takes in one row; a cell that contradicts an earlier one becomes a problem, and the earlier stays."""
    cells = {name: (row.cells[index], table.spot(row, index)) for index, name in enumerate(table.headings)}
    name = str(cells[NAME][0]).strip()
    if not name:
        gathered.problems.append(_unnamed(cells[NAME][1], nameless="nameless"))
        return
    kept = gathered.cells.setdefault(name, {})
    if ITEM in cells and ANSWER in cells:
        item, answer = cells.pop(ITEM), cells.pop(ANSWER)
        _gather_answer(gathered, name, item, answer)
    for key, placed in cells.items():
        gathered.headings.setdefault(key, table.heading_spot(table.headings.index(key)))
        if placed[0] and kept.setdefault(key, placed)[0] != placed[0]:
            gathered.problems.append(_said_twice(name, key, kept[key], placed))


def _gather_answer(gathered: Gathered, name: str, item: Placed, answer: Placed) -> None:
    key, kept = str(item[0]).strip(), gathered.cells[name]
    if key:
        gathered.headings.setdefault(key, item[1])
        if key in kept:
            gathered.problems.append(_said_twice(name, key, kept[key], answer))
        kept.setdefault(key, answer)
    elif answer[0]:
        gathered.problems.append(_unnamed(item[1], itemless=str(answer[0])[:LONGEST_SHOWN]))


def _unnamed(spot: Spot, **facts: Cell) -> Problem:
    return Problem("RB507", spot.place, {**spot.facts, **facts})


def _said_twice(name: str, key: str, first: Placed, second: Placed) -> Problem:
    facts = {"observation": name, "said_twice": key, "before": first[0], "now": second[0]}
    return Problem("RB506", second[1].place, {**second[1].facts, **facts})


def _rows(gathered: Gathered, names: tuple[str, ...]) -> Iterator[Row | Problem]:
    yield from gathered.problems
    for kept in gathered.cells.values():
        cells = [kept[name][0] if name in kept else "" for name in names]
        spots = {index: kept[name][1] for index, name in enumerate(names) if name in kept}
        yield Row(kept[NAME][1].place.line, cells, spots)
