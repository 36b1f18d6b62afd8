"""Gaps and overlaps between number bands, of levels and of bins, with a value that falls there."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from fidelity.errors import Problem, Related, errors_in
from fidelity.language import tree
from fidelity.language.checks.reach import Reached, reached
from fidelity.language.checks.witness import landing
from fidelity.language.scope import Measure, Scope
from fidelity.model.checklist import Checklist, Result
from fidelity.model.expression import And, Compare, Condition, Constant
from fidelity.model.number import written
from fidelity.model.scale import Band
from fidelity.place import Place
from fidelity.record import Record


class Named(Record):
    """One band with the name of its level or the points of its bin."""

    name: str
    band: Band
    place: Place


def gaps_and_overlaps(source: tree.Checklist, checklist: Checklist, scope: Scope) -> Iterable[Problem]:
    """RB204 where a value falls in no band, RB205 in two; RB206 beside it where no record can score there."""
    sound = not errors_in(scope.found)
    for result in checklist.results:
        measure = scope.measures.get(result.of) or _measure(checklist, result.of)
        bands = list(bands_of(result))
        if len({each.name for each in bands}) < len(bands):
            continue  # a level that is there twice is one mistake, and RB102 tells it
        if result.of and measure is not None and len(bands) == len(_by_number(result)):
            name = result.of.partition(".")[0]
            turned = list(_turned(bands, measure))
            if turned:
                yield from turned
                continue
            complete = all(each.when is not None for each in result.levels) and bands
            open_elsewhere = len(bands) < len(result.levels)
            if complete or bands:
                found = (
                    reached(checklist, checklist.score[result.of])
                    if sound and result.of in checklist.score
                    else None
                )
                for problem in _compared(name, bands, measure, gaps=not open_elsewhere):
                    yield from _with_record(problem, bands, found)
    for question in checklist.questions:
        if question.bins is not None and question.scale.span is not None:
            span = question.scale.span
            percent = Measure("number", span.lowest, span.highest, span.step)
            nodes = next(
                each
                for each in source.blocks
                if isinstance(each, tree.Bins) and each.id.id == question.bins.id
            )
            named = [
                Named(written(points), band, node.rule.place)
                for (points, band), node in zip(question.bins.bins, nodes.bins, strict=True)
            ]
            yield from _compared(question.item, named, percent, gaps=True)


def _turned(bands: list[Named], measure: Measure) -> Iterator[Problem]:
    """RB116 for a band that ends below where it begins."""
    sign = "%" if measure.kind == "percent" else ""
    for each in bands:
        lowest, highest = each.band.lowest, each.band.highest
        if lowest is not None and highest is not None and highest < lowest:
            facts = {"begins": f"{written(lowest)}{sign}", "ends": f"{written(highest)}{sign}"}
            yield Problem("RB116", each.place, facts)


def _with_record(problem: Problem, bands: list[Named], found: Reached | None) -> Iterator[Problem]:
    """The problem with a record that scores there; or, where none can, RB206 beside it."""
    if found is None:
        yield problem
        return
    values = sorted(value for value in found.values if _there(problem, bands, value))
    if values:
        facts = {**problem.facts, **landing(found, values[0])}
        if problem.code == "RB204":
            facts["value"] = ""  # the real one says more than one that was made up
        yield Problem(problem.code, problem.place, facts, problem.related)
    else:
        yield problem
        yield Problem("RB206", problem.place, {"what": "gap" if problem.code == "RB204" else "overlap"})


def _there(problem: Problem, bands: list[Named], value: Fraction) -> bool:
    holding = {each.name for each in bands if each.band.holds(value)}
    if problem.code == "RB205":
        return {problem.facts["one"], problem.facts["other"]} <= holding
    below, above = _neighbours(bands, value)
    neighbours = (below.name if below else "", above.name if above else "")
    return not holding and neighbours == problem.facts["between"]


def _measure(checklist: Checklist, key: str) -> Measure | None:
    score = checklist.score.get(key)
    return Measure(score.kind, score.lowest, score.highest) if score else None


def _by_number(result: Result) -> list[Condition]:
    return [each.when for each in result.levels if isinstance(each.when, Compare | And)]


def bands_of(result: Result) -> Iterator[Named]:
    """The levels that are stretches of the score that the result reads."""
    for level in result.levels:
        parts = level.when.parts if isinstance(level.when, And) else (level.when,)
        ends = [part for part in parts if isinstance(part, Compare) and isinstance(part.right, Constant)]
        if len(ends) == len(parts) and all(_reads(result.of, part) for part in ends):
            yield Named(level.id, _band(ends), ends[0].place.to(ends[-1].place) if ends else level.place)


def _reads(score: str, part: Compare) -> bool:
    return getattr(getattr(part.left, "subject", None), "key", "") == score


def _band(ends: Sequence[Compare]) -> Band:
    lowest = highest = None
    with_lowest = with_highest = True
    for end in ends:
        bound = end.right.value if isinstance(end.right, Constant) else Fraction(0)
        if end.comparison in ("at least", "above"):
            lowest, with_lowest = bound, end.comparison == "at least"
        else:
            highest, with_highest = bound, end.comparison == "at most"
    return Band(lowest, highest, with_lowest, with_highest)


def _compared(name: str, bands: list[Named], measure: Measure, gaps: bool) -> Iterator[Problem]:
    sign = "%" if measure.kind == "percent" else ""
    told: set[tuple[str, ...]] = set()
    for value in _probes(bands, measure):
        holding = [each for each in bands if each.band.holds(value)]
        below, above = _neighbours(bands, value)
        if len(holding) > 1:
            first, second = holding[:2]
            if (first.name, second.name) not in told:
                told.add((first.name, second.name))
                facts = {
                    "score": name,
                    "value": f"{_shown(value)}{sign}",
                    "one": first.name,
                    "other": second.name,
                }
                yield Problem(
                    "RB205", second.place, facts, (Related(first.place, "the other level is here"),)
                )
        elif not holding and gaps:
            key = (below.name if below else "", above.name if above else "")
            if key not in told:
                told.add(key)
                yield _gap(name, below, above, value, sign)


def _gap(name: str, below: Named | None, above: Named | None, value: Fraction, sign: str) -> Problem:
    facts: dict[str, object] = {"score": name, "value": f"{_shown(value)}{sign}"}
    facts["between"] = (below.name if below else "", above.name if above else "")
    if below and below.band.highest is not None:
        facts["from_end"] = f"{_shown(below.band.highest)}{sign}"
        facts["from_word"] = "above" if below.band.with_highest else "at least"
    if above and above.band.lowest is not None:
        facts["to_end"] = f"{_shown(above.band.lowest)}{sign}"
        facts["to_word"] = "below" if above.band.with_lowest else "at most"
    if below and above and above.band.lowest is not None and below.band.lowest is not None:
        facts["instead"] = (
            f"from {_shown(below.band.lowest)}{sign} to below {_shown(above.band.lowest)}{sign}"
        )
    elif below and above and above.band.lowest is not None:
        facts["instead"] = f"below {_shown(above.band.lowest)}{sign}"
    place = below.place if below else above.place if above else Place("")
    related = (Related(above.place, "the next one starts here"),) if below and above else ()
    return Problem("RB204", place, facts, related)


def _neighbours(bands: list[Named], value: Fraction) -> tuple[Named | None, Named | None]:
    ends = [each for each in bands if each.band.highest is not None and each.band.highest <= value]
    starts = [each for each in bands if each.band.lowest is not None and each.band.lowest >= value]
    below = max(ends, key=lambda each: each.band.highest or Fraction(0), default=None)
    above = min(starts, key=lambda each: each.band.lowest or Fraction(0), default=None)
    return below, above


def _probes(bands: list[Named], measure: Measure) -> list[Fraction]:
    """Every end point, the points between, and the ends of the range; on its steps, where it has any."""
    bounds = {end for each in bands for end in (each.band.lowest, each.band.highest) if end is not None}
    if not bounds:
        return []
    lowest = min(bounds) - 1 if measure.lowest is None else measure.lowest
    highest = max(bounds) + 1 if measure.highest is None else measure.highest
    points = sorted({each for each in bounds if lowest <= each <= highest} | {lowest, highest})
    if measure.step is None:
        between = [(a + b) / 2 for a, b in pairwise(points)]
        return sorted({*points, *between})
    return sorted(_on_steps(points, lowest, highest, measure.step))


def _on_steps(points: list[Fraction], lowest: Fraction, highest: Fraction, step: Fraction) -> set[Fraction]:
    found: set[Fraction] = set()
    for point in points:
        steps = (point - lowest) / step
        base = steps.numerator // steps.denominator
        found.update(lowest + (base + shift) * step for shift in (-1, 0, 1, 2))
    return {each for each in found if lowest <= each <= highest}


def _shown(value: Fraction) -> str:
    return written(value)
