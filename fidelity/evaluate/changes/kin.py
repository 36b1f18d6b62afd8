"""A record -> its questions that could have been answered in another way, those that count alike together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice
from math import factorial, prod

from fidelity.evaluate.changes.answers import is_too_long
from fidelity.evaluate.changes.asked import Asked, Record
from fidelity.evaluate.changes.moves import Move
from fidelity.model.change import Change, Choice, Way
from fidelity.model.checklist import Question
from fidelity.model.scale import Given, NonAnswer, NotGiven

Kin = tuple[str, ...]

BLANK = (NonAnswer.MISSING, NonAnswer.NOT_OBSERVED)


def kin_of(asked: Asked, record: Record, *, blanks_only: bool) -> list[Kin]:
    """Questions with equal roles and equal answers, in the order of the checklist."""
    alike: dict[object, list[str]] = {}
    for each in asked.questions:
        if not is_too_long(each.scale) and could_differ(each, record, blanks_only=blanks_only):
            alike.setdefault((asked.roles[each.key], record.now[each.key]), []).append(each.key)
    return [tuple(keys) for keys in alike.values()]


def could_differ(question: Question, record: Record, *, blanks_only: bool) -> bool:
    """Whether it was rated or left blank; what did not apply stays so, and an answer may wait for another."""
    if question.scale.kind == "text":
        return False
    match record.now[question.key]:
        case Given():
            return not blanks_only
        case NotGiven(state):
            raw = record.answers.get(question.key, "")
            return state in BLANK and not (raw and isinstance(question.scale.understand(raw), Given))


def stand_ins(kin: Sequence[Kin], moves: Iterable[Move]) -> Iterator[tuple[str, str]]:
    """A set of moves with a question for each: the first ones of the kin."""
    taken: Counter[int] = Counter()
    for each in moves:
        yield kin[each.kin][taken[each.kin]], each.answer
        taken[each.kin] += 1


def way_of(kin: Sequence[Kin], moves: Iterable[Move], level: str) -> Way:
    """A set of moves as a choice: any so many of these, each seen so."""
    counted = Counter((each.kin, each.answer) for each in moves)
    choices = [Choice(number, kin[own], answer) for (own, answer), number in counted.items()]
    return Way(tuple(sorted(choices, key=lambda each: each.questions)), level)


def how_many(way: Way) -> int:
    """How many changes a way stands for."""
    by_kin: dict[Kin, list[int]] = {}
    for each in way.choices:
        by_kin.setdefault(each.questions, []).append(each.number)
    return prod(
        factorial(len(keys)) // factorial(len(keys) - sum(taken)) // prod(map(factorial, taken))
        for keys, taken in by_kin.items()
    )


def changes_of(way: Way) -> Iterator[Change]:
    """The changes that a way stands for, one after another."""
    for answers in _answers(way.choices, frozenset()):
        yield Change(answers, way.level)


def _answers(choices: Sequence[Choice], taken: frozenset[str]) -> Iterator[tuple[tuple[str, str], ...]]:
    if not choices:
        yield ()
        return
    first, *others = choices
    for keys in combinations([key for key in first.questions if key not in taken], first.number):
        for more in _answers(others, taken | frozenset(keys)):
            yield (*((key, first.answer) for key in keys), *more)


def first_changes(ways: Iterable[Way], most: int) -> list[Change]:
    """So many changes at most."""
    return list(islice((change for way in ways for change in changes_of(way)), most))
