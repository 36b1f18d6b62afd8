"""Scores, results, gates, flags and lists as written -> checked rules, one a group for families."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from fidelity.language import tree
from fidelity.language.conditions import band_condition, canonical, condition_of
from fidelity.language.formulas import Measured, codes_fit, formula_of, needing_of
from fidelity.language.head import treated, treatment_of
from fidelity.language.names import nearest
from fidelity.language.scope import Measure, Scope, subject_of, subjects_of
from fidelity.model.checklist import (
    Flag,
    Gate,
    Level,
    Listing,
    Result,
    Rounding,
    Score,
    Treatments,
)
from fidelity.model.expression import (
    Aggregate,
    Arithmetic,
    Condition,
    Formula,
    Needing,
    NoOther,
    PercentOf,
    RatioOf,
    Subject,
    ValueKind,
    aggregates_in,
)
from fidelity.model.number import RoundingMode

_MODES: dict[str, RoundingMode] = {"down": "down", "up": "up", "half even": "half_even"}


def family(id: str, each: tree.ForEach | None, scope: Scope) -> Iterator[tuple[str, str, Scope]]:
    """Key, group and scope of each member; a rule without `for each` is its own only member."""
    if each is None:
        yield id, "", scope
        return
    groups = scope.names.family(each.kind.id)
    if not groups:
        scope.problem("RB203", each.place, each=each.kind.id)
    for group in groups:
        yield f"{id}.{group}", group, scope.inside(group)


# ---- scores


def measure_of(scope: Scope, node: tree.Score) -> Measure | None:
    """What a score measures, its declared rounding included; problems are noted when the score is made."""
    quiet = Scope(**{**vars(scope), "found": []})
    return _declared(node, formula_of(node.body, quiet))


def _declared(node: tree.Score, found: Measured | None) -> Measure | None:
    if found is None:
        return None
    rounding = _rounding(node)
    step = Fraction(1) if rounding and rounding.places == 0 else found.measure.step
    return Measure(found.measure.kind, found.measure.lowest, found.measure.highest, step)


def scores_of(node: tree.Score, scope: Scope) -> Iterator[Score]:
    """The score, or its family's members."""
    for key, group, inside in family(node.id.id, node.each, scope):
        made = formula_of(node.body, inside)
        measure = scope.measures[key] = _declared(node, made)
        line = _needing(node, inside)
        only = next((each.condition for each in node.options if isinstance(each, tree.OnlyWhen)), None)
        condition = condition_of(only, inside) if only else None
        counting = _counting(node, inside)
        if made is None or measure is None:
            continue
        needing = _asked(node, made.formula, line)
        _partial_sums(node, made.formula, needing, inside)
        formula = replace(made.formula, needing=None) if isinstance(made.formula, Aggregate) else made.formula
        kind: ValueKind = measure.kind
        yield Score(
            key,
            node.id.id,
            group,
            _title(node, group, scope),
            formula,
            kind,
            needing,
            measure.lowest,
            measure.highest,
            condition,
            _rounding(node),
            counting,
            node.place,
        )


def _title(node: tree.Score | tree.Result | tree.Gate, group: str, scope: Scope) -> str:
    title = node.title.content if node.title else node.id.id
    return f"{title} · {scope.names.groups[group].title.content}" if group else title


def _needing(node: tree.Score, scope: Scope) -> Needing | None:
    lines = [each for each in node.options if isinstance(each, tree.Needing)]
    return needing_of(lines[-1], scope) if lines else None


def _asked(node: tree.Score, formula: Formula, line: Needing | None) -> Needing:
    """What the whole score asks for: its line, or all; of its only function, what that one asks."""
    if isinstance(formula, Aggregate) and formula.needing is not None:
        return formula.needing
    if line is None and all(each.needing for each in aggregates_in(formula)):
        return Needing(place=node.place)
    return line or Needing(share=Fraction(1), place=node.place)


def _partial_sums(node: tree.Score, formula: Formula, asked: Needing, scope: Scope) -> None:
    """RB212 at each `needing` under which a sum would run over some of its items only."""
    for each in _bare_sums(formula):
        needing = each.needing or asked
        if needing.number is not None or (needing.share is not None and needing.share != 1):
            scope.problem("RB212", needing.place, score=node.id.id)


def _bare_sums(formula: Formula) -> Iterator[Aggregate]:
    """The sums that nothing puts in proportion to how many were answered."""
    match formula:
        case Aggregate("sum"):
            yield formula
        case Arithmetic("/", top, bottom) | PercentOf(top, bottom) | RatioOf(top, bottom):
            if not any(True for _ in aggregates_in(bottom)):
                yield from _bare_sums(top)
        case Arithmetic(_, left, right):
            yield from _bare_sums(left)
            yield from _bare_sums(right)
        case _:
            return


def _rounding(node: tree.Score) -> Rounding | None:
    lines = [each for each in node.options if isinstance(each, tree.Rounding)]
    if not lines:
        return None
    mode = lines[-1].mode
    named = " ".join(mode.id.split()) if mode else ""
    return Rounding(int(lines[-1].places.value), _MODES.get(named, "half_away"))


def _counting(node: tree.Score, scope: Scope) -> Treatments:
    lines = [each for each in node.options if isinstance(each, tree.Counting)]
    return {state: treatment_of(each.treatment) for each in lines if (state := treated(each.state, scope))}


# ---- results and gates


def results_of(node: tree.Result, scope: Scope) -> Iterator[Result]:
    """The result, or its family's members."""
    for key, group, inside in family(node.id.id, node.each, scope):
        read = subject_of(node.of, inside) if node.of else None
        if read is not None and read.kind != "score":
            scope.problem("RB110", node.of.place if node.of else node.place, not_a_score=read.key)
            read = None
        broken = node.of is not None and read is None
        levels = [_level(each, key, read, broken, inside) for each in node.levels]
        of = read.key if read else ""
        title = _title(node, group, scope)
        yield Result(key, node.id.id, group, title, of, tuple(levels), node.place)


def _level(node: tree.Level, result: str, read: Subject | None, broken: bool, scope: Scope) -> Level:
    when: Condition | None = None
    match node.rule:
        case tree.WhenRule():
            when = condition_of(node.rule.condition, scope)
        case tree.Otherwise():
            when = NoOther(result, node.id.id, node.rule.place)
        case tree.ByGate():
            pass
        case _ if read is not None:
            when = band_condition(read, node.rule, scope)
        case _:
            if not broken:
                scope.problem("RB110", node.rule.place, from_missing=result.partition(".")[0])
    return Level(node.id.id, node.title.content, when, node.place)


def gates_of(node: tree.Gate, scope: Scope) -> Iterator[Gate]:
    """The gate, or its family's members."""
    result = scope.names.meaning.get(node.result.id)
    if not isinstance(result, tree.Result):
        results = list(scope.names.of_kind(tree.Result))
        near = nearest(node.result.id, results)
        facts = {"kind": "result", "name": node.result.id, "suggestion": near, "results": ", ".join(results)}
        scope.problem("RB101", node.result.place, **facts)
        return
    levels = [each.id.id for each in result.levels]
    if node.cap.id not in levels:
        own = ", ".join(levels)
        near = nearest(node.cap.id, levels)
        scope.problem(
            "RB101",
            node.cap.place,
            kind="level",
            name=node.cap.id,
            of=node.result.id,
            own=own,
            suggestion=near,
        )
        return
    if (result.each is None) != (node.each is None):
        each = result.each.kind.id if result.each else ""
        scope.problem(
            "RB110", node.result.place, caps=node.result.id, cap_each=each, cap_single="" if each else "one"
        )
        return
    for key, group, inside in family(node.id.id, node.each, scope):
        condition = condition_of(node.condition, inside)
        capped = f"{node.result.id}.{group}" if group else node.result.id
        if condition is not None:
            title = _title(node, group, scope)
            yield Gate(key, node.id.id, group, title, capped, node.cap.id, condition, node.place)


# ---- flags and lists


def flag_of(node: tree.Flag, scope: Scope) -> Flag | None:
    """A flag; None when its condition was a problem."""
    condition = condition_of(node.condition, scope)
    return None if condition is None else Flag(node.id.id, node.title.content, condition, node.place)


def listing_of(node: tree.Listing, scope: Scope) -> Listing | None:
    """A list; None when it was a problem."""
    subjects = subjects_of(node.selection, scope)
    if subjects is None or not all(codes_fit(subject, node.rated, scope) for subject in subjects):
        return None
    rated = tuple(canonical(word.id) for word in node.rated)
    items = tuple(each.key for each in subjects if each.kind == "question")
    groups = tuple(each.key for each in subjects if each.kind == "result")
    return Listing(node.id.id, node.title.content, items, rated, node.place, groups)
