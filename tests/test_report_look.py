"""The look: contrasts, and that every style, width and word that the code asks for is there."""

import re
from pathlib import Path

import pytest
from report_sample import small_study

from fidelity.report.look import DASHES, DATA, HEADS, STYLES, shipped_look
from fidelity.report.words import words_for

CHECKOUT = Path(__file__).parent.parent
LOOK = shipped_look()


def luminance(colour: str) -> float:
    """How bright a colour is, as WCAG 2 counts it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("role", LOOK.styles["palette"])
def test_every_text_stands_out_from_its_fill(role: str) -> None:
    assert contrast(LOOK.colour(f"{role}.text"), LOOK.colour(f"{role}.fill")) >= 4.5


@pytest.mark.parametrize(
    "line", ["observations", "centre", "limits", "standard", "signal", "rising", "ordinary"]
)
def test_every_line_of_a_chart_stands_out_from_the_paper(line: str) -> None:
    assert contrast(LOOK.colour(f"chart.{line}"), "FFFFFF") >= 3


def test_what_is_written_over_a_status_can_be_read_on_it() -> None:
    for status in ("good", "watch", "concern", "neutral", "strip"):
        assert contrast(LOOK.colour("plain.text"), LOOK.colour(f"{status}.fill")) >= 4.5


def test_every_style_that_the_code_names_is_defined() -> None:
    code = "".join(path.read_text() for path in (CHECKOUT / "fidelity/report").rglob("*.py"))
    named = set(re.findall(r'"(FID [A-Z][A-Za-z0-9 ]+)"', code))
    named |= {*STYLES.values(), *HEADS.values(), *DASHES.values(), *DATA, *DATA.values()}
    named |= {
        f"FID {look}{value}"
        for look in ("Good", "Watch", "Concern", "Neutral", "Steady")
        for value in ("", " value")
    }
    named |= {f"FID {kind} {places}" for kind in ("Number", "Change") for places in (0, 1, 2)}
    assert named <= set(LOOK.styles["styles"])


def test_no_text_is_smaller_than_8_points() -> None:
    assert min(LOOK.size(style) for style in LOOK.styles["styles"]) >= 8


def test_every_word_that_the_code_asks_for_is_there() -> None:
    words = words_for(small_study({"A": [3]}).checklist)
    files = [*(CHECKOUT / "fidelity/report").rglob("*.py"), *(CHECKOUT / "reports/page").glob("*.html")]
    told = re.compile(r"""say\(\s*["']([a-z_]+[.][a-z_.]+)["']""")
    asked = {key for path in files for key in told.findall(path.read_text())}
    assert len(asked) > 60
    # The words of explanations have a part of their own, and are asked for by their names within it.
    known = {key for key in asked if words.wording(key) or words.wording(f"explanation.{key}")}
    assert sorted(asked - known) == []
