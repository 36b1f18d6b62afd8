"""`fidelity restore`: a backup into a study's store."""

from pathlib import Path

import click

from fidelity.cli.printing import Printing, counted, format_option
from fidelity.cli.storing import head_told, study_option, tell_if_open
from fidelity.store.address import Address
from fidelity.store.backup import restore


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@study_option
@click.option("--replace", is_flag=True, help="Take the place of the store that is there; it stays beside.")
@format_option
@click.pass_obj
def command(printing: Printing, file: Path, address: Address, replace: bool) -> None:
    """Make a study's store from a backup, in a folder or in an empty database.

    The backup is verified first. This is also how a study moves from a folder to a server, and back.

    \b
    Example:
      fidelity restore backups/my_study-2026-11-22.sqlite --study my_study_again
    """
    printing.progress("Verifying the backup")
    found, kept = restore(file, address, replace=replace)
    printing.done()
    if printing.format == "json":
        told = {"study": address.shown, "revisions": found.revisions, "head": found.head._asdict()}
        printing.json({**told, "kept": str(kept) if kept else None})
    printing.say(f"{address.shown}: {counted(found.revisions, 'stored revision')} from {file}.")
    if kept is not None:
        printing.say(f"The store that was there is now {kept}.")
    printing.say(head_told(found.head))
    tell_if_open(printing, address)
