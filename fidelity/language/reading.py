"""Source -> syntax tree -> checked model."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fidelity.errors import Problem, ProblemsFound, errors_in, in_order
from fidelity.language import tree
from fidelity.language.check import checked, graded
from fidelity.language.checks.layout import misleading_layout
from fidelity.language.extending import Looking, Stood, stands_for, told
from fidelity.language.parse import parse
from fidelity.language.targets import Standing
from fidelity.model.adaptation import Origin
from fidelity.model.checklist import Checklist
from fidelity.place import Place

if TYPE_CHECKING:
    from fidelity.model.programme import Programme


def load(
    text: str, file: str, *, near: Path | str | None = None, libraries: Iterable[str | Path] = ()
) -> Checklist:
    """The checked model of a source; raises ProblemsFound with every problem when there is an error."""
    checklist, problems = examined(text, file, near=near, libraries=libraries, layout=False)
    if checklist is None:
        raise ProblemsFound(errors_in(problems))
    return checklist


def examined(
    text: str,
    file: str,
    *,
    near: Path | str | None = None,
    libraries: Iterable[str | Path] = (),
    on: date | None = None,
    layout: bool = True,
) -> tuple[Checklist | None, tuple[Problem, ...]]:
    """The model, or None where there are errors; and all findings in order, those on layout if asked for.

    An adaptation gives the adapted checklist. Its base is looked for beside `near` (the file itself, where
    nothing is said), in the libraries and among the shipped ones; `on` is the day on which expiry is judged.
    """
    model, problems = examined_any(text, file, near=near, libraries=libraries, on=on, layout=layout)
    if model is None or isinstance(model, Checklist):
        return model, problems
    return None, (Problem("RB004", Place(file), {"other": "a programme"}),)


def load_programme(
    text: str, file: str, *, near: Path | str | None = None, libraries: Iterable[str | Path] = ()
) -> "Programme":
    """The checked model of a programme; raises ProblemsFound with every problem when there is an error."""
    model, problems = examined_any(text, file, near=near, libraries=libraries)
    if model is None:
        raise ProblemsFound(errors_in(problems))
    if isinstance(model, Checklist):
        raise ProblemsFound([Problem("RB004", Place(file), {"no_programme": "a checklist"})])
    return model


def examined_any(
    text: str,
    file: str,
    *,
    near: Path | str | None = None,
    libraries: Iterable[str | Path] = (),
    on: date | None = None,
    layout: bool = True,
) -> tuple["Checklist | Programme | None", tuple[Problem, ...]]:
    """The same for a file that may also be a programme, or an adaptation of one."""
    try:
        source = parse(text, file)
        looking = Looking(file if near is None else near, tuple(libraries), on)
        check = partial(_checked, file=file, looking=looking)
        stood = stands_for(source, text, looking, check)
        model, found = check(stood.source, stood.fingerprint)
    except ProblemsFound as unreadable:
        return None, unreadable.problems
    problems = in_order(
        [*graded(stood.found, stood.allowed), *graded(told(stood, found, file), stood.allowed)]
    )
    if model is None or errors_in(problems):
        return None, problems
    found_moved = misleading_layout(text, file) if layout else ()
    laid_out = graded(found_moved, (*model.allowed, *stood.allowed))
    return _with_origin(model, stood), in_order([*problems, *laid_out])


def with_only(
    change: Place,
    text: str,
    file: str,
    *,
    near: Path | str | None = None,
    libraries: Iterable[str | Path] = (),
) -> "Checklist | Programme | None":
    """The base of an adaptation with one of its changes made; None where that one cannot stand alone."""
    looking = Looking(file if near is None else near, tuple(libraries), only=change)
    try:
        check = partial(_checked, file=file, looking=looking)
        stood = stands_for(parse(text, file), text, looking, check)
        return check(stood.source, stood.fingerprint)[0]
    except ProblemsFound:
        return None


def _checked(
    source: Standing, fingerprint: str, *, file: str, looking: Looking
) -> tuple["Checklist | Programme | None", list[Problem]]:
    if isinstance(source, tree.Checklist):
        return checked(source, fingerprint)
    from fidelity.language.programme import checked_programme  # noqa: PLC0415 - checklists start without it

    near = looking.near if source.place.file == file else source.place.file
    return checked_programme(source, fingerprint, near, looking.libraries)


def _with_origin(model: "Checklist | Programme", stood: Stood) -> "Checklist | Programme":
    """The adapted file with what it comes from; the base's examples are no longer its own."""
    if stood.own is None:
        return model
    if isinstance(model, Checklist):
        return _checklist_with_origin(model, stood)
    from fidelity.language.programme import with_origin  # noqa: PLC0415 - checklists start without it

    return with_origin(model, stood)


def _checklist_with_origin(checklist: Checklist, stood: Stood) -> Checklist:
    if stood.own is None:
        return checklist
    own = [each for each in checklist.examples if each.place.file == checklist.file]
    others = [each for each in checklist.examples if each.place.file != checklist.file]
    origin = Origin(
        base=stood.base,
        fingerprint=stood.base_fingerprint,
        own_fingerprint=stood.own_fingerprint,
        changes=stood.own.changes,
        deviations=stood.own.deviations,
        examples=tuple(others),
        stale=stood.own.stale,
    )
    allowed = (*checklist.allowed, *stood.allowed)
    return replace(checklist, origin=origin, examples=tuple(own), allowed=allowed)
