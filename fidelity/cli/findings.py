"""A source -> its model and all there is to say about it, also what only running its examples shows."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from fidelity.cli.opening import has_lock
from fidelity.errors import Problem
from fidelity.evaluate.untested import untested
from fidelity.language.check import graded
from fidelity.language.reading import examined_any
from fidelity.model.checklist import Checklist

if TYPE_CHECKING:
    from fidelity.model.programme import Programme

Findings = tuple["Checklist | Programme | None", tuple[Problem, ...]]


def findings(file: str, text: str, libraries: tuple[str, ...], on: date | None) -> Findings:
    """The model, or None where there are errors, and all problems."""
    model, problems = examined_any(text, file, libraries=libraries, on=on)
    return model, tuple(_problems(file, text, model, problems, libraries))


def _problems(
    file: str,
    text: str,
    checklist: "Checklist | Programme | None",
    problems: tuple[Problem, ...],
    libraries: tuple[str, ...],
) -> Iterator[Problem]:
    yield from problems
    if checklist is not None and (checklist.translations or has_lock(file)):
        from fidelity.cli.locking import stale  # noqa: PLC0415 - most files are in one language

        yield from stale(checklist)
    if isinstance(checklist, Checklist):
        gaps = (each for each in untested(checklist) if each.place.file == file)
        yield from graded(gaps, checklist.allowed)
    if checklist is not None and checklist.origin is not None:
        from fidelity.moved_examples import moved_examples  # noqa: PLC0415 - the evaluator, for adaptations only

        told = [str(each.facts["example"]) for each in problems if each.code == "RB305"]
        yield from moved_examples(checklist, text, libraries=libraries, told=told)
