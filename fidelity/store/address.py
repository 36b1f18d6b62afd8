"""What names a study -> where its store lies: a folder stands for a SQLite file, a URL for PostgreSQL."""

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from fidelity.errors import WrongUse

STORE = "study.sqlite"
BEGINNING = b"SQLite format 3\0"
# A URL that went through a Path has lost one of its slashes.
_URL = re.compile(r"([a-z][a-z0-9+]+):/{1,2}(?=[^/])")
_DRIVER = "postgresql+pg8000"


class Address(NamedTuple):
    """Where a store lies: its file, or the URL of a server; `shown` is for messages, without password."""

    shown: str
    file: Path | None
    url: str


def address_of(named: str | Path) -> Address:
    """The store that a folder, a store's own file, or a URL stands for."""
    if is_url(named):
        return _on_a_server(str(named))
    path = Path(named)
    file = path if _is_file(path) else path / STORE
    return Address(str(file), file, "")


def is_url(named: str | Path) -> bool:
    """Whether a study is named by a URL."""
    return _URL.match(str(named)) is not None


def is_store(path: Path) -> bool:
    """Whether a file is a SQLite database, by how it begins."""
    with path.open("rb") as source:
        return source.read(len(BEGINNING)) == BEGINNING


def _is_file(path: Path) -> bool:
    """Whether it is one; where nobody may look, that is told when the store is opened."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def _on_a_server(named: str) -> Address:
    url = _URL.sub(r"\1://", named, count=1)
    parts = urlsplit(url)
    if parts.scheme.partition("+")[0] != "postgresql" or parts.scheme not in ("postgresql", _DRIVER):
        raise WrongUse(
            f"A study lies in a folder, or on a server that a URL names: {_DRIVER}://user@host/database. "
            f'"{parts.scheme}" is neither.'
        )
    if not parts.path.strip("/"):
        raise WrongUse(f"The URL names no database: {_DRIVER}://user@host/database.")
    user, host = parts.username or "", parts.netloc.rpartition("@")[2]
    asked = f"?{parts.query}" if parts.query else ""
    password = parts.password or quote(os.environ.get("PGPASSWORD", ""), safe="")
    secret = f":{password}" if password else ""
    before = f"{user}{secret}@" if user else ""
    shown = f"{parts.scheme}://{unquote(user) + '@' if user else ''}{host}{parts.path}"
    return Address(shown, None, f"{_DRIVER}://{before}{host}{parts.path}{asked}")
