"""How our workbooks look: `reports/workbook/styles.toml` -> the named styles `FID ...` of openpyxl."""

import tomllib
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

from fidelity import content

RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))
_MIRRORED = {"left": "right", "right": "left"}


def add_styles(workbook: Workbook, language: str = "en") -> None:
    """Gives a new workbook all named styles, mirrored and in another font where the language asks for it."""
    for name, wanted in looks()["styles"].items():
        workbook.add_named_style(_style(name, wanted, _root(language)))


@cache
def looks() -> dict[str, Any]:
    """The whole file of looks: palette, lines, chart colours, fonts, styles, widths."""
    return tomllib.loads(content.text("reports", "workbook/styles.toml"))


def reads_right_to_left(language: str) -> bool:
    """Whether the language's sheets are mirrored."""
    return _root(language) in RIGHT_TO_LEFT


def _root(language: str) -> str:
    return language.split("-", maxsplit=1)[0]


def _style(name: str, wanted: dict[str, Any], language: str) -> NamedStyle:
    colours, fonts = looks()["palette"][wanted["role"]], looks()["fonts"]
    style = NamedStyle(name)
    style.font = Font(
        name=fonts.get("of_language", {}).get(language, fonts["body"]),
        size=wanted.get("size", fonts["size"]),
        bold=wanted.get("bold", False),
        color=colours["text"],
    )
    if wanted.get("fill"):
        style.fill = PatternFill("solid", start_color=colours["fill"])
    style.alignment = _alignment(wanted, language)
    style.border = _border(wanted.get("border", ""))
    style.protection = Protection(locked=not wanted.get("open", False))
    style.number_format = wanted.get("format", "General")
    return style


def _alignment(wanted: dict[str, Any], language: str) -> Alignment:
    mirrored = language in RIGHT_TO_LEFT
    side = wanted.get("align", "left")
    return Alignment(
        horizontal=_MIRRORED.get(side, side) if mirrored else side,
        vertical=wanted.get("vertical", "center"),
        indent=wanted.get("indent", 0),
        wrap_text=wanted.get("wrap", False),
        # 0 lets each text choose: what a rater types may be in either direction.
        readingOrder=2 if mirrored and not wanted.get("free", False) else 0,
    )


def _border(kind: str) -> Border:
    lines = looks()["lines"]
    match kind:
        case "row" | "section":
            return Border(bottom=Side("thin", lines[kind]))
        case "box":
            side = Side("thin", lines["field"])
            return Border(left=side, right=side, top=side, bottom=side)
        case _:
            return Border()
