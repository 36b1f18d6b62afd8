"""Many observations of a programme's checklists -> the same study as `study.summarise` makes, by columns."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from fidelity.errors import Problem
from fidelity.evaluate.columns.number import TooLarge
from fidelity.large_study.gathered import Gathered
from fidelity.large_study.rows import good_of
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme, Row
from fidelity.observe.bulk.several import OneByOne, Own, SeveralReading
from fidelity.observe.files import data_files, sha256_of, study_tables
from fidelity.observe.provenance import provenance
from fidelity.observe.study_reading import listed_codes
from fidelity.observe.study_tables import read_tables
from fidelity.study.people import people
from fidelity.study.summarising import in_order, with_its_word
from fidelity.study.whole import Part, Study
from fidelity.summaries.judged import covariate_names
from fidelity.summaries.measured import occasions
from fidelity.summaries.programme.rows import row_of
from fidelity.summaries.programme.standing import standings

NOT_WORDS = {"date", "rated_on", "minutes"}  # columns whose text is not what a rule is adjusted for

Facts = Mapping[str, str]


@dataclass
class _Of:
    """What was gathered of one checklist; the places among all and the facts of each of its rows."""

    gathered: Gathered
    at: list[int] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    occasions: list[pl.Series] = field(default_factory=list)
    refused: int = 0


@dataclass
class LargeProgramme:
    """What the files of a study hold, read in columns; `problems` and `refused` as in `LargeStudy`.

    Raises OneByOne where something has to be told that only the reader of single rows tells.
    """

    programme: Programme
    checklists: Mapping[str, Checklist]
    paths: tuple[Path, ...]
    ignore: tuple[str, ...] = ()
    on: dt.date | None = None
    refused: list[Observation] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    _later: int = 0
    _of: dict[str, _Of] = field(default_factory=dict)
    _named: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        covariates = (covariate_names(each, self.programme) for each in self.checklists.values())
        if any(NOT_WORDS & set(names) for names in covariates):
            raise OneByOne
        tables, others = study_tables(self.paths)
        asked = {fact.id: fact for fact in self.programme.facts}
        files, problems = data_files(others)
        if problems:
            raise OneByOne
        reading = SeveralReading(files, self.checklists, asked, self.ignore)
        refused: dict[int, Observation] = {}
        for own in reading.records():
            refused |= own.refused
            self._take(own)
        self.refused = [refused[at] for at in sorted(refused)]
        self._tables = read_tables(tables, asked, self.ignore)
        self.problems = (*reading.problems(listed_codes(self._tables, tables)), *self._tables.problems)
        self._files = (*reading.hashed(), *((str(path), sha256_of(path), 0) for path in tables))

    def study(self) -> Study:
        """The study; a single observation is made when somebody looks at it."""
        standing = standings(self.programme, people(self._tables, self._named, self._observed()), self.on)
        restarts = {each.therapist: each.restarts for each in standing.therapists}
        met = [id for id in self.checklists if id in self._of]
        first, *others = [self._part(id, restarts) for id in in_order(self.programme, met)]
        return Study(
            first.checklist,
            first.scored,
            first.summary,
            self.programme,
            tuple(others),
            standing,
            self._tables.sessions,
            self._later,
            tuple(self.refused),
            self.problems,
            first.laid,
            self._of[first.checklist.id].gathered.rows.with_totals,
        )

    def _take(self, own: Own) -> None:
        of = self._of.setdefault(own.checklist, _Of(Gathered(self.checklists[own.checklist], self.programme)))
        # A row that names no checklist belongs to the one it was found to be of.
        records = own.records._replace(
            frame=own.records.frame.with_columns(checklist=pl.lit(own.checklist, pl.String))
        )
        self._named |= dict.fromkeys(records.frame["therapist"])
        of.refused += len(records.refused)
        kept = pl.Series(records.places_of_good, dtype=pl.Int64)
        good = good_of(records)
        of.occasions.append(occasions(good.frame))
        then = good.observed_until(self.on)
        self._later += len(then) - int(then.sum())
        try:
            of.gathered.add(good.only(then))
        except TooLarge:
            raise OneByOne from None
        of.at += own.at.gather(kept).filter(then).to_list()
        facts = own.facts[kept.to_list()] if own.facts.width else pl.DataFrame()
        of.facts += _said(facts, then)

    def _observed(self) -> Iterator[tuple[Observation, Row | None]]:
        """What the programme reads of each observation, in the order of the data."""
        found = [
            (at, each.observation, row_of(self.checklists[id], each, facts))
            for id, of in self._of.items()
            for at, each, facts in zip(of.at, of.gathered.rows, of.facts, strict=True)
        ]
        return ((observation, row) for _, observation, row in sorted(found, key=lambda each: each[0]))

    def _part(self, id: str, restarts: Mapping[str, tuple[dt.date, ...]]) -> Part:
        of, checklist = self._of[id], with_its_word(self.checklists[id], self.programme)
        good = pl.concat(of.occasions)
        origin = provenance(self._files, len(good), good.n_unique(), of.refused)
        return of.gathered.part(origin, restarts, checklist)


def _said(facts: pl.DataFrame, then: pl.Series) -> list[Facts]:
    """For each row that counts the facts that it tells."""
    if not facts.width:
        return [{}] * int(then.sum())
    return [
        {name: text for name, text in row.items() if text is not None}
        for row in facts.filter(then).iter_rows(named=True)
    ]
