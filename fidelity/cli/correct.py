"""`fidelity correct`: one observation of a study corrected, as a new revision that says who, when and why."""

from collections.abc import Iterable
from typing import NamedTuple

import click
from click import UsageError

from fidelity.cli.kept_checklists import checklist_of, kept_text
from fidelity.cli.opening import opened as opened_checklist
from fidelity.cli.printing import Printing, format_option, library_option
from fidelity.cli.storing import (
    by_option,
    head_told,
    legible,
    named_or_user,
    study_option,
    tell_if_open,
    why_option,
)
from fidelity.errors import Problem, ProblemsFound, WrongUse, errors_in
from fidelity.language.names import nearest
from fidelity.model.checklist import Checklist
from fidelity.observe.corrected import corrected
from fidelity.observe.match import REPORTED, names_of
from fidelity.observe.to_come import days_to_come, today
from fidelity.place import Place
from fidelity.store.address import Address
from fidelity.store.consent import withdrawn
from fidelity.store.content import FACT, FINGERPRINT, Given, asked_in, columns_of, read
from fidelity.store.intake import problem_of
from fidelity.store.log import Head, head
from fidelity.store.opening import opened, snapshot, transaction
from fidelity.store.records import (
    Kept,
    Stored,
    add_revision,
    named,
    objection_to_correction,
    stored,
)
from fidelity.store.texts import keep_text, kept_texts


class _Asked(NamedTuple):
    """What is to be corrected, where, by whom, and why."""

    observation: str
    address: Address
    columns: dict[str, str]
    why: str
    who: str
    checklist: str | None
    libraries: tuple[str, ...]


@click.command("correct")
@click.argument("observation", callback=legible)
@study_option
@click.option(
    "--set",
    "changes",
    multiple=True,
    required=True,
    callback=legible,
    metavar="COLUMN=VALUE",
    help="What it should say, for example welcome=done; nothing after the = makes a blank. May be repeated.",
)
@why_option
@click.option("--checklist", help="The checklist; otherwise the text of it that the study keeps.")
@by_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    observation: str,
    address: Address,
    changes: tuple[str, ...],
    why: str,
    checklist: str | None,
    who: str | None,
    libraries: tuple[str, ...],
) -> None:
    """Correct an observation of a study.

    The correction is a new revision: what was there before stays, and the log says who changed what, and why.

    \b
    Example:
      fidelity correct S017-R1 --study my_study --set welcome=done --why "box misread"
    """
    columns = _columns(changes)
    asked = _Asked(observation, address, columns, why, named_or_user(who), checklist, libraries)
    before = _before(asked)
    model = _checklist(printing, asked, before)
    given = _given(printing, asked, before, model)
    if given.content == before.content:
        printing.say(f"{observation} says that already; nothing was changed.")
        return
    kept, end = _stored(asked, before, model, given)
    name = given.observation.observation
    if printing.format == "json":
        printing.json({"observation": name, **kept._asdict(), "head": end._asdict()})
    printing.say(f"{name}: revision {kept.number} is stored, and what was there before stays in the log.")
    printing.say(head_told(end))
    tell_if_open(printing, address)


def _columns(changes: Iterable[str]) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for each in changes:
        column, equals, value = each.partition("=")
        if not equals or not column.strip():
            raise UsageError(f'"{each}" is no correction: write COLUMN=VALUE, for example welcome=done.')
        if column.strip() in ("checklist", "version"):
            raise UsageError("To which checklist an observation belongs cannot be corrected: import it anew.")
        wanted[column.strip()] = value.strip()
    return wanted


def _before(asked: _Asked) -> Stored:
    """The one record of this name; raises WrongUse where there is none, or one for each of two checklists."""
    with opened(asked.address) as connection, snapshot(connection):
        found = named(connection, asked.observation)
        names = [] if found else [each.observation for each in stored(connection)]
    if asked.checklist and len(found) > 1:
        return next((each for each in found if each.checklist == asked.checklist), found[0])
    if len(found) > 1:
        several = " and ".join(each.checklist for each in found)
        raise WrongUse(f'"{asked.observation}" is there for {several}: name one with --checklist.')
    if not found:
        near = nearest(asked.observation, names)
        hint = f' Did you mean "{near}"?' if near else ""
        raise WrongUse(f'There is no observation "{asked.observation}" in the study.{hint}')
    return found[0]


def _checklist(printing: Printing, asked: _Asked, before: Stored) -> Checklist:
    """The checklist that was named, or the one that the study keeps for this observation."""
    if asked.checklist:
        return opened_checklist(asked.checklist, asked.libraries, printing)
    fingerprint = read(before.content).get(FINGERPRINT, "")
    with opened(asked.address) as connection, snapshot(connection):
        kept = next((each for each in kept_texts(connection) if each.fingerprint == fingerprint), None)
    model = checklist_of(kept, asked.libraries) if kept and kept.sources else None
    if model is None:
        raise WrongUse(
            f'Name the checklist as well: --checklist FILE (the observation is of "{before.checklist}").'
        )
    return model


def _given(printing: Printing, asked: _Asked, before: Stored, checklist: Checklist) -> Given:
    _check_columns(asked, before, checklist)
    of_programme = asked_in(before.content)
    columns = {**columns_of(before.content), **asked.columns}
    for name in of_programme:
        del columns[f"{FACT}{name}"]
    reading = corrected(columns, checklist, asked.address.shown, before.observation)
    problems = (*reading.problems, *(problem for each in reading.observations for problem in each.refused))
    if errors_in(problems):
        raise ProblemsFound(problems)
    one = reading.observations[0]
    printing.problems([*problems, *days_to_come([one], today(), kept=True)])
    version, fingerprint = checklist.about.version, checklist.fingerprint
    return Given(one, checklist.id, version, fingerprint, one.session or before.occasion, of_programme)


def _check_columns(asked: _Asked, before: Stored, checklist: Checklist) -> None:
    """RB501 for a column that is not there; here the nearest name may well be one that holds something."""
    known = names_of(checklist)
    place = Place(asked.address.shown)
    of_programme = {f"{FACT}{name}" for name in asked_in(before.content)}
    wrong = [
        Problem("RB501", place, {"asked_anew": each})
        if each in of_programme
        else Problem("RB501", place, {"no_correction": each, "nearest": nearest(each, known)})
        for each in asked.columns
        if each not in known and not each.startswith(REPORTED)
    ]
    if wrong:
        raise ProblemsFound(wrong)


def _stored(asked: _Asked, before: Stored, checklist: Checklist, given: Given) -> tuple[Kept, Head]:
    text = kept_text(checklist, asked.libraries) if asked.checklist else None
    with opened(asked.address, writes=True) as connection, transaction(connection):
        if before not in named(connection, before.observation):
            raise WrongUse(
                "Somebody else has changed this observation in this moment. Look at it again first."
            )
        objection = objection_to_correction(connection, given, before, withdrawn(connection))
        if objection is not None:
            raise ProblemsFound([problem_of(given, objection)])
        if text is not None:
            keep_text(connection, text, asked.who)
        kept = add_revision(connection, given, asked.who, before, asked.why)
        return kept, head(connection)
