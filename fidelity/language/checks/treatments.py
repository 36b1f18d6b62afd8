"""Answers that mean not observed or declined, in a file that does not say how these count."""

from collections.abc import Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.model.expression import reads
from fidelity.model.scale import Choice, NonAnswer

NEEDS_TREATMENT = (NonAnswer.NOT_OBSERVED, NonAnswer.DECLINED)


def untreated_non_answers(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB120 at each such answer, unless every score that reads it says how it counts."""
    for scale in checklist.scales:
        for choice in scale.choices:
            untreated = choice.means in NEEDS_TREATMENT and choice.means not in checklist.treat
            if untreated and not _counted_everywhere(checklist, scale.id, choice):
                yield Problem("RB120", choice.place, {"answer": choice.id, "state": choice.means})


def _counted_everywhere(checklist: Checklist, scale: str, choice: Choice) -> bool:
    keys = {question.key for question in checklist.questions if question.scale.id == scale}
    readers = [
        score for score in checklist.scores if any(subject.key in keys for subject in reads(score.formula))
    ]
    return bool(readers) and all(choice.means in score.counting for score in readers)
