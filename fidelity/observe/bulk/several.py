"""Tables whose rows belong to several checklists -> batches of records of each, where all is as it should be.

A table with anything else to say of it, but answers that do not fit, is left to the reader of single rows.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polars as pl

from fidelity.errors import Problem, ProblemsFound
from fidelity.model.checklist import Checklist, Fact
from fidelity.model.columns import subject_column
from fidelity.model.observation import Observation
from fidelity.model.scale import Misfit
from fidelity.observe import Collected
from fidelity.observe.alike import CODES, MOST_ROWS, Seen, alike_in
from fidelity.observe.bulk.batch import SPACES, Batch
from fidelity.observe.bulk.parquet import batches_of_parquet, table_of_parquet
from fidelity.observe.bulk.records import Matched, Records
from fidelity.observe.bulk.separated import batches_of_text
from fidelity.observe.files import RECORDS, is_kept, sha256_of, shown
from fidelity.observe.long import is_long
from fidelity.observe.match import Matching, columns_of, judge_of, names_of
from fidelity.observe.separated import table_of_text
from fidelity.observe.several import CHECKLIST, FACT, Checklists, owner_of
from fidelity.observe.table import PARQUET, WORKBOOKS, Table
from fidelity.place import Place

AT, CODE, TIMES = "at", "code", "times"


class OneByOne(Exception):
    """Something has to be told that only the reader of single rows tells."""


class Own(NamedTuple):
    """Records of one checklist, their places among all, and facts that only a programme asks for."""

    checklist: str
    records: Records
    at: pl.Series
    facts: pl.DataFrame

    @property
    def refused(self) -> dict[int, Observation]:
        """Those that have no scores, by their place among all."""
        named = {"checklist": self.checklist}
        return {
            int(self.at[row]): each if each.checklist else each.model_copy(update=named)
            for row, each in self.records.refused.items()
        }


@dataclass
class SeveralReading:
    """What files hold of several checklists, read by `records`; the rest is known then."""

    files: tuple[Path, ...]
    checklists: Checklists
    facts: Mapping[str, Fact]
    ignore: Collection[str] = ()
    read: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    _blank: dict[str, Counter[str]] = field(default_factory=dict)
    _names: dict[str, list[pl.Series]] = field(default_factory=dict)
    _codes: list[pl.DataFrame] = field(default_factory=list)
    _places: dict[int, Place] = field(default_factory=dict)

    def records(self) -> Iterator[Own]:
        """All records, batch by batch; OneByOne where they cannot be told so."""
        try:
            tables = [_opened(path) for path in self.files]
            for table, batches in tables:
                owned = _Owned(table, self.checklists, self.facts, self.ignore, len(self.files) > 1)
                for batch in batches:
                    for own in owned.own(batch, self.read):
                        self._count(own)
                        yield own
                    self.read += len(batch.numbers)
        except (ProblemsFound, OSError) as trouble:
            raise OneByOne from trouble
        if not self.read or any(_some_twice(each) for each in self._names.values()):
            raise OneByOne

    def problems(self, listed: Iterable[Seen]) -> tuple[Problem, ...]:
        """Warnings about blanks, and about codes that look alike in records and where they are `listed`."""
        found = Collected()
        found.add(self._blanks())
        found.add(alike_in([*self._seen(), *listed]))
        return tuple(found.told())

    def hashed(self) -> tuple[tuple[str, str, int], ...]:
        """Each file with its SHA-256 and the number of its observations."""
        return tuple((shown(path), sha256_of(path), self.counts[shown(path)]) for path in self.files)

    # ---- what only shows in the whole

    def _count(self, own: Own) -> None:
        frame, file = own.records.frame, own.records.table.file
        self.counts[file] += len(frame)
        blank = self._blank.setdefault(file, Counter())
        refused = own.records.refused
        good = ~pl.int_range(len(frame), eager=True).is_in(list(refused))
        no_date = good if "date" not in frame.columns else (frame["date"] == "") & good
        blank["therapist"] += int(((frame["therapist"] == "") & good).sum())
        blank["date"] += int(no_date.sum())
        for each in refused.values():
            blank["therapist"] += not each.therapist
            unread = any(found.code == "RB505" for found in each.refused)
            blank["date"] += each.date is None and not unread
        self._names.setdefault(own.checklist, []).append(frame["observation"])
        for name in CODES:
            if name in frame.columns:
                self._remember(
                    own, name, frame.select(pl.col(name).alias(CODE), own.at.alias(AT)).filter(good)
                )

    def _remember(self, own: Own, column: str, codes: pl.DataFrame) -> None:
        rows = pl.col(AT).head(MOST_ROWS + 1)
        found = (
            codes.filter(pl.col(CODE) != "")
            .group_by(pl.lit(column).alias("column"), CODE, maintain_order=True)
            .agg(pl.len().alias(TIMES), rows)
        )
        self._codes.append(found)
        row_of = dict(zip(own.at.to_list(), range(len(own.at)), strict=True))
        for at in found[AT].explode(keep_nulls=False, empty_as_null=False).unique().to_list():
            if at not in self._places:
                self._places[at] = own.records.place(row_of[at])

    def _blanks(self) -> Iterator[Problem]:
        for file, blank in self._blank.items():
            if blank["therapist"] or blank["date"]:
                facts = {
                    "rows": self.counts[file],
                    "no_therapist": blank["therapist"] or None,
                    "no_date": blank["date"] or None,
                }
                yield Problem("RB505", Place(file), facts, graded="warning")

    def _seen(self) -> Iterator[Seen]:
        """Every code with its first rows, in the order in which a reader of rows meets it."""
        if not self._codes:
            return
        whole = pl.concat(self._codes).with_columns(pl.col(AT).list.first().alias("first"))
        for name in CODES:
            of_name = whole.filter(pl.col("column") == name).sort("first", maintain_order=True)
            for _, code, times, at, _ in of_name.iter_rows():
                yield Seen(name, code, times, tuple(self._places[each] for each in at))


def _some_twice(names: list[pl.Series]) -> bool:
    whole = pl.concat(names)
    return whole.n_unique() < len(whole)


def _opened(path: Path) -> tuple[Table, Iterator[Batch]]:
    if is_kept(path) or path.suffix.lower() in RECORDS:
        raise OneByOne
    with path.open("rb") as source:
        beginning = source.read(4)
    if beginning in WORKBOOKS:
        raise OneByOne
    if beginning == PARQUET:
        table = table_of_parquet(path, str(path))
        return table, batches_of_parquet(table)
    table = table_of_text(path, str(path))
    return table, batches_of_text(table)


# ---- one table


@dataclass
class _Owned:
    """A table in the reading: how the records of each checklist are read."""

    table: Table
    checklists: Checklists
    facts: Mapping[str, Fact]
    ignore: Collection[str]
    several: bool
    _known: dict[str, "_Reading"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        questions = {key for each in self.checklists.values() for key in each.question}
        names = {id: frozenset(names_of(each)) for id, each in self.checklists.items()}
        some = frozenset().union(*names.values()) | {f"{FACT}{name}" for name in self.facts}
        strange = any(name not in some and name not in self.ignore for name in self.table.headings)
        if strange or is_long(self.table, questions):
            raise OneByOne
        self._users = names

    def own(self, batch: Batch, before: int) -> Iterator[Own]:
        """The records of a batch, those of each checklist by themselves."""
        if batch.problems or batch.gathered:
            raise OneByOne
        at = pl.int_range(before, before + len(batch.numbers), eager=True)
        owner = self._owners(batch)
        for id in owner.unique(maintain_order=True):
            kept = owner == id
            some = batch if kept.all() else _only(batch, kept)
            yield self._reading(id).own(some, at.filter(kept))

    def _owners(self, batch: Batch) -> pl.Series:
        """The checklist of each record."""
        names = pl.repeat("", len(batch.numbers), eager=True)
        if CHECKLIST in self.table.headings:
            cells = batch.cells.to_series(self.table.headings.index(CHECKLIST))
            names = cells.cast(pl.String).str.strip_chars(SPACES).fill_null("")
        met = names.unique().to_list()
        if any(each and each not in self.checklists for each in met):
            raise OneByOne
        return names.replace("", self._only_one()) if "" in met else names

    def _only_one(self) -> str:
        """The checklist of a record that names none."""
        if len(self.checklists) == 1:
            return next(iter(self.checklists))
        if owner := owner_of(self.table.headings, self.checklists, whole=True):
            return owner
        raise OneByOne

    def _reading(self, id: str) -> "_Reading":
        if id not in self._known:
            self._known[id] = self._new(self.checklists[id])
        return self._known[id]

    def _new(self, checklist: Checklist) -> "_Reading":
        """A way to read: other checklists' columns and the programme's facts are passed over at first."""
        place = {name: at for at, name in enumerate(self.table.headings)}
        others = place.keys() - self._users[checklist.id] - set(self.ignore)
        asked = {name: f"{FACT}{name}" for name in self.facts if f"{FACT}{name}" in others}
        columns, problems = columns_of(self.table, checklist, {*self.ignore, *others})
        if problems:
            raise OneByOne
        about = checklist.about
        matching = Matching(columns, judge_of(checklist), about.language, subject_column(about.unit))
        in_words = {each.key for each in checklist.questions if each.scale.kind == "text"}
        before = f"{Path(self.table.file).stem}-" if self.several else ""
        return _Reading(
            checklist,
            Matched(self.table, matching, in_words, before),
            [place[name] for name in others - set(asked.values())],
            {name: (place[column], self.facts[name]) for name, column in asked.items()},
        )


class _Reading(NamedTuple):
    """How the records of one checklist are read from a table, and which other columns they may not fill."""

    checklist: Checklist
    matched: Matched
    others: list[int]
    asked: Mapping[str, tuple[int, Fact]]

    def own(self, batch: Batch, at: pl.Series) -> Own:
        """These records."""
        if any(_texts(batch, each).is_not_null().any() for each in self.others):
            raise OneByOne
        facts = {name: self._fact(batch, index, fact) for name, (index, fact) in self.asked.items()}
        return Own(self.checklist.id, self.matched.records(batch), at, pl.DataFrame(facts))

    def _fact(self, batch: Batch, index: int, fact: Fact) -> pl.Series:
        texts = _texts(batch, index)
        for each in texts.drop_nulls().unique():
            if isinstance(fact.scale.understand(each, self.checklist.about.language), Misfit):
                raise OneByOne
        return texts


def _texts(batch: Batch, index: int) -> pl.Series:
    """What the cells of a column say, without the blanks around it; nothing where they are blank."""
    texts = batch.cells.to_series(index).cast(pl.String).str.strip_chars(SPACES)
    return pl.select(pl.when(texts != "").then(texts)).to_series()


def _only(batch: Batch, kept: pl.Series) -> Batch:
    at = kept.arg_true().to_list()
    return Batch(
        batch.numbers.filter(kept),
        batch.cells.filter(kept),
        None if batch.odd is None else batch.odd.filter(kept),
        lambda row: batch.row(at[row]),
    )
