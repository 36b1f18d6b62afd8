"""The files of a study, read for a programme: observations of its checklists, and the tables beside them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from os import PathLike
from pathlib import Path

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist, Fact
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme
from fidelity.observe import Reading, opened, reading, tried
from fidelity.observe.alike import Seen
from fidelity.observe.files import data_files, sha256_of, study_tables
from fidelity.observe.long import is_long, says_more, widened
from fidelity.observe.several import Checklists, Entry, entries_in
from fidelity.observe.study_tables import CONTACTS, SESSIONS, THERAPISTS, StudyTables, read_tables
from fidelity.observe.table import Table, not_a_table
from fidelity.place import Place


@dataclass(frozen=True)
class StudyReading:
    """Everything that the files of a study hold; an error among `problems` stops every command.

    `entries` stand in the order of the files and rows, refused ones too; `files` has a file's name, its
    SHA-256, its observations, the tables beside the observations at the end.
    """

    checklists: Mapping[str, Checklist]
    entries: tuple[Entry, ...]
    tables: StudyTables
    problems: tuple[Problem, ...]
    files: tuple[tuple[str, str, int], ...]

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All observations, of whatever checklist."""
        return tuple(each.observation for each in self.entries)

    @cached_property
    def with_data(self) -> tuple[str, ...]:
        """The checklists of which there is an observation, in the order of the programme."""
        met = {each.checklist for each in self.entries}
        return tuple(id for id in self.checklists if id in met)

    def of(self, checklist: str) -> Reading:
        """The observations of one checklist; its problems are with the whole."""
        own = tuple(each.observation for each in self.entries if each.checklist == checklist)
        return Reading(own, (), self.files)


def read_study(
    paths: Iterable[str | PathLike[str]],
    programme: Programme,
    checklists: Checklists,
    ignore: Collection[str] = (),
) -> StudyReading:
    """The study in files and folders; columns named in `ignore` are passed over."""
    tables, others = study_tables(map(Path, paths))
    if tables and not others:
        raise not_a_table(str(tables[0]), "only_tables")
    asked = {fact.id: fact for fact in programme.facts}
    known = read_tables(tables, asked, ignore)
    files, problems = data_files(others)
    entries: list[Entry] = []
    found = chain(problems, _found(files, checklists, asked, ignore, entries))
    whole = _together(found, entries, files, listed_codes(known, tables))
    beside = tuple((str(path), sha256_of(path), 0) for path in tables)
    return StudyReading(
        checklists, tuple(entries), known, (*whole.problems, *known.problems), (*whole.files, *beside)
    )


def _found(
    files: tuple[Path, ...],
    checklists: Checklists,
    asked: Mapping[str, Fact],
    ignore: Collection[str],
    entries: list[Entry],
) -> Iterator[Problem]:
    """The problems of the files, while their observations are gathered."""
    seen = [each for path in files for each in opened(path)]
    yield from (each for each in seen if isinstance(each, Problem))
    for table in _wide([each for each in seen if isinstance(each, Table)], checklists):
        before = f"{Path(table.file).stem}-" if len(files) > 1 else ""
        for each in tried(entries_in(table, checklists, asked, ignore, before), table.file):
            if isinstance(each, Problem):
                yield each
            else:
                entries.append(each)


def _wide(tables: list[Table], checklists: Checklists) -> list[Table]:
    """The tables, long ones and those that belong to them as one."""
    questions = {key for each in checklists.values() for key in each.question}
    long = [each for each in tables if is_long(each, questions)]
    if not long:
        return tables
    long += [each for each in tables if each not in long and says_more(each, questions)]
    return [widened(long), *(each for each in tables if each not in long)]


def listed_codes(known: StudyTables, tables: Iterable[Path]) -> list[Seen]:
    """The codes in the tables beside the observations."""
    places = {path.name: (Place(str(path)),) for path in reversed([*tables])}
    of_contacts = [
        each for name, row in known.contacts for each in (("therapist", name), ("client", row.client))
    ]
    of_sessions = [
        (column, code)
        for each in known.sessions
        for column, code in (
            ("session", each.session),
            ("therapist", each.therapist),
            ("client", each.client),
            ("site", each.words.get("site", "")),
        )
    ]
    listed = {
        THERAPISTS: [("therapist", name) for name in known.therapists],
        CONTACTS: of_contacts,
        SESSIONS: of_sessions,
    }
    return [
        Seen(column, code, 0, places[table])
        for table, codes in listed.items()
        for column, code in dict.fromkeys(codes)
    ]


def _together(
    found: Iterable[Problem], entries: list[Entry], files: tuple[Path, ...], listed: list[Seen]
) -> Reading:
    """What only shows in the whole: the same name twice in one checklist, blanks, and counts."""
    problems = list(found)
    if not entries:
        # Where nothing is left to judge, passing over is no answer.
        problems = [
            replace(each, graded="error") if {"unread", "empty_store"} & each.facts.keys() else each
            for each in problems
        ]
    ids = dict.fromkeys(each.checklist for each in entries)
    names = [[each.observation for each in entries if each.checklist == id] for id in ids]
    observations = (each.observation for each in entries)
    return reading([*problems, *observations], files, apart=names, beside=listed)
