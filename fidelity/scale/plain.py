"""Columns of numbers, days and moments -> the texts that a person would have written into the same cells."""

from collections.abc import Collection

from fidelity.observe.cells import cell_of
from fidelity.observe.table import Odd
from fidelity.scale.arrow import pa


def plain(batch: pa.RecordBatch, names: Collection[str]) -> pa.RecordBatch:
    """The batch with texts in those of the named columns that hold numbers, days or moments."""
    schema = plain_schema(batch.schema, names)
    columns = [
        column if field.type == column.type else _texts(column)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def plain_schema(schema: pa.Schema, names: Collection[str]) -> pa.Schema:
    """What `plain` gives for batches of this schema."""
    return pa.schema(
        [
            field.with_type(pa.string()) if field.name in names and _is_ambiguous(field.type) else field
            for field in schema
        ]
    )


def _is_ambiguous(kind: pa.DataType) -> bool:
    return any(test(kind) for test in (pa.types.is_floating, pa.types.is_decimal, pa.types.is_temporal))


def _texts(column: pa.Array) -> pa.Array:
    """Every different value is written once; the rows are looked up among those."""
    coded = column.dictionary_encode()
    return pa.array(map(_text, coded.dictionary.to_pylist()), pa.string()).take(coded.indices)


def _text(value: object) -> str:
    cell = cell_of(value)
    return cell.text if isinstance(cell, Odd) else cell
