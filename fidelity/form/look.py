"""How the scoring form looks: `reports/workbook/form.toml` -> named styles, mirrored for right-to-left."""

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle

from fidelity.model.direction import reads_right_to_left
from fidelity.team_look import by_look
from fidelity.team_look import settings as set_in

BESIDE = " beside"  # ends the names of the styles of a second language
_MIRRORED = {"left": "right", "right": "left"}


@by_look
def settings() -> dict[str, Any]:
    """The form's own looks, with the colours and fonts that all our workbooks share."""
    shared, own = (set_in(f"workbook/{name}.toml") for name in ("styles", "form"))
    return {
        **own,
        "palette": {**shared["palette"], **own["palette"]},
        "lines": shared["lines"],
        "body": shared["fonts"],
        "fonts": shared["fonts"]["languages"],
        "tall": shared["fonts"]["tall"],
        "broad": shared["fonts"].get("broad", {}),
    }


def add_styles(workbook: Workbook, language: str, beside: str = "") -> None:
    """Gives a new workbook the named styles of the form; of two languages, those `beside` are the other's."""
    for name, wanted in settings()["styles"].items():
        workbook.add_named_style(_style(name, wanted, root_of(language), beside))


def root_of(language: str) -> str:
    """The language without its region: `pt` of `pt-BR`."""
    return language.split("-", maxsplit=1)[0]


def font_of(language: str) -> str:
    """A font that has the letters of the language."""
    return str(settings()["fonts"].get(root_of(language), settings()["body"]["body"]))


def size_of(style: str) -> float:
    """The font size of a style."""
    return float(settings()["styles"][style].get("size", settings()["body"]["size"]))


def look_of(role: str) -> DifferentialStyle:
    """The colours of a role, for a cell that takes them on when something happens."""
    colours = settings()["palette"][role]
    return DifferentialStyle(font=Font(color=colours["text"]), fill=PatternFill(bgColor=colours["fill"]))


def _style(name: str, wanted: dict[str, Any], language: str, beside: str) -> NamedStyle:
    colours = settings()["palette"][wanted["role"]]
    style = NamedStyle(name + beside)
    style.font = Font(
        name=font_of(language), size=size_of(name), bold=wanted.get("bold", False), color=colours["text"]
    )
    if wanted.get("fill"):
        style.fill = PatternFill("solid", start_color=colours["fill"])
    style.alignment = _alignment(wanted, language)
    style.border = _border(wanted.get("border", ""))
    style.protection = Protection(locked=not wanted.get("open", False))
    style.number_format = wanted.get("format", "General")
    return style


def _alignment(wanted: dict[str, Any], language: str) -> Alignment:
    mirrored = reads_right_to_left(language)
    side = wanted.get("align", "left")
    return Alignment(
        horizontal=_MIRRORED.get(side, side) if mirrored else side,
        vertical=wanted.get("vertical", "center"),
        indent=wanted.get("indent", 0),
        wrap_text=wanted.get("wrap", False),
        # Otherwise LibreOffice shows the 3 of "3 · …" at the wrong end; free text may run either way.
        readingOrder=2 if mirrored and not wanted.get("free", False) else 0,
    )


def _border(kind: str) -> Border:
    lines = settings()["lines"]
    match kind:
        case "row":
            return Border(bottom=Side("thin", lines["row"]))
        case "box":
            side = Side("thin", lines["field"])
            return Border(left=side, right=side, top=side, bottom=side)
        case _:
            return Border()
