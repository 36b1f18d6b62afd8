"""Ratings in categories -> percent agreement, and agreement corrected for chance in five ways.

A = share of rater pairs that agree, by weight, meant over units with two ratings or more; every coefficient
is (A - chance) / (1 - chance) and they differ in what they take for chance.
"""

import numpy as np

from fidelity.model.summary import Estimate
from fidelity.summaries.agreement.ratings import NONE, Floats, Ratings
from fidelity.summaries.agreement.resampling import Formula, counted, estimated
from fidelity.summaries.agreement.weights import Weighting, weights

# So many different categories are measurements: chance agreement says nothing about them.
MOST_CATEGORIES = 200

# A rater's habit is a share of each category.
MOST_HABITS = 2000

TOO_MANY = (
    f"there are more than {MOST_CATEGORIES} different values: these are measurements, and no categories"
)
NO_PAIRS = "no unit has two ratings"
ONE_UNIT = "only one unit has two ratings or more, and one unit cannot show what chance would do"
ALL_ALIKE = "all ratings are the same, so chance alone would agree as well"
ONE_CATEGORY = "only one category is known; name all that the instrument has"
TWO_RATERS = "it is for two raters, and here are {raters}; every two of them have it as a pair"
UNEVEN = "it is for units that all have the same number of ratings; Krippendorff's alpha takes gaps"
TOO_MANY_HABITS = "there are too many raters to take each one's habits into account"


def percent_agreement(ratings: Ratings) -> Estimate:
    """The mean over units with two or more ratings of the share of their rater pairs that agree."""
    if not ratings.paired.any():
        return Estimate(reason=NO_PAIRS)
    return estimated(_agreeing(ratings, "identity"), lambda agree, paired: (agree / paired)[:, 0], NO_PAIRS)


def gwet(ratings: Ratings, weighting: Weighting = "identity") -> Estimate:
    """AC1, and with weights AC2; units with one rating speak for the categories (Gwet 2008)."""
    why = _too_little(ratings)
    if why or len(ratings.categories) < 2:
        return Estimate(reason=why or ONE_CATEGORY)
    weight = weights(ratings.values, weighting)
    spread = weight.sum() / (len(weight) * (len(weight) - 1))

    def formula(agree: Floats, paired: Floats, shares: Floats, rated: Floats) -> Floats:
        usual = shares / rated
        return _corrected(agree / paired, spread * (usual * (1 - usual)).sum(axis=1, keepdims=True))

    return estimated((*_agreeing(ratings, weighting), *_shares(ratings)), formula, ALL_ALIKE)


def brennan_prediger(ratings: Ratings, weighting: Weighting = "identity") -> Estimate:
    """Chance is every category equally often (Brennan and Prediger 1981)."""
    why = _too_little(ratings)
    if why or len(ratings.categories) < 2:
        return Estimate(reason=why or ONE_CATEGORY)
    chance = weights(ratings.values, weighting).mean()
    return estimated(
        _agreeing(ratings, weighting),
        lambda agree, paired: _corrected(agree / paired, chance),
        ONE_CATEGORY,
    )


def fleiss(ratings: Ratings) -> Estimate:
    """For units that each have the same number of ratings, by whomever (Fleiss 1971)."""
    why = _too_little(ratings)
    if not why and len(set(ratings.number[ratings.paired].tolist())) > 1:
        why = UNEVEN
    if why:
        return Estimate(reason=why)
    both = ratings.of_units(ratings.paired)

    def formula(agree: Floats, paired: Floats, shares: Floats) -> Floats:
        return _corrected(agree / paired, ((shares / paired) ** 2).sum(axis=1, keepdims=True))

    return estimated((*_agreeing(both, "identity"), _shares(both)[0]), formula, ALL_ALIKE)


def cohen(ratings: Ratings, weighting: Weighting = "identity") -> Estimate:
    """For two raters, over the units that both rated (Cohen 1960, 1968)."""
    if len(ratings.raters) > 2:
        return Estimate(reason=TWO_RATERS.format(raters=len(ratings.raters)))
    why = _too_little(ratings)
    return Estimate(reason=why) if why else conger(ratings.of_units(ratings.paired), weighting)


def conger(ratings: Ratings, weighting: Weighting = "identity") -> Estimate:
    """For raters who each keep their own habits, over all they rated; two: Cohen's kappa (Conger 1980)."""
    why = _too_little(ratings)
    if not why and len(ratings.raters) * len(ratings.categories) > MOST_HABITS:
        why = TOO_MANY_HABITS
    if why:
        return Estimate(reason=why)
    return estimated(
        (*_agreeing(ratings, weighting), *_habits(ratings)),
        _of_habits(weights(ratings.values, weighting), len(ratings.raters)),
        ALL_ALIKE,
    )


def _too_little(ratings: Ratings) -> str:
    """Why no coefficient that corrects for chance can be worked out; nothing when one can."""
    if len(ratings.categories) > MOST_CATEGORIES:
        return TOO_MANY
    match int(ratings.paired.sum()):
        case 0:
            return NO_PAIRS
        case 1:
            return ONE_UNIT
        case _:
            return ""


def _corrected(agree: Floats, chance: Floats | float) -> Floats:
    """Nan where chance leaves no room above it."""
    room = 1 - np.broadcast_to(chance, agree.shape)
    return np.asarray(np.where(room > 1e-12, 1 - (1 - agree) / room, np.nan)[:, 0])


def _agreeing(ratings: Ratings, weighting: Weighting) -> tuple[Floats, Floats]:
    """By unit: the share of its pairs that agree, and whether it has a pair."""
    pairs, units = ratings.pairs, ratings.units
    if weighting == "identity":
        agree = (pairs.first == pairs.second).astype(np.float64)
    else:
        agree = weights(ratings.values, weighting)[pairs.first, pairs.second]
    number = ratings.number * (ratings.number - 1) / 2
    share = np.bincount(pairs.unit, agree, units) / np.maximum(number, 1)
    return share[:, None], ratings.paired[:, None].astype(np.float64)


def _shares(ratings: Ratings) -> tuple[Floats, Floats]:
    """By unit: the share of its ratings that each category has, and that it is rated."""
    units = ratings.units
    unit, slot = np.nonzero(ratings.codes != NONE)
    weight = 1 / ratings.number[unit]
    shares = counted(unit, units, ratings.codes[unit, slot], len(ratings.categories), weight)
    return shares, np.ones((units, 1))


def _habits(ratings: Ratings) -> tuple[Floats, Floats]:
    """By unit: which category each rater gave (all raters behind one another), and which raters rated it."""
    units, raters, categories = ratings.units, len(ratings.raters), len(ratings.categories)
    unit, slot = np.nonzero(ratings.codes != NONE)
    rater, code = ratings.by[unit, slot], ratings.codes[unit, slot]
    given = counted(unit, units, rater * categories + code, raters * categories)
    return given, counted(unit, units, rater, raters)


def _of_habits(weight: Floats, raters: int) -> Formula:
    def formula(agree: Floats, paired: Floats, given: Floats, rated: Floats) -> Floats:
        habit = given.reshape(len(given), raters, len(weight)) / rated[:, :, None]
        together = habit.sum(axis=1)
        same = ((habit @ weight) * habit).sum(axis=(1, 2))
        chance = (((together @ weight) * together).sum(axis=1) - same) / (raters * (raters - 1))
        return _corrected(agree / paired, chance[:, None])

    return formula
