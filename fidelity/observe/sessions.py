"""The table of all sessions delivered -> its sessions, and what is wrong with it by row and column."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem, ProblemsFound, Related
from fidelity.model.answering import misfit_problem
from fidelity.model.checklist import Fact
from fidelity.model.number import plain_digits, read_number
from fidelity.model.scale import Misfit
from fidelity.model.session import REASONS, Delivered
from fidelity.observe.match import date_problem, located, shortened
from fidelity.observe.named_columns import Columns, NamedRow, named_rows
from fidelity.observe.table import Odd
from fidelity.place import NOWHERE, Place

TABLE = "sessions.csv"
NUMBER, UNAVAILABLE = "session_number", "unavailable"
COLUMNS = Columns(
    compulsory=("session", "therapist"),
    optional=(
        "client", "date", "site", "arm", "modality", "language", "checklist", "minutes", NUMBER, UNAVAILABLE,
    ),
    prefix="fact.",
    open=True,
)  # fmt: skip
OWN = ("session", "therapist", "client", "date", UNAVAILABLE)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Sessions(NamedTuple):
    """The sessions in the order of the table, and its problems; an error among them stops every command."""

    sessions: tuple[Delivered, ...]
    problems: tuple[Problem, ...]


def read_sessions(path: Path, asked: Iterable[str] = (), facts: Iterable[Fact] = ()) -> Sessions:
    """The sessions in a table, or in that of a study folder.

    `asked` names the columns that the sampling plan reads; those that are `facts` hold what the fact allows.
    """
    path = path / TABLE if path.is_dir() else path
    rows: list[NamedRow] = []
    problems: list[Problem] = []
    for found in named_rows(path, COLUMNS):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            rows.append(found)
    asked = tuple(asked)
    if rows:
        problems += [*_headings(rows[0]), *_not_there(rows[0], asked)]
        facts = [each for each in facts if each.id in asked]
    for row in rows:
        problems += [*_odd_cells(row, asked), *_wrong_cells(row), *_wrong_facts(row, facts)]
    problems += _twice(rows)
    return Sessions(tuple(_session(row) for row in rows), tuple(problems))


def raters_in(path: Path) -> tuple[str, ...]:
    """The raters that a table names in its column `rater`; raises ProblemsFound."""
    found = list(named_rows(path, Columns(("rater",), open=True)))
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        raise ProblemsFound(problems)
    named = (each.texts["rater"] for each in found if isinstance(each, NamedRow))
    return tuple(dict.fromkeys(name for name in named if name))


# ---- columns


def _headings(row: NamedRow) -> Iterator[Problem]:
    """A column twice, also as a fact, and a warning for what is nearly the name of a column we know."""
    names = row.table.headings
    for index, name in enumerate(names):
        plain = name.removeprefix("fact.")
        place, facts = row.table.heading_spot(index)
        if name != plain and plain in names:
            yield Problem("RB501", place, {**facts, "twice": f'"{plain}"'})
        elif name and name not in COLUMNS.known and not name.startswith("fact."):
            near = get_close_matches(
                name.casefold(), [each for each in COLUMNS.known if each not in names], 1, 0.8
            )
            if near:
                said = {"no_such_column": f'"{name}"', "nearest": near[0]}
                yield Problem("RB501", place, {**facts, **said}, graded="warning")


def _not_there(row: NamedRow, asked: Iterable[str]) -> Iterator[Problem]:
    every = {name.removeprefix("fact.") for name in row.table.headings if name}
    names = every - {"session", "date", UNAVAILABLE}
    for name in dict.fromkeys(asked):
        if name == "session":
            absent = "" if NUMBER in names or {"client", "date"} <= every else f"{NUMBER} or client and date"
            near: list[str] = []
        else:
            absent = "" if name in names else name
            near = get_close_matches(name.casefold(), sorted(names), 1)
        if absent:
            said = {
                "no_stratum": absent,
                "nearest": near[0] if near else "",
                "known": ", ".join(sorted(names)),
            }
            yield Problem("RB501", Place(row.table.file), said)


# ---- cells


def _odd_cells(row: NamedRow, asked: Collection[str]) -> Iterator[Problem]:
    """What a workbook worked out, or could not work out, where something is read that was to be written."""
    for index, (name, cell) in enumerate(zip(row.table.headings, row.row.cells, strict=True)):
        if isinstance(cell, Odd) and (name in COLUMNS.known or name.removeprefix("fact.") in asked):
            facts = {"item": name, "answer": shortened(cell.text), cell.kind: cell.kind}
            yield located(Problem("RB503", NOWHERE, facts), row.table.spot(row.row, index))


def _wrong_cells(row: NamedRow) -> Iterator[Problem]:
    for name in COLUMNS.compulsory:
        if not row.texts[name]:
            yield located(Problem("RB505", NOWHERE, {"nameless": f"the {name}"}), row.spot(name))
    if (written := row.texts.get("date", "")) and (wrong := date_problem(written)):
        yield located(wrong, row.spot("date"))
    if (written := row.texts.get(UNAVAILABLE, "")) and written not in REASONS:
        near = get_close_matches(written.casefold(), REASONS, 1)
        facts = {
            "item": UNAVAILABLE,
            "answer": shortened(written),
            "allowed": ", ".join(REASONS),
            "nearest": near[0] if near else "",
        }
        yield located(Problem("RB503", NOWHERE, facts), row.spot(UNAVAILABLE))
    if (written := _texts(row).get(NUMBER, "")) and _whole(written) is None:
        facts = {"item": NUMBER, "answer": shortened(written), "why": "is no number from 1 on"}
        column = NUMBER if NUMBER in row.texts else f"fact.{NUMBER}"
        yield located(Problem("RB504", NOWHERE, facts), row.spot(column))


def _wrong_facts(row: NamedRow, facts: Iterable[Fact]) -> Iterator[Problem]:
    for fact in facts:
        column = fact.id if fact.id in row.texts else f"fact.{fact.id}"
        written = row.texts.get(column, "")
        answer = fact.scale.understand(written)
        if isinstance(answer, Misfit):
            yield located(misfit_problem(column, shortened(written), answer), row.spot(column))


def _twice(rows: Iterable[NamedRow]) -> Iterator[Problem]:
    first: dict[str, NamedRow] = {}
    for row in rows:
        name = row.texts["session"]
        before = first.setdefault(name, row)
        if name and before is not row:
            here, there = row.spot("session"), before.spot("session")
            facts = {**here.facts, "session_twice": name, "first_row": before.row.number}
            yield Problem("RB506", here.place, facts, (Related(there.place, name),))


# ---- sessions


def _session(row: NamedRow) -> Delivered:
    texts = _texts(row)
    return Delivered(
        texts["session"],
        texts["therapist"],
        texts.get("client", ""),
        _day(plain_digits(texts.get("date", ""))),
        _whole(texts.get(NUMBER, "")),
        texts.get(UNAVAILABLE, ""),
        {name: text for name, text in texts.items() if name and name not in OWN},
        row.spot("session").place,
    )


def _texts(row: NamedRow) -> dict[str, str]:
    return {name.removeprefix("fact."): text for name, text in row.texts.items()}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    number = read_number(text)
    return int(number) if number is not None and number.denominator == 1 and number >= 1 else None
