"""`fidelity test`: runs the examples that stand in checklists."""

from typing import Any

import click

from fidelity.cli.opening import named_sources
from fidelity.cli.printing import Printing, format_option, library_option
from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.evaluate.examples import ExampleRun, run
from fidelity.language import examined


@click.command("test")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--coverage", is_flag=True, help="Also say which levels, gates and boundaries no example reaches."
)
@library_option
@format_option
@click.pass_obj
def command(printing: Printing, files: tuple[str, ...], coverage: bool, libraries: tuple[str, ...]) -> None:
    """Run the examples in checklists.

    FILES are checklists, or folders with checklists in them.

    \b
    Example:
      fidelity test my_checklist.rubric --coverage
    """
    runs: list[tuple[str, ExampleRun]] = []
    problems: list[Problem] = []
    for file, text in named_sources(files, libraries, printing):
        checklist, found = examined(text, file, libraries=libraries)
        if checklist is None:
            problems.extend(errors_in(found))
        else:
            runs.append((file, run(checklist)))
    if problems:
        raise ProblemsFound(problems)
    printing.status = 1 if any(each.failed for _, each in runs) else 0
    if printing.format == "json":
        printing.json(_as_json(runs))
    else:
        _tell(runs, coverage)


def _as_json(runs: list[tuple[str, ExampleRun]]) -> dict[str, Any]:
    covered: dict[str, dict[str, Any]] = {"levels": {}, "gates": {}, "boundaries": {}, "missing": {}}
    for _, each in runs:
        for kind, entries in covered.items():
            entries.update(each.coverage[kind] if len(runs) == 1 else _prefixed(each, kind))
    return {
        "passed": sum(each.passed for _, each in runs),
        "failed": sum(each.failed for _, each in runs),
        "failures": [failure.as_json() for _, each in runs for failure in each.failures],
        "coverage": covered,
    }


def _prefixed(each: ExampleRun, kind: str) -> dict[str, Any]:
    return {f"{each.checklist}: {name}": value for name, value in each.coverage[kind].items()}


def _tell(runs: list[tuple[str, ExampleRun]], coverage: bool) -> None:
    for _, each in runs:
        for failure in each.failures:
            click.echo(failure.as_text() + "\n")
    for file, each in runs:
        failed = f", {each.failed} failed" if each.failed else ""
        click.echo(f"{file}: {each.passed} expectations passed{failed}")
        if coverage:
            for line in each.not_covered():
                click.echo(f"  not covered: {line}")
