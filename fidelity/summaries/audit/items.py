"""Answers to single items -> what was seen that should not be, and what was left open, with its effect."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Checklist, Item, Question, Score
from fidelity.model.expression import And, Condition, IsOneOf, Or, Quantified, Subject, reads
from fidelity.model.number import rounded
from fidelity.model.scale import Answer, Given, NonAnswer
from fidelity.model.summary import ContaminationItem, LeftOut, UnratedItem
from fidelity.summaries.columns import Answered, ScoredColumns
from fidelity.summaries.courses import Sessions
from fidelity.summaries.exact import Flags, Places, Whole

UNWANTED = frozenset({"proscribed", "contamination", "harmful"})  # tags of what belongs to no good session
MOST_UNRATED = Fraction(3, 10)
MOST_IN_A_SUM = 2**50  # so many thousand of them still fit into 64 bits

# The place of a rating, without some items -> the headline, where somebody hands in an evaluator.
Rescored = Callable[[int, frozenset[str]], Fraction | None]


def contamination(
    checklist: Checklist, columns: ScoredColumns, sessions: Sessions, arms: Mapping[str, Places]
) -> tuple[ContaminationItem, ...]:
    """Items tagged as unwanted, by arm; an item that nobody rated in an arm has no row there."""
    items = [each for each in checklist.items if UNWANTED & set(each.tags)]
    own = {arm: sessions.only(_flags(of, len(sessions.sizes))) for arm, of in arms.items()} if items else {}
    looked_for = _looked_for(checklist)
    rows = (
        _contamination(checklist, columns, item, arm, of, looked_for)
        for item in items
        for arm, of in own.items()
    )
    return tuple(row for row in rows if row.sessions)


def _flags(places: Places, number: int) -> Flags:
    found = np.zeros(number, dtype=np.bool_)
    found[places] = True
    return found


def _looked_for(checklist: Checklist) -> dict[str, frozenset[str]]:
    """The answers that a gate or a flag looks for, by question: `any item tagged harmful is seen`."""
    found: dict[str, frozenset[str]] = {}
    conditions = [*(each.when for each in checklist.gates), *(each.when for each in checklist.flags)]
    for condition in conditions:
        for key, codes in _met_by(condition):
            found[key] = found.get(key, frozenset()) | codes
    return found


def _met_by(condition: Condition) -> Iterator[tuple[str, frozenset[str]]]:
    """The answers that help to make a condition true; what must not be so is passed over."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _met_by(part)
        case Quantified(quantifier="any" | "every" | "at least" | "exactly", members=members):
            for _, member in members:
                yield from _met_by(member)
        case IsOneOf(Subject("question", key), codes):
            yield key, frozenset(codes)
        case _:
            return


def _contamination(
    checklist: Checklist,
    columns: ScoredColumns,
    item: Item,
    arm: str,
    sessions: Sessions,
    looked_for: Mapping[str, frozenset[str]],
) -> ContaminationItem:
    rated, seen = (np.zeros(len(sessions.sizes), dtype=np.bool_) for _ in range(2))
    counts: dict[str, int] = {}
    tests = {
        each.key: _seen(each, looked_for.get(each.key))
        for each in checklist.questions
        if each.item == item.id
    }
    for key, test in tests.items():
        answers = columns.answers[key].at(sessions.rows)
        rated[sessions.of_row[answers.marked(_is_given)]] = True
        seen[sessions.of_row[answers.marked(test or _is_given)]] = True
        for answer, number in answers.counts:
            if isinstance(answer, Given):
                counts[answer.code] = counts.get(answer.code, 0) + number
    return ContaminationItem(
        item=item.id,
        tags=tuple(tag for tag in item.tags if tag in UNWANTED),
        arm=arm,
        seen=int(seen.sum()) if all(tests.values()) else None,
        sessions=int(rated.sum()),
        answers=dict(sorted(counts.items())),
    )


def _is_given(answer: Answer) -> bool:
    return isinstance(answer, Given)


def _seen(question: Question, looked_for: frozenset[str] | None) -> Callable[[Answer], bool] | None:
    """Whether an answer says that it happened: rules look for it, or it is above the bottom of its scale.

    None where neither is so, as the order in which answers stand means nothing.
    """
    scale, lowest_and_highest = question.scale, question.points
    if looked_for and scale.choices:
        return lambda answer: isinstance(answer, Given) and answer.code in looked_for
    if scale.span is not None and not scale.choices:
        lowest = scale.span.lowest
        return lambda answer: isinstance(answer, Given) and (answer.number or lowest) > lowest
    if not lowest_and_highest:
        return None
    nothing_of_it = lowest_and_highest[-1 if question.reversed else 0]
    return lambda answer: isinstance(answer, Given) and answer.points not in {None, nothing_of_it}


# ---- items that stayed open


def unrated(checklist: Checklist, headline: Score | None, columns: ScoredColumns) -> tuple[UnratedItem, ...]:
    """The items that the headline reads, those most often without an answer first."""
    keys = _read(headline)
    items = dict.fromkeys(checklist.question[key].item for key in keys)
    own = {item: [key for key in keys if checklist.question[key].item == item] for item in items}
    rows = [_unrated(item, of, columns) for item, of in own.items()]
    return tuple(sorted(rows, key=lambda row: -row.share))


def _unrated(item: str, keys: Sequence[str], columns: ScoredColumns) -> UnratedItem:
    """Rated where one of its scales has an answer; else not applicable where no blank is in it."""
    answers = [columns.answers[key] for key in keys]
    is_rated = np.logical_or.reduce([each.marked(_is_given) for each in answers])
    is_out = np.logical_and.reduce([each.marked(_is_out) for each in answers])
    number, rated, out = len(is_rated), int(is_rated.sum()), int(is_out.sum())
    return UnratedItem(
        item=item,
        missing=number - rated - out,
        not_applicable=out,
        ratings=number,
        share=(number - rated) / number if number else 0.0,
    )


def _is_out(answer: Answer) -> bool:
    return not isinstance(answer, Given) and answer.state is NonAnswer.NOT_APPLICABLE


def left_out(
    checklist: Checklist,
    headline: Score | None,
    columns: ScoredColumns,
    open_items: Iterable[UnratedItem],
    rescored: Rescored | None = None,
) -> LeftOut:
    """The mean headline with all items, and without those that too many ratings leave open."""
    items = frozenset(
        each.item for each in open_items if each.missing + each.not_applicable > MOST_UNRATED * each.ratings
    )
    named = tuple(each.id for each in checklist.items if each.id in items)
    nothing = LeftOut(items=named, with_them=None, without_them=None, change=None, ratings=0)
    if not items or headline is None:
        return nothing
    known = columns.scores[headline.key]
    after = (
        _from_answers(checklist, headline, columns, items)
        if rescored is None
        else _Values(range(len(known.known)), [rescored(each, items) for each in range(len(known.known))])
    )
    if after is None:
        return nothing
    pairs = Counter(
        (top, value)
        for top, is_known, place in zip(
            known.numerators.tolist(), known.known.tolist(), after.places, strict=True
        )
        if is_known and (value := after.values[place]) is not None
    )
    if not pairs:
        return nothing
    number = pairs.total()
    with_them = sum(Fraction(top * times, known.denominator) for (top, _), times in pairs.items()) / number
    without_them = sum(value * times for (_, value), times in pairs.items()) / number
    return LeftOut(
        items=named,
        with_them=float(with_them),
        without_them=float(without_them),
        change=float(without_them - with_them),
        ratings=number,
    )


def _read(headline: Score | None) -> list[str]:
    if headline is None:
        return []
    return list(dict.fromkeys(each.key for each in reads(headline.formula) if each.kind == "question"))


# ---- the headline from the answers alone


class _Sums(NamedTuple):
    """What answers with points come to, all as whole numbers: weights, points, the most they could be."""

    weights: int
    points: int
    most: int
    answered: int
    without_most: int  # answers on scales that have no highest points


class _Values(NamedTuple):
    """For each rating the place of its value among the different ones."""

    places: Sequence[int]
    values: Sequence[Fraction | None]


def _from_answers(
    checklist: Checklist, headline: Score, columns: ScoredColumns, items: frozenset[str]
) -> _Values | None:
    """Percent of points, mean or sum: the first that gives every headline there is; else nothing."""
    questions = [checklist.question[key] for key in _read(headline)]
    found = columns.scores[headline.key]
    places, sums, bottoms = _sums(questions, columns)
    met = {
        (place, top)
        for place, top, known in zip(places, found.numerators.tolist(), found.known.tolist(), strict=True)
        if known
    }
    for way in (_percent, _mean, _sum):
        values = [_declared(headline, way(each, *bottoms)) for each in sums]
        if all(values[place] == Fraction(top, found.denominator) for place, top in met):
            kept = [each for each in questions if each.item not in items]
            own, fewer, other_bottoms = _sums(kept, columns)
            return _Values(own, [_declared(headline, way(each, *other_bottoms)) for each in fewer])
    return None


def _declared(headline: Score, value: Fraction | None) -> Fraction | None:
    if value is None or headline.rounding is None:
        return value
    return rounded(value, headline.rounding.places, headline.rounding.mode)


def _sums(
    questions: Sequence[Question], columns: ScoredColumns
) -> tuple[list[int], list[_Sums], tuple[int, int]]:
    """The place of each rating's sums among the different ones, and the bottoms of points and weights."""
    earned = [_earned(columns.answers[each.key]) for each in questions]
    of_points = lcm(
        *(each.denominator for of in earned for each in of if each is not None),
        *(each.denominator for question in questions for each in question.points),
    )
    of_weights = lcm(*(each.weight.denominator for each in questions))
    totals: list[Whole] = [np.zeros(len(columns.days), dtype=np.int64) for _ in _Sums._fields]
    for question, points in zip(questions, earned, strict=True):
        weight, highest = int(question.weight * of_weights), question.points[-1:] or (None,)
        rows = [_one(weight, each, highest[0], of_points) for each in points]
        for at, column in enumerate(zip(*rows, strict=True)):
            totals[at] = totals[at] + _table(column)[columns.answers[question.key].places]
    place: dict[_Sums, int] = {}
    every = map(_Sums, *(each.tolist() for each in totals))
    places = [place.setdefault(each, len(place)) for each in every]
    return places, list(place), (of_points, of_weights)


def _earned(answers: Answered) -> list[Fraction | None]:
    return [each.points if isinstance(each, Given) else None for each in answers.listed]


def _one(weight: int, points: Fraction | None, highest: Fraction | None, bottom: int) -> _Sums:
    """What one answer brings to the sums."""
    if points is None:
        return _Sums(0, 0, 0, 0, 0)
    most = 0 if highest is None else int(weight * highest * bottom)
    return _Sums(weight, int(weight * points * bottom), most, 1, int(highest is None))


def _table(column: Sequence[int]) -> Whole:
    return np.array(column, dtype=np.int64 if max(map(abs, column)) < MOST_IN_A_SUM else object)


def _percent(sums: _Sums, of_points: int, of_weights: int) -> Fraction | None:  # noqa: ARG001 - as others
    if sums.without_most:
        return None
    return Fraction(100 * sums.points, sums.most) if sums.most else None


def _mean(sums: _Sums, of_points: int, of_weights: int) -> Fraction | None:  # noqa: ARG001 - as others
    return Fraction(sums.points, sums.weights * of_points) if sums.weights else None


def _sum(sums: _Sums, of_points: int, of_weights: int) -> Fraction | None:
    return Fraction(sums.points, of_points * of_weights) if sums.answered else None
