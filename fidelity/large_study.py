"""Many observations of one checklist -> the same study as `study.summarise` makes, worked out by columns."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import overload

import polars as pl

from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.evaluate.columns.measures import Measuring
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation
from fidelity.observe import read
from fidelity.observe.bulk import BulkReading
from fidelity.observe.bulk.records import Records
from fidelity.observe.provenance import provenance
from fidelity.study import Study, scored_of
from fidelity.summaries import summarise_columns
from fidelity.summaries.measured import Gathering, Measured

Row = ScoredObservation[Observation]


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
    _occasions: list[pl.Series] = field(default_factory=list)
    _answers: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._measuring, self._gathering = Measuring(self.checklist), Gathering(self.checklist)
        self._reading = BulkReading(self.paths, self.checklist, self.ignore)
        for records in self._reading.records():
            self.refused += records.refused.values()
            if not self._reading.is_wrong:
                self._take(records)
        self.problems = self._reading.problems

    def study(self) -> Study:
        """The study; single observations are read again when somebody asks for them."""
        good = self._reading.counts.total() - len(self.refused)
        sessions = pl.concat(self._occasions).n_unique() if self._occasions else 0
        origin = provenance(self._reading.hashed(), good, sessions, len(self.refused))
        rated = Rated(self._measuring, self._answers).at
        return Study(
            self.checklist,
            OneByOne(self._one_by_one, good - self._later),
            summarise_columns(self.checklist, self._gathering.columns(), origin, rated=rated),
            later=self._later,
            refused=tuple(self.refused),
            told=self.problems,
        )

    def _take(self, records: Records) -> None:
        good = records.good
        self._occasions.append(_occasions(good))
        if self.on is not None and "date" in good.columns:
            then = good.filter(pl.col("date") <= self.on.isoformat())
            self._later += len(good) - len(then)
            good = then
        found = self._measuring.measures(good)
        self._gathering.add(Measured(good, *found))
        if "selection" in good.columns:
            good = good.filter(pl.col("selection") != "for_cause")
        asked = {*self.checklist.question, *(f"fact.{each.id}" for each in self.checklist.facts)}
        self._answers.append(good.select(name for name in good.columns if name in asked))

    def _one_by_one(self) -> Sequence[Row]:
        reading = read(self.paths, self.checklist, self.ignore)
        if errors_in(reading.problems):
            # A file may be too large to be read one by one.
            raise ProblemsFound(reading.problems)
        return scored_of(self.checklist, reading, self.on)


def _occasions(good: pl.DataFrame) -> pl.Series:
    """The session of each record; one without a session stands for its own."""
    if "session" not in good.columns:
        return good["observation"]
    return good.select(
        pl.when(pl.col("session") == "").then("observation").otherwise("session").alias("observation")
    ).to_series()


@dataclass
class Rated:
    """The traces of ratings by their place in the columns, worked out when they are asked for."""

    measuring: Measuring
    answers: Sequence[pl.DataFrame]

    def at(self, place: int) -> Scored:
        """One of them."""
        batch = bisect_right(self._begins, place) - 1
        return self.measuring.scored(self.answers[batch].row(place - self._begins[batch], named=True))

    @cached_property
    def _begins(self) -> list[int]:
        return list(accumulate(map(len, self.answers), initial=0))


class OneByOne(Sequence[Row]):
    """So many scored observations, read and scored one by one when the first of them is asked for."""

    def __init__(self, rows: Callable[[], Sequence[Row]], number: int) -> None:
        self._read, self._number = rows, number

    @cached_property
    def _rows(self) -> Sequence[Row]:
        return self._read()

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        return self._rows[place]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)
