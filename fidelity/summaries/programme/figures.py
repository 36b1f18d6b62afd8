"""A therapist's rows -> one exact figure over them, and the scores of a series in order."""

from collections.abc import Sequence
from fractions import Fraction

from fidelity.model.claim import Values, number_in
from fidelity.model.expression import Arithmetic, Constant, Formula, Operator, ValueOf
from fidelity.model.programme import Figure, Row, Series


def admitted(of: Series, rows: Sequence[Row]) -> list[Row]:
    """The observations that a series reads; none observed for a cause (decision 27)."""
    return [
        row
        for row in rows
        if row.checklist == of.checklist
        and row.evidence
        and not row.for_cause
        and (not of.sources or row.source in of.sources)
        and (not of.raters or row.rater in of.raters)
    ]


def scores(of: Series, rows: Sequence[Row]) -> list[Fraction]:
    """The scores of a series; observations without one are passed over."""
    found = [value_in(row.values, of.score) for row in admitted(of, rows)]
    return [value for value in found if value is not None]


def value_in(values: Values, key: str) -> Fraction | None:
    """The number of this name, where it is known."""
    possible = values.get(key)
    return number_in(possible[0]) if possible is not None and len(possible) == 1 else None


def figure(rule: Figure, rows: Sequence[Row]) -> Fraction | None:
    """The figure, or None where there are too few observations or nothing to divide by."""
    found = scores(rule.of, rows)
    if len(found) < max(rule.needing, 1):
        return None
    match rule.how:
        case "mean":
            return sum(found, Fraction(0)) / len(found)
        case "median":
            return _middle(sorted(found))
        case "sum":
            return sum(found, Fraction(0))
        case "count":
            return Fraction(len(found))
        case "lowest":
            return min(found)
        case "highest":
            return max(found)
        case "latest":
            return found[-1]
        case _:
            return _pooled(rule, rows)


def _middle(found: list[Fraction]) -> Fraction:
    half = len(found) // 2
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) / 2


def _pooled(rule: Figure, rows: Sequence[Row]) -> Fraction | None:
    """The ratio of the sums, where every observation with a score tells what it was made of (decision 28)."""
    if rule.parts is None:
        return None
    scored = [row for row in admitted(rule.of, rows) if value_in(row.values, rule.of.score) is not None]
    tops, bottoms = ([_worth(part, row.values) for row in scored] for part in rule.parts)
    known_tops = [each for each in tops if each is not None]
    known_bottoms = [each for each in bottoms if each is not None]
    if len(known_tops) < len(scored) or len(known_bottoms) < len(scored) or not sum(known_bottoms):
        return None
    pooled = sum(known_tops, Fraction(0)) / sum(known_bottoms, Fraction(0))
    return pooled * 100 if rule.percent else pooled


def _worth(formula: Formula, values: Values) -> Fraction | None:
    match formula:
        case Constant(value):
            return value
        case ValueOf(subject):
            return value_in(values, subject.key)
        case Arithmetic(operator, left, right):
            one, two = _worth(left, values), _worth(right, values)
            return None if one is None or two is None else _joined(operator, one, two)
        case _:
            return None


def _joined(operator: Operator, one: Fraction, two: Fraction) -> Fraction | None:
    match operator:
        case "+":
            return one + two
        case "-":
            return one - two
        case "*":
            return one * two
        case "/":
            return one / two if two else None
