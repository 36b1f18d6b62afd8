"""What a form has worked out so far: what the formulas of rules read."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from fidelity.form.live.answers import Asked
from fidelity.form.live.number import Exact, constant, holds, within
from fidelity.form.live.working import NoFormula, Working, all_of, any_of, when
from fidelity.model.checklist import Checklist, LeftOut, Treatments
from fidelity.model.number import read_number, written
from fidelity.model.scale import Answer, NonAnswer, NotGiven, Scale

TRUE, UNDECIDED, FALSE = "2", "1", "0"  # so that `and` is the lowest, `or` the highest, `not` two minus it


class Possible(NamedTuple):
    """A result: for each level 1 where it is possible; how many are; whether it has its level."""

    levels: tuple[str, ...]
    number: str
    decided: str


@dataclass(slots=True)
class Known:
    """Grows in the checklist's order of work; what has no formula is not in it."""

    checklist: Checklist
    working: Working
    asked: dict[str, Asked] = field(default_factory=dict)
    facts: dict[str, Asked] = field(default_factory=dict)
    applies: str = TRUE
    scores: dict[str, Exact] = field(default_factory=dict)
    results: dict[str, Possible] = field(default_factory=dict)
    gates: dict[str, str] = field(default_factory=dict)


def found(where: Mapping[str, "Exact"], key: str) -> Exact:
    """The score, or NoFormula where it has none."""
    if key not in where:
        raise NoFormula
    return where[key]


def result_of(known: Known, key: str) -> Possible:
    """The result, or NoFormula where it has none."""
    if key not in known.results:
        raise NoFormula
    return known.results[key]


def told(known: Known, asked: Asked, entries: Iterable[bool]) -> str:
    """1 where the list says so of the answer."""
    return asked.listed(known.working, [int(each) for each in entries])


def listed_exact(known: Known, asked: Asked, entries: Sequence[Fraction | None]) -> Exact:
    """The fraction that stands in a list at the number of the answer; 0 and not known where none does."""
    there = [each for each in entries if each is not None]
    bottom = lcm(*(each.denominator for each in there))
    tops = [0 if each is None else int(each * bottom) for each in entries]
    cell = asked.listed(known.working, tops)
    here = told(known, asked, [each is not None for each in entries])
    most = within(max(map(abs, tops)))
    within(bottom)
    return Exact(cell, bottom, here, most, bottom, bottom, min(tops) < 0)


def either(known: Known, truth: str, first: Exact, second: Exact) -> Exact:
    """The first number where it is true, else the second; both on bottoms that never change."""
    if truth == "0":
        return second
    if not isinstance(first.bottom, int) or not isinstance(second.bottom, int):
        raise NoFormula
    bottom = within(lcm(first.bottom, second.bottom))
    tops = [f"{each.top}*{bottom // each.bottom}" for each in (first, second) if isinstance(each.bottom, int)]
    most = within(max(first.most * (bottom // first.bottom), second.most * (bottom // second.bottom)))
    top = known.working.keep(when(truth, tops[0], tops[1]))
    here = known.working.keep(when(truth, first.known, second.known))
    return Exact(top, bottom, here, most, bottom, bottom, first.signed or second.signed)


# ---- answers


def does_not_apply(answer: Answer) -> bool:
    """Whether it says that the step could not arise."""
    return isinstance(answer, NotGiven) and answer.state is NonAnswer.NOT_APPLICABLE


def set_aside(known: Known, asked: Asked) -> str:
    """Whether the question does not apply."""
    return told(known, asked, [does_not_apply(each) for each in asked.answers])


def skipped_states(treat: Treatments) -> frozenset[NonAnswer]:
    """The non-answers that count as if the step did not apply."""
    left_out = {state for state, how in treat.items() if isinstance(how, LeftOut)}
    return frozenset({NonAnswer.NOT_APPLICABLE, *left_out})


def same_answers(scale: Scale, codes: Iterable[str]) -> frozenset[str]:
    """The codes as answers carry them: numbers are compared by value, so 2.50 is 2.5."""
    return frozenset(_code(scale, each) for each in codes)


def _code(scale: Scale, code: str) -> str:
    number = read_number(code)
    return code if number is None or scale.choice(code) is not None else written(number)


def recorded_as(known: Known, asked: Asked, codes: Set[str]) -> str:
    """Whether the recorded answer is written so."""
    listed = told(known, asked, [each.code in codes for each in asked.answers])
    if asked.value is None:
        return listed
    return known.working.keep(any_of([listed, value_among(known, asked, codes)]))


def value_among(known: Known, asked: Asked, codes: Iterable[str]) -> str:
    """Whether the answer is a number that is not listed, and one of those that are written so."""
    numbers = [number for each in codes if (number := read_number(each)) is not None]
    value = asked.value
    if value is None or not numbers:
        return "0"
    tests = ",".join(holds(value, "is", constant(each)) for each in numbers)
    same = known.working.keep(f"IF(OR({tests}),1,0)")
    return known.working.keep(all_of([value.known, same]))


# ---- groups


def absent(known: Known, group: str) -> str:
    """Whether a group does not apply, because none of its items does; free text does not count."""
    checklist = known.checklist
    asked = [
        known.asked[each.key]
        for each in checklist.questions
        if group and checklist.item[each.item].group == group and each.scale.kind != "text"
    ]
    return known.working.keep(all_of(set_aside(known, each) for each in asked)) if asked else "0"
