"""A result of one record -> what would have changed it, or decided it, within the bounds of the search."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from fidelity.evaluate.changes.answers import is_too_long, possible_answers
from fidelity.evaluate.changes.asked import Asked, Record, is_held_by_lines, obstacles
from fidelity.evaluate.changes.filling import Blanks, Bound, deciding, filled
from fidelity.evaluate.changes.kin import (
    Kin,
    could_differ,
    first_changes,
    how_many,
    kin_of,
    stand_ins,
    way_of,
)
from fidelity.evaluate.changes.moves import Move, Moves
from fidelity.evaluate.changes.points import Sum, gain, next_level, shortfall, sum_behind
from fidelity.evaluate.changes.trials import Trials
from fidelity.model.change import Change, Search, Way
from fidelity.model.scale import Given
from fidelity.model.score import ResultValue, Scored

MOST_AT_ONCE, MOST_TRIED, MOST_LISTED = 3, 20_000, 100


def searched(asked: Asked, record: Record, scored: Scored) -> Search:
    """The fewest answers that would have led higher or, while it is open, that would decide it."""
    value = scored.results[asked.result.key]
    trials = Trials(asked, record)
    if value.level is None:
        return _opened(asked, record, trials)
    return _raised(asked, record, scored, value, trials)


# ---- a level that was reached


def _raised(asked: Asked, record: Record, scored: Scored, value: ResultValue, trials: Trials) -> Search:
    result, order = asked.result, [each.id for each in asked.result.levels]
    number = order.index(value.level or "")
    by_lines = is_held_by_lines(value.reason) and bool(result.of)
    of = sum_behind(asked.checklist, result.of, scored) if by_lines else None
    above = next_level(of, result, number) if of else None
    in_the_way = obstacles(asked, value.reason)
    kin = kin_of(asked, record, blanks_only=False)
    moves = Moves(
        list(_moves(asked, record, kin, of, in_the_way)),
        [len(each) for each in kin],
        above.missing if above else None,
        (1 << len(in_the_way)) - 1,
    )
    found = _found(moves, kin, trials, frozenset(order[number + 1 :]), asked.most)
    told = _told(asked, found, trials, _untried(asked, record, blanks_only=False))
    return replace(told, shortfall=shortfall(of, result, number, scored) if of else None)


def _moves(
    asked: Asked, record: Record, kin: list[Kin], of: Sum | None, in_the_way: list[frozenset[str]]
) -> Iterator[Move]:
    """Every other answer to one of each kin."""
    for number, keys in enumerate(kin):
        touches = sum(1 << at for at, each in enumerate(in_the_way) if keys[0] in each)
        for code in _other_answers(asked, record, keys[0]):
            yield Move(number, code, _gain(asked, record, of, keys[0], code), touches)


def _other_answers(asked: Asked, record: Record, key: str) -> Iterator[str]:
    now = record.now[key]
    given = now.code if isinstance(now, Given) else None
    yield from (each for each in possible_answers(asked.checklist.question[key].scale) if each != given)


def _gain(asked: Asked, record: Record, of: Sum | None, key: str, code: str) -> Fraction | None:
    """The points that an answer brings; not known where it changes what is counted."""
    if of is None or key in asked.parts.controls:
        return None
    if key in of.answered:
        return gain(of, of.answered[key], record.now[key], code)
    return None if any(each.key == key for each in of.node.over) else Fraction(0)


# ---- a result that is open


def _opened(asked: Asked, record: Record, trials: Trials) -> Search:
    """Only what is not known is tried: questions that were left blank, and facts that nobody noted."""
    kin = [*kin_of(asked, record, blanks_only=True), *((key,) for key in _unknown_facts(asked, record))]
    answers = {key: _answers(asked, key) for keys in kin for key in keys}
    moves = [Move(at, code, None, 0) for at, keys in enumerate(kin) for code in answers[keys[0]]]
    levels = frozenset(each.id for each in asked.result.levels)
    found = _found(Moves(moves, [len(each) for each in kin]), kin, trials, levels, asked.most)
    untried = _untried(asked, record, blanks_only=True)
    blanks = Blanks(kin, {key: answers[key] for key in _in_order(asked, answers)})
    told = _told(asked, found, trials, untried)
    if untried:
        return told
    left, settling = (
        filled(asked.result, blanks, trials, asked.most),
        deciding(blanks, trials, Bound(asked.most)),
    )
    return replace(told, filled=left, deciding=settling, evaluations=trials.evaluations)


def _unknown_facts(asked: Asked, record: Record) -> list[str]:
    facts = asked.evaluator.checklist.facts
    return [each.id for each in facts if not record.facts.get(each.id) and not is_too_long(each.scale)]


def _answers(asked: Asked, key: str) -> tuple[str, ...]:
    named = asked.checklist.question.get(key) or asked.checklist.fact[key]
    return possible_answers(named.scale)


def _in_order(asked: Asked, keys: Iterable[str]) -> list[str]:
    """As the checklist asks for them: facts first."""
    known = set(keys)
    order = [*(each.id for each in asked.checklist.facts), *(each.key for each in asked.questions)]
    return [key for key in order if key in known]


# ---- sets of answers, from one to three at once


class Found(NamedTuple):
    """The ways that lead there, all with the same number of answers; and how far it was looked."""

    ways: tuple[Way, ...]
    largest: int
    complete: bool


def _found(moves: Moves, kin: list[Kin], trials: Trials, wanted: Set[str], most: int) -> Found:
    """The ways with the fewest answers that lead to one of these levels."""
    bound = Bound(most)
    for size in range(1, MOST_AT_ONCE + 1):
        ways: list[Way] = []
        for each in moves.sets(size):
            if bound.spent():
                return Found(tuple(ways), size, complete=False)
            level = trials.then(stand_ins(kin, each)).level if each else None
            if each and level in wanted:
                ways.append(way_of(kin, each, level or ""))
        if ways:
            return Found(tuple(ways), size, complete=True)
    return Found((), MOST_AT_ONCE, complete=True)


def _untried(asked: Asked, record: Record, *, blanks_only: bool) -> tuple[str, ...]:
    """The questions and unknown facts whose numbers are too many to try."""
    questions = (
        each.key
        for each in asked.questions
        if is_too_long(each.scale) and could_differ(each, record, blanks_only=blanks_only)
    )
    facts = (each.id for each in asked.evaluator.checklist.facts if is_too_long(each.scale))
    return (*questions, *(each for each in facts if blanks_only and not record.facts.get(each)))


def _told(asked: Asked, found: Found, trials: Trials, untried: tuple[str, ...]) -> Search:
    """What was found, in the order of the checklist."""
    order = {
        (key, code): (at, number)
        for at, key in enumerate(_in_order(asked, [*asked.roles, *asked.parts.facts]))
        for number, code in enumerate(_answers(asked, key))
    }
    ways = sorted(found.ways, key=lambda way: [order[each.questions[0], each.answer] for each in way.choices])
    changes = [
        Change(tuple(sorted(each.answers, key=order.__getitem__)), each.level)
        for each in first_changes(ways, MOST_LISTED)
    ]
    return Search(
        tuple(sorted(changes, key=lambda each: [order[pair] for pair in each.answers])),
        tuple(ways),
        sum(how_many(each) for each in ways),
        found.complete and not untried,
        found.largest,
        trials.evaluations,
        untried,
    )
