"""A programme's reliability rules -> what the double-scored sessions show, and whether the mark is met."""

from collections.abc import Iterable, Sequence

import numpy as np

from fidelity.model.checklist import Checklist
from fidelity.model.programme import ReliabilityRule, Series
from fidelity.model.summary import Estimate, ReliabilityFinding, Reliable
from fidelity.summaries.agreement import FEWEST, FEWEST_FOR_A_WORD, Coefficients
from fidelity.summaries.agreement.one_by_one import one_by_one
from fidelity.summaries.agreement.seen import NO_OBSERVERS, Rated, double_scored
from fidelity.summaries.agreement.totals import totals
from fidelity.summaries.columns import Words
from fidelity.summaries.exact import Flags

LOWER_LIMIT = "lower_limit"
# Without a word for the weights, quadratic; `kappa` is the one that fits the raters.
NAMED = {
    "alpha": "krippendorff_alpha",
    "weighted_kappa": "weighted_kappa.quadratic",
    "gwet_ac2": "gwet_ac2.quadratic",
}


def judged(
    rules: Iterable[ReliabilityRule], rated: Rated, checklist: Checklist
) -> tuple[ReliabilityFinding, ...]:
    """The rules about this checklist's scores."""
    own = [each for each in rules if each.of.checklist == checklist.id and each.of.score in checklist.score]
    return tuple(_finding(rule, rated, checklist) for rule in own)


def _finding(rule: ReliabilityRule, rated: Rated, checklist: Checklist) -> ReliabilityFinding:
    meant = _meant(rated, rule.of)
    found = totals(one_by_one(meant, double_scored(meant)), checklist.score[rule.of.score])
    name = coefficient(rule.words, len(found.ratings.raters))
    minimum = max(FEWEST, rule.minimum or FEWEST_FOR_A_WORD)
    estimate = found.estimate(name)
    used = found.double_rated - (found.dropped if name.startswith(("icc.2", "icc.3")) else 0)
    return ReliabilityFinding(
        rule=rule.id,
        title=rule.title,
        words=rule.words,
        mark=float(rule.mark),
        sessions=used,
        minimum=minimum,
        found=estimate,
        single=_single(name, found),
        verdict=_verdict(rule, estimate, enough=used >= minimum),
    )


def _meant(rated: Rated, of: Series) -> Rated:
    """Only observers, and the kinds of evidence and the raters' roles that the rule names."""
    columns, rows = rated.columns, rated.found.rows
    kept = ~_among(columns.rater_role, NO_OBSERVERS)
    if of.sources:
        kept &= _among(columns.evidence, of.sources)
    if of.raters:
        kept &= _among(columns.rater_role, of.raters)
    return Rated(columns, rated.found.rated(kept[rows]))


def _among(column: Words, named: Sequence[str]) -> Flags:
    # The last one is that of a blank, which -1 finds.
    return np.array([*(word in named for word in column.words), "" in named], dtype=np.bool_)[column.places]


def coefficient(words: Sequence[str], raters: int) -> str:
    """The figure that a rule's words name; consistency is 3, whichever the model (McGraw and Wong 1996)."""
    first = words[0]
    if first == "icc":
        model = "1" if "one_way_random" in words else "3" if "consistency" in words else "2"
        return f"icc.{model},{'k' if 'average' in words else '1'}"
    if first == "kappa":
        return "cohen_kappa" if raters <= 2 else "fleiss_kappa"
    if first in ("weighted_kappa", "gwet_ac2") and "linear" in words:
        return f"{first}.linear"
    return NAMED.get(first, first)


def _single(name: str, found: Coefficients) -> Estimate | None:
    return found.estimate(name.replace("k", "1")) if name.startswith("icc") and name.endswith("k") else None


def _verdict(rule: ReliabilityRule, found: Estimate, *, enough: bool) -> Reliable:
    """By the value, or by the limits where the rule says `lower_limit`: then above, below or in between."""
    mark = float(rule.mark)
    if not enough:
        return "too_few"
    if found.value is None:
        return "cannot_tell"
    if LOWER_LIMIT not in rule.words:
        return "meets" if found.value >= mark else "below"
    if found.low is None or found.high is None:
        return "cannot_tell"
    if found.low >= mark:
        return "meets"
    return "below" if found.high < mark else "cannot_tell"
