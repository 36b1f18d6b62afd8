"""Codes as they are written -> what is left of each when all is taken off that people overlook."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from fidelity.observe.bulk.alike import bare_codes
from fidelity.scale.alike import frame_of
from fidelity.scale.arrow import pa
from fidelity.scale.worker import Batches

COLUMN, CODE, TIMES, KEY = "column", "code", "times", "key"
SCHEMA = pa.schema([(COLUMN, pa.int32()), (CODE, pa.string()), (TIMES, pa.int64()), (KEY, pa.string())])


@dataclass(frozen=True)
class Bare:
    """Each code without the blanks around it, and its key; a task for workers of a cluster."""

    def done(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Column, code and how often, with the key beside; blank codes go."""
        for batch in batches:
            frame = frame_of(pa.Table.from_batches([batch])).with_columns(pl.col(CODE).str.strip_chars())
            frame = frame.filter(pl.col(CODE) != "")
            keyed = frame.with_columns(bare_codes(frame[CODE]).alias(KEY))
            rows = keyed.to_arrow(compat_level=pl.CompatLevel.oldest())
            yield from rows.cast(SCHEMA).to_batches()
