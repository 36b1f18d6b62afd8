"""Files written whole or not at all, also several together."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import EISDIR
from os import strerror
from pathlib import Path

from fidelity.errors import WrongUse

LONGEST = 40  # signs of the name of a file beside its target: some systems take no long ones


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Writes beside the target and moves it there in one step, so that an old file stays whole.

    A private file is one that only its owner reads.
    """
    write_together({path: data}, private=private)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes several files below a folder, all of them or none."""
    write_together({folder / name: data for name, data in files.items()})


def write_together(files: Mapping[Path, bytes], *, private: bool = False) -> None:
    """Writes all files beside their targets, and moves them there only when all of them are written."""
    staged: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            staged[path] = _staged(path, data, private=private)
        for path, beside in staged.items():
            _move(beside, path)
    finally:
        for beside in staged.values():
            beside.unlink(missing_ok=True)


@contextmanager
def growing(path: Path) -> Iterator[Path]:
    """A file to write into bit by bit, beside its target; it moves there when all of it is written.

    Where the writing fails, for a full disk or anything else, nothing of it stays.
    """
    beside = _staged(path, b"")
    try:
        with _told(path):
            yield beside
        _move(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _staged(path: Path, data: bytes, *, private: bool = False) -> Path:
    """The content in a file of another name in the folder of the target."""
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR))
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:LONGEST]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o600 if private else 0o666 & ~_umask())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)


def _move(beside: Path, path: Path) -> None:
    with _told(path):
        beside.replace(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses, in a sentence about the file that was wanted."""
    try:
        yield
    except OSError as refused:
        why = refused.strerror or str(refused)
        raise WrongUse(f"{path} cannot be written: {why}. Nothing was changed there.") from refused


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
