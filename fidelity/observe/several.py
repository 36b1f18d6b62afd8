"""A table whose rows belong to several checklists -> each row as an observation of its own checklist."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.model.answering import misfit_problem
from fidelity.model.checklist import Checklist, Fact
from fidelity.model.columns import subject_column
from fidelity.model.observation import Observation
from fidelity.model.scale import Misfit
from fidelity.observe.match import (
    Matching,
    columns_of,
    judge_of,
    located,
    names_of,
    observation,
    shortened,
)
from fidelity.observe.other_files import is_form_page
from fidelity.observe.table import Row, Spot, Table, not_a_table
from fidelity.place import Place

CHECKLIST = "checklist"
FACT = "fact."

Checklists = Mapping[str, Checklist]


class Entry(NamedTuple):
    """An observation, the checklist it belongs to, and the facts about it that only a programme asks for."""

    checklist: str
    observation: Observation
    facts: Mapping[str, str]


def entries_in(
    table: Table, checklists: Checklists, facts: Mapping[str, Fact], ignore: Collection[str], before: str = ""
) -> Iterator[Entry | Problem]:
    """The observations of a table, and all problems; rows of a checklist that is not asked for are counted.

    A row belongs to the checklist that its column `checklist` names. Without a name it belongs to the only
    checklist there is, or to the one whose item columns the table has; where that is open, it is a problem.
    """
    known = {id: frozenset(names_of(each)) for id, each in checklists.items()}
    shared = _Shared(table, checklists, known, facts, set(ignore))
    empty = True
    for row in shared.rows():
        empty = False
        if isinstance(row, Problem):
            yield row
        else:
            yield from shared.read(row, f"{before}{row.number}")
    if empty:
        raise not_a_table(table.file, "no_rows")
    yield from shared.unread_rows()


@dataclass(slots=True)
class _Shared:
    """A table in the reading: how its rows are read, one way for each checklist that was met."""

    table: Table
    checklists: Checklists
    known: Mapping[str, frozenset[str]]
    facts: Mapping[str, Fact]
    ignore: set[str]
    owner: str | None = None
    matchings: dict[str, Matching] = field(default_factory=dict)
    others: dict[str, dict[int, str]] = field(default_factory=dict)
    asked: dict[str, dict[int, Fact]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    first_unread: dict[str, Spot] = field(default_factory=dict)
    number: int = 0

    def rows(self) -> Iterable[Row | Problem]:
        """The rows; columns that only rows of checklists nobody asked for fill are passed over with them."""
        headings = self.table.headings
        strange = [index for index, name in enumerate(headings) if name and self._is_strange(name)]
        if not strange or CHECKLIST not in headings:
            return self.table.rows
        rows = list(self.table.rows)
        read = [row for row in rows if isinstance(row, Row) and self._named(row) in {"", *self.checklists}]
        if len(read) < len(rows):
            self.ignore |= {
                headings[index] for index in strange if not any(str(row.cells[index]).strip() for row in read)
            }
        return rows

    def read(self, row: Row, name: str) -> Iterator[Entry | Problem]:
        """The observation of a row; with the first of a checklist also the problems of its columns."""
        self.number += 1
        id = self._named(row)
        if id and id not in self.checklists:
            self.unread[id] += 1
            self.first_unread.setdefault(id, self._spot(row, CHECKLIST))
            return
        owner = id or self._owner(row)
        if not owner:
            yield from self._nobodys(row)
            return
        if owner not in self.matchings:
            yield from self._met(owner)
        found = observation(self.table, row, self.matchings[owner], name)
        said, wrong = self._session_facts(row, owner)
        wrong += self._filled_elsewhere(row, owner)
        known = {"checklist": owner, "refused": (*found.refused, *wrong)}
        if wrong or not found.checklist:
            found = found.model_copy(update=known)
        yield Entry(owner, found, said)

    def unread_rows(self) -> Iterator[Problem]:
        """A warning for each checklist that nobody asked for, with the number of its rows."""
        for id, rows in self.unread.items():
            place, spot = self.first_unread[id]
            near = get_close_matches(id, list(self.checklists), 1)
            facts = {"unread": shortened(id), "unread_rows": rows, "all_rows": self.number}
            facts |= {"nearest_used": near[0] if near else ""}
            yield Problem("RB508", place, {**spot, **facts}, graded="warning")

    # ---- columns

    def _is_strange(self, name: str) -> bool:
        return name not in self.ignore and not self._users(name) and not self._is_own_fact(name)

    def _is_own_fact(self, name: str) -> bool:
        return name.startswith(FACT) and name.removeprefix(FACT) in self.facts

    def _users(self, name: str) -> list[str]:
        return [id for id, names in self.known.items() if name in names]

    def _met(self, id: str) -> Iterator[Problem]:
        """Prepares the reading of a checklist's rows; what is wrong with the columns is said once."""
        names = [
            (index, name) for index, name in enumerate(self.table.headings) if name not in self.known[id]
        ]
        self.others[id] = {
            index: " and ".join(f'"{user}"' for user in self._users(name))
            for index, name in names
            if self._users(name) and name not in self.ignore
        }
        self.asked[id] = {
            index: self.facts[name.removeprefix(FACT)]
            for index, name in names
            if self._is_own_fact(name) and name not in self.ignore
        }
        passed = {self.table.headings[index] for index in (*self.others[id], *self.asked[id])}
        columns, problems = columns_of(self.table, self.checklists[id], passed | self.ignore)
        yield from problems
        self.ignore |= {name for _, name in names if name and self._is_strange(name)}
        about = self.checklists[id].about
        judge = judge_of(self.checklists[id])
        self.matchings[id] = Matching(columns, judge, about.language, subject_column(about.unit))

    # ---- rows

    def _named(self, row: Row) -> str:
        if CHECKLIST not in self.table.headings:
            return ""
        return str(_text(row, self.table.headings.index(CHECKLIST))).strip()

    def _owner(self, row: Row) -> str:
        """The checklist of a row that names none; nothing where that is open."""
        if len(self.checklists) == 1:
            return next(iter(self.checklists))
        if not self.table.complete:
            # Of a long table each record has the columns of its own answers.
            filled = [name for index, name in enumerate(self.table.headings) if _text(row, index).strip()]
            return owner_of(filled, self.checklists, whole=False)
        if self.owner is None:
            self.owner = owner_of(self.table.headings, self.checklists, whole=True)
            if not self.owner and not any(
                _items(self.table.headings, each) for each in self.checklists.values()
            ):
                raise _foreign(self.table, self.checklists)
        return self.owner

    def _nobodys(self, row: Row) -> Iterator[Problem]:
        several = " and ".join(
            id for id, each in self.checklists.items() if _items(self.table.headings, each)
        )
        if CHECKLIST in self.table.headings or not self.table.complete:
            place, spot = self._spot(row, CHECKLIST)
            yield Problem("RB508", place, {**spot, "one_of": ", ".join(self.checklists)})
        elif self.number == 1:
            yield Problem("RB508", Place(self.table.file), {"several": several})

    def _session_facts(self, row: Row, owner: str) -> tuple[dict[str, str], list[Problem]]:
        said: dict[str, str] = {}
        problems: list[Problem] = []
        for index, fact in self.asked[owner].items():
            text = _text(row, index).strip()
            answer = fact.scale.understand(text, self.checklists[owner].about.language)
            if isinstance(answer, Misfit):
                problem = misfit_problem(fact.id, shortened(text), answer)
                problems.append(located(problem, self.table.spot(row, index)))
            elif text:
                said[fact.id] = text
        return said, problems

    def _filled_elsewhere(self, row: Row, owner: str) -> list[Problem]:
        """What stands in columns of other checklists only."""
        found = []
        for index, users in self.others[owner].items():
            if _text(row, index).strip():
                place, spot = self.table.spot(row, index)
                found.append(Problem("RB508", place, {**spot, "own": owner, "columns_of": users}))
        return found

    def _spot(self, row: Row, column: str) -> Spot:
        names = self.table.headings
        return self.table.spot(row, names.index(column) if column in names else 0)


def owner_of(headings: Collection[str], checklists: Checklists, *, whole: bool) -> str:
    """The one checklist that knows all item columns that any knows; a `whole` table has all of its own."""
    known = {id: _items(headings, each) for id, each in checklists.items()}
    everything = set().union(*known.values())
    fitting = [id for id, items in known.items() if items and items == everything]
    if len(fitting) > 1 and whole:
        fitting = [id for id in fitting if _absent(headings, checklists[id]) == 0]
    return fitting[0] if len(fitting) == 1 else ""


def _items(headings: Iterable[str], checklist: Checklist) -> set[str]:
    return {name for name in headings if name in checklist.question}


def _absent(headings: Collection[str], checklist: Checklist) -> int:
    return sum(not each.optional and key not in headings for key, each in checklist.question.items())


def _text(row: Row, index: int) -> str:
    cell = row.cells[index]
    return cell if isinstance(cell, str) else cell.text


def _foreign(table: Table, checklists: Checklists) -> Exception:
    if is_form_page(table.headings):
        return not_a_table(table.file, "form_page")
    first = shortened(next(iter(filter(None, table.headings)), ""))
    expected = ", ".join(["therapist", "date", CHECKLIST, "…"])
    return not_a_table(
        table.file, "foreign", first=first, checklist=" or ".join(checklists), expected=expected
    )
