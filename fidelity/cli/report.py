"""`fidelity report`: the workbook, the pages and the feedback sheets."""

from datetime import datetime
from pathlib import Path

import click

from fidelity.cli.observing import data_argument, ignore_option, keep_good_option
from fidelity.cli.printing import Printing, library_option
from fidelity.cli.speaking import language_option, study_in_language
from fidelity.cli.studying import on_option, studied
from fidelity.report.words import words_for
from fidelity.study import write_report


@click.command("report")
@click.argument("checklist", metavar="(CHECKLIST|PROGRAMME)")
@data_argument
@click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, help="The workbook to write (.xlsx)."
)
@click.option(
    "--pages", type=click.Path(path_type=Path), help="A folder for the HTML pages and feedback sheets."
)
@language_option
@on_option
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
    language: str | None,
    on: datetime | None,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Write the workbook, and with --pages the feedback sheets.

    With a programme also the sheet Stages: where each therapist stands, and why.
    DATA are CSV, XLSX or JSON files, or the folder of a study.

    \b
    Example:
      fidelity report programmes/example_study/session my_study -o report.xlsx --pages pages
    """
    if out.suffix != ".xlsx":
        raise click.UsageError(f"The name after -o must end in .xlsx; {out.name} does not.")
    study = studied(printing, checklist, data, on, ignore=ignore, keep_good=keep_good, libraries=libraries)
    study = study_in_language(study, language, printing)
    printing.progress("Writing the workbook" + (" and the pages" if pages else ""))
    write_report(study, out, pages)
    printing.say(f"Workbook: {out}")
    if pages is not None:
        printing.say(f"Pages: {pages / 'index.html'}")
    if study.later:
        printing.say(words_for(study.checklist).say("stage.later", number=study.later))
