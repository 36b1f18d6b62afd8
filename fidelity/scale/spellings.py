"""Rows on a cluster -> the codes in them that look like one and are written in several ways."""

from collections.abc import Sequence
from typing import NamedTuple

from fidelity.scale.bare import CODE, COLUMN, KEY, SCHEMA, TIMES, Bare
from fidelity.scale.outcomes import done_there
from fidelity.scale.spark import DataFrame, column, sql


class Spellings(NamedTuple):
    """The first codes: each way of writing with its column and how often; and how many more there are."""

    told: list[tuple[str, str, int]]
    more: int


def spellings(rows: DataFrame, names: Sequence[str], most: int) -> Spellings:
    """What looks alike in columns of codes; the rows stay on the cluster, refused ones count as well."""
    known = [name for name in names if name in rows.columns]
    if not known:
        return Spellings([], 0)
    ways = sql.collect_list(sql.struct(CODE, TIMES)).alias("ways")
    alike = _keyed(rows, known).groupBy(COLUMN, KEY).agg(ways)
    several = alike.where(sql.size("ways") > 1).orderBy(COLUMN, KEY)
    first = several.limit(most).collect()
    told = [
        (known[at], code, times)
        for at, _, ways in first
        for code, times in sorted(ways, key=lambda each: (-each[1], each[0]))
    ]
    return Spellings(told, several.count() - most if len(first) == most else 0)


def _keyed(rows: DataFrame, names: Sequence[str]) -> DataFrame:
    """Each different code of each column once, with its key and how often it is there."""
    cells = (
        sql.struct(sql.lit(at).alias(COLUMN), column(name).cast("string").alias(CODE))
        for at, name in enumerate(names)
    )
    each = rows.select(sql.explode(sql.array(*cells)).alias("cell")).select("cell.*")
    written = each.where(sql.col(CODE).isNotNull()).groupBy(COLUMN, CODE)
    times = written.agg(sql.count(sql.lit(1)).alias(TIMES))
    keyed = done_there(times, Bare(), SCHEMA)
    return keyed.groupBy(COLUMN, CODE, KEY).agg(sql.sum(TIMES).alias(TIMES))
