"""What a value, formula or condition depends on in the end: questions and facts."""

from collections.abc import Iterable

from fidelity.model.checklist import Checklist
from fidelity.model.expression import Condition, Formula, Subject, reads

Nodes = Iterable[Formula | Condition | None]


def closure(checklist: Checklist, subject: Subject) -> frozenset[Subject]:
    """Every question and fact that a value depends on."""
    nodes: list[Formula | Condition | None]
    match subject.kind:
        case "question":
            applies = checklist.question[subject.key].applies
            below = closure_of(checklist, [applies]) if applies is not None else frozenset()
            return below | {subject}
        case "fact":
            return frozenset({subject})
        case "score":
            score = checklist.score[subject.key]
            nodes = [score.formula, score.only_when]
        case "gate":
            nodes = [checklist.gate[subject.key].when]
        case "result":
            nodes = [level.when for level in checklist.result[subject.key].levels]
            nodes += [gate.when for gate in checklist.gates if gate.result == subject.key]
    return closure_of(checklist, nodes)


def closure_of(checklist: Checklist, nodes: Nodes) -> frozenset[Subject]:
    """Every question and fact that formulas and conditions depend on."""
    found: frozenset[Subject] = frozenset()
    for node in nodes:
        if node is not None:
            for subject in reads(node):
                found |= closure(checklist, subject)
    return found
