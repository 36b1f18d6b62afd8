"""Paths and study folders -> data files, each opened as the table it holds."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from fidelity.errors import Facts, Problem, ProblemsFound
from fidelity.observe.other_files import is_left_behind, other_kind
from fidelity.observe.records import table_of_records
from fidelity.observe.separated import table_of_text
from fidelity.observe.table import PARQUET, WORKBOOKS, Table, not_a_table
from fidelity.place import Place
from fidelity.store.address import BEGINNING, STORE, address_of, is_store, is_url

LARGEST_FILE = 512_000_000  # bytes
RECORDS = (".json", ".jsonl", ".ndjson")
READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet", *RECORDS)
OBSERVATIONS = "observations"
_LEFT_BEHIND: Facts = {"left_behind": "left_behind"}
OTHER_STUDY_TABLES = ("therapists.csv", "contacts.csv", "sessions.csv")


def data_files(paths: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """The data files at paths; of a study folder, those in its folder of observations, and its store."""
    return named_files((home for path in paths for home in _homes(path)), READABLE)


def named_files(
    paths: Iterable[Path], endings: tuple[str, ...]
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """The files at paths and in folders, each once, in the order given; and what is wrong with a path."""
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for path in paths:
        if is_left_behind(path) and path.is_file():
            problems.append(Problem("RB507", Place(str(path)), _LEFT_BEHIND, graded="warning"))
            continue
        try:
            found |= dict.fromkeys(_files_at(path, endings))
        except ProblemsFound as trouble:
            problems += trouble.problems
        except (OSError, ValueError) as trouble:
            said = getattr(trouble, "strerror", None) or trouble
            problems += not_a_table(str(path), "closed", trouble=said).problems
    if not found:  # then there is nothing to read, and that is no small matter
        problems = [replace(each, graded=None) if each.facts == _LEFT_BEHIND else each for each in problems]
    return tuple(found), tuple(problems)


def unread_files(paths: Iterable[Path], endings: tuple[str, ...]) -> Iterator[Path]:
    """The files in folders that are passed over for their ending, so that people can be told."""
    for folder in (path for path in paths if not is_url(path) and path.is_dir()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _is_hidden(path, folder) and path.suffix.lower() not in endings:
                yield path


def study_tables(paths: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The tables of a study, in folders or named, each known by its name; and the paths that are not such."""
    known = list(paths)
    named = [path for path in known if path.name in OTHER_STUDY_TABLES and not path.is_dir()]
    inside = [path / name for path in known if path.is_dir() for name in OTHER_STUDY_TABLES]
    # What nobody may look into is told when its observations are read.
    found = dict.fromkeys([*(path for path in inside if _in_sight(path) and path.is_file()), *named])
    return tuple(found), tuple(path for path in known if path not in named)


def tables_of(path: Path) -> Iterator[Table]:
    """The tables in a data file: one, or of a study's store one for each checklist."""
    if not is_kept(path):
        yield table_of(path)
        return
    # A database costs a fifth of a second, and most data are text.
    from fidelity.observe.stored import tables_in_store  # noqa: PLC0415

    yield from tables_in_store(path)


def table_of(path: Path) -> Table:
    """The table in a file, told by how the file begins; only JSON is told by its name."""
    file = shown(path)
    if is_kept(path):
        raise not_a_table(file, "store_here")
    other = other_kind(path)
    if other:
        raise not_a_table(file, other)
    if path.stat().st_size > LARGEST_FILE:
        raise not_a_table(file, "large", size=f"{LARGEST_FILE // 1_000_000} MB")
    with path.open("rb") as source:
        beginning = source.read(4)
    if beginning in WORKBOOKS:
        # openpyxl costs a fifth of a second, and most data are text.
        from fidelity.observe.workbook import table_of_workbook  # noqa: PLC0415

        return table_of_workbook(path, file)
    if beginning == PARQUET:
        # Neither is a data-frame library needed for text.
        from fidelity.observe.bulk.parquet import table_of_parquet  # noqa: PLC0415

        return table_of_parquet(path, file)
    return (table_of_records if path.suffix.lower() in RECORDS else table_of_text)(path, file)


def is_kept(path: Path) -> bool:
    """Whether a path names a study's store: its file, or the URL of a server."""
    return is_url(path) or (path.stat().st_size >= len(BEGINNING) and is_store(path))


def shown(path: Path) -> str:
    """What messages call a file; a URL without its password."""
    return address_of(path).shown if is_url(path) else str(path)


def sha256_of(path: Path) -> str:
    """The file's fingerprint; of a store the hash at the head of its log, which stands for all of it."""
    if is_kept(path):
        from fidelity.observe.stored import head_of_store  # noqa: PLC0415 - see above

        return head_of_store(path)
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _homes(path: Path) -> list[Path]:
    inside, store = path / OBSERVATIONS, path / STORE
    if not _in_sight(inside):
        return [path]
    homes = [home for home, is_there in ((inside, inside.is_dir()), (store, store.is_file())) if is_there]
    return homes or [path]


def _in_sight(path: Path) -> bool:
    """Whether one may at least see if something is there."""
    try:
        path.exists()
    except PermissionError:
        return False
    return True


def _files_at(path: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    if is_url(path):
        yield path
    elif path.is_dir():
        yield from _files_in(path, endings)
    elif path.is_file():
        yield path
    elif path.exists():
        raise not_a_table(str(path), "no_file")
    else:
        raise not_a_table(str(path), "absent", nearest=_nearest(path))


def _files_in(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    next(folder.iterdir(), None)  # a folder that may not be opened says so here; rglob passes over it
    files = [path for path in sorted(folder.rglob("*")) if _is_meant(path, folder, endings)]
    if not files:
        raise not_a_table(str(folder), "nothing_inside", endings=", ".join(endings))
    return files


def _is_meant(path: Path, folder: Path, endings: tuple[str, ...]) -> bool:
    readable = path.suffix.lower() in endings and path.name not in OTHER_STUDY_TABLES
    return path.is_file() and readable and not _is_hidden(path, folder)


def _is_hidden(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    return hidden or is_left_behind(path)


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    beside = [each.name for each in path.parent.iterdir()]
    return next(iter(get_close_matches(path.name, beside, n=1)), "")
