"""Answers -> what should not have happened, which items stayed open, and the headline without those."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import mean

from fidelity.model.checklist import Checklist, Item, Question, Score
from fidelity.model.expression import reads
from fidelity.model.number import rounded
from fidelity.model.observation import Observation
from fidelity.model.scale import Given, NonAnswer, NotGiven
from fidelity.model.summary import ContaminationItem, LeftOut, UnratedItem
from fidelity.summaries.series import Rating, Session

UNWANTED = frozenset({"proscribed", "contamination", "harmful"})  # tags of what belongs to no good session
MOST_UNRATED = Fraction(3, 10)

# A rating without some items -> the headline, where somebody hands in an evaluator.
Rescored = Callable[[Observation, frozenset[str]], Fraction | None]
Exact = Fraction | int
Points = list[tuple[Exact, Exact, Sequence[Fraction]]]  # weight, points earned, the ends of their scale


def contamination(
    checklist: Checklist, arms: Mapping[str, Sequence[Session]]
) -> tuple[ContaminationItem, ...]:
    """Items tagged as unwanted, by arm; an item that nobody rated in an arm has no row there."""
    items = [each for each in checklist.items if UNWANTED & set(each.tags)]
    rows = (_contamination(checklist, item, arm, own) for item in items for arm, own in arms.items())
    return tuple(row for row in rows if row.sessions)


def _contamination(
    checklist: Checklist, item: Item, arm: str, sessions: Sequence[Session]
) -> ContaminationItem:
    questions = [each for each in checklist.questions if each.item == item.id]
    given = [[*_given(questions, session)] for session in sessions]
    answers = Counter(answer.code for of in given for _, answer in of)
    return ContaminationItem(
        item=item.id,
        tags=tuple(tag for tag in item.tags if tag in UNWANTED),
        arm=arm,
        seen=sum(any(_seen(question, answer) for question, answer in of) for of in given),
        sessions=sum(bool(of) for of in given),
        answers=dict(sorted(answers.items())),
    )


def _given(questions: Sequence[Question], session: Session) -> Iterator[tuple[Question, Given]]:
    for rating in session.ratings:
        for question in questions:
            answer = rating.scored.answers[question.key]
            if isinstance(answer, Given):
                yield question, answer


def _seen(question: Question, answer: Given) -> bool:
    """Above the bottom of its scale; on a scale without points, anything but the first answer listed."""
    if answer.number is not None and not question.scale.choices:
        return answer.number > (question.scale.span.lowest if question.scale.span else 0)
    if answer.points is None or not question.points:
        return answer.code != next((each.id for each in question.scale.choices), "")
    lowest, highest = question.points
    return answer.points < highest if question.reversed else answer.points > lowest


# ---- items that stayed open


def unrated(
    checklist: Checklist, headline: Score | None, ratings: Sequence[Rating]
) -> tuple[UnratedItem, ...]:
    """The items that the headline reads, those most often without an answer first."""
    keys = _read(headline)
    items = dict.fromkeys(checklist.question[key].item for key in keys)
    rows = [
        _unrated(item, [key for key in keys if checklist.question[key].item == item], ratings)
        for item in items
    ]
    return tuple(sorted(rows, key=lambda row: -row.share))


def _unrated(item: str, keys: Sequence[str], ratings: Sequence[Rating]) -> UnratedItem:
    states = Counter(_state(keys, each) for each in ratings)
    missing, out = states["missing"], states["not_applicable"]
    number = len(ratings)
    return UnratedItem(
        item=item,
        missing=missing,
        not_applicable=out,
        ratings=number,
        share=(missing + out) / number if number else 0.0,
    )


def _state(keys: Sequence[str], rating: Rating) -> str:
    """Rated where one of its scales has an answer; else not applicable where no blank is in it."""
    answers = [rating.scored.answers[key] for key in keys]
    open_ones = {each.state for each in answers if isinstance(each, NotGiven)}
    if any(isinstance(each, Given) for each in answers):
        return "rated"
    return "not_applicable" if open_ones == {NonAnswer.NOT_APPLICABLE} else "missing"


def left_out(
    checklist: Checklist,
    headline: Score | None,
    ratings: Sequence[Rating],
    open_items: Iterable[UnratedItem],
    rescored: Rescored | None = None,
) -> LeftOut:
    """The mean headline with all items, and without those that too many ratings leave open."""
    items = frozenset(
        each.item for each in open_items if each.missing + each.not_applicable > MOST_UNRATED * each.ratings
    )
    named = tuple(each.id for each in checklist.items if each.id in items)
    if not items or headline is None:
        return LeftOut(items=named, with_them=None, without_them=None, change=None, ratings=0)
    again = rescored or _from_answers(checklist, headline, ratings)
    if again is None:
        return LeftOut(items=named, with_them=None, without_them=None, change=None, ratings=0)
    pairs = [
        (before, after)
        for each in ratings
        if (before := each.scored.scores[headline.key].exact) is not None
        and (after := again(each.observation, items)) is not None
    ]
    if not pairs:
        return LeftOut(items=named, with_them=None, without_them=None, change=None, ratings=0)
    with_them, without_them = (mean(of) for of in zip(*pairs, strict=True))
    return LeftOut(
        items=named,
        with_them=float(with_them),
        without_them=float(without_them),
        change=float(without_them - with_them),
        ratings=len(pairs),
    )


def _read(headline: Score | None) -> list[str]:
    if headline is None:
        return []
    return list(dict.fromkeys(each.key for each in reads(headline.formula) if each.kind == "question"))


# ---- the headline from the answers alone


def _from_answers(checklist: Checklist, headline: Score, ratings: Sequence[Rating]) -> Rescored | None:
    """Percent of points, mean or sum: the first that gives every headline there is; else nothing."""
    questions = [checklist.question[key] for key in _read(headline)]
    scored = {each.observation.observation: each for each in ratings}
    for way in (_percent, _mean, _sum):

        def again(
            observation: Observation, items: frozenset[str], way: Callable[[Points], Fraction | None] = way
        ) -> Fraction | None:
            return _declared(headline, way(_points(questions, scored[observation.observation], items)))

        if all(
            again(each.observation, frozenset()) == value
            for each in ratings
            if (value := _exact(headline, each)) is not None
        ):
            return again
    return None


def _exact(headline: Score, rating: Rating) -> Fraction | None:
    return rating.scored.scores[headline.key].exact


def _declared(headline: Score, value: Fraction | None) -> Fraction | None:
    if value is None or headline.rounding is None:
        return value
    return rounded(value, headline.rounding.places, headline.rounding.mode)


def _points(questions: Iterable[Question], rating: Rating, items: frozenset[str]) -> Points:
    answers = ((each, rating.scored.answers[each.key]) for each in questions if each.item not in items)
    return [
        (_whole(question.weight), _whole(answer.points), question.points)
        for question, answer in answers
        if isinstance(answer, Given) and answer.points is not None
    ]


def _whole(value: Fraction) -> Exact:
    """A whole number as such: nearly all are, and their sums take a tenth of the time."""
    return value.numerator if value.denominator == 1 else value


def _percent(points: Points) -> Fraction | None:
    if not all(ends for _, _, ends in points):
        return None
    top = sum(weight * _whole(ends[-1]) for weight, _, ends in points)
    return Fraction(100 * _weighted(points)) / top if top else None


def _mean(points: Points) -> Fraction | None:
    weights = sum(weight for weight, _, _ in points)
    return Fraction(_weighted(points)) / weights if weights else None


def _sum(points: Points) -> Fraction | None:
    return Fraction(_weighted(points)) if points else None


def _weighted(points: Points) -> Exact:
    return sum(weight * earned for weight, earned, _ in points)
