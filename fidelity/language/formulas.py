"""Formulas as written -> typed formulas, each with its kind and range; kinds that do not fit are problems."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import get_args

from fidelity.language import tree
from fidelity.language.names import nearest
from fidelity.language.scope import Measure, Scope, bound_of, subject_of, subjects_of, threshold_named
from fidelity.model.checklist import Question
from fidelity.model.expression import (
    Aggregate,
    AggregateName,
    Arithmetic,
    Constant,
    Formula,
    Needing,
    Operator,
    PercentOf,
    RatioOf,
    Subject,
    ValueKind,
    ValueOf,
)
from fidelity.model.function import FUNCTIONS
from fidelity.model.scale import NON_ANSWERS
from fidelity.place import Place
from fidelity.record import Record

HUNDRED = Fraction(100)
PERCENT = Measure("percent", Fraction(0), HUNDRED)


class Measured(Record):
    """A formula and what it measures."""

    formula: Formula
    measure: Measure


def formula_of(body: tree.Body, scope: Scope) -> Measured | None:
    """The typed formula of a score's body; None when something in it was a problem."""
    match body:
        case tree.Number():
            return _number(body)
        case tree.Reference():
            return _reference(body, scope)
        case tree.Aggregate():
            return _aggregate(body, scope)
        case tree.Bracketed():
            inside = formula_of(body.inside, scope)
            return inside if inside is None or body.needing is None else _asking(inside, body.needing, scope)
        case tree.Add() | tree.Subtract() | tree.Multiply() | tree.Divide():
            return _arithmetic(body, scope)
        case tree.PercentOf():
            part, whole = formula_of(body.part, scope), formula_of(body.whole, scope)
            if part is None or whole is None:
                return None
            return Measured(
                PercentOf(part.formula, whole.formula, body.place), Measure("percent", Fraction(0), None)
            )
        case tree.RatioOf():
            top, bottom = formula_of(body.top, scope), formula_of(body.bottom, scope)
            if top is None or bottom is None:
                return None
            return Measured(
                RatioOf(top.formula, bottom.formula, body.place), Measure("ratio", Fraction(0), None)
            )


def value_of(subject: Subject, place: Place, scope: Scope) -> Measured | None:
    """A question, score or fact as a number; a problem where it has none."""
    measure: Measure | None = None
    match subject.kind:
        case "question":
            measure = _measure_of_question(_question(subject, scope), place, scope)
        case "score":
            measure = measure_of_score(subject, scope)
        case "fact":
            span = scope.facts[subject.key].scale.span
            if span is None:
                scope.problem("RB110", place, word=subject.key)
                return None
            measure = Measure("number", span.lowest, span.highest, span.step)
        case "result" | "gate":
            scope.problem("RB110", place, level=subject.key.partition(".")[0])
            return None
    return None if measure is None else Measured(ValueOf(subject, place), measure)


def measure_of_score(subject: Subject, scope: Scope) -> Measure | None:
    """What a score measures; None while it is being worked out (a circle, reported elsewhere) or broken."""
    name, _, group = subject.key.partition(".")
    if subject.key not in scope.measures:
        scope.measures[subject.key] = None
        score = scope.names.meaning[name]
        if isinstance(score, tree.Score) and scope.measuring is not None:
            scope.measures[subject.key] = scope.measuring(scope.inside(group), score)
    return scope.measures[subject.key]


def _question(subject: Subject, scope: Scope) -> Question:
    item = subject.key.partition(".")[0]
    return next(each for each in scope.questions[item] if each.key == subject.key)


def _measure_of_question(question: Question, place: Place, scope: Scope) -> Measure | None:
    scale = question.scale
    if scale.kind == "text":
        scope.problem("RB113", place, item=question.item)
        return None
    if question.bins is None and scale.kind in ("count", "number") and scale.span is not None:
        kind: ValueKind = "count" if scale.kind == "count" else "number"
        return Measure(kind, scale.span.lowest, scale.span.highest, scale.span.step)
    if not question.points:
        scope.problem("RB111", place, item=question.key, scale=scale.title or scale.id)
        return None
    lowest, highest = question.points
    return Measure("points", lowest, highest, _step(question))


def _step(question: Question) -> Fraction | None:
    if question.scale.span is not None and question.bins is None:
        return question.scale.span.step
    whole = all(each.points is None or each.points.denominator == 1 for each in question.scale.choices)
    return Fraction(1) if whole else None


def _number(number: tree.Number) -> Measured:
    kind: ValueKind = "percent" if number.percent else "number"
    return Measured(Constant(number.value, place=number.place), Measure(kind, number.value, number.value))


def _reference(reference: tree.Reference, scope: Scope) -> Measured | None:
    threshold = threshold_named(reference, scope)
    if threshold is not None:
        constant = bound_of(reference, threshold.number.percent, scope)
        kind: ValueKind = "percent" if threshold.number.percent else "number"
        if constant is not None:
            return Measured(constant, Measure(kind, constant.value, constant.value))
    if reference.name.id not in scope.names.meaning:
        scope.unknown(reference.name, "score, item or function", [*FUNCTIONS, *scope.names.meaning])
        return None
    subject = subject_of(reference, scope)
    return None if subject is None else value_of(subject, reference.place, scope)


# ---- aggregates


def _aggregate(aggregate: tree.Aggregate, scope: Scope) -> Measured | None:
    function = next(name for name in get_args(AggregateName) if name == aggregate.function.id)
    subjects = subjects_of(aggregate.selection, scope)
    if subjects is None:
        return None
    if function in ("share", "count"):
        return _counting(function, aggregate, subjects, scope)
    if aggregate.rated is not None:
        scope.problem("RB110", aggregate.place, rated=function)
        return None
    if subjects[0].kind == "result":
        scope.problem("RB110", aggregate.place, level=subjects[0].key.partition(".")[0])
        return None
    measures = [value_of(each, aggregate.place, scope) for each in subjects]
    known = [each.measure for each in measures if each is not None]
    if len(known) < len(measures) or not _mixes(function, aggregate, subjects, known, scope):
        return None
    over = Aggregate(function, subjects, place=aggregate.place)
    return Measured(over, _measure_of(function, known))


def _counting(
    function: AggregateName, aggregate: tree.Aggregate, subjects: tuple[Subject, ...], scope: Scope
) -> Measured | None:
    rated = None
    if aggregate.rated is not None:
        if not all(codes_fit(subject, aggregate.rated, scope) for subject in subjects):
            return None
        rated = tuple(word.id for word in aggregate.rated)
    elif function == "share":
        scope.problem("RB110", aggregate.place, unrated="share")
        return None
    over = Aggregate(function, subjects, rated, place=aggregate.place)
    if function == "share":
        return Measured(over, PERCENT)
    return Measured(over, Measure("count", Fraction(0), Fraction(len(subjects)), Fraction(1)))


def _mixes(
    function: AggregateName,
    aggregate: tree.Aggregate,
    subjects: tuple[Subject, ...],
    known: list[Measure],
    scope: Scope,
) -> bool:
    """Whether the values may stand together under this function."""
    if function == "percent":
        for subject, measure in zip(subjects, known, strict=True):
            if subject.kind != "question" or measure.kind != "points":
                scope.problem("RB111", aggregate.place, no_top=subject.key)
                return False
        return True
    kinds = {measure.kind for measure in known}
    ranges = {(measure.lowest, measure.highest) for measure in known if measure.kind in ("points", "mean")}
    if len(kinds) > 1 or (len(ranges) > 1):
        odd = next(
            subject
            for subject, measure in zip(subjects, known, strict=True)
            if (measure.kind, measure.lowest, measure.highest)
            != (known[0].kind, known[0].lowest, known[0].highest)
        )
        scope.problem("RB111", aggregate.place, function=function, one=subjects[0].key, other=odd.key)
        return False
    return True


def _measure_of(function: AggregateName, known: list[Measure]) -> Measure:
    first = known[0]
    step = first.step if all(each.step == first.step for each in known) else None
    match function:
        case "percent":
            return PERCENT
        case "sum":
            return Measure(
                first.kind, _total(m.lowest for m in known), _total(m.highest for m in known), step
            )
        case "mean":
            kind: ValueKind = first.kind if first.kind in ("percent", "ratio") else "mean"
            return Measure(kind, first.lowest, first.highest)
        case "median":
            return Measure(first.kind, first.lowest, first.highest)
        case _:
            return Measure(first.kind, first.lowest, first.highest, step)


def _total(ends: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for end in ends:
        if end is None:
            return None
        total += end
    return total


def codes_fit(subject: Subject, codes: tuple[tree.Word, ...], scope: Scope) -> bool:
    """Whether each code is an answer, word or level of the subject; RB101 or RB110 where it is not."""
    own = answers_of(subject, scope)
    if own is None:
        return True
    everywhere = NON_ANSWERS if subject.kind == "question" else {}
    strangers = [word for word in codes if word.id not in own and word.id not in everywhere]
    for word in strangers:
        _stranger(word, subject, own, scope)
    return not strangers


def answers_of(subject: Subject, scope: Scope) -> list[str] | None:
    """The codes that a subject can have; None where any number may be one."""
    name = subject.key.partition(".")[0]
    match subject.kind:
        case "question":
            scale = _question(subject, scope).scale
            return None if scale.span is not None else [each.id for each in scale.choices]
        case "fact":
            fact = scope.facts[subject.key].scale
            return None if fact.kind != "choice" else [each.id for each in fact.choices]
        case "result":
            result = scope.names.meaning[name]
            return [each.id.id for each in result.levels] if isinstance(result, tree.Result) else []
        case "score" | "gate":
            return []


def _stranger(word: tree.Word, subject: Subject, own: list[str], scope: Scope) -> None:
    name = subject.key.partition(".")[0]
    what = {"fact": "word", "result": "level"}.get(subject.kind, "answer")
    elsewhere = _elsewhere(word.id, scope)
    facts = {
        "kind": what,
        "name": word.id,
        "suggestion": nearest(word.id, [*own, *NON_ANSWERS]),
        "of": name,
        "own": ", ".join(own),
    }
    scope.problem("RB110" if elsewhere else "RB101", word.place, **facts, elsewhere=elsewhere)


def _elsewhere(code: str, scope: Scope) -> str:
    for id, each in scope.names.meaning.items():
        if isinstance(each, tree.Scale) and code in [answer.id.id for answer in each.answers]:
            return f'the scale "{id}"'
        if isinstance(each, tree.Result) and code in [level.id.id for level in each.levels]:
            return f'the result "{id}"'
    return ""


# ---- how many must be answered


def needing_of(node: tree.Needing, scope: Scope) -> Needing:
    """`needing … answered`, as a share or a number; RB110 where it is neither."""
    if isinstance(node.need, tree.NeedAll):
        return Needing(share=Fraction(1), place=node.place)
    number = node.need.number
    if number.percent or number.fraction:
        share = number.value / 100 if number.percent else number.value
        if share > 1:
            scope.problem("RB110", number.place, needing=number.written)
        return Needing(share=share, place=node.place)
    if number.value.denominator != 1:
        scope.problem("RB110", number.place, needing=number.written)
    return Needing(number=int(number.value), place=node.place)


def _asking(inside: Measured, node: tree.Needing, scope: Scope) -> Measured:
    """The formula whose functions ask for so many answers, unless one asks by itself."""
    needing = needing_of(node, scope)

    def asking(formula: Formula) -> Formula:
        match formula:
            case Aggregate():
                return replace(formula, needing=formula.needing or needing)
            case Arithmetic(left=left, right=right):
                return replace(formula, left=asking(left), right=asking(right))
            case _:
                return formula

    return Measured(asking(inside.formula), inside.measure)


# ---- arithmetic

_SIGNS: dict[type, Operator] = {tree.Add: "+", tree.Subtract: "-", tree.Multiply: "*", tree.Divide: "/"}


def _arithmetic(
    node: tree.Add | tree.Subtract | tree.Multiply | tree.Divide, scope: Scope
) -> Measured | None:
    left, right = formula_of(node.left, scope), formula_of(node.right, scope)
    if left is None or right is None:
        return None
    operator = _SIGNS[type(node)]
    kinds = {left.measure.kind, right.measure.kind}
    if "percent" in kinds and len(kinds) > 1 and operator in "+-":
        scope.problem("RB110", node.place, sign=operator)
        return None
    formula = Arithmetic(operator, left.formula, right.formula, node.place)
    return Measured(formula, _measure_of_arithmetic(operator, left.measure, right.measure))


def _measure_of_arithmetic(operator: Operator, left: Measure, right: Measure) -> Measure:
    step = Fraction(1) if left.step == 1 and right.step == 1 and operator != "/" else None
    kind: ValueKind = left.kind if left.kind == right.kind else "number"
    if operator in "*/" and "percent" in (left.kind, right.kind):
        kind = "percent" if left.kind != right.kind else "number"
    match operator:
        case "+":
            return Measure(kind, _plus(left.lowest, right.lowest), _plus(left.highest, right.highest), step)
        case "-":
            return Measure(kind, _minus(left.lowest, right.highest), _minus(left.highest, right.lowest), step)
        case "*":
            return Measure(kind, _times(left.lowest, right.lowest), _times(left.highest, right.highest), step)
        case "/":
            if left.kind == right.kind == "percent":
                kind = "ratio"
            by = right.lowest if right.lowest == right.highest else None
            return Measure(kind, _over(left.lowest, by), _over(left.highest, by))


def _plus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a + b


def _minus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a - b


def _times(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a * b


def _over(a: Fraction | None, by: Fraction | None) -> Fraction | None:
    return a / by if a is not None and by else None
