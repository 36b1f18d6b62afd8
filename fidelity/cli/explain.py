"""`fidelity explain`: why an observation got its results."""

import click

from fidelity.cli.observing import data_argument, ignore_option, observed
from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, format_option, library_option
from fidelity.cli.speaking import in_language, language_option
from fidelity.errors import WrongUse
from fidelity.evaluate.changes import changing
from fidelity.evaluate.evaluator import compile
from fidelity.language.names import nearest
from fidelity.report.explanation import Detail, explained, explained_as_json


@click.command("explain")
@click.argument("checklist")
@data_argument
@click.option("--observation", "wanted", required=True, metavar="ID", help="Which observation to explain.")
@click.option(
    "--detail",
    type=click.Choice(["line", "short", "full", "table"]),
    default="full",
    show_default=True,
    help="How much text: a line for each result, the main reasons, everything, or the auditor's table. "
    "JSON always has everything.",
)
@language_option
@ignore_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    checklist: str,
    data: tuple[str, ...],
    wanted: str,
    detail: Detail,
    language: str | None,
    ignore: tuple[str, ...],
    libraries: tuple[str, ...],
) -> None:
    """Say why an observation got its scores and levels, and what would have changed them.

    \b
    Example:
      fidelity explain pm_plus/individual/session_2 observations.csv --observation S017-R1
      fidelity explain pm_plus/individual/session_2 observations.csv --observation S017-R1 --detail line
    """
    model = opened(checklist, libraries, printing)
    reading = observed(printing, model, data, ignore, keep_good=True)
    good = [each for each in reading.observations if not each.refused]
    one = next((each for each in good if each.observation == wanted), None)
    if one is None:
        near = nearest(wanted, [each.observation for each in good])
        hint = f' Did you mean "{near}"?' if near else ""
        raise WrongUse(f'There is no observation "{wanted}" that could be scored in the data.{hint}')
    scored = compile(model).score(one)
    changes = changing(model)(one, scored)
    shown = in_language(model, language, printing)
    if printing.format == "json":
        printing.json(explained_as_json(shown, one, scored, changes))
    else:
        click.echo(explained(shown, one, scored, changes, detail))
