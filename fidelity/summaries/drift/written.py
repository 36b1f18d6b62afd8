"""A programme's drift rule as it is written -> the rule that series are held against, and what it admits."""

from fidelity.model.checklist import Checklist, Score
from fidelity.model.programme import DriftRule, Programme, RunningBaseline
from fidelity.model.scale import Band
from fidelity.summaries.drift.rule import Rule

METHODS = ("cusum", "slope")
RATERS = "raters"
AUTOCORRELATION = "autocorrelation"


def written_for(programme: Programme | None, score: Score, checklist: Checklist) -> DriftRule | None:
    """The first rule of the programme for this score, judged for each therapist and not by hand."""
    rules = programme.drifts if programme else ()
    return next((each for each in rules if _fits(each, score, checklist)), None)


def _fits(rule: DriftRule, score: Score, checklist: Checklist) -> bool:
    return (
        rule.of.checklist == checklist.id
        and rule.of.score == score.key
        and rule.each in ("", "therapist")
        and rule.method in METHODS
        and isinstance(rule.baseline, RunningBaseline)
    )


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
