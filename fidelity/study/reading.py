"""Files, or the folder of a study -> the observations of a checklist, or of all that a programme uses."""

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import overload

from fidelity.errors import ProblemsFound, errors_in
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme
from fidelity.observe import Reading
from fidelity.observe import read as read_files
from fidelity.observe.study_reading import StudyReading, read_study
from fidelity.study.loading import AnyPath, checklists_of


@overload
def read(
    paths: AnyPath | Iterable[AnyPath],
    checklist: Checklist,
    ignore: Iterable[str] = (),
    libraries: Iterable[str] = (),
) -> Reading: ...
@overload
def read(
    paths: AnyPath | Iterable[AnyPath],
    checklist: Programme,
    ignore: Iterable[str] = (),
    libraries: Iterable[str] = (),
) -> StudyReading: ...
def read(
    paths: AnyPath | Iterable[AnyPath],
    checklist: Checklist | Programme,
    ignore: Iterable[str] = (),
    libraries: Iterable[str] = (),
) -> Reading | StudyReading:
    """The observations of files or of a study's folder, of a checklist or of all that a programme uses."""
    several = [Path(paths)] if isinstance(paths, str | PathLike) else [Path(each) for each in paths]
    reading: Reading | StudyReading
    if isinstance(checklist, Checklist):
        reading = read_files(several, checklist, tuple(ignore))
    else:
        reading = read_study(several, checklist, checklists_of(checklist, libraries), tuple(ignore))
    problems = [*reading.problems, *(problem for each in reading.observations for problem in each.refused)]
    if errors_in(problems):
        raise ProblemsFound(problems)
    return reading
