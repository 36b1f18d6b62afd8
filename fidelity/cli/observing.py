"""What the user named as data -> observations, with their problems told; and the options of data."""

from pathlib import Path

import click

from fidelity.cli.printing import Printing
from fidelity.errors import ProblemsFound, errors_in
from fidelity.model.checklist import Checklist
from fidelity.observe import Reading, read


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
    if errors_in(reading.problems):
        raise ProblemsFound(reading.problems)
    bad = [problem for each in reading.observations for problem in each.refused]
    if bad and not keep_good:
        raise ProblemsFound([*reading.problems, *bad])
    printing.problems([*reading.problems, *bad])
    if bad:
        left_out = [each.observation for each in reading.observations if each.refused]
        printing.say(f"Left out: {', '.join(left_out)}.")
    return reading


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
