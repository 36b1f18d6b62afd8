"""Files as they come in, forms and tables -> what each holds for a study, and all that is wrong with it."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from fidelity.errors import Problem, ProblemsFound, errors_in, in_order
from fidelity.model.checklist import Checklist, Fact
from fidelity.model.form import COPY
from fidelity.model.observation import Observation
from fidelity.observe import Found, Reading, opened, read, reading, tried
from fidelity.observe.alike import Seen, alike_in, codes_in
from fidelity.observe.files import data_files, sha256_of, shown
from fidelity.observe.filled_form import read_forms
from fidelity.observe.form_parts import is_form, part_of
from fidelity.observe.identifying import identifying_columns, identifying_texts, identifying_values
from fidelity.observe.long import is_long, widened
from fidelity.observe.saved_form import checklist_said, is_saved
from fidelity.observe.several import entries_in
from fidelity.observe.table import Row, Table
from fidelity.observe.to_come import days_to_come

_OF_ONE = re.compile(rf'name="{COPY}checklist".*?<[^>]*lpwstr[^>]*>([^<]*)<', re.DOTALL)

Checklists = Mapping[str, Checklist]


class Wanted(NamedTuple):
    """How files are to be read: for which checklists, what is passed over, what is no person's column.

    `facts` are those about a session that a programme asks for, beside its checklists; after `now` nobody can
    have observed anything.
    """

    checklists: Checklists
    ignore: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = MappingProxyType({})
    now: date = date.max


class Item(NamedTuple):
    """One observation that came in, the checklist it belongs to, and which session it is of."""

    checklist: Checklist
    observation: Observation
    occasion: str


class Sent(NamedTuple):
    """What came in, by name and by the hash of its bytes; `copy_of` as in `Received`."""

    file: str
    sha256: str
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What a file holds: the good observations, what is wrong with it, and with single records of it.

    `copy_of` is the first of two files that are the same, where two people should have typed.
    """

    file: str
    sha256: str
    copy_of: str
    items: tuple[Item, ...]
    refused: tuple[str, ...]
    problems: tuple[Problem, ...]
    of_records: tuple[Problem, ...]

    @property
    def is_good(self) -> bool:
        """Whether everything in it can be stored."""
        return not self.refused and not errors_in(self.problems)


Kind = Callable[[Path, Wanted], Reading]


def files_to_receive(paths: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """The files that are named, and those in folders that may hold observations."""
    return data_files(paths)


def received(path: Path, wanted: Wanted) -> Received:
    """What one file holds, whatever kind it is of."""
    found = _kind_of(path)(path, wanted)
    return _received(Sent(shown(path), fingerprint_of(path)), found, wanted, _own_names(path))


def received_twice(paths: Sequence[Path], found: Reading, wanted: Wanted) -> Received:
    """What two files hold into which two people typed the same forms; `found` is what both agree on."""
    hashes = "\n".join(map(fingerprint_of, paths))
    copied = next((str(each.facts["copy_of"]) for each in found.problems if "copy_of" in each.facts), "")
    sent = Sent(" and ".join(map(str, paths)), hashlib.sha256(hashes.encode()).hexdigest(), copied)
    return _received(sent, found, wanted, frozenset())


def _received(sent: Sent, found: Reading, wanted: Wanted, own_names: Collection[str]) -> Received:
    items: list[Item] = []
    refused: dict[str, tuple[Problem, ...]] = {}
    for each in found.observations:
        checklist = _checklist_of(each, wanted.checklists)
        occasion = _occasion(each, checklist, own_names)
        if each.refused or not occasion:
            refused[each.observation] = each.refused or (_no_session(each),)
        else:
            items.append(Item(checklist, _called(each, occasion, own_names), occasion))
    problems = (
        *(each for each in found.problems if "alike" not in each.facts),  # told of all files: `alike_among`
        *identifying_values(found.observations, wanted.declared),
        *identifying_texts(found.observations),
    )
    late = days_to_come((item.observation for item in items), wanted.now, kept=True)
    of_refused = (each for each in found.observations if each.observation in refused)
    problems = (*problems, *late, *days_to_come(of_refused, wanted.now))
    of_records = tuple(chain.from_iterable(refused.values()))
    return Received(*sent, tuple(items), tuple(refused), problems, of_records)


def alike_among(received: Iterable[Received], before: Iterable[Seen]) -> tuple[Problem, ...]:
    """A warning for each code that these files write otherwise than one another, or than what came before."""
    fresh = list(codes_in(item.observation for each in received for item in each.items))
    return tuple(alike_in([*before, *fresh], {(each.column, each.code) for each in fresh}))


def fingerprint_of(path: Path) -> str:
    """The hash of a file's bytes; nothing of one that cannot be opened, which is told when it is read."""
    with suppress(OSError, ProblemsFound):
        return sha256_of(path)
    return ""


# ---- kinds of files


def _kind_of(path: Path) -> Kind:
    return _form if is_form(path) else _saved if is_saved(path) else _table


def _form(path: Path, wanted: Wanted) -> Reading:
    """The form, read for the checklist that it says it was made from; the reader checks if that is so."""
    said = _OF_ONE.search(part_of(path, "docProps/custom.xml")) if len(wanted.checklists) > 1 else None
    own = wanted.checklists.get(said[1] if said else "")
    return read_forms([path], own or next(iter(wanted.checklists.values())))


def _saved(path: Path, wanted: Wanted) -> Reading:
    own = wanted.checklists.get(checklist_said(path))
    return read_forms([path], own or next(iter(wanted.checklists.values())))


def _table(path: Path, wanted: Wanted) -> Reading:
    tables = [each for each in opened(path) if isinstance(each, Table)]
    personal = [
        problem
        for table in tables
        for each in wanted.checklists.values()
        for problem in identifying_columns(table, each, {*wanted.declared, *wanted.ignore})
    ]
    found = _observations(path, wanted)
    named = {each.facts["personal"] for each in personal}
    # That such a column is unknown as well is no news.
    others = [
        each for each in found.problems if each.code != "RB501" or each.facts.get("unknown") not in named
    ]
    return replace(found, problems=(*in_order(personal), *others))


def _observations(path: Path, wanted: Wanted) -> Reading:
    if len(wanted.checklists) == 1 and not wanted.facts:
        return read([path], next(iter(wanted.checklists.values())), wanted.ignore)
    seen = list(opened(path))
    problems = [each for each in seen if isinstance(each, Problem)]
    tables = _wide([each for each in seen if isinstance(each, Table)], wanted.checklists)
    return reading(chain(problems, *(_of_several(each, wanted) for each in tables)), [path])


def _of_several(table: Table, wanted: Wanted) -> Iterator[Found]:
    for each in tried(entries_in(table, wanted.checklists, wanted.facts, wanted.ignore), table.file):
        if isinstance(each, Problem) or not each.facts:
            yield each if isinstance(each, Problem) else each.observation
        else:
            facts = {**each.observation.facts, **each.facts}
            yield each.observation.model_copy(update={"facts": facts})


def _wide(tables: list[Table], checklists: Checklists) -> list[Table]:
    questions = {key for each in checklists.values() for key in each.question}
    return [widened([each]) if is_long(each, questions) else each for each in tables]


# ---- which session it is


def _own_names(path: Path) -> frozenset[str]:
    """The names that a table itself gives its observations; a row's number is none."""
    if is_form(path) or is_saved(path):
        return frozenset()
    names: set[str] = set()
    for table in opened(path):
        if isinstance(table, Table) and "observation" in table.headings:
            index = table.headings.index("observation")
            names |= {str(row.cells[index]).strip() for row in table.rows if isinstance(row, Row)}
    return frozenset(names - {""})


def _occasion(each: Observation, checklist: Checklist, own_names: Collection[str]) -> str:
    """The session; where there is none the name that the table gives, or who or what was rated and when."""
    if each.session or each.observation in own_names:
        return each.session or each.observation
    whom = {"session": "", "report": "", "site": each.site}.get(checklist.about.unit, each.therapist)
    return f"{whom} {each.date.isoformat()}" if whom and each.date else ""


def _called(each: Observation, occasion: str, own_names: Collection[str]) -> Observation:
    """The observation under a name that holds beyond its file."""
    if each.observation in own_names:
        return each
    name = f"{occasion}-{each.rater}" if each.rater else occasion
    return each.model_copy(update={"observation": name})


def _no_session(each: Observation) -> Problem:
    path, line = Path(each.place.file), str(each.place.line)
    place = {"form_session": line} if is_saved(path) else {"row": line} if each.place.line > 1 else {}
    return Problem("RB505", each.place, {"no_session": "no_session", **place})


def _checklist_of(each: Observation, checklists: Checklists) -> Checklist:
    return checklists.get(each.checklist) or next(iter(checklists.values()))
