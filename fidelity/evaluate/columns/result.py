"""Result -> a column of its possible levels as bits, the lowest level first; gates move bits down."""

import polars as pl

from fidelity.evaluate.columns.condition import mask, verdict
from fidelity.evaluate.columns.known import Known, Verdict, absent
from fidelity.evaluate.columns.number import TooLarge
from fidelity.model.checklist import Result

MOST_LEVELS = 62


def possible_levels(known: Known, result: Result) -> pl.Expr:
    """The levels that are possible in each row, after its gates."""
    if len(result.levels) > MOST_LEVELS:
        raise TooLarge
    lines = {
        number: verdict(known, level.when)
        for number, level in enumerate(result.levels)
        if level.when is not None
    }
    names = [each.id for each in result.levels]
    possible = known.plan.keep(_fitting(known, lines))
    for gate in known.checklist.gates:
        if gate.result == result.key:
            possible = known.plan.keep(_capped(possible, names.index(gate.cap), known.gates[gate.key]))
    applies = known.applies
    return known.plan.keep(
        pl.when(applies.undecided)
        .then(_bits(mask(list(lines))))
        .when(applies.false | absent(known, result.group))
        .then(_bits(0))
        .otherwise(possible)
    )


def _bits(levels: int) -> pl.Expr:
    return pl.lit(levels, pl.Int64)


def _fitting(known: Known, lines: dict[int, Verdict]) -> pl.Expr:
    """A line that is surely true leaves no other; without one, the lines that are undecided (decision 10)."""
    sure = known.plan.keep(_together({number: each.true for number, each in lines.items()}))
    maybe = known.plan.keep(_together({number: each.can_be_true for number, each in lines.items()}))
    known.unsure.append((sure == 0) & (maybe != 0))
    return pl.when(sure != 0).then(sure).otherwise(maybe)


def _together(bits: dict[int, pl.Expr]) -> pl.Expr:
    if not bits:
        return _bits(0)
    return pl.sum_horizontal(
        [pl.when(each).then(_bits(1 << number)).otherwise(_bits(0)) for number, each in bits.items()]
    )


def _capped(possible: pl.Expr, cap: int, gate: Verdict) -> pl.Expr:
    """A gate that fails takes the lower of level and cap, an undecided one gives both."""
    below, at_cap = (1 << (cap + 1)) - 1, 1 << cap
    lowered = pl.when(possible > below).then((possible & below) | at_cap).otherwise(possible)
    return pl.when(gate.false).then(possible).when(gate.true).then(lowered).otherwise(possible | lowered)
