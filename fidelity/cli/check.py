"""`fidelity check`: every problem of checklists."""

import click

from fidelity.cli.opening import named_sources
from fidelity.cli.printing import Printing, counted, format_option, library_option
from fidelity.errors import Problem, errors_in, in_order
from fidelity.language import examined


@click.command("check")
@click.argument("files", nargs=-1, required=True)
@click.option("--short", is_flag=True, help="One line a problem.")
@library_option
@format_option
@click.pass_obj
def command(printing: Printing, files: tuple[str, ...], short: bool, libraries: tuple[str, ...]) -> None:
    """Read checklists and say everything that is wrong or doubtful.

    FILES are checklists, or folders with checklists in them.

    \b
    Example:
      fidelity check my_checklist.rubric
      fidelity check pm_plus/individual/session_2
    """
    sources = named_sources(files, libraries, printing)
    problems = in_order(problem for file, text in sources for problem in examined(text, file)[1])
    printing.status = 1 if errors_in(problems) else 0
    if printing.format == "json":
        printing.json([each.as_json() for each in problems])
    elif short:
        click.echo("\n".join(map(_short, problems)))
    else:
        printing.problems(problems, on_stdout=True)
        click.echo(("\n" if problems else "") + _count(len(sources), problems))


def _short(problem: Problem) -> str:
    place = problem.place
    return f"{place.file}:{place.line}:{place.column}: {problem.code} {problem.message}"


def _count(files: int, problems: tuple[Problem, ...]) -> str:
    kinds = [(sum(each.severity == kind for each in problems), kind) for kind in ("error", "warning")]
    said = [counted(number, kind) for number, kind in kinds if number]
    return f"{counted(files, 'checklist')} checked: {' and '.join(said) or 'no problems'}."
