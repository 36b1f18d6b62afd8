"""Files -> whether they hold many rows, found out without reading any."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from fidelity.errors import ProblemsFound
from fidelity.observe.files import RECORDS, data_files, is_kept
from fidelity.observe.table import PARQUET, ZIPPED

MANY = 2_000  # rows; above it columns are faster
BLOCK = 1 << 20
HEADING = 1  # row that holds no record


def hold_more_than(rows: int, paths: Iterable[Path]) -> bool:
    """Whether the files at these paths and in these study folders have more rows; it stops counting there."""
    files, _ = data_files(paths)
    left = rows
    for path in files:
        for some in _rows(path):
            left -= some
            if left < 0:
                return True
    return False


def _rows(path: Path) -> Iterator[int]:
    """The numbers of rows in stretches of a file; of one that cannot be read none."""
    try:
        if is_kept(path):
            # A database costs a fifth of a second, which reading it costs anyway.
            from fidelity.observe.stored import records_in_store  # noqa: PLC0415

            yield from (1 for _ in records_in_store(path))
            return
        with path.open("rb") as source:
            beginning = source.read(4)
            source.seek(0)
            if beginning == PARQUET:
                # A data-frame library is needed for such a file anyway.
                from fidelity.observe.bulk.parquet import number_of_rows  # noqa: PLC0415

                yield number_of_rows(path)
            elif beginning == ZIPPED:
                yield from _of_workbook(path)
            elif path.suffix.lower() in RECORDS:
                yield from _marks(source, b'"answers"')
            else:
                yield -HEADING
                yield from _marks(source, b"\n")
    except (OSError, zipfile.BadZipFile, ProblemsFound):
        return  # as reading it will say


def _of_workbook(path: Path) -> Iterator[int]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                yield -HEADING
                with closing(archive.open(name)) as sheet:
                    yield from _marks(sheet, b"<row ")


def _marks(source: IO[bytes], mark: bytes) -> Iterator[int]:
    while block := source.read(BLOCK):
        yield block.count(mark)
