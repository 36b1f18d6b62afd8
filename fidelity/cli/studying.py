"""What the user named -> a study: of a checklist, or of a programme with all that it uses."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fidelity.cli.observing import observed, observed_study, tell
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme
from fidelity.observe.size import MANY, hold_more_than
from fidelity.study import Study, checklists_of, summarise

if TYPE_CHECKING:
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
    model, day = opened_any(name, libraries, printing), on.date() if on else None
    files = tuple(map(Path, data))
    if isinstance(model, Checklist) and hold_more_than(MANY, files):
        # A data-frame library costs a fifth of a second, and a few records need none.
        from fidelity.large_study import LargeStudy  # noqa: PLC0415

        printing.progress("Reading and scoring the data")
        whole_study = LargeStudy(model, files, ignore, day)
        tell(printing, whole_study.problems, whole_study.refused, keep_good=keep_good)
        printing.progress("Summarising")
        study = whole_study.study()
    elif isinstance(model, Checklist):
        printing.progress("Reading the data")
        reading = observed(printing, model, data, ignore, keep_good=keep_good)
        printing.progress("Scoring and summarising")
        study = summarise(model, reading, day)
    else:
        checklists = checklists_of(model, libraries)
        printing.progress("Reading the data")
        large = _large(model, checklists, files, ignore, day) if hold_more_than(MANY, files) else None
        if large is not None:
            tell(printing, large.problems, large.refused, keep_good=keep_good)
            printing.progress("Summarising")
            study = large.study()
        else:
            whole = observed_study(printing, model, checklists, data, ignore, keep_good=keep_good)
            printing.progress("Scoring and summarising")
            study = summarise(model, whole, day)
    printing.done()
    return study


def _large(
    programme: Programme,
    checklists: Mapping[str, Checklist],
    files: tuple[Path, ...],
    ignore: tuple[str, ...],
    day: date | None,
) -> "LargeProgramme | None":
    """The study in columns; nothing where something has to be told row by row."""
    from fidelity.large_study.programme import LargeProgramme  # noqa: PLC0415 - see above
    from fidelity.observe.bulk.several import OneByOne  # noqa: PLC0415

    try:
        return LargeProgramme(programme, checklists, files, ignore, day)
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
