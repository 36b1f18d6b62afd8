"""Answers -> the share delivered, by each published way of counting and printing it.

The same answers give another percent when partial ones count in full, by half or not at all, when answers are
pooled or averaged by observation, and when what is left over is cut off or rounded; so each is named.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, get_args

from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import reads
from fidelity.model.number import rounded
from fidelity.model.scale import Given
from fidelity.model.summary import CountedShare, ShareMethod, ShareOver
from fidelity.summaries.series import Rating

PART: Mapping[ShareMethod, int] = {"strict": 0, "half": 1, "any": 2}  # halves that a partial answer is worth
Kind = Literal["all", "part", "none"]  # of the points that there are
Counts = Counter[Kind]


def counted_shares(
    checklist: Checklist, headline: Score | None, ratings: Iterable[Rating]
) -> tuple[CountedShare, ...]:
    """Every method over all answers to the headline's items, and as the mean of observations."""
    if headline is None:
        return ()
    keys = dict.fromkeys(each.key for each in reads(headline.formula) if each.kind == "question")
    questions = {key: points for key in keys if len(set(points := checklist.question[key].points)) == 2}
    given = [_given(questions, each) for each in ratings]
    answered = [each for each in given if each]
    if not answered:
        return ()
    return tuple(
        _share(method, over, answered) for over in get_args(ShareOver) for method in get_args(ShareMethod)
    )


def _given(questions: dict[str, tuple[Fraction, ...]], rating: Rating) -> Counts:
    """How many answers of an observation have all points, some, or none."""
    answers = ((rating.scored.answers[key], points) for key, points in questions.items())
    return Counter(
        _kind(answer.points, points[0], points[-1])
        for answer, points in answers
        if isinstance(answer, Given) and answer.points is not None
    )


def _kind(points: Fraction, lowest: Fraction, highest: Fraction) -> Kind:
    if points == highest:
        return "all"
    return "none" if points == lowest else "part"


def _share(method: ShareMethod, over: ShareOver, given: Sequence[Counts]) -> CountedShare:
    worth = [(_halves(method, each), each.total()) for each in given]
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
    return 2 * of["all"] + PART[method] * of["part"]


def _pooled(worth: Sequence[tuple[int, int]]) -> Fraction:
    return Fraction(sum(halves for halves, _ in worth), sum(number for _, number in worth))


def _mean_of_means(worth: Sequence[tuple[int, int]]) -> Fraction:
    """Observations with as many answers are added up first: there are only few such sums."""
    sums: dict[int, int] = {}
    for halves, number in worth:
        sums[number] = sums.get(number, 0) + halves
    return sum((Fraction(halves, number) for number, halves in sums.items()), Fraction(0)) / len(worth)
