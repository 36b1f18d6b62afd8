"""Other kinds of evidence -> plain tables, apart from what was observed and never pooled with it."""

from fidelity.model.summary import Discrepancy, TherapistSummary
from fidelity.report.measure import measure
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Table, Value, table
from fidelity.report.words import titled


def evidence_table(study: ReportedStudy, person: TherapistSummary, number: int) -> Table:
    """Each score of a therapist by kind of evidence, where there are several kinds."""
    words = study.words
    columns = [
        column(words, "score", "strong"),
        column(words, "sessions", "count"),
        column(words, "mean", "number", 1, unit=""),
        column(words, "evidence"),
        column(words, "range_words"),
    ]
    rows: list[list[Value]] = [
        [
            f"{titled(score)}{measure(score).unit}",
            each.n,
            each.mean,
            words.say(f"evidence.kind.{each.evidence}"),
            _limits(
                study,
                measure(score).text(each.low),
                measure(score).text(each.high),
                known=each.low is not None,
            ),
        ]
        for score in study.checklist.scores
        if score.key in person.scores
        for each in person.scores[score.key].by_evidence
    ]
    return table(f"Evidence_{number}", "", columns, rows)


def _limits(study: ReportedStudy, low: str, high: str, *, known: bool) -> str | None:
    return study.words.say("date.period", first=low, last=high) if known else None


def discrepancies_table(study: ReportedStudy) -> Table:
    """What two kinds of evidence say of the same person, largest difference first, without parts."""
    words = study.words
    columns = [
        column(words, "therapist", "person"),
        column(words, "score"),
        column(words, "evidence_one"),
        column(words, "evidence_other"),
        column(words, "difference", "change", 1),
        column(words, "n_one", "count"),
        column(words, "n_other", "count"),
    ]
    told = {each.key for each in study.checklist.scores if not each.group or each == study.headline}
    found = sorted(
        (each for each in study.summary.discrepancies if each.score in told),
        key=lambda each: -abs(each.difference),
    )
    return table("Evidence_table", "", columns, [_row(study, each) for each in found])


def _row(study: ReportedStudy, each: Discrepancy) -> list[Value]:
    score, words = study.checklist.score.get(each.score), study.words
    return [
        each.therapist,
        each.score if score is None else f"{titled(score)}{measure(score).unit}",
        words.say(f"evidence.kind.{each.one}"),
        words.say(f"evidence.kind.{each.other}"),
        each.difference,
        each.n_one,
        each.n_other,
    ]
