"""Every condition of a checklist, with where it stands and what it is for."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from fidelity.model.checklist import Checklist
from fidelity.model.expression import Condition

Purpose = Literal["checklist", "applies", "comment", "only", "level", "gate", "flag"]


class Stated(NamedTuple):
    """A condition, what it decides, and the key of that."""

    purpose: Purpose
    key: str
    condition: Condition


def stated(checklist: Checklist) -> Iterator[Stated]:
    """All conditions in source order of their kinds; families unrolled."""
    if checklist.applies is not None:
        yield Stated("checklist", checklist.id, checklist.applies)
    for question in checklist.questions:
        if question.applies is not None:
            yield Stated("applies", question.key, question.applies)
    for item in checklist.items:
        if item.comment_when is not None:
            yield Stated("comment", item.id, item.comment_when)
    for score in checklist.scores:
        if score.only_when is not None:
            yield Stated("only", score.key, score.only_when)
    for result in checklist.results:
        for level in result.levels:
            if level.when is not None:
                yield Stated("level", f"{result.key}|{level.id}", level.when)
    for gate in checklist.gates:
        yield Stated("gate", gate.key, gate.when)
    for flag in checklist.flags:
        yield Stated("flag", flag.id, flag.when)


def conditions_in(checklist: Checklist) -> Iterator[Condition]:
    """The conditions alone."""
    return (each.condition for each in stated(checklist))
