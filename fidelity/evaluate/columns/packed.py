"""Several sums over the answers of many questions, in one column: a look-up and an addition a question.

Each sum has so many bits of a whole number that it can never reach into its neighbour.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate, product, takewhile
from operator import mul
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.known import Asked, listed_at
from fidelity.evaluate.columns.number import MOST_IN_64, width
from fidelity.evaluate.columns.plan import Plan

BITS, BITS_IN_32 = 62, 32
MOST_TOGETHER = 1024  # what the answers to a few questions can be together

Entries = Sequence[Sequence[int]]  # for each question what each of its answers brings in


class Sum(NamedTuple):
    """A sum in each row, and how far from nought it can ever be."""

    column: pl.Expr
    most: int
    signed: bool


class _Field(NamedTuple):
    """A sum to be packed: what each answer brings in above the least, and what all the least come to."""

    raised: tuple[tuple[int, ...], ...]
    least: int
    most: int


def added_up(plan: Plan, asked: Sequence[Asked], sums: Mapping[str, Entries]) -> dict[str, Sum]:
    """Each sum by its name; sums that can never differ are worked out once."""
    fields = {name: _field(entries) for name, entries in sums.items()}
    different = list(dict.fromkeys(fields.values()))
    columns: dict[_Field, pl.Expr] = {}
    for together in _in_one_column(different):
        columns |= _unpacked(plan, asked, together)
    return {
        name: Sum(columns[each], max(abs(each.least), abs(each.least + each.most)), each.least < 0)
        for name, each in fields.items()
    }


def _field(entries: Entries) -> _Field:
    least = [min(each) for each in entries]
    raised = tuple(tuple(entry - low for entry in each) for each, low in zip(entries, least, strict=True))
    return _Field(raised, sum(least), sum(max(each) for each in raised))


def _in_one_column(fields: Sequence[_Field]) -> list[list[_Field]]:
    """The sums in groups, each of which fits into one column."""
    groups: list[list[_Field]] = []
    room = 0
    for each in fields:
        bits = each.most.bit_length()
        if not groups or bits > room:
            groups.append([])
            room = BITS
        groups[-1].append(each)
        room -= bits
    return groups


def _unpacked(plan: Plan, asked: Sequence[Asked], fields: Sequence[_Field]) -> dict[_Field, pl.Expr]:
    shifts = [sum(each.most.bit_length() for each in fields[:number]) for number in range(len(fields))]
    bits = shifts[-1] + fields[-1].most.bit_length()
    small = bits < BITS_IN_32
    most = max(MOST_IN_64, fields[0].most) if len(fields) == 1 else MOST_IN_64
    kind = pl.Int32 if small else width(most)
    each_brings = [_entries(fields, shifts, number) for number in range(len(asked))]
    packed = plan.keep(pl.sum_horizontal(_looked_up(plan, asked, each_brings, kind)))
    columns = {}
    for each, shift in zip(fields, shifts, strict=True):
        above = packed if shift == 0 else packed // (1 << shift)
        alone = len(fields) == 1 or shift + each.most.bit_length() >= BITS
        column = above if alone else above & ((1 << each.most.bit_length()) - 1)
        column = column.cast(pl.Int64) if small else column
        columns[each] = plan.keep(column if each.least == 0 else column + each.least)
    return columns


def _looked_up(
    plan: Plan, asked: Sequence[Asked], entries: Entries, kind: type[pl.DataType]
) -> Iterator[pl.Expr]:
    """What the answers bring in; those of a few questions are one number, and looked up together."""
    start = 0
    while start < len(asked):
        stop = _end_of_few(asked, start)
        few = asked[start:stop]
        sums = [sum(each) for each in product(*entries[start:stop])]
        yield listed_at(plan.once(_as_one_number(few)), sums, kind)
        start = stop


def _end_of_few(asked: Sequence[Asked], start: int) -> int:
    """So many questions that a short list holds what all of their answers bring in."""
    sizes = accumulate((len(each.answers.listed) for each in asked[start:]), mul)
    return start + max(1, len(list(takewhile(lambda size: size <= MOST_TOGETHER, sizes))))


def _as_one_number(asked: Sequence[Asked]) -> pl.Expr:
    if len(asked) == 1:
        return asked[0].code
    codes = [each.code.cast(pl.UInt16) for each in asked]
    sizes = [len(each.answers.listed) for each in asked]
    return reduce(
        lambda number, each: number * each[0] + each[1], zip(sizes[1:], codes[1:], strict=True), codes[0]
    )


def _entries(fields: Sequence[_Field], shifts: Sequence[int], question: int) -> list[int]:
    answers = range(len(fields[0].raised[question]))
    return [
        sum(each.raised[question][answer] << shift for each, shift in zip(fields, shifts, strict=True))
        for answer in answers
    ]
