"""A scored observation -> the auditor's rows: every reason, what it came to, where its rule is written."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from fidelity.model.score import Reason, shown_score
from fidelity.model.trace import Node, trace
from fidelity.report.case import Case, answer_words, level_name, question_title

OUTCOMES = frozenset({"score", "not_scored", "level", "undecided", "gate"})


class TraceRow(NamedTuple):
    """One reason."""

    node: str
    what: str
    value: str
    source: str
    kind: str


def trace_rows(case: Case, *, with_answers: bool = True) -> list[TraceRow]:
    """All results with what they rest on, then the scores and gates that no result rests on.

    Where the answers stand beside it anyway, those that a score adds up can be left out.
    """
    roots = [
        *(each.reason for each in case.scored.results.values()),
        *(each.reason for each in case.scored.scores.values()),
        *case.scored.gate_reasons.values(),
    ]
    return list(_rows(case, roots, with_answers=with_answers))


def _rows(case: Case, roots: list[Reason], *, with_answers: bool) -> Iterator[TraceRow]:
    """What a score rests on is told where it is read first."""
    told: set[tuple[str, str]] = set()
    for reason in roots:
        if (reason.kind, reason.subject) not in told:
            for node in _told_once(trace(case.checklist, reason), told, with_answers=with_answers):
                kind = case.say(f"kind.{node.kind}")
                yield TraceRow(node.id, _what(case, node), _value(case, node), node.source, kind)


def _told_once(node: Node, told: set[tuple[str, str]], *, with_answers: bool) -> Iterator[Node]:
    yield node
    name = (node.kind, node.subject)
    if name in told:
        return
    if node.kind in OUTCOMES:
        told.add(name)
    for each in node.children:
        if with_answers or node.kind != "score" or each.kind != "answer":
            yield from _told_once(each, told, with_answers=with_answers)


def _what(case: Case, node: Node) -> str:
    """The title of what the reason is about."""
    checklist, key = case.checklist, node.subject
    match node.kind:
        case "score" | "not_scored":
            return checklist.score[key].title or key
        case "level" | "undecided":
            return checklist.result[key].title or key
        case "gate":
            return checklist.gate[key].title or key
        case "condition":
            return _level(case, node) or question_title(checklist, key)
        case "answer" | "blank" | "not_applicable" | "fact":
            known = checklist.result.get(key)
            return known.title if known else question_title(checklist, key)


def _level(case: Case, node: Node) -> str:
    """The title of the level whose line it is."""
    above, is_line, level = node.id.rpartition("/level:")
    result = case.checklist.result.get(above.rpartition("/")[2])
    return level_name(result, level) if result and is_line else ""


def _value(case: Case, node: Node) -> str:
    checklist, key, value = case.checklist, node.subject, node.value
    match node.kind:
        case "answer":
            return answer_words(case, key, str(value))
        case "fact":
            return answer_words(case, key, str(value)) if value is not None else case.say("value.open")
        case "score":
            return shown_score(checklist.score[key], value) if isinstance(value, Fraction) else ""
        case "not_scored":
            found = case.scored.scores[key]
            counts = {"answered": found.answered, "applicable": found.applicable}
            return case.say(f"why.{found.not_scored or 'other'}", **counts)
        case "level":
            return level_name(checklist.result[key], str(value))
        case "undecided":
            levels = value if isinstance(value, tuple) else ()
            return case.say("or").join(level_name(checklist.result[key], each) for each in levels)
        case "gate":
            return case.say(f"gate_value.{value}")
        case "blank" | "not_applicable":
            return case.say(f"state.{value}") or case.say("state.not_applicable")
        case "condition":
            return case.say(
                "value.true" if value is True else "value.false" if value is False else "value.open"
            )
