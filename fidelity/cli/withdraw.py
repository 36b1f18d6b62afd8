"""`fidelity withdraw`: a consent withdrawn, so that nothing of the session or client is kept."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import click

from fidelity.cli.printing import Printing, counted, format_option
from fidelity.cli.storing import (
    by_option,
    head_told,
    legible,
    named_or_user,
    study_option,
    tell_if_open,
    why_option,
)
from fidelity.errors import WrongUse
from fidelity.language.names import nearest
from fidelity.store.address import Address
from fidelity.store.consent import Withdrawn, withdrawn
from fidelity.store.log import Entry, Head, head
from fidelity.store.opening import opened, snapshot, transaction
from fidelity.store.receipts import files_of
from fidelity.store.withdrawal import Withdrawal, affected, stored_codes, take_back, wipe, withdraw

MOST_NAMED = 8  # codes on one line


class _Asked(NamedTuple):
    """Whose consent it is about, why, and who says so."""

    clients: tuple[str, ...]
    sessions: tuple[str, ...]
    why: str
    who: str

    def within(self, known: Withdrawn) -> list[Entry]:
        """The entries that withdrew one of these codes."""
        return [
            *(known.clients[each] for each in self.clients if each in known.clients),
            *(known.sessions[each] for each in self.sessions if each in known.sessions),
        ]


@click.command("withdraw")
@study_option
@click.option(
    "--client",
    "clients",
    multiple=True,
    callback=legible,
    metavar="CODE",
    help="A client's code; may be repeated.",
)
@click.option(
    "--session",
    "sessions",
    multiple=True,
    callback=legible,
    metavar="CODE",
    help="A session's code; may be repeated.",
)
@why_option
@click.option("--yes", is_flag=True, help="Do it. Without this, only what would happen is shown.")
@click.option("--beforehand", is_flag=True, help="Also for a code of which nothing is stored yet.")
@click.option(
    "--take-back", "back", is_flag=True, help="The code was withdrawn by mistake: it may be stored again."
)
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
    beforehand: bool,
    back: bool,
    who: str | None,
) -> None:
    """Take everything of a client or a session out of the study, because consent was withdrawn.

    Answers, comments and facts go from every revision and cannot be brought back. The log keeps a marked gap,
    and still verifies. The code itself stays in the log, so that nothing of it is stored again by mistake.
    Backups, forms and tables that were sent are not reached from here: the program says which.

    If it was the wrong code, --take-back lets that code be stored again. Its answers are gone from the study;
    import the files that they came from once more.

    \b
    Example:
      fidelity withdraw --study my_study --client C014 --why "letter of 2 March"
      fidelity withdraw --study my_study --client C014 --why "letter of 2 March" --yes
      fidelity withdraw --study my_study --client C014 --why "C041 was meant" --take-back --yes
    """
    if not clients and not sessions:
        raise click.UsageError("Say whose consent was withdrawn: --client CODE, or --session CODE.")
    if back and beforehand:
        raise click.UsageError("What is taken back was withdrawn before: leave --beforehand out.")
    asked = _Asked(_stripped(clients), _stripped(sessions), why, named_or_user(who))
    if back:
        _take_back(printing, address, asked, done=yes)
    else:
        _withdraw(printing, address, asked, done=yes, beforehand=beforehand)
    tell_if_open(printing, address)


def _stripped(codes: tuple[str, ...]) -> tuple[str, ...]:
    stripped = tuple(dict.fromkeys(each.strip() for each in codes))
    if "" in stripped:
        raise WrongUse("A blank code stands for nobody; write the code of the client or session.")
    return stripped


# ---- withdrawing


def _withdraw(printing: Printing, address: Address, asked: _Asked, *, done: bool, beforehand: bool) -> None:
    came = _withdrawn(address, asked, done=done, beforehand=beforehand)
    if printing.format == "json":
        printing.json({"done": done, **came.found._asdict(), "head": came.end._asdict()})
    for each in asked.within(came.known):
        printing.say(f"Withdrawn before: {_withdrawal_told(each)}.")
    if came.strange:
        printing.say(f"Beforehand: nothing of it will be stored{'' if done else ', once --yes is added'}.")
    if came.found.gaps or not came.strange:
        _tell(printing, came.found, done=done)
    if done:
        printing.say(head_told(came.end))


class _Came(NamedTuple):
    """What was withdrawn before, the codes of which nothing is stored, what goes, and where the log ends."""

    known: Withdrawn
    strange: list[str]
    found: Withdrawal
    end: Head


def _withdrawn(address: Address, asked: _Asked, *, done: bool, beforehand: bool) -> _Came:
    """What goes, or would go; raises WrongUse for codes that nobody expects."""
    with opened(address, writes=done) as connection:
        with snapshot(connection):
            known, (clients, sessions) = withdrawn(connection), stored_codes(connection)
            found, end = affected(connection, asked.clients, asked.sessions), head(connection)
        strange = [
            *_strange("client", asked.clients, clients, known.clients),
            *_strange("session", asked.sessions, sessions, known.sessions),
        ]
        if strange and not beforehand:
            raise WrongUse(
                "\n".join(strange) + "\nNothing was done. If nothing of it came in yet and nothing may, "
                "add --beforehand."
            )
        if done and (found.gaps or strange):
            with transaction(connection):
                found, end = withdraw(connection, *asked), head(connection)
        if done:  # also for what went before: writing the file anew may not have been possible then
            wipe(connection, address)
    return _Came(known, strange, found, end)


def _strange(
    what: str, codes: Collection[str], stored: Collection[str], before: Collection[str]
) -> Iterator[str]:
    """What is said of each code of which nothing is stored, and nothing was."""
    for code in codes:
        if code not in stored and code not in before:
            yield f'Nothing is stored of a {what} "{code}".{_meant(code, stored)}'


def _tell(printing: Printing, found: Withdrawal, *, done: bool) -> None:
    if not found.gaps:
        printing.say("Nothing of it is stored now." if done else "Nothing of it is stored: nothing would go.")
        return
    observations, revisions = counted(len(found.records), "observation"), counted(len(found.gaps), "revision")
    if not done:
        printing.say(f"This would take away {observations} ({revisions}), for good. To do it, add --yes.")
        _tell_whose(printing, found)
        return
    gaps = counted(len(found.gaps), "marked gap")
    printing.say(f"Taken away: {observations} ({revisions}). The log keeps {gaps}.")
    _tell_whose(printing, found)
    printing.say(
        "Still to do by hand: backups, files in observations/, and the forms that were sent hold it as well."
    )
    if found.files:
        printing.say(f"It came from: {', '.join(found.files)}.")


def _tell_whose(printing: Printing, found: Withdrawal) -> None:
    """How many sessions, and of whom: a wrong code shows here."""
    whose = {
        "session": found.sessions,
        "client": found.clients,
        "therapist": found.therapists,
        "rater": found.raters,
    }
    for what, codes in whose.items():
        if codes:
            more = f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else ""
            printing.say(f"  {counted(len(codes), what)}: {', '.join(codes[:MOST_NAMED])}{more}")


# ---- taking it back


def _take_back(printing: Printing, address: Address, asked: _Asked, *, done: bool) -> None:
    entries, files, end = _taken_back(address, asked, done=done)
    if printing.format == "json":
        of = {"clients": asked.clients, "sessions": asked.sessions}
        printing.json({"done": done, **of, "files": files, "head": end._asdict()})
    for entry in entries:
        printing.say(f"Withdrawn: {_withdrawal_told(entry)}.")
    codes = ", ".join((*asked.clients, *asked.sessions))
    if not done:
        printing.say(f"This would let {codes} be stored again. To do it, add --yes.")
        return
    printing.say(f"{codes}: may be stored again. What was taken away stays gone.")
    if files:
        printing.say(f"It came from: {', '.join(files)}. Import that once more.")
    printing.say(head_told(end))


def _taken_back(address: Address, asked: _Asked, *, done: bool) -> tuple[list[Entry], list[str], Head]:
    """The withdrawals, the files that their answers came from, and where the log ends."""
    with opened(address, writes=done) as connection:
        with snapshot(connection):
            known, end = withdrawn(connection), head(connection)
            entries = asked.within(known)
            files = files_of(connection, {gap for entry in entries for gap in entry.noted["gaps"]})
        strange = [
            *_not_withdrawn("client", asked.clients, known.clients),
            *_not_withdrawn("session", asked.sessions, known.sessions),
        ]
        if strange:
            raise WrongUse("\n".join((*strange, "Nothing was done.")))
        if done:
            with transaction(connection):
                take_back(connection, *asked)
                end = head(connection)
    return entries, files, end


def _not_withdrawn(what: str, codes: Collection[str], known: Mapping[str, Entry]) -> Iterator[str]:
    for code in codes:
        if code not in known:
            yield f'The consent of no {what} "{code}" is withdrawn.{_meant(code, known)}'


def _withdrawal_told(entry: Entry) -> str:
    note = entry.noted
    codes = ", ".join((*note["clients"], *note["sessions"]))
    return f"{codes}, by {entry.who} on {entry.at[:10]} (entry {entry.sequence}), {note['why']}"


def _meant(code: str, known: Collection[str]) -> str:
    """The code that was probably meant, in a question."""
    small = {each.casefold(): each for each in sorted(known)}
    near = small.get(nearest(code.casefold(), small))
    return f' Did you mean "{near}"?' if near else ""
