"""Exact fractions as two whole columns; no float ever decides, and no column can overflow.

Every number carries the largest that its columns can become. What passes 64 bits is worked out in 128 bits,
and what could pass those is refused before any record is seen.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm, prod
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.plan import Plan
from fidelity.model.expression import Comparison
from fidelity.model.number import RoundingMode

MOST_IN_64 = 2**63 - 1
MOST_IN_128 = 2**127 - 1
MOST_STEPS = 40  # the numbers up to here have a common multiple that 64 bits hold

TRUE, FALSE = pl.lit(value=True), pl.lit(value=False)


class TooLarge(Exception):
    """A number could pass 128 bits; then the rows are worked out one by one."""


class Exact(NamedTuple):
    """A fraction, or none where `known` is false; the bottom is above nought in every row.

    `bottom` is a number where it is the same in every row. `common` is a multiple of every bottom that can
    occur, where one is known. `signed` says that the fraction may be below nought.
    """

    top: pl.Expr
    bottom: pl.Expr | int
    known: pl.Expr
    most: int
    most_bottom: int
    common: int = 0
    signed: bool = False


def constant(value: Fraction) -> Exact:
    """The same number in every row."""
    top, bottom = value.as_integer_ratio()
    return Exact(whole(top, abs(top)), bottom, TRUE, abs(top), bottom, bottom, value < 0)


NOTHING = Exact(pl.lit(0, pl.Int64), 1, FALSE, 0, 1, 1)


def whole(value: int, most: int) -> pl.Expr:
    """A whole number in a column wide enough for what it meets there."""
    return pl.lit(value, dtype=width(most))


def width(most: int) -> type[pl.Int64 | pl.Int128]:
    """The column type that holds numbers up to here."""
    if most > MOST_IN_128:
        raise TooLarge
    return pl.Int64 if most <= MOST_IN_64 else pl.Int128


def multiplied(first: pl.Expr, second: pl.Expr | int, most: int) -> pl.Expr:
    """A product, in a column wide enough for it and for what is multiplied, also by nought."""
    kind = width(most)
    if isinstance(second, int):
        return first.cast(kind) if second == 1 else first.cast(kind) * pl.lit(second, dtype=kind)
    return first.cast(kind) * second.cast(kind)


def kept(plan: Plan, number: Exact) -> Exact:
    """The number, its columns worked out once."""
    bottom = number.bottom if isinstance(number.bottom, int) else plan.keep(number.bottom)
    return number._replace(top=plan.keep(number.top), bottom=bottom, known=plan.keep(number.known))


# ---- together


def on_one_bottom(plan: Plan, parts: Sequence[Exact]) -> tuple[list[tuple[pl.Expr, int]], Exact]:
    """The tops over a bottom that all share, each with its largest; and one over that bottom."""
    bottoms = {each.bottom for each in parts if isinstance(each.bottom, int)}
    open_parts = [each for each in parts if not isinstance(each.bottom, int)]
    fixed = lcm(*bottoms)
    common = lcm(fixed, *(each.common for each in open_parts)) if all(p.common for p in open_parts) else 0
    most = fixed * prod(each.most_bottom for each in open_parts)
    if not open_parts or (common and common <= most):
        shared = fixed if not open_parts else common
        one = Exact(whole(1, 1), shared, TRUE, 1, shared, shared)
        return [_raised(each, shared, shared) for each in parts], one
    bottom = plan.keep(
        reduce(lambda product, each: multiplied(product, each.bottom, most), open_parts, whole(fixed, most))
    )
    # The product of the bottoms may not divide what each of them divides, but what they divide together.
    one = Exact(whole(1, 1), bottom, TRUE, 1, most, fixed * prod(each.common for each in open_parts))
    return [_raised(each, bottom, most) for each in parts], one


def _raised(part: Exact, bottom: pl.Expr | int, most_bottom: int) -> tuple[pl.Expr, int]:
    """The top of a fraction brought to a multiple of its bottom; the division leaves nothing over."""
    if isinstance(bottom, int) and isinstance(part.bottom, int):
        factor = bottom // part.bottom
        most = part.most * factor
        return multiplied(part.top, factor, most), most
    most = part.most * most_bottom
    kind = width(max(most, most_bottom))
    target = pl.lit(bottom, dtype=kind) if isinstance(bottom, int) else bottom.cast(kind)
    own = pl.lit(part.bottom, dtype=kind) if isinstance(part.bottom, int) else part.bottom.cast(kind)
    return part.top.cast(kind) * (target // own), most


def total(plan: Plan, parts: Sequence[Exact]) -> Exact:
    """The sum of fractions; it is known where all of them are."""
    raised, one = on_one_bottom(plan, parts)
    most = sum(size for _, size in raised)
    kind = width(most)
    top = pl.sum_horizontal([each.cast(kind) for each, _ in raised])
    known = all_of([each.known for each in parts])
    return kept(plan, one._replace(top=top, known=known, most=most, signed=any(p.signed for p in parts)))


def negative(number: Exact) -> Exact:
    """The number below nought that was above it."""
    return number._replace(top=_below_nought(number.top, number.most), signed=True)


def _below_nought(top: pl.Expr, most: int) -> pl.Expr:
    # Polars cannot turn the sign of 128 bits round, but it can subtract.
    return whole(0, most) - top.cast(width(most))


def product(plan: Plan, first: Exact, second: Exact) -> Exact:
    """The product of two fractions."""
    most = first.most * second.most
    bottom, most_bottom = _times(first.bottom, second.bottom, first.most_bottom * second.most_bottom)
    return kept(
        plan,
        Exact(
            multiplied(first.top, second.top, max(1, first.most) * max(1, second.most)),
            bottom,
            all_of([first.known, second.known]),
            most,
            most_bottom,
            first.common * second.common,
            first.signed or second.signed,
        ),
    )


def quotient(plan: Plan, first: Exact, second: Exact) -> Exact:
    """The quotient of two fractions; not known where there is nothing to divide by."""
    first, second = _without_common_factor(first, second)
    most, most_divisor = first.most * second.most_bottom, max(1, second.most)
    top = multiplied(first.top, second.bottom, max(1, first.most) * second.most_bottom)
    size = second.top.abs() if second.signed else second.top
    if second.signed:
        top = pl.when(second.top < 0).then(_below_nought(top, most)).otherwise(top)
    divisor = pl.when(size == 0).then(1).otherwise(size)
    bottom, most_bottom = _times(first.bottom, divisor, first.most_bottom * most_divisor)
    common = first.common * lcm(*range(1, most_divisor + 1)) if most_divisor <= MOST_STEPS else 0
    known = all_of([first.known, second.known]) & (second.top != 0)
    signed = first.signed or second.signed
    return kept(plan, Exact(top, bottom, known, most, most_bottom, common, signed))


def _times(first: pl.Expr | int, second: pl.Expr | int, most: int) -> tuple[pl.Expr | int, int]:
    if isinstance(first, int) and isinstance(second, int):
        return first * second, first * second
    if isinstance(first, int):
        return _times(second, first, most)
    return multiplied(first, second, most), most


def _without_common_factor(first: Exact, second: Exact) -> tuple[Exact, Exact]:
    """What two bottoms that never change have in common cancels in their quotient."""
    if not isinstance(first.bottom, int) or not isinstance(second.bottom, int):
        return first, second
    same = gcd(first.bottom, second.bottom)
    return (
        first._replace(
            bottom=first.bottom // same, most_bottom=first.bottom // same, common=first.bottom // same
        ),
        second._replace(bottom=second.bottom // same, most_bottom=second.bottom // same),
    )


# ---- in order


def holds(first: Exact, comparison: Comparison, second: Exact) -> pl.Expr:
    """Whether the comparison holds where both are known, by multiplying crosswise."""
    left, right = _crosswise(first, second)
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


def _crosswise(first: Exact, second: Exact) -> tuple[pl.Expr, pl.Expr]:
    first, second = _without_common_factor(first, second)
    most = max(max(1, first.most) * second.most_bottom, max(1, second.most) * first.most_bottom)
    return multiplied(first.top, second.bottom, most), multiplied(second.top, first.bottom, most)


def lower(plan: Plan, first: Exact, second: Exact) -> Exact:
    """The lower one, or the one that is known."""
    return _picked(plan, first, second, holds(first, "at most", second))


def higher(plan: Plan, first: Exact, second: Exact) -> Exact:
    """The higher one, or the one that is known."""
    return _picked(plan, first, second, holds(first, "at least", second))


def _picked(plan: Plan, first: Exact, second: Exact, before: pl.Expr) -> Exact:
    return either(plan, plan.keep(first.known & (before | ~second.known)), first, second)


def either(plan: Plan, choice: pl.Expr, first: Exact, second: Exact) -> Exact:
    """The first number where the choice is true, else the second."""
    most, most_bottom = max(first.most, second.most), max(first.most_bottom, second.most_bottom)
    kind, kind_of_bottom = width(most), width(most_bottom)
    if (
        isinstance(first.bottom, int)
        and isinstance(second.bottom, int)
        and (first.bottom == second.bottom or 0 in {first.most, second.most})
    ):
        bottom: pl.Expr | int = first.bottom if first.most else second.bottom
    else:
        ends = [
            whole(each.bottom, most_bottom)
            if isinstance(each.bottom, int)
            else each.bottom.cast(kind_of_bottom)
            for each in (first, second)
        ]
        bottom = pl.when(choice).then(ends[0]).otherwise(ends[1])
    return kept(
        plan,
        Exact(
            pl.when(choice).then(first.top.cast(kind)).otherwise(second.top.cast(kind)),
            bottom,
            pl.when(choice).then(first.known).otherwise(second.known),
            most,
            most_bottom,
            lcm(first.common, second.common),
            first.signed or second.signed,
        ),
    )


def where(condition: pl.Expr, number: Exact) -> Exact:
    """The number, known only where the condition holds too."""
    return number._replace(known=number.known & condition)


# ---- rounded


def rounded(plan: Plan, number: Exact, places: int, mode: RoundingMode) -> Exact:
    """The number to so many places, worked out in whole numbers."""
    scale = 10**places
    most = number.most * scale
    kind = width(max(most, 2 * number.most_bottom))
    size = number.top.abs() if number.signed else number.top
    bottom = pl.lit(number.bottom, dtype=kind) if isinstance(number.bottom, int) else number.bottom.cast(kind)
    scaled = plan.keep(size.cast(kind) * pl.lit(scale, dtype=kind))
    down, rest = plan.keep(scaled // bottom), plan.keep(scaled % bottom)
    up = plan.keep(down + _goes_up(down, rest, bottom, mode).cast(kind))
    top = pl.when(number.top < 0).then(_below_nought(up, most)).otherwise(up) if number.signed else up
    most = most // (number.bottom if isinstance(number.bottom, int) else 1) + 1
    return kept(plan, Exact(top.cast(width(most)), scale, number.known, most, scale, scale, number.signed))


def _goes_up(down: pl.Expr, rest: pl.Expr, bottom: pl.Expr, mode: RoundingMode) -> pl.Expr:
    twice = rest * 2
    match mode:
        case "down":
            return FALSE
        case "up":
            return rest > 0
        case "half_away":
            return twice >= bottom
        case "half_even":
            return (twice > bottom) | ((twice == bottom) & (down % 2 == 1))


# ---- truth


def all_of(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Whether all are true; true of none at all."""
    told = [each for each in parts if not each.meta.eq(TRUE)]
    return pl.all_horizontal(told) if len(told) > 1 else told[0] if told else TRUE


def any_of(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Whether one is true; false of none at all."""
    told = [each for each in parts if not each.meta.eq(FALSE)]
    return pl.any_horizontal(told) if len(told) > 1 else told[0] if told else FALSE


def counted(parts: Sequence[pl.Expr]) -> pl.Expr:
    """How many are true."""
    return pl.sum_horizontal([each.cast(pl.Int64) for each in parts]) if parts else pl.lit(0, pl.Int64)
