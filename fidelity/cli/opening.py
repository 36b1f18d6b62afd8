"""What the user named -> checklists and observations, with their problems told."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fidelity.cli.printing import Printing
from fidelity.errors import Problem, ProblemsFound, WrongUse, errors_in
from fidelity.kept import kept
from fidelity.language.library import found, sources_below
from fidelity.language.source import read_source

if TYPE_CHECKING:
    from fidelity.model.checklist import Checklist
    from fidelity.model.programme import Programme

    Examined = tuple[Checklist | None, tuple[Problem, ...]]

# What a file like this means hangs on another one too.
_LEANING = re.compile(r"^[ \t\ufeff]*(?:adaptation|programme|extends|uses)\b", re.MULTILINE)


def stands_alone(file: str, text: str) -> bool:
    """Whether all that can be said of a text is in it: no other file is read for it, no lock beside it."""
    return not _LEANING.search(text) and not has_lock(file)


def has_lock(file: str) -> bool:
    """Whether a lock lies beside it, which notes what its translations were made from."""
    return Path(file).with_suffix(".lock").exists()


def named_sources(
    names: Iterable[str], libraries: Iterable[str], printing: Printing
) -> list[tuple[str, str]]:
    """(file, text) for each name; a folder gives every checklist below it. Raises ProblemsFound, WrongUse."""
    sources, problems = readable_sources(names, libraries, printing)
    if problems:
        raise ProblemsFound(problems)
    return sources


def readable_sources(
    names: Iterable[str], libraries: Iterable[str], printing: Printing
) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The same for those that can be read, and the problems of the others. Raises WrongUse."""
    sources: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for file in (each for name in names for each in _files(name)):
        try:
            text, path = found(file, libraries) if isinstance(file, str) else (read_source(file), str(file))
            sources.append((path, text))
        except ProblemsFound as unread:
            problems.extend(unread.problems)
    printing.sources.update(dict(sources))
    return sources, problems


def _files(name: str) -> Sequence[str | Path]:
    if not Path(name).is_dir():
        return [name]
    paths = sources_below(Path(name))
    if not paths:
        raise WrongUse(f'There is no checklist (a file ending in .rubric) in the folder "{name}".')
    return paths


def opened(name: str, libraries: Iterable[str], printing: Printing) -> "Checklist":
    """One checked checklist; raises ProblemsFound with its errors."""
    libraries = tuple(libraries)
    return _checklist(*_source(name, "checklist file", libraries, printing), libraries)


def opened_any(name: str, libraries: Iterable[str], printing: Printing) -> "Checklist | Programme":
    """One checked checklist or programme; raises ProblemsFound with its errors."""
    libraries = tuple(libraries)
    text, file = _source(name, "file", libraries, printing)
    if stands_alone(file, text):
        return _checklist(text, file, libraries)
    from fidelity.language.reading import examined_any  # noqa: PLC0415 - see below

    model, problems = examined_any(text, file, libraries=libraries, layout=False)
    if model is None:
        raise ProblemsFound(errors_in(problems))
    return model


def opened_programme(name: str, libraries: Iterable[str], printing: Printing) -> "Programme":
    """One checked programme; raises ProblemsFound with its errors."""
    libraries = tuple(libraries)
    text, file = _source(name, "programme file", libraries, printing)
    from fidelity.language.reading import load_programme  # noqa: PLC0415 - see below

    return load_programme(text, file, libraries=libraries)


def _source(name: str, wanted: str, libraries: Iterable[str], printing: Printing) -> tuple[str, str]:
    """The text of what was named, and its file."""
    if Path(name).is_dir():
        raise click.UsageError(f'"{name}" is a folder; name the {wanted} in it.')
    text, file = found(name, libraries)
    printing.sources[file] = text
    return text, file


def _checklist(text: str, file: str, libraries: tuple[str, ...]) -> "Checklist":
    def read() -> "Examined":
        # A text that was read before needs no parser.
        from fidelity.language.reading import examined  # noqa: PLC0415

        return examined(text, file, libraries=libraries, layout=False)

    checklist, problems = kept("read", [file, text], read) if stands_alone(file, text) else read()
    if checklist is None:
        raise ProblemsFound(errors_in(problems))
    return checklist
