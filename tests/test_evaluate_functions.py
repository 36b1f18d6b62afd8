"""Every function of the language has its value for one observation."""

from fidelity.evaluate.functions import FUNCTIONS
from fidelity.model import function


def test_each_function_of_the_language_has_a_value() -> None:
    assert list(FUNCTIONS) == list(function.FUNCTIONS)
