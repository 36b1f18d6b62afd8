"""The last sessions of each therapist -> what held their results down, and what kept them from being lower.

Which answers these were is read from the trace of each rating, so every item named did decide something.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from fidelity.model.checklist import Checklist, Result
from fidelity.model.score import Reason, Scored
from fidelity.model.summary import DecidingAnswer, Limit, Summary
from fidelity.summaries import evidence
from fidelity.summaries.columns import ScoredColumns
from fidelity.summaries.courses import Sessions, courses_in

LAST_SESSIONS = 5

Answered = tuple[str, str]  # a question, and what was answered
Sides = tuple[frozenset[Answered], frozenset[Answered]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rating says of one rule: the answers that held the result down, and those that held it up."""

    kind: Literal["gate", "level"]
    rule: str
    limited: bool
    down: frozenset[Answered]
    up: frozenset[Answered] = frozenset()


def with_limits(
    checklist: Checklist,
    summary: Summary,
    columns: ScoredColumns,
    rated: Callable[[int], Scored],
) -> Summary:
    """The summary with limits and strengths of each therapist, where it has gates or results by rule.

    `rated` gives the trace of a rating by its place in the columns; only the last sessions are asked for.
    """
    rules = [each for each in checklist.results if not each.of]
    if not checklist.gates and not rules:
        return summary
    kinds = evidence.by_class(columns)
    courses = courses_in(kinds[evidence.main_of(kinds)])
    sessions = dict(_last_sessions(courses, rated))
    therapists = tuple(
        each.model_copy(update=_told(checklist, rules, sessions.get(each.therapist, [])))
        for each in summary.therapists
    )
    return summary.model_copy(update={"therapists": therapists})


def _last_sessions(
    courses: Sessions, rated: Callable[[int], Scored]
) -> Iterator[tuple[str, list[list[Scored]]]]:
    """Of each therapist the last sessions, each with what its raters found."""
    ends = [0, *np.cumsum(courses.sizes).tolist()]
    rows = courses.rows.tolist()
    of_session = [rows[start:end] for start, end in pairwise(ends)]
    for name, span in courses.spans.items():
        yield name, [[rated(row) for row in own] for own in of_session[span][-LAST_SESSIONS:]]


def _told(checklist: Checklist, rules: Sequence[Result], sessions: list[list[Scored]]) -> dict[str, object]:
    found = [_of_session(checklist, rules, each) for each in sessions]
    return {
        "limits": tuple(_limits(checklist, found)),
        "strengths": tuple(_strengths(checklist, found)),
    }


def _of_session(checklist: Checklist, rules: Sequence[Result], ratings: Iterable[Scored]) -> list[Found]:
    """Every rule in the eyes of each rater."""
    found: list[Found] = []
    for each in ratings:
        for gate in checklist.gates:
            down = frozenset(_answers(each.gate_reasons[gate.key], checklist))
            failed = each.gates[gate.key] == "fails"
            found.append(Found("gate", gate.name, failed, down if failed else frozenset()))
        for result in rules:
            level = each.results[result.key].level
            if level is not None:
                down, up = _sides(checklist, result, level, each.results[result.key].reason)
                below_top = level != result.levels[-1].id
                found.append(Found("level", result.name, below_top and bool(down), down, up))
    return found


# ---- the answers behind a rule


def _answers(reason: Reason, checklist: Checklist) -> Iterator[Answered]:
    """The answers that decided; those inside a score or another result belong to that."""
    for child in reason.children:
        match child.kind:
            case "answer" if child.subject in checklist.question:
                yield child.subject, str(child.value)
            case "condition":
                yield from _answers(child, checklist)
            case _:
                pass


def _sides(checklist: Checklist, result: Result, level: str, reason: Reason) -> Sides:
    """What made this level and ruled out a higher one; what else made it, or ruled out a lower one."""
    order = [each.id for each in result.levels]
    lines = {
        str(each.subject): each
        for each in reason.walk()
        if each.kind == "condition" and each.subject in order
    }
    of_line = {name: frozenset(_answers(each, checklist)) for name, each in lines.items()}
    own = [name for name, each in lines.items() if each.value is True]
    at = order.index(own[0]) if own else order.index(level)
    higher = [of_line[each] for each in order[at + 1 :] if each in of_line]
    lower = [of_line[each] for each in order[:at] if each in of_line]
    made = of_line[own[0]] if own else frozenset()
    down = made & frozenset().union(*higher) if higher else frozenset()
    return down, made.union(*lower) - down


# ---- over the sessions


def _limits(checklist: Checklist, sessions: Sequence[Sequence[Found]]) -> Iterator[Limit]:
    """Gates in the order of the file, then results by rule."""
    gates = dict.fromkeys(each.name for each in checklist.gates)
    rules: list[tuple[Literal["gate", "level"], str]] = [("gate", each) for each in gates]
    rules += [
        ("level", each) for each in dict.fromkeys(each.name for each in checklist.results if not each.of)
    ]
    for kind, rule in rules:
        own = [
            [each for each in of if (each.kind, each.rule) == (kind, rule) and each.limited]
            for of in sessions
        ]
        limited = sum(map(bool, own))
        if limited:
            answers = _counted(checklist, ((each.down for each in of) for of in own))
            yield Limit(kind=kind, rule=rule, sessions=limited, of=len(sessions), answers=answers)


def _counted(
    checklist: Checklist, sessions: Iterable[Iterable[frozenset[Answered]]]
) -> tuple[DecidingAnswer, ...]:
    """Each answer once a session; the most frequent first, and otherwise in the order of the checklist."""
    counts: Counter[Answered] = Counter()
    for of in sessions:
        counts.update(frozenset().union(*of))
    place = {key: at for at, key in enumerate(checklist.question)}
    most = sorted(counts, key=lambda each: (-counts[each], place[each[0]], each[1]))
    return tuple(DecidingAnswer(item=each[0], answer=each[1], sessions=counts[each]) for each in most)


def _strengths(checklist: Checklist, sessions: Sequence[Sequence[Found]]) -> Iterator[DecidingAnswer]:
    """What kept a result from being lower in every session."""
    for each in _counted(checklist, ((found.up for found in of) for of in sessions)):
        if each.sessions == len(sessions):
            yield each
