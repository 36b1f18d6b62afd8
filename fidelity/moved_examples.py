"""An adaptation -> RB305 for each example or history of its base that comes out differently here."""

from collections.abc import Collection, Iterable
from pathlib import Path

from fidelity.errors import Problem, Related
from fidelity.evaluate.examples import Failure, failures_of
from fidelity.language.check import graded
from fidelity.language.reading import with_only
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme
from fidelity.place import Place

Adapted = Checklist | Programme

MOST_TRIED = 40  # changes made alone, each with a checklist of its own, to see which one moves an example


def moved_examples(
    adapted: Adapted,
    text: str,
    *,
    near: Path | str | None = None,
    libraries: Iterable[str | Path] = (),
    told: Collection[str] = (),
) -> list[Problem]:
    """One finding an example, at the change that moves it alone, or else at the first change.

    An example of the adaptation with the same title acknowledges it; so does `allow RB305` below the change.
    `told` are titles of which something is said already.
    """
    origin = adapted.origin
    moved = [each for each in _moved(adapted) if each.example not in told]
    if origin is None or not origin.changes or not moved:
        return []
    libraries = tuple(libraries)
    alone = {
        each.place: with_only(each.place, text, adapted.file, near=near, libraries=libraries)
        for each in origin.changes[:MOST_TRIED]
    }
    found: list[Problem] = []
    for each in moved:
        movers = [place for place, model in alone.items() if model is not None and _fails(model, each)]
        place = movers[0] if movers else origin.changes[0].place
        facts = {
            "example": each.example,
            "base": origin.base.id,
            "expected": each.expected,
            "got": each.got,
        }
        stands = f"the example stands in {each.file}, line {each.line}"
        found.append(Problem("RB305", place, facts, (Related(Place(each.file, each.line), stands),)))
    return graded(found, adapted.allowed)


def _moved(adapted: Adapted) -> list[Failure]:
    """The first expectation of each of the base's examples that held there and holds no longer."""
    if adapted.origin is None:
        return []
    before = {(each.file, each.line, each.expected) for each in _unmet(adapted.origin.base)}
    moved: dict[str, Failure] = {}
    for each in _unmet(adapted, inherited_only=True):
        if (each.file, each.line, each.expected) not in before:
            moved.setdefault(each.example, each)
    return list(moved.values())


def _fails(model: Adapted, failure: Failure) -> bool:
    wanted = (failure.file, failure.line, failure.expected)
    return any((each.file, each.line, each.expected) == wanted for each in _unmet(model))


def _unmet(model: Adapted, *, inherited_only: bool = False) -> Iterable[Failure]:
    """What does not hold of the examples or histories; those of a base's base count as the base's."""
    if isinstance(model, Checklist):
        own = () if inherited_only else model.examples
        return failures_of(model, (*own, *(model.origin.examples if model.origin else ())))
    from fidelity.summaries.programme import histories  # noqa: PLC0415 - the statistics, which checklists need not wait for

    written = () if inherited_only else model.histories
    several = (*written, *(model.origin.histories if model.origin else ()))
    return [Failure(*each) for each in histories.run(model._replace(histories=several)).unmet]
