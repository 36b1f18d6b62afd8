"""Summary -> plain tables: all that the workbook and the pages show about people and their change."""

from fidelity.model.checklist import Checklist, Score
from fidelity.model.summary import ItemCount, PartSummary, ScoreSummary, TherapistSummary
from fidelity.report.course import Course, course
from fidelity.report.measure import Measure, measure
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import change_status, next_step, standard_status, trend_status
from fidelity.report.table import Alert, Bars, Column, Kind, Table, Value, table, without
from fidelity.report.words import Words, titled

MOST_MISSED = 5
BEST = 3


def column(
    words: Words, key: str, kind: Kind = "text", places: int = 0, title: str = "", **facts: str
) -> Column:
    """A column headed as in words.toml, or by a title of its own."""
    return Column(key, title or words.say(f"column.{key}", **facts), kind, places)


def summary_table(study: ReportedStudy) -> Table:
    """One row per therapist, who may need support first."""
    words, places, unit = study.words, study.measure.places, study.measure.unit
    columns = [
        column(words, "therapist", "person"),
        column(words, "format"),
        column(words, "site"),
        column(words, "standard", "status"),
        column(words, "trend", "status"),
        column(words, "sessions", "count"),
        column(words, "mean", "number", places, unit=unit),
        column(words, "low", "number", places),
        column(words, "high", "number", places),
        column(words, "last", "number", places, unit=unit),
        column(words, "last_date", "date"),
        column(words, "bars", "bars"),
        column(words, "capped", "alert"),
        column(words, "next_step"),
    ]
    rows = [_summary_row(study, person, score) for person, score in study.people]
    return table("Summary_table", "", *without(columns, rows, _absent(study)))


def _absent(study: ReportedStudy) -> set[str]:
    absent = {
        "format": study.format_varies,
        "site": study.site_varies,
        "standard": study.standard is not None,
        "capped": bool(study.checklist.gates),
        "last_date": study.summary.last_date is not None,
    }
    return {key for key, there in absent.items() if not there}


def _summary_row(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> list[Value]:
    return [
        person.therapist,
        person.modality or None,
        person.site or None,
        standard_status(study.words, score),
        trend_status(study.words, score),
        score.n,
        score.mean,
        score.low,
        score.high,
        score.sessions[-1].score if score.sessions else None,
        person.last_date,
        _bars(study, score),
        Alert(study.capped(person.therapist), study.capped_lately(person.therapist) > 0),
        next_step(study.words, score),
    ]


def _bars(study: ReportedStudy, score: ScoreSummary) -> Bars:
    longest = max((len(each.sessions) for _, each in study.people), default=0)
    values = tuple(session.score for session in score.sessions)
    every = [session.score for _, each in study.people for session in each.sessions]
    lowest, highest = study.measure.axis(every)
    room = longest if len(values) * 2 < longest else len(values)
    return Bars(values, room, min(0.0, lowest), highest, study.measure.places)


# ---- One therapist


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
        for each in person.doing_well[:BEST]
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
    rows = [
        [
            item_title(study.checklist, each.item),
            each.missed,
            each.rated,
            _share(each.missed, each.rated),
            tip(study, each),
        ]
        for each in most_missed(person)
    ]
    return table(f"Missed_{number}", "", columns, rows)


def most_missed(person: TherapistSummary) -> tuple[ItemCount, ...]:
    """The items missed at least once lately, the most often missed first."""
    return tuple(each for each in person.items if each.missed)[:MOST_MISSED]


def item_title(checklist: Checklist, key: str) -> str:
    """The wording of an item; for one of its two scales also the scale's."""
    if key in checklist.item:
        return checklist.item[key].title
    question = checklist.question.get(key)
    return f"{checklist.item[question.item].title} ({question.scale.title})" if question else key


def _part_of(checklist: Checklist, key: str) -> str | None:
    question = checklist.question.get(key)
    item = checklist.item.get(question.item if question else key)
    return checklist.group[item.group].title if item and item.group in checklist.group else None


def tip(study: ReportedStudy, missed: ItemCount) -> str:
    """What to try: the item's note."""
    return item_note(study.checklist, missed.item) or study.words.say("therapist.no_tip")


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


def course_of(study: ReportedStudy, score: ScoreSummary) -> Course:
    """The course of the headline."""
    return course(study.words, score, study.measure, study.standard, study.sigma)


def course_table(study: ReportedStudy, line: Course, number: int) -> Table:
    """The numbers behind a control chart, one row a session."""
    words, places = study.words, study.measure.places
    columns = [
        column(words, "session", "code"),
        column(words, "date", "date"),
        column(words, "label", "code"),
        column(words, "score", "number", places, title=words.say("chart.course.score")),
        column(words, "by_rater"),
        column(words, "level", "code"),
        column(words, "upper", "number", places, title=words.say("chart.course.upper")),
        column(words, "centre", "number", places, title=words.say("chart.course.centre")),
        column(words, "lower", "number", places, title=words.say("chart.course.lower")),
        column(words, "marker", "number", places, title=words.say("chart.course.standard")),
        column(words, "changed", "marker", places, title=words.say("chart.course.since")),
        column(words, "c_now", "number", 2, title="C"),
        column(words, "c_rising", "number", 2),
    ]
    rows = [
        [
            point.session.session,
            point.session.date,
            point.label,
            point.session.score,
            _by_rater(point.session.by_rater, study.measure),
            point.session.level,
            line.upper,
            line.centre,
            line.lower,
            line.standard,
            point.session.score if point.changed else None,
            point.falling,
            point.rising,
        ]
        for point in line.points
    ]
    absent = {"marker"} if line.standard is None else set()
    absent |= set() if line.since is not None else {"changed"}
    return table(
        f"Course_{number}",
        "",
        *without(columns, rows, absent | ({"upper", "lower"} if line.upper is None else set())),
    )


def _by_rater(by_rater: tuple[tuple[str, float], ...], how: Measure) -> str:
    return ", ".join(f"{rater} {how.text(score)}".strip() for rater, score in by_rater)


# ---- Drift


def drift_table(study: ReportedStudy) -> Table:
    """One row per therapist in the terms of the running sum, the largest fall first."""
    words, places = study.words, study.measure.places
    columns = [
        column(words, "therapist", "person"),
        column(words, "format"),
        column(words, "trend", "status"),
        column(words, "since", "date"),
        column(words, "size", "change", places),
        column(words, "size_low", "change", places),
        column(words, "size_high", "change", places),
        column(words, "before", "number", places),
        column(words, "after", "number", places),
        column(words, "c_now", "number", 1),
        column(words, "c_highest", "number", 1),
        column(words, "c_rising", "number", 1),
        column(words, "sessions", "count"),
        column(words, "recent_change", "change", places),
        column(words, "held_back"),
    ]
    rows = [_drift_row(study, person, score) for person, score in fallen_first(study)]
    return table("Drift_table", "", *without(columns, rows, _absent(study) & {"format"}))


def fallen_first(study: ReportedStudy) -> list[tuple[TherapistSummary, ScoreSummary]]:
    """Everybody, the largest recent fall first, those without a judgement last."""
    return sorted(study.people, key=lambda pair: _fallen(study, pair[1]))


def _fallen(study: ReportedStudy, score: ScoreSummary) -> tuple[bool, float]:
    change = course_of(study, score).recent_change(score.drift.needed)
    return change is None, change if change is not None else 0.0


def _drift_row(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> list[Value]:
    drift, line = score.drift, course_of(study, score)
    judged = drift.status != "not_enough"
    note = study.words.say(f"drift.reason_{drift.reason or 'none'}", n=drift.observed, needed=drift.needed)
    return [
        person.therapist,
        person.modality or None,
        trend_status(study.words, score),
        drift.since_date or drift.since,
        drift.size,
        drift.low,
        drift.high,
        line.before,
        line.since,
        drift.cusum[-1] if drift.cusum and judged else None,
        max(drift.cusum) if drift.cusum and judged else None,
        drift.rising[-1] if drift.rising and judged else None,
        score.n,
        line.recent_change(drift.needed),
        note,
    ]
