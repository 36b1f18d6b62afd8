"""CSV and tab-separated text -> batches of columns.

A block of plain lines is cut into columns at once. The first block that is not plain, for a quotation mark or
a row of another length, and everything after it is read row by row, so that both ways say the same.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import polars as pl

from fidelity.errors import Problem
from fidelity.observe.bulk.batch import Batch, batches_of_rows, filled
from fidelity.observe.separated import LONGEST_LINE, cells_of, decoded, mark_of, rows_of
from fidelity.observe.table import Row, Table
from fidelity.shield import TRIGGERS

BLOCK = 6_000_000  # bytes
LONGEST_CELL = 131_072  # signs, as Python's reader has it
SHIELDED = f"^'('*[{TRIGGERS.replace('-', '').replace('=', '')}=-])"


def batches_of_text(table: Table) -> Iterator[Batch]:
    """The rows below the heading."""
    width = len(table.headings)
    with Path(table.file).open("rb") as source:
        heading = source.readline(LONGEST_LINE + 1)
        mark = mark_of(decoded(heading, 1, table.file).removeprefix("\ufeff"))
        if b'"' in heading or not heading.endswith(b"\n"):
            source.seek(0)
            # Like the reader of rows, which has taken the heading off already.
            yield from batches_of_rows(_one_by_one(source, table, mark, 0, skip=1), width)
            return
        number = 1
        while block := _lines(source):
            rows = block.count(b"\n") + (not block.endswith(b"\n"))
            plain = _is_plain(block, mark.encode(), (width - 1) * rows)
            batch = _at_once(block, mark, width, number) if plain else None
            if batch is None:
                source.seek(-len(block), 1)
                yield from batches_of_rows(_one_by_one(source, table, mark, number), width)
                return
            yield batch
            number += rows


def _lines(source: BinaryIO) -> bytes:
    """Some whole lines."""
    return source.read(BLOCK) + source.readline(LONGEST_LINE + 1)


def _is_plain(block: bytes, mark: bytes, marks: int) -> bool:
    """Whether every line has so many cells, none of them quoted, and all of it is text.

    A line with too many cells is met when the block is cut; so the number of all marks tells of the others.
    """
    if b'"' in block or b"\0" in block or block.startswith(b"\xef\xbb\xbf") or block.count(mark) != marks:
        return False
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        return False
    half = LONGEST_CELL // 2
    if any(block.find(b"\n", start, start + half) < 0 for start in range(0, len(block) - half, half)):
        return False
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _at_once(block: bytes, mark: str, width: int, before: int) -> Batch | None:
    """The lines as columns; nothing where one has too many cells."""
    names = [str(at) for at in range(width)]
    kinds: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys(names, pl.String)
    try:
        cells = pl.read_csv(block, has_header=False, separator=mark, quote_char=None, schema=kinds)
    except pl.exceptions.ComputeError:
        return None
    if b"'" in block:
        cells = cells.with_columns(pl.all().str.replace(SHIELDED, "$1"))
    numbers = pl.int_range(before + 1, before + 1 + len(cells), eager=True)
    some = filled(cells)
    if some is not None:
        cells, numbers = cells.filter(some), numbers.filter(some)

    def row(at: int) -> Row:
        return Row(int(numbers[at]), [each or "" for each in cells.row(at)])

    return Batch(numbers, cells, None, row)


def _one_by_one(
    source: BinaryIO, table: Table, mark: str, before: int, skip: int = 0
) -> Iterator[Row | Problem]:
    lines = (
        decoded(line, number, table.file)
        for number, line in enumerate(iter(lambda: source.readline(LONGEST_LINE + 1), b""), before + 1)
    )
    first = next(lines, "")
    if before == 0:
        first = first.removeprefix("\ufeff")
    rows = cells_of(chain([first], lines), table.file, mark, before)
    for _ in range(skip):
        next(rows)
    yield from rows_of(rows, len(table.headings), table.file)
