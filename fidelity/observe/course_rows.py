"""Long tables of already scored observations, and tables of contacts or therapists -> rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.model.programme import CONTACT
from fidelity.observe.separated import table_of_text
from fidelity.observe.table import Row, Spot, Table
from fidelity.place import Place

LONG = ("therapist", "date", "checklist", "source", "rater", "name", "value")
COMPULSORY = ("therapist", "date", "checklist")
ALSO = ("client", "observation", "session", "selection", "site", "arm", "modality", "language", "version")
CONTACTS = ("therapist", "client", "date")
FACT = "fact."

Possible = tuple[str, ...] | None


class Raw(NamedTuple):
    """One row as written, and where it stands; `spots` say where a value stands elsewhere.

    `known` are values that a program wrote; `facts` are about the therapist.
    """

    place: Place
    spot: Mapping[str, object]
    therapist: str
    date: str = ""
    checklist: str = ""
    source: str = ""
    rater: str = ""
    client: str = ""
    session: str = ""
    observation: str = ""
    selection: str = ""
    values: Mapping[str, str] = MappingProxyType({})
    known: Mapping[str, Possible] = MappingProxyType({})
    facts: Mapping[str, str] = MappingProxyType({})
    evidence: bool = True
    spots: Mapping[str, Spot] = MappingProxyType({})

    @property
    def is_row(self) -> bool:
        """Whether this is about a day, and not only about the therapist."""
        return bool(self.date or self.checklist or self.values or self.known)


def unreadable(place: Place, spot: Mapping[str, object], answer: str, why: str, item: str) -> Problem:
    """RB504 for a value that is none, or not the kind of value that the programme compares."""
    return Problem("RB504", place, {**spot, "answer": answer, "why": why, "item": f'"{item}"'})


def rows_of_table(path: Path, file: str) -> Iterator[Raw | Problem]:
    """The rows of a long CSV, or of a table of contacts."""
    table = table_of_text(path, file)
    names = set(table.headings)
    if names == set(CONTACTS):
        yield from _contacts(table)
        return
    absent = [name for name in COMPULSORY if name not in names]
    if not absent and ("name" in names) is not ("value" in names):
        absent = ["value" if "name" in names else "name"]
    if absent:
        yield Problem("RB501", Place(file), {"absent": ", ".join(absent)})
        return
    yield from _headings(table, (*LONG, *ALSO))
    yield from _grouped(table)


def therapists_of_table(path: Path, file: str) -> Iterator[Raw | Problem]:
    """The facts of a table of therapists; its other columns are no business of a programme."""
    table = table_of_text(path, file)
    if "therapist" not in table.headings:
        yield Problem("RB501", Place(file), {"absent": "therapist"})
        return
    for row in table.rows:
        if isinstance(row, Problem):
            yield row
            continue
        cells = _cells(table, row)
        facts = {
            name.removeprefix(FACT): text
            for name, text in cells.items()
            if name not in ("therapist", "site") and text
        }
        place, spot = _spot(table, row, "therapist")
        yield Raw(place, spot, cells["therapist"], facts=facts)


def _headings(table: Table, known: tuple[str, ...]) -> Iterator[Problem]:
    for index, name in enumerate(table.headings):
        if name not in known:
            place, facts = table.heading_spot(index)
            yield Problem("RB501", place, {**facts, "no_such_column": name, "known": ", ".join(known)})
        elif table.headings.index(name) != index:
            place, facts = table.heading_spot(index)
            yield Problem("RB501", place, {**facts, "twice": f'"{name}"'})


def _spot(table: Table, row: Row, column: str) -> Spot:
    return table.spot(row, table.headings.index(column) if column in table.headings else 0)


def _cells(table: Table, row: Row) -> dict[str, str]:
    texts = [each if isinstance(each, str) else each.text for each in row.cells]
    return {name: text.strip() for name, text in zip(table.headings, texts, strict=True)}


def _contacts(table: Table) -> Iterator[Raw | Problem]:
    for row in table.rows:
        if isinstance(row, Problem):
            yield row
            continue
        cells = _cells(table, row)
        place, spot = _spot(table, row, "date")
        yield Raw(place, spot, cells["therapist"], cells["date"], CONTACT, client=cells["client"])


def _grouped(table: Table) -> Iterator[Raw | Problem]:
    """One row an observation: lines that agree in everything but name and value, until a name comes again.

    Lines without a date and a checklist are facts about the therapist.
    """
    gathered: list[Raw] = []
    open_ones: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        if isinstance(row, Problem):
            yield row
            continue
        cells = _cells(table, row)
        name, value = cells.pop("name", ""), cells.pop("value", "")
        spot = _spot(table, row, "value")
        if not cells["date"] and not cells["checklist"] and name:
            yield Raw(*spot, cells["therapist"], facts={name: value})
            continue
        at = open_ones.get(tuple(cells.values()))
        if at is None or not name or name in gathered[at].values:
            at = open_ones[tuple(cells.values())] = len(gathered)
            gathered.append(_raw(cells, spot))
        if name:
            raw = gathered[at]
            gathered[at] = raw._replace(values={**raw.values, name: value}, spots={**raw.spots, name: spot})
    yield from gathered


def _raw(cells: Mapping[str, str], spot: Spot) -> Raw:
    return Raw(
        *spot,
        therapist=cells["therapist"],
        date=cells["date"],
        checklist=cells["checklist"],
        source=cells.get("source", ""),
        rater=cells.get("rater", ""),
        client=cells.get("client", ""),
        session=cells.get("session", ""),
        observation=cells.get("observation", ""),
        selection=cells.get("selection", ""),
    )
