"""`fidelity report`: the workbook, the pages and the feedback sheets, the trial pack."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import click

from fidelity.browser import browser, print_beside
from fidelity.cli.looking import look_option
from fidelity.cli.observing import data_argument, ignore_option, keep_good_option
from fidelity.cli.printing import Printing, counted, library_option
from fidelity.cli.speaking import language_option, study_in_language
from fidelity.cli.studying import on_option, studied
from fidelity.report.own_files import add_to_list
from fidelity.report.progress import Progress, Watching
from fidelity.report.sheets.chosen import Asked
from fidelity.report.words import words_for
from fidelity.study.writing import PackWanted, Written, therapists_folder, write_report
from fidelity.team_look import looking_like

OFTEN = 20  # one line of progress for so many sheets or pages


@click.command("report")
@click.argument("checklist", metavar="(CHECKLIST|PROGRAMME)")
@data_argument
@click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, help="The workbook to write (.xlsx)."
)
@click.option(
    "--pages", type=click.Path(path_type=Path), help="A folder for the HTML pages and feedback sheets."
)
@click.option(
    "--pdf", is_flag=True, help="With --pages: each feedback sheet also as PDF, where a browser is installed."
)
@click.option(
    "--pack",
    type=click.Path(path_type=Path),
    help="A folder for the trial pack: tables for a paper, de-identified data, codebook, methods.",
)
@click.option(
    "--public", is_flag=True, help="With --pack: tables for everybody, without small cells and without data."
)
@click.option(
    "--pack-key",
    "pack_key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --pack: keeps who has which code, so that codes stay the same when data are added. "
    "For the team alone: not in the pack.",
)
@click.option(
    "--sheets",
    type=click.Choice(["attention", "all", "none"]),
    help="Whose sheets the workbook has: those who need attention, everybody's, or nobody's. "
    "Up to 60 people everybody's; beyond that those who need attention, and the others in small workbooks "
    "in the folder REPORT_therapists.",
)
@look_option
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
    pdf: bool,
    pack: Path | None,
    public: bool,
    pack_key: Path | None,
    sheets: Asked | None,
    look: Path | None,
    language: str | None,
    on: datetime | None,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Write the workbook, with --pages the feedback sheets, with --pack the trial pack.

    With a programme also the sheet Stages: where each therapist stands, and why.
    DATA are CSV, XLSX, JSON or Parquet files, or the folder of a study.

    \b
    Example:
      fidelity report programmes/example_study/session my_study -o report.xlsx --pages pages
      fidelity report programme.rubric my_study -o report.xlsx --pack pack --public
    """
    wanted = _wanted(out, pages, pack, pack_key, pdf=pdf, public=public)
    study = studied(printing, checklist, data, on, ignore=ignore, keep_good=keep_good, libraries=libraries)
    study = study_in_language(study, language, printing)
    printing.progress("Working out what the report says")
    steps = ("Making the workbook: sheet", "Making small workbook", "Making page")
    watching = Watching(*(_one_by_one(printing, step) for step in steps))
    with looking_like(look):
        written = write_report(study, out, pages, wanted.pack, sheets, watching)
    _tell(printing, wanted, written)
    if study.later:
        printing.say(words_for(study.checklist).say("stage.later", number=study.later))


class _Wanted(NamedTuple):
    """What is written where."""

    workbook: Path
    pages: Path | None
    pack: PackWanted | None
    pdf: bool


def _wanted(
    out: Path, pages: Path | None, pack: Path | None, pack_key: Path | None, *, pdf: bool, public: bool
) -> _Wanted:
    """What the options ask for together; raises UsageError where one of them wants another."""
    if out.suffix != ".xlsx":
        raise click.UsageError(f"The name after -o must end in .xlsx; {out.name} does not.")
    if pack is None and (public or pack_key is not None):
        raise click.UsageError(
            "--public and --pack-key are about the trial pack: name its folder with --pack."
        )
    if pdf and pages is None:
        raise click.UsageError("--pdf prints the feedback sheets: name the folder of the pages with --pages.")
    return _Wanted(out, pages, PackWanted(pack, public, pack_key) if pack else None, pdf)


# ---- telling


def _tell(printing: Printing, wanted: _Wanted, written: Written) -> None:
    """Says what lies where; prints the feedback sheets on the way, where that is asked for."""
    printing.say(f"Workbook: {wanted.workbook}")
    if written.apart:
        folder = therapists_folder(wanted.workbook)
        printing.say(f"{counted(written.apart, 'small workbook')} of one person each: {folder}")
    if wanted.pages is not None:
        printing.say(f"Pages: {wanted.pages / 'index.html'}")
        if wanted.pdf:
            _print_sheets(printing, wanted.pages)
    if wanted.pack is not None:
        printing.say(f"Trial pack: {wanted.pack.folder / 'README.txt'}")
        if wanted.pack.public:
            printing.say("The pack is for everybody; the workbook and the pages are not.")
    for each in written.left:
        printing.say(f"{each} is of an earlier report; it was changed since or is open, so it stays.")


def _print_sheets(printing: Printing, pages: Path) -> None:
    """The feedback sheets as PDF beside their pages; without a browser it says so and leaves them out."""
    found, sheets = browser(), sorted((pages / "feedback").glob("*.html"))
    if found is None:
        printing.say("No PDF: no browser is installed here. Any browser prints the feedback sheets.")
        return
    made: list[Path] = []
    for number, sheet in enumerate(sheets, start=1):
        printing.progress(f"Printing feedback sheet {number} of {len(sheets)}")
        made += filter(None, [print_beside(found, sheet)])
    add_to_list(pages, [each.relative_to(pages).as_posix() for each in made])
    printing.done()
    left = f"; {len(sheets) - len(made)} could not be printed" if len(made) < len(sheets) else ""
    printing.say(f"PDF: {counted(len(made), 'feedback sheet')} in {pages / 'feedback'}{left}")


def _one_by_one(printing: Printing, what: str) -> Progress:
    """Says every now and then how far something has got."""

    def tell(done: int, of: int) -> None:
        if done % OFTEN == 0:
            printing.progress(f"{what} {done} of {of}")

    return tell
