"""Files written whole or not at all."""

import os
import tempfile
from pathlib import Path

from fidelity.errors import WrongUse


def write_whole(path: Path, data: bytes) -> None:
    """Writes beside the target and moves it there in one step, so that an old file stays whole."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as refused:
        why = refused.strerror or str(refused)
        raise WrongUse(f"{path} cannot be written: {why}. Nothing was changed there.") from refused


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Writes several files below a folder."""
    for name, data in files.items():
        write_whole(folder / name, data)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
