"""`fidelity import`: filled forms to observations."""

from pathlib import Path

import click

from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, counted, library_option
from fidelity.errors import ProblemsFound, errors_in
from fidelity.files import write_whole
from fidelity.observe.filled_form import read_forms, write_csv


@click.command("import")
@click.argument("forms", nargs=-1, required=True)
@click.option("--checklist", required=True, help="The checklist that the forms were made from.")
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, help="The CSV file to write.")
@library_option
@click.pass_obj
def command(
    printing: Printing, forms: tuple[str, ...], checklist: str, out: Path, libraries: tuple[str, ...]
) -> None:
    """Read filled forms into a table of observations.

    FORMS are files, or folders of them. Nothing is written while one of them has a problem.

    \b
    Example:
      fidelity import forms/*.xlsx --checklist pm_plus/individual/session_2 -o observations.csv
    """
    if out.suffix != ".csv":
        raise click.UsageError(f"The name after -o must end in .csv; {out.name} does not.")
    model = opened(checklist, libraries, printing)
    reading = read_forms([Path(name) for name in forms], model)
    problems = [*reading.problems, *(problem for each in reading.observations for problem in each.refused)]
    if errors_in(problems):
        raise ProblemsFound(problems)
    printing.problems(problems)
    write_whole(out, write_csv(reading.observations, model).encode())
    printing.say(f"{out}: {counted(len(reading.observations), 'form')} imported.")
