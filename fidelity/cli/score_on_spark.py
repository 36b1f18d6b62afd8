"""Scores in the workers of a Spark cluster, by the same steps as the columns; what `--engine spark` does."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from fidelity.cli.printing import Printing, counted
from fidelity.cli.scoring import (
    Asked,
    Refusals,
    concluded,
    identity,
    refusals,
    said_of_file,
    stop_for_wrong_data,
)
from fidelity.errors import Problem, WrongUse
from fidelity.files import write_whole
from fidelity.model.columns import subject_column
from fidelity.model.observation import Observation
from fidelity.observe.alike import CODES, Seen, alike_in
from fidelity.observe.match import columns_of
from fidelity.observe.table import Table
from fidelity.place import Place
from fidelity.report import scored_table
from fidelity.scale.outcomes import Counts, counts, done_there, standing_twice
from fidelity.scale.parts import Part, changed_columns, parts_at, rows_of
from fidelity.scale.records import NAME, REFUSED, TEXT, Form, Recording, problems_in
from fidelity.scale.session import connected
from fidelity.scale.spark import DataFrame, column
from fidelity.scale.spellings import spellings
from fidelity.scale.written import write_there

MOST_LISTED = 1_000  # refused records that are brought here to be told, unless a table of all is asked for
MOST_BROUGHT = 200_000  # records that are brought here for a file of this machine
MOST_OF_A_KIND = 20  # observations that stand twice, codes that look like one
FEW = tuple(name for name in CODES if name != "session")  # codes; sessions are nearly as many as rows
FORMS: dict[str, Form] = {".parquet": "typed", ".json": "json", ".csv": "texts", ".xlsx": "texts"}


def score(printing: Printing, asked: Asked) -> None:
    """Reads, scores and writes on the cluster; what comes here is what is wrong, and small results."""
    master, remote, data, out = asked.cluster
    if (master is None) == (remote is None):
        raise WrongUse("Name the cluster: --master URL, or --remote sc://HOST:PORT (not both).")
    if asked.out is None or out is None:
        raise WrongUse("What a cluster has scored goes into a file or folder: -o scored.parquet")
    recording = Recording(asked.checklist, asked.ignore, FORMS[asked.out.suffix])
    with refusals(asked) as refused, connected(master, remote) as session:
        printing.progress("The cluster looks at the data")
        parts = parts_at(session, data)
        stop_for_wrong_data(asked, [*changed_columns(parts), *_problems_of_columns(asked, parts)], refused)
        rows = rows_of(session, parts)
        found = counts(rows, [NAME, _subject(asked, rows), "date"])
        problems = list(_problems_of_rows(asked, rows, found))
        stop_for_wrong_data(asked, problems, refused)
        problems += _alike(asked, rows)
        printing.progress("The cluster scores")
        scored = done_there(rows, recording, recording.schema).persist()
        wrong = _gathered(asked, scored, refused)
        problems += _more(asked, wrong - len(refused.names))
        stop_for_wrong_data(asked, problems, refused)
        good = scored.where(column(REFUSED).isNull()).drop(REFUSED)
        if asked.out.suffix == ".parquet":
            write_there(good, out)
        else:
            _write_here(asked, asked.out, good, found.rows - wrong)
        scored.unpersist()
    said_of_file(printing, Path(out), found.rows - wrong)
    concluded(printing, asked, problems, refused)


# ---- what is wrong with the tables


def _problems_of_columns(asked: Asked, parts: Sequence[Part]) -> Iterator[Problem]:
    """What the reader of files on this machine says about columns; and rows need a name there."""
    for part in parts:
        table = Table(part.file, "text", tuple(part.schema.names), iter(()))
        _, problems = columns_of(table, asked.checklist, asked.ignore)
        yield from problems
        if NAME not in table.headings:
            yield Problem("RB501", Place(part.file), {"absent": NAME})


def _problems_of_rows(asked: Asked, rows: DataFrame, found: Counts) -> Iterator[Problem]:
    """Rows without a name or with one that stands twice, no rows at all, and blanks that are worth a word."""
    place = _place(asked)
    if not found.rows:
        yield Problem("RB507", place, {"no_rows": "no_rows"})
    unnamed, no_therapist, no_date = found.blank
    if unnamed:
        yield Problem("RB505", place, {"no_name": unnamed, "rows": found.rows})
    for name, times in standing_twice(rows, NAME, MOST_OF_A_KIND):
        yield Problem("RB506", place, {"observation": name, "times": times})
    if no_therapist or no_date:
        blanks = {"no_therapist": no_therapist or None, "no_date": no_date or None}
        yield Problem("RB505", place, {"rows": found.rows, **blanks}, graded="warning")


def _alike(asked: Asked, rows: DataFrame) -> Iterator[Problem]:
    """Codes that look like one, as on this machine; which rows they stand in nobody can say."""
    found = spellings(rows, FEW, MOST_OF_A_KIND)
    seen = (Seen(name, code, times, ()) for name, code, times in found.told)
    for each in alike_in(seen, untold=found.more):
        yield replace(each, place=_place(asked))


def _subject(asked: Asked, rows: DataFrame) -> str:
    return "therapist" if "therapist" in rows.columns else subject_column(asked.checklist.about.unit)


def _place(asked: Asked) -> Place:
    return Place(", ".join(asked.cluster.data))


# ---- refused records


def _gathered(asked: Asked, scored: DataFrame, refused: Refusals) -> int:
    """Brings the first refused records here, or all of them for a table of bad cells; gives their number."""
    wrong = scored.where(column(REFUSED).isNotNull()).select(NAME, column(REFUSED)).orderBy(NAME)
    first = (wrong if asked.bad_cells else wrong.limit(MOST_LISTED)).collect()
    for name, told in first:
        refused.add(Observation(observation=name, refused=problems_in(name, told, _place(asked).file)))
    return len(first) if asked.bad_cells or len(first) < MOST_LISTED else wrong.count()


def _more(asked: Asked, number: int) -> list[Problem]:
    facts = {"more_records": f"{number:,}"}
    return [Problem("RB503", _place(asked), facts, graded="warning")] if number else []


# ---- files of this machine


def _write_here(asked: Asked, out: Path, good: DataFrame, number: int) -> None:
    """In the order of the names, as rows have no other on a cluster."""
    if number > MOST_BROUGHT:
        raise WrongUse(
            f"{counted(number, 'record')} are too many for {out.name}, which is written on this machine "
            f"(at most {MOST_BROUGHT:,}). The cluster writes more into a folder: -o {out.stem}.parquet"
        )
    columns = good.orderBy(NAME).toArrow().to_pydict()
    match out.suffix:
        case ".json":
            write_whole(out, _document(asked, columns[TEXT]))
        case ".csv":
            write_whole(out, scored_table.csv(columns))
        case _:
            write_whole(out, scored_table.xlsx(columns))


def _document(asked: Asked, texts: Sequence[str]) -> bytes:
    """The document as `Printing.json` has it."""
    head = {"checklist": identity(asked.checklist), "engine": asked.engine}
    begun = json.dumps(head, ensure_ascii=False, indent=2)[:-2]
    records = "[\n" + ",\n".join(texts) + "\n  ]" if texts else "[]"
    return f'{begun},\n  "observations": {records}\n}}\n'.encode()
