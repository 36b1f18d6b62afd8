"""The six calls in a row: load, compile, read, score, summarise, report; what all faces compose."""

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from fidelity.errors import ProblemsFound, errors_in
from fidelity.evaluate.evaluator import compile
from fidelity.files import write_folder, write_whole
from fidelity.language.library import found
from fidelity.language.reading import load as load_text
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import Summary
from fidelity.observe import Reading
from fidelity.observe import read as read_files
from fidelity.observe.provenance import provenance_of
from fidelity.report.page import pages
from fidelity.report.workbook import workbook_bytes
from fidelity.summaries import summarise as summarise_scored

AnyPath = str | PathLike[str]


@dataclass(frozen=True)
class Study:
    """A checklist, its scored observations, and what they say together."""

    checklist: Checklist
    scored: tuple[ScoredObservation[Observation], ...]
    summary: Summary


def load(path: AnyPath, libraries: Iterable[str] = ()) -> Checklist:
    """A checklist by file or by the path of a shipped one; ProblemsFound carries every problem."""
    libraries = tuple(libraries)
    text, file = found(str(path), libraries)
    return load_text(text, file, libraries=libraries)


def read(paths: AnyPath | Iterable[AnyPath], checklist: Checklist, ignore: Iterable[str] = ()) -> Reading:
    """The observations of files or of a study's folder; ProblemsFound carries every problem."""
    several = [paths] if isinstance(paths, str | PathLike) else list(paths)
    reading = read_files([Path(each) for each in several], checklist, tuple(ignore))
    problems = [*reading.problems, *(problem for each in reading.observations for problem in each.refused)]
    if errors_in(problems):
        raise ProblemsFound(problems)
    return reading


def summarise(checklist: Checklist, reading: Reading) -> Study:
    """Scores what was read and summarises it by therapist; refused records stay out, and are counted."""
    evaluator = compile(checklist)
    good = [each for each in reading.observations if not each.refused]
    scored = tuple(ScoredObservation(each, evaluator.score(each)) for each in good)
    return Study(checklist, scored, summarise_scored(checklist, scored, provenance_of(reading)))


def write_workbook(study: Study, path: AnyPath) -> None:
    """Writes the workbook, whole or not at all."""
    write_whole(Path(path), workbook_bytes(study.checklist, study.scored, study.summary))


def write_report(study: Study, path: AnyPath, folder: AnyPath | None) -> None:
    """Makes the workbook and, where a folder is named, the pages; writes them when all of it is made."""
    workbook = workbook_bytes(study.checklist, study.scored, study.summary)
    made = {} if folder is None else pages(study.checklist, study.scored, study.summary)
    write_whole(Path(path), workbook)
    if folder is not None:
        write_folder(Path(folder), made)


def write_pages(study: Study, folder: AnyPath) -> None:
    """Writes the index and the feedback sheets below a folder."""
    write_folder(Path(folder), pages(study.checklist, study.scored, study.summary))


__all__ = ["Study", "compile", "load", "read", "summarise", "write_pages", "write_report", "write_workbook"]
