"""Batches of measured records -> the columns that summaries are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import lcm
from typing import NamedTuple

import numpy as np
import polars as pl

from fidelity.model.checklist import Checklist
from fidelity.summaries.columns import ScoredColumns, Words
from fidelity.summaries.exact import MOST, Exact, Whole

WORDS = ("session", "therapist", "rater", "site", "modality", "version", "evidence", "rater_role")


class Measured(NamedTuple):
    """Some records: words by name, days as year-month-day or blank; and what they came to.

    Outcomes and points are as `evaluate.columns.measures` has them, points over the numbers in `bottoms`.
    """

    words: pl.DataFrame
    outcomes: pl.DataFrame
    points: pl.DataFrame
    bottoms: Mapping[str, int]


@dataclass
class Gathering:
    """Takes batches one after another; those observed for a cause are named, and not gathered."""

    checklist: Checklist
    for_cause: list[str] = field(default_factory=list)
    batches: list[Measured] = field(default_factory=list)

    def add(self, measured: Measured) -> None:
        """Takes one more batch."""
        words = measured.words
        if "selection" in words.columns:
            usable = words["selection"] != "for_cause"
            self.for_cause += words["observation"].filter(~usable).to_list()
            words, *others = (each.filter(usable) for each in measured[:3])
            measured = Measured(words, others[0], others[1], measured.bottoms)
        known = [pl.col(name) for name in WORDS if name in words.columns]
        days = _days(words["date"]) if "date" in words.columns else pl.lit(0, pl.Int32)
        words = words.select("observation", *known, days.alias("date"))
        self.batches.append(measured._replace(words=words, outcomes=self._small(measured.outcomes)))

    def _small(self, outcomes: pl.DataFrame) -> pl.DataFrame:
        """Levels and gates in a byte each."""
        levels = {key: [level.id for level in each.levels] for key, each in self.checklist.result.items()}
        return outcomes.with_columns(
            *(pl.col(key).cast(pl.Enum(names)) for key, names in levels.items()),
            *(pl.col(f"gate.{key}") == "fails" for key in self.checklist.gate),
        )

    def columns(self) -> ScoredColumns:
        """The columns of all batches."""
        checklist = self.checklist
        words = pl.concat([each.words for each in self.batches], how="diagonal").with_columns(
            pl.col(pl.String).fill_null("")
        )
        names = words["observation"]
        session = words["session"] if "session" in words.columns else names.clear(len(names)).fill_null("")
        occasion = pl.select(pl.when(session == "").then(names).otherwise(session)).to_series()
        said = {name: _words(words[name]) if name in words.columns else _blank(len(words)) for name in WORDS}
        return ScoredColumns(
            observations=names.to_list(),
            session=_words(occasion),
            therapist=said["therapist"],
            rater=said["rater"],
            site=said["site"],
            modality=said["modality"],
            version=said["version"],
            evidence=said["evidence"],
            rater_role=said["rater_role"],
            days=words["date"].to_numpy(),
            scores={key: self._score(key) for key in checklist.score},
            levels={key: self._levels(key) for key in checklist.result},
            failed={key: self._outcome(f"gate.{key}").to_numpy() for key in checklist.gate},
            points={each.key: self._points(each.key) for each in checklist.questions if each.points},
            covariates={},
            for_cause=self.for_cause,
        )

    def _outcome(self, name: str) -> pl.Series:
        return pl.concat([each.outcomes[name] for each in self.batches])

    def _score(self, key: str) -> Exact:
        tops, bottoms = self._outcome(f"{key}.top"), self._outcome(f"{key}.bottom")
        known = tops.is_not_null().to_numpy()
        top, bottom = tops.fill_null(0).to_numpy(), bottoms.fill_null(1).to_numpy()
        shared = np.gcd(top, bottom)
        top, bottom = top // shared, bottom // shared
        different = [int(each) for each in np.unique(bottom)]
        common = lcm(*different)
        largest = int(np.abs(top).max(initial=0)) * common
        kind = np.int64 if largest < MOST else object
        factors = np.array([common // each for each in different], dtype=kind)
        return Exact(top.astype(kind) * factors[np.searchsorted(different, bottom)], common, known)

    def _levels(self, key: str) -> Whole:
        places = self._outcome(key).to_physical().cast(pl.Int16)
        return places.fill_null(-1).to_numpy()

    def _points(self, key: str) -> Exact:
        common = lcm(*(each.bottoms[key] for each in self.batches))
        parts = [
            each.points[key]
            if common == each.bottoms[key]
            else each.points[key].cast(pl.Int64) * (common // each.bottoms[key])
            for each in self.batches
        ]
        kinds = {each.dtype for each in parts}
        tops = pl.concat(parts if len(kinds) == 1 else [each.cast(pl.Int64) for each in parts])
        return Exact(tops.fill_null(0).to_numpy(), common, tops.is_not_null().to_numpy())


def _days(texts: pl.Series) -> pl.Series:
    """Days as `date.toordinal` numbers them, 0 for a blank."""
    days = texts.replace("", None).str.to_date("%Y-%m-%d").to_physical()
    return (days + DAYS_BEFORE_1970).fill_null(0)


DAYS_BEFORE_1970 = 719_163


def _words(texts: pl.Series) -> Words:
    different = texts.unique()
    named = different.filter(different != "")
    places = texts.replace("", None).cast(pl.Enum(named)).to_physical().cast(pl.Int32).fill_null(-1)
    return Words(places.to_numpy(), named.to_list())


def _blank(number: int) -> Words:
    return Words(np.full(number, -1, dtype=np.intp), ())
