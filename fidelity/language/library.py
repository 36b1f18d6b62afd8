"""What a user or a file names -> its text: a file of theirs, in a library of theirs, or a shipped one."""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fidelity import content
from fidelity.errors import Problem, ProblemsFound
from fidelity.language.source import read_source
from fidelity.place import Place

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

ENDING = ".rubric"
MOST_NAMED = 6


class Resolved(NamedTuple):
    """What an id and a version led to: its text, the file it stands in, and the version found there."""

    text: str
    file: str
    version: str


class Unresolved(NamedTuple):
    """Why an id and a version led to nothing: the id has other versions only, or two texts claim it.

    `versions` are the other versions that there are, in order; `twice` the files of one place with different
    texts of this id and version. Both empty: the id is nowhere.
    """

    versions: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()

    @property
    def claimed_by(self) -> str:
        """The files that claim the id, as a message lists them; of many copies the first."""
        first, others = self.twice[:MOST_NAMED], len(self.twice) - MOST_NAMED
        return f"{', '.join(first)} and {others} more" if others > 0 else " and ".join(first)


def found(name: str, libraries: Iterable[str] = ()) -> tuple[str, str]:
    """Text and name of a checklist; a file of the user's wins over a shipped one. Raises ProblemsFound."""
    for folder in ("", *libraries):
        for path in (Path(folder) / name, Path(folder) / f"{name}{ENDING}"):
            if path.is_file() or (path.exists() and not path.is_dir()):
                return read_source(path), str(path)
    shipped = _shipped(name)
    if shipped is not None:
        return shipped.read_text(encoding="utf-8"), name.removesuffix(ENDING) + ENDING
    raise ProblemsFound([_missing(name)])


def by_id(
    id: str, version: str, near: Path | str | None = None, libraries: Iterable[str | Path] = ()
) -> Resolved | Unresolved:
    """The text that has this id and version: what `extends` and `uses` name.

    Looked for next to the file `near` (which itself does not count), in the folders above it, in the
    libraries with all folders below them, and among the shipped ones. The first place that has id and version
    wins. Only the first lines of files are looked at, so that a broken neighbour does no harm. What is found
    may be a checklist, an adaptation or a programme, broken or whole; ProblemsFound when it is no text.

        base = by_id("upsides_principles", "2.1.0", near="sites/day_centre.rubric")
    """
    others: set[str] = set()
    for place in _places(near, libraries):
        known = [each for each in place if each.id == id]
        others.update(each.version for each in known if each.version)
        texts = {_read(each.path): each.file for each in known if each.version == version}
        if len(texts) > 1:
            return Unresolved(twice=tuple(sorted(texts.values())))
        for text, file in texts.items():
            return Resolved(text, file, version)
    return Unresolved(versions=tuple(sorted(others, key=_as_numbers)))


class _Headed(NamedTuple):
    """A file, by what its first lines say: what it is called, and in which version."""

    id: str
    version: str
    file: str
    path: "Traversable"


def _places(near: Path | str | None, libraries: Iterable[str | Path]) -> Iterator[Iterable[_Headed]]:
    """The files of each place in which an id is looked for, the nearest place first."""
    if near is not None and Path(near).is_file():
        own = Path(near)
        beside = (path for path in own.parent.glob(f"*{ENDING}") if path.is_file())
        yield _headed_in(path for path in beside if not path.samefile(own))
        for folder in own.resolve().parent.parents:
            # Who names a file from where they stand wants to read all names so.
            shown = folder if own.is_absolute() else Path(os.path.relpath(folder))
            yield _headed_in(shown.glob(f"*{ENDING}"))
    for library in libraries:
        yield _headed_in(Path(library).rglob(f"*{ENDING}"))
    yield _shipped_headed()


def _headed_in(paths: Iterable[Path]) -> list[_Headed]:
    try:
        found = sorted(path for path in paths if path.is_file())
    except OSError:
        # A folder above the file that this user may not look into.
        return []
    return [headed for path in found if (headed := _headed(path, str(path))) is not None]


@cache
def _shipped_headed() -> tuple[_Headed, ...]:
    files = [(_shipped_file(name), f"{name}{ENDING}") for name in shipped_names()]
    shared = content.folder("rules") / "shared"
    files += [(each, f"rules/shared/{each.name}") for each in shared.iterdir() if each.name.endswith(ENDING)]
    return tuple(headed for path, file in files if (headed := _headed(path, file)) is not None)


# The line that names a file, and its version; both stand in the head, so the beginning is enough.
NAMED = re.compile(r"^[ \t\ufeff]*(?:checklist|adaptation|programme)[ \t]+([a-z][a-z0-9_]*)", re.MULTILINE)
VERSIONED = re.compile(r"^[ \t]*version[ \t]+(\d+\.\d+\.\d+)", re.MULTILINE)
BEGINNING = 64 * 1024


def _headed(path: "Traversable", file: str) -> _Headed | None:
    try:
        with path.open("rb") as opened:
            beginning = opened.read(BEGINNING).decode("utf-8", "replace")
    except OSError:
        return None
    named, versioned = NAMED.search(beginning), VERSIONED.search(beginning)
    return _Headed(named[1], versioned[1] if versioned else "", file, path) if named else None


def _read(path: "Traversable") -> str:
    return read_source(path) if isinstance(path, Path) else path.read_text(encoding="utf-8")


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def sources_below(folder: Path) -> list[Path]:
    """Every checklist file below a folder, in the order of their paths."""
    return sorted(path for path in folder.rglob(f"*{ENDING}") if path.is_file())


def shipped_names() -> list[str]:
    """The shipped checklists, as people type them: `pm_plus/individual/session_2`."""
    return sorted(_names_below(content.folder("checklists"), ""))


def _names_below(folder: "Traversable", path: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _names_below(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(ENDING):
            yield path + entry.name.removesuffix(ENDING)


def _shipped(name: str) -> "Traversable | None":
    plain = name.replace("\\", "/").removesuffix(ENDING).removeprefix("checklists/")
    if plain not in shipped_names():
        return None
    return _shipped_file(plain)


def _shipped_file(name: str) -> "Traversable":
    return content.folder("checklists").joinpath(*f"{name}{ENDING}".split("/"))


def _missing(name: str) -> Problem:
    near_files = (
        [str(path) for path in Path(name).parent.glob(f"*{ENDING}")] if Path(name).parent.is_dir() else []
    )
    from fidelity.language.names import nearest  # noqa: PLC0415 - only a mistyped name needs it

    suggestion = nearest(name, [*near_files, *shipped_names()])
    if Path(name).is_dir():
        return Problem("RB004", Place(name), {"folder": name})
    alike = _shipped_like(name)
    facts = {"no_file": name, "suggestion": "" if alike else suggestion, "shipped_like": alike}
    return Problem("RB004", Place(name), facts)


def _shipped_like(name: str) -> str:
    """The shipped checklists in a folder of this name, with this name at their end, or with this id."""
    plain = name.replace("\\", "/").removesuffix(ENDING).removeprefix("checklists/").strip("/")
    alike = {each for each in shipped_names() if each.startswith(f"{plain}/") or each.endswith(f"/{plain}")}
    alike |= {each.file.removesuffix(ENDING) for each in _shipped_headed() if each.id == plain}
    first, others = ", ".join(sorted(alike)[:MOST_NAMED]), len(alike) - MOST_NAMED
    return f"{first} and {others} more" if others > 0 else first
