"""Many observations of one checklist -> the same study as `study.summarise` makes, worked out by columns."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from fidelity.errors import Problem, errors_in
from fidelity.evaluate.columns.number import TooLarge
from fidelity.large_study.gathered import Gathered
from fidelity.large_study.rows import good_of
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.observe import read
from fidelity.observe.bulk import BulkReading
from fidelity.observe.bulk.records import Records
from fidelity.observe.provenance import provenance
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study
from fidelity.summaries.measured import occasions


@dataclass
class LargeStudy:
    """What files hold, read in columns; `problems` are those of the tables, `refused` records have no scores.

    `on` is the day on which the state is judged: what was observed later is left out.
    """

    checklist: Checklist
    paths: tuple[Path, ...]
    ignore: tuple[str, ...] = ()
    on: dt.date | None = None
    refused: list[Observation] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    _later: int = 0
    _too_fine: bool = False  # numbers that no column holds: then it is worked out one by one
    _occasions: list[pl.Series] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._gathered = Gathered(self.checklist)
        reading = BulkReading(self.paths, self.checklist, self.ignore)
        for records in reading.records():
            self.refused += records.refused.values()
            if not reading.is_wrong and not self._too_fine:
                self._try(records)
        self.problems = reading.problems
        if not errors_in(self.problems):
            good = reading.counts.total() - len(self.refused)
            sessions = pl.concat(self._occasions).n_unique() if self._occasions else 0
            self._origin = provenance(reading.hashed(), good, sessions, len(self.refused))

    def study(self) -> Study:
        """The study; a single observation is made when somebody looks at it."""
        if self._too_fine:
            return summarise(self.checklist, read(self.paths, self.checklist, self.ignore), self.on)
        part = self._gathered.part(self._origin)
        return Study(
            part.checklist,
            part.scored,
            part.summary,
            later=self._later,
            refused=tuple(self.refused),
            told=self.problems,
            laid=part.laid,
            with_totals=self._gathered.rows.with_totals,
        )

    def _try(self, records: Records) -> None:
        try:
            self._take(records)
        except TooLarge:
            self._too_fine = True

    def _take(self, records: Records) -> None:
        good = good_of(records)
        self._occasions.append(occasions(good.frame))
        then = good.until(self.on)
        self._later += len(good.frame) - len(then.frame)
        self._gathered.add(then)
