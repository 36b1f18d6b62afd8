"""A programme's drift rule as it is written -> the rule that series are held against, and what it admits."""

from fidelity.model.checklist import Checklist, Score
from fidelity.model.programme import DriftRule, Programme, RunningBaseline
from fidelity.model.scale import Band
from fidelity.summaries.drift.rule import Rule
from fidelity.summaries.programme.hand_drift import by_hand

METHODS = ("cusum", "slope")
THERAPIST, SITE = "therapist", "site"
RATERS = "raters"
AUTOCORRELATION = "autocorrelation"


def written_for(
    programme: Programme | None, score: Score, checklist: Checklist, each: str = THERAPIST
) -> DriftRule | None:
    """The first rule of the programme for this score that is judged for each therapist, or each site."""
    rules = programme.drifts if programme else ()
    mine = (rule for rule in rules if rule.of.checklist == checklist.id and rule.of.score == score.key)
    return next((rule for rule in mine if _is_used(rule) and (rule.each or THERAPIST) == each), None)


def unused(programme: Programme | None) -> tuple[DriftRule, ...]:
    """The rules that nothing judges by: another baseline than the running one, another unit or method."""
    return (
        tuple(each for each in programme.drifts if not (_is_used(each) or by_hand(each))) if programme else ()
    )


def _is_used(rule: DriftRule) -> bool:
    known = rule.method in METHODS and (rule.each or THERAPIST) in (THERAPIST, SITE)
    return known and isinstance(rule.baseline, RunningBaseline)


def rule_of(written: DriftRule | None, point: float) -> Rule:
    """The rule in the score's own unit; what is not written is the default.

    Limits that are written are kept as they stand, however often somebody is observed.
    """
    default = Rule().in_unit(point)
    if written is None:
        return default
    watch, act = _from(written.watch), _from(written.act)
    slope = written.method == "slope"
    return Rule(
        method="slope" if slope else "cusum",
        k=float(written.parameters.get("k", default.k)),
        watch=default.watch if watch is None or slope else watch,
        act=default.act if act is None or slope else act,
        minimum=written.minimum,
        fall=default.fall if written.fall is None else float(written.fall),
        floor=float(written.parameters["floor"]) if "floor" in written.parameters else default.floor,
        by_volume=(watch, act) in ((None, None), (default.watch, default.act)),
        autocorrelation=AUTOCORRELATION in written.adjusted,
        likely=default.likely if act is None or not slope else act,
        sd=float(written.parameters["sd"]) if "sd" in written.parameters else None,
    )


def _from(band: Band | None) -> float | None:
    return None if band is None or band.lowest is None else float(band.lowest)


def covariates(written: DriftRule | None) -> tuple[str, ...]:
    """What scores are adjusted for beside raters."""
    return (
        tuple(each for each in written.adjusted if each not in (RATERS, AUTOCORRELATION)) if written else ()
    )
