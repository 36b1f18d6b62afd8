"""Records of one checklist, batch by batch -> their columns, and what they say together."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import polars as pl

from fidelity.evaluate.columns.answered import Answering
from fidelity.evaluate.columns.measures import Measuring
from fidelity.large_study.rows import Good, LateRows
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme
from fidelity.model.score import Scored
from fidelity.model.summary import Provenance
from fidelity.study.whole import Part
from fidelity.summaries import Restarts, summarise_columns
from fidelity.summaries.judged import covariate_names
from fidelity.summaries.measured import Gathering, Measured


@dataclass
class Gathered:
    """The records so far; with a programme, what its rules ask for is gathered too."""

    checklist: Checklist
    programme: Programme | None = None
    _answers: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = LateRows(self.checklist)
        self._measuring, self._answering = Measuring(self.checklist), Answering(self.checklist)
        self._gathering = Gathering(self.checklist, covariate_names(self.checklist, self.programme))

    def add(self, good: Good) -> None:
        """Takes some more; TooLarge where no column holds their numbers."""
        found = self._measuring.measures(good.frame)
        self._gathering.add(Measured(good.frame, *found, self._answering.answers(good.frame)))
        self.rows.add(good)
        self._answers.append(self._asked(self.rows.batches[-1].frame))

    def part(
        self, provenance: Provenance, restarts: Restarts | None = None, shown: Checklist | None = None
    ) -> Part:
        """What they say together; `shown` is the checklist with the words that a programme sets."""
        checklist, laid = shown or self.checklist, self._gathering.columns()
        self._gathering.batches.clear()  # which takes as much room again
        rated = Rated(self._measuring, self._answers).at
        summary = summarise_columns(checklist, laid, provenance, self.programme, restarts, rated)
        return Part(checklist, self.rows, summary, laid)

    def _asked(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The answers and facts of the records that a summary may use."""
        asked: Mapping[str, object] = {
            **self.checklist.question,
            **{f"fact.{each.id}": each for each in self.checklist.facts},
        }
        if "selection" in frame.columns:
            frame = frame.filter(pl.col("selection").cast(pl.String) != "for_cause")
        return frame.select(name for name in frame.columns if name in asked)


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
