"""`fidelity pathway`: how each therapist stands after each date, by the rules of a programme."""

from datetime import datetime
from pathlib import Path

import click

from fidelity.cli.opening import opened_programme
from fidelity.cli.printing import Printing, format_option, library_option, table
from fidelity.errors import ProblemsFound, errors_in
from fidelity.model.number import trimmed
from fidelity.observe.course import read_courses
from fidelity.summaries.programme.pathway import After, Pathway


@click.command("pathway")
@click.argument("programme")
@click.argument("scored", nargs=-1, required=True)
@click.option(
    "--therapists",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A table of therapists with their facts.",
)
@click.option(
    "--on",
    "days",
    type=click.DateTime(["%Y-%m-%d"]),
    multiple=True,
    metavar="DATE",
    help="A day on which to judge as well, for example 2026-11-21; may be repeated.",
)
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    programme: str,
    scored: tuple[str, ...],
    therapists: Path | None,
    days: tuple[datetime, ...],
    libraries: tuple[str, ...],
) -> None:
    """Say which stages, doses and marks each therapist has reached, after each date.

    SCORED are observations that are scored already: what `fidelity score --format json` writes, a JSON list
    of therapists, or a CSV table with the columns therapist, date, checklist, source, rater, name and value.

    \b
    Example:
      fidelity pathway my_programme.rubric scores.json --therapists therapists.csv --on 2026-11-21
    """
    model = opened_programme(programme, libraries, printing)
    courses = read_courses([Path(name) for name in scored], model, therapists)
    if errors_in(courses.problems):
        raise ProblemsFound(courses.problems)
    on = [each.date() for each in days]
    ways = [
        (each.therapist, Pathway(model, each.facts, each.rows).after_each_date(on))
        for each in courses.therapists
    ]
    if printing.format == "json":
        printing.json(
            {
                "therapists": [
                    {"therapist": name, "after": [each.as_json() for each in way]} for name, way in ways
                ]
            }
        )
    else:
        click.echo(_as_text(ways))
    printing.problems(courses.problems)


def _as_text(ways: list[tuple[str, list[After]]]) -> str:
    """For each therapist a table with one line a date, and the doses at the end."""
    return "\n\n".join(_of_one(name, way) for name, way in ways)


def _of_one(name: str, way: list[After]) -> str:
    if not way:
        return f"{name}\nnothing observed"
    lines = [_told(each) for each in way]
    told = [name, table(list(lines[0]), [list(line.values()) for line in lines])]
    doses = [(dose, *found) for dose, found in way[-1].doses.items()]
    if doses:
        told.append(table(["dose", "contacts", "duration"], doses))
    return "\n".join(told)


def _told(after: After) -> dict[str, str]:
    figures = {name: "-" if value is None else trimmed(value, 2) for name, value in after.figures.items()}
    planned = {
        name: f"{len(each.taken)}, {each.second} twice" if each.second else str(len(each.taken))
        for name, each in after.planned.items()
    }
    return {"date": after.day.isoformat(), **after.stages, **after.drifts, **figures, **planned}
