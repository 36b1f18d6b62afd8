"""Checklist -> its rules as plain lists and texts for `evaluator.js`; numbers as exact fractions."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from fidelity.form.script.terms import condition, formula, needing
from fidelity.model.answering import NEEDS_TREATMENT, treated
from fidelity.model.checklist import (
    AsMissing,
    AsPoints,
    Checklist,
    Item,
    LeftOut,
    Listing,
    Question,
    Result,
    Score,
    Treatments,
)
from fidelity.model.number import DECIMAL_COMMA
from fidelity.model.scale import Bins, Scale, Span


def rules(checklist: Checklist) -> dict[str, Any]:
    """Everything that decides about scores, levels, gates, flags and comments; no text that people read."""
    scales = list(dict.fromkeys(_scales(checklist)))
    return {
        "comma": checklist.about.language.split("-", maxsplit=1)[0] in DECIMAL_COMMA,
        "codes": {code: state.value for code, state in checklist.codes.items()},
        "treat": _treatments(checklist.treat),
        "scales": [_scale(each) for each in scales],
        "facts": [{"id": each.id, "scale": scales.index(each.scale)} for each in checklist.facts],
        "questions": [_question(checklist, each, scales) for each in checklist.questions],
        "items": [_item(each) for each in checklist.items],
        "scores": [_score(each) for each in checklist.scores],
        "results": [_result(each) for each in checklist.results],
        "gates": [
            {"key": each.key, "result": each.result, "cap": each.cap, "when": condition(each.when)}
            for each in checklist.gates
        ],
        "flags": [{"id": each.id, "when": condition(each.when)} for each in checklist.flags],
        "lists": [_listing(each) for each in checklist.lists],
        "order": [list(each) for each in checklist.order],
        "applies": condition(checklist.applies),
    }


def _scales(checklist: Checklist) -> Iterable[Scale]:
    yield from (each.scale for each in checklist.questions)
    yield from (each.scale for each in checklist.facts)


def _treatments(treat: Treatments) -> Mapping[str, str]:
    """What each non-answer counts as; points as a number."""
    said: dict[str, str] = {}
    for state, how in treat.items():
        match how:
            case LeftOut():
                said[state.value] = "left_out"
            case AsMissing():
                said[state.value] = "missing"
            case AsPoints(points):
                said[state.value] = str(points)
    return said


def _scale(scale: Scale) -> dict[str, Any]:
    choices = [
        {
            "id": each.id,
            "points": _number(each.points),
            "means": each.means.value if each.means else "",
            "codes": each.codes,
            "needs_comment": each.needs_comment,
        }
        for each in scale.choices
    ]
    return {"kind": scale.kind, "choices": choices, "span": _span(scale.span), "points": _ends(scale.points)}


def _span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"lowest": str(span.lowest), "highest": _number(span.highest), "step": _number(span.step)}


def _question(checklist: Checklist, question: Question, scales: list[Scale]) -> dict[str, Any]:
    return {
        "key": question.key,
        "item": question.item,
        "scale": scales.index(question.scale),
        "weight": str(question.weight),
        "reversed": question.reversed,
        "bins": _bins(question.bins),
        "points": _ends(question.points),
        "applies": condition(question.applies),
        "refused": [each.value for each in NEEDS_TREATMENT if not treated(checklist, question.key, each)],
    }


def _bins(bins: Bins | None) -> list[list[Any]] | None:
    """Each bin as its points, its ends, and whether it holds them."""
    if bins is None:
        return None
    return [
        [str(points), _number(band.lowest), _number(band.highest), band.with_lowest, band.with_highest]
        for points, band in bins.bins
    ]


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "group": item.group,
        "always_comment": item.always_comment,
        "comment_when": condition(item.comment_when),
    }


def _score(score: Score) -> dict[str, Any]:
    rounding = score.rounding
    return {
        "key": score.key,
        "group": score.group,
        "formula": formula(score.formula),
        "needing": needing(score.needing),
        "only_when": condition(score.only_when),
        "rounding": None if rounding is None else [rounding.places, rounding.mode],
        "counting": _treatments(score.counting),
        "highest": _number(score.highest),
        "percent": score.kind == "percent",
    }


def _result(result: Result) -> dict[str, Any]:
    levels = [{"id": each.id, "when": condition(each.when)} for each in result.levels]
    return {"key": result.key, "name": result.name, "group": result.group, "levels": levels}


def _listing(listing: Listing) -> dict[str, Any]:
    return {
        "id": listing.id,
        "questions": listing.questions,
        "rated": listing.rated,
        "results": listing.results,
    }


def _ends(points: Iterable[Fraction]) -> list[str]:
    return [str(each) for each in points]


def _number(number: Fraction | None) -> str | None:
    return None if number is None else str(number)
