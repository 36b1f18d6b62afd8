"""What the user named -> a study: of a checklist, or of a programme with all that it uses."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from fidelity.cli.observing import observed, observed_study, tell
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme
from fidelity.observe.size import MANY, hold_more_than
from fidelity.study.loading import checklists_of
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study

if TYPE_CHECKING:
    from fidelity.large_study import LargeStudy
    from fidelity.large_study.programme import LargeProgramme

Command = TypeVar("Command", bound=Callable[..., Any])


def studied(
    printing: Printing,
    name: str,
    data: tuple[str, ...],
    on: datetime | None,
    *,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> Study:
    """Opened, read, scored and summarised; raises ProblemsFound with everything that is in the way."""
    model = opened_any(name, libraries, printing)
    asked = _Asked(data, tuple(map(Path, data)), on.date() if on else None, ignore, keep_good)
    if isinstance(model, Checklist):
        study = _of_checklist(printing, model, asked)
    else:
        study = _of_programme(printing, model, libraries, asked)
    printing.done()
    return study


class _Asked(NamedTuple):
    """The data as they were named and as files, the day to judge on, and what may be left out of them."""

    data: tuple[str, ...]
    files: tuple[Path, ...]
    day: date | None
    ignore: tuple[str, ...]
    keep_good: bool


def _of_checklist(printing: Printing, checklist: Checklist, asked: _Asked) -> Study:
    if hold_more_than(MANY, asked.files):
        # A data-frame library costs a fifth of a second, and a few records need none.
        from fidelity.large_study import LargeStudy  # noqa: PLC0415

        printing.progress("Reading and scoring the data")
        large = LargeStudy(checklist, asked.files, asked.ignore, asked.day)
        return _summarised(printing, large, keep_good=asked.keep_good)
    printing.progress("Reading the data")
    reading = observed(printing, checklist, asked.data, asked.ignore, keep_good=asked.keep_good)
    printing.progress("Scoring and summarising")
    return summarise(checklist, reading, asked.day)


def _of_programme(
    printing: Printing, programme: Programme, libraries: tuple[str, ...], asked: _Asked
) -> Study:
    checklists = checklists_of(programme, libraries)
    printing.progress("Reading the data")
    large = _large(programme, checklists, asked) if hold_more_than(MANY, asked.files) else None
    if large is not None:
        return _summarised(printing, large, keep_good=asked.keep_good)
    reading = observed_study(
        printing, programme, checklists, asked.data, asked.ignore, keep_good=asked.keep_good
    )
    printing.progress("Scoring and summarising")
    return summarise(programme, reading, asked.day)


def _summarised(printing: Printing, large: "LargeStudy | LargeProgramme", *, keep_good: bool) -> Study:
    tell(printing, large.problems, large.refused, keep_good=keep_good)
    printing.progress("Summarising")
    return large.study()


def _large(
    programme: Programme, checklists: Mapping[str, Checklist], asked: _Asked
) -> "LargeProgramme | None":
    """The study in columns; nothing where something has to be told row by row."""
    from fidelity.large_study.programme import LargeProgramme  # noqa: PLC0415 - see above
    from fidelity.observe.bulk.several import OneByOne  # noqa: PLC0415

    try:
        return LargeProgramme(programme, checklists, asked.files, asked.ignore, asked.day)
    except OneByOne:
        return None


def on_option(command: Command) -> Command:
    """The option `--on DATE`."""
    option = click.option(
        "--on",
        "on",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help="The day on which to judge, for example 2026-11-21: what was observed later is left out. "
        "Otherwise the latest day in the data.",
    )
    return option(command)
