"""An adaptation -> RB305 for each example of its base that comes out differently, and is not acknowledged."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fidelity.errors import Problem, Related
from fidelity.evaluate.examples import Failure, failures_of
from fidelity.language import with_only
from fidelity.language.check import graded
from fidelity.model.checklist import Checklist
from fidelity.model.example import Example
from fidelity.place import Place


def moved_examples(
    checklist: Checklist,
    text: str,
    *,
    near: Path | str | None = None,
    libraries: Iterable[str | Path] = (),
) -> list[Problem]:
    """One finding an example, at the change that moves it alone, or else at the first change.

    An example of the adaptation with the same title acknowledges it; so does `allow RB305` below the change.
    """
    origin = checklist.origin
    if origin is None or not origin.changes:
        return []
    moved = _moved(checklist)
    found: list[Problem] = []
    libraries = tuple(libraries)
    alone = (
        {}
        if not moved
        else {
            each.place: with_only(each.place, text, checklist.file, near=near, libraries=libraries)
            for each in origin.changes
        }
    )
    for failure in moved:
        place = next(
            (at for at, model in alone.items() if model is not None and _fails(model, failure)),
            origin.changes[0].place,
        )
        facts = {
            "example": failure.example,
            "base": origin.base.id,
            "expected": failure.expected,
            "got": failure.got,
        }
        related = Related(Place(failure.file, failure.line), "the example is here")
        found.append(Problem("RB305", place, facts, (related,)))
    return graded(found, checklist.allowed)


def _moved(checklist: Checklist) -> list[Failure]:
    """The first expectation of each of the base's examples that held there and holds no longer."""
    origin = checklist.origin
    if origin is None:
        return []
    before = {(each.file, each.line, each.expected) for each in failures_of(origin.base, _all(origin.base))}
    moved: dict[str, Failure] = {}
    for each in failures_of(checklist, origin.examples):
        if (each.file, each.line, each.expected) not in before:
            moved.setdefault(each.example, each)
    return list(moved.values())


def _all(base: Checklist) -> Iterator[Example]:
    yield from base.examples
    if base.origin is not None:
        yield from base.origin.examples


def _fails(model: Checklist, failure: Failure) -> bool:
    examples = model.origin.examples if model.origin else ()
    mine = [each for each in examples if each.title == failure.example]
    wanted = (failure.file, failure.line, failure.expected)
    return any((each.file, each.line, each.expected) == wanted for each in failures_of(model, mine))
