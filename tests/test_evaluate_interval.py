"""Bounds of sums, products and quotients hold for everything between the ends."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity.evaluate.interval import ANYTHING, Interval, joined
from fidelity.evaluate.ratio import reckoned, reduced
from fidelity.model.expression import Operator

numbers = st.fractions(min_value=-5, max_value=5, max_denominator=3)


@st.composite
def held(draw: st.DrawFn) -> tuple[Fraction, Interval]:
    """A number and an interval around it, perhaps with open ends."""
    low, number, high = sorted((draw(numbers), draw(numbers), draw(numbers)))
    return number, Interval(draw(st.sampled_from([low, None])), draw(st.sampled_from([high, None])))


@given(operator=st.sampled_from(["+", "-", "*", "/"]), left=held(), right=held())
def test_what_lies_in_the_parts_lies_in_the_whole(
    operator: Operator, left: tuple[Fraction, Interval], right: tuple[Fraction, Interval]
) -> None:
    exact = reduced(reckoned(operator, left[0].as_integer_ratio(), right[0].as_integer_ratio()))
    assume(exact is not None)
    low, high = joined(operator, left[1], right[1])
    assert exact is not None
    assert low is None or low <= exact
    assert high is None or exact <= high


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Interval(Fraction(2), None), Interval(Fraction(4), Fraction(4)), Interval(Fraction(1, 2), None)),
        (Interval(Fraction(1), Fraction(3)), Interval(Fraction(0), None), Interval(Fraction(0), None)),
        (Interval(Fraction(1), Fraction(3)), Interval(Fraction(0), Fraction(0)), ANYTHING),
        (Interval(Fraction(1), Fraction(3)), Interval(Fraction(-1), Fraction(1)), ANYTHING),
    ],
)
def test_a_divisor_that_may_be_zero_leaves_the_bounds_that_it_can(
    left: Interval, right: Interval, expected: Interval
) -> None:
    assert joined("/", left, right) == expected
