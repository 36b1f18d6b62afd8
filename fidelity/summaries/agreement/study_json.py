"""What a study shows of agreement -> the JSON below `agreement` of `fidelity summarise`."""

from typing import Any

from fidelity.model.summary import (
    Agreement,
    Calibration,
    Estimate,
    ItemAgreement,
    PairAgreement,
    ReliabilityFinding,
    ScorerAgreement,
    TotalAgreement,
)
from fidelity.summaries.agreement import FEWEST, FEWEST_FOR_A_WORD
from fidelity.summaries.agreement.written import confusion, number

Json = dict[str, Any]


def agreement_as_json(found: Agreement) -> Json:
    """The whole of it; `too_few` says that the figures describe these sessions and estimate nothing."""
    return {
        "evidence": found.evidence,
        "sessions": found.sessions,
        "double_scored": found.double_scored,
        "too_few": found.double_scored < FEWEST,
        "words_allowed": found.double_scored >= FEWEST_FOR_A_WORD,
        "raters": list(found.raters),
        "same_raters": found.same_raters,
        "scores": {each.score: _total(each) for each in found.totals},
        "items": [_item(each) for each in found.items],
        "pairs": [_pair(each) for each in found.pairs],
        "calibration": [_calibration(each) for each in found.calibration],
        "scorers": [_scorer(each) for each in found.scorers],
        "rules": [_rule(each) for each in found.rules],
        "other_evidence": [agreement_as_json(each) for each in found.others],
    }


def _estimate(found: Estimate) -> Json:
    said = {"value": number(found.value), "low": number(found.low), "high": number(found.high)}
    return {**said, "reason": found.reason} if found.reason else said


def _total(total: TotalAgreement) -> Json:
    return {
        "form": total.form,
        "sessions": total.sessions,
        "too_few": total.sessions < FEWEST,
        "dropped": total.dropped,
        "icc": _estimate(total.icc),
    }


def _item(item: ItemAgreement) -> Json:
    return {
        "item": item.item,
        "level": item.level,
        "sessions": item.sessions,
        "too_few": item.sessions < FEWEST,
        "percent_agreement": _estimate(item.percent),
        item.gwet_name.partition(".")[0]: _estimate(item.gwet),
        "krippendorff_alpha": _estimate(item.alpha),
        item.kappa_name.partition(".")[0]: _estimate(item.kappa),
        "weights": "quadratic" if item.level == "ordinal" else None,
        "confusion": confusion(item.confusion),
        "applicability": None if item.applicability is None else _estimate(item.applicability),
    }


def _pair(pair: PairAgreement) -> Json:
    return {
        "first": pair.first,
        "second": pair.second,
        "sessions": pair.sessions,
        "answers": pair.answers,
        "alike": _estimate(pair.alike),
        "difference": _estimate(pair.difference),
    }


def _calibration(row: Calibration) -> Json:
    return {
        "rater": row.rater,
        "sessions": row.sessions,
        "answers": row.answers,
        "exact": number(row.exact),
        "within_one_point": number(row.within_one_point),
        "difference": _estimate(row.difference),
    }


def _scorer(row: ScorerAgreement) -> Json:
    return {
        "scorer": row.scorer,
        "sessions": row.sessions,
        "scores": {each.score: _total(each) for each in row.totals},
        "items": [_item(each) for each in row.items],
        "differences": [
            {
                "by": each.by,
                "name": each.name,
                "sessions": each.sessions,
                "difference": _estimate(each.difference),
            }
            for each in row.differences
        ],
    }


def _rule(row: ReliabilityFinding) -> Json:
    return {
        "rule": row.rule,
        "coefficient": " ".join(row.words),
        "mark": number(row.mark),
        "sessions": row.sessions,
        "minimum": row.minimum,
        "found": _estimate(row.found),
        "single": None if row.single is None else _estimate(row.single),
        "verdict": row.verdict,
    }
