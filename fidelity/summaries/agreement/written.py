"""Coefficients of agreement -> the JSON of `fidelity agreement`, as the contract fixes it."""

from typing import Any

from fidelity.model.summary import Confusion, Estimate
from fidelity.summaries.agreement import Coefficients
from fidelity.summaries.agreement.intraclass import FORMS
from fidelity.summaries.agreement.pairwise import TwoRaters

Json = dict[str, Any]

FAMILIES = ("weighted_kappa", "gwet_ac2", "icc")


def as_json(found: Coefficients, applicability: Coefficients | None) -> Json:
    """All coefficients; those without a value are null, with the reason under `undefined`."""
    of, estimates = found.ratings, found.estimates
    return {
        "units": of.units,
        "raters": len(of.raters),
        "ratings": int(of.number.sum()),
        "percent_agreement": number(estimates["percent_agreement"].value),
        "cohen_kappa": number(estimates["cohen_kappa"].value),
        "weighted_kappa": _by_weights(estimates, "weighted_kappa"),
        "fleiss_kappa": number(estimates["fleiss_kappa"].value),
        "gwet_ac1": number(estimates["gwet_ac1"].value),
        "gwet_ac2": _by_weights(estimates, "gwet_ac2"),
        "krippendorff_alpha": number(estimates["krippendorff_alpha"].value),
        "icc": {form: _with_limits(estimates[f"icc.{form}"]) for form in FORMS},
        "undefined": _undefined(estimates),
        "level": of.level,
        "categories": list(of.categories) if found.confusion else None,
        "double_rated_units": found.double_rated,
        "complete_units": found.double_rated - found.dropped,
        "conger_kappa": number(estimates["conger_kappa"].value),
        "brennan_prediger": number(estimates["brennan_prediger"].value),
        "intervals": {
            name: {"low": number(each.low), "high": number(each.high)}
            for name, each in estimates.items()
            if each.low is not None
        },
        "confusion": confusion(found.confusion),
        "pairs": [_pair(each) for each in found.pairs],
        "applicability": None if applicability is None else _applicability(applicability),
    }


def number(value: float | None) -> float | None:
    """Six places; adding nought turns the -0.0 that rounding leaves into 0.0."""
    return None if value is None else round(value, 6) + 0.0


def confusion(table: Confusion | None) -> Json | None:
    """The categories, and a row for each with its counts."""
    if table is None:
        return None
    return {"categories": list(table.categories), "counts": [list(row) for row in table.counts]}


def _by_weights(estimates: dict[str, Estimate], name: str) -> Json:
    return {weights: number(estimates[f"{name}.{weights}"].value) for weights in ("linear", "quadratic")}


def _with_limits(estimate: Estimate) -> Json | None:
    if estimate.value is None:
        return None
    return {"value": number(estimate.value), "low": number(estimate.low), "high": number(estimate.high)}


def _undefined(estimates: dict[str, Estimate]) -> dict[str, str]:
    """Reasons by name; a family of which no member has a value stands under its own name too."""
    reasons = {name: each.reason for name, each in estimates.items() if each.value is None}
    for family in FAMILIES:
        members = [name for name in estimates if name.startswith(f"{family}.")]
        if all(name in reasons for name in members):
            reasons[family] = "; ".join(dict.fromkeys(reasons[name] for name in members))
    return reasons


def _pair(pair: TwoRaters) -> Json:
    return {
        "first": pair.first,
        "second": pair.second,
        "units": pair.units,
        "percent_agreement": number(pair.alike),
        "kappa": number(pair.kappa),
        "mean_difference": number(pair.difference),
    }


def _applicability(found: Coefficients) -> Json:
    names = ("percent_agreement", "gwet_ac1", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha")
    return {
        "units": found.double_rated,
        **{name: number(found.estimates[name].value) for name in names},
    }
