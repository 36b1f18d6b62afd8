"""Sessions that an expert rated too -> each rater's calibration: exact, within a point, and how far off."""

from collections.abc import Iterable, Iterator, Sequence

from fidelity.model.checklist import Checklist
from fidelity.model.scale import Given
from fidelity.model.summary import Calibration
from fidelity.summaries.agreement.differences import difference, mean_difference
from fidelity.summaries.agreement.raters import alike_of, comparable
from fidelity.summaries.agreement.seen import EXPERT, Rated, Session, observers_of, of_role, seen

TwoRatings = tuple[int, int]


def calibrated(rated: Rated, checklist: Checklist) -> tuple[Calibration, ...]:
    """Each named rater of a session that an expert rated; agreement with a standard needs no chance."""
    beside: dict[str, list[TwoRatings]] = {}
    for session in rated.several:
        for rater, ratings in _beside_expert(rated, session):
            beside.setdefault(rater, []).append(ratings)
    return tuple(_calibration(rated, rater, of, checklist) for rater, of in sorted(beside.items()))


def _beside_expert(rated: Rated, session: Session) -> Iterator[tuple[str, TwoRatings]]:
    experts = of_role(rated, session, EXPERT)
    if experts:
        for rater, rating in seen(rated, session, observers_of(rated, session)).by:
            if rated.role(rating) != EXPERT and rated.rater(rating):
                yield rater, (rating, experts[0])


def _calibration(
    rated: Rated, rater: str, ratings: Sequence[TwoRatings], checklist: Checklist
) -> Calibration:
    compared = comparable(checklist)
    counts = [alike_of(rated, *two, compared) for two in ratings]
    answers = sum(both for _, both in counts)
    near = [each for two in ratings for each in _within_one_point(rated, two, compared)]
    apart = (difference(rated, *two, checklist.headline) for two in ratings)
    return Calibration(
        rater=rater,
        sessions=len(ratings),
        answers=answers,
        exact=sum(alike for alike, _ in counts) / answers if answers else None,
        within_one_point=sum(near) / len(near) if near else None,
        difference=mean_difference([each for each in apart if each is not None]),
    )


def _within_one_point(rated: Rated, two: TwoRatings, compared: Iterable[str]) -> Iterator[bool]:
    for key in compared:
        left, right = (rated.answer(each, key) for each in two)
        points = [each.points for each in (left, right) if isinstance(each, Given)]
        known = [each for each in points if each is not None]
        if len(known) == 2:
            yield abs(known[0] - known[1]) <= 1
