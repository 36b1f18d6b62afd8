"""What decides the reasons of a row, packed into few whole numbers: rows that agree there have the same."""

from collections.abc import Iterable, Iterator

import polars as pl

from fidelity.evaluate.columns.compiled import Columns
from fidelity.evaluate.columns.formula import WHY
from fidelity.evaluate.columns.known import Asked, Known, absent, listed, told
from fidelity.evaluate.columns.number import any_of
from fidelity.model.expression import Aggregate
from fidelity.model.scale import Answer, Given, NonAnswer, NotGiven

BITS = 62
STATES = tuple(NonAnswer)
WITHOUT_POINTS = len(STATES) + 1  # an answer that a sum or comparison misses like a blank

Part = tuple[pl.Expr, int]  # a column of small whole numbers, and how many bits they take


def pattern_of(compiled: Columns) -> list[pl.Expr]:
    """The columns of the pattern.

    Reasons name what decided, and the truth of each part of a condition tells which that was. Only where
    something stayed open do they name blanks; then every question's kind of answer is part of the pattern.
    """
    known = compiled.known
    decided = _packed(_decisions(known))
    states = _packed(_states(known))
    if known.inline:
        return [*decided, *states]
    is_open = known.plan.keep(any_of(list(_open(known))))
    return [*decided, *(pl.when(is_open).then(each).otherwise(pl.lit(-1, pl.Int64)) for each in states)]


def _packed(parts: Iterable[Part]) -> list[pl.Expr]:
    groups: list[list[pl.Expr]] = [[]]
    room = BITS
    for column, bits in parts:
        if bits > room:
            groups.append([])
            room = BITS
        groups[-1].append(column.cast(pl.Int64) * (1 << (BITS - room)))
        room -= bits
    return [pl.sum_horizontal(each) for each in groups if each]


# ---- what was decided


def _decisions(known: Known) -> Iterator[Part]:
    yield from _different(known, known.deciding)
    for key, score in known.scores.items():
        yield score.why, len(WHY).bit_length()
        yield from _different(known, [(known.scores[key].exact.known, 1)])
    for key, possible in known.results.items():
        result = known.checklist.result[key]
        yield possible, len(result.levels)
        if result.group:  # there may be no level either way: no line fits, or nothing of the group applies
            yield from _different(known, [(absent(known, result.group), 1)])
    for gate in known.gates.values():
        yield from _different(known, [(gate.can_be_true, 1), (gate.can_be_false, 1)])
    yield from _different(known, [(known.applies.can_be_true, 1), (known.applies.can_be_false, 1)])


def _different(known: Known, parts: Iterable[Part]) -> Iterator[Part]:
    """Those that are not alike in every row, each once."""
    met = set()
    for column, bits in parts:
        if not column.meta.root_names():
            continue
        kept = known.plan.keep(column)
        name = kept.meta.output_name()
        if name not in met:
            met.add(name)
            yield kept, bits


# ---- what stayed open


def _open(known: Known) -> Iterator[pl.Expr]:
    """Where a line, a question or a level is not sure, or the reason for a missing score names answers."""
    yield known.applies.undecided
    yield from known.unsure
    for possible in known.results.values():
        yield (possible & (possible - 1)) != 0
    for key, found in known.scores.items():
        score = known.checklist.score[key]
        if not isinstance(score.formula, Aggregate):
            yield found.why == WHY.index("does_not_apply")


def _states(known: Known) -> Iterator[Part]:
    for asked in (*known.asked.values(), *known.recorded.values()):
        yield _state(asked), WITHOUT_POINTS.bit_length()
    for asked in known.facts.values():
        yield told(asked, [isinstance(each, Given) for each in asked.answers.listed]), 1
    yield from _different(known, [(each, 1) for each in known.by_nought])


def _state(asked: Asked) -> pl.Expr:
    return listed(asked, [_kind(each) for each in asked.answers.listed], pl.Int64)


def _kind(answer: Answer) -> int:
    if isinstance(answer, NotGiven):
        return STATES.index(answer.state) + 1
    return WITHOUT_POINTS if answer.points is None else 0
