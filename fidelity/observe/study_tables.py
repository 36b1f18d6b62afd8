"""The tables of a study beside its observations -> therapists with facts, contacts, sessions delivered."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem, Related
from fidelity.model.answering import misfit_problem
from fidelity.model.checklist import Fact
from fidelity.model.number import plain_digits
from fidelity.model.programme import CONTACT, Row
from fidelity.model.scale import Misfit
from fidelity.model.session import Delivered
from fidelity.observe.match import date_problem, located, shortened
from fidelity.observe.named_columns import Columns, NamedRow, named_rows
from fidelity.observe.sessions import read_sessions
from fidelity.place import NOWHERE, Place

THERAPISTS, CONTACTS, SESSIONS = "therapists.csv", "contacts.csv", "sessions.csv"
FACT = "fact."
RETRAINED = "retrained_on"
OF_THERAPISTS = Columns(("therapist",), ("site", RETRAINED), open=True)
OF_CONTACTS = Columns(("therapist", "client", "date"), open=True)


class Known(NamedTuple):
    """What a table says about a therapist: the site, the facts that the programme asks for, retraining."""

    site: str
    facts: Mapping[str, tuple[str, ...]]
    retrained: tuple[dt.date, ...] = ()


class StudyTables(NamedTuple):
    """Therapists by name, contacts with the therapist of each, sessions, and everything that is wrong."""

    therapists: Mapping[str, Known]
    contacts: tuple[tuple[str, Row], ...]
    sessions: tuple[Delivered, ...]
    problems: tuple[Problem, ...]


def read_tables(
    paths: Iterable[Path], asked: Mapping[str, Fact], ignore: Collection[str] = ()
) -> StudyTables:
    """What the tables at these paths say, each known by its name."""
    therapists: dict[str, Known] = {}
    first: dict[str, NamedRow] = {}
    contacts: list[tuple[str, Row]] = []
    sessions: list[Delivered] = []
    problems: list[Problem] = []
    for path in paths:
        if path.name == SESSIONS:
            found = read_sessions(path)
            sessions += found.sessions
            problems += found.problems
            continue
        rows, wrong = _rows(path, OF_THERAPISTS if path.name == THERAPISTS else OF_CONTACTS)
        problems += wrong
        if path.name == THERAPISTS:
            problems += _twice(rows, first)
            problems += _therapists(rows, asked, ignore, therapists)
        else:
            problems += _contacts(rows, contacts)
    return StudyTables(therapists, tuple(contacts), tuple(sessions), tuple(problems))


def _rows(path: Path, columns: Columns) -> tuple[list[NamedRow], list[Problem]]:
    found = list(named_rows(path, columns))
    rows = [each for each in found if isinstance(each, NamedRow)]
    return rows, [each for each in found if isinstance(each, Problem)]


# ---- therapists


def _therapists(
    rows: list[NamedRow], asked: Mapping[str, Fact], ignore: Collection[str], known: dict[str, Known]
) -> Iterator[Problem]:
    if rows:
        yield from _unused(rows[0], asked, ignore)
    for row in rows:
        name = row.texts["therapist"]
        if name:
            facts_said, wrong = _facts(row, asked, ignore)
            days, odd = _retrained(row)
            yield from (*wrong, *odd)
            known[name] = Known(row.texts.get("site", ""), facts_said, days)
        else:
            yield located(Problem("RB505", NOWHERE, {"nameless": "the therapist"}), row.spot("therapist"))


def _twice(rows: Iterable[NamedRow], first: dict[str, NamedRow]) -> Iterator[Problem]:
    """RB506 for a therapist who has a row already, also in another table."""
    for row in rows:
        name = row.texts["therapist"]
        before = first.setdefault(name, row)
        if name and before is not row:
            here, there = row.spot("therapist"), before.spot("therapist").place
            beside = {"first_row": before.row.number} if there.file == here.place.file else {}
            facts = {**here.facts, "therapist_twice": name, **beside, "first_file": there.file}
            yield Problem("RB506", here.place, facts, (Related(there, name),))


def _unused(row: NamedRow, asked: Mapping[str, Fact], ignore: Collection[str]) -> Iterator[Problem]:
    """A warning for each column that nobody asks for: a fact may be misspelt."""
    for index, name in enumerate(row.table.headings):
        if not name or name in ignore or name in OF_THERAPISTS.known or _fact_of(name, asked):
            continue
        place, spot = row.table.heading_spot(index)
        near = get_close_matches(name.removeprefix(FACT), list(asked), 1)
        said = {"no_fact" if name.startswith(FACT) else "unused": name.removeprefix(FACT)}
        nearest = f"{FACT}{near[0]}" if near else ""
        yield Problem("RB501", place, {**spot, **said, "nearest": nearest}, graded="warning")


def _fact_of(name: str, asked: Mapping[str, Fact]) -> Fact | None:
    return asked.get(name.removeprefix(FACT))


def _facts(
    row: NamedRow, asked: Mapping[str, Fact], ignore: Collection[str]
) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    said: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for name, text in row.texts.items():
        fact = _fact_of(name, asked)
        if fact is None or not text or name in ignore:
            continue
        answer = fact.scale.understand(text)
        if isinstance(answer, Misfit):
            problems.append(located(misfit_problem(fact.id, shortened(text), answer), row.spot(name)))
        else:
            said[fact.id] = (text,)
    return said, problems


def _retrained(row: NamedRow) -> tuple[tuple[dt.date, ...], list[Problem]]:
    """The days of retraining, several with a semicolon between them."""
    written = [each.strip() for each in row.texts.get(RETRAINED, "").split(";") if each.strip()]
    wrong = [located(found, row.spot(RETRAINED)) for each in written if (found := date_problem(each))]
    days = () if wrong else tuple(dt.date.fromisoformat(plain_digits(each)) for each in written)
    return days, wrong


# ---- contacts


def _contacts(rows: list[NamedRow], known: list[tuple[str, Row]]) -> Iterator[Problem]:
    nameless = undated = 0
    for row in rows:
        therapist, written = row.texts["therapist"], row.texts["date"]
        nameless += not therapist
        undated += not written
        if written and (wrong := date_problem(written)):
            yield located(wrong, row.spot("date"))
        elif written and therapist:
            day = dt.date.fromisoformat(plain_digits(written))
            known.append((therapist, Row(day, CONTACT, client=row.texts["client"])))
    if nameless or undated:
        facts = {"no_therapist": nameless or "", "no_date": undated or "", "contacts": len(rows)}
        yield Problem("RB505", Place(rows[0].table.file), facts, graded="warning")
