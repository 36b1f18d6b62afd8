"""One therapist's summary -> plain tables: parts, what goes well, what was missed, scores, the course."""

from collections.abc import Sequence

from fidelity.model.checklist import Checklist, Score
from fidelity.model.summary import ItemCount, PartSummary, ScoreSummary, TherapistSummary
from fidelity.report.course import Course, Point
from fidelity.report.measure import Measure, measure
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import change_status, standard_status
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Column, Kind, Table, Value, table, without
from fidelity.report.words import Words, titled, words_for

MOST_MISSED = 5
BEST = 3


def parts_table(study: ReportedStudy, person: TherapistSummary, number: int) -> Table:
    """The parts of the checklist: average, first three, last three, and the difference in words."""
    words = study.words
    columns = [
        column(words, "part", "strong"),
        column(words, "part_mean", "number"),
        column(words, "first_three", "number"),
        column(words, "last_three", "number"),
        column(words, "change_words", "status"),
    ]
    rows = [_part_row(study, part) for part in person.parts if part.group in study.checklist.group]
    return table(f"Parts_{number}", "", columns, rows)


def _part_row(study: ReportedStudy, part: PartSummary) -> list[Value]:
    title = study.checklist.group[part.group].title
    return [title, part.mean, part.first, part.last, change_status(study.words, part.first, part.last)]


def well_table(study: ReportedStudy, person: TherapistSummary, number: int) -> Table:
    """What goes well lately."""
    words = study.words
    columns = [
        column(words, "step_well", "strong"),
        column(words, "shown", "count"),
        column(words, "rated", "count"),
        column(words, "shown_share", "number"),
        column(words, "part"),
    ]
    rows = [
        [
            item_title(study.checklist, each.item),
            each.shown,
            each.rated,
            _share(each.shown, each.rated),
            _part_of(study.checklist, each.item),
        ]
        for each in going_well(person)
    ]
    return table(f"Well_{number}", "", columns, rows)


def missed_table(study: ReportedStudy, person: TherapistSummary, number: int) -> Table:
    """What was missed most often lately, with something to try."""
    words = study.words
    columns = [
        column(words, "step_missed", "strong"),
        column(words, "missed", "count"),
        column(words, "rated", "count"),
        column(words, "missed_share", "number"),
        column(words, "try"),
    ]
    missed = most_missed(person)
    rows: list[list[Value]] = [
        [
            item_title(study.checklist, each.item),
            each.missed,
            each.rated,
            _share(each.missed, each.rated),
            tip(study, each.item),
        ]
        for each in missed
    ]
    return table(f"Missed_{number}", "", *without(columns, rows, without_tips(study, missed)))


def most_missed(person: TherapistSummary) -> tuple[ItemCount, ...]:
    """The items missed at least once lately, the most often missed first."""
    return tuple(each for each in person.items if each.missed)[:MOST_MISSED]


def item_title(checklist: Checklist, key: str) -> str:
    """The wording of an item; for one of its two scales also the scale's; told if less of it is better."""
    question = checklist.question.get(key)
    if key in checklist.item:
        title = checklist.item[key].title
    else:
        title = f"{checklist.item[question.item].title} ({question.scale.title})" if question else key
    reversed_ = question is not None and question.reversed
    return words_for(checklist).say("items.reversed", item=title) if reversed_ else title


def going_well(person: TherapistSummary) -> tuple[ItemCount, ...]:
    """What goes well lately; where no points say it, the answers that kept the levels up each time."""
    held = (
        ItemCount(item=each.item, missed=0, rated=each.sessions, shown=each.sessions)
        for each in person.strengths
    )
    return (person.doing_well or tuple(held))[:BEST]


def _part_of(checklist: Checklist, key: str) -> str | None:
    question = checklist.question.get(key)
    item = checklist.item.get(question.item if question else key)
    return checklist.group[item.group].title if item and item.group in checklist.group else None


def tip(study: ReportedStudy, item: str) -> str:
    """What to try: the item's note."""
    return item_note(study.checklist, item) or study.words.say("therapist.no_tip")


def without_tips(study: ReportedStudy, missed: Sequence[ItemCount]) -> set[str]:
    """The column of what to try, where the checklist has nothing to say for any of these items."""
    return set() if any(item_note(study.checklist, each.item) for each in missed) else {"try"}


def item_note(checklist: Checklist, key: str) -> str:
    """The note of an item, for a question on one of its scales too."""
    question = checklist.question.get(key)
    item = checklist.item.get(question.item if question else key)
    return item.note if item else ""


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def other_scores_table(study: ReportedStudy, person: TherapistSummary, number: int) -> Table:
    """Every score of the therapist, where there are more than the headline and scores of the parts."""
    words = study.words
    of_parts = {each.key for each in study.checklist.scores if each.group and each != study.headline}
    shown = [
        each for each in study.checklist.scores if each.key in person.scores and each.key not in of_parts
    ]
    shown = shown if len(shown) > 1 else []
    places = max((measure(each).places for each in shown), default=0)
    columns = [
        column(words, "score", "strong"),
        column(words, "sessions", "count"),
        column(words, "mean", "number", places, unit=""),
        column(words, "last", "number", places, unit=""),
        column(words, "range_words"),
    ]
    rows = [_score_row(study, each, person.scores[each.key]) for each in shown]
    return table(f"Scores_{number}", "", columns, rows)


def _score_row(study: ReportedStudy, of: Score, score: ScoreSummary) -> list[Value]:
    how = measure(of)
    standard = standard_status(study.words, score)
    limits = (
        ""
        if score.low is None
        else study.words.say("date.period", first=how.text(score.low), last=how.text(score.high))
    )
    words = " · ".join(part for part in (limits, standard.text if standard else "") if part)
    last = score.sessions[-1].score if score.sessions else None
    return [f"{titled(of)}{how.unit}", score.n, score.mean, last, words or None]


def course_table(study: ReportedStudy, line: Course, number: int) -> Table:
    """The numbers behind a control chart, one row a session."""
    there = {
        "upper": line.upper is not None,
        "lower": line.lower is not None,
        "standard": line.standard is not None,
        "changed": line.since is not None,
    }
    absent = {key for key, known in there.items() if not known}
    rows = [_course_row(study, line, point) for point in line.points]
    return table(f"Course_{number}", "", *without(_course_columns(study), rows, absent))


def _course_columns(study: ReportedStudy) -> list[Column]:
    words, places = study.words, study.measure.places
    return [
        column(words, "session", "session"),
        column(words, "date", "date"),
        column(words, "label", "code"),
        column(words, "by_rater"),
        column(words, "level", "code"),
        *(_drawn(words, key, "number", places) for key in ("score", "upper", "centre", "lower", "standard")),
        _drawn(words, "changed", "marker", places),
        column(words, "c", "number", 2),
        column(words, "c_rising", "number", 2),
    ]


def _drawn(words: Words, key: str, kind: Kind, places: int) -> Column:
    """A line of the chart, under the name it has there."""
    return column(words, key, kind, places, title=words.say(f"chart.course.{key}"))


def _course_row(study: ReportedStudy, line: Course, point: Point) -> list[Value]:
    session = point.session
    return [
        session.session,
        session.date,
        point.label,
        _by_rater(session.by_rater, study.measure),
        session.level,
        session.score,
        line.upper,
        line.centre,
        line.lower,
        line.standard,
        session.score if point.changed else None,
        point.falling,
        point.rising,
    ]


def _by_rater(by_rater: tuple[tuple[str, float], ...], how: Measure) -> str:
    return ", ".join(f"{rater} {how.text(score)}".strip() for rater, score in by_rater)
