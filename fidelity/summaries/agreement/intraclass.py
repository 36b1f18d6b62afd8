"""Ratings that are numbers -> the six intraclass correlations, with exact F limits.

Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428; n units, k ratings of each.
(1,.) any raters, (2,.) these raters stand for others, (3,.) these raters only and their severity is ignored;
(.,1) one rater decides, (.,k) the mean of k raters does.
"""

from math import isfinite
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import fdtri

from fidelity.model.summary import Estimate
from fidelity.summaries.agreement.nominal import ALL_ALIKE, NO_PAIRS, ONE_UNIT
from fidelity.summaries.agreement.ratings import NONE, Floats, Ratings
from fidelity.summaries.agreement.resampling import estimated

Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]
FORMS: tuple[Form, ...] = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")

# What is less than this part of all variation is rounding.
ROUNDING = 1e-12

NO_NUMBERS = "it is for numbers: level interval or ratio"
NO_COMPLETE = "no unit was rated by all {raters} raters; the forms 1,1 and 1,k are for raters that change"
ONE_COMPLETE = "only one unit was rated by all {raters} raters"
ONE_RATER = "there is only one rater"
UNITS_ALIKE = "the units do not differ at all, so there is nothing for the mean of raters to tell apart"


class Variation(NamedTuple):
    """Mean squares between units, within units, between raters, and of what is left (the error)."""

    n: int
    k: int
    units: float
    within: float
    raters: float
    error: float


def intraclass(ratings: Ratings) -> dict[Form, Estimate]:
    """All six forms; (2,.) and (3,.) use only units that every rater rated."""
    if ratings.level not in ("interval", "ratio"):
        return dict.fromkeys(FORMS, Estimate(reason=NO_NUMBERS))
    return {**_one_way(ratings.of_units(ratings.paired)), **_two_way(ratings)}


def complete(ratings: Ratings) -> Ratings:
    """The units that every rater rated."""
    return ratings.of_units(ratings.number == len(ratings.raters))


def _one_way(ratings: Ratings) -> dict[Form, Estimate]:
    forms: tuple[Form, ...] = ("1,1", "1,k")
    if ratings.units < 2:
        return dict.fromkeys(forms, Estimate(reason=ONE_UNIT if ratings.units else NO_PAIRS))
    if len(set(ratings.number.tolist())) > 1:
        return _one_way_uneven(ratings)
    table = _table(ratings)
    if not table.any():
        return dict.fromkeys(forms, Estimate(reason=ALL_ALIKE))
    return _one_way_limits(_variation(table))


def _table(ratings: Ratings) -> Floats:
    """The numbers as parts of their range around their mean, so that squares lose no digits."""
    given = ratings.codes != NONE
    values = ratings.values[ratings.codes]
    middle, width = values[given].mean(), float(np.ptp(values[given]))
    return np.asarray(np.where(given, (values - middle) / width, 0.0) if width else np.zeros(values.shape))


def _variation(table: Floats) -> Variation:
    n, k = table.shape
    of_units, of_raters = table.mean(axis=1), table.mean(axis=0)
    units = k * float(((of_units - table.mean()) ** 2).sum())
    raters = n * float(((of_raters - table.mean()) ** 2).sum())
    within = float(((table - of_units[:, None]) ** 2).sum())
    error = float(((table - of_units[:, None] - of_raters[None, :] + table.mean()) ** 2).sum())
    least = ROUNDING * (units + within)
    units, raters, within, error = (each if each > least else 0.0 for each in (units, raters, within, error))
    freedom = (n - 1) * (k - 1)
    return Variation(n, k, units / (n - 1), within / (n * (k - 1)), raters / (k - 1), error / freedom)


def _one_way_limits(v: Variation) -> dict[Form, Estimate]:
    ends = _f_ends(v.units, v.within, v.n - 1, v.n * (v.k - 1))
    return _single_and_average(("1,1", "1,k"), v.units, v.within, v.k, ends)


def _f_ends(above: float, below: float, top: int, bottom: int) -> tuple[float, float] | None:
    """The ratio of two mean squares at both ends of its 95 % limits; none where the lower one is nought."""
    if not below:
        return None
    ratio = above / below
    return ratio / float(fdtri(top, bottom, 0.975)), ratio * float(fdtri(bottom, top, 0.975))


def _single_and_average(
    forms: tuple[Form, Form], units: float, rest: float, k: int, ends: tuple[float, float] | None
) -> dict[Form, Estimate]:
    """ICC(1,.) from the variation within units, ICC(3,.) from the error."""
    single, average = forms
    low, high = ((f - 1) / (f + k - 1) for f in ends) if ends else (None, None)
    found = {single: Estimate(value=(units - rest) / (units + (k - 1) * rest), low=low, high=high)}
    if not units:
        return {**found, average: Estimate(reason=UNITS_ALIKE)}
    low, high = (1 - 1 / f for f in ends) if ends else (None, None)
    return {**found, average: Estimate(value=(units - rest) / units, low=low, high=high)}


def _two_way(ratings: Ratings) -> dict[Form, Estimate]:
    forms: tuple[Form, ...] = ("2,1", "3,1", "2,k", "3,k")
    rows = complete(ratings)
    why = _why_no_two_way(ratings, rows)
    if why:
        return dict.fromkeys(forms, Estimate(reason=why))
    table = _table(rows)
    if not table.any():
        return dict.fromkeys(forms, Estimate(reason=ALL_ALIKE))
    v = _variation(table)
    ends = _f_ends(v.units, v.error, v.n - 1, (v.n - 1) * (v.k - 1))
    if not (v.units or v.error):
        alike = dict.fromkeys(forms, Estimate(reason=UNITS_ALIKE))
        return {**alike, "2,1": Estimate(value=0.0)}
    return {**_absolute(v), **_single_and_average(("3,1", "3,k"), v.units, v.error, v.k, ends)}


def _why_no_two_way(ratings: Ratings, rows: Ratings) -> str:
    raters = len(ratings.raters)
    if raters < 2:
        return ONE_RATER if raters else NO_PAIRS
    match rows.units:
        case 0:
            return NO_COMPLETE.format(raters=raters)
        case 1:
            return ONE_COMPLETE.format(raters=raters)
        case _:
            return ""


def _absolute(v: Variation) -> dict[Form, Estimate]:
    """ICC(2,.): the raters' severity counts against them."""
    n, k = v.n, v.k
    below = v.units + (k - 1) * v.error + k * (v.raters - v.error) / n
    if below <= 0:
        return dict.fromkeys(("2,1", "2,k"), Estimate(reason=UNITS_ALIKE))
    value = (v.units - v.error) / below
    low, high = _absolute_limits(v, value) if v.error or v.raters else (None, None)
    single = Estimate(value=value, low=low, high=high)
    below = v.units + (v.raters - v.error) / n
    if below <= 0:
        return {"2,1": single, "2,k": Estimate(reason=UNITS_ALIKE)}
    low, high = _of_the_mean(low, high, k)
    return {"2,1": single, "2,k": Estimate(value=(v.units - v.error) / below, low=low, high=high)}


def _of_the_mean(low: float | None, high: float | None, k: int) -> tuple[float | None, float | None]:
    """Limits for the mean of k raters from those for one (Spearman and Brown); none without a lower end."""
    if low is None or high is None or 1 + (k - 1) * low <= 0:
        return None, None
    return k * low / (1 + (k - 1) * low), k * high / (1 + (k - 1) * high)


def _absolute_limits(v: Variation, value: float) -> tuple[float | None, float | None]:
    """By Satterthwaite's degrees of freedom, as in the appendix of Shrout and Fleiss."""
    n, k = v.n, v.k
    severity = k * value * v.raters
    rest = (n * (1 + (k - 1) * value) - k * value) * v.error
    freedom = (n - 1) * (k - 1) * (severity + rest) ** 2 / ((n - 1) * severity**2 + rest**2)
    both = k * v.raters + (k * n - k - n) * v.error
    lower, upper = float(fdtri(n - 1, freedom, 0.975)), float(fdtri(freedom, n - 1, 0.975))
    if not (isfinite(lower) and isfinite(upper)):
        return None, None
    return (
        n * (v.units - lower * v.error) / (lower * both + n * v.units),
        n * (upper * v.units - v.error) / (both + n * upper * v.units),
    )


def _one_way_uneven(ratings: Ratings) -> dict[Form, Estimate]:
    """Units with different numbers of ratings: analysis of variance with limits from a bootstrap of units."""
    table, k = _table(ratings), ratings.number.astype(np.float64)
    sums = table.sum(axis=1)
    columns = (np.ones_like(k), k, k**2, sums, sums**2 / k, (table**2).sum(axis=1) - sums**2 / k)
    parts = tuple(each[:, None] for each in columns)
    single = estimated(parts, lambda *sums: _uneven(*sums)[0], ALL_ALIKE)
    average = estimated(parts, lambda *sums: _uneven(*sums)[1], ALL_ALIKE)
    return {"1,1": single, "1,k": average}


def _uneven(
    n: Floats, ratings: Floats, squared: Floats, sums: Floats, of_units: Floats, inside: Floats
) -> tuple[Floats, Floats]:
    """Both one-way forms; k is the usual number of ratings, a little below their mean."""
    units = (of_units - sums**2 / ratings) / (n - 1)
    within = inside / (ratings - n)
    k = (ratings - squared / ratings) / (n - 1)
    some = units + within > ROUNDING
    single = np.where(some, (units - within) / np.where(some, units + (k - 1) * within, 1), np.nan)
    average = np.where(units > ROUNDING, 1 - within / np.where(units > ROUNDING, units, 1), np.nan)
    return single[:, 0], average[:, 0]
