"""JSON lists and JSON lines -> a table; a record's keys are the columns, its answers lie one level deeper."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fidelity.observe.separated import text_lines
from fidelity.observe.table import Cell, Odd, Row, Table, not_a_table

LARGEST_LIST = 128_000_000  # bytes; a list is read as a whole, lines are not
LONGEST_TEXT = 1_000_000
_CHUNK = 1 << 20

# What is escaped, from left to right: a pair of halves is a sign, a half alone is none.
_MAYBE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile(
    r"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][\da-fA-F]{2})|\\."
)

# The groups inside a record, and how the wide table writes their columns.
_GROUPS: dict[str, Callable[[str], str]] = {
    "answers": lambda key: key,
    "facts": lambda key: f"fact.{key}",
    "comments": lambda key: f"{key}.comment",
    "reported": lambda key: f"reported.{key}",
}


def table_of_records(path: Path, file: str) -> Table:
    """The table in a JSON file: records count from 1, and a key that is absent is a blank."""
    records = list(_of_list(path, file) if _begins_a_list(path) else _of_lines(path, file))
    flat = [(number, dict(_flat(record, file, number))) for number, record in records]
    if not flat:
        raise not_a_table(file, "empty")
    first_in = {name: number for number, cells in reversed(flat) for name in cells}
    headings = tuple(dict.fromkeys(name for _, cells in flat for name in cells))
    rows = (Row(number, [cells.get(name, "") for name in headings]) for number, cells in flat)
    table = Table(file, "records", headings, rows, complete=False)
    spots = {index: table.spot_at(first_in[name], index) for index, name in enumerate(headings)}
    return replace(table, heading_spots=spots)


def document(path: Path, file: str) -> Any:
    """The whole of a JSON file, every number as it is written."""
    return _parsed(_whole_text(path, file), file, 1)


def _begins_a_list(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["


def _of_lines(path: Path, file: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text_lines(path, file), 1):
        if line.strip("\ufeff \t\r\n"):
            yield number, _object(_parsed(line.removeprefix("\ufeff"), file, number), file, number)


def _of_list(path: Path, file: str) -> Iterator[tuple[int, dict[str, Any]]]:
    records = _parsed(_whole_text(path, file), file, 1)
    for number, record in enumerate(records, 1):
        yield number, _object(record, file, number)


def _object(record: object, file: str, number: int) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise not_a_table(file, "no_record", number, record=number)
    return record


def _whole_text(path: Path, file: str) -> str:
    if path.stat().st_size > LARGEST_LIST:
        raise not_a_table(file, "large", size=f"{LARGEST_LIST // 1_000_000} MB")
    content = path.read_bytes()
    for start in range(0, len(content), _CHUNK):
        # A stretch without a single quotation mark is one monstrous text or number.
        if len(content) - start >= _CHUNK and content.find(b'"', start, start + _CHUNK) < 0:
            raise not_a_table(file, "long_line", longest=f"{LONGEST_TEXT:,}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = content.count(b"\n", 0, trouble.start) + 1
        raise not_a_table(file, "binary" if b"\0" in content else "not_utf8", line) from None


def _parsed(text: str, file: str, line: int) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise not_a_table(file, "key_twice", line, key=twice)
        return found

    _whole_signs(text, file, line)
    try:
        # Numbers stay as they are written: what is exact in the file stays exact.
        return json.loads(text, object_pairs_hook=once, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as trouble:
        at = line + trouble.lineno - 1
        raise not_a_table(file, "no_json", at, trouble.colno) from None
    except RecursionError:
        raise not_a_table(file, "deep", line) from None


def _whole_signs(text: str, file: str, line: int) -> None:
    """Refuses half of a sign: JSON can write one, and no other file could hold it."""
    if not _MAYBE_HALF.search(text):
        return
    for found in _HALF.finditer(text):
        if found["half"]:
            at, column = _line_and_column(text, found.start("half"))
            raise not_a_table(file, "half_sign", line + at - 1, column, half=found["half"])


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _flat(record: dict[str, Any], file: str, number: int) -> Iterator[tuple[str, Cell]]:
    for key, value in record.items():
        if key not in _GROUPS:
            yield key, _cell(value)
        elif isinstance(value, dict):
            yield from ((_GROUPS[key](name), _cell(inner)) for name, inner in value.items())
        elif value is not None:
            raise not_a_table(file, "no_group", number, record=number, key=key)


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case bool():
            return Odd(str(value).lower(), "truth")
        case str():
            return value
        case _:
            return Odd(json.dumps(value)[:60], "nested")
