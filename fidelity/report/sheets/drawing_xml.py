"""What openpyxl cannot write, added to the finished XML: alt texts of charts, and sparklines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from fidelity.report.sheets.long_rows import Written, with_rows
from fidelity.spreadsheet import Edit

_DRAWING = re.compile(r"xl/drawings/drawing(\d+)\.xml")
_CHART = re.compile(r"xl/charts/chart\d+\.xml")
_LABELS = re.compile(r'(<(?:\w+:)?dLbls>\s*<(?:\w+:)?numFmt formatCode="[^"]*")( */>)')
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_NAMED = re.compile(r'(<(?:\w+:)?cNvPr id="\d+" name="[^"]*")( */?>)')
_END = "</worksheet>"

_MAIN = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_EXCEL = "http://schemas.microsoft.com/office/excel/2006/main"
_KIND = "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A row of bars in a cell, from a range of cells, on an axis from lowest to highest."""

    cell: str
    values: str
    lowest: float
    highest: float


def finishing(
    alt_texts: Sequence[Sequence[str]],
    sparklines: Mapping[int, Sequence[Sparkline]],
    colours: tuple[str, str],
    long: Mapping[int, Written],
) -> Edit:
    """The edit of a workbook's members: alt texts drawing by drawing; the rest by the sheet's number."""

    def edit(name: str, content: bytes) -> bytes:
        if drawing := _DRAWING.fullmatch(name):
            return _described(content.decode(), alt_texts[int(drawing[1]) - 1]).encode()
        if _CHART.fullmatch(name):
            # Without this the labels take the format of the cells, and none is left out.
            return _LABELS.sub(r'\1 sourceLinked="0"\2', content.decode()).encode()
        sheet = _SHEET.fullmatch(name)
        number = int(sheet[1]) if sheet else 0
        if sparklines.get(number):
            content = _with_bars(content.decode(), sparklines[number], colours).encode()
        if number in long:
            content = with_rows(content.decode(), long[number]).encode()
        return content

    return edit


def _described(xml: str, texts: Sequence[str]) -> str:
    """Each chart's frame with its alt text, in the order of the charts."""
    left = list(texts)
    described = _NAMED.sub(lambda found: f"{found[1]} descr={quoteattr(left.pop(0))}{found[2]}", xml)
    if left:
        raise ValueError(f"{len(left)} alt texts have no chart")
    return described


def _with_bars(xml: str, sparklines: Sequence[Sparkline], colours: tuple[str, str]) -> str:
    groups: dict[tuple[float, float], list[Sparkline]] = {}
    for each in sparklines:
        groups.setdefault((each.lowest, each.highest), []).append(each)
    inner = "".join(_group(ends, members, colours) for ends, members in groups.items())
    block = (
        f'<extLst><ext xmlns:x14="{_MAIN}" uri="{_KIND}">'
        f'<x14:sparklineGroups xmlns:xm="{_EXCEL}">{inner}</x14:sparklineGroups></ext></extLst>'
    )
    return xml.removesuffix(_END) + block + _END


def _group(ends: tuple[float, float], members: Sequence[Sparkline], colours: tuple[str, str]) -> str:
    series, last = colours
    others = "".join(
        f'<x14:color{part} rgb="FF{series}"/>' for part in ("Negative", "Axis", "Markers", "First")
    )
    lines = "".join(
        f"<x14:sparkline><xm:f>{escape(each.values)}</xm:f><xm:sqref>{each.cell}</xm:sqref></x14:sparkline>"
        for each in members
    )
    return (
        f'<x14:sparklineGroup manualMax="{ends[1]:g}" manualMin="{ends[0]:g}" type="column" '
        'displayEmptyCellsAs="gap" last="1" minAxisType="custom" maxAxisType="custom">'
        f'<x14:colorSeries rgb="FF{series}"/>{others}<x14:colorLast rgb="FF{last}"/>'
        f'<x14:colorHigh rgb="FF{series}"/><x14:colorLow rgb="FF{series}"/>'
        f"<x14:sparklines>{lines}</x14:sparklines></x14:sparklineGroup>"
    )
