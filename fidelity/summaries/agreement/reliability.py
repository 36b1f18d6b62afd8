"""A programme's reliability rules -> what the double-scored sessions show, and whether the mark is met."""

from collections.abc import Iterable, Iterator, Sequence

from fidelity.model.checklist import Checklist
from fidelity.model.programme import ReliabilityRule, Series
from fidelity.model.summary import Estimate, ReliabilityFinding, Reliable
from fidelity.summaries.agreement import FEWEST, FEWEST_FOR_A_WORD, Coefficients
from fidelity.summaries.agreement.one_by_one import one_by_one
from fidelity.summaries.agreement.seen import double_scored, observers_of
from fidelity.summaries.agreement.totals import totals
from fidelity.summaries.series import Rating, Session

LOWER_LIMIT = "lower_limit"
# Without a word for the weights, quadratic; `kappa` is the one that fits the raters.
NAMED = {
    "alpha": "krippendorff_alpha",
    "weighted_kappa": "weighted_kappa.quadratic",
    "gwet_ac2": "gwet_ac2.quadratic",
}


def judged(
    rules: Iterable[ReliabilityRule], sessions: Sequence[Session], checklist: Checklist
) -> tuple[ReliabilityFinding, ...]:
    """The rules about this checklist's scores."""
    own = [each for each in rules if each.of.checklist == checklist.id and each.of.score in checklist.score]
    return tuple(_finding(rule, sessions, checklist) for rule in own)


def _finding(rule: ReliabilityRule, sessions: Sequence[Session], checklist: Checklist) -> ReliabilityFinding:
    found = totals(one_by_one(double_scored(_kept(sessions, rule.of))), checklist.score[rule.of.score])
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


def _kept(sessions: Iterable[Session], of: Series) -> Iterator[Session]:
    """Only the kinds of evidence and the raters' roles that the rule names."""
    for each in sessions:
        ratings = tuple(rating for rating in observers_of(each) if _is_meant(rating, of))
        yield Session(each.session, each.therapist, ratings)


def _is_meant(rating: Rating, of: Series) -> bool:
    observation = rating.observation
    return (not of.sources or observation.evidence in of.sources) and (
        not of.raters or observation.rater_role in of.raters
    )


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
