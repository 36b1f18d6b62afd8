"""Cut-offs against the values that records can reach: near misses, rounding that lifts, empty bands."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks.bands import bands_of
from fidelity.language.checks.conditions import conditions_in
from fidelity.language.checks.reach import Reached, reached
from fidelity.language.checks.truth import Trial
from fidelity.language.checks.witness import told
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist, Result
from fidelity.model.expression import (
    And,
    Compare,
    Comparison,
    Condition,
    Constant,
    Not,
    Or,
    Quantified,
    Subject,
    ValueOf,
)
from fidelity.model.number import rounded, shown, written
from fidelity.place import Place

SIMPLE = 12  # fractions of so few parts are what authors mean by a rounded percent
WITNESSES = 20
DISPLAYED = {"percent": 1}  # places in reports; two for everything else


class Mark(NamedTuple):
    """A number that a score is compared with: where it stands, and as it was written."""

    score: str
    comparison: Comparison
    value: Fraction
    written: str
    place: Place


def near_misses(source: tree.Checklist, checklist: Checklist, scope: Scope) -> Iterable[Problem]:
    """RB216 where a value lies just below a threshold and would be printed as reaching it."""
    told_at: set[Place] = set()
    for mark in _marks(source, checklist, scope):
        found = reached(checklist, checklist.score[mark.score])
        if found is None or mark.comparison not in ("at least", "below") or mark.place in told_at:
            continue
        missed = _missed(checklist, mark, found)
        if missed is not None:
            told_at.add(mark.place)
            yield Problem("RB216", mark.place, missed)


def _missed(checklist: Checklist, mark: Mark, found: Reached) -> dict[str, object] | None:
    percent = checklist.score[mark.score].kind == "percent"
    below = sorted((value for value in found.values if value < mark.value), reverse=True)
    for value in below[:WITNESSES]:
        if not _looks_like(mark, value, percent):
            return None
        record = found.record(found.values[value])
        if Trial(checklist, record).look(Subject("score", mark.score)) == value:
            return _near_miss(mark, found, value, percent, told(record))
    return None


def _looks_like(mark: Mark, value: Fraction, percent: bool) -> bool:
    """Whether it would be printed as the threshold: in reports or, a simple fraction, as written."""
    displayed = DISPLAYED["percent"] if percent else 2
    own = len(mark.written.rstrip("%").partition(".")[2])
    if "/" in mark.written:
        return False
    part = value / 100 if percent else value
    simple = percent and part.denominator <= SIMPLE
    places = own if simple else max(own, displayed)
    return rounded(value, places) == mark.value


def _near_miss(mark: Mark, found: Reached, value: Fraction, percent: bool, record: str) -> dict[str, object]:
    part = value / 100 if percent else value
    sign = "%" if percent else ""
    exact = written(value)
    return {
        "threshold": mark.written,
        "fraction": f"{part.numerator}/{part.denominator}" if part.denominator > 1 else exact + sign,
        "points": found.points(found.values[value]) or "this",
        "value": f"{exact if '/' not in exact else shown(value - Fraction(1, 2000), 3) + '...'}{sign}",
        "record": record,
    }


# ---- rounding


def lifting_rounding(source: tree.Checklist, checklist: Checklist, scope: Scope) -> Iterable[Problem]:
    """RB214 where a declared rounding takes a value to the other side of a cut-off."""
    places = {
        each.id.id: option.place
        for each in source.blocks
        if isinstance(each, tree.Score)
        for option in each.options
        if isinstance(option, tree.Rounding)
    }
    seen: set[str] = set()
    for mark in _marks(source, checklist, scope):
        score = checklist.score[mark.score]
        if score.name in seen or score.rounding is None:
            continue
        found = reached(checklist, score)
        lifted = None if found is None else _lifted(mark, found)
        if found is not None and lifted is not None:
            seen.add(score.name)
            sign = "%" if score.kind == "percent" else ""
            facts = {
                "score": score.name,
                "raw": f"{shown(lifted, score.rounding.places + 2)}{sign}",
                "rounded": f"{shown(mark.value, score.rounding.places)}{sign}",
                "cut_off": mark.written,
                "record": told(found.record(lifted)),
            }
            yield Problem("RB214", places.get(score.name, score.place), facts)


def _lifted(mark: Mark, found: Reached) -> Fraction | None:
    """A value below the cut-off that the rounding puts exactly on it."""
    if mark.comparison not in ("at least", "below"):
        return None
    exact = found.declared(mark.value)
    return max((each for each in exact if each < mark.value), default=None)


# ---- bands without any value


def empty_bands(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB208 where no record can score in the band of a level, in any member of a family."""
    empty: dict[Place, list[bool]] = {}
    facts: dict[Place, dict[str, object]] = {}
    for result in checklist.results:
        for level, place, is_empty in _emptiness(checklist, result):
            empty.setdefault(place, []).append(is_empty)
            facts[place] = {"level": level, "score": result.of.partition(".")[0]}
    for place, members in empty.items():
        if all(members):
            yield Problem("RB208", place, facts[place])


def _emptiness(checklist: Checklist, result: Result) -> Iterator[tuple[str, Place, bool]]:
    score = checklist.score.get(result.of)
    found = None if score is None else reached(checklist, score)
    capped = {gate.cap for gate in checklist.gates if gate.result == result.key}
    places = {each.id: each.place for each in result.levels}
    for named in bands_of(result):
        there = (
            found is None or named.name in capped or any(named.band.holds(value) for value in found.values)
        )
        yield named.name, places[named.name], not there


# ---- the numbers that scores are compared with


def _marks(source: tree.Checklist, checklist: Checklist, scope: Scope) -> Iterator[Mark]:
    texts: Mapping[Place, str] = {number.place: number.written for number in tree.every(tree.Number, source)}
    for condition in conditions_in(checklist):
        for compare in comparisons(condition):
            match compare:
                case Compare(ValueOf(Subject("score", key)), comparison, Constant() as bound):
                    place = bound.place
                    if bound.threshold:
                        place = _threshold(scope, key, bound).number.place
                    if place in texts:
                        yield Mark(key, comparison, bound.value, texts[place], place)
                case _:
                    pass


def _threshold(scope: Scope, score: str, bound: Constant) -> tree.Threshold:
    own = scope.names.thresholds.get((bound.threshold, score.partition(".")[2]))
    named = [each for (id, _), each in scope.names.thresholds.items() if id == bound.threshold]
    fitting = (
        each for each in [own, *named] if each and each.number.value in (bound.value, bound.value / 100)
    )
    return next(fitting, named[0])


def comparisons(node: Condition) -> Iterator[Compare]:
    """Every comparison of values in a condition."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from comparisons(part)
        case Not(part):
            yield from comparisons(part)
        case Quantified():
            for _, part in node.members:
                yield from comparisons(part)
        case Compare():
            yield node
        case _:
            return
