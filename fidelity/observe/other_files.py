"""Files that come along with forms and are none: pictures, scans, archives, what programs leave behind."""

import re
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fidelity.catalogue import languages
from fidelity.model.form import word

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_LEFT_BEHIND = ("thumbs.db", "desktop.ini", "ehthumbs.db")
_LEFT_BEFORE = ("~$", "._", ".~", ".ds_store")
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_PAGES = (b"<!doctype html", b"<html")
_TEXTS = (".csv", ".tsv", ".txt")
_MOST_OF_A_LINE = 500  # bytes of the first line; the titles of a form are shorter in any language
_BETWEEN = re.compile(r"[,;\t]")
_UNSEEN = re.compile("[\u200e\u200f\ufeff]")


def is_left_behind(path: Path) -> bool:
    """Whether a program or a computer left the file beside others: a lock, a thumbnail, a folder's look."""
    name = path.name.lower()
    return name in _LEFT_BEHIND or name.startswith(_LEFT_BEFORE)


def other_kind(path: Path) -> str:
    """What a file is that can be no form and no table, as messages know it; nothing if it may be one."""
    with path.open("rb") as source:
        beginning = source.read(_MOST_OF_A_LINE)
    if beginning.startswith(_PICTURES) or beginning[4:12] in (b"ftypheic", b"ftypmif1"):
        return "picture"
    if beginning.startswith(b"%PDF"):
        return "pdf"
    if beginning.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        return "web_page"
    if beginning.startswith(_OTHER_ARCHIVES):
        return "archive"
    if path.suffix.lower() in _TEXTS and is_form_page(_first_cells(beginning)):
        return "form_as_text"
    return _packed(path) if beginning.startswith(b"PK\x03\x04") else ""


def is_form_page(cells: Sequence[str]) -> bool:
    """Whether the first row of a table is the heading of a scoring form, in one language or two."""
    said = [plain for each in cells if (plain := _UNSEEN.sub("", each).strip())]
    return 0 < len(said) <= 2 and all(each in _titles() for each in said)


@cache
def _titles() -> frozenset[str]:
    """What forms are called, in all languages."""
    keys = ("form", "form of session", "form without score", "form of session without score")
    return frozenset(word(language, key) for language in languages() for key in keys)


def _first_cells(beginning: bytes) -> list[str]:
    """The cells of the first line; none of what is no table, as lists of records are."""
    encoding = "utf-16" if beginning.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    first = beginning[: len(beginning) // 2 * 2].decode(encoding, "ignore").lstrip().split("\n")[0]
    return [] if first.startswith(("{", "[")) else [each.strip(' "\r') for each in _BETWEEN.split(first)]


def _packed(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""  # damaged: whoever reads it says so
    if "content.xml" in names:
        return "open_document"
    if "word/document.xml" in names:
        return "text_document"
    return "archive" if names and "[Content_Types].xml" not in names else ""
