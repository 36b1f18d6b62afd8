"""What was refused, kept apart or told -> one plain table: nothing is dropped in silence."""

from collections.abc import Iterator
from pathlib import Path

from fidelity.errors import Problem
from fidelity.model.observation import Observation
from fidelity.model.score import Mark, ScoredObservation
from fidelity.model.summary import ReasonAside, SetAside
from fidelity.place import NOWHERE, Place
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import column
from fidelity.report.tables.person import item_title
from fidelity.report.tables.table import Table, Value, table, without
from fidelity.report.words import Words

MOST_OF_A_KIND = 200  # rows of one kind; the others are counted, and stand under Sessions

HEADING = 1  # what stands in no later row is about the file

Line = list[Value]


def problems_table(study: ReportedStudy) -> Table:
    """One row a finding: its kind, code, observation, therapist, what it is, and where it stands."""
    words = study.words
    columns = [
        column(words, "kind", "topic"),
        column(words, "code", "code"),
        column(words, "observation", "session"),
        column(words, "therapist", "person"),
        column(words, "problem"),
        column(words, "place"),
    ]
    rows = [row for lines in _kinds(study) for row in _capped(study, lines)]
    absent = set() if any(row[3] for row in rows) else {"therapist"}
    return table("Problems_table", "", *without(columns, rows, absent))


def problem_counts(study: ReportedStudy) -> dict[str, int]:
    """How many records were refused, how many kept apart, how much was told."""
    return {
        "refused": len(_refused_records(study)),
        "aside": sum(len(each.observations) for each in _kept_apart(study)),
        "flagged": len(_marked(study)) + len(study.beside.told) + len(_totals(study)),
    }


def _kinds(study: ReportedStudy) -> Iterator[list[Line]]:
    yield _refused(study)
    yield _aside(study)
    yield _marked(study)
    yield _totals(study)
    yield _told(study)


def _capped(study: ReportedStudy, lines: list[Line]) -> list[Line]:
    if len(lines) <= MOST_OF_A_KIND:
        return lines
    more = study.words.say("problems.more", number=len(lines) - MOST_OF_A_KIND)
    return [*lines[:MOST_OF_A_KIND], [lines[0][0], None, None, None, more, None]]


# ---- refused


def _refused_records(study: ReportedStudy) -> list[Observation]:
    scored = (each.observation for each in study.scored if each.observation.refused)
    return [*study.beside.refused, *scored]


def _refused(study: ReportedStudy) -> list[Line]:
    return [
        _line(study, "refused", each, problem.code, problem.message, problem.place)
        for each in _refused_records(study)
        for problem in each.refused
    ]


def _line(
    study: ReportedStudy, kind: str, of: Observation, code: str, what: str, place: Place | None = None
) -> Line:
    words = study.words
    return [
        words.say(f"problems.kind.{kind}"),
        code or None,
        of.observation,
        of.therapist or None,
        what or None,
        _where(words, place or of.place),
    ]


def _where(words: Words, place: Place) -> str | None:
    if not place.file:
        return None
    name = Path(place.file).name
    return words.say("problems.place", file=name, row=place.line if place.line > HEADING else None)


# ---- kept apart, marked, told


def _aside(study: ReportedStudy) -> list[Line]:
    by_name = {each.observation.observation: each.observation for each in study.scored}
    return [
        _line(study, aside.reason, by_name[name], "", _evidence(study, aside.reason, by_name[name]))
        for aside in _kept_apart(study)
        for name in aside.observations
        if name in by_name
    ]


def _kept_apart(study: ReportedStudy) -> list[SetAside]:
    """Observations that no average counts; without any course a blank name keeps nothing apart."""
    by_blank = () if study.has_course else ("no_therapist", "no_date")
    return [each for each in study.summary.set_aside if each.reason not in ("refused", *by_blank)]


def _evidence(study: ReportedStudy, reason: ReasonAside, of: Observation) -> str:
    return study.words.of_form("evidence", of.evidence) if reason == "other_evidence" else ""


def _marked(study: ReportedStudy) -> list[Line]:
    return [
        _line(study, "marked", each.observation, mark.code, _remark(study, mark))
        for each in study.scored
        for mark in _marks(each)
    ]


def _marks(each: ScoredObservation[Observation]) -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(each.scored.marks)) if each.scored else ()


def _remark(study: ReportedStudy, mark: Mark) -> str:
    facts: dict[str, object] = {mark.why: "so"} if mark.why else {}
    item = {"item": item_title(study.checklist, mark.item)} if mark.item else {}
    return Problem(mark.code, NOWHERE, {**facts, **item}).message


def _totals(study: ReportedStudy) -> list[Line]:
    """Totals written in the data that are not ours."""
    audit, words = study.beside.audit, study.words
    by_name = {each.observation.observation: each.observation for each in study.scored}
    return [
        _line(
            study,
            "cross_foot",
            by_name[each.observation],
            "",
            words.say("problems.total", score=each.score, written=each.reported, ours=each.ours),
            Place(each.file, each.row),
        )
        for each in (audit.cross_foot.disagreements if audit else ())
        if each.observation in by_name
    ]


def _told(study: ReportedStudy) -> list[Line]:
    words = study.words
    return [
        [
            words.say("problems.kind.reading"),
            each.code,
            None,
            None,
            each.message,
            _where(words, each.place),
        ]
        for each in study.beside.told
    ]
