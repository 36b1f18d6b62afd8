"""What a user names -> the checklist's text: a file of theirs, in a library of theirs, or a shipped one."""

from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from fidelity import content
from fidelity.errors import Problem, ProblemsFound
from fidelity.language.names import nearest
from fidelity.language.source import read_source
from fidelity.place import Place

ENDING = ".rubric"


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


def sources_below(folder: Path) -> list[Path]:
    """Every checklist file below a folder, in the order of their paths."""
    return sorted(path for path in folder.rglob(f"*{ENDING}") if path.is_file())


def shipped_names() -> list[str]:
    """The shipped checklists, as people type them: `pm_plus/individual/session_2`."""
    return sorted(_names_below(content.folder("checklists"), ""))


def _names_below(folder: Traversable, path: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _names_below(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(ENDING):
            yield path + entry.name.removesuffix(ENDING)


def _shipped(name: str) -> Traversable | None:
    plain = name.replace("\\", "/").removesuffix(ENDING).removeprefix("checklists/")
    if plain not in shipped_names():
        return None
    return content.folder("checklists").joinpath(*f"{plain}{ENDING}".split("/"))


def _missing(name: str) -> Problem:
    near_files = (
        [str(path) for path in Path(name).parent.glob(f"*{ENDING}")] if Path(name).parent.is_dir() else []
    )
    suggestion = nearest(name, [*near_files, *shipped_names()])
    if Path(name).is_dir():
        return Problem("RB004", Place(name), {"folder": name})
    return Problem("RB004", Place(name), {"no_file": name, "suggestion": suggestion})
