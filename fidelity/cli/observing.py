"""What the user named as data -> observations, with their problems told; and the options of data."""

from collections.abc import Mapping
from pathlib import Path

import click

from fidelity.cli.printing import Printing
from fidelity.errors import ProblemsFound, errors_in
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme
from fidelity.observe import Reading, read
from fidelity.observe.study_reading import StudyReading, read_study


def observed(
    printing: Printing,
    checklist: Checklist,
    data: tuple[str, ...],
    ignore: tuple[str, ...],
    *,
    keep_good: bool,
) -> Reading:
    """What the data hold; ProblemsFound for the table, and for records unless the good are kept."""
    reading = read([Path(name) for name in data], checklist, ignore)
    _tell(printing, reading, keep_good=keep_good)
    return reading


def observed_study(
    printing: Printing,
    programme: Programme,
    checklists: Mapping[str, Checklist],
    data: tuple[str, ...],
    ignore: tuple[str, ...],
    *,
    keep_good: bool,
) -> StudyReading:
    """The same for all that a programme uses, with the tables of the study."""
    reading = read_study([Path(name) for name in data], programme, checklists, ignore)
    _tell(printing, reading, keep_good=keep_good)
    return reading


def _tell(printing: Printing, reading: Reading | StudyReading, *, keep_good: bool) -> None:
    if errors_in(reading.problems):
        raise ProblemsFound(reading.problems)
    bad = [problem for each in reading.observations for problem in each.refused]
    if bad and not keep_good:
        raise ProblemsFound([*reading.problems, *bad])
    printing.problems([*reading.problems, *bad])
    if bad:
        left_out = [each.observation for each in reading.observations if each.refused]
        printing.say(f"Left out: {', '.join(left_out)}.")


data_argument = click.argument("data", nargs=-1, required=True)
ignore_option = click.option(
    "--ignore",
    multiple=True,
    metavar="COLUMN",
    help="A column of the data that is not meant for us; may be repeated.",
)
keep_good_option = click.option(
    "--keep-good", is_flag=True, help="Leave refused records out, say which, and go on with the others."
)
