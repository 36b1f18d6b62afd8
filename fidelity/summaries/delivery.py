"""Sessions -> what was delivered: items missed and shown, parts, levels, gates; who rated, and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction

import numpy as np

from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import reads
from fidelity.model.summary import FallenItem, ItemCount, PartSummary, RaterSummary, SiteSummary
from fidelity.summaries.adjusted import RaterFinding
from fidelity.summaries.columns import ScoredColumns
from fidelity.summaries.courses import Sessions, lowest_levels
from fidelity.summaries.drift.items import fallen
from fidelity.summaries.exact import Exact, Flags, Places, added, means, means_by, ratios, runs

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


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was delivered in a therapist's course, as `TherapistSummary` says."""

    levels: dict[str, dict[str, int]]
    gates_failed: dict[str, int]
    items: tuple[ItemCount, ...]
    doing_well: tuple[ItemCount, ...]
    parts: tuple[PartSummary, ...]
    fallen: tuple[FallenItem, ...]


def deliveries(checklist: Checklist, columns: ScoredColumns, courses: Sessions) -> list[Delivery]:
    """What was delivered, therapist by therapist."""
    questions = asked(checklist)
    items = _item_counts(questions, columns, courses)
    shares = {item: _item_shares(of, columns, courses) for item, of in questions.items() if of}
    everything = zip(
        _level_counts(checklist, columns, courses),
        _gates_failed(checklist, columns, courses),
        items,
        (_doing_well(each) for each in items),
        _parts(checklist, questions, columns, courses),
        fallen(shares, courses.several),
        strict=True,
    )
    return [Delivery(*of) for of in everything]


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


# ---- levels and gates


def _level_counts(
    checklist: Checklist, columns: ScoredColumns, courses: Sessions
) -> list[dict[str, dict[str, int]]]:
    """How many sessions reached each level of each result; an undecided session is under none."""
    found: list[dict[str, dict[str, int]]] = [{} for _ in courses.names]
    for result in checklist.results:
        levels = lowest_levels(columns, courses, result)
        reached = [_in_each(courses, levels.places == place).tolist() for place in range(len(levels.words))]
        for own, *counts in zip(found, *reached, strict=True):
            own[result.key] = dict(zip(levels.words, counts, strict=True))
    return found


def _gates_failed(checklist: Checklist, columns: ScoredColumns, courses: Sessions) -> list[dict[str, int]]:
    """In how many sessions each gate failed in the eyes of at least one rater."""
    keys = [gate.key for gate in checklist.gates]
    failed = [_in_each(courses, runs(columns.failed[key][courses.rows], courses.sizes) > 0) for key in keys]
    counts = np.array(failed, dtype=np.intp).reshape(len(keys), len(courses.names)).T.tolist()
    return [dict(zip(keys, own, strict=True)) for own in counts]


def _in_each(courses: Sessions, marked: Flags) -> Places:
    """How many of the marked sessions each therapist has."""
    return np.bincount(courses.therapist[marked], minlength=len(courses.names))


# ---- items


def _item_counts(asked: Asked, columns: ScoredColumns, courses: Sessions) -> list[tuple[ItemCount, ...]]:
    """The items rated in each therapist's last five sessions, counted by rating; most missed first."""
    recent = courses.only(_place_from_end(courses.several) < LAST_SESSIONS)
    counts = [_counts(of, columns, recent) for of in asked.values()]
    of_each = np.array(counts, dtype=np.intp).reshape(len(asked), 3, len(courses.names))
    found = []
    for own in of_each.transpose(2, 0, 1).tolist():
        rated = [
            ItemCount(item=item, missed=missed, rated=rated, shown=shown)
            for item, (missed, rated, shown) in zip(asked, own, strict=True)
            if rated
        ]
        found.append(tuple(sorted(rated, key=lambda each: (-each.missed, each.rated))))
    return found


def _place_from_end(sizes: Places) -> Places:
    """The place of each in its run, counted from the end."""
    return np.repeat(np.cumsum(sizes), sizes) - np.arange(int(sizes.sum())) - 1


def _counts(questions: Sequence[Counted], columns: ScoredColumns, recent: Sessions) -> tuple[Places, ...]:
    """How often an item was missed, rated and shown.

    An item on two scales is missed when both answers are lowest, and shown when both are highest.
    """
    points = [columns.points[each.key].at(recent.rows) for each in questions]
    rated = np.zeros(len(recent.rows), dtype=np.bool_)
    lowest = highest = ~rated
    for question, each in zip(questions, points, strict=True):
        rated = rated | each.known
        lowest = lowest & (~each.known | each.equals(question.lowest))
        highest = highest & (~each.known | each.equals(question.highest))
    who, number = recent.therapist[recent.of_row], len(recent.names)
    return tuple(
        np.bincount(who[each], minlength=number) for each in (rated & lowest, rated, rated & highest)
    )


def _doing_well(items: Iterable[ItemCount]) -> tuple[ItemCount, ...]:
    """The items never missed and shown in at least half of the ratings; the most reliable first."""
    well = [each for each in items if each.missed == 0 and 2 * each.shown >= each.rated]
    return tuple(sorted(well, key=lambda each: (-each.shown / each.rated, -each.rated)))


def _item_shares(questions: Sequence[Counted], columns: ScoredColumns, courses: Sessions) -> Exact:
    """The share of an item's points in each session, over the raters and its scales."""
    points = [columns.points[each.key].at(courses.rows) for each in questions]
    ranges = [each.highest - each.lowest for each in questions]
    shares = added(
        points,
        [1 / each for each in ranges],
        [-question.lowest / each for question, each in zip(questions, ranges, strict=True)],
    )
    number = np.sum([each.known for each in points], axis=0)
    return ratios(runs(shares.numerators, courses.sizes), runs(number, courses.sizes), shares.denominator)


# ---- parts


def _parts(
    checklist: Checklist, asked: Asked, columns: ScoredColumns, courses: Sessions
) -> list[tuple[PartSummary, ...]]:
    """Percent of the points of each group that has any, over the sessions in which it was rated."""
    of_groups = {
        group.id: [each for item in group.items for each in asked[item]] for group in checklist.groups
    }
    parts = [_part(group, of, columns, courses) for group, of in of_groups.items() if of]
    return list(zip(*parts, strict=True)) if parts else [()] * len(courses.names)


def _part(
    group: str, questions: Sequence[Counted], columns: ScoredColumns, courses: Sessions
) -> list[PartSummary]:
    in_sessions = means(_shares(questions, columns, courses), courses.sizes)
    percents, sizes = in_sessions.at(in_sessions.known), runs(in_sessions.known, courses.several)
    from_end = _place_from_end(sizes)
    early = from_end >= np.repeat(sizes, sizes) - FIRST_AND_LAST
    few = np.minimum(sizes, FIRST_AND_LAST)
    figures = (
        means(percents, sizes),
        means(percents.at(early), few),
        means(percents.at(from_end < FIRST_AND_LAST), few),
    )
    enough = (sizes > 0, *[sizes >= 2 * FIRST_AND_LAST] * 2)
    shown = (figure._replace(known=known).listed for figure, known in zip(figures, enough, strict=True))
    return [
        PartSummary(group=group, mean=mean, first=first, last=last)
        for mean, first, last in zip(*shown, strict=True)
    ]


def _shares(questions: Sequence[Counted], columns: ScoredColumns, courses: Sessions) -> Exact:
    """For each rating the points earned, in percent of the most that its answers could have earned."""
    points = [columns.points[each.key].at(courses.rows) for each in questions]
    nothing = [Fraction(0)] * len(points)
    answered = [Exact(each.known.astype(np.int64), 1, each.known) for each in points]
    earned = added(points, [100 * each.weight for each in questions], nothing)
    most = added(answered, [each.weight * each.highest for each in questions], nothing)
    there = most.numerators > 0
    return ratios(
        np.where(there, earned.numerators * most.denominator, 0),
        np.where(there, most.numerators, 0),
        earned.denominator,
    )


# ---- raters and sites


def raters(
    columns: ScoredColumns,
    sessions: Sessions,
    headline: Score | None,
    findings: Mapping[str, RaterFinding] = NO_FINDINGS,
) -> tuple[RaterSummary, ...]:
    """Each named rater's observations, the mean of the headline score they gave, what is known of them."""
    rater = columns.rater.at(sessions.rows).in_order
    number = np.bincount(rater.places[rater.places >= 0], minlength=len(rater.words)).tolist()
    given = columns.scores[headline.key].at(sessions.rows) if headline else None
    return tuple(
        RaterSummary(rater=name, n=n, mean=mean, **(asdict(findings[name]) if name in findings else {}))
        for name, n, mean in zip(rater.words, number, _means(given, rater.places, len(number)), strict=True)
    )


def sites(columns: ScoredColumns, sessions: Sessions, headline: Score | None) -> tuple[SiteSummary, ...]:
    """Each named site's therapists and sessions, and the mean of the headline score over its sessions."""
    site = sessions.first(columns.site).in_order
    there, size = site.places >= 0, len(site.words)
    named = there & (sessions.therapist >= 0)
    pairs = np.unique(site.places[named] * max(1, len(sessions.names)) + sessions.therapist[named])
    people = np.bincount(pairs // max(1, len(sessions.names)), minlength=size).tolist()
    number = np.bincount(site.places[there], minlength=size).tolist()
    given = means(columns.scores[headline.key].at(sessions.rows), sessions.sizes) if headline else None
    return tuple(
        SiteSummary(site=name, therapists=therapists, n=n, mean=mean)
        for name, therapists, n, mean in zip(
            site.words, people, number, _means(given, site.places, size), strict=True
        )
    )


def _means(given: Exact | None, group: Places, groups: int) -> list[float | None]:
    """The mean of each group; None where nothing is known."""
    if given is None:
        return [None] * groups
    return means_by(given, group, groups).listed
