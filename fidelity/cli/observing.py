"""What the user named as data -> observations, with their problems told; and the options of data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fidelity.cli.printing import Printing
from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.observe import Reading, read

if TYPE_CHECKING:
    from fidelity.model.programme import Programme
    from fidelity.observe.study_reading import StudyReading


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
    tell(printing, reading.problems, _refused(reading), keep_good=keep_good)
    return reading


def observed_study(
    printing: Printing,
    programme: "Programme",
    checklists: Mapping[str, Checklist],
    data: tuple[str, ...],
    ignore: tuple[str, ...],
    *,
    keep_good: bool,
) -> "StudyReading":
    """The same for all that a programme uses, with the tables of the study."""
    from fidelity.observe.study_reading import read_study  # noqa: PLC0415 - one table starts without it

    reading = read_study([Path(name) for name in data], programme, checklists, ignore)
    tell(printing, reading.problems, _refused(reading), keep_good=keep_good)
    return reading


def _refused(reading: "Reading | StudyReading") -> list[Observation]:
    return [each for each in reading.observations if each.refused]


def tell(
    printing: Printing, problems: Sequence[Problem], refused: Sequence[Observation], *, keep_good: bool
) -> None:
    """Says what is wrong with data and who was left out, or raises it."""
    bad = [problem for each in refused for problem in each.refused]
    if errors_in(problems) or (bad and not keep_good):
        raise ProblemsFound([*problems, *bad])
    printing.problems([*problems, *bad])
    if bad:
        printing.say(f"Left out: {', '.join(each.observation for each in refused)}.")


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
