"""Sessions rated by several people -> how far they agree: items, scores, pairs, experts, scorers, rules."""

from collections.abc import Iterable

from fidelity.model.checklist import Checklist
from fidelity.model.programme import ReliabilityRule
from fidelity.model.summary import Agreement, EvidenceClass, ReliabilityFinding
from fidelity.summaries.agreement.apart import differences_in
from fidelity.summaries.agreement.experts import calibrated
from fidelity.summaries.agreement.items import items_agreement
from fidelity.summaries.agreement.one_by_one import one_by_one
from fidelity.summaries.agreement.raters import every_two
from fidelity.summaries.agreement.reliability import judged
from fidelity.summaries.agreement.resampling import DRAWS, SEED
from fidelity.summaries.agreement.scorers import headline_first, scorers_agreement
from fidelity.summaries.agreement.seen import Rated, double_scored, rated_in, raters_of
from fidelity.summaries.agreement.totals import total_agreement
from fidelity.summaries.columns import ScoredColumns
from fidelity.summaries.evidence import CLASSES, classes_of


def agreement_of(
    columns: ScoredColumns, checklist: Checklist, rules: Iterable[ReliabilityRule] = ()
) -> Agreement:
    """All that double-scored sessions can show; where there are none, empty tables.

    Kinds of evidence are never pooled: a rating of a role play beside one of the session itself is no second
    look at the same thing. The kind that the study is judged by comes first, the others stand below it.
    """
    kinds = _by_kind(columns)
    main = next(iter(kinds))
    found = {kind: _agreement(kind, own, checklist) for kind, own in kinds.items() if kind != main}
    others = tuple(each for each in found.values() if each.double_scored or each.calibration or each.scorers)
    first = _agreement(main, kinds[main], checklist)
    return first.model_copy(
        update={"rules": _rules(columns, kinds[main], checklist, rules), "others": others}
    )


def rules_judged(
    columns: ScoredColumns, checklist: Checklist, rules: Iterable[ReliabilityRule]
) -> tuple[ReliabilityFinding, ...]:
    """The rules alone, without all else that double-scored sessions show."""
    return _rules(columns, next(iter(_by_kind(columns).values())), checklist, rules)


def _rules(
    columns: ScoredColumns, main: Rated, checklist: Checklist, rules: Iterable[ReliabilityRule]
) -> tuple[ReliabilityFinding, ...]:
    # A rule that names its evidence says itself what it is about.
    return tuple(
        finding
        for rule in rules
        for finding in judged([rule], rated_in(columns) if rule.of.sources else main, checklist)
    )


def _by_kind(columns: ScoredColumns) -> dict[EvidenceClass, Rated]:
    """The sessions of each kind that there is, each with its ratings of that kind only."""
    kind = classes_of(columns)
    found = {
        each: rated_in(columns, kind == number)
        for number, each in enumerate(CLASSES)
        if (kind == number).any()
    }
    return found or {CLASSES[0]: rated_in(columns)}


def _agreement(kind: EvidenceClass, rated: Rated, checklist: Checklist) -> Agreement:
    twice = double_scored(rated)
    ratings = one_by_one(rated, twice)
    return Agreement(
        sessions=rated.number,
        double_scored=len(twice),
        raters=raters_of(twice),
        same_raters=ratings.same_raters,
        items=items_agreement(ratings, checklist),
        totals=tuple(total_agreement(ratings, score) for score in headline_first(checklist)) if twice else (),
        pairs=every_two(ratings, checklist),
        calibration=calibrated(rated, checklist),
        scorers=scorers_agreement(rated, checklist),
        rules=(),
        differences=tuple(differences_in(rated, twice, score) for score in headline_first(checklist))
        if twice
        else (),
        draws=DRAWS,
        seed=SEED,
        evidence=kind,
    )
