"""`fidelity import`: filled forms and tables to a table of observations, or into a study."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from fidelity.cli.double_entry import double_option, read_double
from fidelity.cli.kept_checklists import kept_text
from fidelity.cli.observing import ignore_option
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing, counted, format_option, library_option
from fidelity.cli.receiving import Target, receive, receive_double
from fidelity.cli.storing import STUDY, by_option, named_or_user
from fidelity.errors import ProblemsFound, errors_in
from fidelity.files import write_whole
from fidelity.model.checklist import Checklist, Fact
from fidelity.observe.blank import if_alone
from fidelity.observe.files import READABLE, unread_files
from fidelity.observe.filled_form import ENDINGS, read_forms, write_csv
from fidelity.observe.identifying import identifying_texts, identifying_values
from fidelity.observe.received import Wanted
from fidelity.observe.to_come import days_to_come, today
from fidelity.store.address import Address
from fidelity.study.loading import checklists_of

MOST_UNREAD = 5  # files that are named


@click.command("import")
@click.argument("forms", nargs=-1, required=True)
@click.option(
    "--checklist",
    "named",
    required=True,
    multiple=True,
    help="The checklist that the forms were made from; with --study more than one, or a programme.",
)
@click.option("-o", "out", type=click.Path(path_type=Path), help="The CSV file to write.")
@click.option("--study", "address", **STUDY)
@by_option
@ignore_option
@click.option(
    "--declare",
    "declared",
    multiple=True,
    metavar="COLUMN",
    help="A column that names nobody, however it looks; may be repeated.",
)
@double_option
@click.option(
    "--keep-good", is_flag=True, help="Store what is right, and say which files or records were left."
)
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    forms: tuple[str, ...],
    named: tuple[str, ...],
    out: Path | None,
    address: Address | None,
    who: str | None,
    ignore: tuple[str, ...],
    declared: tuple[str, ...],
    double: bool,
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Read filled forms into a table of observations, or forms and tables into a study.

    FORMS are files, or folders of them. With -o they are forms, and become one table. With --study they are
    forms and tables of any kind, and are stored with a log in which nothing changes unseen. Nothing is
    written while one of them has a problem. A file that was received before is skipped.

    \b
    Example:
      fidelity import forms/*.xlsx --checklist pm_plus/individual/session_2 -o observations.csv
      fidelity import forms --checklist pm_plus/individual/session_2 --study my_study
    """
    checklists, facts = _checklists(named, libraries, printing)
    if (out is None) == (address is None):
        raise click.UsageError("Say where the observations go: either -o FILE.csv, or --study DIR.")
    paths = [Path(name) for name in forms]
    _tell_unread(printing, paths, ENDINGS if out is not None else READABLE)
    if out is not None:
        _to_table(printing, paths, checklists, out, double=double)
    elif address is not None:
        texts = {each.fingerprint: kept_text(each, libraries) for each in checklists.values()}
        target = Target(address, texts, named_or_user(who), keep_good)
        wanted = Wanted(checklists, ignore, declared, facts, today())
        (receive_double if double else receive)(printing, paths, wanted, target)


def _tell_unread(printing: Printing, paths: Iterable[Path], endings: tuple[str, ...]) -> None:
    """Files of other kinds in a folder are no mistake, but somebody may have meant one of them."""
    unread = [str(path) for path in unread_files(paths, endings)]
    more = f" and {len(unread) - MOST_UNREAD} more" if len(unread) > MOST_UNREAD else ""
    if unread:
        printing.say(f"Not read, being of another kind: {', '.join(unread[:MOST_UNREAD])}{more}.")


def _checklists(
    named: Iterable[str], libraries: tuple[str, ...], printing: Printing
) -> tuple[dict[str, Checklist], dict[str, Fact]]:
    """The checklists that are named, those of programmes too, and the facts that a programme asks for."""
    found: dict[str, Checklist] = {}
    facts: dict[str, Fact] = {}
    for name in named:
        model = opened_any(name, libraries, printing)
        if isinstance(model, Checklist):
            found[model.id] = model
        else:
            found |= checklists_of(model, libraries)
            facts |= {each.id: each for each in model.facts}
    return found, facts


# ---- one table


def _to_table(
    printing: Printing, paths: list[Path], checklists: dict[str, Checklist], out: Path, *, double: bool
) -> None:
    if out.suffix != ".csv":
        raise click.UsageError(f"The name after -o must end in .csv; {out.name} does not.")
    if len(checklists) > 1:
        raise click.UsageError("With -o name one checklist: a table belongs to one.")
    model = next(iter(checklists.values()))
    reading = read_double(paths, model) if double else read_forms(paths, model)
    problems = [
        *reading.problems,
        *(problem for each in reading.observations for problem in each.refused),
        *days_to_come(reading.observations, today()),
    ]
    if not reading.observations:
        problems = list(map(if_alone, problems))
    if errors_in(problems):
        raise ProblemsFound(problems)
    found = (*identifying_values(reading.observations), *identifying_texts(reading.observations))
    personal = [replace(each, graded="warning") for each in found]
    printing.problems([*problems, *personal])
    write_whole(out, write_csv(reading.observations, model).encode())
    printing.say(f"{out}: {counted(len(reading.observations), 'form')} imported.")
    if printing.format == "json":
        told = [each.as_json() for each in (*problems, *personal)]
        printing.json({"file": str(out), "observations": len(reading.observations), "warnings": told})
