"""`fidelity form`: an empty scoring form."""

from pathlib import Path

import click

from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, library_option
from fidelity.cli.speaking import in_language, language_option
from fidelity.files import write_whole
from fidelity.form.paper import paper_form
from fidelity.form.workbook import scoring_form

ENDINGS = {"xlsx": ".xlsx", "paper": ".html"}


@click.command("form")
@click.argument("checklist")
@click.option("--to", "kind", type=click.Choice(list(ENDINGS)), required=True, help="The kind of form.")
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@language_option
@library_option
@click.pass_obj
def command(
    printing: Printing, checklist: str, kind: str, out: Path, language: str | None, libraries: tuple[str, ...]
) -> None:
    """Make an empty form that a supervisor fills in: an Excel file, or a page to print.

    \b
    Example:
      fidelity form pm_plus/individual/session_2 --to xlsx -o session_2.xlsx
      fidelity form pm_plus/individual/session_2 --to paper -o session_2.html
    """
    if out.suffix != ENDINGS[kind]:
        raise click.UsageError(f"The name after -o must end in {ENDINGS[kind]}; {out.name} does not.")
    model = opened(checklist, libraries, printing)
    shown = in_language(model, language, printing)
    make = scoring_form if kind == "xlsx" else paper_form
    write_whole(out, make(shown, shown.about.language))
    printing.say(f"{out}: form of {model.title}, version {model.about.version}.")
