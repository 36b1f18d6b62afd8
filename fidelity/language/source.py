"""A file -> its text, or the problem why it cannot be read as one."""

from pathlib import Path

from fidelity.errors import Problem, ProblemsFound
from fidelity.language.limits import MOST_BYTES
from fidelity.place import Place

# How files begin that people mistake for texts, and what to call them.
BEGINNINGS = {
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"%PDF": "a PDF file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "a rich text file (RTF)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a packed file (gzip)",
    b"SQLite": "a database",
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_source(path: str | Path) -> str:
    """The text of a checklist file, without its byte order mark; raises ProblemsFound when there is none."""
    name = str(path)
    content = _bytes_of(Path(path), name)
    for beginning, called in BEGINNINGS.items():
        if content.startswith(beginning):
            raise _no_text(name, kind=called)
    if content.startswith(UTF_16) or _half_of_it_nothing(content):
        raise _no_text(name, encoding="UTF-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise _undecoded(name, content, wrong.start) from None


def _half_of_it_nothing(content: bytes) -> bool:
    """Whether every second byte is zero, as in UTF-16 without a byte order mark."""
    begin = content[:64]
    return len(begin) > 1 and 0 in begin and any(not any(begin[first::2]) for first in (0, 1))


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise _no_text(name, folder=name)
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _too_large(name, f"{size:,}")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _no_text(name, no_file=name) from None
    except (OSError, ValueError) as refused:
        raise _no_text(name, refused=getattr(refused, "strerror", None) or str(refused)) from None
    if len(content) > MOST_BYTES:
        raise _too_large(name, f"more than {MOST_BYTES:,}")
    return content


def _undecoded(name: str, content: bytes, at: int) -> ProblemsFound:
    if b"\0" in content:
        return _no_text(name, kind="no text file")
    line = content.count(b"\n", 0, at) + 1
    begin = content.rfind(b"\n", 0, at) + 1
    column = len(content[begin:at].decode(errors="replace")) + 1
    meant = content[at : at + 1].decode("cp1252", "ignore")
    facts = {"byte": f"{content[at]:02X}", "line": line, "windows": meant}
    return ProblemsFound([Problem("RB004", Place(name, line, column, line, column + 1), facts)])


def _no_text(name: str, **facts: str) -> ProblemsFound:
    return ProblemsFound([Problem("RB004", Place(name), facts)])


def _too_large(name: str, size: str) -> ProblemsFound:
    return ProblemsFound([Problem("RB005", Place(name), {"bytes": size, "most": f"{MOST_BYTES:,}"})])
