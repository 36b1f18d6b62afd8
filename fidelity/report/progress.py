"""How far the making of a report has got, for whoever wants to know."""

from collections.abc import Callable
from typing import NamedTuple

Progress = Callable[[int, int], None]  # so many of so many


def quiet(_done: int, _of: int) -> None:
    """Tells nobody."""


class Watching(NamedTuple):
    """Who is told about the sheets, who about the small workbooks, and who about the pages."""

    sheets: Progress = quiet
    small: Progress = quiet
    pages: Progress = quiet


NOBODY = Watching()
