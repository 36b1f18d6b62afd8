"""What the examples of a checklist reach: each level, gate, side of a boundary and kind of non-answer."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from fidelity.model.checklist import Checklist, Result, Score
from fidelity.model.expression import And, Compare, Comparison, Condition, Constant
from fidelity.model.number import written
from fidelity.model.scale import NonAnswer, NotGiven
from fidelity.model.score import Scored

Sides = Mapping[str, bool]

# By kind and name: levels and kinds of non-answer are reached or not, gates and boundaries on each side.
Coverage = Mapping[str, Mapping[str, Any]]


def coverage_of(checklist: Checklist, outcomes: Sequence[Scored]) -> Coverage:
    """By kind and name; the members of a family count as one."""
    return {
        "levels": _levels(checklist, outcomes),
        "gates": _gates(checklist, outcomes),
        "boundaries": _boundaries(checklist, outcomes),
        "missing": _missing(checklist, outcomes),
    }


def gaps(coverage: Coverage) -> Iterator[str]:
    """What no example reaches, in words."""
    for kind, entries in coverage.items():
        for name, reached in entries.items():
            sides: Sides = {"": reached} if isinstance(reached, bool) else reached
            yield from (GAPS[kind, side].format(name) for side, seen in sides.items() if not seen)


GAPS: Mapping[tuple[str, str], str] = {
    ("levels", ""): "level {}",
    ("gates", "fails"): "gate {} fails",
    ("gates", "passes"): "gate {} passes",
    ("boundaries", "below"): "{}: just below",
    ("boundaries", "at_or_above"): "{}: exactly there or just above",
    ("missing", ""): "an answer that is {}",
}


def _levels(checklist: Checklist, outcomes: Sequence[Scored]) -> dict[str, bool]:
    reached = {
        (result.name, outcome.results[result.key].level)
        for outcome in outcomes
        for result in checklist.results
    }
    return {
        f"{result.name}.{level.id}": (result.name, level.id) in reached
        for result in checklist.results
        for level in result.levels
    }


def _gates(checklist: Checklist, outcomes: Sequence[Scored]) -> dict[str, Sides]:
    seen = {(gate.name, outcome.gates[gate.key]) for outcome in outcomes for gate in checklist.gates}
    return {
        gate.name: {state: (gate.name, state) in seen for state in ("fails", "passes")}
        for gate in checklist.gates
    }


# ---- boundaries


def _boundaries(checklist: Checklist, outcomes: Sequence[Scored]) -> Mapping[str, Sides]:
    found: dict[str, dict[str, bool]] = {}
    for result in checklist.results:
        score = checklist.score.get(result.of)
        for comparison, bound in _bounds(result, score):
            name = f"{result.name} at {written(bound)}{'%' if score and score.kind == 'percent' else ''}"
            sides = found.setdefault(name, {"below": False, "at_or_above": False})
            for outcome in outcomes:
                exact = outcome.scores[result.of].exact
                if exact is not None:
                    sides[side_of(exact, comparison, bound)] = True
    return found


def _bounds(result: Result, score: Score | None) -> list[tuple[Comparison, Fraction]]:
    """The bounds of the bands that a score can lie on both sides of."""
    if score is None:
        return []
    whens = [level.when for level in result.levels if level.when is not None]
    return [bound for when in whens for bound in _compared(when) if _two_sided(score, *bound)]


def _compared(when: Condition) -> Iterator[tuple[Comparison, Fraction]]:
    match when:
        case And(parts):
            for part in parts:
                yield from _compared(part)
        case Compare(_, comparison, Constant(bound)):
            yield comparison, bound
        case _:
            return


def _two_sided(score: Score, comparison: Comparison, bound: Fraction) -> bool:
    ends = [end for end in (score.lowest, score.highest) if end is not None]
    return len({side_of(end, comparison, bound) for end in ends}) != 1 or len(ends) < 2


def side_of(exact: Fraction, comparison: Comparison, bound: Fraction) -> str:
    """`at most` and `above` part between the bound and what is above it, the others below it."""
    lower = exact <= bound if comparison in {"at most", "above"} else exact < bound
    return "below" if lower else "at_or_above"


# ---- kinds of non-answer


def _missing(checklist: Checklist, outcomes: Sequence[Scored]) -> dict[str, bool]:
    scored = [each.key for each in checklist.questions if each.scale.kind != "text"]
    answers = [outcome.answers[key] for outcome in outcomes for key in scored]
    seen = {answer.state for answer in answers if isinstance(answer, NotGiven)}
    return {kind.value: kind in seen for kind in NonAnswer if kind in _possible(checklist)}


def _possible(checklist: Checklist) -> set[NonAnswer]:
    """The kinds that records of this checklist can have: a blank always, the others if something says so."""
    chosen = {each.means for question in checklist.questions for each in question.scale.choices if each.means}
    counted = {state for score in checklist.scores for state in score.counting}
    conditional = any(question.applies is not None for question in checklist.questions)
    stated = {*chosen, *counted, *checklist.treat, *checklist.codes.values(), NonAnswer.MISSING}
    return stated | ({NonAnswer.NOT_APPLICABLE} if conditional else set())
