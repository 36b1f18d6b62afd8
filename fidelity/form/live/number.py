"""Exact fractions as two whole numbers in cells; whatever could grow too large has no formula.

Spreadsheet programs count in floats and compare them to fifteen digits. Whole numbers up to MOST are held and
compared exactly, so no sum, product or comparison here is ever rounded.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm, prod
from typing import NamedTuple

from fidelity.form.live.working import NoFormula, Working, all_of, called, when
from fidelity.model.expression import Comparison
from fidelity.model.number import RoundingMode

MOST = 10**13
MOST_CHOICES = 2_000
SIGNS: dict[Comparison, str] = {"at least": ">=", "at most": "<=", "above": ">", "below": "<", "is": "="}


class Exact(NamedTuple):
    """A fraction, or none where `known` is 0; then its top is 0. The bottom is always above 0.

    `most` and `most_bottom` are the largest that can stand there. `common` is a multiple of every bottom, 0
    where none is known. `choices` are all whole numbers above 0 that the top can be, where they are few.
    """

    top: str
    bottom: str | int
    known: str
    most: int
    most_bottom: int
    common: int = 0
    signed: bool = False
    choices: frozenset[int] = frozenset()


def constant(value: Fraction) -> Exact:
    """The same number always."""
    top, bottom = value.as_integer_ratio()
    return Exact(
        str(top), bottom, "1", within(abs(top)), within(bottom), bottom, top < 0, frozenset({abs(top)})
    )


def whole(cell: str, most: int, choices: frozenset[int] = frozenset(), known: str = "1") -> Exact:
    """A whole number in a cell, not below 0."""
    return Exact(cell, 1, known, within(most), 1, 1, choices=choices)


NOTHING = Exact("0", 1, "0", 0, 1, 1)


def within(most: int) -> int:
    """The number, if cells hold it exactly."""
    if most > MOST:
        raise NoFormula
    return most


# ---- together


def on_one_bottom(working: Working, parts: Sequence[Exact]) -> tuple[list[tuple[str, int]], Exact]:
    """The tops over a bottom that all share, each with its largest; and one over that bottom."""
    fixed = lcm(*(each.bottom for each in parts if isinstance(each.bottom, int)))
    moving = [each for each in parts if not isinstance(each.bottom, int)]
    common = lcm(fixed, *(each.common for each in moving)) if all(each.common for each in moving) else 0
    most = fixed * prod(each.most_bottom for each in moving)
    if not moving or (common and common <= most):
        shared = within(common if moving else fixed)
        one = Exact("1", shared, "1", 1, shared, shared)
        return [_raised(each, shared, shared) for each in parts], one
    within(most)
    bottom = working.keep(f"PRODUCT({fixed},{','.join(str(each.bottom) for each in moving)})")
    one = Exact("1", bottom, "1", 1, most, common if common <= MOST else 0)
    return [_raised(each, bottom, most) for each in parts], one


def _raised(part: Exact, bottom: str | int, most_bottom: int) -> tuple[str, int]:
    """The top of a fraction brought to a multiple of its bottom; the division leaves nothing over."""
    if isinstance(bottom, int) and isinstance(part.bottom, int):
        factor = bottom // part.bottom
        return times(part.top, factor), within(part.most * factor)
    return f"{part.top}*({bottom}/{part.bottom})", within(part.most * most_bottom)


def times(first: str, second: str | int) -> str:
    """A product, without needless ones."""
    if second in (1, "1"):
        return first
    if "$" not in first and isinstance(second, int):
        return str(int(first) * second)
    return f"{first}*{second}"


def total(working: Working, parts: Sequence[Exact]) -> Exact:
    """The sum of fractions; it is known where all of them are."""
    if not parts:
        return constant(Fraction(0))
    raised, one = on_one_bottom(working, parts)
    cells = [working.keep(top) for top, _ in raised]
    top = working.keep(called("SUM", cells))
    known = working.keep(all_of(each.known for each in parts))
    most = within(sum(size for _, size in raised))
    return one._replace(top=top, known=known, most=most, signed=any(each.signed for each in parts))


def negative(number: Exact) -> Exact:
    """The number below 0 that was above it."""
    return number._replace(top=times(number.top, -1), signed=True, choices=frozenset())


def product(working: Working, first: Exact, second: Exact) -> Exact:
    """The product of two fractions."""
    bottom, most_bottom = _bottoms(working, first.bottom, second.bottom)
    return Exact(
        working.keep(times(first.top, second.top)),
        bottom,
        working.keep(all_of([first.known, second.known])),
        within(first.most * second.most),
        within(most_bottom or first.most_bottom * second.most_bottom),
        _small(first.common * second.common),
        first.signed or second.signed,
    )


def _bottoms(working: Working, first: str | int, second: str | int) -> tuple[str | int, int]:
    """Their product, and how large it is where that never changes."""
    if isinstance(first, int) and isinstance(second, int):
        return first * second, first * second
    if isinstance(first, int):
        return working.keep(times(str(second), first)), 0
    return working.keep(times(first, second)), 0


def _small(common: int) -> int:
    return common if common <= MOST else 0


def quotient(working: Working, first: Exact, second: Exact) -> Exact:
    """The quotient of two fractions; not known where there is nothing to divide by."""
    first, second = without_common_factor(first, second)
    divisor = max(1, second.most)
    known = working.keep(all_of([first.known, second.known, _not_nought(working, second)]))
    sign = f"*SIGN({second.top})" if second.signed else ""
    top = working.keep(when(known, times(first.top, second.bottom) + sign, "0"))
    bottom, most_bottom = _divided(working, first, second, known)
    common = _common_divisor(second)
    return Exact(
        top,
        bottom,
        known,
        within(first.most * second.most_bottom),
        within(most_bottom or first.most_bottom * divisor),
        _small(first.common * common),
        first.signed or second.signed,
    )


def _not_nought(working: Working, number: Exact) -> str:
    if "$" not in number.top:
        return str(int(number.top != "0"))
    return working.keep(f"IF({number.top}<>0,1,0)")


def _divided(working: Working, first: Exact, second: Exact, known: str) -> tuple[str | int, int]:
    """The new bottom; the same always where what is divided by can be one number only."""
    if len(second.choices) == 1 and isinstance(first.bottom, int):
        same = first.bottom * max(1, *second.choices)
        return same, same
    size = f"ABS({second.top})" if second.signed else second.top
    return working.keep(when(known, times(size, first.bottom), "1")), 0


def _common_divisor(number: Exact) -> int:
    """A multiple of all that the top can be above 0, or 0."""
    if number.choices:
        return lcm(*(each for each in number.choices if each))
    return lcm(*range(1, number.most + 1)) if 0 < number.most <= 40 else 0


def without_common_factor(first: Exact, second: Exact) -> tuple[Exact, Exact]:
    """What two bottoms that never change have in common cancels in their quotient."""
    if not isinstance(first.bottom, int) or not isinstance(second.bottom, int):
        return first, second
    same = gcd(first.bottom, second.bottom)
    own, other = first.bottom // same, second.bottom // same
    return (
        first._replace(bottom=own, most_bottom=own, common=own),
        second._replace(bottom=other, most_bottom=other, common=other),
    )


def subset_sums(fixed: Sequence[int], free: Sequence[int]) -> frozenset[int]:
    """All sums above 0 of the fixed numbers and any of the free ones; none where they are too many."""
    sums = {sum(fixed)}
    for each in free:
        sums |= {each + before for before in sums}
        if len(sums) > MOST_CHOICES:
            return frozenset()
    return frozenset(sums - {0})


# ---- in order


def holds(first: Exact, comparison: Comparison, second: Exact) -> str:
    """Whether the comparison holds, by multiplying crosswise; both are known."""
    first, second = without_common_factor(first, second)
    within(max(first.most * second.most_bottom, second.most * first.most_bottom))
    left, right = times(first.top, second.bottom), times(second.top, first.bottom)
    return f"{left}{SIGNS[comparison]}{right}"


# ---- rounded


def rounded(working: Working, number: Exact, places: int, mode: RoundingMode) -> Exact:
    """The number to so many places, worked out in whole numbers."""
    scale = 10**places
    within(2 * number.most * scale + number.most_bottom)
    size = working.keep(f"ABS({number.top})*{scale}" if number.signed else times(number.top, scale))
    down = working.keep(f"INT({size}/{number.bottom})")
    rest = working.keep(f"{size}-{down}*{number.bottom}")
    up = working.keep(f"{down}+{_goes_up(down, rest, number.bottom, mode)}")
    top = working.keep(f"{up}*SIGN({number.top})") if number.signed else up
    most = within(number.most * scale + 1)
    return Exact(top, scale, number.known, most, scale, scale, number.signed)


def _goes_up(down: str, rest: str, bottom: str | int, mode: RoundingMode) -> str:
    match mode:
        case "down":
            return "0"
        case "up":
            return f"IF({rest}>0,1,0)"
        case "half_away":
            return f"IF(2*{rest}>={bottom},1,0)"
        case "half_even":
            odd = f"{down}-2*INT({down}/2)"
            return f"IF(2*{rest}>{bottom},1,IF(2*{rest}={bottom},{odd},0))"
