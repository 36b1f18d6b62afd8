"""`fidelity withdraw`: a consent withdrawn, so that nothing of the session or client is kept."""

import click

from fidelity.cli.printing import Printing, counted, format_option
from fidelity.cli.storing import by_option, head_told, named_or_user, study_option, tell_if_open
from fidelity.errors import WrongUse
from fidelity.store.address import Address
from fidelity.store.log import Head, head
from fidelity.store.opening import opened, snapshot, transaction
from fidelity.store.withdrawal import Withdrawal, affected, wipe, withdraw


@click.command("withdraw")
@study_option
@click.option("--client", "clients", multiple=True, metavar="CODE", help="A client's code; may be repeated.")
@click.option(
    "--session", "sessions", multiple=True, metavar="CODE", help="A session's code; may be repeated."
)
@click.option("--why", required=True, metavar="TEXT", help="Why, in a few words without names, for the log.")
@click.option("--yes", is_flag=True, help="Do it. Without this, only what would go is shown.")
@by_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    address: Address,
    clients: tuple[str, ...],
    sessions: tuple[str, ...],
    why: str,
    yes: bool,
    who: str | None,
) -> None:
    """Take everything of a client or a session out of the study, because consent was withdrawn.

    Answers, comments and facts go from every revision and cannot be brought back. The log keeps a marked gap,
    and still verifies. The code itself stays in the log, so that nothing of it is stored again by mistake.
    Backups, forms and tables that were sent are not reached from here: the program says which.

    \b
    Example:
      fidelity withdraw --study my_study --client C014 --why "letter of 2 March"
      fidelity withdraw --study my_study --client C014 --why "letter of 2 March" --yes
    """
    if not clients and not sessions:
        raise click.UsageError("Say whose consent was withdrawn: --client CODE, or --session CODE.")
    clients, sessions = _stripped(clients), _stripped(sessions)
    if not why.strip():
        raise click.UsageError("Say why, in a few words without names: --why TEXT.")
    with opened(address, writes=yes) as connection:
        with snapshot(connection):
            found, end = affected(connection, clients, sessions), head(connection)
        if not found.gaps:
            printing.say("Nothing in the study has this code now; the log notes it all the same with --yes.")
        if yes:
            with transaction(connection):
                found = withdraw(connection, clients, sessions, why.strip(), named_or_user(who))
                end = head(connection)
            wipe(connection)
    _tell(printing, found, end, done=yes)
    tell_if_open(printing, address)


def _stripped(codes: tuple[str, ...]) -> tuple[str, ...]:
    stripped = tuple(dict.fromkeys(each.strip() for each in codes))
    if "" in stripped:
        raise WrongUse("A blank code stands for nobody; write the code of the client or session.")
    return stripped


def _tell(printing: Printing, found: Withdrawal, end: Head, *, done: bool) -> None:
    if printing.format == "json":
        printing.json({"done": done, **found._asdict(), "head": end._asdict()})
    observations, revisions = counted(len(found.records), "observation"), counted(len(found.gaps), "revision")
    if not done:
        printing.say(f"This would take away {observations} ({revisions}), for good. To do it, add --yes.")
        return
    printing.say(
        f"Taken away: {observations} ({revisions}). The log keeps {counted(len(found.gaps), 'marked gap')}."
    )
    printing.say(
        "Still to do by hand: backups, files in observations/, and the forms that were sent hold it as well."
    )
    if found.files:
        printing.say(f"It came from: {', '.join(found.files)}.")
    printing.say(head_told(end))
