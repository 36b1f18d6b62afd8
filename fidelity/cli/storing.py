"""What commands share that care for a study's store: options, who does it, how the log's end is told."""

import getpass
from collections.abc import Callable
from typing import Any, TypeVar

import click

from fidelity.cli.printing import Printing
from fidelity.store.address import Address, address_of
from fidelity.store.log import Head
from fidelity.store.opening import too_open
from fidelity.store.records import NO_TEXT

Command = TypeVar("Command", bound=Callable[..., Any])


def addressed(_ctx: click.Context, _parameter: click.Parameter, named: str | None) -> Address | None:
    """The store that the option names."""
    return None if named is None else address_of(named)


def study_option(command: Command) -> Command:
    """The option `--study DIR`, where it must be given."""
    return click.option("--study", "address", required=True, **STUDY)(command)


STUDY: dict[str, Any] = {
    "metavar": "DIR",
    "callback": addressed,
    "help": "The folder of the study, or the URL of its database: postgresql+pg8000://user@host/database.",
}


def legible(_ctx: click.Context, _parameter: click.Parameter, typed: Any) -> Any:
    """A text or several as they were typed; refused where the terminal sent signs that no text has."""
    if typed and NO_TEXT.search("".join(typed)):
        raise click.BadParameter("there is a sign in it that is not UTF-8. Type it anew.")
    return typed


def _reason(context: click.Context, parameter: click.Parameter, typed: str) -> str:
    why = str(legible(context, parameter, typed)).strip()
    if not why:
        raise click.UsageError("Say why, in a few words without names: --why TEXT.")
    return why


why_option = click.option(
    "--why",
    required=True,
    callback=_reason,
    metavar="TEXT",
    help="Why, in a few words without names, for the log.",
)
by_option = click.option(
    "--by",
    "who",
    metavar="NAME",
    callback=legible,
    help="Who does it, for the log; otherwise your name on this computer.",
)


def named_or_user(who: str | None) -> str:
    """Who does it: the name that was given, or that of the user."""
    if who:
        return who
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def tell_if_open(printing: Printing, address: Address) -> None:
    """Says that others may look into the store, and how to close it."""
    printing.problems(too_open(address))


def head_told(head: Head) -> str:
    """The end of the log, as it is published."""
    return f"Head of the log: entry {head.sequence}, {head.hash}"
