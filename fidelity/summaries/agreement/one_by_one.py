"""Double-scored sessions -> all their ratings one by one, to be looked through item by item."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Score
from fidelity.model.scale import Answer
from fidelity.summaries.agreement.differences import value_of
from fidelity.summaries.agreement.ratings import (
    NONE,
    Floats,
    Level,
    OneByOne,
    Ratings,
    Whole,
    coded,
    side_by_side,
)
from fidelity.summaries.agreement.seen import Seen, same_raters
from fidelity.summaries.series import Rating


class RatingList(NamedTuple):
    """Each rating with the place of its session and of its rater; those of a session stand together."""

    unit: Whole
    rater: Whole
    raters: tuple[str, ...]
    ratings: tuple[Rating, ...]
    same_raters: bool

    def answers(self, key: str) -> list[Answer]:
        """What each rating answers to a question."""
        return [each.scored.answers[key] for each in self.ratings]

    def scores(self, score: Score | None) -> Floats:
        """The score of each rating; nan where it has none."""
        known = (value_of(each, score) for each in self.ratings)
        return np.array([np.nan if each is None else each for each in known], dtype=np.float64)

    def rated(self, codes: Sequence[int] | Whole, level: Level, categories: tuple[str, ...]) -> Ratings:
        """The table of one question; raters who gave no rating of it are not in it."""
        code = np.asarray(codes, dtype=np.int64)
        given = code != NONE
        known, place = np.unique(self.rater[given], return_inverse=True)
        rater = self.rater.copy()
        rater[given] = place
        names = tuple(self.raters[each] for each in known.tolist())
        return side_by_side(OneByOne(self.unit, rater, code), names, level, categories)


def one_by_one(sessions: Sequence[Seen]) -> RatingList:
    """The ratings in the order of the sessions."""
    raters, rater = coded([name for each in sessions for name, _ in each.by])
    unit = np.repeat(np.arange(len(sessions)), [len(each.by) for each in sessions])
    ratings = tuple(rating for each in sessions for _, rating in each.by)
    return RatingList(unit, rater, raters, ratings, same_raters(sessions))
