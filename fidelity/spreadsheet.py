"""The one way in which values get into spreadsheet files: text stays text, same bytes each time."""

import math
import re
import zipfile
from collections.abc import Callable, Iterable
from copy import copy
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles.cell_style import StyleArray

from fidelity.shield import TRIGGERS

Value = str | int | float | Fraction | date | None
Edit = Callable[[str, bytes], bytes]

LONGEST_TEXT = 32_767
LONGEST_SHEET_NAME = 31

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\x00-\x1f\[\]:*?/\\]+")
_SAVED_WHEN = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_DRESSED: WeakKeyDictionary[Workbook, dict[str, StyleArray]] = WeakKeyDictionary()
_ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)


def put(cell: Cell | MergedCell, value: Value, style: str | None = None) -> None:
    """Writes a value into a cell; a text is never taken for a formula, and is kept as it was typed."""
    if style is not None:
        _dress(cell, style)  # first: a style set later would wipe what follows
    if isinstance(cell, MergedCell):
        _refuse(cell, value)
        return
    if isinstance(value, str):
        _put_text(cell, safe_text(value))
    else:
        cell.value = value if value is None or isinstance(value, date) else _number(value)


def _dress(cell: Cell | MergedCell, style: str) -> None:
    """Sets a named style: looked up once a workbook, since that takes longer than all the rest of a cell."""
    worn: Any = cell  # what the setter of `style` sets is not in the library's types
    known = _DRESSED.setdefault(worn.parent.parent, {})
    if style in known:
        worn._style = copy(known[style])  # noqa: SLF001
    else:
        cell.style = style
        known[style] = copy(worn._style)  # noqa: SLF001


def put_with_small(cell: Cell, text: str, small: str, font: InlineFont, style: str) -> None:
    """Writes a text and, on the line below it in the same cell, another one in a font of its own."""
    if not small:
        put(cell, text, style)
        return
    cell.style = style
    # Such a value is always written as text, whatever it begins with.
    cell.value = CellRichText(safe_text(text) + "\n", TextBlock(font, safe_text(small)))


def _refuse(cell: MergedCell, value: Value) -> None:
    if value is not None:
        raise ValueError(f"{cell.coordinate} is hidden below a merged cell and cannot hold {value!r}")


def _put_text(cell: Cell, text: str) -> None:
    cell.value = text
    cell.data_type = "s"
    if text.startswith(tuple(TRIGGERS)):
        cell.quotePrefix = True


def _number(value: float | Fraction) -> int | float | None:
    if isinstance(value, Fraction):
        value = value.numerator if value.denominator == 1 else float(value)
    if not math.isfinite(value):
        return None
    return value or 0  # -0.0 would be shown as -0


def safe_text(text: str) -> str:
    """The text as a cell can hold it: no control characters, one kind of line end, not over 32,767 signs."""
    with_one_line_end = text.replace("\r\n", "\n").replace("\r", "\n")
    return _cut(_NOT_IN_XML.sub("\ufffd", with_one_line_end), LONGEST_TEXT)


def _cut(text: str, longest: int) -> str:
    # Spreadsheet programs count UTF-16 units, so an emoji takes two.
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * longest else units[: 2 * longest].decode("utf-16-le", "ignore")


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that every spreadsheet program takes, unlike those taken already; the same each time."""
    plain = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", safe_text(wanted)).split()).strip("'") or "Sheet"
    used = {name.casefold() for name in taken} | {"history"}
    name, number = _cut(plain, LONGEST_SHEET_NAME).strip(" '"), 1
    while name.casefold() in used:
        number += 1
        ending = f" ({number})"
        name = _cut(plain, LONGEST_SHEET_NAME - len(ending)).strip(" '") + ending
    return name


def save_bytes(workbook: Workbook, edit: Edit | None = None) -> bytes:
    """The workbook as a file, the same bytes each time; `edit` sees every member's name and content."""
    written = BytesIO()
    workbook.save(written)
    result = BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            content = _without_times(name, source.read(name))
            target.writestr(_member(name), edit(name, content) if edit else content)
    return result.getvalue()


def _without_times(name: str, content: bytes) -> bytes:
    return _SAVED_WHEN.sub(b"", content) if name == "docProps/core.xml" else content


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _ZIP_BEGINS)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0  # otherwise it tells on which kind of machine it was written
    return member
