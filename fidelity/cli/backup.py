"""`fidelity backup`: a study's store into one file."""

from pathlib import Path

import click

from fidelity.cli.printing import Printing, counted, format_option
from fidelity.cli.storing import head_told, study_option, tell_if_open
from fidelity.errors import WrongUse
from fidelity.store.address import Address
from fidelity.store.backup import back_up, bring_up_to_date


@click.command("backup")
@study_option
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option(
    "--upgrade", is_flag=True, help="Then bring the tables on a server up to date, for a newer program."
)
@format_option
@click.pass_obj
def command(printing: Printing, address: Address, out: Path, upgrade: bool) -> None:
    """Write the whole store of a study to one file, also while others write to it.

    The copy is verified before it gets its name. It holds all answers: keep it as safe as the study itself.

    A newer program may want other tables. A study in a folder is brought up to date when it is opened, and
    what was there stays beside. A study on a server waits for --upgrade, so that a backup is there first.

    \b
    Example:
      fidelity backup --study my_study -o backups/my_study-2026-11-22.sqlite
    """
    if out.is_dir():
        raise WrongUse(f"{out} is a folder; name the file to write.")
    if address.file is not None and out.exists() and address.file.exists() and out.samefile(address.file):
        raise WrongUse("A backup over the store itself would be none; name another file.")
    printing.progress("Copying the store")
    found = back_up(address, out)
    if upgrade:
        bring_up_to_date(address)
    printing.done()
    if printing.format == "json":
        printing.json({"file": str(out), "revisions": found.revisions, "head": found.head._asdict()})
    printing.say(f"{out}: {counted(found.revisions, 'stored revision')}, verified.")
    if upgrade:
        printing.say(f"{address.shown}: the tables are those of this program.")
    printing.say(head_told(found.head))
    tell_if_open(printing, address)
