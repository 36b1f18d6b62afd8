"""`fidelity log`: the log of a study's store, verified and shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from fidelity.cli.printing import Printing, counted, format_option, table
from fidelity.cli.storing import head_told, study_option, tell_if_open
from fidelity.errors import UNPRINTABLE, Problem, ProblemsFound
from fidelity.files import write_folder
from fidelity.place import Place
from fidelity.store.address import Address
from fidelity.store.history import Told, history
from fidelity.store.log import head
from fidelity.store.opening import opened, snapshot
from fidelity.store.texts import kept_texts
from fidelity.store.verify import Verified, verify


@click.group("log")
def command() -> None:
    """Verify and show the log of a study: what was stored, corrected and withdrawn, by whom and when.

    Every entry holds the hash of the one before it, so that none can be changed, taken out or put in unseen.
    Publish the head from time to time where nobody can change it: in minutes, in a letter, with a registry.

    \b
    Example:
      fidelity log verify --study my_study
      fidelity log show --study my_study --session S017
    """


@command.command("verify")
@study_option
@click.option("--head", "published", metavar="HASH", default="", help="A head that was published before.")
@format_option
@click.pass_obj
def verify_command(printing: Printing, address: Address, published: str) -> None:
    """Say whether everything in the store is as it was written; if not, the first entry that is broken.

    \b
    Example:
      fidelity log verify --study my_study
      fidelity log verify --study my_study --head 4f1c...
    """
    printing.progress("Working out every hash anew")
    with opened(address) as connection, snapshot(connection):
        found = verify(connection, published.strip().lower())
    printing.done()
    problems = list(_problems(address, found, published))
    if printing.format == "json":
        printing.json(_verified(found, published, not problems))
    if problems:
        raise ProblemsFound(problems)
    if printing.format == "text":
        click.echo("\n".join(_told(found)))
    tell_if_open(printing, address)


@command.command("show")
@study_option
@click.option("--observation", metavar="ID", default="", help="Only what concerns this observation.")
@click.option("--session", metavar="ID", default="", help="Only what concerns this session.")
@format_option
@click.pass_obj
def show_command(printing: Printing, address: Address, observation: str, session: str) -> None:
    """Show the entries of the log, with what each of them stored.

    \b
    Example:
      fidelity log show --study my_study
      fidelity log show --study my_study --observation S017-R1 --format json
    """
    with opened(address) as connection, snapshot(connection):
        told = list(history(connection, observation=observation, session=session))
    if printing.format == "json":
        printing.json([each.as_json() for each in told])
    elif told:
        click.echo(table(("entry", "when (UTC)", "by", "what", "about"), [_line(each) for each in told]))
    else:
        printing.say("No entry of the log is about that.")


@command.command("head")
@study_option
@format_option
@click.pass_obj
def head_command(printing: Printing, address: Address) -> None:
    """Print the head of the log: the hash that stands for everything before it, to be published.

    \b
    Example:
      fidelity log head --study my_study
    """
    with opened(address) as connection, snapshot(connection):
        last = head(connection)
    if printing.format == "json":
        printing.json(last._asdict())
    else:
        click.echo(head_told(last))


@command.command("checklists")
@study_option
@click.option("-o", "out", type=click.Path(path_type=Path), help="A folder to write their texts into.")
@format_option
@click.pass_obj
def checklists_command(printing: Printing, address: Address, out: Path | None) -> None:
    """List the checklists that the stored observations were made with, and write their texts.

    \b
    Example:
      fidelity log checklists --study my_study -o old_checklists
    """
    with opened(address) as connection, snapshot(connection):
        kept = list(kept_texts(connection))
    if out is not None:
        for each in kept:
            folder = (
                out / f"{each.id}_{each.version or 'no_version'}_{each.fingerprint.rpartition(':')[2][:8]}"
            )
            write_folder(folder, {Path(file).name: text.encode() for file, text in each.sources})
            printing.say(f"{folder}: {counted(len(each.sources), 'file')}.")
    if printing.format == "json":
        printing.json([{**each._asdict(), "sources": [file for file, _ in each.sources]} for each in kept])
    elif out is None:
        rows = [
            [
                each.id,
                each.version,
                each.fingerprint.rpartition(":")[2][:12],
                ", ".join(f for f, _ in each.sources),
            ]
            for each in kept
        ]
        click.echo(table(("checklist", "version", "fingerprint", "files"), rows))


# ---- verifying


def _problems(address: Address, found: Verified, published: str) -> Iterator[Problem]:
    place = Place(address.shown)
    if found.broken is not None:
        yield Problem("RB507", place, {found.broken.what: found.broken.what, "entry": found.broken.entry})
    elif published and found.published is None:
        yield Problem("RB507", place, {"other_head": "other_head", "published": published[:64]})


def _told(found: Verified) -> Iterator[str]:
    gaps = f", {counted(found.gaps, 'gap')} that withdrawals left" if found.gaps else ""
    yield (
        f"Everything is as it was written: {counted(found.entries, 'entry').replace('entrys', 'entries')}, "
        f"{counted(found.revisions, 'stored revision')}{gaps}."
    )
    if found.published is not None:
        since = found.head.sequence - found.published
        yield f"The published head is entry {found.published}; {since} came since."
    yield head_told(found.head)


def _verified(found: Verified, published: str, holds: bool) -> dict[str, Any]:
    return {
        "holds": holds,
        "entries": found.entries,
        "revisions": found.revisions,
        "gaps": found.gaps,
        "head": found.head._asdict(),
        "first_broken": found.broken._asdict() if found.broken else None,
        "published": {"head": published, "entry": found.published} if published else None,
    }


# ---- showing


def _line(told: Told) -> tuple[str, ...]:
    entry = told.entry
    when = entry.at.replace("T", " ").rstrip("Z")
    cells = (str(entry.sequence), when, entry.who, entry.kind, told.about)
    # What somebody typed must not steer the terminal.
    return tuple(" ".join(UNPRINTABLE.sub("\ufffd", cell).split()) for cell in cells)
