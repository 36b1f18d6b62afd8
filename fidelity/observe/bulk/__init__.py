"""Files of any size -> batches of records; refuses what the reader of single rows refuses, in its words."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

import polars as pl

from fidelity.errors import Problem, ProblemsFound, Related, errors_in
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.observe import Collected, nothing_else, opened, wide
from fidelity.observe.bulk.alike import Codes
from fidelity.observe.bulk.batch import SPACES, Batch, batches_of_rows
from fidelity.observe.bulk.long import widened_in_columns
from fidelity.observe.bulk.parquet import batches_of_parquet, table_of_parquet
from fidelity.observe.bulk.records import Matched, Records
from fidelity.observe.bulk.separated import batches_of_text
from fidelity.observe.files import RECORDS, data_files, is_kept, sha256_of
from fidelity.observe.long import is_long, says_more
from fidelity.observe.match import Matching, columns_of, judge_of
from fidelity.observe.separated import table_of_text
from fidelity.observe.table import PARQUET, WORKBOOKS, Table, column_letters, not_a_table
from fidelity.place import Place

CHECKLIST = "checklist"

Kind = TypeVar("Kind")
Batches = Callable[[], Iterator[Batch]]  # from the beginning, each time it is called
Opened = tuple[Table, Batches | None]


class _Names(NamedTuple):
    """What the records of a batch are called, and where they stand."""

    names: pl.Series
    places: Callable[[int], Place]


@dataclass
class BulkReading:
    """What files and study folders hold, read from beginning to end by `records`; the rest is known then.

    `counts` are the observations of each file, refused ones too; columns named in `ignore` are passed over.
    """

    paths: tuple[Path, ...]
    checklist: Checklist
    ignore: Collection[str] = ()
    files: tuple[Path, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    _found: Collected = field(default_factory=Collected)
    _names: list[_Names] = field(default_factory=list)
    _codes: Codes = field(default_factory=Codes)
    _no_therapist: Counter[str] = field(default_factory=Counter)
    _no_date: Counter[str] = field(default_factory=Counter)

    def records(self) -> Iterator[Records]:
        """All records, batch by batch."""
        self.files, problems = data_files(self.paths)
        self._found.add(problems)
        explicit = {str(path) for path in self.paths if path.is_file() and not is_kept(path)}
        seen = [each for path in self.files for each in self._tables(path)]
        for table, batches in self._wide(seen):
            found = self._of_table(table, batches, in_folder=table.file not in explicit)
            yield from self._tried(found, table.file)

    @property
    def is_wrong(self) -> bool:
        """Whether something in the tables stops every command, as far as they were read."""
        return bool(errors_in(self._found.first))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the tables, as in `Reading.problems`."""
        if not self.counts.total():
            self._found.first = [nothing_else(each, self.checklist) for each in self._found.first]
        everything = replace(self._found, first=[*self._found.first], seen=Counter(self._found.seen))
        everything.add(chain(self._named_twice(), self._blanks(), self._codes.alike(self._places)))
        return tuple(everything.told())

    def hashed(self) -> tuple[tuple[str, str, int], ...]:
        """Each file with its SHA-256 and the number of its observations."""
        return tuple((str(path), sha256_of(path), self.counts[str(path)]) for path in self.files)

    def _wide(self, seen: list[Opened]) -> Iterator[Opened]:
        """The tables, long ones and those that belong to them as one: in columns where that can be done."""
        questions = self.checklist.question
        long = [each for each in seen if is_long(each[0], questions)]
        more = [each for each in seen if each not in long and says_more(each[0], questions)] if long else []
        sources = [(table, batches) for table, batches in (*long, *more) if batches is not None]
        found = widened_in_columns(sources) if long and len(sources) == len(long) + len(more) else None
        if found is not None:
            yield found
            yield from (each for each in seen if each not in (*long, *more))
            return
        for table in wide([table for table, _ in seen], self.checklist):
            yield table, next((batches for known, batches in seen if known is table), None)

    # ---- one table

    def _tables(self, path: Path) -> Iterator[Opened]:
        for each in self._tried(_opened(path), str(path)):
            if isinstance(each, Problem):
                self._found.add([each])
            else:
                yield each

    def _tried(self, found: Iterable[Kind], file: str) -> Iterator[Kind]:
        """What is found in a file, up to where it cannot be read any further."""
        try:
            yield from found
        except ProblemsFound as trouble:
            self._found.add(trouble.problems)
        except OSError as trouble:
            self._found.add(not_a_table(file, "closed", trouble=trouble.strerror).problems)

    def _of_table(self, table: Table, given: Batches | None, *, in_folder: bool) -> Iterator[Records]:
        checklist = self.checklist
        if in_folder and CHECKLIST in table.headings:
            given = _from_the_beginning(table, given, again=True)
            if passed := _passed_over(table, given, checklist):
                self._found.add([passed])
                return
        columns, problems = columns_of(table, checklist, self.ignore)
        batches = _from_the_beginning(table, given, again=bool(problems))
        if problems:
            _read_through(batches)
            if other := _other_checklist(table, batches, checklist):
                self._found.add([other])
                return
        self._found.add(problems)
        about = checklist.about
        matching = Matching(columns, judge_of(checklist), about.language, subject_column(about.unit))
        in_words = {each.key for each in checklist.questions if each.scale.kind == "text"}
        before = f"{Path(table.file).stem}-" if len(self.files) > 1 else ""
        matched = Matched(table, matching, in_words, before)
        empty = True
        for batch in batches():
            empty = empty and not len(batch.numbers) and not batch.problems
            unnamed = list(_without_heading(table, batch))
            found = [*batch.problems, *unnamed]
            self._found.add(sorted(found, key=lambda each: each.place.line) if unnamed else found)
            records = matched.records(batch)
            self._count(records)
            yield records
        if empty:
            raise not_a_table(table.file, "no_rows")

    # ---- all of them together

    def _count(self, records: Records) -> None:
        frame, file = records.frame, records.table.file
        good = records.is_good
        no_therapist = (frame["therapist"] == "") & good
        no_date = good if "date" not in frame.columns else (frame["date"] == "") & good
        wrong = records.refused.values()
        if records.batch.gathered:
            files = pl.Series([records.place(at).file for at in range(len(frame))], dtype=pl.String)
            self.counts.update(files.to_list())
            self._no_therapist.update(files.filter(no_therapist).to_list())
            self._no_date.update(files.filter(no_date).to_list())
        else:
            self.counts[file] += len(frame)
            self._no_therapist[file] += int(no_therapist.sum())
            self._no_date[file] += int(no_date.sum())
        self._no_therapist.update(each.place.file for each in wrong if not each.therapist)
        self._no_date.update(
            each.place.file
            for each in wrong
            if each.date is None and not any(found.code == "RB505" for found in each.refused)
        )
        self._names.append(_Names(frame["observation"], _places(records)))
        self._codes.add(records)

    def _named_twice(self) -> Iterator[Problem]:
        names = [each.names for each in self._names]
        if not names:
            return
        whole = pl.concat(names)
        if whole.n_unique() == len(whole):
            return
        twice = pl.select(whole.is_duplicated().arg_true()).to_series().to_list()
        places = self._places(twice)
        first: dict[str, Place] = {}
        for at in twice:
            name, here = whole[at], places[at]
            before = first.setdefault(name, here)
            if before is not here:
                facts = {"observation": name, "row": here.line}
                same = before.file == here.file
                facts |= {"first_row": before.line} if same else {"first_file": before.file}
                yield Problem("RB506", here, facts, (Related(before, name),))

    def _places(self, wanted: Iterable[int]) -> dict[int, Place]:
        """Where some of the records stand, by their number over all batches."""
        found, begin, batches = {}, 0, iter(self._names)
        batch = next(batches)
        for at in wanted:
            while at >= begin + len(batch.names):
                begin += len(batch.names)
                batch = next(batches)
            found[at] = batch.places(at - begin)
        return found

    def _blanks(self) -> Iterator[Problem]:
        """RB505 as a warning, once a file: records that name no therapist or no date."""
        for file, rows in self.counts.items():
            blank = {
                "rows": rows,
                "no_therapist": self._no_therapist[file] or None,
                "no_date": self._no_date[file] or None,
            }
            if blank["no_therapist"] or blank["no_date"]:
                yield Problem("RB505", Place(file), blank, graded="warning")


def _places(records: Records) -> Callable[[int], Place]:
    """The places of records, without keeping the records."""
    if records.batch.place is not None:
        return records.batch.place
    if records.batch.gathered:
        return [records.place(at) for at in range(len(records.frame))].__getitem__
    table, numbers = replace(records.table, rows=iter(())), records.batch.numbers
    return lambda at: table.spot_at(int(numbers[at]), 0).place


# ---- opening


def _opened(path: Path) -> Iterator[Opened | Problem]:
    """The table in a file, and how its rows are read at once where that can be done."""
    file, beginning = str(path), b"" if is_kept(path) else _beginning(path)
    if beginning == PARQUET:
        table = table_of_parquet(path, file)
        yield table, partial(batches_of_parquet, table)
    elif is_kept(path) or beginning in WORKBOOKS or path.suffix.lower() in RECORDS:
        yield from (each if isinstance(each, Problem) else (each, None) for each in opened(path))
    else:
        table = table_of_text(path, file)
        yield table, partial(batches_of_text, table)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as source:
        return source.read(4)


def _from_the_beginning(table: Table, batches: Batches | None, *, again: bool) -> Batches:
    """The batches of a table; rows that come one at a time are kept if they will be read again."""
    if batches is not None:
        return batches
    rows = list(table.rows) if again else table.rows
    return lambda: batches_of_rows(rows, len(table.headings))


# ---- tables of other checklists


def _passed_over(table: Table, batches: Batches, checklist: Checklist) -> Problem | None:
    """RB508 as a warning for a table all of whose rows name other checklists."""
    first = next(_named(table, batches()), None)
    if first is None or not _are_others(first.head(1), checklist):
        return None
    named = list(_named(table, batches()))
    if not all(_are_others(each, checklist) for each in named):
        return None
    different = pl.concat(named).unique(maintain_order=True)
    rows = sum(len(each.numbers) + len(each.problems) for each in batches())
    facts = {"passed_over": rows, "of_checklist": ", ".join(different)}
    return Problem("RB508", Place(table.file), facts, graded="warning")


def _read_through(batches: Batches) -> None:
    """Where a table cannot be read to its end, that is all there is to say of it."""
    for _ in batches():
        pass


def _other_checklist(table: Table, batches: Batches, checklist: Checklist) -> Problem | None:
    """RB508 for a table that belongs to another checklist as a whole; its columns are then no news."""
    if CHECKLIST not in table.headings:
        return None
    named = list(_named(table, batches()))
    if not named or not all(_are_others(each, checklist) for each in named):
        return None
    number = int(next(batches()).numbers[0])
    place = table.spot_at(number, table.headings.index(CHECKLIST)).place
    return Problem("RB508", place, {"table_of": named[0][0], "wanted": checklist.id})


def _named(table: Table, batches: Iterator[Batch]) -> Iterator[pl.Series]:
    """Which checklists the rows name."""
    at = table.headings.index(CHECKLIST)
    for batch in batches:
        if len(batch.numbers):
            yield batch.cells.to_series(at).cast(pl.String).str.strip_chars(SPACES).fill_null("")


def _are_others(named: pl.Series, checklist: Checklist) -> bool:
    return not named.is_in(["", checklist.id]).any()


def _without_heading(table: Table, batch: Batch) -> Iterator[Problem]:
    """RB501 for cells below a heading that is blank."""
    for index, name in enumerate(table.headings):
        if name:
            continue
        cells = batch.cells.to_series(index).cast(pl.String)
        there = cells.fill_null("") != ""
        there = there if batch.odd is None else there | batch.odd
        for at in pl.select(there.arg_true()).to_series():
            row = batch.row(at)
            if row.cells[index]:
                spot = table.spot(row, index)
                yield Problem("RB501", spot.place, {**spot.facts, "letters": column_letters(index)})
