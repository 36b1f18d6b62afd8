"""A study's store -> tables of what it holds, one for each checklist, with every record's latest revision."""

from collections.abc import Iterator
from pathlib import Path

from fidelity.observe.alike import CODES, Seen
from fidelity.observe.table import Row, Table
from fidelity.place import Place
from fidelity.store.address import Address, address_of
from fidelity.store.content import FACT, asked_in, columns_of
from fidelity.store.log import head
from fidelity.store.opening import opened, snapshot
from fidelity.store.records import Stored, stored


def tables_in_store(path: Path) -> Iterator[Table]:
    """The tables; a record is called by its entry in the log, so that `fidelity log show` finds it."""
    address = address_of(path)
    kept: dict[str, list[Stored]] = {}
    with opened(address) as connection, snapshot(connection):
        for each in stored(connection):
            kept.setdefault(each.checklist, []).append(each)
    return (_table(address, records) for records in kept.values())


def _table(address: Address, records: list[Stored]) -> Table:
    cells = [columns_of(each.content) for each in records]
    headings = tuple(dict.fromkeys(name for row in cells for name in row))
    asked = frozenset(f"{FACT}{name}" for each in records for name in asked_in(each.content))
    rows = (
        Row(each.sequence, [row.get(name, "") for name in headings])
        for each, row in zip(records, cells, strict=True)
    )
    return Table(address.shown, "records", headings, rows, complete=False, asked=asked)


def records_in_store(path: Path) -> Iterator[int]:
    """The entry of every record's latest revision, one after the other."""
    with opened(address_of(path)) as connection, snapshot(connection):
        yield from (each.sequence for each in stored(connection))


def codes_in_store(address: Address) -> Iterator[Seen]:
    """The codes in every record's latest revision, with its entry in the log."""
    with opened(address) as connection, snapshot(connection):
        for each in stored(connection):
            cells, place = columns_of(each.content), Place(address.shown, each.sequence)
            yield from (Seen(column, cells.get(column, ""), 1, (place,)) for column in CODES)


def head_of_store(path: Path) -> str:
    """The hash that stands for everything in the store: it changes with every entry."""
    with opened(address_of(path)) as connection, snapshot(connection):
        return head(connection).hash
