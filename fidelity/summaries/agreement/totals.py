"""Double-scored ratings -> the intraclass correlation of a score, in the form that fits who rated."""

import numpy as np

from fidelity.model.checklist import Score
from fidelity.model.summary import TotalAgreement
from fidelity.summaries.agreement import Coefficients
from fidelity.summaries.agreement.intraclass import Form
from fidelity.summaries.agreement.one_by_one import RatingList
from fidelity.summaries.agreement.ratings import NONE


def total_agreement(ratings: RatingList, score: Score) -> TotalAgreement:
    """ICC(2,1) where the same raters did all sessions, and ICC(1,1) where pairs change."""
    found = totals(ratings, score)
    form: Form = "2,1" if ratings.same_raters else "1,1"
    return TotalAgreement(
        score=score.key,
        form=form,
        sessions=found.double_rated,
        dropped=found.dropped if form == "2,1" else 0,
        icc=found.estimate(f"icc.{form}"),
    )


def totals(ratings: RatingList, score: Score) -> Coefficients:
    """Every coefficient of a score's values; a rating without a value is no rating of it."""
    values = ratings.scores(score)
    given = ~np.isnan(values)
    known, place = np.unique(values[given], return_inverse=True)
    codes = np.full(len(values), NONE, dtype=np.int64)
    codes[given] = place
    return Coefficients(ratings.rated(codes, "interval", tuple(str(each) for each in known.tolist())))
