"""What one subject brings into a formula: whether it is there, whether answered, and its value."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

from fidelity.form.live.answers import ANY_NUMBER, ANY_TEXT, Asked
from fidelity.form.live.known import (
    Known,
    absent,
    either,
    found,
    listed_exact,
    result_of,
    same_answers,
    skipped_states,
    told,
    value_among,
)
from fidelity.form.live.number import Exact, constant, whole
from fidelity.form.live.working import added, all_of, any_of, opposite
from fidelity.model.checklist import AsPoints, Treatments
from fidelity.model.expression import Aggregate, Subject
from fidelity.model.scale import Answer, Given, NonAnswer

ONE, NONE = Fraction(1), Fraction(0)


class Member(NamedTuple):
    """A subject: 1 where it is there; its value, known where it is answered too; whether it can be absent."""

    present: str
    value: Exact
    can_be_absent: bool


def member(known: Known, node: Aggregate, subject: Subject, treat: Treatments) -> Member:
    """What a subject brings into a function."""
    if node.function in {"share", "count"}:
        return _counted(known, subject, node.rated, treat)
    return measured(known, subject, treat)


def measured(known: Known, subject: Subject, treat: Treatments) -> Member:
    """The points of a question, the value of a score, the number of a fact."""
    match subject.kind:
        case "question":
            asked = known.asked[subject.key]
            return _question(known, asked, treat, lambda answer: answer.points, asked.points)
        case "score":
            gone = absent(known, known.checklist.score[subject.key].group)
            present = known.working.keep(opposite(gone))
            return Member(present, found(known.scores, subject.key), gone != "0")
        case "fact":
            return _fact(known, known.facts[subject.key])
        case "result" | "gate":
            raise TypeError(f"no number: {subject.key}")


def _question(
    known: Known,
    asked: Asked,
    treat: Treatments,
    value_of: Callable[[Given], Fraction | None],
    of_number: Exact | None,
) -> Member:
    """What every answer brings in; a number that is not listed brings `of_number`."""
    skipped = skipped_states(treat)
    earned = {
        state: value_of(Given("", how.points)) for state, how in treat.items() if isinstance(how, AsPoints)
    }
    here = [_is_there(answer, skipped) for answer in asked.answers]
    values = [_worth(answer, value_of, earned) if there else None for answer, there in _pairs(asked, here)]
    value = listed_exact(known, asked, values)
    if asked.value is not None and of_number is not None:
        value = either(known, asked.value.known, of_number, value)
    return Member(told(known, asked, here), value, not all(here))


def _pairs(asked: Asked, here: Iterable[bool]) -> Iterable[tuple[Answer, bool]]:
    return zip(asked.answers, here, strict=True)


def _is_there(answer: Answer, skipped: frozenset[NonAnswer]) -> bool:
    return isinstance(answer, Given) or answer.state not in skipped


def _worth(
    answer: Answer,
    value_of: Callable[[Given], Fraction | None],
    earned: dict[NonAnswer, Fraction | None],
) -> Fraction | None:
    if not isinstance(answer, Given):
        return earned.get(answer.state)
    return None if answer is ANY_NUMBER else value_of(answer)


def _fact(known: Known, asked: Asked) -> Member:
    numbers = [each.number if isinstance(each, Given) else None for each in asked.answers]
    value = listed_exact(known, asked, numbers)
    if asked.value is not None:
        value = either(known, asked.value.known, asked.value, value)
    return Member("1", value, can_be_absent=False)


# ---- counted


def _counted(known: Known, subject: Subject, rated: tuple[str, ...] | None, treat: Treatments) -> Member:
    """1 or 0: whether a subject is rated so or, where nothing is asked for, whether it is answered."""
    match subject.kind:
        case "question":
            return _counted_question(known, subject, rated, treat)
        case "result":
            return _counted_level(known, subject.key, rated)
        case "score" | "fact" | "gate":
            there = measured(known, subject, treat)
            return there._replace(value=whole(there.value.known, 1, frozenset({1}), there.value.known))


def _counted_question(
    known: Known, subject: Subject, rated: tuple[str, ...] | None, treat: Treatments
) -> Member:
    asked = known.asked[subject.key]
    if rated is None:
        return _question(known, asked, treat, lambda _: ONE, constant(ONE))
    codes = same_answers(known.checklist.question[subject.key].scale, rated)

    def is_one(answer: Given) -> Fraction:
        return ONE if answer is not ANY_TEXT and answer.code in codes else NONE

    among = whole(value_among(known, asked, codes), 1)
    return _question(known, asked, treat, is_one, among)


def _counted_level(known: Known, key: str, rated: tuple[str, ...] | None) -> Member:
    """A result counts only when its possible levels are all in the list, or all outside."""
    possible, levels = result_of(known, key), known.checklist.result[key].levels
    present = known.working.keep(f"IF({possible.number}>0,1,0)")
    if rated is None:
        value = whole(possible.decided, 1, frozenset({1}), possible.decided)
        return Member(present, value, can_be_absent=True)
    inside = [each for each, level in zip(possible.levels, levels, strict=True) if level.id in rated]
    number = known.working.keep(added(inside))
    all_in = known.working.keep(f"IF({number}={possible.number},1,0)")
    none_in = known.working.keep(f"IF({number}=0,1,0)")
    settled = known.working.keep(all_of([present, known.working.keep(any_of([all_in, none_in]))]))
    truth = known.working.keep(all_of([settled, all_in]))
    return Member(present, whole(truth, 1, known=settled), can_be_absent=True)
