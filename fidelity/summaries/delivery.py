"""Sessions -> what was delivered: items missed and shown, parts, levels, gates; who rated, and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from statistics import mean

from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import reads
from fidelity.model.scale import Given
from fidelity.model.summary import ItemCount, PartSummary, RaterSummary, SiteSummary
from fidelity.summaries.adjusted import RaterFinding
from fidelity.summaries.series import Course, Rating, Session, level_of, scores_given

LAST_SESSIONS = 5
FIRST_AND_LAST = 3
NO_FINDINGS: Mapping[str, RaterFinding] = {}


@dataclass(frozen=True, slots=True)
class Counted:
    """A question that a score reads, with the points of its lowest and its highest answer."""

    key: str
    weight: Fraction
    lowest: Fraction
    highest: Fraction


Asked = Mapping[str, Sequence[Counted]]


def asked(checklist: Checklist) -> Asked:
    """The questions of each item that can be missed or shown.

    What no score reads may well be unwanted, as what belongs to another method is: not doing it is no miss.
    """
    read = {
        each.key for score in checklist.scores for each in reads(score.formula) if each.kind == "question"
    }
    found: dict[str, list[Counted]] = {each.id: [] for each in checklist.items}
    for each in checklist.questions:
        if each.key in read and len(set(each.points)) == 2:
            found[each.item].append(Counted(each.key, each.weight, *each.points))
    return found


def item_counts(asked: Asked, course: Course) -> tuple[ItemCount, ...]:
    """The items rated in the last five sessions, counted by rating; most missed first."""
    ratings = [each for session in course[-LAST_SESSIONS:] for each in session.ratings]
    counts = [_item_count(item, questions, ratings) for item, questions in asked.items()]
    return tuple(sorted((each for each in counts if each.rated), key=lambda each: (-each.missed, each.rated)))


def _item_count(item: str, questions: Sequence[Counted], ratings: Iterable[Rating]) -> ItemCount:
    """An item on two scales is missed when both answers are lowest, and shown when both are highest."""
    rated = [points for each in ratings if (points := _points(questions, each))]
    return ItemCount(
        item=item,
        missed=sum(all(earned == question.lowest for question, earned in points) for points in rated),
        rated=len(rated),
        shown=sum(all(earned == question.highest for question, earned in points) for points in rated),
    )


def _points(questions: Iterable[Counted], rating: Rating) -> list[tuple[Counted, Fraction]]:
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


def parts(checklist: Checklist, asked: Asked, course: Course) -> tuple[PartSummary, ...]:
    """Percent of the points of each group that has any, over the sessions in which it was rated."""
    of_groups = {
        group.id: [each for item in group.items for each in asked[item]] for group in checklist.groups
    }
    return tuple(_part(group, questions, course) for group, questions in of_groups.items() if questions)


def _part(group: str, questions: Sequence[Counted], course: Course) -> PartSummary:
    shares = [mean(of) for session in course if (of := _shares(questions, session))]
    enough = len(shares) >= 2 * FIRST_AND_LAST
    return PartSummary(
        group=group,
        mean=_percent(shares) if shares else None,
        first=_percent(shares[:FIRST_AND_LAST]) if enough else None,
        last=_percent(shares[-FIRST_AND_LAST:]) if enough else None,
    )


def _shares(questions: Sequence[Counted], session: Session) -> list[Fraction]:
    """For each rating the points earned, as a share of the most that its answers could have earned."""
    rated = (_points(questions, each) for each in session.ratings)
    return [
        sum((question.weight * earned for question, earned in points), Fraction()) / top
        for points in rated
        if (top := sum((question.weight * question.highest for question, _ in points), Fraction())) > 0
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


def item_shares(asked: Asked, course: Course) -> dict[str, list[float]]:
    """For each item the share of its points in each session that rated it, over the raters and its scales."""
    ranges = {each.key: (float(each.lowest), float(each.highest)) for of in asked.values() for each in of}
    found: dict[str, list[float]] = {item: [] for item in asked}
    for session in course:
        for item, questions in asked.items():
            shares = [
                (float(earned) - ranges[question.key][0])
                / (ranges[question.key][1] - ranges[question.key][0])
                for rating in session.ratings
                for question, earned in _points(questions, rating)
            ]
            if shares:
                found[item].append(sum(shares) / len(shares))
    return found


def raters(
    sessions: Iterable[Session], headline: Score | None, findings: Mapping[str, RaterFinding] = NO_FINDINGS
) -> tuple[RaterSummary, ...]:
    """Each named rater's observations, the mean of the headline score they gave, what is known of them."""
    given: dict[str, list[Rating]] = {}
    for session in sessions:
        for each in session.ratings:
            given.setdefault(each.observation.rater, []).append(each)
    return tuple(
        _rater(name, given[name], headline, findings.get(name)) for name in sorted(set(given) - {""})
    )


def _rater(
    name: str, ratings: Sequence[Rating], headline: Score | None, finding: RaterFinding | None
) -> RaterSummary:
    values = [each.scored.scores[headline.key].exact for each in ratings] if headline else []
    given = [value for value in values if value is not None]
    known = {} if finding is None else asdict(finding)
    return RaterSummary(rater=name, n=len(ratings), mean=float(mean(given)) if given else None, **known)


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
