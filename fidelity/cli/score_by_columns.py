"""Scores many records at once, batch by batch, with the results of the other engine; `--engine columns`."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

import click
import polars as pl

from fidelity.cli.printing import Printing, table
from fidelity.cli.scoring import (
    Asked,
    Refusals,
    concluded,
    heads,
    identity,
    refusals,
    said_of_file,
    stop_for_wrong_data,
)
from fidelity.errors import WrongUse
from fidelity.evaluate.columns.json_text import JsonText, refused_text
from fidelity.evaluate.columns.scored import ScoredFrame, Scorer
from fidelity.evaluate.evaluator import Evaluator
from fidelity.files import growing, write_whole
from fidelity.model.checklist import Checklist
from fidelity.observe.bulk import BulkReading
from fidelity.observe.bulk.records import Records, empty_words
from fidelity.report import scored_columns, scored_table

IN_MEMORY = 64_000_000  # bytes of text that wait for the end of the data without a file


class Batch(NamedTuple):
    """Some records with their outcomes: the good ones as columns, the refused ones by their place."""

    records: Records
    scored: ScoredFrame


@dataclass
class Run:
    """Reads and scores what was asked for, and remembers what was refused."""

    asked: Asked
    printing: Printing
    refused: Refusals
    good: int = 0
    reading: BulkReading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = BulkReading(self.asked.data, self.asked.checklist, self.asked.ignore)

    def batches(self) -> Iterator[Batch]:
        """All records; ends with what stops the command, if anything does."""
        scorer, read = Scorer(self.asked.checklist), 0
        for records in self.reading.records():
            for each in records.refused.values():
                self.refused.add(each)
            if not self.reading.is_wrong:
                scored = scorer.score(records.good)
                self._unlike_the_reader(records, scored)
                self.good += len(scored.pattern)
                yield Batch(records, scored)
            read += len(records.frame)
            self.printing.progress(f"{read:,} observations")
        self.printing.done()
        stop_for_wrong_data(self.asked, self.reading.problems, self.refused)

    def _unlike_the_reader(self, records: Records, scored: ScoredFrame) -> None:
        """A record that only the evaluator refuses is told by it."""
        if scored.pattern.null_count():
            at = scored.pattern.is_null().arg_max() or 0
            Evaluator(self.asked.checklist).score(records.observation(records.places_of_good[at]))


def score(printing: Printing, asked: Asked) -> None:
    """Reads, scores and writes."""
    with refusals(asked) as refused:
        run = Run(asked, printing, refused)
        if asked.out is not None:
            _write(run, asked.out)
            said_of_file(printing, asked.out, run.good)
        else:
            with _waiting() as text:
                if printing.format == "json":
                    _json(run, text)
                else:
                    _table(run, text)
                text.seek(0)
                _show(printing, text)
    concluded(printing, asked, run.reading.problems, refused)


# ---- to a file


def _write(run: Run, out: Path) -> None:
    match out.suffix:
        case ".json":
            with growing(out) as beside, beside.open("wb") as file:
                _json(run, file, only_good=True)
        case ".csv":
            with growing(out) as beside, beside.open("wb") as file:
                _csv(run, file)
        case ".parquet":
            with growing(out) as beside:
                frames = (scored_columns.typed(run.asked.checklist, each) for each in _flat(run))
                empty = scored_columns.typed(run.asked.checklist, _no_rows(run))
                scored_columns.sink(frames, empty, beside)
        case _:
            write_whole(out, _workbook(run))


def _flat(run: Run) -> Iterator[pl.DataFrame]:
    for batch in run.batches():
        if len(batch.records.good):
            yield _flat_of(run, batch.records.good, batch.scored)


def _flat_of(run: Run, words: pl.DataFrame, scored: ScoredFrame) -> pl.DataFrame:
    checklist = run.asked.checklist
    because = {key: scored.because(key) for key in checklist.result}
    return scored_columns.flat(checklist, words, scored.outcomes, because)


def _no_rows(run: Run) -> pl.DataFrame:
    nothing = empty_words()
    return _flat_of(run, nothing, Scorer(run.asked.checklist).score(nothing))


def _csv(run: Run, file: IO[bytes]) -> None:
    """The heading waits for a row, as a table without any has none."""
    begun = False
    for texts in _flat(run):
        if not begun:
            file.write(scored_table.csv({name: [] for name in texts.columns}))
            begun = True
        file.write(scored_columns.csv_lines(texts))
    if not begun:
        file.write(scored_table.csv({}))


def _workbook(run: Run) -> bytes:
    columns: dict[str, list[str]] = {}
    for texts in _flat(run):
        for name in texts.columns:
            columns.setdefault(name, []).extend(texts[name].to_list())
    return scored_table.xlsx(columns)


# ---- to the screen


@contextmanager
def _waiting() -> Iterator[IO[bytes]]:
    """Text that waits until it is known whether anything stops the command."""
    try:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as text:
            yield text
    except OSError as full:
        raise WrongUse(
            f"There is no room for what is to be shown ({full.strerror or full}). Write a file: -o FILE."
        ) from full


def _show(printing: Printing, text: IO[bytes]) -> None:
    printing.done()
    printing.answered = True
    while some := text.read(1 << 20):
        click.echo(some, nl=False)


def _json(run: Run, file: IO[bytes], *, only_good: bool = False) -> None:
    """The document as `Printing.json` has it, record by record."""
    checklist, written = run.asked.checklist, JsonText(run.asked.checklist)
    head = json.dumps(
        {"checklist": identity(checklist), "engine": run.asked.engine}, ensure_ascii=False, indent=2
    )
    file.write(f'{head[:-2]},\n  "observations": ['.encode())
    mark = "\n"
    for batch in run.batches():
        good = written.rows(batch.records.good, batch.scored)
        for each in filter(None, good) if only_good else _in_order(batch, good, checklist):
            file.write(f"{mark}{each}".encode())
            mark = ",\n"
    file.write(b"]\n}\n" if mark == "\n" else b"\n  ]\n}\n")


def _in_order(batch: Batch, good: Iterator[str | None], checklist: Checklist) -> Iterator[str | None]:
    """The good records with the refused ones between them."""
    refused = batch.records.refused
    for at in range(len(batch.records.frame)):
        yield refused_text(checklist, refused[at]) if at in refused else next(good)


def _table(run: Run, file: IO[bytes]) -> None:
    checklist = run.asked.checklist
    rows = [_seen(checklist, each) for each in run.batches()]
    head = heads(checklist)
    for line in scored_columns.aligned(head, pl.concat(rows)) if rows else [table(head, [])]:
        file.write(f"{line}\n".encode())


def _seen(checklist: Checklist, batch: Batch) -> pl.DataFrame:
    records = batch.records
    good = scored_columns.seen(checklist, records.good["observation"], batch.scored.outcomes)
    names = [each.observation for each in records.refused.values()]
    refused = scored_columns.refused_rows(names, good.columns)
    places = pl.Series([*records.places_of_good, *records.refused], dtype=pl.Int64)
    return pl.concat([good, refused]).select(pl.all().gather(places.arg_sort()))
