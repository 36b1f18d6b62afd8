"""How much room a text takes is guessed close to what programs draw, and never less."""

import pytest

from fidelity.text_size import lines, text_width

# Widths as LibreOffice draws them in Carlito at 10.5 points, in signs of a column's width.
DRAWN = {
    "Sieht mit der Person an, wie sie ihre Probleme einstuft": 42.1,
    "Anaangalia pamoja na mteja alama za matatizo yake": 40.5,
    "Looks with the client at their problem ratings": 34.6,
}


@pytest.mark.parametrize("text", DRAWN)
def test_a_text_is_taken_a_little_wider_than_it_is_drawn(text: str) -> None:
    guessed = text_width(text) * 10.5 / 11
    assert DRAWN[text] < guessed < DRAWN[text] * 1.06


@pytest.mark.parametrize("text", DRAWN)
def test_a_text_that_just_fills_its_column_gets_a_second_line(text: str) -> None:
    assert lines(text, DRAWN[text] + 2, 10.5) == 2
    assert lines(text, DRAWN[text] + 6, 10.5) == 1


def test_signs_that_fill_a_square_are_two_letters_wide() -> None:
    assert text_width("観察記録") == 8
