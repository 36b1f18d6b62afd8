"""`fidelity format`: checklists in the one layout that all files share."""

from pathlib import Path

import click

from fidelity.cli.opening import named_sources
from fidelity.cli.printing import Printing, counted, format_option, library_option
from fidelity.errors import Problem, ProblemsFound, WrongUse
from fidelity.files import write_whole
from fidelity.language.layout import formatted


@click.command("format")
@click.argument("files", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Change nothing; say which files would change, with status 1.")
@library_option
@format_option
@click.pass_obj
def command(printing: Printing, files: tuple[str, ...], check: bool, libraries: tuple[str, ...]) -> None:
    """Lay out checklists, adaptations and programmes, in place.

    FILES are such files, or folders with such files in them. Words, texts and remarks stay as they are.
    A file that cannot be read stays untouched.

    \b
    Example:
      fidelity format my_checklist.rubric
      fidelity format my_folder --check
    """
    sources = named_sources(files, libraries, printing)
    changed: list[str] = []
    problems: list[Problem] = []
    for file, text in sources:
        try:
            laid_out = formatted(text, file)
        except ProblemsFound as unreadable:
            problems.extend(unreadable.problems)
            continue
        if laid_out != text:
            changed.append(file)
            if not check:
                _write(file, laid_out)
    printing.status = 1 if problems or (check and changed) else 0
    if printing.format == "json":
        printing.json({"changed": changed, "problems": [each.as_json() for each in problems]})
    else:
        _tell(changed, len(sources), check)
    printing.problems(problems)


def _write(file: str, laid_out: str) -> None:
    path = Path(file).resolve()
    if not path.exists():
        raise WrongUse(f'"{file}" comes with the program and stays as it is. Copy it to change it.')
    write_whole(path, laid_out.encode())


def _tell(changed: list[str], files: int, check: bool) -> None:
    did = "would change" if check else "changed"
    for file in changed:
        click.echo(f"{file} {did}.")
    if not changed:
        click.echo(f"{counted(files, 'file')} read: nothing to change.")
