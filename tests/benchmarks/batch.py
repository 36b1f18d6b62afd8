"""Many sessions from Parquet to a table of therapists: our columns beside the same rules by hand."""

import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
from task import BANDS, DOMAINS, GATED, ITEMS, MEANS, alike, best_of_turns, checklist, sessions, table_of
from task import therapists as therapists_of

from fidelity.evaluate.evaluator import Evaluator, compile


def measured(number: int) -> str:
    """The tables of ratios."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.parquet"
        sessions(number).write_parquet(file)
        works = engines(file)
        alike({name: work() for name, work in works.items()})
        return table_of(
            f"{number:,} sessions from Parquet to a table of therapists",
            best_of_turns(works),
            number,
            "sessions",
        )


def engines(file: Path) -> dict[str, Callable[[], pl.DataFrame]]:
    """Those that are installed, each with its way from the file to the table."""
    evaluate = compile(checklist())
    found: dict[str, Callable[[], pl.DataFrame]] = {
        "by hand in Polars": lambda: therapists_of(in_polars(pl.scan_parquet(file))).collect(),
        "our columns": lambda: therapists_of(ours(evaluate, pl.scan_parquet(file))).collect(),
    }
    if find_spec("duckdb"):
        found["by hand in DuckDB"] = lambda: in_duckdb(file)
    if find_spec("pandas"):
        found["by hand in pandas"] = lambda: in_pandas(file)
    return found


def ours(evaluate: Evaluator, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The outcomes under the names of the others."""
    scored = evaluate.table(frame)
    return scored.select("therapist", "month", *MEANS, "overall", pl.col("gate.safe").alias("gate"), "band")


# ---- Polars


def in_polars(frame: pl.LazyFrame) -> pl.LazyFrame:
    """As one would write it."""
    means = {name: _mean(domain) for name, domain in zip(MEANS, DOMAINS, strict=True)}
    item = pl.col(GATED)
    gate = (
        pl.when(item.is_null())
        .then(pl.lit("undecided"))
        .when(item == 0)
        .then(pl.lit("fails"))
        .otherwise(pl.lit("passes"))
    )
    scored = frame.select("therapist", "month", **means, overall=_mean(ITEMS) * 50, gate=gate)
    return scored.with_columns(band=_band())


def _mean(items: list[str]) -> pl.Expr:
    given = [pl.col(each) <= 2 for each in items]
    answered = pl.sum_horizontal(each.fill_null(value=False).cast(pl.Int32) for each in given)
    applicable = pl.sum_horizontal((pl.col(each).fill_null(0) != 9).cast(pl.Int32) for each in items)
    points = pl.sum_horizontal(
        pl.when(pl.col(each) <= 2).then(pl.col(each)).otherwise(0).cast(pl.Int32) for each in items
    )
    return pl.when((answered > 0) & (answered * 3 >= applicable * 2)).then(points / answered)


def _band() -> pl.Expr:
    overall, gate = pl.col("overall"), pl.col("gate")
    return (
        pl.when(overall.is_null())
        .then(None)
        .when(overall < 40)
        .then(pl.lit("poor"))
        .when(overall < 60)
        .then(pl.lit("fair"))
        .when(gate == "fails")
        .then(pl.lit("fair"))
        .when(gate == "undecided")
        .then(None)
        .when(overall < 80)
        .then(pl.lit("good"))
        .otherwise(pl.lit("excellent"))
    )


# ---- SQL


def in_duckdb(file: Path) -> pl.DataFrame:
    """As one would write it, with sums that are wide enough."""
    import duckdb  # noqa: PLC0415 - only where it is installed

    rows = duckdb.sql(therapists_in_sql(f"read_parquet('{file}')")).arrow()
    frame = pl.from_arrow(rows.read_all() if hasattr(rows, "read_all") else rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


def scored_in_sql(source: str) -> str:
    """A select of the scores, levels and gates."""
    parts = [*zip(MEANS, DOMAINS, strict=True), ("all", ITEMS)]
    sums = ", ".join(f"{_sums(items)} AS points_{name}" for name, items in parts)
    counts = ", ".join(
        f"{_count(items, '<= 2')} AS answered_{name}, {_count(items, '<> 9', blank=1)} AS applicable_{name}"
        for name, items in parts
    )
    means = ", ".join(f"{_share(name)} AS {name}" for name in MEANS)
    return f"""
        WITH counted AS (SELECT therapist, month, {GATED}, {sums}, {counts} FROM {source}),
        scored AS (SELECT therapist, month, {means}, {_share("all")} * 50 AS overall,
            CASE WHEN {GATED} IS NULL THEN 'undecided' WHEN {GATED} = 0 THEN 'fails' ELSE 'passes' END AS gate
            FROM counted)
        SELECT *, CASE WHEN overall IS NULL THEN NULL
            WHEN overall < 40 THEN 'poor' WHEN overall < 60 OR gate = 'fails' THEN 'fair'
            WHEN gate = 'undecided' THEN NULL WHEN overall < 80 THEN 'good' ELSE 'excellent' END AS band
        FROM scored"""  # noqa: S608 - our own names


def _sums(items: list[str]) -> str:
    return " + ".join(f"CASE WHEN {each} <= 2 THEN CAST({each} AS INT) ELSE 0 END" for each in items)


def _count(items: list[str], test: str, blank: int = 0) -> str:
    return " + ".join(
        f"CASE WHEN {each} IS NULL THEN {blank} WHEN {each} {test} THEN 1 ELSE 0 END" for each in items
    )


def _share(name: str) -> str:
    points, answered, applicable = f"points_{name}", f"answered_{name}", f"applicable_{name}"
    enough = f"{answered} > 0 AND {answered} * 3 >= {applicable} * 2"
    return f"CASE WHEN {enough} THEN CAST({points} AS DOUBLE) / {answered} END"


def therapists_in_sql(source: str) -> str:
    """A select of the table of therapists."""
    means = ", ".join(f"avg({name}) AS {name}" for name in (*MEANS, "overall"))
    bands = ", ".join(f"sum(CASE WHEN band = '{band}' THEN 1 ELSE 0 END) AS {band}" for band in BANDS)
    return f"""
        WITH s AS ({scored_in_sql(source)}),
        months AS (SELECT therapist, month, avg(overall) AS overall FROM s WHERE overall IS NOT NULL
            GROUP BY therapist, month),
        slopes AS (SELECT therapist, regr_slope(overall, month) AS slope FROM months GROUP BY therapist),
        counts AS (SELECT therapist, count(*) AS sessions, {means},
            sum(CASE WHEN gate = 'fails' THEN 1 ELSE 0 END) AS fails, {bands} FROM s GROUP BY therapist)
        SELECT counts.*, slopes.slope FROM counts LEFT JOIN slopes ON counts.therapist = slopes.therapist"""  # noqa: S608 - our own names


# ---- pandas


def in_pandas(file: Path) -> pl.DataFrame:
    """As one would write it."""
    import numpy as np  # noqa: PLC0415 - only where it is installed
    import pandas as pd  # noqa: PLC0415

    frame = pd.read_parquet(file, columns=["therapist", "month", *ITEMS])
    scored: Any = frame[["therapist", "month"]].copy()
    for name, items in [*zip(MEANS, DOMAINS, strict=True), ("overall", ITEMS)]:
        cells = frame[items]
        given = cells <= 2
        answered, applicable = given.sum(axis=1), (cells != 9).sum(axis=1)
        enough = (answered > 0) & (answered * 3 >= applicable * 2)
        scored[name] = (cells.where(given).sum(axis=1) / answered).where(enough)
    scored["overall"] *= 50
    item = frame[GATED]
    scored["gate"] = np.select([item.isna(), item == 0], ["undecided", "fails"], "passes")
    overall, gate = scored["overall"], scored["gate"]
    tests = [overall.isna(), overall < 40, overall < 60, gate == "fails", gate == "undecided", overall < 80]
    scored["band"] = np.select(tests, ["", "poor", "fair", "fair", "", "good"], "excellent")
    return _therapists_in_pandas(scored, np)


def _therapists_in_pandas(scored: Any, np: Any) -> pl.DataFrame:
    groups = scored.groupby("therapist")
    table = groups[[*MEANS, "overall"]].mean()
    table["sessions"] = groups.size()
    table["fails"] = (scored["gate"] == "fails").groupby(scored["therapist"]).sum()
    for band in BANDS:
        table[band] = (scored["band"] == band).groupby(scored["therapist"]).sum()
    months = scored.groupby(["therapist", "month"])["overall"].mean().dropna().reset_index()
    table["slope"] = [
        np.polyfit(each["month"], each["overall"], 1)[0] for _, each in months.groupby("therapist")
    ]
    return pl.DataFrame(
        {"therapist": table.index.to_numpy(), **{name: table[name].to_numpy() for name in table}}
    )
