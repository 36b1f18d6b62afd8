"""`fidelity score`: observations to scores, levels, gates and flags."""

import importlib
from pathlib import Path

import click

from fidelity.cli.bad_cells import bad_cells_option
from fidelity.cli.observing import data_argument, ignore_option, keep_good_option
from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, format_option, library_option
from fidelity.cli.scoring import Asked, Cluster, Scoring
from fidelity.errors import WrongUse
from fidelity.observe.size import MANY, hold_more_than

ENDINGS = (".json", ".csv", ".xlsx", ".parquet")
# The module of each, imported when it is asked for.
ENGINES = {"row": "score_by_row", "columns": "score_by_columns", "spark": "score_on_spark"}


def _ending(_ctx: click.Context, _parameter: click.Parameter, out: str | None) -> str | None:
    if out is not None and Path(out).suffix not in ENDINGS:
        raise click.UsageError(f"The name after -o must end in {', '.join(ENDINGS)}; {out} does not.")
    return out


@click.command("score")
@click.argument("checklist")
@data_argument
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    help=f"What works it out, with the same results: columns above {MANY:,} rows, otherwise row.",
)
@click.option("-o", "out", type=click.Path(), callback=_ending, help="A file to write instead.")
@click.option("--master", metavar="URL", help="The cluster of --engine spark, such as local[4] or yarn.")
@click.option("--remote", metavar="URL", help="Its Spark Connect server instead, such as sc://HOST:15002.")
@bad_cells_option
@ignore_option
@keep_good_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    checklist: str,
    data: tuple[str, ...],
    engine: str | None,
    out: str | None,
    master: str | None,
    remote: str | None,
    bad_cells: Path | None,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Score observations with a checklist.

    DATA are CSV, XLSX, JSON or Parquet files, or the folder of a study. With -o the ending says what is
    written: .csv, .xlsx, .json or .parquet, whole or not at all.

    \b
    Example:
      fidelity score pm_plus/individual/session_2 observations.csv
      fidelity score scoring/miti_4_2_1 sessions.csv --format json
      fidelity score session.rubric sessions.parquet -o scored.parquet --bad-cells bad_cells.csv
    """
    model, files = opened(checklist, libraries, printing), tuple(map(Path, data))
    cluster = Cluster(master, remote, data, out)
    place = None if out is None else Path(out)
    if engine != "spark" and (master or remote):
        raise WrongUse("--master and --remote name the cluster of --engine spark.")
    engine = engine or ("columns" if hold_more_than(MANY, files) else "row")
    _score_of(engine)(printing, Asked(model, files, engine, place, ignore, keep_good, bad_cells, cluster))


def _score_of(engine: str) -> Scoring:
    score: Scoring = importlib.import_module(f"fidelity.cli.{ENGINES[engine]}").score
    return score
