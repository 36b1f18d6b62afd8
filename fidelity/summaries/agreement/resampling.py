"""What a coefficient is made of, unit by unit -> its value, with limits from units drawn again and again."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from fidelity.model.summary import Estimate
from fidelity.summaries.agreement.ratings import Floats, Whole

DRAWS = 1000
SEED = 20_240_601
# More units than this are first put together, at random, into so many heaps: drawing heaps gives the same
# spread, as every coefficient is a function of sums over units.
MOST_DRAWN = 2000
# A coefficient that many draws leave undefined has no limits.
LEAST_DEFINED = 0.9

# Sums over units, an array a part, the draws along its first axis -> the coefficient of each draw, or nan.
Formula = Callable[..., Floats]


def estimated(parts: tuple[Floats, ...], formula: Formula, undefined: str) -> Estimate:
    """The coefficient of sums over units, with the 95 % limits of a bootstrap over units (Efron 1979).

    Each part has a row a unit, or a heap of units. Draws that all give one value show no spread, and so no
    limits.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(formula(*(part.sum(axis=0, keepdims=True) for part in parts))[0])
        if not np.isfinite(value):
            return Estimate(reason=undefined)
        heaps = [_heaped(part) for part in parts]
        drawn = _draws(len(heaps[0]))
        low, high = limits(formula(*(drawn @ heap for heap in heaps)))
    return Estimate(value=value, low=low, high=high)


def limits(values: Floats) -> tuple[float | None, float | None]:
    """The middle 95 % of what the draws gave."""
    known = values[np.isfinite(values)]
    if len(known) < LEAST_DEFINED * len(values) or np.ptp(known) < 1e-12:
        return None, None
    low, high = np.quantile(known, [0.025, 0.975]).tolist()
    return low, high


@lru_cache(maxsize=2)
def heap_of(units: int) -> Whole:
    """The heap of each unit: its own, or one of so many at random."""
    if units <= MOST_DRAWN:
        return np.arange(units)
    return np.random.default_rng(SEED).permutation(units) % MOST_DRAWN


def counted(unit: Whole, units: int, column: Whole, columns: int, weight: Floats | None = None) -> Floats:
    """How often each column comes up in each heap of units, or the sum of its weights."""
    heaps = min(units, MOST_DRAWN)
    at = heap_of(units)[unit] * columns + column
    return np.bincount(at, weight, heaps * columns).reshape(heaps, columns).astype(np.float64)


def _heaped(part: Floats) -> Floats:
    if len(part) <= MOST_DRAWN:
        return part
    heap = heap_of(len(part))
    return np.stack([np.bincount(heap, column, MOST_DRAWN) for column in part.T], axis=1)


@lru_cache(maxsize=8)
def _draws(units: int) -> Floats:
    """How often each unit is in each draw of as many units: multinomial weights."""
    drawn = np.random.default_rng(SEED).integers(units, size=(DRAWS, units))
    at = drawn + units * np.arange(DRAWS)[:, None]
    return np.bincount(at.ravel(), minlength=DRAWS * units).reshape(DRAWS, units).astype(np.float64)
