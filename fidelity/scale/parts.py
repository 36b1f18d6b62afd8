"""Paths that a cluster can read -> its files with their columns, and all rows as one table there."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import reduce
from itertools import chain, groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from fidelity.errors import Problem, ProblemsFound
from fidelity.place import Place
from fidelity.scale.session import first_line
from fidelity.scale.spark import (
    AnalysisException,
    DataFrame,
    PySparkException,
    SparkSession,
    StructType,
    column,
    sql,
)

FORMATS = {".csv": "csv", ".parquet": "parquet"}
# Text stays text, quotation marks may hold commas and new lines, and a row of another length is an error.
CSV = {"header": True, "inferSchema": False, "escape": '"', "multiLine": True, "mode": "FAILFAST"}
WHOLE = ("tinyint", "smallint", "int", "bigint")
AT_ONCE = 8  # files whose heading is looked at at the same time


class Part(NamedTuple):
    """A file that the cluster reads, and what its columns hold."""

    file: str
    format: str
    schema: StructType


def parts_at(session: SparkSession, paths: Sequence[str]) -> list[Part]:
    """Every file at these paths with its columns; ProblemsFound for paths at which there is nothing."""
    files = [file for path in paths for file in _files_at(session, path)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda file: _part(session, file), files))


def _files_at(session: SparkSession, path: str) -> list[str]:
    """A path of this machine in full, so that no other file system is meant; any other as it is."""
    there = f"file://{Path(path).absolute()}" if Path(path).exists() else path
    files: list[str] = []
    with suppress(AnalysisException):  # no such path, says Spark; Sail gives no file
        files = sorted(map(unquote, session.read.text(there).inputFiles()))
    known = [file for file in files if _format(file)]
    _check_folders(known)
    if known:
        return known
    facts = {"nothing_inside": path, "endings": ", ".join(FORMATS)} if files else {"absent": path}
    raise ProblemsFound([Problem("RB507", Place(path), facts)])


def _check_folders(files: Sequence[str]) -> None:
    """Folders that are columns, as `site=North`: read one by one, files do not know what they say."""
    names = {folder for file in files for folder in file.split("/")[:-1] if "=" in folder}
    if names:
        raise ProblemsFound([Problem("RB507", Place(each), {"folder_column": each}) for each in names])


def _format(file: str) -> str | None:
    return next((kind for ending, kind in FORMATS.items() if file.lower().endswith(ending)), None)


def _part(session: SparkSession, file: str) -> Part:
    kind = _format(file) or ""
    try:
        return Part(file, kind, _read(session, kind, [file]).schema)
    except PySparkException as trouble:
        facts = {"closed": file, "trouble": first_line(trouble)}
        raise ProblemsFound([Problem("RB507", Place(file), facts)]) from None


def _read(session: SparkSession, kind: str, files: Sequence[str]) -> DataFrame:
    if kind == "parquet":
        return session.read.parquet(*files)
    rows = session.read.csv(list(files), **CSV)  # type: ignore[arg-type]
    named = rows.toDF(*(each.removeprefix("\ufeff").strip() for each in rows.columns))
    return named.where(sql.coalesce(*map(column, named.columns)).isNotNull())


def changed_columns(parts: Sequence[Part]) -> list[Problem]:
    """A problem for each column that holds another kind of value in one file than in another before it."""
    first: dict[str, tuple[str, str]] = {}
    problems = []
    for part in parts:
        for field in part.schema.fields:
            kind = field.dataType.simpleString()
            kind = "whole numbers" if kind in WHOLE else kind
            before, file = first.setdefault(field.name, (kind, part.file))
            if before != kind:
                facts = {"column": field.name, "holds_now": kind, "held_before": before, "first_file": file}
                problems.append(Problem("RB507", Place(part.file), facts))
    return problems


def rows_of(session: SparkSession, parts: Sequence[Part]) -> DataFrame:
    """All rows of all files, with all columns; one that a file does not have is blank in its rows."""
    types = _types(parts)

    def alike(part: Part) -> tuple[str, str]:
        return part.format, part.schema.json()

    groups = [
        _completed(_read(session, kind, [each.file for each in same]), types)
        for (kind, _), same in groupby(sorted(parts, key=alike), key=alike)
    ]
    return reduce(DataFrame.unionAll, groups)


def _types(parts: Sequence[Part]) -> dict[str, str]:
    """What each column is in all files; whole numbers of several lengths fit into the longest."""
    types: dict[str, str] = {}
    different = {part.schema.json(): part.schema for part in parts}.values()
    for field in chain.from_iterable(different):
        kind = field.dataType.simpleString()
        types[field.name] = kind if types.get(field.name, kind) == kind else "bigint"
    return types


def _completed(rows: DataFrame, types: Mapping[str, str]) -> DataFrame:
    known = set(rows.columns)
    columns = [
        (column(name) if name in known else sql.lit(None)).cast(kind).alias(name)
        for name, kind in types.items()
    ]
    return rows.select(*columns)
