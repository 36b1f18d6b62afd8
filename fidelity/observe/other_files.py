"""Files that come along with forms and are none: pictures, scans, archives, what programs leave behind."""

import zipfile
from pathlib import Path

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_LEFT_BEHIND = ("thumbs.db", "desktop.ini", "ehthumbs.db")
_LEFT_BEFORE = ("~$", "._", ".~", ".ds_store")
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_PAGES = (b"<!doctype html", b"<html")


def is_left_behind(path: Path) -> bool:
    """Whether a program or a computer left the file beside others: a lock, a thumbnail, a folder's look."""
    name = path.name.lower()
    return name in _LEFT_BEHIND or name.startswith(_LEFT_BEFORE)


def other_kind(path: Path) -> str:
    """What a file is that can be no form and no table, as messages know it; nothing if it may be one."""
    with path.open("rb") as source:
        beginning = source.read(64)
    if beginning.startswith(_PICTURES) or beginning[4:12] in (b"ftypheic", b"ftypmif1"):
        return "picture"
    if beginning.startswith(b"%PDF"):
        return "pdf"
    if beginning.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        return "web_page"
    if beginning.startswith(_OTHER_ARCHIVES):
        return "archive"
    return _packed(path) if beginning.startswith(b"PK\x03\x04") else ""


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
