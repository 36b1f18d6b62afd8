"""A study -> which pages there are of it, where they lie, and how one leads to another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import quote

from fidelity.report.occasions import Key, Occasion, occasions, worth_a_look
from fidelity.report.pages.block import Targets
from fidelity.report.pages.file_names import page_names
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.table import Table

MOST_SESSIONS = 400  # with more, only those that somebody may want explained have a page of their own

Folder = Literal["therapists", "feedback", "sites", "raters"]


@dataclass(frozen=True)
class PageMap:
    """The file of every page by what it is about; `sessions` are those with a page, `every` all there are."""

    therapists: Mapping[str, str]
    feedback: Mapping[str, str]
    sites: Mapping[str, str]
    raters: Mapping[str, str]
    session_files: Mapping[Key, str]
    sessions: tuple[Occasion, ...]
    every: tuple[Occasion, ...]

    @property
    def number(self) -> int:
        """How many pages these are."""
        return sum(map(len, (self.therapists, self.feedback, self.sites, self.raters, self.sessions)))

    def to(self, folder: Folder, name: str, root: str) -> str | None:
        """The way to a page from one whose folder lies `root` below the index; nothing where it has none."""
        files: Mapping[str, str] = getattr(self, folder)
        return f"{root}{folder}/{quote(files[name])}" if name in files else None

    def to_session(self, key: Key, root: str) -> str | None:
        """The way to a session's page."""
        file = self.session_files.get(key)
        return f"{root}sessions/{quote(file)}" if file else None

    @cached_property
    def by_therapist(self) -> Mapping[str, list[Occasion]]:
        """The sessions of each therapist."""
        found: dict[str, list[Occasion]] = defaultdict(list)
        for each in self.every:
            found[each.therapist].append(each)
        return dict(found)

    @cached_property
    def by_rater(self) -> Mapping[tuple[str, str], list[Occasion]]:
        """The sessions that a rater observed with a checklist, by the checklist's id and the rater."""
        found: dict[tuple[str, str], list[Occasion]] = defaultdict(list)
        for each in self.every:
            for key in dict.fromkeys((known.id, one.observation.rater) for known, one in each.records):
                found[key].append(each)
        return dict(found)

    @cached_property
    def by_observation(self) -> Mapping[str, Key]:
        """The first session with a page in which an observation was made."""
        found: dict[str, Key] = {}
        for each in self.sessions:
            for _, one in each.records:
                found.setdefault(one.observation.observation, each.key)
        return found

    def linked(self, table: Table, column: str, folder: Folder, root: str) -> Targets:
        """Where the cells of a column of names lead to."""
        at = table.place(column)
        return {column: tuple(self.to(folder, str(row[at]), root) for row in table.rows)}


def page_map(study: ReportedStudy) -> PageMap:
    """The pages of a study, people in the order in which they may need support."""
    every = occasions(study)
    sessions = every if len(every) <= MOST_SESSIONS else tuple(_most_wanted(study, every))
    people = [person.therapist for person, _ in study.people]
    return PageMap(
        therapists=_named(_everybody(study)),
        feedback=_named(people),
        sites=_named([each.site for each in study.summary.sites if each.site]),
        raters=_named([each.rater for each in study.summary.raters if each.rater]),
        session_files=page_names([(each.key, each.session) for each in sessions]),
        sessions=tuple(sessions),
        every=every,
    )


def _most_wanted(study: ReportedStudy, every: Sequence[Occasion]) -> list[Occasion]:
    """Not more than fit: of those who may need support first the sessions first."""
    need = {person.therapist: number for number, (person, _) in enumerate(study.people)}
    wanted = sorted(worth_a_look(study, every), key=lambda each: need.get(each.therapist, len(need)))
    kept = {each.key for each in wanted[:MOST_SESSIONS]}
    return [each for each in every if each.key in kept]


def _everybody(study: ReportedStudy) -> list[str]:
    """Whoever was observed, then those whom only the programme knows."""
    known = study.standings.therapists if study.standings else ()
    names = [
        *(person.therapist for person, _ in study.people),
        *(each.therapist for each in study.summary.therapists if each.n),
        *(each.therapist for each in known),
    ]
    return [name for name in dict.fromkeys(names) if name]


def _named(names: Sequence[str]) -> dict[str, str]:
    return page_names([(name, name) for name in names])
