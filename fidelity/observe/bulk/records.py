"""Batches of a table -> records under the checklist's names, and those that have to be refused."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from fidelity.model.columns import KNOWN_COLUMNS
from fidelity.model.number import plain_digits
from fidelity.model.observation import Observation
from fidelity.observe.bulk.batch import SPACES, Batch
from fidelity.observe.match import DATES, REPORTED, Column, Matching, observation
from fidelity.observe.table import Table
from fidelity.place import Place

MOST_REMEMBERED = 500  # different answers in one column; a column with more is no list of answers
JUDGED_WORDS = frozenset({*DATES, "minutes", "selection", "checklist", "version"})
WRITTEN = {"answer": "{}", "fact": "fact.{}", "comment": "{}.comment", "reported": REPORTED + "{}"}


class Records(NamedTuple):
    """Some records of a table; `frame` has a row for each, in the order of the data.

    Its columns are called as in a data file, and words have no blanks around them. `observation` and
    `therapist` are always there, days are year-month-day; nothing else is there that the table does not have.
    What is wrong with a record stands in `refused`, by its place among the rows.
    """

    table: Table
    batch: Batch
    frame: pl.DataFrame
    refused: Mapping[int, Observation]
    matching: Matching
    before: str

    @property
    def good(self) -> pl.DataFrame:
        """The rows of those that are not refused."""
        if not self.refused:
            return self.frame
        return self.frame.filter(self.is_good)

    @property
    def is_good(self) -> pl.Series:
        """Which rows are not refused."""
        refused = pl.Series(list(self.refused), dtype=pl.Int64)
        return ~pl.int_range(len(self.frame), eager=True).is_in(refused.implode())

    @property
    def places_of_good(self) -> Sequence[int]:
        """Where those stand among the rows."""
        if not self.refused:
            return range(len(self.frame))
        return [at for at in range(len(self.frame)) if at not in self.refused]

    def observation(self, at: int) -> Observation:
        """One of the records, as a reader of single rows has it."""
        row = self.batch.row(at)
        return observation(self.table, row, self.matching, f"{self.before}{row.number}")

    def place(self, at: int) -> Place:
        """Where a record stands."""
        if self.batch.place is not None:
            return self.batch.place(at)
        return self.table.spot(self.batch.row(at), 0).place


@dataclass(slots=True)
class Matched:
    """How the batches of a table are read: the columns, and the answers that were met so far, by column."""

    table: Table
    matching: Matching
    texts: Collection[str]  # keys of questions that are answered in words
    before: str
    answers: dict[str, "_Known"] = field(default_factory=dict)
    _wrong_digits: dict[int, set[object]] = field(default_factory=dict)

    def records(self, batch: Batch) -> Records:
        """The records of a batch."""
        columns: dict[str, pl.Series] = {}
        self._wrong_digits = self._digits(batch)
        suspects: list[pl.Series] = [] if batch.odd is None else [batch.odd]
        for column in self.matching.columns:
            name = WRITTEN.get(column.kind, "{}").format(column.key)
            cells = batch.cells.to_series(column.index)
            if column.kind in ("answer", "fact") and column.key not in self.texts:
                cells, wrong = self._answers(column, cells)
                suspects += [] if wrong is None else [wrong]
            else:
                suspects += self._wrong(column, cells) if self._may_be_wrong(column) else []
                cells = cells if column.kind == "word" else _written(cells)
            columns[name] = cells
        frame = pl.DataFrame(columns).with_columns(*_words(columns))
        refused = dict(self._refused(batch, suspects))
        return Records(self.table, batch, self._named(frame, batch), refused, self.matching, self.before)

    # ---- what does not fit

    def _may_be_wrong(self, column: Column) -> bool:
        return column.kind == "reported" or (column.kind == "word" and column.key in JUDGED_WORDS)

    def _answers(self, column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        """The answers as places in a list of those that were met, and which of them do not fit."""
        if cells.dtype != pl.String:
            return cells, _any_of(cells, self._misfits(column, cells))
        known = self.answers.setdefault(f"{column.kind} {column.key}", _Known())
        if known.many:
            return cells, _any_of(cells, self._misfits(column, cells))
        listed = cells.cast(known.kind, strict=False)
        if listed.null_count() > cells.null_count():
            fresh = cells.filter(listed.is_null() & cells.is_not_null()).unique(maintain_order=True).to_list()
            if len(known.texts) + len(fresh) > MOST_REMEMBERED:
                known.many = True
                return cells, _any_of(cells, self._misfits(column, cells))
            known.wrong |= {each for each in fresh if self._is_wrong(column, each)}
            known.texts += fresh
            known.kind = pl.Enum(known.texts)
            listed = cells.cast(known.kind)
        return listed, _any_of(listed, known.wrong)

    def _wrong(self, column: Column, cells: pl.Series) -> Iterator[pl.Series]:
        found = _any_of(cells, self._misfits(column, cells))
        if found is not None:
            yield found

    def _misfits(self, column: Column, cells: pl.Series) -> set[object]:
        kind = cells.dtype
        if kind == pl.Int8:
            return self._wrong_digits.get(column.index, set())
        if isinstance(kind, pl.Enum) and len(kind.categories) <= MOST_REMEMBERED:
            return {each for each in kind.categories if self._is_wrong(column, each)}
        return {each for each in cells.unique().drop_nulls() if self._is_wrong(column, str(each))}

    def _digits(self, batch: Batch) -> dict[int, set[object]]:
        """The numbers that do not fit in columns of bytes, by the place of the column.

        All columns are asked at once whether there is any, as hardly any has one.
        """
        cells = batch.cells
        kinds = cells.dtypes
        read = [each for each in self.matching.columns if kinds[each.index] == pl.Int8]
        if not read:
            return {}
        names = [str(each.index) for each in read]
        least, most = (cells.select(end).row(0) for end in (pl.col(names).min(), pl.col(names).max()))
        runs = {
            each.index: self._wrong_runs(each, first, last)
            for each, first, last in zip(read, least, most, strict=True)
            if first is not None
        }
        some = cells.select(
            pl.any_horizontal(
                pl.lit(value=False), *(pl.col(str(at)).is_between(*run).any() for run in each)
            ).alias(str(at))
            for at, each in runs.items()
        ).row(0)
        return {
            at: {each for run in runs[at] for each in range(run[0], run[1] + 1)}
            for at, is_there in zip(runs, some, strict=True)
            if is_there
        }

    def _wrong_runs(self, column: Column, least: int, most: int) -> list[tuple[int, int]]:
        """From where to where numbers do not fit."""
        wrong = [self._is_wrong(column, str(each)) for each in range(least, most + 1)]
        before, after = [False, *wrong[:-1]], [*wrong[1:], False]
        begins = [at for at, each in enumerate(wrong, least) if each and not before[at - least]]
        ends = [at for at, each in enumerate(wrong, least) if each and not after[at - least]]
        return list(zip(begins, ends, strict=True))

    def _is_wrong(self, column: Column, text: str) -> bool:
        return self.matching.judge(column.kind, column.key, text) is not None

    def _refused(self, batch: Batch, suspects: list[pl.Series]) -> Iterator[tuple[int, Observation]]:
        if not suspects:
            return
        marked = pl.any_horizontal(suspects)
        for at in pl.select(marked.arg_true()).to_series():
            row = batch.row(at)
            found = observation(self.table, row, self.matching, f"{self.before}{row.number}")
            if found.refused:
                yield at, found

    # ---- who, when, where

    def _named(self, frame: pl.DataFrame, batch: Batch) -> pl.DataFrame:
        numbered = pl.lit(self.before) + batch.numbers.cast(pl.String)
        name = pl.col("observation") if "observation" in frame.columns else pl.lit("")
        who = pl.col("therapist") if "therapist" in frame.columns else pl.lit("")
        if self.matching.subject in frame.columns:
            who = pl.when(who == "").then(pl.col(self.matching.subject)).otherwise(who)
        return frame.with_columns(
            observation=pl.when(name == "").then(numbered).otherwise(name), therapist=who
        )


@dataclass(slots=True)
class _Known:
    """The different texts of a column so far, those that do not fit, and whether there are too many."""

    texts: list[str] = field(default_factory=list)
    kind: pl.Enum = field(default_factory=lambda: pl.Enum([]))
    wrong: set[object] = field(default_factory=set)
    many: bool = False


def _any_of(cells: pl.Series, wrong: Collection[object]) -> pl.Series | None:
    if not wrong:
        return None
    return cells.is_in(pl.Series(list(wrong), dtype=cells.dtype).implode()).fill_null(value=False)


def _written(cells: pl.Series) -> pl.Series:
    """Texts where there are digits, or texts of a short list."""
    return cells.cast(pl.String) if cells.dtype in (pl.Int8, pl.Enum) else cells


def _words(columns: Mapping[str, pl.Series]) -> Iterator[pl.Series]:
    """The columns that are known by name, as texts without blanks around them; days in plain digits."""
    for name, cells in columns.items():
        if name in KNOWN_COLUMNS:
            kind = cells.dtype
            if isinstance(kind, pl.Enum):
                texts = _plain_words(name, kind.categories).append(pl.Series([""]))
                yield texts.gather(cells.to_physical().fill_null(len(texts) - 1)).alias(name)
            else:
                yield _plain_words(name, cells.cast(pl.String)).alias(name)


def _plain_words(name: str, texts: pl.Series) -> pl.Series:
    text = texts.str.strip_chars(SPACES).fill_null("")
    return _plain(text) if name in DATES else text


def _plain(days: pl.Series) -> pl.Series:
    if days.str.len_bytes().sum() == days.str.len_chars().sum():
        return days
    different = days.unique()
    plain = [plain_digits(each) for each in different]
    return days.replace_strict(different, plain, return_dtype=pl.String)


def empty_words() -> pl.DataFrame:
    """No records at all."""
    return pl.DataFrame(schema={"observation": pl.String, "therapist": pl.String, "date": pl.String})
