"""`--bad-cells FILE`: every cell that does not fit, as a table of where it is, what stands there, and why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click

from fidelity.errors import Problem, ProblemsFound
from fidelity.files import growing
from fidelity.model.observation import Observation
from fidelity.shield import csv_field

HEADING = ("file", "row", "column", "value", "reason", "advice")
SHOWN = ("answer", "no_such_day", "other", "other_version")  # facts that hold what stands in a cell

Note = Callable[[Observation], None]


@contextmanager
def bad_cells(path: Path | None) -> Iterator[Note]:
    """Takes refused records; the file is there at the end, also where the command refuses the data."""
    if path is None:
        yield lambda _: None
        return
    refused: ProblemsFound | None = None
    with growing(path) as beside, beside.open("wb") as file:
        _write(file, HEADING)
        try:
            yield partial(_note, file)
        except ProblemsFound as found:
            refused = found
    if refused is not None:
        raise refused


def _note(file: BinaryIO, observation: Observation) -> None:
    for each in observation.refused:
        _write(file, _cells(each))


def _cells(problem: Problem) -> tuple[str, ...]:
    facts = problem.facts
    row = facts.get("row") or facts.get("record") or problem.place.line
    value = next((str(facts[name]) for name in SHOWN if name in facts), "")
    column = str(facts.get("column", ""))
    return problem.place.file, str(row), column, value, problem.message, problem.help.replace("\n", " ")


def _write(file: BinaryIO, cells: tuple[str, ...]) -> None:
    file.write((",".join(map(csv_field, cells)) + "\r\n").encode())


bad_cells_option = click.option(
    "--bad-cells",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="A table of every cell that does not fit: its row and column, what stands there, why, what to do.",
)
