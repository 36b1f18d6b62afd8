"""A name -> the checklist or programme that is meant, checked; and what scores it."""

from collections.abc import Iterable
from os import PathLike

from fidelity.errors import Problem, ProblemsFound, WrongUse, errors_in
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.evaluator import compile as compile_checklist
from fidelity.language.library import Resolved, by_id, found
from fidelity.language.reading import examined_any
from fidelity.language.reading import load as load_text
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme

AnyPath = str | PathLike[str]


def load(path: AnyPath, libraries: Iterable[str] = ()) -> Checklist | Programme:
    """A checklist or programme by file or by the path of a shipped one; ProblemsFound has every problem."""
    libraries = tuple(libraries)
    text, file = found(str(path), libraries)
    model, problems = examined_any(text, file, libraries=libraries, layout=False)
    if model is None:
        raise ProblemsFound(errors_in(problems))
    return model


def load_checklist(path: AnyPath, libraries: Iterable[str] = ()) -> Checklist:
    """The same where only a checklist will do."""
    libraries = tuple(libraries)
    text, file = found(str(path), libraries)
    return load_text(text, file, libraries=libraries)


def compile(checklist: Checklist | Programme) -> Evaluator:
    """What scores the answers of one observation; cheap to call."""
    if not isinstance(checklist, Checklist):
        raise WrongUse(f'"{checklist.id}" is a programme: compile one of the checklists that it uses.')
    return compile_checklist(checklist)


def checklists_of(programme: Programme, libraries: Iterable[str] = ()) -> dict[str, Checklist]:
    """The checklists that a programme uses, by id in its order; ProblemsFound where one is not there."""
    if not programme.uses:
        raise WrongUse(f'The programme "{programme.id}" uses no checklist, so there is nothing to score.')
    libraries = tuple(libraries)
    checklists: dict[str, Checklist] = {}
    problems: list[Problem] = []
    for used in programme.uses:
        near = used.place.file or programme.file
        there = by_id(used.id, used.version, near, libraries)
        if not isinstance(there, Resolved):
            facts = {"needed": used.id, "version": used.version}
            problems.append(Problem("RB614", used.place, facts, graded="error"))
            continue
        try:
            checklists[used.id] = load_text(there.text, there.file, libraries=libraries)
        except ProblemsFound as wrong:
            problems += wrong.problems
    if problems:
        raise ProblemsFound(problems)
    return checklists
