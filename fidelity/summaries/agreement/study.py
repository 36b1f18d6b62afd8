"""Sessions rated by several people -> how far they agree: items, scores, pairs, experts, scorers, rules."""

from collections.abc import Iterable, Sequence

from fidelity.model.checklist import Checklist
from fidelity.model.programme import ReliabilityRule
from fidelity.model.summary import Agreement
from fidelity.summaries.agreement.apart import differences_in
from fidelity.summaries.agreement.experts import calibrated
from fidelity.summaries.agreement.items import items_agreement
from fidelity.summaries.agreement.one_by_one import one_by_one
from fidelity.summaries.agreement.raters import every_two
from fidelity.summaries.agreement.reliability import judged
from fidelity.summaries.agreement.resampling import DRAWS, SEED
from fidelity.summaries.agreement.scorers import headline_first, scorers_agreement
from fidelity.summaries.agreement.seen import double_scored, raters_of
from fidelity.summaries.agreement.totals import total_agreement
from fidelity.summaries.series import Session


def agreement_of(
    sessions: Sequence[Session], checklist: Checklist, rules: Iterable[ReliabilityRule] = ()
) -> Agreement:
    """All that double-scored sessions can show; where there are none, empty tables."""
    twice = double_scored(sessions)
    ratings = one_by_one(twice)
    return Agreement(
        sessions=len(sessions),
        double_scored=len(twice),
        raters=raters_of(twice),
        same_raters=ratings.same_raters,
        items=items_agreement(ratings, checklist),
        totals=tuple(total_agreement(ratings, score) for score in headline_first(checklist)) if twice else (),
        pairs=every_two(ratings, checklist),
        calibration=calibrated(sessions, checklist),
        scorers=scorers_agreement(sessions, checklist),
        rules=judged(rules, sessions, checklist),
        differences=tuple(differences_in(twice, score) for score in headline_first(checklist))
        if twice
        else (),
        draws=DRAWS,
        seed=SEED,
    )
