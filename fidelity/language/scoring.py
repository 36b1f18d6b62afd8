"""Scores, results, gates, flags and lists as written -> checked rules, one a group for families."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from fidelity.language import tree
from fidelity.language.conditions import band_condition, canonical, condition_of
from fidelity.language.formulas import codes_fit, formula_of
from fidelity.language.head import treated, treatment_of
from fidelity.language.names import nearest
from fidelity.language.scope import Measure, Scope, subject_of, subjects_of
from fidelity.model.checklist import (
    Flag,
    Gate,
    Level,
    Listing,
    Needing,
    Result,
    Rounding,
    Score,
    Treatments,
)
from fidelity.model.expression import Aggregate, Condition, Formula, NoOther, Subject, ValueKind
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
    found = formula_of(node.body, quiet)
    if found is None:
        return None
    rounding = _rounding(node)
    step = Fraction(1) if rounding and rounding.places == 0 else found.measure.step
    return Measure(found.measure.kind, found.measure.lowest, found.measure.highest, step)


def scores_of(node: tree.Score, scope: Scope) -> Iterator[Score]:
    """The score, or its family's members."""
    for key, group, inside in family(node.id.id, node.each, scope):
        made = formula_of(node.body, inside)
        measure = measure_of(inside, node)
        needing = _needing(node, made.formula if made else None, inside)
        only = next((each.condition for each in node.options if isinstance(each, tree.OnlyWhen)), None)
        condition = condition_of(only, inside) if only else None
        counting = _counting(node, inside)
        if made is None or measure is None:
            continue
        kind: ValueKind = measure.kind
        yield Score(
            key,
            node.id.id,
            group,
            _title(node, group, scope),
            made.formula,
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


def _needing(node: tree.Score, formula: Formula | None, scope: Scope) -> Needing:
    lines = [each for each in node.options if isinstance(each, tree.Needing)]
    if not lines or isinstance(lines[-1].need, tree.NeedAll):
        return Needing(share=Fraction(1), place=node.place)
    number = lines[-1].need.number
    place = lines[-1].place
    if isinstance(formula, Aggregate) and formula.function == "sum" and number.written != "100%":
        scope.problem("RB212", place, score=node.id.id)
    if number.percent or number.fraction:
        share = number.value / 100 if number.percent else number.value
        if share > 1:
            scope.problem("RB110", number.place, needing=number.written)
        return Needing(share=share, place=place)
    if number.value.denominator != 1:
        scope.problem("RB110", number.place, needing=number.written)
    return Needing(number=int(number.value), place=place)


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
        scope.unknown(node.result, "result", scope.names.of_kind(tree.Result))
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
    return Listing(node.id.id, node.title.content, tuple(_keys(subjects)), rated, node.place)


def _keys(subjects: Iterable[Subject]) -> Iterator[str]:
    return (subject.key for subject in subjects)
