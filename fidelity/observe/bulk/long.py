"""Long tables of any size -> batches of the one wide table that `observe.long.widened` makes of them.

A cell is four whole numbers here: observation, column, text and row. What cannot be told so is left to the
way row by row; what is wrong is told by it, too, from the rows of the observations at fault alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import polars as pl

from fidelity.errors import Problem
from fidelity.observe.bulk.batch import Batch
from fidelity.observe.long import ANSWER, ITEM, NAME, Gathered, gather
from fidelity.observe.table import Row, Spot, Table
from fidelity.place import Place

SESSIONS_A_BATCH = 20_000
MOST_LISTED = 500  # different texts that become a list of answers
BLANK = 0  # the number of the blank text

Source = tuple[Table, Callable[[], Iterator[Batch]]]
WHO, WHAT, TEXT, LINE, FILE = "who", "what", "text", "line", "file"
KINDS = {WHO: pl.UInt32, WHAT: pl.UInt32, TEXT: pl.UInt32, LINE: pl.UInt32, FILE: pl.UInt8}


def widened_in_columns(sources: Sequence[Source]) -> Source | None:
    """The wide table with its batches; nothing where only the way row by row can tell."""
    tables = [table for table, _ in sources]
    if len(tables) > MOST_FILES or not all(_is_plain(each) for each in tables):
        return None
    cells = _Cells(sources)
    if not cells.read():
        return None
    first, spots = tables[0], dict(enumerate(cells.headings.values()))
    wide = Table(
        first.file,
        first.origin,
        tuple(cells.headings),
        iter(()),
        complete=False,
        heading_spots=spots,
    )
    return wide, partial(_Widened(wide, cells).batches, SESSIONS_A_BATCH)


MOST_FILES = 255


def _is_plain(table: Table) -> bool:
    return all(table.headings) and len(set(table.headings)) == len(table.headings)


@dataclass(slots=True)
class _Numbers:
    """Texts by number, in the order in which they were met; the blank is the first."""

    numbers: dict[str, int] = field(default_factory=lambda: {"": BLANK})

    def of(self, cells: pl.Series, *, stripped: bool = False) -> pl.Series:
        """The number of each cell's text."""
        texts = cells if cells.dtype == pl.String else cells.cast(pl.String)
        different = texts.drop_nulls().unique(maintain_order=True)
        if not len(different):
            return pl.repeat(BLANK, len(cells), dtype=pl.UInt32, eager=True)
        known = self.numbers
        numbers = [
            known.setdefault(each, len(known))
            for each in (map(str.strip, different) if stripped else different)
        ]
        at = texts.cast(pl.Enum(different)).to_physical()
        return pl.Series(numbers, dtype=pl.UInt32).gather(at).fill_null(BLANK)

    @property
    def texts(self) -> list[str]:
        """The texts by their numbers."""
        return list(self.numbers)


@dataclass
class _Cells:
    """Reads tables to their end, and knows then every cell, and what contradicts itself."""

    sources: Sequence[Source]
    who: _Numbers = field(default_factory=_Numbers)
    what: _Numbers = field(default_factory=_Numbers)  # items
    said: _Numbers = field(default_factory=_Numbers)  # answers
    words: dict[str, _Numbers] = field(default_factory=dict)  # what stands in each other column
    headings: dict[str, Spot] = field(default_factory=dict)
    answers: pl.DataFrame = field(init=False)  # observation by observation
    facts: dict[str, pl.DataFrame] = field(default_factory=dict)  # by column, a row for each observation
    problems: tuple[Problem, ...] = ()
    _answers: list[pl.DataFrame] = field(default_factory=list)
    _facts: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _at_fault: list[pl.Series] = field(default_factory=list)

    def read(self) -> bool:
        """Whether the cells of all rows could be told so."""
        wrong = False
        for file, (table, batches) in enumerate(self.sources):
            for batch in batches():
                if batch.odd is not None:
                    return False
                wrong = wrong or bool(batch.problems)
                self._take(file, table, batch)
                if self.what.numbers.keys() & self.words.keys():
                    return False  # an item that is called like a column
        self._put_in_order()
        at_fault = pl.concat([pl.Series([], dtype=pl.UInt32), *self._at_fault]).unique()
        if wrong or len(at_fault):
            self.problems = tuple(self._told(at_fault))
        return len(self.who.numbers) > 1

    # ---- one batch

    def _take(self, file: int, table: Table, batch: Batch) -> None:
        headings = table.headings
        rows = self._rows(file, table, batch)
        if (rows[WHO] == BLANK).any():
            self._at_fault.append(pl.Series([BLANK], dtype=pl.UInt32))
        named = rows[WHO] != BLANK
        if not named.any():
            return
        columns = headings
        items: list[tuple[str, Spot]] = []
        if _has_answers(table):
            columns = tuple(each for each in headings if each not in (ITEM, ANSWER))
            items = self._take_answers(table, rows.filter(named))
        begins_with_item = bool(items) and rows.filter(named)[WHAT][0] != BLANK
        self._name(items[:1] if begins_with_item else [])
        self._name((each, table.heading_spot(headings.index(each))) for each in columns)
        self._name(items)
        for each in columns:
            words = self.words.setdefault(each, _Numbers())
            texts = words.of(batch.cells.to_series(headings.index(each)))
            self._take_fact(each, rows.select(WHO, LINE, FILE, texts.alias(TEXT)).filter(named))

    def _rows(self, file: int, table: Table, batch: Batch) -> pl.DataFrame:
        def cells(name: str) -> pl.Series:
            return batch.cells.to_series(table.headings.index(name))

        columns = {WHO: self.who.of(cells(NAME), stripped=True), LINE: batch.numbers.cast(pl.UInt32)}
        if _has_answers(table):
            columns |= {WHAT: self.what.of(cells(ITEM), stripped=True), TEXT: self.said.of(cells(ANSWER))}
        return pl.DataFrame(columns).with_columns(pl.lit(file, pl.UInt8).alias(FILE))

    def _take_answers(self, table: Table, rows: pl.DataFrame) -> list[tuple[str, Spot]]:
        """The items of these rows in their order, each with the place where it is named first."""
        itemless = rows[WHAT] == BLANK
        if itemless.any():
            self._at_fault.append(rows.filter(itemless & (rows[TEXT] != BLANK))[WHO])
            rows = rows.filter(~itemless)
        self._answers.append(rows.select(*KINDS))
        texts, at = self.what.texts, table.headings.index(ITEM)
        first = rows.select(WHAT, LINE).unique(WHAT, keep="first", maintain_order=True)
        return [(texts[what], table.spot_at(line, at)) for what, line in first.iter_rows()]

    def _name(self, headings: Iterable[tuple[str, Spot]]) -> None:
        for name, spot in headings:
            self.headings.setdefault(name, spot)

    def _take_fact(self, name: str, rows: pl.DataFrame) -> None:
        """What each observation has in this column; most tables repeat it from row to row."""
        same = (rows[WHO] == rows[WHO].shift(1)) & (rows[TEXT] == rows[TEXT].shift(1))
        there = rows.filter(~same.fill_null(value=False) & (rows[TEXT] != BLANK))
        self._facts.setdefault(name, []).append(there)

    # ---- all batches

    def _put_in_order(self) -> None:
        """What comes first counts; who says something else later is at fault."""
        nothing = pl.DataFrame(schema=KINDS)
        answers = pl.concat([nothing, *self._answers])
        self._answers.clear()
        if not answers[WHO].is_sorted():
            answers = answers.sort(WHO, maintain_order=True)
        self.answers = self._once(answers)
        for name, parts in self._facts.items():
            found = pl.concat(parts)
            first = found.unique(WHO, keep="first", maintain_order=True).sort(WHO)
            if len(first) < len(found):
                different = found.unique([WHO, TEXT])
                self._at_fault.append(different.filter(different[WHO].is_duplicated())[WHO])
            self.facts[name] = first
        self._facts.clear()

    def _once(self, answers: pl.DataFrame) -> pl.DataFrame:
        """The answers without those to an item that had one before."""
        parts = []
        for begin in range(0, len(self.who.numbers), SESSIONS_A_BATCH):
            part = _between(answers, begin, begin + SESSIONS_A_BATCH)
            key = part[WHO].cast(pl.UInt64) * len(self.what.numbers) + part[WHAT]
            if key.n_unique() < len(part):
                self._at_fault.append(part.filter(key.is_duplicated())[WHO])
                part = part.filter(key.is_first_distinct())
            parts.append(part)
        return answers if sum(map(len, parts)) == len(answers) else pl.concat(parts)

    def _told(self, at_fault: pl.Series) -> Iterator[Problem]:
        """What the way row by row says of the rows of these observations, and of rows that are none."""
        gathered = Gathered()
        for table, batches in self.sources:
            for batch in batches():
                who = self.who.of(batch.cells.to_series(table.headings.index(NAME)), stripped=True)
                for at in pl.select(who.is_in(at_fault.implode()).arg_true()).to_series():
                    gather(gathered, table, batch.row(at))
                found = [*gathered.problems, *batch.problems]
                gathered.problems.clear()
                yield from sorted(found, key=lambda each: each.place.line)


def _has_answers(table: Table) -> bool:
    return {ITEM, ANSWER} <= set(table.headings)


def _between(rows: pl.DataFrame, begin: int, end: int) -> pl.DataFrame:
    """The rows of observations from a number to below another; rows are in their order."""
    first = rows[WHO].search_sorted(begin)
    return rows.slice(first, rows[WHO].search_sorted(end) - first)


# ---- batches of the wide table


class _Widened(NamedTuple):
    """Some observations after another, as rows of the wide table."""

    wide: Table
    cells: _Cells

    def batches(self, size: int) -> Iterator[Batch]:
        """All of them; what is wrong with any comes first."""
        problems, number = self.cells.problems, len(self.cells.who.numbers)
        for begin in range(1, number, size):
            yield self._batch(begin, min(begin + size, number), problems)
            problems = ()

    def _batch(self, begin: int, end: int, problems: tuple[Problem, ...]) -> Batch:
        cells, length = self.cells, end - begin
        answers = _between(cells.answers, begin, end)
        facts = {name: _between(each, begin, end) for name, each in cells.facts.items()}
        of_item = answers.partition_by(WHAT, as_dict=True, include_key=False)
        columns = {}
        for at, name in enumerate(self.wide.headings):
            known = name in cells.words
            rows = facts.get(name) if known else of_item.get((cells.what.numbers[name],))
            numbers = pl.repeat(BLANK, length, dtype=pl.UInt32, eager=True)
            if rows is not None and len(rows):
                numbers = numbers.scatter(rows[WHO] - begin, rows[TEXT])
            columns[str(at)] = _texts(cells.words[name] if known else cells.said).gather(numbers)
        part = _Part(self.wide, cells, begin, answers, facts)
        return Batch(
            part.numbers.cast(pl.Int64),
            pl.DataFrame(columns),
            None,
            part.row,
            problems,
            gathered=len(cells.sources) > 1,
            place=part.place,
        )


class _Part(NamedTuple):
    """Some observations with their cells, from which each row can be told with its places."""

    wide: Table
    cells: _Cells
    begin: int
    answers: pl.DataFrame
    facts: dict[str, pl.DataFrame]

    @property
    def numbers(self) -> pl.Series:
        """The row in which each observation stands first."""
        return self.facts[NAME][LINE]

    def place(self, at: int) -> Place:
        """Where one observation stands: in the first column, if there."""
        return self.wide.spot(self.row(at), 0).place

    def row(self, at: int) -> Row:
        """One observation as the way row by row has it."""
        who, headings = self.begin + at, self.wide.headings
        items, said = self.cells.what.texts, self.cells.said.texts
        cells, spots = [""] * len(headings), {}
        for _, what, text, line, file in _between(self.answers, who, who + 1).iter_rows():
            index, table = headings.index(items[what]), self.cells.sources[file][0]
            cells[index] = said[text]
            spots[index] = table.spot_at(line, table.headings.index(ANSWER))
        for name, rows in self.facts.items():
            for _, line, file, text in _between(rows, who, who + 1).iter_rows():
                index, table = headings.index(name), self.cells.sources[file][0]
                cells[index] = self.cells.words[name].texts[text]
                spots[index] = table.spot_at(line, table.headings.index(name))
        return Row(int(self.numbers[at]), cells, spots)


def _texts(numbers: _Numbers) -> pl.Series:
    """The texts by their numbers, nothing for the blank; a few as a list of answers."""
    texts = numbers.texts[1:]
    kind = pl.Enum(texts) if len(texts) <= MOST_LISTED else pl.String
    return pl.Series([None, *texts], dtype=kind)
