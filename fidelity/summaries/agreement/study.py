"""Sessions rated by several people -> how far they agree: items, scores, pairs, experts, scorers, rules."""

from collections.abc import Iterable, Mapping, Sequence

from fidelity.model.checklist import Checklist
from fidelity.model.programme import ReliabilityRule
from fidelity.model.summary import Agreement, EvidenceClass
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
from fidelity.summaries.evidence import CLASSES, class_of
from fidelity.summaries.series import Session


def agreement_of(
    sessions: Sequence[Session], checklist: Checklist, rules: Iterable[ReliabilityRule] = ()
) -> Agreement:
    """All that double-scored sessions can show; where there are none, empty tables.

    Kinds of evidence are never pooled: a rating of a role play beside one of the session itself is no second
    look at the same thing. The kind that the study is judged by comes first, the others stand below it.
    """
    kinds = _by_kind(sessions)
    main = next(iter(kinds), CLASSES[0])
    found = {kind: _agreement(kind, own, checklist) for kind, own in kinds.items() if kind != main}
    others = tuple(each for each in found.values() if each.double_scored or each.calibration or each.scorers)
    # A rule that names its evidence says itself what it is about.
    judged_by = tuple(
        finding
        for rule in rules
        for finding in judged([rule], sessions if rule.of.sources else kinds.get(main, ()), checklist)
    )
    first = _agreement(main, kinds.get(main, ()), checklist)
    return first.model_copy(update={"rules": judged_by, "others": others})


def _by_kind(sessions: Iterable[Session]) -> Mapping[EvidenceClass, Sequence[Session]]:
    """The sessions of each kind that there is, each with its ratings of that kind only."""
    kinds: dict[EvidenceClass, list[Session]] = {kind: [] for kind in CLASSES}
    for each in sessions:
        of_each = [class_of(rating.observation) for rating in each.ratings]
        for kind in dict.fromkeys(of_each):
            own = (rating for rating, its in zip(each.ratings, of_each, strict=True) if its == kind)
            kinds[kind].append(Session(each.session, each.therapist, tuple(own)))
    return {kind: own for kind, own in kinds.items() if own}


def _agreement(kind: EvidenceClass, sessions: Sequence[Session], checklist: Checklist) -> Agreement:
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
        rules=(),
        differences=tuple(differences_in(twice, score) for score in headline_first(checklist))
        if twice
        else (),
        draws=DRAWS,
        seed=SEED,
        evidence=kind,
    )
