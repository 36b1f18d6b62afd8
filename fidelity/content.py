"""Where the content folders (rules, checklists, reports) lie: beside the package or inside the wheel."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> "Traversable":
    """One of the content folders, `rules`, `checklists` or `reports`, as a readable resource."""
    shipped = PACKAGE / "shipped" / name
    if shipped.is_dir():
        return shipped
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else _packed(name)


def _packed(name: str) -> "Traversable":
    # A zipped wheel; importing this costs every other start more than it should.
    from importlib.resources import files  # noqa: PLC0415 - see above

    return files("fidelity") / "shipped" / name


def text(name: str, path: str) -> str:
    """The text of one content file, by its path below the folder."""
    return folder(name).joinpath(*path.split("/")).read_text(encoding="utf-8")
