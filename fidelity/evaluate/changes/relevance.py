"""A result -> everything that it hangs on, and the checklist cut down to that."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from fidelity.model.checklist import AsMissing, Checklist, Result
from fidelity.model.expression import Condition, Formula, Subject, reads
from fidelity.model.scale import NonAnswer


class Relevant(NamedTuple):
    """The subjects that a result hangs on, by kind; `controls` decide whether something applies at all."""

    questions: frozenset[str]
    facts: frozenset[str]
    scores: frozenset[str]
    results: frozenset[str]
    gates: frozenset[str]
    controls: frozenset[str]


def relevant(checklist: Checklist, result: Result) -> Relevant:
    """What a result reads, what that reads, and so on."""
    found = closure(checklist, [Subject("result", result.key), *_of_all(checklist)])
    by_kind = {
        kind: frozenset(each.key for each in found if each.kind == kind)
        for kind in ("question", "fact", "score", "result", "gate")
    }
    conditions = [
        checklist.applies,
        *(checklist.question[each.key].applies for each in found if each.kind == "question"),
    ]
    steering = [subject for each in conditions if each is not None for subject in reads(each)]
    controls = frozenset(each.key for each in closure(checklist, steering) if each.kind == "question")
    return Relevant(
        by_kind["question"],
        by_kind["fact"],
        by_kind["score"],
        by_kind["result"],
        by_kind["gate"],
        controls,
    )


def closure(checklist: Checklist, start: list[Subject]) -> frozenset[Subject]:
    """These subjects and all that they read, directly or not."""
    found: set[Subject] = set()
    waiting = list(start)
    while waiting:
        subject = waiting.pop()
        if subject not in found:
            found.add(subject)
            waiting += _read_by(checklist, subject)
    return frozenset(found)


def cut_down(checklist: Checklist, result: Result, parts: Relevant) -> Checklist:
    """The checklist with one result and what it hangs on: quick to evaluate."""
    kept = {"question": parts.questions, "score": parts.scores, "gate": parts.gates, "result": parts.results}
    return replace(
        checklist,
        items=tuple(replace(each, comment_when=None, always_comment=False) for each in checklist.items),
        facts=tuple(each for each in checklist.facts if each.id in parts.facts),
        questions=tuple(each for each in checklist.questions if each.key in parts.questions),
        scores=tuple(each for each in checklist.scores if each.key in parts.scores),
        results=tuple(each for each in checklist.results if each.key in {*parts.results, result.key}),
        gates=tuple(each for each in checklist.gates if each.key in parts.gates),
        flags=(),
        lists=(),
        # Where the scores that say it are gone, nothing says how to count what was not seen: as a blank then.
        treat={NonAnswer.NOT_OBSERVED: AsMissing(), NonAnswer.DECLINED: AsMissing(), **checklist.treat},
        order=tuple((kind, key) for kind, key in checklist.order if key in kept[kind]),
    )


def _of_all(checklist: Checklist) -> Iterator[Subject]:
    if checklist.applies is not None:
        yield from reads(checklist.applies)


def _read_by(checklist: Checklist, subject: Subject) -> Iterator[Subject]:
    key = subject.key
    match subject.kind:
        case "question":
            yield from _all_reads(checklist.question[key].applies)
        case "score":
            score = checklist.score[key]
            yield from _all_reads(score.formula, score.only_when)
            yield from _members(checklist, score.group)
        case "result":
            result = checklist.result[key]
            yield from _all_reads(*(level.when for level in result.levels))
            yield from (Subject("gate", gate.key) for gate in checklist.gates if gate.result == key)
            yield from _members(checklist, result.group)
        case "gate":
            yield from _all_reads(checklist.gate[key].when)
        case "fact":
            return


def _all_reads(*nodes: Formula | Condition | None) -> Iterator[Subject]:
    for node in nodes:
        if node is not None:
            yield from reads(node)


def _members(checklist: Checklist, group: str) -> Iterator[Subject]:
    """The questions of a group say whether it applies."""
    if group:
        yield from (
            Subject("question", each.key)
            for each in checklist.questions
            if checklist.item[each.item].group == group
        )
