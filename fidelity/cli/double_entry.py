"""`fidelity import --double`: two files into which two people typed the same forms on paper."""

from collections.abc import Sequence
from pathlib import Path

import click

from fidelity.model.checklist import Checklist
from fidelity.observe import Reading
from fidelity.observe.double_entry import keyed_twice

double_option = click.option(
    "--double",
    is_flag=True,
    help="Two files with the same forms, typed in by two people: compares them cell by cell.",
)


def read_double(paths: Sequence[Path], checklist: Checklist) -> Reading:
    """The observations on which both files agree; otherwise every difference is among its problems."""
    if len(paths) != 2:
        raise click.UsageError(
            f"--double compares two files, each typed by one person; here are {len(paths)}."
        )
    first, second = paths
    if first.is_file() and second.is_file() and first.samefile(second):
        raise click.UsageError(f"--double compares two files; {first} and {second} are the same one.")
    return keyed_twice(first, second, checklist)
