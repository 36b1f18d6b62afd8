"""Codes of many records -> the warnings of the reader of rows for those that look like one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from fidelity.errors import Problem
from fidelity.observe.alike import CODES, MOST_ROWS, Seen, alike_in, bare
from fidelity.observe.bulk.records import Records
from fidelity.place import Place

Places = Callable[[Sequence[int]], Mapping[int, Place]]

CODE, TIMES, AT, KEY = "code", "times", "at", "key"  # the columns of what is kept
# What `bare` does to a code in ASCII; the others are left to itself, one by one.
_BARE = (
    pl.col(CODE)
    .str.to_lowercase()
    .str.replace_all(r"[\x00-\x20\x7f]", "")
    .str.replace(r"^(\d+)\.0+$", "$1")
    .str.replace_all(r"(^|[^0-9])0+([0-9])", "$1$2")
)


@dataclass(slots=True)
class Codes:
    """The codes met so far: each batch's different ones by column, how often, where the first few times."""

    rows: int = 0
    found: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, records: Records) -> None:
        """Takes the records of a batch that are not refused."""
        columns = [each for each in CODES if each in records.frame.columns]
        frame = records.frame.select(columns).with_row_index(AT, self.rows)
        self.rows += len(frame)
        if records.refused:
            frame = frame.filter(records.is_good)
        for column in columns:
            self.found.setdefault(column, []).append(_counted(frame.select(AT, pl.col(column).alias(CODE))))

    def alike(self, places: Places) -> Iterator[Problem]:
        """The warnings; `places` says where records stand, by their number over all batches."""
        seen = [each for column in CODES for each in self._seen(column)]
        wanted = sorted({at for _, _, _, rows in seen for at in rows})
        where = places(wanted) if wanted else {}
        yield from alike_in(
            Seen(column, code, times, tuple(where[at] for at in rows)) for column, code, times, rows in seen
        )

    def _seen(self, column: str) -> Iterator[tuple[str, str, int, list[int]]]:
        """The codes of a column that are not written in one way only."""
        batches = self.found.get(column)
        if not batches:
            return
        codes = pl.concat([each.select(CODE) for each in batches]).unique()
        alike = codes.filter(bare_codes(codes[CODE]).is_duplicated() & (codes[CODE] != ""))
        if not len(alike):
            return
        rows = pl.col(AT).list.explode(keep_nulls=False, empty_as_null=False).head(MOST_ROWS + 1)
        written = pl.concat(
            [each.join(alike, on=CODE, how="semi", maintain_order="left") for each in batches]
        )
        whole = written.group_by(CODE, maintain_order=True).agg(pl.col(TIMES).sum(), rows)
        for code, times, at in whole.iter_rows():
            yield column, code, times, at


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    rows = pl.col(AT).head(MOST_ROWS + 1)
    return frame.group_by(CODE, maintain_order=True).agg(pl.len().alias(TIMES), rows)


def bare_codes(codes: pl.Series) -> pl.Series:
    """What is left of each code, as `bare` has it."""
    keys = codes.to_frame(CODE).select(_BARE.alias(KEY)).to_series()
    other = codes.str.contains(r"[^\x00-\x7f]")
    if not other.any():
        return keys
    told = [bare(code) if is_other else key for code, is_other, key in zip(codes, other, keys, strict=True)]
    return pl.Series(KEY, told, dtype=pl.String)
