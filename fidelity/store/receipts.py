"""What was received: for every file what came of it, so that the same file need not be received twice."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fidelity.store.consent import may_come_again
from fidelity.store.content import Parcel
from fidelity.store.log import Entry, append, entries_of
from fidelity.store.records import Kept


class Receipt(NamedTuple):
    """What came of a file; `head` is the hash of this receipt's own entry, which stands for all before it.

    `left` counts observations that were refused and stayed outside, or went by a withdrawal that was taken
    back since: such a file may come again.
    """

    file: str
    sha256: str
    checklists: tuple[str, ...]
    observations: int
    new: int
    revisions: int
    same: int
    left: int
    entry: int
    head: str


def give_receipt(connection: Connection, parcel: Parcel, kept: Sequence[Kept], who: str) -> Receipt:
    """The receipt of a file, as the last entry of the transaction that stored its observations."""
    counts = {
        "observations": len(kept),
        "new": sum(each.outcome == "new" for each in kept),
        "revisions": sum(each.outcome == "revision" for each in kept),
        "same": sum(each.outcome == "same" for each in kept),
        "left": parcel.left,
    }
    note = {
        # The name only: where a file lay on one machine is nobody's business, and nothing leaves the log.
        "file": " and ".join(Path(name).name for name in parcel.file.split(" and ")),
        "sha256": parcel.sha256,
        "checklists": list(dict.fromkeys(given.checklist for given in parcel.givens)),
        **counts,
        **({"copy_of": parcel.copy_of} if parcel.copy_of else {}),
        "entries": [each.sequence for each in kept if each.outcome != "same"],
    }
    entry = append(connection, "receipt", who, note=note)
    return _receipt(note, entry.sequence, entry.hash)._replace(file=parcel.file)


def receipts(connection: Connection) -> list[Receipt]:
    """All receipts in their order."""
    again = may_come_again(connection)
    return [_as_of_now(entry, again) for entry in entries_of(connection, "receipt")]


def received_whole(found: list[Receipt]) -> dict[tuple[str, str], Receipt]:
    """The first receipt of every file that was received without remainder, by its hash and checklist."""
    whole: dict[tuple[str, str], Receipt] = {}
    for each in found:
        if not each.left:
            for checklist in each.checklists:
                whole.setdefault((each.sha256, checklist), each)
    return whole


def files_of(connection: Connection, entries: set[int]) -> list[str]:
    """The names of the files from which these entries came."""
    notes = [entry.noted for entry in entries_of(connection, "receipt")]
    return list(dict.fromkeys(note["file"] for note in notes if entries & set(note["entries"])))


def _as_of_now(entry: Entry, again: set[int]) -> Receipt:
    note = entry.noted
    found = _receipt(note, entry.sequence, entry.hash)
    return found._replace(left=found.left + len(again.intersection(note["entries"])))


def _receipt(note: Mapping[str, Any], entry: int, head: str) -> Receipt:
    counts = {name: note[name] for name in ("observations", "new", "revisions", "same", "left")}
    return Receipt(note["file"], note["sha256"], tuple(note["checklists"]), **counts, entry=entry, head=head)
