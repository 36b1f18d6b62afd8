"""Rows on a cluster -> a folder of Parquet files, whole or not at all."""

import shutil
from pathlib import Path
from uuid import uuid4

from fidelity.errors import WrongUse
from fidelity.scale.spark import DataFrame


def write_there(rows: DataFrame, out: str) -> None:
    """A folder of Parquet files, written by the cluster; whole or not at all.

    On this machine, or on disks that it shares with the cluster, it is written beside its place and moved
    there at the end. Elsewhere (`s3://…`) the place must be free, and Spark publishes the files at the end.
    """
    if "://" in out:
        rows.write.mode("errorifexists").parquet(out)
        return
    target = Path(out).absolute()
    staged = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        rows.write.parquet(f"file://{staged}")
        if not staged.is_dir():
            raise WrongUse(
                f"The cluster does not write to the disks of this machine, so {out} would be lost there. "
                "Name a place that both reach, such as s3://… or a shared folder."
            )
        _without_marks(staged)
        _moved(staged, target)
    except OSError as refused:
        why = refused.strerror or str(refused)
        raise WrongUse(f"{out} cannot be written: {why}. Nothing was changed there.") from refused
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _without_marks(folder: Path) -> None:
    """Spark's own files beside the data; that the folder has its name says already that it is whole."""
    for file in folder.iterdir():
        if file.suffix != ".parquet":
            file.unlink()


def _moved(staged: Path, target: Path) -> None:
    """Takes the place of what was there before, which is only removed afterwards."""
    if not target.exists():
        staged.rename(target)
        return
    before = staged.with_name(f"{staged.name}.before")
    target.rename(before)
    try:
        staged.rename(target)
    except OSError:
        before.rename(target)
        raise
    if before.is_dir():
        shutil.rmtree(before)
    else:
        before.unlink()
