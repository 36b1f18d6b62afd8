"""What held a therapist's results down lately -> a table, and what comes first in a talk."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fidelity.model.checklist import Checklist
from fidelity.model.summary import DecidingAnswer, Limit, TherapistSummary
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import column
from fidelity.report.tables.person import item_note, item_title
from fidelity.report.tables.table import Table, Value, table

MOST_ANSWERS = 6


class First(NamedTuple):
    """An answer that comes first in a talk, and the rule that it decided."""

    limit: Limit
    answer: DecidingAnswer


def limits_table(study: ReportedStudy, person: TherapistSummary, number: int) -> Table:
    """What was seen, in how many of the last sessions, by which rule it counts, and what to try."""
    words, shown = study.words, list(_shown(person.limits))
    tips = any(item_note(study.checklist, each.answer.item) for each in shown)
    columns = [
        column(words, "step", "strong"),
        column(words, "limit_answer"),
        column(words, "limit_sessions", "count"),
        column(words, "limit_of", "count"),
        column(words, "try", title=words.say("column.try" if tips else "column.rule")),
    ]
    rows: list[list[Value]] = [
        [
            item_title(study.checklist, each.answer.item),
            answer_title(study.checklist, each.answer),
            each.answer.sessions,
            each.limit.of,
            _why(study, each),
        ]
        for each in shown
    ]
    return table(f"Limits_{number}", "", columns, rows)


def _shown(limits: Sequence[Limit]) -> Iterator[First]:
    """All that gates rest on; of results by rule the most frequent."""
    for limit in limits:
        most = len(limit.answers) if limit.kind == "gate" else MOST_ANSWERS
        yield from (First(limit, each) for each in limit.answers[:most])


def _why(study: ReportedStudy, each: First) -> str:
    note = item_note(study.checklist, each.answer.item)
    rule = rule_title(study.checklist, each.limit, each.answer.item)
    return study.words.say("therapist.limit_why", rule=rule, note=note) if note else rule


def comes_first(person: TherapistSummary) -> First | None:
    """What was behind the first gate that failed, most often; it comes before every step that was missed."""
    limits = [each for each in person.limits if each.kind == "gate" and each.answers]
    return First(limits[0], limits[0].answers[0]) if limits else None


def comes_next(person: TherapistSummary) -> First | None:
    """What most often kept a result by rule below its top, where no step counts as missed."""
    limits = [each for each in person.limits if each.kind == "level" and each.answers]
    return First(limits[0], limits[0].answers[0]) if limits else None


def answer_title(checklist: Checklist, each: DecidingAnswer) -> str:
    """The answer as the rater read it."""
    question = checklist.question.get(each.item)
    choices = question.scale.choices if question else ()
    return next((choice.title for choice in choices if choice.id == each.answer), each.answer)


def rule_title(checklist: Checklist, limit: Limit, item: str = "") -> str:
    """The title of the gate or result; of a family that of the group of the item."""
    rules = checklist.gates if limit.kind == "gate" else checklist.results
    own = [each for each in rules if each.name == limit.rule]
    question = checklist.question.get(item)
    group = checklist.item[question.item].group if question else ""
    chosen = [each for each in own if each.group == group] or own
    return chosen[0].title if chosen else limit.rule
