"""`fidelity form`: an empty scoring form."""

from pathlib import Path

import click

from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, library_option
from fidelity.cli.speaking import in_language, language_option
from fidelity.files import write_whole
from fidelity.form.workbook import scoring_form


@click.command("form")
@click.argument("checklist")
@click.option("--to", "kind", type=click.Choice(["xlsx"]), required=True, help="The kind of form.")
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@language_option
@library_option
@click.pass_obj
def command(
    printing: Printing, checklist: str, kind: str, out: Path, language: str | None, libraries: tuple[str, ...]
) -> None:
    """Make an empty form that a supervisor fills in.

    \b
    Example:
      fidelity form pm_plus/individual/session_2 --to xlsx -o session_2.xlsx
    """
    if out.suffix != f".{kind}":
        raise click.UsageError(f"The name after -o must end in .{kind}; {out.name} does not.")
    model = opened(checklist, libraries, printing)
    shown = in_language(model, language, printing)
    write_whole(out, scoring_form(shown, shown.about.language))
    printing.say(f"{out}: form of {model.title}, version {model.about.version}.")
