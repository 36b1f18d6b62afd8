"""Sessions -> the table that lists them on a page, each with the way to its own."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from fidelity.model.checklist import Checklist, Result, Score
from fidelity.report.drift_words import change_rule
from fidelity.report.measure import exact_places
from fidelity.report.occasions import Occasion, Record
from fidelity.report.pages.block import Block
from fidelity.report.pages.map import PageMap
from fidelity.report.reported import ReportedStudy, fails
from fidelity.report.tables.people import column
from fidelity.report.tables.sessions import level_column, session_level, undecided_word
from fidelity.report.tables.table import Alert, Column, Table, Value, table, without
from fidelity.report.words import short, titled

MOST_LISTED = 200


def sessions_block(
    study: ReportedStudy,
    pages: PageMap,
    listed: Sequence[Occasion],
    root: str,
    falling: Mapping[str, float] | None = None,
) -> Block:
    """The sessions in order; `falling` is the running sum of the change rule after each.

    Of very many only those with a page are listed, the others stand on the pages of their therapists.
    """
    words, every = study.words, len(listed)
    without_page = sum(each.key not in pages.session_files for each in listed)
    if every > MOST_LISTED and without_page:
        listed = [each for each in listed if each.key in pages.session_files]
    made = sessions_list(study, listed, falling or {})
    missing = words.say("page.sessions.without", number=without_page, all=every) if without_page else ""
    return Block(
        words.say("page.sessions.heading"),
        table=made,
        targets={
            "session": tuple(pages.to_session(each.key, root) for each in listed),
            "therapist": tuple(pages.to("therapists", each.therapist, root) for each in listed),
        },
        notes=tuple(note for note in (missing, change_rule(study) if falling else "") if note),
    )


def sessions_list(study: ReportedStudy, listed: Sequence[Occasion], falling: Mapping[str, float]) -> Table:
    """One row a session: when, by whom rated, headline, first result, rules that capped, the running sum."""
    words, checklist = study.words, study.checklist
    headline, result = study.headline, next(iter(checklist.results), None)
    columns = [
        column(words, "session", "strong"),
        column(words, "therapist"),
        column(words, "date", "date"),
        column(words, "site"),
        column(words, "evidence"),
        column(words, "raters"),
        _score_column(study, headline),
        level_column(words, result, "level_words") if result else column(words, "level"),
        column(words, "gates", "alert"),
        column(words, "c", "number", 1),
    ]
    rows = [_row(study, each, headline, result, falling) for each in listed]
    several = {each.therapist for each in listed}
    there = {
        "therapist": len(several) > 1,
        "date": any(each.first.date for each in listed),
        "site": len({each.first.site for each in listed}) > 1,
        "evidence": len({each.first.evidence for each in listed}) > 1,
        "raters": any(each.first.rater for each in listed),
        "score": headline is not None,
        "level_words": result is not None,
        "level": False,
        "gates": bool(checklist.gates),
        "c": bool(falling),
    }
    absent = {key for key, known in there.items() if not known}
    return table("Session_list", "", *without(columns, rows, absent))


def _score_column(study: ReportedStudy, headline: Score | None) -> Column:
    title = f"{titled(headline)}{study.measure.unit}" if headline else study.words.say("column.score")
    return Column("score", title, "number", exact_places(headline) if headline else 0)


def _row(
    study: ReportedStudy,
    occasion: Occasion,
    headline: Score | None,
    result: Result | None,
    falling: Mapping[str, float],
) -> list[Value]:
    own = of_checklist(occasion, study.checklist)
    first = occasion.first
    return [
        occasion.session,
        occasion.therapist or None,
        first.date,
        first.site or None,
        evidence_words(study, occasion) or None,
        raters_words(study, occasion) or None,
        mean_score(own, headline) if headline else None,
        level_of(study, own, result) if result else None,
        _capped(own),
        falling.get(occasion.session),
    ]


def of_checklist(occasion: Occasion, checklist: Checklist) -> list[Record]:
    """The observations of a session that were made with this checklist."""
    return [each for known, each in occasion.records if known.id == checklist.id]


def evidence_words(study: ReportedStudy, occasion: Occasion) -> str:
    """The kinds of evidence, in the words of the form; a team's own as the data call them."""
    kinds = dict.fromkeys(each.observation.evidence for _, each in occasion.records)
    return study.words.listed(study.words.of_form("evidence", kind) for kind in kinds if kind)


def raters_words(study: ReportedStudy, occasion: Occasion) -> str:
    """Who rated it."""
    raters = dict.fromkeys(each.observation.rater for _, each in occasion.records)
    return study.words.names(rater for rater in raters if rater)


def mean_score(records: Sequence[Record], score: Score) -> float | None:
    """The mean over the raters; None where nobody could score it."""
    found = [each.scored.scores[score.key].exact for each in records if each.scored]
    values = [float(value) for value in found if value is not None]
    return fmean(values) if values else None


def level_of(study: ReportedStudy, records: Sequence[Record], result: Result) -> str | None:
    """The lowest level that a rater's answers gave, without the advice behind it."""
    level = session_level(records, result)
    titles = {each.id: short(each.title or each.id) for each in result.levels}
    return None if level is None else titles.get(level, undecided_word(study.words))


def _capped(records: Sequence[Record]) -> Alert | None:
    capping = {
        gate
        for each in records
        if fails(each.scored) and each.scored
        for gate, state in each.scored.gates.items()
        if state == "fails"
    }
    return Alert(len(capping), raised=True) if capping else None
