"""One therapist's course: the points of a control chart, the usual level and range, and what they say."""

from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean

from fidelity.model.summary import ScoreSummary, SessionScore
from fidelity.report.measure import Measure
from fidelity.report.words import Words

USUAL = 3.0  # a steady person's sessions leave this range about 3 times in 1000
RECENT_FEW = 3
CHANGED = ("watch", "act", "improving", "rater_first", "everyone_moved")


@dataclass(frozen=True, slots=True)
class Point:
    """One session in the course; `changed` from the first session of the change on."""

    session: SessionScore
    label: str
    changed: bool
    falling: float | None
    rising: float | None


@dataclass(frozen=True, slots=True)
class Course:
    """The points with the lines of the chart; a line that cannot be known is None."""

    points: tuple[Point, ...]
    centre: float | None
    lower: float | None
    upper: float | None
    standard: float | None
    rises: bool
    breaks: tuple[int, ...] = ()  # the numbers of the sessions with which it starts anew, from 0

    @property
    def scores(self) -> tuple[float, ...]:
        """All scores in order."""
        return tuple(point.session.score for point in self.points)

    @property
    def before(self) -> float | None:
        """The average before the change."""
        return self._average(changed=False) if any(point.changed for point in self.points) else None

    @property
    def since(self) -> float | None:
        """The average since the change."""
        return self._average(changed=True)

    def _average(self, *, changed: bool) -> float | None:
        scores = [point.session.score for point in self.points if point.changed is changed]
        return fmean(scores) if scores else None

    def recent_change(self, needed: int) -> float | None:
        """Average of the last three sessions minus that of all before; nothing before enough are seen."""
        if len(self.points) < needed:
            return None
        return fmean(self.scores[-RECENT_FEW:]) - fmean(self.scores[:-RECENT_FEW])


def course(
    words: Words, score: ScoreSummary, measure: Measure, standard: Fraction | None, sigma: float | None
) -> Course:
    """The course of one score, with its usual level and range from before any change."""
    points, breaks = _points(words, score), tuple(each.at for each in score.drift.breaks)
    judged = points[breaks[-1] :] if breaks else points
    settled = [point.session.score for point in judged if not point.changed] or [
        point.session.score for point in judged
    ]
    centre = fmean(settled) if settled else None
    lower, upper = _range(centre, sigma, measure)
    level = None if standard is None else float(standard)
    return Course(points, centre, lower, upper, level, score.drift.status == "improving", breaks)


def _points(words: Words, score: ScoreSummary) -> tuple[Point, ...]:
    drift = score.drift
    marked = drift.status in CHANGED and drift.since is not None
    found, points = False, []
    for number, session in enumerate(score.sessions):
        found = found or (marked and session.session == drift.since)
        label = words.day(session.date, "short") or session.session
        points.append(Point(session, label, found, _at(drift.cusum, number), _at(drift.rising, number)))
    return tuple(points)


def _at(values: tuple[float, ...], number: int) -> float | None:
    return values[number] if number < len(values) else None


def _range(centre: float | None, sigma: float | None, measure: Measure) -> tuple[float | None, float | None]:
    if centre is None or sigma is None:
        return None, None
    highest = measure.highest if measure.highest is not None else float("inf")
    return max(centre - USUAL * sigma, measure.lowest), min(centre + USUAL * sigma, highest)
