"""Summary -> plain tables: all that the workbook and the pages show about people and their change."""

from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.course import Course, course
from fidelity.report.reported import ReportedStudy
from fidelity.report.standing_words import stage_words
from fidelity.report.status import next_step, standard_status, trend_status
from fidelity.report.tables.table import Alert, Bars, Column, Kind, Table, Value, table, without
from fidelity.report.words import Words


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
        column(words, "stage"),
        column(words, "until", "date"),
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
        "stage": study.standings is not None,
        "until": any(each.due for each in study.standings.therapists) if study.standings else False,
        "capped": bool(study.checklist.gates),
        "last_date": study.summary.last_date is not None,
    }
    return {key for key, there in absent.items() if not there}


def _summary_row(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> list[Value]:
    capped = study.capped_lately(person.therapist)
    return [
        person.therapist,
        person.modality or None,
        person.site or None,
        *_stage(study, person),
        standard_status(study.words, score),
        trend_status(study.words, score),
        score.n,
        score.mean,
        score.low,
        score.high,
        score.sessions[-1].score if score.sessions else None,
        person.last_date,
        _bars(study, score),
        Alert(study.capped(person.therapist), raised=capped > 0),
        next_step(study.words, score, capped),
    ]


def _stage(study: ReportedStudy, person: TherapistSummary) -> tuple[Value, Value]:
    """The highest stage that stands with all before it, and the first day by which one is to be renewed."""
    standing = study.standing(person.therapist)
    if standing is None:
        return None, None
    return stage_words(study.titles, standing), standing.due


def _bars(study: ReportedStudy, score: ScoreSummary) -> Bars:
    values = tuple(session.score for session in score.sessions)
    lowest, highest = study.ends
    return Bars(values, study.room_for(len(values)), min(0.0, lowest), highest, study.measure.places)


def course_of(study: ReportedStudy, score: ScoreSummary) -> Course:
    """The course of the headline."""
    return course(study.words, score, study.measure, study.standard, study.sigma)


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
