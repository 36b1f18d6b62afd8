"""A result of a checklist -> all that trying out other answers needs, made once; and one record for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from fidelity.evaluate.changes.relevance import Relevant, closure, cut_down, relevant
from fidelity.evaluate.changes.roles import Role, roles
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.evaluator import compile as compiled
from fidelity.model.checklist import Checklist, Question, Result
from fidelity.model.expression import NoOther, reads
from fidelity.model.scale import Answer
from fidelity.model.score import Reason, Scored

if TYPE_CHECKING:
    from fidelity.model.observation import Observation


class Asked(NamedTuple):
    """A result, what it hangs on, the evaluator of no more than that, and how much is tried at most."""

    checklist: Checklist
    result: Result
    parts: Relevant
    roles: Mapping[str, Role]
    evaluator: Evaluator
    most: int

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that it hangs on, in order."""
        return self.evaluator.checklist.questions


class Record(NamedTuple):
    """The part of an observation that a result hangs on: as it was given, and as the rules saw it."""

    answers: Mapping[str, str]
    facts: Mapping[str, str]
    now: Mapping[str, Answer]


def asked_of(checklist: Checklist, result: Result, most: int) -> Asked:
    """What a search for one result needs."""
    parts = relevant(checklist, result)
    evaluator = compiled(cut_down(checklist, result, parts))
    return Asked(checklist, result, parts, roles(checklist, parts), evaluator, most)


def record_of(asked: Asked, observation: "Observation", scored: Scored) -> Record:
    """What the result hangs on in this observation."""
    keys = [each.key for each in asked.questions]
    facts = [each.id for each in asked.evaluator.checklist.facts]
    return Record(
        {key: observation.answers[key] for key in keys if key in observation.answers},
        {key: observation.facts[key] for key in facts if key in observation.facts},
        {key: scored.answers[key] for key in keys},
    )


def obstacles(asked: Asked, reason: Reason) -> list[frozenset[str]]:
    """What keeps a level from being higher: of each the questions, one of which would have to differ."""
    checklist, result = asked.checklist, asked.result
    found = [_questions(checklist, each.subject) for each in reason.children if each.kind == "gate"]
    if is_held_by_lines(reason):
        found.append(_of_lines(checklist, result))
    return found


def is_held_by_lines(reason: Reason) -> bool:
    """Whether its own line says the level too; otherwise only gates keep it there."""
    return any(each.kind == "condition" and each.subject == reason.value for each in reason.children)


def _questions(checklist: Checklist, gate: str) -> frozenset[str]:
    found = closure(checklist, list(reads(checklist.gate[gate].when)))
    return frozenset(each.key for each in found if each.kind == "question")


def _of_lines(checklist: Checklist, result: Result) -> frozenset[str]:
    """All that the lines of a result read."""
    lines = [each.when for each in result.levels if each.when and not isinstance(each.when, NoOther)]
    found = closure(checklist, [subject for line in lines for subject in reads(line)])
    return frozenset(each.key for each in found if each.kind == "question")
