"""One session's page: for each observation the full explanation, from the result down to every answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fidelity.model.change import Changes
from fidelity.model.checklist import Checklist, Group, Question, Result
from fidelity.model.number import written
from fidelity.model.scale import Given, NotGiven
from fidelity.model.score import Mark, ScoreValue, shown_score
from fidelity.model.trace import TRACE_VERSION
from fidelity.report.case import Case, answer_words, not_counted, question_title
from fidelity.report.occasions import Occasion, Record
from fidelity.report.other_answers import change_sentences, heading
from fidelity.report.pages.block import Block, told
from fidelity.report.pages.map import PageMap
from fidelity.report.pages.session_list import evidence_words, raters_words
from fidelity.report.reasons import result_sentences
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import status
from fidelity.report.tables.people import column
from fidelity.report.tables.rules import Titles, condition_in_words
from fidelity.report.tables.table import Column, Kind, Table, Value, table, without
from fidelity.report.trace_rows import TraceRow, trace_rows
from fidelity.report.words import joined, titled

ROOT = "../"


@dataclass(frozen=True, slots=True)
class Finding:
    """A result of one observation: what it is, why, and what would have changed it."""

    first: str
    why: tuple[str, ...]
    heading: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One observation from its results down to its answers."""

    heading: str
    meta: str
    findings: tuple[Finding, ...]
    flags: tuple[str, ...]
    blocks: tuple[Block, ...]
    trace: Table | None = None
    trace_note: str = ""


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Everything on the page, in reading order."""

    title: str
    therapist: str
    link: str | None
    meta: str
    beside: tuple[Block, ...]
    explained: tuple[Explained, ...]


def session_page(study: ReportedStudy, pages: PageMap, occasion: Occasion) -> SessionPage:
    """The page of a session, with each rater's observation by itself and the raters side by side."""
    words, first = study.words, occasion.first
    return SessionPage(
        title=words.say("page.session.title", session=occasion.session),
        therapist=occasion.therapist,
        link=pages.to("therapists", occasion.therapist, ROOT),
        meta=joined(
            words.day(first.date),
            first.site,
            first.modality.replace("_", " "),
            evidence_words(study, occasion),
            words.say("page.session.client", client=first.client or None),
            words.say("page.session.minutes", minutes=written(first.minutes) if first.minutes else None),
            words.say("page.session.raters", raters=raters_words(study, occasion) or None),
        ),
        beside=told(*_side_by_side(study, occasion)),
        explained=tuple(_explained(study, checklist, each) for checklist, each in occasion.records),
    )


# ---- One observation


def _explained(study: ReportedStudy, checklist: Checklist, each: Record) -> Explained:
    words, record = study.words, each.observation
    rated_by = words.say(
        "page.session.by", rater=record.rater, role=words.of_form("rater_role", record.rater_role)
    )
    heading = rated_by or words.say("page.session.nameless")
    meta = joined(
        words.say("explanation.observation", id=record.observation),
        f"{checklist.title} {checklist.about.version}".strip(),
        words.say(f"page.session.{record.selection}"),
    )
    if each.scored is None:
        refused = tuple(f"{problem.code} {problem.message}" for problem in record.refused)
        return Explained(heading, meta, (), refused, ())
    case = Case(checklist, each.scored, words)
    changes = study.beside.changes(checklist, each)
    return Explained(
        heading,
        meta,
        tuple(_finding(case, result, changes) for result in checklist.results),
        tuple(flag.title for flag in checklist.flags if each.scored.flags[flag.id]),
        told(
            Block(words.say("explanation.scores"), table=_scores(case)),
            Block(words.say("column.gates"), table=_gates(case)),
            *_answers(case, each),
            Block(words.say("page.session.open"), points=(*not_counted(case), *_remarks(case))),
        ),
        _trace(case),
        " ".join((case.say("trace.answers_beside"), case.say("trace.first_line", version=TRACE_VERSION))),
    )


def _finding(case: Case, result: Result, changes: Changes) -> Finding:
    first, *why = result_sentences(case, result.key)
    if result.key not in changes:
        return Finding(first, tuple(why), "", ())
    told = change_sentences(case, result, changes[result.key])
    return Finding(first, tuple(why), heading(case, result), tuple(told))


def _trace(case: Case) -> Table:
    """Every reason with its rule, for those who check."""
    kinds: tuple[Kind, ...] = ("strong", "text", "text", "code", "text")
    columns = [
        Column(f"trace_{name}", case.say(f"trace.{name}"), kind)
        for name, kind in zip(TraceRow._fields, kinds, strict=True)
    ]
    return table(
        "Trace",
        case.say("trace.caption"),
        columns,
        [list(row) for row in trace_rows(case, with_answers=False)],
    )


def _scores(case: Case) -> Table:
    words = case.words
    columns = [
        column(words, "score", "strong"),
        column(words, "value", "code"),
        column(words, "value_exact", "code"),
        column(words, "answered", "code"),
        column(words, "bounds", "code"),
        column(words, "why_not"),
    ]
    rows = [_score_row(case, key, value) for key, value in case.scored.scores.items()]
    said = [any(row[at] is not None for row in rows) for at in range(len(columns))]
    absent = {each.key for each, there in zip(columns, said, strict=True) if not there}
    return table("Scores", "", *without(columns, rows, absent))


def _score_row(case: Case, key: str, value: ScoreValue) -> list[Value]:
    words, score = case.words, case.checklist.score[key]
    blank = value.answered < value.applicable
    bounds = (
        words.say("date.period", first=shown_score(score, value.low), last=shown_score(score, value.high))
        if blank and value.low is not None and value.high is not None
        else None
    )
    counted = words.say("list.part", part=value.answered, whole=value.applicable)
    why = words.say(f"not_scored.{value.not_scored}") if value.not_scored else None
    if value.exact is None:
        return [titled(score), None, None, counted if value.applicable else None, bounds, why]
    shown, exact = shown_score(score, value.exact), written(value.exact)
    return [
        titled(score),
        shown,
        None if exact == shown.rstrip("%") else exact,
        counted if value.applicable else None,
        bounds,
        None,
    ]


def _gates(case: Case) -> Table:
    words = case.words
    columns = [
        column(words, "rule", "strong"),
        column(words, "state", "status"),
        column(words, "caps"),
        column(words, "when"),
    ]
    rows: list[list[Value]] = [
        [
            gate.title or gate.name,
            status(words, "gate", case.scored.gates[gate.key]),
            _cap(case.checklist, gate.result, gate.cap),
            condition_in_words(case.checklist, gate.when, _titles(case)),
        ]
        for gate in case.checklist.gates
        if gate.key in case.scored.gates
    ]
    return table("Gates", "", columns, rows)


def _titles(case: Case) -> Titles:
    """How the items are called, and their answers."""
    asked = case.checklist.questions
    return Titles(
        {each.key: case.words.quoted([question_title(case.checklist, each.key)]) for each in asked},
        {(each.key, choice.id): choice.title for each in asked for choice in each.scale.choices},
    )


def _cap(checklist: Checklist, result: str, level: str) -> str:
    levels = checklist.result[result].levels
    return f"{titled(checklist.result[result])}: {next(each.title for each in levels if each.id == level)}"


# ---- The answers, section by section


def _answers(case: Case, each: Record) -> Iterator[Block]:
    decided = _deciding(case)
    by_group: dict[str, list[Question]] = {}
    for question in case.checklist.questions:
        by_group.setdefault(case.checklist.item[question.item].group, []).append(question)
    for group, questions in by_group.items():
        found: Group | None = case.checklist.group.get(group)
        yield Block(
            found.title if found else case.say("scores"),
            table=_answers_table(case, each, questions, decided),
        )


def _answers_table(case: Case, each: Record, questions: list[Question], decided: Mapping[str, str]) -> Table:
    words = case.words
    columns = [
        column(words, "step", "strong"),
        column(words, "answer"),
        column(words, "remark"),
        column(words, "comment"),
    ]
    rows: list[list[Value]] = []
    commented: set[str] = set()
    for question in questions:
        comment = "" if question.item in commented else each.observation.comments.get(question.item, "")
        commented.add(question.item)
        remarks = joined(decided.get(question.key, ""), *_about_answer(case, each, question, comment))
        rows.append(
            [
                question_title(case.checklist, question.key),
                _answer(case, question),
                remarks or None,
                comment or None,
            ]
        )
    absent = {key for at, key in ((2, "remark"), (3, "comment")) if not any(row[at] for row in rows)}
    return table("Answers", "", *without(columns, rows, absent))


def _answer(case: Case, question: Question) -> str:
    match case.scored.answers[question.key]:
        case Given(code):
            unit = question.scale.unit
            said = answer_words(case, question.key, code)
            return f"{said} {unit}" if unit and question.scale.choice(code) is None else said
        case NotGiven(state):
            return case.words.say(f"page.session.state.{state.value}")


def _about_answer(case: Case, each: Record, question: Question, comment: str) -> Iterator[str]:
    """That an answer was set aside, or that it asks for a comment that is not there."""
    words = case.words
    given = each.observation.answers.get(question.key, "")
    aside = any(mark.code == "RB502" and mark.item == question.key for mark in case.scored.marks)
    if aside and given:
        yield words.say("page.session.set_aside", answer=answer_words(case, question.key, given))
    if question.item in case.scored.comments_needed and not comment:
        yield words.say("page.session.comment_needed")


def _deciding(case: Case) -> Mapping[str, str]:
    """The answers that set off a rule that caps a level."""
    firing = [
        reason
        for key, reason in case.scored.gate_reasons.items()
        if case.scored.gates.get(key) == "fails"
        for reason in reason.walk()
    ]
    word = case.words.say("page.session.deciding")
    return {each.subject: word for each in firing if each.kind == "answer"}


def _remarks(case: Case) -> Iterator[str]:
    """What is said about the record as a whole: too short, too late, an unusual rater or kind of evidence."""
    said = (_remark(case, mark) for mark in case.scored.marks if mark.code == "RB511")
    return (text for text in said if text)


def _remark(case: Case, mark: Mark) -> str:
    return case.words.say(f"page.session.mark.{mark.why}")


# ---- Several raters side by side


def _side_by_side(study: ReportedStudy, occasion: Occasion) -> Iterator[Block]:
    """For each checklist that several raters used: scores and levels, and the steps that they saw unlike."""
    by_checklist: dict[str, list[Record]] = {}
    for checklist, each in occasion.records:
        if each.scored is not None:
            by_checklist.setdefault(checklist.id, []).append(each)
    for id, records in by_checklist.items():
        if len(records) > 1:
            checklist = next(known for known, _ in occasion.records if known.id == id)
            yield _compared(study, checklist, records)


def _compared(study: ReportedStudy, checklist: Checklist, records: list[Record]) -> Block:
    words = study.words
    cases = [Case(checklist, each.scored, words) for each in records if each.scored]
    columns = [
        column(words, "what", "strong"),
        *(
            column(words, "answer", title=each.observation.rater or each.observation.observation)
            for each in records
        ),
    ]
    steps = [
        [question_title(checklist, question.key), *(_answer(case, question) for case in cases)]
        for question in checklist.questions
        if question.scale.kind != "text" and len({_answer(case, question) for case in cases}) > 1
    ]
    alike = sum(question.scale.kind != "text" for question in checklist.questions) - len(steps)
    return Block(
        words.say("page.session.beside"),
        sentences=(words.say("page.session.alike", alike=alike, all=alike + len(steps)),),
        table=table("Beside", "", columns, [*_levels(cases), *_shown_scores(cases), *steps]),
    )


def _levels(cases: list[Case]) -> Iterator[list[Value]]:
    for result in cases[0].checklist.results:
        titles = {each.id: each.title for each in result.levels}
        open_word = cases[0].words.say("column.undecided")
        levels = [case.scored.results[result.key].level for case in cases]
        yield [titled(result), *(titles.get(level or "", open_word) for level in levels)]


def _shown_scores(cases: list[Case]) -> Iterator[list[Value]]:
    for score in cases[0].checklist.scores:
        values = [case.scored.scores[score.key].exact for case in cases]
        yield [titled(score), *(None if value is None else shown_score(score, value) for value in values)]
