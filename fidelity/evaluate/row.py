"""Score, gate and result -> closures that work out their value for one observation, each with its reason."""

from collections.abc import Callable, Iterable, Sequence, Set
from fractions import Fraction
from typing import NamedTuple

from fidelity.evaluate.condition import condition
from fidelity.evaluate.findings import Findings, Reasons, Verdict, absent
from fidelity.evaluate.formula import Worth, formula, tally
from fidelity.evaluate.interval import ANYTHING
from fidelity.model.checklist import Checklist, Gate, Level, Result, Rounding, Score
from fidelity.model.expression import Aggregate
from fidelity.model.number import rounded
from fidelity.model.score import GateState, NotScored, Reason, ResultValue, ScoreValue, because

# ---- scores


def scoring(checklist: Checklist, score: Score) -> Callable[[Findings], ScoreValue]:
    """The closure of a score."""
    treat = {**checklist.treat, **score.counting}
    gone = absent(checklist, score.group)
    reckon = formula(checklist, score.formula, score.needing, treat)
    counts = None if isinstance(score.formula, Aggregate) else tally(checklist, score.formula, treat)
    only_when = None if score.only_when is None else condition(checklist, score.only_when)

    def scored(findings: Findings) -> ScoreValue:
        applies, reasons = findings.applies
        if applies is not True:
            return _unscored(score, "undecided" if applies is None else "checklist_does_not_apply", reasons)
        if gone(findings):
            return _unscored(score, "does_not_apply", (Reason("not_applicable", score.group),))
        worth = reckon(findings)
        if counts is not None:
            answered, applicable = counts(findings)
            worth = worth._replace(answered=answered, applicable=applicable)
        if only_when is not None:
            worth = _allowed(worth, only_when(findings))
        return _score_value(score, worth)

    return scored


def _unscored(score: Score, why: NotScored, reasons: Reasons) -> ScoreValue:
    """A score that was not even begun."""
    return _score_value(score, Worth(None, ANYTHING, 0, 0, reasons, why))


def _allowed(worth: Worth, verdict: Verdict) -> Worth:
    """No value unless `only when` is surely true, and no bounds if it is false (decision 7)."""
    value, reasons = verdict
    if value is True:
        return worth
    bounds = worth.bounds if value is None else ANYTHING
    return worth._replace(exact=None, bounds=bounds, reasons=reasons, why="only_when")


def _score_value(score: Score, worth: Worth) -> ScoreValue:
    low, high = (_rounded(end, score.rounding) for end in worth.bounds)
    exact = _rounded(worth.exact, score.rounding)
    reason = (
        Reason("not_scored", score.key, worth.why, worth.reasons, score.place)
        if exact is None
        else Reason("score", score.key, exact, worth.reasons, score.place)
    )
    return ScoreValue(exact, worth.answered, worth.applicable, low, high, reason, worth.why)


def _rounded(value: Fraction | None, rounding: Rounding | None) -> Fraction | None:
    if value is None or rounding is None:
        return value
    return rounded(value, rounding.places, rounding.mode)


# ---- gates


def gating(checklist: Checklist, gate: Gate) -> Callable[[Findings], tuple[GateState, Reason]]:
    """The closure of a gate: it fails when its condition is true."""
    test = condition(checklist, gate.when)

    def state(findings: Findings) -> tuple[GateState, Reason]:
        value, reasons = test(findings)
        word: GateState = "undecided" if value is None else "fails" if value else "passes"
        return word, Reason("gate", gate.key, word, reasons, gate.place)

    return state


# ---- results


class Line(NamedTuple):
    """What the line of a level says; levels are numbered from the lowest."""

    number: int
    level: Level
    value: bool | None
    reasons: Reasons


class Cap(NamedTuple):
    """What a gate does to a result: the level it caps at, and whether it does."""

    number: int
    state: GateState
    reason: Reason


def judging(checklist: Checklist, result: Result) -> Callable[[Findings], ResultValue]:
    """The closure of a result; its gates are worked out before it."""
    gone = absent(checklist, result.group)
    names = [each.id for each in result.levels]
    tests = [
        (number, level, condition(checklist, level.when))
        for number, level in enumerate(result.levels)
        if level.when is not None
    ]
    gates = [(gate.key, names.index(gate.cap)) for gate in checklist.gates if gate.result == result.key]

    def judged(findings: Findings) -> ResultValue:
        applies, reasons = findings.applies
        if applies is None:
            return _undecided(result, (number for number, _, _ in tests), reasons)
        if applies is False:
            return _levelless(result, reasons)
        if gone(findings):
            return _levelless(result, (Reason("not_applicable", result.group),))
        lines = [Line(number, level, *test(findings)) for number, level, test in tests]
        caps = [Cap(number, findings.gates[key], findings.gate_reasons[key]) for key, number in gates]
        fitting = _fitting(lines)
        possible = capped(fitting, [(each.number, each.state) for each in caps])
        if len(possible) > 1:
            return _undecided(result, possible, _open_reasons(lines, caps, fitting))
        if not possible:
            return _levelless(result, tuple(_line_reason(each) for each in lines))
        return _decided(result, min(possible), _deciding_reasons(lines, caps, fitting, min(possible)))

    return judged


def _levelless(result: Result, reasons: Reasons) -> ResultValue:
    """A result without any possible level: it does not apply, or no line fits."""
    reason = Reason("not_applicable", result.key, (), reasons, result.place)
    return ResultValue(None, (), because(reason), reason)


def _undecided(result: Result, numbers: Iterable[int], reasons: Reasons) -> ResultValue:
    """A result that stays open between levels."""
    possible = tuple(result.levels[number].id for number in sorted(numbers))
    reason = Reason("undecided", result.key, possible, reasons, result.place)
    return ResultValue(None, possible, because(reason), reason)


def capped(numbers: Set[int], caps: Iterable[tuple[int, GateState]]) -> frozenset[int]:
    """What gates leave: one that fails takes the lower of level and cap, an undecided one gives both."""
    possible = frozenset(numbers)
    for cap, state in caps:
        lowered = frozenset(min(number, cap) for number in possible)
        possible = {"passes": possible, "fails": lowered, "undecided": possible | lowered}[state]
    return possible


def _decided(result: Result, number: int, reasons: Reasons) -> ResultValue:
    level = result.levels[number].id
    reason = Reason("level", result.key, level, reasons, result.place)
    return ResultValue(level, (level,), because(reason), reason)


def _fitting(lines: Sequence[Line]) -> frozenset[int]:
    """A line that is surely true leaves no other; without one, the lines that are undecided (decision 10)."""
    true = frozenset(each.number for each in lines if each.value is True)
    return true or frozenset(each.number for each in lines if each.value is None)


def _open_reasons(lines: Sequence[Line], caps: Sequence[Cap], fitting: Set[int]) -> Reasons:
    """The lines between which it stayed open, and the gates that might still cap it."""
    open_lines = [_line_reason(each) for each in lines if each.number in fitting and len(fitting) > 1]
    gates = [each.reason for each in caps if each.state == "undecided" and max(fitting) > each.number]
    return tuple(open_lines + gates)


def _deciding_reasons(lines: Sequence[Line], caps: Sequence[Cap], fitting: Set[int], final: int) -> Reasons:
    """The gates that hold it there and, where the lines do so too, its own line and those next to it."""
    gates = [each.reason for each in caps if each.state == "fails" and each.number == final]
    if final < max(fitting):
        return tuple(gates)
    decided = [each for each in lines if each.number == final or each.value is False]
    near = [each for each in decided if abs(each.number - final) <= 1]
    own_first = sorted(near, key=lambda each: each.number != final)
    return tuple(gates + [_line_reason(each) for each in own_first])


def _line_reason(line: Line) -> Reason:
    return Reason("condition", line.level.id, line.value, line.reasons, line.level.place)
