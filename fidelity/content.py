"""Where the three content folders (rules, checklists, reports) lie: beside the package or inside the wheel."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """One of the content folders, `rules`, `checklists` or `reports`, as a readable resource."""
    shipped = files("fidelity") / "shipped"
    home: Traversable = shipped if shipped.is_dir() else Path(__file__).resolve().parents[1]
    return home / name


def text(name: str, path: str) -> str:
    """The text of one content file, by its path below the folder."""
    return folder(name).joinpath(*path.split("/")).read_text(encoding="utf-8")
