"""RB240: a layout that misleads is told, and one that only differs is not."""

import pytest

from fidelity.language.checks.layout import misleading_layout
from fidelity.language.reading import examined

TIDY = """\
checklist tiny "Tiny"
  version 1.0.0
scale tick "Seen?"
  answer not_seen "Not seen" scores 0
  answer seen "Seen" scores 1
section start "Start" on scale tick
  item a "A"
    note "Look closely."
  item b "B"
score total "Total" is percent of items
  needing at least 1/2 answered
examples "Both"
  | a | b => total |
  | seen | seen => 100% |
"""


def found(text: str) -> list[tuple[int, str]]:
    return [(each.place.line, next(iter(each.facts))) for each in misleading_layout(text, "tiny.rubric")]


@pytest.mark.parametrize(
    "text",
    [
        TIDY,
        "\n".join(line.strip() for line in TIDY.splitlines()),
        TIDY.replace("  ", "\t"),
        TIDY.replace("  ", "        "),
        TIDY.replace("\n", "\n  "),
        TIDY.replace("  item b", "   item b"),
        TIDY.replace("  needing", "needing"),
        TIDY.replace('"', "“", 1).replace('"', "”", 1).replace("“Tiny”", '"Tiny"'),
        TIDY.replace('"Look closely."', '«Say "yes".»'),
    ],
    ids=[
        "tidy",
        "flat",
        "tabs",
        "wide",
        "all moved in",
        "one blank more",
        "joined line",
        "straight",
        "needed",
    ],
)
def test_an_honest_layout_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TIDY.replace("  item b", "      item b"), [(9, "inside")]),
        (TIDY.replace("  item b", "item b"), [(9, "outside")]),
        (TIDY.replace("score total", "    score total"), [(10, "inside")]),
        (TIDY.replace("  | seen", "| seen"), [(14, "outside")]),
        (TIDY.replace('"Seen"', "“Seen”"), [(5, "marks")]),
    ],
)
def test_a_layout_that_misleads_is_told(text: str, expected: list[tuple[int, str]]) -> None:
    assert found(text) == expected


def test_it_can_be_allowed() -> None:
    text = TIDY.replace("  item b", "      item b").replace(
        "1.0.0\n", '1.0.0\n  allow RB240 because "Laid out like the paper form."\n'
    )
    checklist, problems = examined(text, "tiny.rubric")
    assert checklist is not None
    assert [(each.code, each.severity) for each in problems] == [("RB240", "info")]
