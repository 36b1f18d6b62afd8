"""Native charts over the cells of a sheet, complete: titles, both axes, cached values, alt text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.axis import ChartLines, NumericAxis, _BaseAxis
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import Series, SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.report.look import Look
from fidelity.report.measure import step, step_places
from fidelity.report.sheets.sheet import Book

Dash = Literal["solid", "dash", "sysDot"]

UPRIGHT, SLANTED = 0, -2700000
FEW_LABELS = 8  # up to so many dates stand upright
LARGE_ONLY = "[>=5]0;;"  # numbers that have room in their part of a bar


@dataclass(frozen=True, slots=True)
class Line:
    """How a series is drawn: colour, width in points, dash, marker."""

    colour: str
    width: float = 0.0
    dash: Dash = "solid"
    marker: Literal["none", "circle", "diamond", "triangle"] = "none"
    size: int = 7


@dataclass(frozen=True, slots=True)
class Block:
    """The cells of a chart: sheet, heading row, first and last row, column of the categories."""

    sheet: Worksheet
    head: int
    last: int
    categories: int

    @property
    def first(self) -> int:
        """The first row of values."""
        return self.head + 1


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart stands: from the corner of one cell to the corner of another, columns and rows from 1."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Titles:
    """The title, and what the chart says to those who do not see it."""

    title: str
    alt: str


def line_chart(
    look: Look, block: Block, lines: Sequence[tuple[int, Line]], titles: Titles, ends: tuple[float, float]
) -> LineChart:
    """A line chart of the columns given, over text categories."""
    chart = LineChart()
    chart.series = [_line_series(block, column, line) for column, line in lines]
    _dress(look, chart, titles, ends)
    rows = block.last - block.head
    chart.x_axis.txPr = _text(look, 8, turned=UPRIGHT if rows <= FEW_LABELS else SLANTED)
    chart.legend = _legend(look)
    chart.display_blanks = "gap"
    return chart


def _line_series(block: Block, column: int, line: Line) -> Series:
    series = _series(block, column)
    series.smooth = False
    series.graphicalProperties = GraphicalProperties(ln=_stroke(line))
    series.marker = _marker(line)
    return series


def _marker(line: Line) -> Marker:
    if line.marker == "none":
        return Marker(symbol="none")
    painted = GraphicalProperties(solidFill=line.colour, ln=LineProperties(solidFill=line.colour))
    return Marker(symbol=line.marker, size=line.size, spPr=painted)


def _stroke(line: Line) -> LineProperties:
    if not line.width:
        return LineProperties(noFill=True)
    return LineProperties(solidFill=line.colour, w=int(line.width * 12700), prstDash=line.dash)


def bar_chart(
    look: Look, block: Block, column: int, colours: Sequence[str], titles: Titles, ends: tuple[float, float]
) -> BarChart:
    """Horizontal bars, the first row on top, each in its own colour."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.varyColors = "bar", 45, False
    series = _series(block, column)
    series.invertIfNegative = False
    series.graphicalProperties = GraphicalProperties(solidFill=colours[0])
    series.data_points = [
        DataPoint(idx=number, invertIfNegative=False, spPr=GraphicalProperties(solidFill=colour))
        for number, colour in enumerate(colours)
    ]
    chart.series = [series]
    _dress(look, chart, titles, ends)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    chart.y_axis.number_format = "+0;-0;0"
    chart.y_axis.majorGridlines = _across(look)
    chart.legend = None
    return chart


def stacked_chart(
    look: Look,
    block: Block,
    columns: Sequence[int],
    colours: Sequence[str],
    titles: Titles,
    *,
    labelled: bool = False,
) -> BarChart:
    """Horizontal bars of 100 percent, one for each row, its parts in the columns' order, numbers in them."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "percentStacked", 100, 40
    for column, colour in zip(columns, colours, strict=True):
        series = _series(block, column)
        series.graphicalProperties = GraphicalProperties(
            solidFill=colour, ln=LineProperties(solidFill="FFFFFF")
        )
        series.dLbls = _labels(look, colour) if labelled else None
        chart.series.append(series)
    _dress(look, chart, titles, (0.0, 1.0))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    chart.y_axis.number_format = "0%"
    chart.y_axis.majorUnit = 0.25
    chart.legend = _legend(look)
    return chart


def scatter_chart(
    look: Look,
    block: Block,
    lines: Sequence[tuple[int, Line]],
    titles: Titles,
    ends: tuple[tuple[float, float], tuple[float, float]],
    axes: tuple[str, str],
) -> ScatterChart:
    """Points over the numbers in the column of the categories; a line where a column has one value."""
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 13, "lineMarker"
    chart.series = [_scattered(block, column, line) for column, line in lines]
    across, up = ends
    _dress(look, chart, titles, up)
    horizontal: NumericAxis = chart.x_axis  # type: ignore[assignment]  # it is none of text
    horizontal.number_format = ("0", "0.0", "0.00")[step_places(across)]
    horizontal.scaling.min, horizontal.scaling.max = across
    horizontal.majorUnit = step(across)
    chart.x_axis.title, chart.y_axis.title = (_title(look, text, 9) for text in axes)
    chart.legend = _legend(look)
    return chart


def _scattered(block: Block, column: int, line: Line) -> Series:
    drawn = _line_series(block, column, line)
    places = Reference(block.sheet, min_col=block.categories, min_row=block.first, max_row=block.last)
    across = AxDataSource(numRef=NumRef(f=str(places), numCache=_numbers(_column(block, block.categories))))
    made = XYSeries(
        tx=drawn.tx, xVal=across, yVal=drawn.val, spPr=drawn.graphicalProperties, marker=drawn.marker
    )
    made.smooth = False
    return made


def _labels(look: Look, colour: str) -> DataLabelList:
    """The numbers inside a bar, dark on light colours and white on dark ones; small ones are left out."""
    role = "head.text" if colour == look.levels[-1] else "plain.text"
    letters = _letters(look, 8, role, bold=False)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)
    text = RichText(bodyPr=RichTextProperties(), p=[paragraph])
    labels = DataLabelList(numFmt=LARGE_ONLY, txPr=text, showVal=True)
    labels.showLegendKey = labels.showCatName = labels.showSerName = labels.showPercent = False
    return labels


def place(book: Book, sheet: Worksheet, chart: ChartBase, frame: Frame, titles: Titles) -> None:
    """Puts a chart on a sheet and keeps its alt text for the finishing."""
    chart.anchor = TwoCellAnchor(  # type: ignore[assignment]  # openpyxl takes anchors, its stubs only cells
        editAs="oneCell",
        _from=AnchorMarker(col=frame.left - 1, row=frame.top - 1),
        to=AnchorMarker(col=frame.right, row=frame.bottom),
    )
    sheet.add_chart(chart)
    book.alt_texts.setdefault(sheet.title, []).append(titles.alt)


# ---- Parts of a chart


def _series(block: Block, column: int) -> Series:
    sheet, cells = block.sheet, _column(block, column)
    values = Reference(sheet, min_col=column, min_row=block.first, max_row=block.last)
    heading = Reference(sheet, min_col=column, min_row=block.head, max_row=block.head)
    labels = Reference(sheet, min_col=block.categories, min_row=block.first, max_row=block.last)
    title = _texts([sheet.cell(block.head, column).value])
    return Series(
        tx=SeriesLabel(strRef=StrRef(f=str(heading), strCache=title)),
        val=NumDataSource(numRef=NumRef(f=str(values), numCache=_numbers(cells))),
        cat=AxDataSource(strRef=StrRef(f=str(labels), strCache=_texts(_column(block, block.categories)))),
    )


def _column(block: Block, column: int) -> list[object]:
    return [block.sheet.cell(row, column).value for row in range(block.first, block.last + 1)]


def _numbers(values: Sequence[object]) -> NumData:
    points = [
        NumVal(idx=at, v=repr(value)) for at, value in enumerate(values) if isinstance(value, int | float)
    ]
    return NumData(formatCode="General", ptCount=len(values), pt=points)


def _texts(values: Sequence[object]) -> StrData:
    return StrData(ptCount=len(values), pt=[StrVal(idx=at, v=str(value)) for at, value in enumerate(values)])


def _dress(
    look: Look, chart: LineChart | BarChart | ScatterChart, titles: Titles, ends: tuple[float, float]
) -> None:
    chart.roundedCorners = False
    chart.title = _title(look, titles.title)
    chart.graphical_properties = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(noFill=True))
    _dress_axis(look, chart.x_axis)
    _dress_axis(look, chart.y_axis)
    chart.y_axis.majorUnit = step(ends)
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.majorGridlines = None
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = ends
    chart.y_axis.majorGridlines = _across(look)
    chart.y_axis.number_format = ("0", "0.0", "0.00")[step_places(ends)]
    chart.y_axis.crossBetween = "between"


def _legend(look: Look) -> Legend:
    return Legend(legendPos="b", overlay=False, txPr=_text(look, 8.5))


def _across(look: Look) -> ChartLines:
    return ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=look.colour("chart.grid"))))


def _dress_axis(look: Look, axis: _BaseAxis) -> None:
    axis.delete = False
    axis.majorTickMark = axis.minorTickMark = "none"
    axis.txPr = _text(look, 8)
    axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=look.colour("lines.section")))


def _title(look: Look, text: str, size: float = 11) -> Title:
    letters = _letters(look, size, "strong.text", bold=True)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[RegularTextRun(rPr=letters, t=text)])
    return Title(tx=Text(rich=RichText(bodyPr=RichTextProperties(), p=[paragraph])), overlay=False)


def _text(look: Look, size: float, turned: int = UPRIGHT) -> RichText:
    letters = _letters(look, size, "muted.text", bold=False)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)
    return RichText(bodyPr=RichTextProperties(rot=turned, vert="horz"), p=[paragraph])


def _letters(look: Look, size: float, colour: str, *, bold: bool) -> CharacterProperties:
    font = Font(typeface=look.font)
    return CharacterProperties(sz=int(size * 100), b=bold, solidFill=look.colour(colour), latin=font, cs=font)
