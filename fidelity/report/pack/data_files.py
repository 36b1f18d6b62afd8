"""A table of data -> CSV and Parquet, the same bytes each time; the only place that writes Parquet."""

from io import BytesIO

from fidelity.report.pack.long_data import Cell, Data, Type
from fidelity.report.tables.table import Table, shown_text
from fidelity.shield import csv_field

COMPRESSION_LEVEL = 3
ROWS_AT_ONCE = 100_000  # fixed, or the number of processors would decide


def data_files(data: Data) -> dict[str, bytes]:
    """The table in both formats, by file name."""
    return {f"{data.name}.csv": data_csv(data), f"{data.name}.parquet": data_parquet(data)}


def data_csv(data: Data) -> bytes:
    """Texts in quotes and shielded, numbers bare, nothing at all for what is not known."""
    lines = [
        [csv_field(each.name) for each in data.variables],
        *([_field(cell) for cell in row] for row in data.rows),
    ]
    return "".join(",".join(line) + "\r\n" for line in lines).encode()


def _field(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return csv_field(cell)
        case int():
            return str(cell)
        case float():
            return repr(cell).removesuffix(".0")


def data_parquet(data: Data) -> bytes:
    """The same with types; numbers stay numbers."""
    import polars as pl  # noqa: PLC0415 - only who asks for a pack waits for it

    types: dict[Type, type[pl.DataType]] = {
        "text": pl.String,
        "whole number": pl.Int64,
        "number": pl.Float64,
    }
    schema = {each.name: types[each.type] for each in data.variables}
    frame = pl.DataFrame(data.rows, schema=schema, orient="row")
    written = BytesIO()
    frame.write_parquet(
        written,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        statistics=True,
        row_group_size=ROWS_AT_ONCE,
    )
    return written.getvalue()


def table_csv(table: Table) -> bytes:
    """A table as it is shown, every field in quotes."""
    lines = [[column.title for column in table.columns]]
    lines += [
        [shown_text(value, column) for column, value in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    return "".join(",".join(map(csv_field, line)) + "\r\n" for line in lines).encode()
