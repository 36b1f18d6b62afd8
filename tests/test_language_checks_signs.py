"""Signs that deceive the eye are told, and honest texts in several scripts are left alone."""

import pytest

from fidelity.language.checks.signs import deceiving_texts
from fidelity.language.tree import Text


def told(content: str) -> list[object]:
    return [each.facts.get("mixed") or each.facts["sign"] for each in deceiving_texts(Text(content))]


@pytest.mark.parametrize(
    "content", ["Explains the pl\u0430n", "\u041f\u043eмo\u0449ь", "\u0391nswer", "pr\u0585cess"]
)
def test_a_word_with_a_twin_from_another_script_is_told(content: str) -> None:
    assert len(told(content)) == 1


@pytest.mark.parametrize(
    "content",
    [
        "Помощь и поддержка",
        "Help — помощь, aide, βοήθεια",
        "5 μg, Δt and α-level, SMS-ка, iPhone'ом",
        "naïve café, Kiswahili, ﷽",
        "Χ²-test",
    ],
)
def test_an_honest_text_is_not(content: str) -> None:
    assert told(content) == []


@pytest.mark.parametrize("sign", ["\u202e", "\u2066"])
def test_a_sign_that_turns_the_direction_is_told(sign: str) -> None:
    assert told(f"Says {sign}hello") == [f"U+{ord(sign):04X}"]
