"""The words that rules look for in free texts: everything else written there is alike to them."""

from collections.abc import Iterator, Set

from fidelity.evaluate.member import same_answers
from fidelity.model.checklist import Checklist
from fidelity.model.expression import And, Condition, IsOneOf, Not, Or, Quantified, Subject
from fidelity.model.scale import Scale


def looked_for(checklist: Checklist) -> dict[Subject, Set[str]]:
    """For each free text that rules look into, the words that they look for."""
    scales = {Subject("question", each.key): each.scale for each in checklist.questions}
    scales |= {Subject("fact", each.id): each.scale for each in checklist.facts}
    free = {subject: scale for subject, scale in scales.items() if scale.kind == "text"}
    return _words(checklist, free) if free else {}


def _words(checklist: Checklist, free: dict[Subject, Scale]) -> dict[Subject, Set[str]]:
    found: dict[Subject, Set[str]] = {}
    for subject, codes in (each for node in _conditions(checklist) for each in _tests(node)):
        if subject in free:
            found[subject] = found.get(subject, frozenset()) | same_answers(free[subject], codes)
    return found


def _conditions(checklist: Checklist) -> Iterator[Condition]:
    stated = (
        checklist.applies,
        *(each.applies for each in checklist.questions),
        *(each.comment_when for each in checklist.items),
        *(each.only_when for each in checklist.scores),
        *(level.when for each in checklist.results for level in each.levels),
        *(each.when for each in checklist.gates),
        *(each.when for each in checklist.flags),
    )
    return (each for each in stated if each is not None)


def _tests(node: Condition) -> Iterator[tuple[Subject, tuple[str, ...]]]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _tests(part)
        case Not(part):
            yield from _tests(part)
        case Quantified(members=members):
            for _, each in members:
                yield from _tests(each)
        case IsOneOf(subject, codes):
            yield subject, codes
        case _:
            return
