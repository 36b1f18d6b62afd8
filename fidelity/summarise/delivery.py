"""Sessions -> what was delivered: items missed and shown, parts, levels, gates; who rated, and where."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import mean

from fidelity.model.checklist import Checklist, Item, Question, Score
from fidelity.model.scale import Given
from fidelity.model.summary import ItemCount, PartSummary, RaterSummary, SiteSummary
from fidelity.summarise.series import Course, Rating, Session, level_of, scores_given

LAST_SESSIONS = 5
FIRST_AND_LAST = 3


def item_counts(checklist: Checklist, course: Course) -> tuple[ItemCount, ...]:
    """The items rated in the last five sessions, counted by rating; most missed first."""
    ratings = [each for session in course[-LAST_SESSIONS:] for each in session.ratings]
    counts = [_item_count(item, _with_points(checklist, item.id), ratings) for item in checklist.items]
    return tuple(sorted((each for each in counts if each.rated), key=lambda each: (-each.missed, each.rated)))


def _with_points(checklist: Checklist, item: str) -> list[Question]:
    """The questions of an item that have a lowest and a highest answer to miss or to reach."""
    return [each for each in checklist.questions if each.item == item and len(set(each.points)) == 2]


def _item_count(item: Item, questions: Sequence[Question], ratings: Iterable[Rating]) -> ItemCount:
    """An item on two scales is missed when both answers are lowest, and shown when both are highest."""
    rated = [answers for each in ratings if (answers := _answered(questions, each))]
    return ItemCount(
        item=item.id,
        missed=sum(all(points == question.points[0] for question, points in answers) for answers in rated),
        rated=len(rated),
        shown=sum(all(points == question.points[1] for question, points in answers) for answers in rated),
    )


def _answered(questions: Iterable[Question], rating: Rating) -> list[tuple[Question, Fraction]]:
    answers = ((each, rating.scored.answers[each.key]) for each in questions)
    return [
        (question, answer.points)
        for question, answer in answers
        if isinstance(answer, Given) and answer.points is not None
    ]


def doing_well(items: Iterable[ItemCount]) -> tuple[ItemCount, ...]:
    """The items never missed and shown in at least half of the ratings; the most reliable first."""
    well = [each for each in items if each.missed == 0 and 2 * each.shown >= each.rated]
    return tuple(sorted(well, key=lambda each: (-Fraction(each.shown, each.rated), -each.rated)))


def parts(checklist: Checklist, course: Course) -> tuple[PartSummary, ...]:
    """Percent of the points of each group that has any, over the sessions in which it was rated."""
    asked = {
        group.id: [q for item in group.items for q in _with_points(checklist, item)]
        for group in checklist.groups
    }
    return tuple(_part(group, questions, course) for group, questions in asked.items() if questions)


def _part(group: str, questions: Sequence[Question], course: Course) -> PartSummary:
    shares = [mean(of) for session in course if (of := _shares(questions, session))]
    enough = len(shares) >= 2 * FIRST_AND_LAST
    return PartSummary(
        group=group,
        mean=_percent(shares) if shares else None,
        first=_percent(shares[:FIRST_AND_LAST]) if enough else None,
        last=_percent(shares[-FIRST_AND_LAST:]) if enough else None,
    )


def _shares(questions: Sequence[Question], session: Session) -> list[Fraction]:
    """For each rating the points earned, as a share of the most that its answers could have earned."""
    answered = (_answered(questions, each) for each in session.ratings)
    return [
        sum((question.weight * points for question, points in answers), Fraction()) / top
        for answers in answered
        if (top := sum((question.weight * question.points[1] for question, _ in answers), Fraction())) > 0
    ]


def _percent(shares: Sequence[Fraction]) -> float:
    return float(100 * mean(shares))


def level_counts(checklist: Checklist, course: Course) -> dict[str, dict[str, int]]:
    """How many sessions reached each level of each result; an undecided session is under none."""
    counts = {each.key: {level.id: 0 for level in each.levels} for each in checklist.results}
    for result in checklist.results:
        for session in course:
            level = level_of(session, result)
            if level is not None:
                counts[result.key][level] += 1
    return counts


def gates_failed(checklist: Checklist, course: Course) -> dict[str, int]:
    """In how many sessions each gate failed in the eyes of at least one rater."""
    return {
        gate.key: sum(
            any(each.scored.gates[gate.key] == "fails" for each in session.ratings) for session in course
        )
        for gate in checklist.gates
    }


def raters(sessions: Iterable[Session], headline: Score | None) -> tuple[RaterSummary, ...]:
    """Each named rater's observations, and the mean of the headline score they gave."""
    ratings = [each for session in sessions for each in session.ratings]
    names = sorted({each.observation.rater for each in ratings} - {""})
    return tuple(
        _rater(name, [each for each in ratings if each.observation.rater == name], headline) for name in names
    )


def _rater(name: str, ratings: Sequence[Rating], headline: Score | None) -> RaterSummary:
    values = [each.scored.scores[headline.key].exact for each in ratings] if headline else []
    given = [value for value in values if value is not None]
    return RaterSummary(rater=name, n=len(ratings), mean=float(mean(given)) if given else None)


def sites(sessions: Sequence[Session], headline: Score | None) -> tuple[SiteSummary, ...]:
    """Each named site's therapists and sessions, and the mean of the headline score over its sessions."""
    names = sorted({each.site for each in sessions} - {""})
    return tuple(_site(name, [each for each in sessions if each.site == name], headline) for name in names)


def _site(name: str, sessions: Sequence[Session], headline: Score | None) -> SiteSummary:
    known = [scores_given(each, headline) for each in sessions] if headline else []
    means = [mean(value for _, value in given) for given in known if given]
    return SiteSummary(
        site=name,
        therapists=len({each.therapist for each in sessions} - {""}),
        n=len(sessions),
        mean=float(mean(means)) if means else None,
    )
