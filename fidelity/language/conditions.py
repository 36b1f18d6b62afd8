"""Conditions as written -> typed conditions, each test fitted to what it tests; misfits are problems."""

from fractions import Fraction
from typing import Literal

from fidelity.language import tree
from fidelity.language.formulas import Measured, answers_of, codes_fit, value_of
from fidelity.language.scope import Measure, Scope, bound_of, subject_of, subjects_of, threshold_named
from fidelity.model.expression import (
    And,
    Compare,
    CompareLevel,
    Comparison,
    Condition,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    Not,
    Or,
    Quantified,
    Subject,
)
from fidelity.model.number import read_number, written
from fidelity.place import Place

Quantifier = Literal["any", "every", "no", "at least", "at most", "exactly"]

COMPARISONS: dict[type, Comparison] = {
    tree.AtLeast: "at least",
    tree.AtMost: "at most",
    tree.Above: "above",
    tree.Below: "below",
}


def condition_of(node: tree.Condition, scope: Scope) -> Condition | None:
    """The typed condition; None when something in it was a problem."""
    match node:
        case tree.Parenthesised():
            return condition_of(node.inside, scope)
        case tree.Negated():
            part = condition_of(node.inside, scope)
            return None if part is None else Not(part, node.place)
        case tree.AndAlso() | tree.OrElse():
            return _joined(node, scope)
        case tree.Quantified():
            return _quantified(node, scope)
        case tree.Tested():
            subject = subject_of(node.subject, scope)
            return None if subject is None else test_of(subject, node.test, node.place, scope)
        case tree.GateTest():
            gate = gate_key(node.gate, node.group, scope)
            return None if gate is None else GateIs(gate, node.word.id == "passes", node.place)


def _joined(node: tree.AndAlso | tree.OrElse, scope: Scope) -> Condition | None:
    kind = type(node)
    if any(
        isinstance(side, tree.AndAlso | tree.OrElse) and type(side) is not kind
        for side in (node.left, node.right)
    ):
        scope.problem("RB230", node.place, mixed="and, or")
    parts = [condition_of(each, scope) for each in flattened(node)]
    sound = tuple(each for each in parts if each is not None)
    if len(sound) < len(parts):
        return None
    return And(sound, node.place) if kind is tree.AndAlso else Or(sound, node.place)


def flattened(node: tree.Condition) -> list[tree.Condition]:
    """`a and b and c` as a list of three."""
    if not isinstance(node, tree.AndAlso | tree.OrElse):
        return [node]
    left = flattened(node.left) if type(node.left) is type(node) else [node.left]
    return [*left, node.right]


def gate_key(gate: tree.Word, group: tree.Word | None, scope: Scope) -> str | None:
    """The key of a named gate, a family's member included; a problem when there is none."""
    meaning = scope.names.meaning.get(gate.id)
    if not isinstance(meaning, tree.Gate):
        scope.unknown(gate, "gate", scope.names.of_kind(tree.Gate))
        return None
    if meaning.each is None:
        return gate.id
    family = scope.names.family(meaning.each.kind.id)
    member = group.id if group else scope.group
    if member not in family:
        scope.problem(
            "RB110", gate.place, name=gate.id, each=meaning.each.kind.id, member=next(iter(family), "")
        )
        return None
    return f"{gate.id}.{member}"


# ---- quantifiers


def _quantified(node: tree.Quantified, scope: Scope) -> Condition | None:
    subjects = subjects_of(node.selection, scope)
    if subjects is None:
        return None
    members: list[tuple[Subject, Condition]] = []
    for subject in subjects:
        condition = test_of(subject, node.test, node.place, scope)
        if condition is None:
            return None
        members.append((subject, condition))
    quantifier, number = quantifier_of(node.quantifier)
    return Quantified(quantifier, number, tuple(members), node.place)


def quantifier_of(node: tree.Quantifier) -> tuple[Quantifier, int]:
    """The quantifier, and the number where it has one."""
    match node:
        case tree.AnyOne():
            return "any", 1
        case tree.EveryOne():
            return "every", 0
        case tree.NoOne():
            return "no", 0
        case tree.AtLeastN(number):
            return "at least", int(number.value)
        case tree.AtMostN(number):
            return "at most", int(number.value)
        case tree.ExactlyN(number):
            return "exactly", int(number.value)


# ---- one test


def test_of(subject: Subject, test: tree.Test, place: Place, scope: Scope) -> Condition | None:
    """What a test says about one subject."""
    match test:
        case tree.NotScored():
            return HasState(subject, "not scored", place)
        case tree.IsScored():
            return HasState(subject, "scored", place)
        case tree.IsMissing():
            return HasState(subject, "missing", place)
        case tree.Among(codes):
            return _among(subject, codes, place, scope)
        case tree.Equal(bound):
            return _equal(subject, bound, place, scope)
        case tree.AtLeast() | tree.AtMost() | tree.Above() | tree.Below():
            return compared(subject, COMPARISONS[type(test)], test.bound, place, scope)


def _among(subject: Subject, codes: tuple[tree.Word, ...], place: Place, scope: Scope) -> Condition | None:
    if subject.kind == "score":
        scope.problem("RB110", place, listed=subject.key.partition(".")[0])
        return None
    if not codes_fit(subject, codes, scope):
        return None
    return IsOneOf(subject, tuple(canonical(word.id) for word in codes), place)


def word_of(bound: tree.Bound) -> tree.Word:
    """A bound read as the id of an answer or level."""
    return bound.name if isinstance(bound, tree.Reference) else tree.Word(bound.written, place=bound.place)


def canonical(code: str) -> str:
    """The one spelling of a code: numbers by value."""
    number = read_number(code)
    return code if number is None else written(number)


def _equal(subject: Subject, bound: tree.Bound, place: Place, scope: Scope) -> Condition | None:
    if subject.kind == "score":
        return compared(subject, "is", bound, place, scope)
    if isinstance(bound, tree.Reference) and (threshold_named(bound, scope) or bound.owner):
        return compared(subject, "is", bound, place, scope)
    if isinstance(bound, tree.Reference) and _names_a_value(subject, bound, scope):
        return compared(subject, "is", bound, place, scope)
    word = word_of(bound)
    return _among(subject, (word,), place, scope)


def _names_a_value(subject: Subject, bound: tree.Reference, scope: Scope) -> bool:
    own = answers_of(subject, scope)
    if own is not None and bound.name.id in own:
        return False
    meaning = scope.names.meaning.get(bound.name.id)
    return isinstance(meaning, tree.Item | tree.Score)


def compared(
    subject: Subject, comparison: Comparison, bound: tree.Bound, place: Place, scope: Scope
) -> Condition | None:
    """A subject against a number, a threshold, another value, or, for a result, one of its levels."""
    if subject.kind == "result":
        return _compared_level(subject, comparison, bound, place, scope)
    left = value_of(subject, place, scope)
    if left is None:
        return None
    right = _right_side(left, bound, scope)
    return None if right is None else Compare(left.formula, comparison, right, place)


def _compared_level(
    subject: Subject, comparison: Comparison, bound: tree.Bound, place: Place, scope: Scope
) -> Condition | None:
    word = word_of(bound)
    if not codes_fit(subject, (word,), scope):
        return None
    return CompareLevel(subject, comparison, word.id, place)


def _right_side(left: Measured, bound: tree.Bound, scope: Scope) -> Formula | None:
    percent = left.measure.kind == "percent"
    constant = bound_of(bound, percent, scope)
    if constant is not None:
        return constant
    if isinstance(bound, tree.Number):
        _wrong_kind(left, bound.written, bound, scope)
        return None
    threshold = threshold_named(bound, scope)
    if threshold is not None:
        _wrong_kind(left, threshold.number.written, bound, scope)
        return None
    if bound.owner is None and bound.name.id not in scope.names.meaning:
        scope.unknown(bound.name, "number or threshold", [*scope.names.meaning, *_words(scope)])
        return None
    subject = subject_of(bound, scope)
    right = None if subject is None else value_of(subject, bound.place, scope)
    if right is None:
        return None
    if (right.measure.kind == "percent") != percent:
        _wrong_kind(left, bound.name.id, bound, scope)
        return None
    return right.formula


def _words(scope: Scope) -> list[str]:
    return [id for id, owner in scope.names.thresholds if not owner]


def _wrong_kind(left: Measured, found: str, bound: tree.Bound, scope: Scope) -> None:
    name = getattr(getattr(left.formula, "subject", None), "key", "").partition(".")[0]
    percent = left.measure.kind == "percent"
    wanted, given = ("a percent", "a plain number") if percent else ("no percent", "a percent")
    facts = {"left": name, "wanted": wanted, "found": found, "given": given}
    number = read_number(found.rstrip("%"))
    if number is not None:
        facts |= in_its_kind(number, left.measure, found)
    scope.problem("RB110", bound.place, **facts)


def in_its_kind(number: Fraction, measure: Measure, found: str) -> dict[str, str]:
    """What the author may have meant: 0.7 is 70%; what 70% of points is, only the author knows."""
    if measure.kind == "percent":
        return {"instead": f"{written(number * 100)}%" if 0 < number < 1 else f"{found}%"}
    if measure.kind == "ratio":
        return {"instead": written(number / 100)}
    ends = {"lowest": measure.lowest, "highest": measure.highest}
    known = {end: written(value) for end, value in ends.items() if value is not None}
    return {"in_percent": found, **known}


def band_condition(subject: Subject, rule: tree.RangeRule, scope: Scope) -> Condition | None:
    """A level's number band as a condition on the score it reads."""
    match rule:
        case tree.FromTo():
            upper: Comparison = "below" if rule.below else "at most"
            lower_part = compared(subject, "at least", rule.lowest, rule.lowest.place, scope)
            upper_part = compared(subject, upper, rule.highest, rule.highest.place, scope)
            if lower_part is None or upper_part is None:
                return None
            return And((lower_part, upper_part), rule.place)
        case _:
            return compared(subject, COMPARISONS[type(rule)], rule.bound, rule.place, scope)
