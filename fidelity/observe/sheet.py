"""A large sheet -> its rows, several times as fast as openpyxl reads them, and with what it reads.

The text of the sheet is cut into rows and cells at once, and each different cell is understood once, by
openpyxl's own reader. That holds for sheets as spreadsheet programs write them; the first row that is written
in any other way raises Unusual, and openpyxl goes on from there.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from operator import lt
from typing import IO, Any, TypeVar
from xml.parsers import expat

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from fidelity.observe.table import Cell

BLOCK = 1 << 20  # bytes
LONGEST_HEAD = 1 << 20  # bytes before the first row
BEGIN, END = b"<sheetData>", b"</sheetData>"

_ROOT = re.compile(rb'<worksheet [^>]*?xmlns="' + re.escape(SHEET_MAIN_NS.encode()) + rb'"')
_OTHER_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["'](?!utf-8["'])""", re.IGNORECASE)
_ROW = re.compile(r'<row r="([1-9][0-9]{0,6})"([^<>]*)>')
_CELL = re.compile(r'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*/>|[^<>]*>[^<]*(?:<(?!/c>)[^<]*)*</c>)')
_AROUND = len('<c r=""')
_SHARED = re.compile(r'(?: s="[0-9]+")? t="s"><v>([0-9]+)</v></c>')
_INLINE = re.compile(r'(?: s="[0-9]+")? t="inlineStr"><is><t>([^<&\r]*)</t></is></c>')
_WHOLE = re.compile(r'(?: s="([0-9]+)")?(?: t="n")?><v>([1-9][0-9]{0,14}|0)</v></c>')

Kind = TypeVar("Kind")
CellText = Callable[[object, str], Cell]


class Unusual(Exception):
    """The sheet is written in a way that only openpyxl itself reads."""


def quick_rows(sheet: Any, text_of: CellText) -> Iterator[tuple[int, list[Cell]]]:
    """Every row that the sheet has, with its number; cells at its end may be blank."""
    texts = _Texts(sheet, text_of)
    before = 0
    with sheet._get_source() as source:  # noqa: SLF001 - the part of the archive, as openpyxl opens it
        for piece in _rows_in(source, texts.read_rest):
            for number, cells in _cells_in(piece, texts):
                if number <= before:
                    raise Unusual
                yield number, cells
                before = number


# ---- from bytes to rows


def _rows_in(source: IO[bytes], rest: Callable[[bytes], None]) -> Iterator[str]:
    """The text of some whole rows after another; what stands around them goes to `rest` at the end."""
    whole = _well_formed()
    head = _head(source, whole)
    waiting, tail, ended = head.partition(BEGIN)[2], b"", False
    while not ended:
        rows, end, tail = waiting.partition(END)
        ended = bool(end)
        if not ended:
            cut = waiting.rfind(b"</row>") + len(b"</row>")
            rows, waiting = (waiting[:cut], waiting[cut:]) if cut >= len(b"</row>") else (b"", waiting)
        if b"<!" in rows:
            raise Unusual
        if rows:
            yield rows.decode()
        if not ended:
            waiting += _read(source, whole)
    while block := source.read(BLOCK):
        whole.Parse(block)
        tail += block
    whole.Parse(b"", True)
    rest(head.partition(BEGIN)[0] + BEGIN + END + tail)


def _head(source: IO[bytes], whole: expat.XMLParserType) -> bytes:
    head = b""
    while BEGIN not in head:
        if len(head) > LONGEST_HEAD:
            raise Unusual
        head += _read(source, whole)
    if _OTHER_ENCODING.match(head) or not _ROOT.search(head):
        raise Unusual
    return head


def _read(source: IO[bytes], whole: expat.XMLParserType) -> bytes:
    block = source.read(BLOCK)
    if not block:
        raise Unusual
    whole.Parse(block)
    return block


def _well_formed() -> expat.XMLParserType:
    """What raises where the text is not well formed, or defines words of its own."""

    def refused(*_: object) -> None:
        raise Unusual

    whole = expat.ParserCreate(None, "}")
    whole.StartDoctypeDeclHandler = refused
    return whole


# ---- from rows to cells


def _cells_in(piece: str, texts: "_Texts") -> Iterator[tuple[int, list[Cell]]]:
    at = 0
    while at < len(piece):
        row = _ROW.match(piece, at)
        if row is None:
            raise Unusual
        at = row.end()
        if row[2].endswith("/"):
            yield int(row[1]), []
            continue
        end = piece.find("</row>", at)
        yield int(row[1]), _cells_of(piece[at:end], texts)
        at = end + len("</row>")


def _cells_of(row: str, texts: "_Texts") -> list[Cell]:
    found = _CELL.findall(row)
    if not found:
        if row:
            raise Unusual
        return []
    letters, numbers, written = zip(*found, strict=True)
    length = sum(map(len, letters)) + sum(map(len, numbers)) + sum(map(len, written))
    if length + _AROUND * len(found) != len(row):
        raise Unusual
    places = texts.places(letters)
    known = map(texts.known.__getitem__, written)
    values = [texts.formula(*found[at]) if text is None else text for at, text in enumerate(known)]
    if places[-1] == len(places):
        return values
    cells: list[Cell] = [""] * places[-1]
    for place, text in zip(places, values, strict=True):
        cells[place - 1] = text
    return cells


class _Known(dict[str, Kind]):
    """What texts mean, each worked out once."""

    def __init__(self, understood: Callable[[str], Kind]) -> None:
        self._understood = understood

    def __missing__(self, text: str) -> Kind:
        found = self[text] = self._understood(text)
        return found


class _Texts:
    """Says what cells hold, by the reader that openpyxl has for them."""

    def __init__(self, sheet: Any, text_of: CellText) -> None:
        workbook = sheet.parent
        self._shared, self._text_of = sheet._shared_strings, text_of  # noqa: SLF001 - as openpyxl itself does
        self._dates = workbook._date_formats  # noqa: SLF001
        self._parser = WorkSheetParser(
            BytesIO(),
            self._shared,
            data_only=workbook.data_only,
            epoch=workbook.epoch,
            date_formats=self._dates,
            timedelta_formats=workbook._timedelta_formats,  # noqa: SLF001
        )
        self._columns: _Known[int] = _Known(column_index_from_string)
        self.known: _Known[Cell | None] = _Known(self._understood)

    def places(self, letters: Sequence[str]) -> list[int]:
        """The numbers of columns; they have to grow from cell to cell."""
        found = list(map(self._columns.__getitem__, letters))
        if not all(map(lt, found, found[1:])):
            raise Unusual
        return found

    def _understood(self, written: str) -> Cell | None:
        """What a cell says that is written so; a formula says nothing by itself."""
        shared = _SHARED.fullmatch(written)
        if shared is not None:
            return self._text_of(self._shared[int(shared[1])], "s")
        inline = _INLINE.fullmatch(written)
        if inline is not None:
            return self._text_of(inline[1], "s")
        whole = _WHOLE.fullmatch(written)
        if whole is not None and int(whole[1] or 0) not in self._dates:
            return whole[2]
        return None if "<f" in written else self._read(f'<c r="A1"{written}')

    def formula(self, letters: str, number: str, written: str) -> Cell:
        """What a cell with a formula shows; one that is shared depends on where it stands."""
        return self._read(f'<c r="{letters}{number}"{written}')

    def _read(self, cell: str) -> Cell:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = self._parser.parse_cell(fromstring(f'<row xmlns="{SHEET_MAIN_NS}">{cell}</row>')[0])
        return self._text_of(found["value"], found["data_type"])

    def read_rest(self, text: bytes) -> None:
        """Reads a sheet without its rows, which fails where openpyxl would."""
        self._parser.source = BytesIO(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in self._parser.parse():
                raise Unusual
