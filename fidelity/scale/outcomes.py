"""Rows on a cluster -> their outcomes, worked out by its workers with our kernel; and counts of rows."""

from collections.abc import Sequence
from typing import NamedTuple

from fidelity.model.checklist import Checklist
from fidelity.scale import score_schema
from fidelity.scale.alike import read_by
from fidelity.scale.arrow import pa
from fidelity.scale.plain import plain_schema
from fidelity.scale.spark import Column, DataFrame, column, from_arrow_schema, sql, to_arrow_schema
from fidelity.scale.worker import Outcomes, Task, work


def scored_there(rows: DataFrame, checklist: Checklist) -> DataFrame:
    """The rows with their outcomes, worked out by the cluster when it is asked for them."""
    own = plain_schema(to_arrow_schema(rows.schema), read_by(checklist))
    both = score_schema(checklist, own)  # says what is wrong with the columns before a worker begins
    return done_there(rows, Outcomes(checklist), both)


def done_there(rows: DataFrame, task: Task, schema: pa.Schema) -> DataFrame:
    """What workers make of the rows."""
    # A name with a point in it would be taken for a part of a column: the workers name the columns again.
    numbered = rows.toDF(*map(str, range(len(rows.columns))))
    return numbered.mapInArrow(work(task, rows.columns), from_arrow_schema(schema))


class Counts(NamedTuple):
    """How many rows there are, and how many of them say nothing in a column."""

    rows: int
    blank: tuple[int, ...]


def counts(rows: DataFrame, names: Sequence[str]) -> Counts:
    """Rows, and rows that are blank in each of these columns; those that do not exist are blank."""
    known = [name for name in names if name in rows.columns]
    asked = [sql.count_if(is_blank(name)).alias(f"blank {at}") for at, name in enumerate(known)]
    (found,) = rows.agg(sql.count(sql.lit(1)), *asked).collect()
    blank = dict(zip(known, found[1:], strict=True))
    return Counts(found[0], tuple(blank.get(name, found[0]) for name in names))


def standing_twice(rows: DataFrame, name: str, most: int) -> list[tuple[str, int]]:
    """Values of a column that stand in more than one row, with how often; blanks aside."""
    named = rows.where(~is_blank(name)).select(sql.trim(column(name)).alias("name"))
    times = named.groupBy("name").count().where(sql.col("count") > 1)
    return [(str(each[0]), each[1]) for each in times.orderBy("name").limit(most).collect()]


def is_blank(name: str) -> Column:
    """Whether a column says nothing in a row."""
    return sql.trim(sql.coalesce(column(name).cast("string"), sql.lit(""))) == ""
