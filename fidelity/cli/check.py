"""`fidelity check`: every problem of checklists."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from fidelity.cli.locking import stale
from fidelity.cli.opening import named_sources
from fidelity.cli.printing import Printing, counted, format_option, library_option, table
from fidelity.errors import Problem, errors_in, in_order
from fidelity.evaluate.untested import untested
from fidelity.language import examined_any
from fidelity.language.check import graded
from fidelity.model.checklist import Checklist
from fidelity.model.cost import costs

if TYPE_CHECKING:
    from fidelity.model.programme import Programme

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
    read = [
        (file, text, *examined_any(text, file, libraries=libraries, on=day))
        for file, text in named_sources(files, libraries, printing)
    ]
    problems = in_order(problem for each in read for problem in _problems(*each, libraries))
    printing.status = 1 if errors_in(problems) else 0
    if printing.format == "json":
        printing.json([each.as_json() for each in problems])
    elif short:
        click.echo("\n".join(map(_short, problems)))
    else:
        printing.problems(problems[:MOST_SHOWN], on_stdout=True)
        click.echo(("\n" if problems else "") + _count(len(read), problems))
    if cost and printing.format == "text":
        for _, _, model, _ in read:
            if isinstance(model, Checklist):
                click.echo("\n" + _cost(model))


def _problems(
    file: str,
    text: str,
    checklist: "Checklist | Programme | None",
    problems: tuple[Problem, ...],
    libraries: tuple[str, ...],
) -> Iterator[Problem]:
    yield from problems
    if isinstance(checklist, Checklist):
        yield from stale(checklist)
        gaps = (each for each in untested(checklist) if each.place.file == file)
        yield from graded(gaps, checklist.allowed)
    if checklist is not None and checklist.origin is not None:
        from fidelity.moved_examples import moved_examples  # noqa: PLC0415 - the evaluator, for adaptations only

        told = [str(each.facts["example"]) for each in problems if each.code == "RB305"]
        yield from moved_examples(checklist, text, libraries=libraries, told=told)


def _short(problem: Problem) -> str:
    place = problem.place
    return f"{place.file}:{place.line}:{place.column}: {problem.code} {problem.message}"


def _count(files: int, problems: tuple[Problem, ...]) -> str:
    kinds = [(sum(each.severity == kind for each in problems), kind) for kind in ("error", "warning")]
    said = [counted(number, kind) for number, kind in kinds if number]
    counts = f"{counted(files, 'checklist')} checked: {' and '.join(said) or 'no problems'}."
    more = len(problems) - MOST_SHOWN
    left = (
        f"\n{counted(more, 'finding')} more; put these right first, or see all with --short."
        if more > 0
        else ""
    )
    page = f"\nMore about a message: fidelity code {problems[0].code}" if said else ""
    return counts + left + page


def _cost(checklist: Checklist) -> str:
    rules = sorted(costs(checklist), key=lambda each: -each[1])
    rows = [
        *((name, str(steps)) for name, steps in rules),
        ("all rules", str(sum(steps for _, steps in rules))),
    ]
    return f"{checklist.file}\n" + table(("rule", "steps for one observation"), rows)
