"""Batches of measured records -> the columns that summaries are made from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import lcm
from typing import NamedTuple, overload

import numpy as np
import polars as pl

from fidelity.model.checklist import Checklist
from fidelity.model.scale import Answer
from fidelity.summaries.columns import ARM, SESSION_NUMBER, Answered, ScoredColumns, Words
from fidelity.summaries.exact import MOST, Exact, Whole

WORDS = ("session", "therapist", "rater", "site", "modality", "version", "evidence", "rater_role", ARM)
NUMBER = f"fact.{SESSION_NUMBER}"
MOST_IN_A_BYTE = 256
MOST_LISTED = 100_000  # words; more of them stay in their column
OCCASION = "occasion"  # what was observed; no column of data is called so

Places = tuple[pl.Series, Sequence[Answer]]  # of each answer its place in the list, and the list


class Measured(NamedTuple):
    """Some records: words by name, days as year-month-day or blank; and what they came to.

    Outcomes and points are as `evaluate.columns.measures` has them, points over the numbers in `bottoms`;
    `answers` are those that the rules saw, by question.
    """

    words: pl.DataFrame
    outcomes: pl.DataFrame
    points: pl.DataFrame
    bottoms: Mapping[str, int]
    answers: Mapping[str, Places]


@dataclass
class Gathering:
    """Takes batches one after another; those observed for a cause are named, and not gathered."""

    checklist: Checklist
    covariates: Sequence[str] = ()
    for_cause: list[str] = field(default_factory=list)
    worried: dict[str, None] = field(default_factory=dict)
    batches: list[Measured] = field(default_factory=list)

    def add(self, measured: Measured) -> None:
        """Takes one more batch."""
        words = measured.words
        if "selection" in words.columns:
            usable = words["selection"] != "for_cause"
            self.for_cause += words["observation"].filter(~usable).to_list()
            self.worried |= dict.fromkeys(occasions(words.filter(~usable)))
            answers = {key: (of.filter(usable), listed) for key, (of, listed) in measured.answers.items()}
            words, *others = (each.filter(usable) for each in measured[:3])
            measured = Measured(words, others[0], others[1], measured.bottoms, answers)
        known = [pl.col(name) for name in dict.fromkeys([*WORDS, *self.covariates]) if name in words.columns]
        days = _days(words["date"]) if "date" in words.columns else pl.lit(0, pl.Int32)
        beside = [_fact(words[name]) for name in self._beside if name in words.columns]
        words = words.select(
            "observation", occasions(words).alias(OCCASION), *known, *beside, days.alias("date")
        )
        self.batches.append(measured._replace(words=words, outcomes=self._small(measured.outcomes)))

    @property
    def _beside(self) -> list[str]:
        """The columns of facts that are asked for, by their names in a data file."""
        return list(dict.fromkeys([NUMBER, *(f"fact.{name}" for name in self.covariates)]))

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
        said = {name: _words_in(words, name) for name in WORDS}
        return ScoredColumns(
            observations=Texts(words["observation"]),
            session=_words(words[OCCASION]),
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
            covariates={name: self._covariate(words, name) for name in self.covariates},
            for_cause=self.for_cause,
            answers={each.key: self._answers(each.key) for each in checklist.questions},
            others={ARM: said[ARM], SESSION_NUMBER: _words_in(words, NUMBER)},
            worried=list(self.worried),
        )

    def _covariate(self, words: pl.DataFrame, name: str) -> Words:
        """A fact, or else a column of the data."""
        fact = f"fact.{name}"
        if fact not in words.columns or name not in words.columns:
            return _words_in(words, fact if fact in words.columns else name)
        said = pl.when(pl.col(fact) == "").then(name).otherwise(fact)
        return _words(words.select(said.alias(name)).to_series())

    def _answers(self, key: str) -> Answered:
        """The answers of all batches; the lists of most of them are one and the same."""
        batches = [each.answers[key] for each in self.batches]
        lists = {id(of): of for _, of in batches}.values()
        place = {each: at for at, each in enumerate(dict.fromkeys(chain.from_iterable(lists)))}
        kind = np.uint8 if len(place) < MOST_IN_A_BYTE else np.uint32
        at_of = {id(of): np.array([place[each] for each in of], dtype=kind) for _, of in batches}
        parts = [at_of[id(of)][places.to_numpy()] for places, of in batches]
        return Answered(np.concatenate(parts), tuple(place))

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


def occasions(words: pl.DataFrame) -> pl.Series:
    """The session of each record; one without a session stands for its own."""
    if "session" not in words.columns:
        return words["observation"]
    own = pl.when(pl.col("session") == "").then("observation").otherwise("session")
    return words.select(own.alias("observation")).to_series()


def _fact(texts: pl.Series) -> pl.Series:
    """A fact as text; one of blanks only says nothing."""
    found = texts.cast(pl.String).fill_null("")
    said = pl.when(found.str.strip_chars() == "").then(pl.lit("")).otherwise(found)
    return pl.select(said.alias(texts.name)).to_series()


class Texts(Sequence[str]):
    """A column of texts: a list of them in all but memory."""

    def __init__(self, column: pl.Series) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        return self._column[at].to_list() if isinstance(at, slice) else str(self._column[at])

    def __iter__(self) -> Iterator[str]:
        return iter(self._column)


def _days(texts: pl.Series) -> pl.Series:
    """Days as `date.toordinal` numbers them, 0 for a blank."""
    days = texts.replace("", None).str.to_date("%Y-%m-%d").to_physical()
    return (days + DAYS_BEFORE_1970).fill_null(0)


DAYS_BEFORE_1970 = 719_163


def _words_in(words: pl.DataFrame, name: str) -> Words:
    return _words(words[name]) if name in words.columns else _blank(len(words))


def _words(texts: pl.Series) -> Words:
    different = texts.unique()
    named = different.filter(different != "")
    places = texts.replace("", None).cast(pl.Enum(named)).to_physical().cast(pl.Int32).fill_null(-1)
    return Words(places.to_numpy(), Texts(named) if len(named) > MOST_LISTED else named.to_list())


def _blank(number: int) -> Words:
    return Words(np.full(number, -1, dtype=np.intp), ())
