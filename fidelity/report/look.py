"""The look of the workbook: `reports/workbook/*.toml`, in a language -> palette, styles, widths, sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from fidelity.catalogue import ENGLISH, in_language, spoken_language
from fidelity.model.direction import reads_right_to_left
from fidelity.report.status import Status
from fidelity.report.tables.table import Alert, Bars, Column, Value
from fidelity.team_look import by_look, settings

Settings = Mapping[str, Any]

STYLES: dict[str, str] = {
    "text": "FID Text",
    "strong": "FID Strong",
    "topic": "FID Strong",
    "code": "FID Code",
    "person": "FID Link",
    "session": "FID Session",
    "date": "FID Date",
    "count": "FID Number 0",
    "tally": "FID Tally",
    "alert": "FID Number 0",
    "figure": "FID Figure",
    "status": "FID Steady",
    "bars": "FID Bars",
}
HEADS = {"start": "FID Head", "center": "FID Head center", "end": "FID Head right"}
REPEATED = "FID Repeated"
DATA = {
    "FID Text": "FID Data wrapped",
    "FID Code": "FID Data",
    "FID Link": "FID Data link",
    "FID Session": "FID Data link",
    "FID Date": "FID Data date",
    "FID Number 0": "FID Data number 0",
    "FID Number 1": "FID Data number 1",
    "FID Number 2": "FID Data number 2",
    "FID Dash": "FID Data dash",
    "FID Dash center": "FID Data date",
}
MIRRORED = {"left": "right", "right": "left"}
OFF_THE_EDGE = "_w"  # behind a number at the right edge; in a mirrored sheet numbers are indented instead
DASHES = {"start": "FID Text", "center": "FID Dash center", "end": "FID Dash"}


class Paper(NamedTuple):
    """A kind of paper: its number in workbooks, its width and height upright, in points."""

    number: int
    wide: float
    high: float


PAPERS = {"A4": Paper(9, 595.0, 842.0), "Letter": Paper(1, 612.0, 792.0)}
INCH = 72.0


@dataclass(frozen=True, slots=True)
class Look:
    """Palette, lines, chart colours, widths and styles, and the sheets' own settings and titles."""

    styles: Settings
    sheets: Settings
    language: str = ENGLISH

    @property
    def mirrored(self) -> bool:
        """Whether sheets run from right to left."""
        return reads_right_to_left(self.language)

    def colour(self, name: str) -> str:
        """A colour by its dotted name, such as `good.fill`, `lines.row`, `chart.signal`."""
        group, _, which = name.partition(".")
        if group in ("lines", "chart"):
            return str(self.styles[group][which])
        return str(self.styles["palette"][group][which])

    @property
    def paper(self) -> Paper:
        """The paper that all is printed on."""
        return PAPERS[self.styles["paper"]["size"]]

    def room(self, *, upright: bool = True) -> tuple[float, float]:
        """What a page of the workbook holds between its margins: across and down, in points."""
        page, paper = self.sheets["page"], self.paper
        wide, high = (paper.wide, paper.high) if upright else (paper.high, paper.wide)
        return wide - 2 * INCH * page["margin_side"], high - 2 * INCH * page["margin_top"]

    @property
    def levels(self) -> list[str]:
        """The colours of levels, lowest first."""
        return list(self.styles["chart"]["levels"])

    @property
    def font(self) -> str:
        """The font of everything: one that has the letters of the language."""
        fonts = self.styles["fonts"]
        return str(fonts["languages"].get(self.language, fonts["body"]))

    @property
    def broad(self) -> float:
        """How much broader than in Calibri the lines of the language are."""
        return float(self.styles["fonts"].get("broad", {}).get(self.language, 1))

    @property
    def tall(self) -> float:
        """How much higher than Latin script the lines of the language are."""
        return float(self.styles["fonts"]["tall"].get(self.language, 1))

    def width(self, sheet: str, key: str) -> float:
        """The width of a column, in characters."""
        widths = self.styles["widths"][sheet]
        return float(widths.get(key, widths.get("other", 12)))

    def bold(self, style: str) -> bool:
        """Whether a named style is bold."""
        return bool(self.styles["styles"][style].get("bold", False))

    def wraps(self, style: str) -> bool:
        """Whether a named style breaks long texts into lines."""
        return bool(self.styles["styles"][style].get("wrap", False))

    def free(self, style: str) -> bool:
        """Whether a named style holds what somebody typed, in either direction."""
        return bool(self.styles["styles"][style].get("free", False))

    def size(self, style: str) -> float:
        """The font size of a named style."""
        return float(self.styles["styles"][style].get("size", self.styles["fonts"]["size"]))


@by_look
def shipped_look(language: str = ENGLISH) -> Look:
    """The look that lies in `reports/workbook` or is the team's own, with titles in the language."""
    known = spoken_language(language)
    styles, sheets = (settings(f"workbook/{name}.toml") for name in ("styles", "sheets"))
    return Look(styles, in_language(sheets, "sheets/", known), known)


def style_of(column: Column, value: Value, *, as_data: bool = False) -> str:
    """The named style of a value in a column; rows of data are smaller."""
    style = _style_of(column, value)
    return DATA.get(style, style) if as_data else style


def _style_of(column: Column, value: Value) -> str:
    match value:
        case None if column.kind == "code":
            return "FID Code"
        case None:
            return DASHES[column.align]
        case Status(look=look):
            return f"FID {look.capitalize()}"
        case Alert(raised=True):
            return "FID Alert"
        case Bars():
            return "FID Bars"
        case _ if column.kind in ("number", "marker"):
            return f"FID Number {column.places}"
        case _ if column.kind == "change":
            return f"FID Change {column.places}"
        case _:
            return STYLES[column.kind]


def add_styles(workbook: Workbook, look: Look) -> None:
    """All named styles of the look, ready to be used by name."""
    for name, style in look.styles["styles"].items():
        workbook.add_named_style(_named_style(name, style, look))


def _named_style(name: str, style: Settings, look: Look) -> NamedStyle:
    made = NamedStyle(name=name)
    role = style.get("role", "plain")
    made.font = Font(
        name=look.font, size=look.size(name), bold=style.get("bold", False), color=look.colour(f"{role}.text")
    )
    if style.get("fill"):
        made.fill = PatternFill("solid", fgColor=look.colour(f"{role}.fill"))
    side = style.get("align", "left")
    written = style.get("format", "General")
    turned = look.mirrored and OFF_THE_EDGE in written
    made.alignment = Alignment(
        # In a mirrored sheet left and right stay where they are on the paper.
        horizontal=MIRRORED.get(side, side) if look.mirrored else side,
        vertical=style.get("vertical", "center"),
        wrap_text=style.get("wrap", False),
        indent=1 if turned else style.get("indent", 0),
        readingOrder=_reading_order(style) if look.mirrored else 0,
    )
    made.border = _border(style.get("border", ""), look)
    made.number_format = written.replace(OFF_THE_EDGE, "") if turned else written
    return made


def _reading_order(style: Settings) -> int:
    """Numbers run left to right, what somebody typed as its letters do, our own texts right to left."""
    if style.get("numbers") or "0" in style.get("format", "") or "yy" in style.get("format", ""):
        return 1
    return 0 if style.get("free") else 2


def _border(kind: str, look: Look) -> Border:
    match kind:
        case "row" | "section":
            return Border(bottom=Side("thin", color=look.colour(f"lines.{kind}")))
        case "box":
            side = Side("thin", color=look.colour("lines.field"))
            return Border(left=side, right=side, top=side, bottom=side)
        case _:
            return Border()
