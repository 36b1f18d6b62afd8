"""What decided a result, by name: read off its tree of reasons, once for all records alike."""

from collections.abc import Callable, Hashable, Iterable, Iterator

from fidelity.evaluate.findings import MOST_KEPT, Deciding, Findings, Judged, absent
from fidelity.model.checklist import Checklist, Result
from fidelity.model.expression import Condition, Subject, reads
from fidelity.model.score import because

Seen = Callable[[Findings], Hashable]


def deciding(checklist: Checklist, result: Result, *, banded: bool) -> Callable[[Findings], Deciding]:
    """The names behind a result; of a banded one, its lines see no more than the level and the gates say.

    From the same findings follow the same reasons, so a tree is only built for what was not seen before.
    """
    subject, seen = Subject("result", result.key), _seen(checklist, result, banded=banded)
    valued = _all_valued(_below(checklist, _of_lines_and_gates(checklist, result)))
    kept: dict[tuple[Judged, Hashable], Deciding] = {}

    def found(findings: Findings) -> Deciding:
        judged = findings.results[result.key]
        known = judged, seen(findings)
        decided = kept.get(known)
        if decided is None:
            always = judged.level is not None or (bool(judged.possible) and valued(findings))
            decided = Deciding(because(findings.reason(subject)), always)
            if always and len(kept) < MOST_KEPT:
                kept[known] = decided
        return decided

    return found


# ---- what the reasons follow from


def _seen(checklist: Checklist, result: Result, *, banded: bool) -> Seen:
    """Everything that the lines and gates of a result see, as far down as their reasons go."""
    conditions = _of_gates(checklist, result) if banded else _of_lines_and_gates(checklist, result)
    match [_look(checklist, each) for each in _below(checklist, conditions)]:
        case [look]:
            return look
        case looks:
            return lambda findings: tuple([look(findings) for look in looks])


def _of_lines_and_gates(checklist: Checklist, result: Result) -> list[Condition]:
    lines = [each.when for each in result.levels if each.when is not None]
    return lines + _of_gates(checklist, result)


def _of_gates(checklist: Checklist, result: Result) -> list[Condition]:
    return [each.when for each in checklist.gates if each.result == result.key]


def _below(checklist: Checklist, conditions: Iterable[Condition]) -> tuple[Subject, ...]:
    """What the conditions read, what decides over it, and so on; a score or result is not looked behind."""
    found: dict[Subject, None] = {}
    waiting = [subject for each in conditions for subject in reads(each)]
    while waiting:
        subject = waiting.pop()
        if subject not in found:
            found[subject] = None
            waiting += _decides_over(checklist, subject)
    return tuple(found)


def _decides_over(checklist: Checklist, subject: Subject) -> Iterator[Subject]:
    match subject.kind:
        case "gate":
            yield from reads(checklist.gate[subject.key].when)
        case "question":
            applies = checklist.question[subject.key].applies
            yield from () if applies is None else reads(applies)
        case _:
            return


def _look(checklist: Checklist, subject: Subject) -> Seen:
    key = subject.key
    match subject.kind:
        case "question":
            number = checklist.number[key]
            return lambda findings: findings.recorded[number]
        case "fact":
            return lambda findings: findings.facts[key]
        case "score":
            gone = absent(checklist, checklist.score[key].group)
            return lambda findings: (findings.scores[key].exact, gone(findings))
        case "result":
            return lambda findings: (findings.results[key].level, findings.results[key].possible)
        case "gate":
            return lambda findings: findings.gates[key]


def _all_valued(subjects: Iterable[Subject]) -> Callable[[Findings], bool]:
    """Whether it is all there, so that nothing further down stayed open: blanks would be named one by one."""
    scores = [each.key for each in subjects if each.kind == "score"]
    results = [each.key for each in subjects if each.kind == "result"]

    def valued(findings: Findings) -> bool:
        return (
            findings.applies is True
            and all(findings.scores[key].exact is not None for key in scores)
            and all(findings.results[key].level is not None for key in results)
        )

    return valued
