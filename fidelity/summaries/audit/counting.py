"""Answers -> the share delivered, by each published way of counting and printing it.

The same answers give another percent when partial ones count in full, by half or not at all, when answers are
pooled or averaged by observation, and when what is left over is cut off or rounded; so each is named.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import mean
from typing import get_args

from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import reads
from fidelity.model.number import rounded
from fidelity.model.scale import Given
from fidelity.model.summary import CountedShare, ShareMethod, ShareOver
from fidelity.summaries.series import Rating

HALF = Fraction(1, 2)


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


Earned = tuple[Fraction, Fraction, Fraction]  # points, the lowest there are, the highest


def _given(questions: dict[str, tuple[Fraction, ...]], rating: Rating) -> list[Earned]:
    answers = ((rating.scored.answers[key], points) for key, points in questions.items())
    return [
        (answer.points, points[0], points[-1])
        for answer, points in answers
        if isinstance(answer, Given) and answer.points is not None
    ]


def _share(method: ShareMethod, over: ShareOver, given: Sequence[Sequence[Earned]]) -> CountedShare:
    worth = [[_worth(method, *each) for each in of] for of in given]
    pooled = [each for of in worth for each in of]
    exact = 100 * (mean(pooled) if over == "all answers" else mean(mean(of) for of in worth))
    return CountedShare(
        method=method,
        over=over,
        percent=float(exact),
        floor=int(rounded(exact, 0, "down")),
        nearest=int(rounded(exact, 0)),
    )


def _worth(method: ShareMethod, points: Fraction, lowest: Fraction, highest: Fraction) -> Fraction:
    if points in (lowest, highest):
        return Fraction(points == highest)
    match method:
        case "strict":
            return Fraction(0)
        case "half":
            return HALF
        case "any":
            return Fraction(1)
