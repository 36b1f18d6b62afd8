"""Folders of files, each with a list of them: the next run takes away what only an earlier one wrote."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath

from fidelity.files import write_together

LIST = "files.json"
FORMAT = "fidelity-files/1"

Folders = Mapping[Path, Mapping[str, bytes]]  # folder -> name below it -> content
Listed = frozenset[tuple[str, str]]  # name below the folder, and the SHA-256 of what we wrote there


def write_own(folders: Folders, others: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Writes all files or none, then takes away what earlier runs wrote into these folders besides.

    Gives what it left alone, since somebody has changed it or holds it open. No file is ever removed that an
    earlier list does not name, or that is no longer as we wrote it.
    """
    earlier = {folder: _listed_in(folder) for folder in folders}
    files = {
        path: content
        for folder, own in folders.items()
        for path, content in _with_list(folder, own, earlier[folder]).items()
    }
    write_together({**others, **files})
    return tuple(left for folder, own in folders.items() for left in _take_away(folder, own, earlier[folder]))


def add_to_list(folder: Path, names: Iterable[str]) -> None:
    """Files that another program wrote below the folder for us: the list names them too."""
    added = {(name, _hash((folder / name).read_bytes())) for name in names}
    if added:
        write_together({folder / LIST: _list(_listed_in(folder) | added)})


# ---- the list


def _with_list(folder: Path, own: Mapping[str, bytes], earlier: Listed) -> dict[Path, bytes]:
    """The files, and the list of all that is ours there: of earlier ones too, as long as these are there."""
    listed = _listed(own) | {(name, written) for name, written in earlier if name not in own}
    files = {folder / name: content for name, content in own.items()}
    return {**files, folder / LIST: _list(listed)} if listed else files


def _listed(own: Mapping[str, bytes]) -> Listed:
    return frozenset((name, _hash(content)) for name, content in own.items())


def _listed_in(folder: Path) -> Listed:
    """What an earlier run says it wrote below the folder; nothing where there is no such list."""
    try:
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            return frozenset()
        return frozenset((str(each["name"]), str(each["sha256"])) for each in found["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _list(listed: Listed) -> bytes:
    files = [{"name": name, "sha256": written} for name, written in sorted(listed)]
    return (json.dumps({"format": FORMAT, "files": files}, ensure_ascii=False, indent=1) + "\n").encode()


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


# ---- what only an earlier run wrote


def _take_away(folder: Path, own: Mapping[str, bytes], earlier: Listed) -> Iterator[Path]:
    """Removes it; gives what stays. What could not be removed, though it is ours, stays on the list."""
    stale = {(name, written) for name, written in earlier if name not in own}
    if not stale:
        return
    stuck: set[tuple[str, str]] = set()
    for name, written in sorted(stale):
        path = folder / name
        if not _is_inside(folder, name) or _is_one_of(path, folder, own):
            continue
        if _hash(path.read_bytes()) != written:
            yield path
        elif not _removed(path):
            stuck.add((name, written))
            yield path
    _tidy(folder, _listed(own) | stuck, [folder / name for name, _ in stale])


def _is_inside(folder: Path, name: str) -> bool:
    """An ordinary file below the folder; a list with other names was not written by us."""
    plain, path = PurePosixPath(name), folder / name
    if plain.is_absolute() or ".." in plain.parts or path.is_symlink() or not path.is_file():
        return False
    return folder.resolve() in path.resolve().parents


def _is_one_of(path: Path, folder: Path, names: Collection[str]) -> bool:
    """Whether it is a file of this run, whose name this system takes for the same."""
    alike = (folder / name for name in names if Path(name).name.casefold() == path.name.casefold())
    return any(each.samefile(path) for each in alike)


def _removed(path: Path) -> bool:
    with suppress(OSError):
        path.unlink()
        return True
    return False


def _tidy(folder: Path, listed: Listed, removed: Iterable[Path]) -> None:
    """The list as things are now; folders that hold nothing any more are removed, the deepest first."""
    if listed:
        write_together({folder / LIST: _list(listed)})
    else:
        (folder / LIST).unlink(missing_ok=True)
    parents = {each for path in removed for each in path.parents if each == folder or folder in each.parents}
    for each in sorted(parents, key=lambda parent: len(parent.parts), reverse=True):
        with suppress(OSError):  # something is in it
            each.rmdir()
