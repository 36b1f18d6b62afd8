"""Answers -> the share delivered, by each published way of counting and printing it.

The same answers give another percent when partial ones count in full, by half or not at all, when answers are
pooled or averaged by observation, and when what is left over is cut off or rounded; so each is named.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Literal, NamedTuple, get_args

import numpy as np

from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import reads
from fidelity.model.number import rounded
from fidelity.model.scale import Answer, Given
from fidelity.model.summary import CountedShare, ShareMethod, ShareOver
from fidelity.summaries.columns import ScoredColumns

PART: Mapping[ShareMethod, int] = {"strict": 0, "half": 1, "any": 2}  # halves that a partial answer is worth
Kind = Literal["all", "part", "none"]  # of the points that there are
KINDS: tuple[Kind, ...] = get_args(Kind)


class Counts(NamedTuple):
    """How many answers of an observation have all points, some, or none."""

    all: int
    part: int
    none: int


def counted_shares(
    checklist: Checklist, headline: Score | None, columns: ScoredColumns
) -> tuple[CountedShare, ...]:
    """Every method over all answers to the headline's items, and as the mean of observations."""
    if headline is None:
        return ()
    keys = dict.fromkeys(each.key for each in reads(headline.formula) if each.kind == "question")
    questions = {key: points for key in keys if len(set(points := checklist.question[key].points)) == 2}
    answered = _given(questions, columns)
    if not answered:
        return ()
    return tuple(
        _share(method, over, answered) for over in get_args(ShareOver) for method in get_args(ShareMethod)
    )


def _given(questions: Mapping[str, tuple[Fraction, ...]], columns: ScoredColumns) -> Counter[Counts]:
    """How many observations have the same counts; those without any answer are left out."""
    totals = {kind: np.zeros(len(columns.days), dtype=np.int64) for kind in KINDS}
    for key, points in questions.items():
        for kind in KINDS:
            totals[kind] += columns.answers[key].marked(partial(_is, kind, points))
    found = Counter(map(Counts, *(each.tolist() for each in totals.values())))
    found.pop(Counts(0, 0, 0), None)
    return found


def _is(kind: Kind, points: tuple[Fraction, ...], answer: Answer) -> bool:
    if not isinstance(answer, Given) or answer.points is None:
        return False
    return _kind(answer.points, points[0], points[-1]) == kind


def _kind(points: Fraction, lowest: Fraction, highest: Fraction) -> Kind:
    if points == highest:
        return "all"
    return "none" if points == lowest else "part"


def _share(method: ShareMethod, over: ShareOver, given: Counter[Counts]) -> CountedShare:
    worth = [(_halves(method, each), sum(each), times) for each, times in given.items()]
    exact = 50 * (_pooled(worth) if over == "all answers" else _mean_of_means(worth))
    return CountedShare(
        method=method,
        over=over,
        percent=float(exact),
        floor=int(rounded(exact, 0, "down")),
        nearest=int(rounded(exact, 0)),
    )


def _halves(method: ShareMethod, of: Counts) -> int:
    """What the answers are worth together, in halves, so that all sums are whole numbers."""
    return 2 * of.all + PART[method] * of.part


def _pooled(worth: Iterable[tuple[int, int, int]]) -> Fraction:
    top, bottom = (sum(amounts) for amounts in zip(*((h * t, n * t) for h, n, t in worth), strict=True))
    return Fraction(top, bottom)


def _mean_of_means(worth: Sequence[tuple[int, int, int]]) -> Fraction:
    observations = sum(times for *_, times in worth)
    together = sum((Fraction(halves * times, number) for halves, number, times in worth), Fraction())
    return together / observations
