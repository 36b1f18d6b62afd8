"""Files that come in -> a study's store: all read first, then stored one by one, each with its receipt."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from fidelity.cli.double_entry import read_double
from fidelity.cli.printing import Printing, counted, table
from fidelity.cli.storing import head_told, tell_if_open
from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.observe.blank import if_alone
from fidelity.observe.received import (
    Received,
    Wanted,
    alike_among,
    files_to_receive,
    fingerprint_of,
    received,
    received_twice,
)
from fidelity.observe.stored import codes_in_store
from fidelity.store.address import Address
from fidelity.store.content import Given, Parcel
from fidelity.store.intake import Objections, contradictions, doubts, objections, take_in, without
from fidelity.store.log import Head, head
from fidelity.store.opening import is_there, opened, snapshot, transaction
from fidelity.store.receipts import Receipt, receipts, received_whole
from fidelity.store.records import stored
from fidelity.store.texts import KeptText


class Target(NamedTuple):
    """Where observations go, the texts of their checklists, who brings them, whether some may stay behind."""

    address: Address
    texts: Mapping[str, KeptText]
    who: str
    keep_good: bool

    @property
    def is_there(self) -> bool:
        """Whether there is a store already."""
        return is_there(self.address)


class _Read(NamedTuple):
    """What was read: what the files hold, those that were received before, and what is wrong with paths."""

    found: list[Received]
    skipped: list[tuple[str, Receipt]]
    problems: Sequence[Problem]


class _Left(NamedTuple):
    """A file that was left out, or only these of its records."""

    file: str
    records: tuple[str, ...] = ()


class _Came(NamedTuple):
    """What came of all files."""

    given: list[Receipt]
    skipped: list[tuple[str, Receipt]]
    left: list[_Left]
    end: Head | None
    told: Sequence[Problem]


def receive(printing: Printing, paths: Iterable[Path], wanted: Wanted, target: Target) -> None:
    """Stores what the files hold and tells what came of each; raises ProblemsFound, with all, before."""
    files, problems = files_to_receive(paths)
    found, skipped = _read(printing, files, wanted, _received_before(target))
    _store_and_tell(printing, wanted, target, _Read(found, skipped, problems))


def receive_double(printing: Printing, paths: Sequence[Path], wanted: Wanted, target: Target) -> None:
    """The same for two files into which two people typed the same forms."""
    reading = read_double(paths, next(iter(wanted.checklists.values())))
    found = received_twice(paths, reading, wanted)
    _store_and_tell(printing, wanted, target, _Read([found], [], ()))


def _store_and_tell(printing: Printing, wanted: Wanted, target: Target, read: "_Read") -> None:
    against = _against(target, read.found, wanted)
    told = _all_told(target, read, against)
    bad = [each for each in read.found if not each.is_good or each.file in against]
    if errors_in(told) and not target.keep_good:
        as_is = "as it is" if len(bad) == 1 else "as they are"
        counts = f": of {counted(len(read.found), 'file')}, {len(bad)} cannot be {as_is}" if bad else ""
        printing.say(f"Nothing was stored{counts}.\n")
        raise ProblemsFound(told)
    printing.problems(told)
    parcels = [_good_part(each, against) for each in read.found if not errors_in(each.problems)]
    sent = [each for each in parcels if each.givens]
    is_new = bool(sent) and not target.is_there
    given, late, end = _store(printing, sent, wanted, target)
    if is_new:
        printing.say(f"{target.address.shown}: a new study was begun.")
    printing.problems(_problems(late))
    left = [*_left(bad, sent, against), *(_Left(file, tuple(late[file])) for file in late)]
    _tell(printing, target, _Came(given, read.skipped, left, end, told))
    printing.status = 1 if late and not target.keep_good else 0


def _all_told(target: Target, read: "_Read", against: Objections) -> list[Problem]:
    """Everything that is wrong with files and records, and with what they hold beside each other."""
    told = [
        *read.problems,
        *(problem for each in read.found for problem in (*each.problems, *each.of_records)),
        *alike_among(read.found, codes_in_store(target.address) if target.is_there else ()),
        *_problems(against),
        *_doubts(target, read.found),
    ]
    if read.skipped or any(each.items or each.refused for each in read.found):
        return told
    return list(map(if_alone, told))


def _left(bad: Iterable[Received], sent: Iterable[Parcel], against: Objections) -> list[_Left]:
    """What stays outside: records of files that are stored without them, or files as a whole."""
    stored = {each.file for each in sent}
    return [_Left(each.file, _names(each, against) if each.file in stored else ()) for each in bad]


def _problems(against: Objections) -> list[Problem]:
    return [problem for of_file in against.values() for problem in of_file.values()]


def _names(each: Received, against: Objections) -> tuple[str, ...]:
    """The records of a file that stay outside."""
    return (*each.refused, *against.get(each.file, ()))


# ---- reading


def _received_before(target: Target) -> Mapping[tuple[str, str], Receipt]:
    if not target.is_there:
        return {}
    with opened(target.address, create=True) as connection, snapshot(connection):
        return received_whole(receipts(connection))


def _read(
    printing: Printing, files: Sequence[Path], wanted: Wanted, known: Mapping[tuple[str, str], Receipt]
) -> tuple[list[Received], list[tuple[str, Receipt]]]:
    """What the files hold; those that were received before are skipped."""
    found: list[Received] = []
    skipped: list[tuple[str, Receipt]] = []
    for number, path in enumerate(files, 1):
        printing.progress(f"Reading file {number} of {len(files)}")
        sha256 = fingerprint_of(path)
        before = next((known[sha256, id] for id in wanted.checklists if (sha256, id) in known), None)
        if before is None:
            found.append(received(path, wanted))
        else:
            skipped.append((str(path), before))
    printing.done()
    return found, skipped


def _against(target: Target, found: Iterable[Received], wanted: Wanted) -> Objections:
    """What only shows beside the other files and beside what is stored already."""
    parcels = [_parcel(each) for each in found]
    at_once = contradictions(parcels)
    if not target.is_there:
        return at_once
    with opened(target.address, create=True) as connection, snapshot(connection):
        stored = objections(connection, parcels, _self_rated(wanted))
    return {file: {**at_once.get(file, {}), **stored.get(file, {})} for file in (*at_once, *stored)}


def _doubts(target: Target, found: Iterable[Received]) -> list[Problem]:
    """What need not be wrong, beside the other files and what is stored already."""
    parcels = [_parcel(each) for each in found]
    if not target.is_there:
        return list(doubts((), parcels))
    with opened(target.address, create=True) as connection, snapshot(connection):
        return list(doubts(stored(connection), parcels))


def _good_part(each: Received, against: Objections) -> Parcel:
    return without(_parcel(each), against.get(each.file, ()))


def _parcel(each: Received) -> Parcel:
    givens = tuple(_given(*item) for item in each.items)
    return Parcel(each.file, each.sha256, givens, len(each.refused), each.copy_of)


def _given(checklist: Checklist, observation: Observation, occasion: str) -> Given:
    """What is stored; facts that the checklist does not know are those that a programme asked for."""
    own = {name: text for name, text in observation.facts.items() if name in checklist.fact}
    asked = {name: text for name, text in observation.facts.items() if name not in checklist.fact}
    one = observation.model_copy(update={"facts": own}) if asked else observation
    return Given(one, checklist.id, checklist.about.version, checklist.fingerprint, occasion, asked)


def _self_rated(wanted: Wanted) -> tuple[str, ...]:
    return tuple(id for id, each in wanted.checklists.items() if each.about.raters == ("self",))


# ---- storing


def _store(
    printing: Printing, parcels: Sequence[Parcel], wanted: Wanted, target: Target
) -> tuple[list[Receipt], Objections, Head | None]:
    """The receipts; what came in the way meanwhile; and where the log ends now."""
    if not parcels and not target.is_there:
        return [], {}, None
    given: list[Receipt] = []
    late: dict[str, Mapping[str, Problem]] = {}
    alone = _self_rated(wanted)
    with opened(target.address, create=True, writes=True) as connection:
        for number, parcel in enumerate(parcels, 1):
            printing.progress(f"Storing file {number} of {len(parcels)}")
            with transaction(connection):
                against = objections(connection, [parcel], alone)
                late |= against
                good = without(parcel, against.get(parcel.file, ()))
                if good.givens:
                    given.append(take_in(connection, good, target.texts, target.who))
        with snapshot(connection):
            end = head(connection)
    printing.done()
    return given, late, end


# ---- telling


def _tell(printing: Printing, target: Target, came: _Came) -> None:
    if printing.format == "json":
        printing.json(_document(target, came))
    elif came.given:
        head = ("file", "stored", "revised", "as before", "left out", "entry")
        rows = [
            [each.file, *map(str, (each.new, each.revisions, each.same, each.left, each.entry))]
            for each in came.given
        ]
        click.echo(table(head, rows))
    for file, before in came.skipped:
        printing.say(f"{file}: received before, as {before.file} (entry {before.entry}); skipped.")
    for each in came.left:
        printing.say(f"Left out: {each.file}{''.join(f', {name}' for name in each.records)}.")
    new, revised = sum(each.new for each in came.given), sum(each.revisions for each in came.given)
    more = f", {counted(revised, 'new revision')}" if revised else ""
    printing.say(f"{target.address.shown}: {counted(new, 'observation')} stored{more}.")
    if came.end is not None:
        printing.say(head_told(came.end))
    tell_if_open(printing, target.address)


def _remarks(receipt: Receipt, told: Iterable[Problem]) -> list[str]:
    """What was told of a file, or of one of the two that were compared, and did not stop it."""
    files = receipt.file.split(" and ")
    return [each.message for each in told if each.severity == "warning" and each.place.file in files]


def _document(target: Target, came: _Came) -> dict[str, object]:
    return {
        "study": target.address.shown,
        "receipts": [{**each._asdict(), "remarks": _remarks(each, came.told)} for each in came.given],
        "skipped": [{"file": file, "entry": before.entry} for file, before in came.skipped],
        "left": [each._asdict() for each in came.left],
        "head": came.end._asdict() if came.end else None,
        "warnings": [each.as_json() for each in came.told if each.severity == "warning"],
    }
