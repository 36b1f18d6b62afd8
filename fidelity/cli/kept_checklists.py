"""Checklists <-> the texts of them that a study keeps, so that its old observations stay readable."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from fidelity.errors import ProblemsFound
from fidelity.language.library import found
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.store.texts import KeptText


def kept_text(checklist: Checklist, libraries: Iterable[str]) -> KeptText:
    """The checklist with all files that it was read from: an adaptation with its base, and shared scales."""
    libraries = tuple(libraries)
    sources = []
    for file in dict.fromkeys(_files(checklist)):
        try:
            text, _ = found(file, libraries)
        except ProblemsFound:
            # A text that the program brings along itself: no name of a checklist leads to it.
            continue
        sources.append((Path(file).name if Path(file).is_absolute() else file, text))
    return KeptText(checklist.fingerprint, checklist.id, checklist.about.version, tuple(sources))


def checklist_of(kept: KeptText, libraries: Iterable[str]) -> Checklist | None:
    """The checklist that the kept texts make; nothing where they make another one today."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{number}.rubric" for number, _ in enumerate(kept.sources)]
        for path, (_, text) in zip(names, kept.sources, strict=True):
            path.write_text(text, encoding="utf-8")
        try:
            # What it stands on lies beside it, so that no later version of that is taken.
            checklist = load(kept.sources[0][1], str(names[0]), libraries=tuple(libraries))
        except ProblemsFound:
            return None
    return checklist if checklist.fingerprint == kept.fingerprint else None


def _files(checklist: Checklist) -> Iterator[str]:
    yield checklist.file
    yield from (scale.place.file for scale in checklist.scales if scale.place.file)
    if checklist.origin is not None:
        yield from _files(checklist.origin.base)
