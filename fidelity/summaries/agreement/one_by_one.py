"""Double-scored sessions -> all their ratings one by one, to be looked through item by item."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Score
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
from fidelity.summaries.agreement.seen import Rated, Seen, same_raters
from fidelity.summaries.columns import Answered, ScoredColumns


class RatingList(NamedTuple):
    """Each rating with the place of its session and of its rater; those of a session stand together."""

    unit: Whole
    rater: Whole
    raters: tuple[str, ...]
    columns: ScoredColumns
    ratings: Whole  # their places in the columns
    same_raters: bool

    def answers(self, key: str) -> Answered:
        """What each rating answers to a question."""
        return self.columns.answers[key].at(self.ratings)

    def scores(self, score: Score | None) -> Floats:
        """The score of each rating; nan where it has none."""
        if score is None:
            return np.full(len(self.ratings), np.nan)
        values = self.columns.scores[score.key].at(self.ratings)
        return np.where(values.known, values.floats, np.nan)

    def rated(self, codes: Sequence[int] | Whole, level: Level, categories: tuple[str, ...]) -> Ratings:
        """The table of one question; raters who gave no rating of it are not in it."""
        code = np.asarray(codes, dtype=np.int64)
        given = code != NONE
        known, place = np.unique(self.rater[given], return_inverse=True)
        rater = self.rater.copy()
        rater[given] = place
        names = tuple(self.raters[each] for each in known.tolist())
        return side_by_side(OneByOne(self.unit, rater, code), names, level, categories)


def one_by_one(rated: Rated, sessions: Sequence[Seen]) -> RatingList:
    """The ratings in the order of the sessions."""
    raters, rater = coded([name for each in sessions for name, _ in each.by])
    unit = np.repeat(np.arange(len(sessions)), [len(each.by) for each in sessions])
    ratings = np.array([rating for each in sessions for _, rating in each.by], dtype=np.int64)
    return RatingList(unit, rater, raters, rated.columns, ratings, same_raters(sessions))
