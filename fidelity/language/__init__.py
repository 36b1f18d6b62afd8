"""Source -> syntax tree -> checked model."""

from fidelity.errors import Problem, ProblemsFound, errors_in, in_order
from fidelity.language import changes, tree
from fidelity.language.check import checked
from fidelity.language.parse import fingerprint, parse
from fidelity.model.checklist import Checklist


def load(text: str, file: str) -> Checklist:
    """The checked model of a source; raises ProblemsFound with every problem when there is an error."""
    checklist, problems = examined(text, file)
    if checklist is None:
        raise ProblemsFound(errors_in(problems))
    return checklist


def examined(text: str, file: str) -> tuple[Checklist | None, tuple[Problem, ...]]:
    """The model, or None where there are errors; and all findings in order."""
    try:
        source = parse(text, file)
    except ProblemsFound as unreadable:
        return None, unreadable.problems
    if not isinstance(source, tree.Checklist):
        other = "an adaptation" if isinstance(source, changes.Adaptation) else "a programme"
        return None, (Problem("RB004", source.place, {"other": other}),)
    checklist, problems = checked(source, fingerprint(text))
    return checklist, in_order(problems)
