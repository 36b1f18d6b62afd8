"""`fidelity report`: the workbook, the pages and the feedback sheets."""

from pathlib import Path

import click

from fidelity.cli.observing import data_argument, ignore_option, keep_good_option, observed
from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, library_option
from fidelity.study import summarise, write_report


@click.command("report")
@click.argument("checklist")
@data_argument
@click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, help="The workbook to write (.xlsx)."
)
@click.option(
    "--pages", type=click.Path(path_type=Path), help="A folder for the HTML pages and feedback sheets."
)
@ignore_option
@keep_good_option
@library_option
@click.pass_obj
def command(
    printing: Printing,
    checklist: str,
    data: tuple[str, ...],
    out: Path,
    pages: Path | None,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Write the workbook, and with --pages the feedback sheets.

    DATA are CSV, XLSX or JSON files, or the folder of a study.

    \b
    Example:
      fidelity report programmes/example_study/session my_study -o report.xlsx --pages pages
    """
    if out.suffix != ".xlsx":
        raise click.UsageError(f"The name after -o must end in .xlsx; {out.name} does not.")
    model = opened(checklist, libraries, printing)
    printing.progress("Reading the data")
    reading = observed(printing, model, data, ignore, keep_good=keep_good)
    printing.progress("Scoring and summarising")
    study = summarise(model, reading)
    printing.progress("Writing the workbook" + (" and the pages" if pages else ""))
    write_report(study, out, pages)
    printing.say(f"Workbook: {out}")
    if pages is not None:
        printing.say(f"Pages: {pages / 'index.html'}")
