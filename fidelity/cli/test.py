"""`fidelity test`: runs the examples that stand in checklists, and the histories in programmes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from fidelity.cli.missing_examples import Missing, suggested, suggestions_as_json, tell_suggestions
from fidelity.cli.opening import named_sources
from fidelity.cli.printing import Printing, counted, format_option, library_option
from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.evaluate.coverage import Coverage
from fidelity.evaluate.examples import ExampleRun, Failure, run
from fidelity.language.reading import examined_any
from fidelity.model.checklist import Checklist

if TYPE_CHECKING:
    from fidelity.model.programme import Programme


@click.command("test")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--coverage", is_flag=True, help="Also say which levels, gates and boundaries no example reaches."
)
@click.option("--suggest", is_flag=True, help="Write the examples that are missing, ready to paste.")
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing, files: tuple[str, ...], coverage: bool, suggest: bool, libraries: tuple[str, ...]
) -> None:
    """Run the examples in checklists, and the histories in programmes.

    FILES are checklists and programmes, or folders with them.

    \b
    Example:
      fidelity test my_checklist.rubric --coverage
      fidelity test my_checklist.rubric --suggest > examples.txt
    """
    runs: list[tuple[str, ExampleRun]] = []
    missing: list[tuple[str, Missing]] = []
    problems: list[Problem] = []
    for file, text in named_sources(files, libraries, printing):
        model, found = examined_any(text, file, libraries=libraries)
        if model is None:
            problems.extend(errors_in(found))
        else:
            runs.append((file, run(model) if isinstance(model, Checklist) else _histories(model)))
            if suggest and isinstance(model, Checklist):
                missing.append((file, suggested(model, text, libraries)))
    if problems:
        raise ProblemsFound(problems)
    printing.status = 1 if any(each.failed for _, each in runs) else 0
    if printing.format == "json":
        answer = _as_json(runs)
        printing.json(answer | {"suggestions": suggestions_as_json(missing)} if suggest else answer)
    else:
        _tell(runs, coverage, printing.say if suggest else click.echo)
        tell_suggestions(missing, printing)


def _histories(programme: "Programme") -> ExampleRun:
    from fidelity.summaries.programme import histories  # noqa: PLC0415 - the statistics, which checklists need not wait for

    found = histories.run(programme)
    failures = tuple(Failure(*each) for each in found.unmet)
    nothing: Coverage = {"levels": {}, "gates": {}, "boundaries": {}, "missing": {}}
    return ExampleRun(programme.id, found.passed, len(failures), failures, nothing)


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


def _tell(runs: list[tuple[str, ExampleRun]], coverage: bool, say: Callable[[str], None]) -> None:
    for _, each in runs:
        for failure in each.failures:
            say(failure.as_text() + "\n")
    for file, each in runs:
        failed = f", {each.failed} failed" if each.failed else ""
        say(f"{file}: {counted(each.passed, 'expectation')} passed{failed}")
        if coverage:
            for line in each.not_covered():
                say(f"  not covered: {line}")
