"""Scoring on Apache Spark itself, here with two workers: the same rows, also when a worker dies."""

import os
import re
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from conftest import Run
from scale_sample import PMPLUS, checklist_of, outcomes, records, scored_here

pytest.importorskip("pyspark", reason="PySpark is not installed")

from pyspark.sql import SparkSession

from fidelity.scale.outcomes import scored_there
from fidelity.scale.worker import Outcomes, work

pytestmark = [
    pytest.mark.skipif(not (shutil.which("java") or os.environ.get("JAVA_HOME")), reason="Spark needs Java"),
    # PySpark leaves the sockets to its workers for the garbage collector to close.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

MASTER = "local[2,4]"  # two workers, and a piece of work may fail three times
CHECKLIST = checklist_of()
RECORDS = records(CHECKLIST, 400)
HERE = scored_here(CHECKLIST, RECORDS)
README = Path(__file__).parent.parent / "fidelity" / "scale" / "README.md"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "512m",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
        "spark.default.parallelism": "2",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "90",
    }
    builder = SparkSession.builder.master(MASTER)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    RECORDS.write_parquet(folder / "records.parquet")
    RECORDS.write_csv(folder / "records.csv")
    return folder


def test_however_the_data_are_split_the_rows_are_those_of_this_machine(
    spark: SparkSession, data: Path
) -> None:
    rows = spark.read.parquet(str(data / "records.parquet")).repartition(5)
    found = scored_there(rows, CHECKLIST).toArrow()
    assert outcomes(CHECKLIST, found).equals(outcomes(CHECKLIST, HERE.to_arrow()))


def test_when_a_worker_dies_its_rows_are_scored_by_another(
    spark: SparkSession, data: Path, tmp_path: Path
) -> None:
    rows = spark.read.parquet(str(data / "records.parquet"))
    schema = scored_there(rows, CHECKLIST).schema
    marker, scoring = tmp_path / "has died", work(Outcomes(CHECKLIST), rows.columns)

    def dies_once(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in scoring(batches):
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    numbered = rows.toDF(*map(str, range(len(rows.columns))))
    found = numbered.mapInArrow(dies_once, schema).toArrow()
    assert marker.exists()
    assert outcomes(CHECKLIST, found).equals(outcomes(CHECKLIST, HERE.to_arrow()))


def test_the_command_scores_on_it_and_leaves_out_refused_records(
    spark: SparkSession, data: Path, run: Run, tmp_path: Path
) -> None:
    assert spark.version
    words = ("score", PMPLUS, str(data / "records.csv"), "--keep-good", "--engine")
    here = run(*words, "columns", "-o", "here.parquet")
    ran = run(*words, "spark", "--master", MASTER, "-o", "there.parquet")
    assert (here.status, ran.status) == (0, 0)
    expected = pl.read_parquet(tmp_path / "here.parquet").sort("observation")
    assert pl.read_parquet(tmp_path / "there.parquet").sort("observation").equals(expected)
    assert ran.err.startswith(f"there.parquet: {len(expected)} observations scored.\n")
    assert {each.suffix for each in (tmp_path / "there.parquet").iterdir()} == {".parquet"}


def test_what_the_page_shows_runs(spark: SparkSession, data: Path, tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    code = code.replace("s3://bucket/ratings", str(data / "records.parquet"))
    code = code.replace("s3://bucket/scored", str(tmp_path / "scored"))
    exec(code, {"spark": spark})  # noqa: S102 - our own page
    found = spark.read.parquet(str(tmp_path / "scored")).toArrow()
    assert outcomes(CHECKLIST, found).equals(outcomes(CHECKLIST, HERE.to_arrow()))
