"""`fidelity check`: every problem of checklists."""

from datetime import date, datetime

import click

from fidelity.cli.opening import readable_sources, stands_alone
from fidelity.cli.printing import Printing, counted, format_option, library_option, table
from fidelity.errors import Problem, errors_in, in_order
from fidelity.kept import kept

MOST_SHOWN = 20


@click.command("check")
@click.argument("files", nargs=-1, required=True)
@click.option("--short", is_flag=True, help="One line a problem.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day on which the expiry of deviations is judged, for example 2026-11-21; without it, none is.",
)
@click.option("--cost", is_flag=True, help="Also say how many steps each rule takes for one observation.")
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    files: tuple[str, ...],
    short: bool,
    on: datetime | None,
    cost: bool,
    libraries: tuple[str, ...],
) -> None:
    """Read checklists and say everything that is wrong or doubtful.

    FILES are checklists, or folders with checklists in them. Of an adaptation, the checklist that it makes of
    its base is checked, and the base's examples are run again.

    \b
    Example:
      fidelity check my_checklist.rubric
      fidelity check my_adaptation.rubric --on 2026-11-21
      fidelity check pm_plus/individual/session_2
    """
    day = on.date() if on else None
    sources, unread = readable_sources(files, libraries, printing)
    found = (problem for file, text in sources for problem in _problems(file, text, libraries, day))
    problems = in_order([*unread, *found])
    printing.status = 1 if errors_in(problems) else 0
    if printing.format == "json":
        printing.json([each.as_json() for each in problems])
    elif short:
        click.echo("".join(f"{_short(each)}\n" for each in problems), nl=False)
    else:
        printing.problems(problems[:MOST_SHOWN], on_stdout=True)
        click.echo(("\n" if problems else "") + _count(len(sources), problems))
    if cost and printing.format == "text":
        for file, text in sources:
            click.echo(_cost(file, text, libraries), nl=False)


def _problems(file: str, text: str, libraries: tuple[str, ...], on: date | None) -> tuple[Problem, ...]:
    def found() -> tuple[Problem, ...]:
        # A text that was checked before needs nothing of what this loads.
        from fidelity.cli.findings import findings  # noqa: PLC0415

        return findings(file, text, libraries, on)[1]

    return kept("check", [file, text], found) if on is None and stands_alone(file, text) else found()


def _short(problem: Problem) -> str:
    place = problem.place
    return f"{place.file}:{place.line}:{place.column}: {problem.code} {problem.message}"


def _count(files: int, problems: tuple[Problem, ...]) -> str:
    kinds = [(sum(each.severity == kind for each in problems), kind) for kind in ("error", "warning")]
    said = [counted(number, kind) for number, kind in kinds if number]
    counts = f"{counted(files, 'file')} checked: {' and '.join(said) or 'no problems'}."
    more = len(problems) - MOST_SHOWN
    left = (
        f"\n{counted(more, 'finding')} more; put these right first, or see all with --short."
        if more > 0
        else ""
    )
    worth_reading = next((each.code for each in problems if each.severity != "info"), "")
    page = f"\nMore about a message: fidelity code {worth_reading}" if worth_reading else ""
    return counts + left + page


def _cost(file: str, text: str, libraries: tuple[str, ...]) -> str:
    from fidelity.language.reading import examined  # noqa: PLC0415 - see above
    from fidelity.model.cost import costs  # noqa: PLC0415

    checklist, _ = examined(text, file, libraries=libraries)
    if checklist is None:
        return ""
    rules = sorted(costs(checklist), key=lambda each: -each[1])
    rows = [*((name, str(steps)) for name, steps in rules)]
    rows.append(("all rules", str(sum(steps for _, steps in rules))))
    return f"\n{file}\n" + table(("rule", "steps for one observation"), rows) + "\n"
