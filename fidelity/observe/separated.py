"""CSV and tab-separated text -> a table; only the heading line says which mark is between the columns."""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from fidelity.errors import Problem
from fidelity.observe.table import Row, Table, not_a_table, other_length
from fidelity.shield import without_shield

LONGEST_LINE = 1_000_000  # signs; nobody has that many columns, and a hostile line must not fill the memory
MARKS = ",;\t"

# What Python's reader says, and the sentence of the catalogue that says it to a person.
_TROUBLE = (
    ("unexpected end of data", "open_quotation"),
    ("expected after", "after_quotation"),
    ("field larger than field limit", "long_cell"),
    ("new-line character", "old_line_ends"),
)


def table_of_text(path: Path, file: str) -> Table:
    """The table in a text file, read line by line."""
    lines = text_lines(path, file)
    first = next(lines, "").removeprefix("\ufeff")
    if not first.strip():
        raise not_a_table(file, "no_headings" if next(lines, "") else "empty")
    rows = cells_of(chain([first], lines), file, mark_of(first))
    _, headings = next(rows)
    names = tuple(each.strip() for each in headings)
    return Table(file, "text", names, rows_of(rows, len(names), file))


def text_lines(path: Path, file: str) -> Iterator[str]:
    """The lines with their ends, each no longer than it may be, all in UTF-8."""
    with path.open("rb") as source:
        for number, line in enumerate(iter(partial(source.readline, LONGEST_LINE + 1), b""), 1):
            yield decoded(line, number, file)


def decoded(line: bytes, number: int, file: str) -> str:
    """One line as text; `number` is for the message where it is none."""
    if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise not_a_table(file, "utf16")
    if b"\0" in line:
        raise not_a_table(file, "binary", number)
    if len(line) > LONGEST_LINE:
        raise not_a_table(file, "long_line", number, longest=f"{LONGEST_LINE:,}")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as trouble:
        before = line[: trouble.start].decode("utf-8")
        raise not_a_table(file, "not_utf8", number, len(before) + 1) from None


def mark_of(heading_line: str) -> str:
    """The mark between the columns."""
    outside_quotation_marks = "".join(heading_line.split('"')[::2])
    return max(MARKS, key=outside_quotation_marks.count)  # the comma where none is more frequent


def cells_of(lines: Iterator[str], file: str, mark: str, before: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number as a spreadsheet program shows it: rows, not lines, and empty ones count.

    `before` is the number of the row above the first of these lines.
    """
    reader = csv.reader(lines, delimiter=mark, strict=True)
    number = before
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            reason = next(name for sign, name in _TROUBLE if sign in str(trouble))
            raise not_a_table(file, reason, number, row=number) from None
        yield number, [without_shield(each) for each in cells]


def rows_of(rows: Iterator[tuple[int, list[str]]], width: int, file: str) -> Iterator[Row | Problem]:
    """The rows that hold something; those of another width as problems."""
    for number, cells in rows:
        if not any(each.strip() for each in cells):
            continue
        if len(cells) == width:
            yield Row(number, cells)
        else:
            yield other_length(file, number, len(cells), width)
