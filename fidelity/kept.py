"""What was worked out from a text, kept in the user's cache folder: the same text need not be read again."""

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from fidelity import content

Result = TypeVar("Result")

MOST_KEPT = 200


def kept(what: str, texts: Iterable[str], make: Callable[[], Result]) -> Result:
    """What `make` gives for these texts, from the last time where it is still there.

    Any change of the texts, of the program, its rules or of Python makes it anew.
    """
    program = stamp()
    return _kept(what, "kept", "\0".join([program, what, *texts]), make) if program else make()


def lasting(what: str, version: str, make: Callable[[], Result]) -> Result:
    """The same for what is slow to make: only another version makes it anew, and none is forgotten."""
    return _kept(what, "lasting", version, make)


def kept_toml(folder: str, path: str) -> dict[str, Any]:
    """What one of our own content files in TOML holds: to read it takes as long as to check a checklist."""
    text = content.text(folder, path)
    return kept(path.removesuffix(".toml"), [text], lambda: _read_toml(text))


def _read_toml(text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - what is kept starts without it

    return tomllib.loads(text)


def _kept(what: str, kind: str, version: str, make: Callable[[], Result]) -> Result:
    folder = private_folder()
    if folder is None:
        return make()
    path = folder / f"{what}-{hashlib.sha256(version.encode()).hexdigest()[:32]}.{kind}"
    try:
        result: Result = pickle.loads(path.read_bytes())  # noqa: S301 - only this user can write there
    except Exception:  # noqa: BLE001 - whatever is wrong with a kept file, it can be made again
        result = make()
        _keep(path, result)
    return result


def _keep(path: Path, result: object) -> None:
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        beside.write_bytes(pickle.dumps(result))
        beside.replace(path)
        _forget_the_oldest(path.parent)
    except (OSError, pickle.PicklingError, TypeError, AttributeError, RecursionError):
        beside.unlink(missing_ok=True)


def _forget_the_oldest(folder: Path) -> None:
    with os.scandir(folder) as entries:
        found = [each for each in entries if each.name.endswith(".kept")]
    if len(found) <= MOST_KEPT:
        return
    found.sort(key=lambda each: each.stat().st_mtime)
    for each in found[:-MOST_KEPT]:
        Path(each).unlink(missing_ok=True)


def private_folder() -> Path | None:
    """The cache folder of this user; None where there is none that only this user can write to."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fidelity"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = folder.stat()
    except (OSError, RuntimeError):
        return None
    private = not hasattr(os, "getuid") or (mine.st_uid == os.getuid() and not mine.st_mode & 0o022)
    return folder if private else None


@cache
def stamp() -> str:
    """Which program this is: the files of the package and the rules with size and time, and Python.

    Nothing for a program that lies in a zip file: there it cannot be seen whether a file has changed.
    """
    rules = content.PACKAGE / "shipped" / "rules"
    folders = (content.PACKAGE, rules if rules.is_dir() else content.PACKAGE.parent / "rules")
    try:
        files = sorted(entry for folder in folders for entry in _files_below(str(folder)))
    except OSError:
        return ""
    return hashlib.sha256(repr((sys.version, files)).encode()).hexdigest()


def _files_below(folder: str) -> Iterable[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in ("__pycache__", "codes"):
                    yield from _files_below(entry.path)
            elif entry.name.endswith((".py", ".toml", ".lark", ".rubric")):
                found = entry.stat()
                yield entry.path, found.st_size, found.st_mtime_ns
