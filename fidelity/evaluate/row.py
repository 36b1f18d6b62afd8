"""Score, gate and result -> closures that work out their value for one observation and, when asked, why."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from fractions import Fraction
from functools import partial
from typing import NamedTuple, TypeVar

from fidelity.evaluate.condition import condition
from fidelity.evaluate.deciding import deciding
from fidelity.evaluate.findings import (
    MOST_KEPT,
    UNBOUNDED,
    Bounds,
    Check,
    Deciding,
    Findings,
    Judged,
    Reasons,
    Test,
    Worth,
    absent,
)
from fidelity.evaluate.formula import formula, tally
from fidelity.evaluate.interval import Interval
from fidelity.evaluate.packed import Summed, picking
from fidelity.evaluate.ratio import Ratio, reduced
from fidelity.model.checklist import Checklist, Gate, Level, Result, Rounding, Score
from fidelity.model.expression import (
    Aggregate,
    And,
    Compare,
    Condition,
    Constant,
    NoOther,
    Not,
    Or,
    Subject,
    ValueOf,
)
from fidelity.model.number import rounded
from fidelity.model.score import GateState, Reason

# ---- scores


class Scoring(NamedTuple):
    """A score compiled: the addition that it begins with, if any, its worth, and what is asked less often."""

    summed: Summed | None
    worth: "Working"
    bounds: Callable[[Findings], Bounds]
    reason: Callable[[Findings], Reason]


def scoring(checklist: Checklist, score: Score, applies: Test) -> Scoring:
    """The closures of a score."""
    treat = {**checklist.treat, **score.counting}
    gone = absent(checklist, score.group)
    reckoning = formula(checklist, score.formula, score.needing, treat)
    only_when = None if score.only_when is None else condition(checklist, score.only_when)

    worth = reckoning.worth
    if not isinstance(score.formula, Aggregate):
        worth = _counted(worth, tally(checklist, score.formula, treat))
    if only_when is not None:
        worth = _allowed(worth, only_when)
    if score.rounding is not None:
        worth = _rounded(worth, score.rounding)
    if score.group:
        worth = _unless(gone, GROUP_DOES_NOT_APPLY, worth)
    if checklist.applies is not None:
        worth = _once_it_applies(UNDECIDED, CHECKLIST_DOES_NOT_APPLY, worth)

    def bounds(findings: Findings) -> Bounds:
        """None of a score that was not even begun, nor if `only when` is false (decision 7)."""
        if findings.applies is not True or gone(findings):
            return UNBOUNDED
        if only_when is not None and only_when.value(findings) is False:
            return UNBOUNDED
        (low, high), settled = reckoning.bounds(findings)
        settled = settled and findings.scores[score.key].exact is not None
        if score.rounding is None:
            return Bounds(Interval(low, high), settled)
        ends = (None if end is None else _to_places(end, score.rounding) for end in (low, high))
        return Bounds(Interval(*ends), settled)

    def reasons(findings: Findings) -> Reasons:
        if findings.applies is not True:
            return applies.reasons(findings)
        if gone(findings):
            return (Reason("not_applicable", score.group),)
        if findings.scores[score.key].why == "only_when" and only_when is not None:
            return only_when.reasons(findings)
        return reckoning.reasons(findings)

    def reason(findings: Findings) -> Reason:
        found = findings.scores[score.key]
        if found.exact is None:
            return Reason("not_scored", score.key, found.why, lambda: reasons(findings), score.place)
        return Reason("score", score.key, reduced(found.exact), lambda: reasons(findings), score.place)

    summed = reckoning.worth if isinstance(reckoning.worth, Summed) else None
    return Scoring(summed, worth, bounds, reason)


UNDECIDED = Worth(None, 0, 0, "undecided")
CHECKLIST_DOES_NOT_APPLY = Worth(None, 0, 0, "checklist_does_not_apply")
GROUP_DOES_NOT_APPLY = Worth(None, 0, 0, "does_not_apply")


Working = Callable[[Findings], Worth]
Judges = Callable[[Findings], Judged]
Found = TypeVar("Found", Worth, Judged)


def _counted(work: Working, counts: Callable[[Findings], tuple[int, int]]) -> Working:
    """Several parts may read the same; everything counts once."""

    def worth(findings: Findings) -> Worth:
        answered, applicable = counts(findings)
        return work(findings)._replace(answered=answered, applicable=applicable)

    return worth


def _allowed(work: Working, only_when: Test) -> Working:
    """No value unless `only when` is surely true (decision 7)."""

    def worth(findings: Findings) -> Worth:
        found = work(findings)
        if only_when.value(findings) is True:
            return found
        return Worth(None, found.answered, found.applicable, "only_when")

    return worth


def _rounded(work: Working, rounding: Rounding) -> Working:
    def worth(findings: Findings) -> Worth:
        found = work(findings)
        exact = reduced(found.exact)
        if exact is None:
            return found
        value = _to_places(exact, rounding)
        return Worth(value.as_integer_ratio(), found.answered, found.applicable, "", value)

    return worth


def _unless(test: Check, instead: Found, work: Callable[[Findings], Found]) -> Callable[[Findings], Found]:
    return lambda findings: instead if test(findings) else work(findings)


def _once_it_applies(
    undecided: Found, not_at_all: Found, work: Callable[[Findings], Found]
) -> Callable[[Findings], Found]:
    """Nothing is begun of a checklist that does not apply, or of which that is not known."""

    def found(findings: Findings) -> Found:
        if findings.applies is True:
            return work(findings)
        return undecided if findings.applies is None else not_at_all

    return found


def _to_places(value: Fraction, rounding: Rounding) -> Fraction:
    return rounded(value, rounding.places, rounding.mode)


# ---- gates


class Gating(NamedTuple):
    """A gate compiled: it fails when its condition is true."""

    fails: Callable[[Findings], bool | None]
    reason: Callable[[Findings], Reason]


STATES: dict[bool | None, GateState] = {True: "fails", False: "passes", None: "undecided"}


def gating(checklist: Checklist, gate: Gate) -> Gating:
    """The closures of a gate."""
    test = condition(checklist, gate.when)

    def reason(findings: Findings) -> Reason:
        state = findings.gates[gate.key]
        return Reason("gate", gate.key, state, lambda: test.reasons(findings), gate.place)

    return Gating(test.value, reason)


# ---- results


class Judging(NamedTuple):
    """A result compiled; its gates are worked out before it."""

    judged: Callable[[Findings], Judged]
    reason: Callable[[Findings], Reason]
    deciding: Callable[[Findings], Deciding]


NO_LEVEL = Judged(None, ())


class Outcomes(dict[tuple[tuple[bool | None, ...], tuple[GateState, ...]], Judged]):
    """What a result is, by what its lines say and what its gates do; worked out once for each."""

    def __init__(self, levels: Sequence[str], lines: Sequence[int], caps: Sequence[int]) -> None:
        super().__init__()
        self.levels, self.lines, self.caps = levels, lines, caps

    def __missing__(self, key: tuple[tuple[bool | None, ...], tuple[GateState, ...]]) -> Judged:
        values, states = key
        possible = capped(fitting(zip(self.lines, values, strict=True)), zip(self.caps, states, strict=True))
        levels = tuple(self.levels[number] for number in sorted(possible))
        judged = Judged(levels[0] if len(levels) == 1 else None, levels)
        if len(self) < MOST_KEPT:
            self[key] = judged
        return judged


def fitting(lines: Iterable[tuple[int, bool | None]]) -> frozenset[int]:
    """A line that is surely true leaves no other; without one, the lines that are undecided (decision 10)."""
    said = list(lines)
    true = frozenset(number for number, value in said if value is True)
    return true or frozenset(number for number, value in said if value is None)


def capped(numbers: Set[int], caps: Iterable[tuple[int, GateState]]) -> frozenset[int]:
    """What gates leave: one that fails takes the lower of level and cap, an undecided one gives both."""
    possible = frozenset(numbers)
    for cap, state in caps:
        lowered = frozenset(min(number, cap) for number in possible)
        possible = {"passes": possible, "fails": lowered, "undecided": possible | lowered}[state]
    return possible


def judging(checklist: Checklist, result: Result, applies: Test) -> Judging:
    """The closures of a result."""
    gone = absent(checklist, result.group)
    names = [each.id for each in result.levels]
    lines = [
        (number, level, condition(checklist, level.when))
        for number, level in enumerate(result.levels)
        if level.when is not None
    ]
    gates = [(gate.key, names.index(gate.cap)) for gate in checklist.gates if gate.result == result.key]
    outcomes = Outcomes(names, [number for number, _, _ in lines], [cap for _, cap in gates])
    anything = Judged(None, tuple(names[number] for number, _, _ in lines))
    states = picking([key for key, _ in gates])
    banded = all(each.when is None or _is_band(each.when, result.of) for each in result.levels)
    judged = _by_lines([test.value for _, _, test in lines], states, outcomes)
    if banded:
        judged = _looked_up(result.of, states, judged)
    if result.group:
        judged = _unless(gone, NO_LEVEL, judged)
    if checklist.applies is not None:
        judged = _once_it_applies(anything, NO_LEVEL, judged)

    def reasons(findings: Findings) -> Reasons:
        if findings.applies is not True:
            return applies.reasons(findings)
        if gone(findings):
            return (Reason("not_applicable", result.group),)
        told = [
            Line(number, level, test.value(findings), partial(test.reasons, findings))
            for number, level, test in lines
        ]
        caps = [
            Cap(number, findings.gates[key], findings.reason(Subject("gate", key))) for key, number in gates
        ]
        return _reasons(names, findings.results[result.key], told, caps)

    return Judging(
        judged,
        lambda findings: _reason(result, findings, lambda: reasons(findings)),
        deciding(checklist, result, banded=banded),
    )


States = Callable[[Mapping[str, GateState]], tuple[GateState, ...]]


def _by_lines(
    tests: Sequence[Callable[[Findings], bool | None]], states: States, outcomes: Outcomes
) -> Judges:
    return lambda findings: outcomes[tuple([test(findings) for test in tests]), states(findings.gates)]


def _looked_up(score: str, states: States, judge: Judges) -> Judges:
    """What bands say: the same of the same score, if the gates do the same."""
    kept: dict[tuple[Ratio | None, tuple[GateState, ...]], Judged] = {}

    def judged(findings: Findings) -> Judged:
        seen = findings.scores[score].exact, states(findings.gates)
        found = kept.get(seen)
        if found is None:
            found = judge(findings)
            if len(kept) < MOST_KEPT:
                kept[seen] = found
        return found

    return judged


def _is_band(node: Condition, score: str) -> bool:
    """Whether a condition reads nothing but the value of one score."""
    match node:
        case And(parts) | Or(parts):
            return all(_is_band(each, score) for each in parts)
        case Not(part):
            return _is_band(part, score)
        case Compare(ValueOf(Subject("score", key)), _, Constant()):
            return key == score
        case _:
            return isinstance(node, NoOther)


def _reason(result: Result, findings: Findings, reasons: Callable[[], Reasons]) -> Reason:
    """Without a possible level it does not apply, or no line fits; with several it is open between them."""
    judged = findings.results[result.key]
    level, possible = judged.level, judged.possible
    if level is not None:
        return Reason("level", result.key, level, reasons, result.place)
    if findings.applies is None or possible:
        return Reason("undecided", result.key, possible, reasons, result.place)
    return Reason("not_applicable", result.key, (), reasons, result.place)


class Line(NamedTuple):
    """What the line of a level says; levels are numbered from the lowest."""

    number: int
    level: Level
    value: bool | None
    reasons: Callable[[], Reasons]


class Cap(NamedTuple):
    """What a gate does to a result: the level it caps at, and whether it does."""

    number: int
    state: GateState
    reason: Reason


def _reasons(names: Sequence[str], judged: Judged, lines: Sequence[Line], caps: Sequence[Cap]) -> Reasons:
    fit = fitting((each.number, each.value) for each in lines)
    if judged.level is not None:
        return _deciding_reasons(lines, caps, fit, names.index(judged.level))
    return _open_reasons(lines, caps, fit) if judged.possible else tuple(map(_line_reason, lines))


def _open_reasons(lines: Sequence[Line], caps: Sequence[Cap], fit: Set[int]) -> Reasons:
    """The lines between which it stayed open, and the gates that might still cap it."""
    open_lines = [_line_reason(each) for each in lines if each.number in fit and len(fit) > 1]
    gates = [each.reason for each in caps if each.state == "undecided" and max(fit) > each.number]
    return tuple(open_lines + gates)


def _deciding_reasons(lines: Sequence[Line], caps: Sequence[Cap], fit: Set[int], final: int) -> Reasons:
    """The gates that hold it there and, where the lines do so too, its own line and those next to it."""
    gates = [each.reason for each in caps if each.state == "fails" and each.number == final]
    if final < max(fit):
        return tuple(gates)
    decided = [each for each in lines if each.number == final or each.value is False]
    near = [each for each in decided if abs(each.number - final) <= 1]
    own_first = sorted(near, key=lambda each: each.number != final)
    return tuple(gates + [_line_reason(each) for each in own_first])


def _line_reason(line: Line) -> Reason:
    return Reason("condition", line.level.id, line.value, line.reasons, line.level.place)
