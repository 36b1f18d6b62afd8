"""Names that people gave -> file names that every system takes, unlike each other whatever the case."""

import re
import unicodedata
from collections.abc import Hashable, Iterable
from typing import TypeVar

LONGEST_NAME = 60
_NO_FILE_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)

Named = TypeVar("Named", bound=Hashable)


def page_names(named: Iterable[tuple[Named, str]]) -> dict[Named, str]:
    """A page's file name for each, made from the name beside it; the same names give the same files."""
    return file_names(named, "html")


def file_names(named: Iterable[tuple[Named, str]], ending: str) -> dict[Named, str]:
    """The same with another ending."""
    files: dict[Named, str] = {}
    taken: set[str] = set()
    for each, name in named:
        plain, number = _plain(name), 1
        file = plain
        while file.casefold() in taken:
            number += 1
            file = f"{plain}_{number}"
        taken.add(file.casefold())
        files[each] = f"{file}.{ending}"
    return files


def _plain(name: str) -> str:
    kept = re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFC", name)).strip("_-")[:LONGEST_NAME]
    return f"{kept}_" if not kept or _NO_FILE_NAMES.fullmatch(kept) else kept
