"""Records in columns -> observations with their scores, each made when somebody looks at it."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from itertools import accumulate
from operator import or_
from typing import Any, NamedTuple, overload

import polars as pl

from fidelity.evaluate.evaluator import Evaluator
from fidelity.model.checklist import Checklist
from fidelity.model.columns import KNOWN_COLUMNS
from fidelity.model.number import read_number
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.observe.bulk.batch import SPACES
from fidelity.observe.bulk.records import Records
from fidelity.observe.match import DATES, REPORTED
from fidelity.place import Place

Row = ScoredObservation[Observation]

MOST_KEPT = 300_000  # rows that are made once and kept; of more, only those of the last batch
MOST_WORDS = 4_000  # different words in a column that is kept as places in a list of them
FACT, COMMENT = "fact.", ".comment"


class Good(NamedTuple):
    """Records of a table that are not refused, as `observe.bulk.records` has them, and where each stands."""

    frame: pl.DataFrame
    places: Callable[[int], Place]

    def only(self, kept: pl.Series) -> "Good":
        """Some of them."""
        if kept.all():
            return self
        at, places = kept.arg_true().to_list(), self.places
        return Good(self.frame.filter(kept), lambda row: places(at[row]))

    def until(self, day: dt.date | None) -> "Good":
        """Those that were not observed later."""
        return self.only(self.observed_until(day))

    def observed_until(self, day: dt.date | None) -> pl.Series:
        """Which were not observed later; without a date nobody can say so."""
        if day is None or "date" not in self.frame.columns:
            return pl.repeat(True, len(self.frame), eager=True)
        return self.frame["date"] <= day.isoformat()


def good_of(records: Records) -> Good:
    """The records that are not refused."""
    places = places_of(records)
    if not records.refused:
        return Good(records.frame, places)
    kept = records.places_of_good
    return Good(records.good, lambda row: places(kept[row]))


@dataclass
class LateRows(Sequence[Row]):
    """Observations of one checklist with their scores, in the order of the data."""

    checklist: Checklist
    batches: list[Good] = field(default_factory=list)

    def add(self, good: Good) -> None:
        """Takes some more."""
        self.batches.append(good._replace(frame=_in_few_words(good.frame)))

    @property
    def with_totals(self) -> "LateRows":
        """Those with a total that somebody wrote."""
        return LateRows(self.checklist, [each.only(_has_total(each.frame)) for each in self.batches])

    def __len__(self) -> int:
        return sum(len(each.frame) for each in self.batches)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        at = range(len(self))[place]
        number = bisect_right(self._begins, at) - 1
        return self._rows_of(number)[at - self._begins[number]]

    def __iter__(self) -> Iterator[Row]:
        for number in range(len(self.batches)):
            yield from self._rows_of(number)

    @cached_property
    def _begins(self) -> list[int]:
        return [0, *accumulate(len(each.frame) for each in self.batches)][:-1]

    @cached_property
    def _evaluator(self) -> Evaluator:
        return Evaluator(self.checklist)

    @cached_property
    def _made(self) -> dict[int, list[Row]]:
        """The batches whose rows are there."""
        return {}

    def _rows_of(self, number: int) -> list[Row]:
        if number not in self._made:
            if len(self) > MOST_KEPT:
                self._made.clear()
            found = observations(self.checklist, self.batches[number])
            self._made[number] = [ScoredObservation(each, self._evaluator.score(each)) for each in found]
        return self._made[number]


def places_of(records: Records) -> Callable[[int], Place]:
    """Where records stand, without keeping them."""
    if records.batch.gathered:
        return [records.place(at) for at in range(len(records.frame))].__getitem__
    table, numbers = replace(records.table, rows=iter(())), records.batch.numbers
    return lambda at: table.spot_at(int(numbers[at]), 0).place


# ---- frames


def _in_few_words(frame: pl.DataFrame) -> pl.DataFrame:
    """The same, columns of few different words as places in a list of them, in a tenth of the room."""
    return frame.with_columns(
        each.cast(pl.Enum(words)).alias(each.name)
        for each in frame
        if each.dtype == pl.String and len(words := each.drop_nulls().unique()) <= MOST_WORDS
    )


def _has_total(frame: pl.DataFrame) -> pl.Series:
    totals = [_said(each).is_not_null() for each in frame if each.name.startswith(REPORTED)]
    return reduce(or_, totals) if totals else pl.repeat(False, len(frame), eager=True)


def _said(cells: pl.Series) -> pl.Series:
    """The texts of cells; nothing where there are only blanks."""
    texts = cells.cast(pl.String)
    blank = texts.str.strip_chars(SPACES) == ""
    return pl.select(pl.when(~blank).then(texts)).to_series()


# ---- observations


def observations(checklist: Checklist, good: Good) -> Iterator[Observation]:
    """The records of a batch, as the reader of single rows has them."""
    words = _words(checklist, good.frame)
    parts = {name: _texts(good.frame, columns) for name, columns in _columns(checklist, good.frame).items()}
    rows = zip(*words.values(), strict=True)
    answers, facts, comments, reported = parts.values()
    for at, row in enumerate(rows):
        yield Observation.model_construct(
            **dict(zip(words, row, strict=True)),
            answers=answers(at),
            facts=facts(at),
            comments=comments(at),
            reported=reported(at),
            place=good.places(at),
        )


def _columns(checklist: Checklist, frame: pl.DataFrame) -> dict[str, dict[str, str]]:
    """What each column that is no word belongs to, by its name, with the key it has there."""
    found: dict[str, dict[str, str]] = {"answers": {}, "facts": {}, "comments": {}, "reported": {}}
    for name in frame.columns:
        if name in checklist.question:
            found["answers"][name] = name
        elif name.startswith(REPORTED):
            found["reported"][name] = name.removeprefix(REPORTED)
        elif name.startswith(FACT):
            found["facts"][name] = name.removeprefix(FACT)
        elif name.endswith(COMMENT):
            found["comments"][name] = name.removesuffix(COMMENT)
    return found


def _texts(frame: pl.DataFrame, columns: Mapping[str, str]) -> Callable[[int], dict[str, str]]:
    """For each row what its cells say, by key; blank ones are left out."""
    cells = {key: _said(frame[name]) for name, key in columns.items()}
    known = {key: texts for key, texts in cells.items() if texts.null_count() < len(texts)}
    if not known:
        return lambda _: {}
    keys, rows = list(known), list(zip(*(each.to_list() for each in known.values()), strict=True))
    return lambda at: {key: text for key, text in zip(keys, rows[at], strict=True) if text is not None}


def _words(checklist: Checklist, frame: pl.DataFrame) -> dict[str, list[Any]]:
    """The columns that are known by name, as an observation has them; a column that is blank is left out."""
    words: dict[str, list[Any]] = {
        name: frame[name].cast(pl.String).to_list() for name in KNOWN_COLUMNS if name in frame.columns
    }
    for name in DATES:
        if name in words:
            words[name] = _each(words[name], lambda text: dt.date.fromisoformat(text) if text else None)
    if "minutes" in words:
        language = checklist.about.language
        words["minutes"] = _each(words["minutes"], lambda text: read_number(text, language) if text else None)
    if "selection" in words:
        words["selection"] = _each(words["selection"], lambda text: text or "planned")
    return words


def _each(texts: list[str], value: Callable[[str], Any]) -> list[Any]:
    """The value of each text, worked out once for those alike."""
    known = {each: value(each) for each in set(texts)}
    return [known[each] for each in texts]
