"""CSV and tab-separated text -> batches of columns.

A block of plain rows is cut into columns at once. The first block that is not plain, for odd quotation or a
row of another length, and everything after it is read row by row, so that both ways say the same.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import polars as pl

from fidelity.errors import Problem
from fidelity.observe.bulk.batch import Batch, batches_of_rows, filled
from fidelity.observe.bulk.kinds import Kind, Kinds
from fidelity.observe.separated import LONGEST_LINE, cells_of, decoded, mark_of, rows_of
from fidelity.observe.table import Row, Table
from fidelity.shield import TRIGGERS

BLOCK = 6_000_000  # bytes
LONGEST_CELL = 131_072  # signs, as Python's reader has it
LONGEST_QUOTED = 2_000  # bytes; longer quoted texts are read row by row
LOOKED_AT = 10_000  # bytes, to find the columns of few different texts
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
            yield from batches_of_rows(_one_by_one(source, table, mark, 0, 0, skip=1), width)
            return
        number = line = 1  # of the heading; a quoted cell may hold several lines
        kinds: Kinds | None = None
        while block := _lines(source):
            kinds = kinds or _looked_at(block, mark, width)
            cells = _plain(block, mark, width, kinds)
            if cells is None:
                source.seek(-len(block), 1)
                yield from batches_of_rows(_one_by_one(source, table, mark, number, line), width)
                return
            yield _batch(cells, number, shielded=b"'" in block)
            number, line = number + len(cells), line + block.count(b"\n")


def _lines(source: BinaryIO) -> bytes:
    """Some whole lines."""
    return source.read(BLOCK) + source.readline(LONGEST_LINE + 1)


def _looked_at(block: bytes, mark: str, width: int) -> Kinds:
    """The kinds of the columns, as far as the beginning tells."""
    kinds = Kinds(width)
    beginning = block[: block.rfind(b"\n", 0, LOOKED_AT) + 1]
    cells = _cut(beginning, mark, kinds.texts) if beginning and b'"' not in beginning else None
    if cells is not None:
        kinds.learn(cells)
    return kinds


def _plain(block: bytes, mark: str, width: int, kinds: Kinds) -> pl.DataFrame | None:
    """The cells, if all of it is text, all rows are as long, and all quotation is regular."""
    outside = _outside_quotation(block, mark.encode()) if b'"' in block else block
    if outside is None or not _is_text(block):
        return None
    rows = outside.count(b"\n") + (not block.endswith(b"\n"))
    last = outside[outside.rfind(b"\n") + 1 :]
    if last and last.count(mark.encode()) != width - 1:
        # Polars lets a mark too many pass at the very end.
        return None
    cells = _at_once(block, mark, kinds)
    if cells is None or len(cells) != rows:
        return None
    # A row with too many cells is met when the block is cut; so a full last column, or else the number of all
    # marks, tells of the others.
    if cells.to_series(-1).null_count() and outside.count(mark.encode()) != (width - 1) * rows:
        return None
    return cells


def _is_text(block: bytes) -> bool:
    if b"\0" in block or block.startswith(b"\xef\xbb\xbf"):
        return False
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        return False
    half = LONGEST_CELL // 2
    if any(block.find(b"\n", start, start + half) < 0 for start in range(0, len(block) - half, half)):
        return False
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False


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


def _at_once(block: bytes, mark: str, kinds: Kinds) -> pl.DataFrame | None:
    """The lines as columns; nothing where one has too many cells."""
    known = kinds.in_quotation if b'"' in block else kinds.known
    if known != kinds.texts:
        cells = _cut(block, mark, known)
        if cells is not None and _is_one_sign_each(block, cells):
            return cells
    cells = _cut(block, mark, kinds.texts)
    if cells is not None and known != kinds.texts:
        kinds.learn(cells)
    return cells


def _is_one_sign_each(block: bytes, cells: pl.DataFrame) -> bool:
    """Whether every digit is written as one, and none in a longer way, as in 01.

    Then the cells and all between them come to exactly the length of the block.
    """
    digits = [name for name, kind in cells.schema.items() if kind == pl.Int8]
    if not digits:
        return True
    ends = cells.select(pl.min_horizontal(pl.col(digits).min()), most=pl.max_horizontal(pl.col(digits).max()))
    if any(each is not None and not 0 <= each <= 9 for each in ends.row(0)):
        return False
    between = (cells.width - 1) * len(cells) + block.count(b"\n") + block.count(b"\r")
    inside = sum(_length(each) for each in cells)
    return between + inside == len(block)


def _length(cells: pl.Series) -> int:
    """What the texts of a column come to, in bytes; digits are one each."""
    match cells.dtype:
        case pl.Int8:
            return len(cells) - cells.null_count()
        case pl.Enum():
            return int(cells.cat.len_bytes().sum())
        case _:
            return int(cells.str.len_bytes().sum())


def _cut(block: bytes, mark: str, kinds: dict[str, Kind]) -> pl.DataFrame | None:
    """The cells; nothing where a line has too many, or one is not of its kind."""
    quote = '"' if b'"' in block else None
    try:
        return pl.read_csv(block, has_header=False, separator=mark, quote_char=quote, schema=kinds)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None


def _batch(cells: pl.DataFrame, before: int, *, shielded: bool) -> Batch:
    if shielded:
        cells = cells.with_columns(pl.col(pl.String).str.replace(SHIELDED, "$1"))
    numbers = pl.int_range(before + 1, before + 1 + len(cells), eager=True)
    some = filled(cells)
    if some is not None:
        cells, numbers = cells.filter(some), numbers.filter(some)

    def row(at: int) -> Row:
        return Row(int(numbers[at]), ["" if each is None else str(each) for each in cells.row(at)])

    return Batch(numbers, cells, None, row)


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
