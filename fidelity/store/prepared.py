"""A statement, worked out once for a database -> its answer, asked of the driver itself; trouble as usual.

For a single row SQLAlchemy takes longer to work out what a statement means than the database takes to carry
it out. What is stored one by one goes this way; everything else goes through the connection.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError

Values = Mapping[str, object]


def first_of(
    connection: Connection, question: "Select[*tuple[Any, ...]]", values: Values
) -> tuple[Any, ...] | None:
    """The first row of the answer; nothing where there is none."""
    return _answer(connection, _text(question, connection.dialect, tuple(values)), values)


def carry_out(connection: Connection, order: Insert | Update, values: Values) -> None:
    """Does what the order says, in the transaction that is open."""
    _answer(connection, _text(order, connection.dialect, tuple(values)), values)


def as_written(connection: Connection, order: str) -> tuple[Any, ...] | None:
    """The same for an order in the database's own words: the first row of its answer, where there is one."""
    return _answer(connection, _Text(order, ()), {})


class _Text(NamedTuple):
    """What the driver reads, and the names of the values in the order of their marks."""

    sql: str
    names: tuple[str, ...]


@lru_cache(maxsize=64)
def _text(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> _Text:
    found = statement.compile(dialect=dialect, column_keys=names)
    return _Text(str(found), tuple(found.positiontup))


def _answer(connection: Connection, text: _Text, values: Values) -> tuple[Any, ...] | None:
    errors = connection.dialect.loaded_dbapi.Error
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text.sql, [values[name] for name in text.names])
        row = cursor.fetchone() if cursor.description else None
    except errors as trouble:
        # The same kinds as from the connection. The values stay out: they are answers.
        raise DBAPIError.instance(text.sql, None, trouble, errors, dialect=connection.dialect) from trouble
    finally:
        cursor.close()
    return None if row is None else tuple(row)
