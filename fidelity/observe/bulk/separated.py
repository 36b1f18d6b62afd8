"""CSV and tab-separated text -> batches of columns.

A block of plain rows is cut into columns at once. The first block that is not plain, for odd quotation or a
row of another length, and everything after it is read row by row, so that both ways say the same.
"""

from collections.abc import Iterator, Mapping
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
LONGEST_QUOTED = 2_000  # bytes; longer quoted texts are read row by row
LOOKED_AT = 10_000  # bytes, to find the columns of single digits
DIGITS = frozenset({b"", *(str(each).encode() for each in range(10))})
SHIELDED = f"^'('*[{TRIGGERS.replace('-', '').replace('=', '')}=-])"

Kinds = Mapping[str, type[pl.String | pl.Int8]]


def batches_of_text(table: Table) -> Iterator[Batch]:
    """The rows below the heading."""
    width = len(table.headings)
    with Path(table.file).open("rb") as source:
        heading = source.readline(LONGEST_LINE + 1)
        mark = mark_of(decoded(heading, 1, table.file).removeprefix("\ufeff"))
        if b'"' in heading or not heading.endswith(b"\n"):
            source.seek(0)
            # Like the reader of rows, which has taken the heading off already.
            yield from batches_of_rows(_one_by_one(source, table, mark, 0, 0, skip=1), width)
            return
        number = line = 1  # of the heading; a quoted cell may hold several lines
        while block := _lines(source):
            rows = _rows_of_plain(block, mark.encode(), width)
            batch = None if rows is None else _at_once(block, mark, width, number)
            if batch is None or rows is None:
                source.seek(-len(block), 1)
                yield from batches_of_rows(_one_by_one(source, table, mark, number, line), width)
                return
            yield batch
            number, line = number + rows, line + block.count(b"\n")


def _lines(source: BinaryIO) -> bytes:
    """Some whole lines."""
    return source.read(BLOCK) + source.readline(LONGEST_LINE + 1)


def _rows_of_plain(block: bytes, mark: bytes, width: int) -> int | None:
    """How many rows a block has, if all of it is text, all rows are as long, and all quotation is regular.

    A row with too many cells is met when the block is cut; so the number of all marks tells of the others.
    """
    outside = _outside_quotation(block, mark) if b'"' in block else block
    if outside is None or b"\0" in block or block.startswith(b"\xef\xbb\xbf"):
        return None
    rows = outside.count(b"\n") + (not block.endswith(b"\n"))
    if outside.count(mark) != (width - 1) * rows or block.count(b"\r") != block.count(b"\r\n"):
        return None
    last = outside.rpartition(b"\n")[2]
    if last and last.count(mark) != width - 1:
        # Polars lets a mark too many pass at the very end.
        return None
    half = LONGEST_CELL // 2
    if any(block.find(b"\n", start, start + half) < 0 for start in range(0, len(block) - half, half)):
        return None
    try:
        block.decode()
    except UnicodeDecodeError:
        return None
    return rows


def _outside_quotation(block: bytes, mark: bytes) -> bytes | None:
    """What stands outside of quotation marks, if these stand around whole cells of a common length only."""
    parts = block.split(b'"')
    outside, inside = parts[::2], parts[1::2]
    if len(parts) % 2 == 0 or max(map(len, inside)) > LONGEST_QUOTED:
        return None
    begins, ends = (mark, b"\n", b"\r\n"), (mark, b"\n")
    # Nothing between two of them is a quotation mark in a text.
    if not all(not each or each.startswith(begins) for each in outside[1:]):
        return None
    if not all(not each or each.endswith(ends) for each in outside[:-1]):
        return None
    return b"".join(outside)


def _at_once(block: bytes, mark: str, width: int, before: int) -> Batch | None:
    """The lines as columns; nothing where one has too many cells."""
    cells = _with_digits(block, mark, width)
    if cells is None:
        cells = _cut(block, mark, {str(at): pl.String for at in range(width)})
    if cells is None:
        return None
    if b"'" in block:
        cells = cells.with_columns(pl.col(pl.String).str.replace(SHIELDED, "$1"))
    numbers = pl.int_range(before + 1, before + 1 + len(cells), eager=True)
    some = filled(cells)
    if some is not None:
        cells, numbers = cells.filter(some), numbers.filter(some)

    def row(at: int) -> Row:
        return Row(int(numbers[at]), ["" if each is None else str(each) for each in cells.row(at)])

    return Batch(numbers, cells, None, row)


def _with_digits(block: bytes, mark: str, width: int) -> pl.DataFrame | None:
    """The lines with single digits as whole numbers; nothing where a column has anything else beside them.

    All digits can be written in a longer way, as in 01. So the cells must come to the length of the block.
    """
    kinds = _kinds(block, mark.encode(), width)
    digits = [name for name, kind in kinds.items() if kind == pl.Int8]
    if not digits or b'"' in block:
        return None
    cells = _cut(block, mark, kinds)
    if cells is None or not cells.select(pl.all_horizontal(pl.col(digits).is_between(0, 9).all())).item():
        return None
    lengths = cells.select(
        pl.lit((width - 1) * len(cells) + block.count(b"\n") + block.count(b"\r"))
        + pl.sum_horizontal(pl.col(digits).count())
        + pl.sum_horizontal(pl.lit(0), pl.col(pl.String).str.len_bytes().sum())
    )
    return cells if lengths.item() == len(block) else None


def _kinds(block: bytes, mark: bytes, width: int) -> Kinds:
    """Whole numbers for columns that begin with single digits, texts for the others."""
    rows = [line.split(mark) for line in block[:LOOKED_AT].splitlines()[:-1]]
    columns = zip(*rows, strict=False) if rows else ([] for _ in range(width))
    return {
        str(at): pl.Int8 if any(cells) and all(each in DIGITS for each in cells) else pl.String
        for at, cells in enumerate(columns)
    }


def _cut(block: bytes, mark: str, kinds: Kinds) -> pl.DataFrame | None:
    """The cells; nothing where a line has too many, or one is not of its kind."""
    quote = '"' if b'"' in block else None
    try:
        return pl.read_csv(block, has_header=False, separator=mark, quote_char=quote, schema=kinds)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None


def _one_by_one(
    source: BinaryIO, table: Table, mark: str, before: int, lines_before: int, skip: int = 0
) -> Iterator[Row | Problem]:
    lines = (
        decoded(line, number, table.file)
        for number, line in enumerate(iter(lambda: source.readline(LONGEST_LINE + 1), b""), lines_before + 1)
    )
    first = next(lines, "")
    if before == 0:
        first = first.removeprefix("\ufeff")
    rows = cells_of(chain([first], lines), table.file, mark, before)
    for _ in range(skip):
        next(rows)
    yield from rows_of(rows, len(table.headings), table.file)
