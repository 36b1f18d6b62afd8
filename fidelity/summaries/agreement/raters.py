"""Double-scored ratings -> how every two raters agree, and who is the stricter of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Checklist
from fidelity.model.scale import Given
from fidelity.model.summary import Estimate, PairAgreement
from fidelity.summaries.agreement.differences import mean_difference
from fidelity.summaries.agreement.one_by_one import RatingList
from fidelity.summaries.agreement.ratings import NONE, Floats, OneByOne, Whole, side_by_side
from fidelity.summaries.agreement.resampling import estimated
from fidelity.summaries.agreement.seen import Rated, has_name
from fidelity.summaries.columns import Answered

NOTHING_COMPARED = "they answered no item both"


class Compared(NamedTuple):
    """Every two ratings of a session: the raters' places by the alphabet, answers alike, answers of both."""

    first: Whole
    second: Whole
    alike: Floats
    both: Floats
    apart: Floats


def every_two(ratings: RatingList, checklist: Checklist) -> tuple[PairAgreement, ...]:
    """Every two named raters who rated the same sessions; those who agree least stand first."""
    compared = _compared(ratings, checklist)
    names = len(ratings.raters)
    which = compared.first * names + compared.second
    found = (
        _two(ratings.raters[both // names], ratings.raters[both % names], compared, which == both)
        for both in np.unique(which).tolist()
        if has_name(ratings.raters[both // names]) and has_name(ratings.raters[both % names])
    )
    return tuple(sorted(found, key=lambda each: 2.0 if each.alike.value is None else each.alike.value))


def _compared(ratings: RatingList, checklist: Checklist) -> Compared:
    left, right = _by_the_alphabet(ratings, *_two_of_each(ratings))
    alike, both = np.zeros(len(left)), np.zeros(len(left))
    for key in comparable(checklist):
        codes = _codes(ratings.answers(key))
        given = (codes[left] != NONE) & (codes[right] != NONE)
        both += given
        alike += given & (codes[left] == codes[right])
    scores = ratings.scores(checklist.headline)
    return Compared(ratings.rater[left], ratings.rater[right], alike, both, scores[left] - scores[right])


def _two_of_each(ratings: RatingList) -> tuple[Whole, Whole]:
    """Every two ratings of a session, by their places in the list."""
    places = np.arange(len(ratings.ratings))
    pairs = side_by_side(OneByOne(ratings.unit, places, places), (), "nominal", ()).pairs
    return pairs.first, pairs.second


def _by_the_alphabet(ratings: RatingList, left: Whole, right: Whole) -> tuple[Whole, Whole]:
    order = np.argsort(np.argsort(np.array(ratings.raters, dtype=np.str_)))
    turned = order[ratings.rater[left]] > order[ratings.rater[right]]
    return np.where(turned, right, left), np.where(turned, left, right)


def _codes(answers: Answered) -> Whole:
    place: dict[str, int] = {}
    codes = [
        place.setdefault(each.code, len(place)) if isinstance(each, Given) else NONE
        for each in answers.listed
    ]
    return np.array([*codes, NONE], dtype=np.int64)[answers.places]


def _two(
    first: str, second: str, compared: Compared, chosen: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
) -> PairAgreement:
    alike, both, apart = (each[chosen] for each in (compared.alike, compared.both, compared.apart))
    return PairAgreement(
        first=first,
        second=second,
        sessions=len(both),
        answers=int(both.sum()),
        alike=_share(alike, both),
        difference=mean_difference(apart[~np.isnan(apart)].tolist()),
    )


def _share(alike: Floats, both: Floats) -> Estimate:
    """Sessions, not answers, are drawn again: the answers of one session go together."""
    return estimated(
        (alike[:, None], both[:, None]), lambda alike, both: (alike / both)[:, 0], NOTHING_COMPARED
    )


def comparable(checklist: Checklist) -> tuple[str, ...]:
    """The questions whose answers can be alike: all but free text."""
    return tuple(each.key for each in checklist.questions if each.scale.kind != "text")


def alike_of(rated: Rated, first: int, second: int, compared: Sequence[str]) -> tuple[int, int]:
    """How many answers both ratings gave alike, of how many that both gave."""
    both = [(rated.answer(first, key), rated.answer(second, key)) for key in compared]
    codes = [(a.code, b.code) for a, b in both if isinstance(a, Given) and isinstance(b, Given)]
    return sum(a == b for a, b in codes), len(codes)
