"""The table of therapists on Spark and on Sail: our kernel in the workers beside the rules in Spark SQL.

Wall time: the work is done by other processes. Everything runs on one machine, as its own cluster.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl
from batch import therapists_in_sql
from task import BANDS, ITEMS, MEANS, alike, checklist, sessions

ROUNDS = 3
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "4",
    "spark.log.level": "OFF",
}


def _on_each(number: int, measured: Callable[[Path, int], str]) -> str:
    """A table for one of the engines, over a file of so many sessions."""
    if not find_spec("pyspark"):
        return "\nSpark and Sail: PySpark is not installed.\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.parquet"
        sessions(number).write_parquet(file, row_group_size=max(number // 4, 1))
        return measured(file, number)


def on_sail(number: int) -> str:
    """A server in this process."""
    return _on_each(number, _on_sail)


def on_spark(number: int) -> str:
    """Local mode, with two workers."""
    return _on_each(number, _on_spark)


def _on_spark(file: Path, number: int) -> str:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where it is installed

    if not shutil.which("java"):
        return "\nSpark: Java is not installed.\n"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        return _compared(session, file, number, f"Spark {session.version}, local")
    finally:
        session.stop()


def _on_sail(file: Path, number: int) -> str:
    if not find_spec("pysail"):
        return "\nSail is not installed.\n"
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 - only where it is installed
    from pyspark.sql import SparkSession  # noqa: PLC0415

    before = dict(os.environ)
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()
    try:
        return _compared(session, file, number, "Sail")
    finally:
        session.stop()
        server.stop()
        for name in set(os.environ) - set(before):
            del os.environ[name]


def _compared(session: Any, file: Path, number: int, engine: str) -> str:
    works: dict[str, Callable[[], pl.DataFrame]] = {
        f"{engine}: rules in SQL": lambda: _in_sql(session, file),
        f"{engine}: our kernel": lambda: _ours(session, file),
    }
    alike({name: work() for name, work in works.items()})
    best = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            begun = perf_counter()
            work()
            best[name] = min(best[name], perf_counter() - begun)
    first = next(iter(best.values()))
    lines = [f"\n### {number:,} sessions on {engine}\n", "| | wall s | ratio |", "|---|---|---|"]
    return (
        "\n".join([*lines, *(f"| {name} | {each:.2f} | {each / first:.2f} |" for name, each in best.items())])
        + "\n"
    )


def _in_sql(session: Any, file: Path) -> pl.DataFrame:
    session.read.parquet(str(file)).createOrReplaceTempView("sessions")
    return _frame(session.sql(therapists_in_sql("sessions")))


def _ours(session: Any, file: Path) -> pl.DataFrame:
    from fidelity.scale.outcomes import scored_there  # noqa: PLC0415 - only where PySpark is installed
    from fidelity.scale.spark import column  # noqa: PLC0415

    rows = session.read.parquet(str(file)).select("therapist", "month", *ITEMS)
    names = ["therapist", "month", *MEANS, "overall", "band"]
    scored = scored_there(rows, checklist()).select(*names, column("gate.safe").alias("gate"))
    scored.createOrReplaceTempView("scored")
    scores = (*MEANS, "overall")
    sums = ", ".join(f"sum({name}) AS sum_{name}, count({name}) AS count_{name}" for name in scores)
    means = ", ".join(f"sum(sum_{name}) / sum(count_{name}) AS {name}" for name in scores)
    totals = ", ".join(f"sum({band}) AS {band}" for band in BANDS)
    bands = ", ".join(f"sum(CASE WHEN band = '{band}' THEN 1 ELSE 0 END) AS {band}" for band in BANDS)
    # By month first, so that the rows are read and scored once.
    months = session.sql(f"""
        SELECT therapist, month, count(*) AS n, avg(overall) AS overall, {sums},
            sum(CASE WHEN gate = 'fails' THEN 1 ELSE 0 END) AS fails, {bands}
        FROM scored GROUP BY therapist, month""")  # noqa: S608 - our own names
    months.createOrReplaceTempView("months")
    return _frame(
        session.sql(f"""
        SELECT therapist, sum(n) AS sessions, {means}, sum(fails) AS fails, {totals},
            regr_slope(overall, month) AS slope
        FROM months GROUP BY therapist""")  # noqa: S608 - our own names
    )


def _frame(rows: Any) -> pl.DataFrame:
    frame = pl.from_arrow(rows.toArrow())
    assert isinstance(frame, pl.DataFrame)
    return frame
