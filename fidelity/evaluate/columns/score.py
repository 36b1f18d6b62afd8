"""Score -> its columns: the exact value, its bounds, how much was answered, and why it has none."""

import polars as pl

from fidelity.evaluate.columns.condition import verdict
from fidelity.evaluate.columns.formula import Worth, because_of, tally, worth
from fidelity.evaluate.columns.interval import only_where
from fidelity.evaluate.columns.known import Known, ScoreColumns, Verdict, absent
from fidelity.evaluate.columns.number import Exact, kept, rounded, where
from fidelity.model.checklist import Rounding, Score
from fidelity.model.expression import Aggregate


def score_columns(known: Known, score: Score) -> ScoreColumns:
    """The columns of a score."""
    treat = {**known.checklist.treat, **score.counting}
    found = worth(known, score.formula, score.needing, treat)
    if not isinstance(score.formula, Aggregate):
        answered, applicable = tally(known, score.formula, treat)
        found = found._replace(answered=answered, applicable=applicable)
    if score.only_when is not None:
        found = _allowed(known, found, verdict(known, score.only_when))
    return _columns(known, score, _begun(known, score, found))


def _allowed(known: Known, found: Worth, only_when: Verdict) -> Worth:
    """No value unless `only when` is surely true, and no bounds if it is false (decision 7)."""
    true, possible = known.plan.keep(only_when.true), only_when.can_be_true
    return found._replace(
        exact=where(true, found.exact),
        bounds=only_where(possible, found.bounds),
        why=pl.when(true).then(found.why).otherwise(because_of("only_when")),
    )


def _begun(known: Known, score: Score, found: Worth) -> Worth:
    """Nothing at all where the checklist or the group does not apply."""
    gone, applies = absent(known, score.group), known.applies
    begun = known.plan.keep(applies.true & ~gone)
    why = (
        pl.when(applies.undecided)
        .then(because_of("undecided"))
        .when(applies.false)
        .then(because_of("checklist_does_not_apply"))
        .when(gone)
        .then(because_of("does_not_apply"))
        .otherwise(found.why)
    )
    nought = pl.lit(0, pl.Int64)
    return Worth(
        where(begun, found.exact),
        only_where(begun, found.bounds),
        pl.when(begun).then(found.answered).otherwise(nought),
        pl.when(begun).then(found.applicable).otherwise(nought),
        why,
        found.certain,
    )


def _columns(known: Known, score: Score, found: Worth) -> ScoreColumns:
    plan = known.plan
    exact, low, high = (
        _rounded(known, kept(plan, each), score.rounding) for each in (found.exact, *found.bounds)
    )
    certain = found.certain & found.exact.known
    return ScoreColumns(
        exact,
        low,
        high,
        plan.keep(found.answered),
        plan.keep(found.applicable),
        plan.keep(found.why),
        plan.keep(certain),
    )


def _rounded(known: Known, number: Exact, rounding: Rounding | None) -> Exact:
    return number if rounding is None else rounded(known.plan, number, rounding.places, rounding.mode)
