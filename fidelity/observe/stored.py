"""A study's store -> tables of what it holds, one for each checklist, with every record's latest revision."""

from collections.abc import Iterator
from pathlib import Path

from fidelity.observe.table import Row, Table
from fidelity.store.address import address_of
from fidelity.store.content import columns_of
from fidelity.store.log import head
from fidelity.store.opening import opened, snapshot
from fidelity.store.records import stored


def tables_in_store(path: Path) -> Iterator[Table]:
    """The tables; a record is called by its entry in the log, so that `fidelity log show` finds it."""
    address = address_of(path)
    kept: dict[str, list[tuple[int, dict[str, str]]]] = {}
    with opened(address) as connection, snapshot(connection):
        for each in stored(connection):
            kept.setdefault(each.checklist, []).append((each.sequence, columns_of(each.content)))
    for records in kept.values():
        headings = tuple(dict.fromkeys(name for _, cells in records for name in cells))
        rows = (Row(sequence, [cells.get(name, "") for name in headings]) for sequence, cells in records)
        yield Table(address.shown, "records", headings, rows, complete=False)


def head_of_store(path: Path) -> str:
    """The hash that stands for everything in the store: it changes with every entry."""
    with opened(address_of(path)) as connection, snapshot(connection):
        return head(connection).hash
