"""Arrow record batches of answers -> the same batches with their outcomes beside: what a cluster maps."""

from collections.abc import Iterable, Iterator
from itertools import chain

import polars as pl
from polars.io.plugins import register_io_source

from fidelity.evaluate.columns.row_by_row import outcome_types
from fidelity.evaluate.evaluator import compile
from fidelity.model.checklist import Checklist
from fidelity.scale.alike import alike, check_cells, frame_of, together
from fidelity.scale.arrow import pa

_ARROW: dict[type[pl.DataType], pa.DataType] = {
    pl.String: pa.string(),
    pl.Int64: pa.int64(),
    pl.Float64: pa.float64(),
    pl.Boolean: pa.bool_(),
}


def score_batches(checklist: Checklist, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches with the outcomes that `Evaluator.table` gives; compiled once, with flat memory.

    Every row comes back, in its order; batches may come back larger. ProblemsFound names the batch, row and
    column from which on the data are of another kind than before: nothing is guessed then.
    """
    coming = iter(batches)
    first = next(coming, None)
    if first is None:
        return
    schema = score_schema(checklist, first.schema)
    outcomes = _Outcomes(checklist, first.schema)
    for part in together(alike(chain([first], coming), first.schema)):
        columns = [*part.rows.columns, *outcomes.of(part.rows).columns]
        yield from pa.Table.from_arrays(columns, schema=schema).to_batches()


def score_schema(checklist: Checklist, schema: pa.Schema) -> pa.Schema:
    """The columns that come back for batches of this schema: their own, then the outcomes.

    ProblemsFound for a question without a column, or for a column that holds no single values.
    """
    check_cells(checklist, schema)
    compile(checklist).table(_empty(schema).lazy())
    return pa.schema([*schema, *_outcome_schema(checklist)])


def _outcome_schema(checklist: Checklist) -> pa.Schema:
    return pa.schema([(name, _ARROW[kind]) for name, kind in outcome_types(checklist).items()])


def _empty(schema: pa.Schema) -> pl.DataFrame:
    return frame_of(schema.empty_table())


# ---- outcomes


class _Outcomes:
    """A checklist compiled for a schema: one plan, whose source is whatever rows come next."""

    def __init__(self, checklist: Checklist, schema: pa.Schema) -> None:
        self._schema = _outcome_schema(checklist)
        self._rows = schema.empty_table()
        source = register_io_source(self._read, schema=_empty(schema).schema, is_pure=False)
        self._plan = compile(checklist).table(source).select(self._schema.names)

    def of(self, rows: pa.Table) -> pa.Table:
        """The outcomes of rows, as columns of their own."""
        self._rows = rows
        found = self._plan.collect().to_arrow(compat_level=pl.CompatLevel.oldest())
        return found.cast(self._schema)

    def _read(
        self, columns: list[str] | None, where: pl.Expr | None, most: int | None, _at_once: int | None
    ) -> Iterator[pl.DataFrame]:
        """Only the columns that the plan reads; polars asks for rows only in ways that our plans never do."""
        frame = frame_of(self._rows if columns is None else self._rows.select(columns))
        frame = frame if where is None else frame.filter(where)
        yield frame if most is None else frame.head(most)
