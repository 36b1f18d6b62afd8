"""Formulas and conditions of the checked model -> nested lists that begin with their kind."""

from typing import Any

from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    CompareLevel,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    Needing,
    NoOther,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    ValueOf,
)

Term = list[Any]


def formula(node: Formula) -> Term:
    """A formula: `["of", "percent", [["question", "hello"]], null, null]`."""
    match node:
        case Constant(value):
            return ["number", str(value)]
        case ValueOf(subject):
            return ["value", *_subject(subject)]
        case Aggregate(function, over, rated, asked):
            own = None if asked is None else needing(asked)
            return ["of", function, [_subject(each) for each in over], rated, own]
        case Arithmetic(operator, left, right):
            return ["joined", operator, formula(left), formula(right)]
        case PercentOf(part, whole):
            return ["joined", "/", ["joined", "*", formula(part), ["number", "100"]], formula(whole)]
        case RatioOf(top, bottom):
            return ["joined", "/", formula(top), formula(bottom)]


def condition(node: Condition | None) -> Term | None:
    """A condition: `["among", "question", "hello", ["yes"]]`; nothing stays nothing."""
    return None if node is None else _condition(node)


def needing(asked: Needing) -> Term:
    """How many answers: `["number", 2]`, or the share of those that apply: `["share", 2, 3]`."""
    if asked.number is not None:
        return ["number", asked.number]
    part, whole = (1, 1) if asked.share is None else asked.share.as_integer_ratio()
    return ["share", part, whole]


def _condition(node: Condition) -> Term:
    match node:
        case And(parts):
            return ["and", [_condition(each) for each in parts]]
        case Or(parts):
            return ["or", [_condition(each) for each in parts]]
        case Not(part):
            return ["not", _condition(part)]
        case Compare(left, comparison, right):
            return ["compare", formula(left), comparison, formula(right)]
        case CompareLevel(subject, comparison, level):
            return ["level", subject.key, comparison, level]
        case IsOneOf(subject, codes):
            return ["among", *_subject(subject), codes]
        case HasState(subject, state):
            return ["state", *_subject(subject), state]
        case GateIs(gate, passes):
            return ["gate", gate, passes]
        case Quantified(quantifier, number, members):
            return [
                "many",
                quantifier,
                number,
                [[*_subject(each), _condition(part)] for each, part in members],
            ]
        case NoOther(result, level):
            return ["otherwise", result, level]


def _subject(subject: Subject) -> Term:
    return [subject.kind, subject.key]
