"""Exact numbers as one whole number over another, not reduced: formulas reckon in these and divide last."""

from fractions import Fraction
from functools import lru_cache

from fidelity.model.expression import Comparison, Operator

Ratio = tuple[int, int]  # the lower number is above nought


def reckoned(operator: Operator, first: Ratio, second: Ratio) -> Ratio | None:
    """Two numbers joined by a sign; nothing when there is nothing to divide by."""
    (top, bottom), (other_top, other_bottom) = first, second
    match operator:
        case "+":
            return top * other_bottom + other_top * bottom, bottom * other_bottom
        case "-":
            return top * other_bottom - other_top * bottom, bottom * other_bottom
        case "*":
            return top * other_top, bottom * other_bottom
        case "/":
            return over(top * other_bottom, other_top * bottom)


def over(top: int, bottom: int) -> Ratio | None:
    """The quotient of two whole numbers; nothing when there is nothing to divide by."""
    if bottom > 0:
        return top, bottom
    return (-top, -bottom) if bottom else None


def holds(comparison: Comparison, first: Ratio, second: Ratio) -> bool:
    """Whether the two stand in this order."""
    left, right = first[0] * second[1], second[0] * first[1]
    match comparison:
        case "at least":
            return left >= right
        case "at most":
            return left <= right
        case "above":
            return left > right
        case "below":
            return left < right
        case "is":
            return left == right


@lru_cache(maxsize=10_000)  # the same few numbers come again and again
def reduced(number: Ratio | None) -> Fraction | None:
    """The number in lowest terms."""
    return None if number is None else Fraction(*number)
