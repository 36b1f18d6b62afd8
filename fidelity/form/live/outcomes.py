"""A checklist on the page of a form -> its scores, gates and results in cells, in its order of work."""

from collections.abc import Callable, Mapping
from itertools import takewhile

from fidelity.form.live.answers import ABSENT, BLANK, asked_fact, asked_question
from fidelity.form.live.condition import verdict
from fidelity.form.live.formula import worth
from fidelity.form.live.known import FALSE, TRUE, UNDECIDED, Known, Possible, absent, set_aside
from fidelity.form.live.number import Exact, rounded
from fidelity.form.live.working import NoFormula, Working, added, all_of, any_of, opposite, when
from fidelity.model.checklist import Checklist, Question, Result, Score
from fidelity.model.form import Option

Offered = Callable[[str], tuple[Option, ...]]  # the labels that the form lists, by column of the data


def worked_out(working: Working, checklist: Checklist, cells: Mapping[str, str], offered: Offered) -> Known:
    """All that formulas can tell of the answers in these cells; a rule without a formula is left out."""
    known = Known(checklist, working)
    for fact in checklist.facts:
        key = f"fact.{fact.id}"
        known.facts[fact.id] = asked_fact(working, checklist, fact, cells[key], offered(key))
    for question in checklist.questions:
        known.asked[question.key] = asked_question(
            working, checklist, question, cells[question.key], offered(question.key)
        )
    first = len(list(takewhile(lambda each: each[0] == "question", checklist.order)))
    steps = [*checklist.order[:first], ("applies", ""), *checklist.order[first:]]
    for kind, key in steps:
        _worked_out(known, kind, key)
    return known


def _worked_out(known: Known, kind: str, key: str) -> None:
    """One step; whether a question or the whole checklist applies must be known for all that follows."""
    checklist = known.checklist
    if kind == "applies":
        known.applies = TRUE if checklist.applies is None else verdict(known, checklist.applies)
    elif kind == "question":
        _ask_when(known, checklist.question[key])
    else:
        _without_formula(lambda: _rule(known, kind, key))


def _rule(known: Known, kind: str, key: str) -> None:
    checklist = known.checklist
    match kind:
        case "score":
            known.scores[key] = _score(known, checklist.score[key])
        case "gate":
            known.gates[key] = verdict(known, checklist.gate[key].when)
        case _:
            known.results[key] = _result(known, checklist.result[key])


def _without_formula(step: Callable[[], None]) -> None:
    try:
        step()
    except NoFormula:
        return  # what is not known is not shown, and nothing that reads it either


def _ask_when(known: Known, question: Question) -> None:
    """A question that does not apply is not counted, one of which it is not known is missing."""
    if question.applies is None:
        return
    asked = known.asked[question.key]
    applies, gone = verdict(known, question.applies), set_aside(known, asked)
    moved = f"IF({applies}={FALSE},{ABSENT},IF({applies}={UNDECIDED},{BLANK},{asked.number}))"
    number = known.working.keep(when(gone, asked.number, moved))
    value, points = asked.value, asked.points
    moved_on = asked._replace(number=number)
    if value is not None:
        here = moved_on.listed(known.working, asked.any_number)
        value, points = (_only_where(known, each, here) for each in (value, points))
    known.asked[question.key] = moved_on._replace(value=value, points=points)


def _only_where(known: Known, value: Exact | None, truth: str) -> Exact | None:
    if value is None:
        return None
    return value._replace(top=known.working.keep(when(truth, value.top, "0")), known=truth)


# ---- scores and results


def _score(known: Known, score: Score) -> Exact:
    treat = {**known.checklist.treat, **score.counting}
    value = worth(known, score.formula, score.needing, treat)
    gone = absent(known, score.group)
    allowed = [] if score.only_when is None else [_is(known, verdict(known, score.only_when), TRUE)]
    here = known.working.keep(
        all_of([_is(known, known.applies, TRUE), known.working.keep(opposite(gone)), value.known, *allowed])
    )
    if score.rounding is not None:
        value = rounded(known.working, value, score.rounding.places, score.rounding.mode)
    top = known.working.keep(when(here, value.top, "0"), f"score {score.key}")
    bottom = value.bottom
    if isinstance(bottom, str):
        bottom = known.working.keep(when(here, bottom, "1"))
    return value._replace(top=top, bottom=bottom, known=here)


def _is(known: Known, one: str, wanted: str) -> str:
    """1 where a verdict is this one."""
    return str(int(one == wanted)) if "$" not in one else known.working.keep(f"IF({one}={wanted},1,0)")


def _result(known: Known, result: Result) -> Possible:
    working = known.working
    lines = ["" if each.when is None else verdict(known, each.when) for each in result.levels]
    true = [_is(known, each, TRUE) if each else "0" for each in lines]
    open_ones = [_is(known, each, UNDECIDED) if each else "0" for each in lines]
    sure = working.keep(any_of(true))
    levels = [working.keep(when(sure, one, other)) for one, other in zip(true, open_ones, strict=True)]
    names = [each.id for each in result.levels]
    for gate in known.checklist.gates:
        if gate.result == result.key:
            if gate.key not in known.gates:
                raise NoFormula
            levels = _capped(working, levels, names.index(gate.cap), known.gates[gate.key])
    settled = known.working.keep(opposite(absent(known, result.group)))
    there = working.keep(all_of([_is(known, known.applies, TRUE), settled]))
    undecided = _is(known, known.applies, UNDECIDED)
    levels = [
        working.keep(when(undecided, str(int(bool(line))), when(there, each, "0")))
        for each, line in zip(levels, lines, strict=True)
    ]
    number = working.keep(added(levels), f"result {result.key}")
    decided = working.keep(when(undecided, "0", f"IF({number}=1,1,0)"))
    return Possible(tuple(levels), number, decided)


def _capped(working: Working, levels: list[str], cap: int, gate: str) -> list[str]:
    """A gate that fails takes the lower of level and cap, an undecided one gives both."""
    at_cap = working.keep(any_of(levels[cap:]))
    lowered = [each if place < cap else at_cap if place == cap else "0" for place, each in enumerate(levels)]
    if "$" not in gate:
        return {FALSE: levels, TRUE: lowered}.get(
            gate, [working.keep(any_of(pair)) for pair in zip(levels, lowered, strict=True)]
        )
    return [
        each if each == low else working.keep(_chosen(working, gate, each, low))
        for each, low in zip(levels, lowered, strict=True)
    ]


def _chosen(working: Working, gate: str, level: str, lowered: str) -> str:
    both = working.keep(any_of([level, lowered]))
    return f"IF({gate}={FALSE},{level},IF({gate}={TRUE},{lowered},{both}))"
