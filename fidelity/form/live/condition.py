"""A condition -> a cell that holds 2 where it is true, 0 where it is false, 1 where nobody knows yet."""

from collections.abc import Sequence
from typing import NamedTuple

from fidelity.form.live.answers import ANY_NUMBER, ANY_TEXT
from fidelity.form.live.formula import ALL_ANSWERED, worth
from fidelity.form.live.known import (
    FALSE,
    TRUE,
    UNDECIDED,
    Known,
    absent,
    does_not_apply,
    either,
    found,
    listed_exact,
    recorded_as,
    result_of,
    same_answers,
    set_aside,
    skipped_states,
    told,
)
from fidelity.form.live.number import Exact, holds
from fidelity.form.live.working import NoFormula, added, all_of, called, opposite, when
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
    NoOther,
    Not,
    Or,
    Quantified,
    Subject,
    ValueOf,
)
from fidelity.model.scale import Given, NonAnswer, NotGiven


def verdict(known: Known, node: Condition) -> str:
    """The address of the cell, or one of the three numbers."""
    return known.working.keep(_verdict(known, node))


def _verdict(known: Known, node: Condition) -> str:
    match node:
        case And(parts):
            return _lowest([verdict(known, each) for each in parts])
        case Or(parts):
            return _highest([verdict(known, each) for each in parts])
        case Not(part):
            return _not(verdict(known, part))
        case Compare(left, comparison, right):
            return _compared(known, _side(known, left), comparison, _side(known, right))
        case CompareLevel(subject, comparison, level):
            return _level(known, subject.key, _levels_fitting(known, subject.key, comparison, level))
        case IsOneOf(subject, codes):
            return _is_one_of(known, subject, codes)
        case HasState(subject, state):
            truth = _missing(known, subject) if state == "missing" else _scored(known, subject)
            return _sure(opposite(truth) if state == "not scored" else truth)
        case GateIs(gate, passes):
            fails = _gate(known, gate)
            return _not(fails) if passes else fails
        case Quantified():
            return _quantified(known, node)
        case NoOther(result, level):
            lines = [each.when for each in known.checklist.result[result].levels if each.id != level]
            return _not(known.working.keep(_highest([verdict(known, each) for each in lines if each])))


# ---- joined


def _lowest(parts: Sequence[str]) -> str:
    told_of = dict.fromkeys(parts)
    if FALSE in told_of:
        return FALSE
    open_parts = [each for each in told_of if each != TRUE]
    return called("MIN", open_parts) if open_parts else TRUE


def _highest(parts: Sequence[str]) -> str:
    told_of = dict.fromkeys(parts)
    if TRUE in told_of:
        return TRUE
    open_parts = [each for each in told_of if each != FALSE]
    return called("MAX", open_parts) if open_parts else FALSE


def _not(one: str) -> str:
    return f"2-{one}" if "$" in one else str(2 - int(one))


def _sure(truth: str) -> str:
    """1 or 0 as a verdict."""
    return str(2 * int(truth)) if truth in ("0", "1") else f"2*({truth})"


def _gate(known: Known, key: str) -> str:
    if key not in known.gates:
        raise NoFormula
    return known.gates[key]


# ---- values in order


class _Side(NamedTuple):
    """A value, and whether it does not apply."""

    value: Exact
    gone: str = "0"


def _side(known: Known, node: Formula) -> _Side:
    match node:
        case ValueOf(Subject("question", key)):
            return _points(known, key)
        case ValueOf(Subject("score", key)):
            return _Side(found(known.scores, key))
        case _:
            return _Side(worth(known, node, ALL_ANSWERED, known.checklist.treat))


def _points(known: Known, key: str) -> _Side:
    """A non-answer that earns points in scores is still not known to a condition."""
    asked = known.asked[key]
    points = [
        each.points if isinstance(each, Given) and each not in (ANY_NUMBER, ANY_TEXT) else None
        for each in asked.answers
    ]
    value = listed_exact(known, asked, points)
    if asked.value is not None and asked.points is not None:
        value = either(known, asked.value.known, asked.points, value)
    return _Side(value, set_aside(known, asked))


def _compared(known: Known, left: _Side, comparison: Comparison, right: _Side) -> str:
    """Nothing is true of what does not apply; what is not known leaves it undecided."""
    both = known.working.keep(all_of([left.value.known, right.value.known]))
    truth = f"IF({holds(left.value, comparison, right.value)},{TRUE},{FALSE})"
    here = when(both, truth, UNDECIDED)
    for gone in (left.gone, right.gone):
        here = when(gone, FALSE, here)
    return here


# ---- answers, levels, states


def _is_one_of(known: Known, subject: Subject, codes: tuple[str, ...]) -> str:
    match subject.kind:
        case "question":
            asked = known.asked[subject.key]
            same = recorded_as(known, asked, same_answers(known.checklist.question[subject.key].scale, codes))
            answered = [isinstance(each, Given) or does_not_apply(each) for each in asked.answers]
            return when(same, TRUE, when(told(known, asked, answered), FALSE, UNDECIDED))
        case "fact":
            asked = known.facts[subject.key]
            same = recorded_as(known, asked, same_answers(known.checklist.fact[subject.key].scale, codes))
            given = told(known, asked, [isinstance(each, Given) for each in asked.answers])
            return when(given, when(same, TRUE, FALSE), UNDECIDED)
        case "result":
            return _level(known, subject.key, frozenset(codes))
        case "score" | "gate":
            raise TypeError(f"no answers: {subject.key}")


def _levels_fitting(known: Known, key: str, comparison: Comparison, level: str) -> frozenset[str]:
    levels = [each.id for each in known.checklist.result[key].levels]
    mark = levels.index(level)
    fitting = {
        "at least": levels[mark:],
        "at most": levels[: mark + 1],
        "above": levels[mark + 1 :],
        "below": levels[:mark],
        "is": [level],
    }
    return frozenset(fitting[comparison])


def _level(known: Known, key: str, levels: frozenset[str]) -> str:
    """True if it holds for all possible levels, false if for none, or if there is none."""
    possible, all_levels = result_of(known, key), known.checklist.result[key].levels
    inside = [each for each, level in zip(possible.levels, all_levels, strict=True) if level.id in levels]
    number = known.working.keep(added(inside))
    return f"IF({number}=0,{FALSE},IF({number}={possible.number},{TRUE},{UNDECIDED}))"


def _scored(known: Known, subject: Subject) -> str:
    match subject.kind:
        case "score":
            return found(known.scores, subject.key).known
        case "result":
            return result_of(known, subject.key).decided
        case "question" | "fact":
            asked = (known.asked if subject.kind == "question" else known.facts)[subject.key]
            return told(known, asked, [isinstance(each, Given) for each in asked.answers])
        case "gate":
            return known.working.keep(f"IF({_gate(known, subject.key)}={UNDECIDED},0,1)")


def _missing(known: Known, subject: Subject) -> str:
    """Only a blank is missing: what does not apply or could not be seen is something else."""
    if subject.kind != "question":
        return known.working.keep(opposite(_scored(known, subject)))
    asked = known.asked[subject.key]
    blank = [isinstance(each, NotGiven) and each.state is NonAnswer.MISSING for each in asked.answers]
    return told(known, asked, blank)


# ---- how many of a selection


def _quantified(known: Known, node: Quantified) -> str:
    members = [(_passed_over(known, subject), verdict(known, each)) for subject, each in node.members]
    working = known.working
    match node.quantifier:
        case "any":
            return _any(known, members)
        case "no":
            return _not(working.keep(_any(known, members)))
        case "every":
            all_skipped = working.keep(all_of(skipped for skipped, _ in members))
            parts = [working.keep(when(skipped, TRUE, part)) for skipped, part in members]
            return when(all_skipped, UNDECIDED, _lowest(parts))
        case "at least":
            return _at_least(known, members, node.number)
        case "at most":
            return _not(working.keep(_at_least(known, members, node.number + 1)))
        case "exactly":
            enough = working.keep(_at_least(known, members, node.number))
            more = working.keep(_at_least(known, members, node.number + 1))
            return _lowest([enough, working.keep(_not(more))])


def _any(known: Known, members: Sequence[tuple[str, str]]) -> str:
    return _highest([known.working.keep(when(skipped, FALSE, part)) for skipped, part in members])


def _at_least(known: Known, members: Sequence[tuple[str, str]], number: int) -> str:
    working = known.working
    parts = [working.keep(when(skipped, FALSE, part)) for skipped, part in members]
    true = working.keep(added(working.keep(f"IF({each}=2,1,0)") for each in parts))
    maybe = working.keep(added(working.keep(f"IF({each}>0,1,0)") for each in parts))
    return f"IF({true}>={number},{TRUE},IF({maybe}<{number},{FALSE},{UNDECIDED}))"


def _passed_over(known: Known, subject: Subject) -> str:
    """Whether a quantifier skips the subject: it does not apply, or its non-answer is left out."""
    match subject.kind:
        case "question":
            skipped = skipped_states(known.checklist.treat)
            asked = known.asked[subject.key]
            return told(
                known, asked, [isinstance(each, NotGiven) and each.state in skipped for each in asked.answers]
            )
        case "score":
            return absent(known, known.checklist.score[subject.key].group)
        case "result":
            return known.working.keep(f"IF({result_of(known, subject.key).number}=0,1,0)")
        case "fact" | "gate":
            return "0"
