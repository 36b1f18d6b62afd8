"""`fidelity translate import`: what came back from translators, written into the checklist with its lock."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fidelity.cli.locking import lock_of, lock_path, whole_lock_of
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing, counted, format_option, library_option
from fidelity.errors import Problem, ProblemsFound, WrongUse, errors_in
from fidelity.exchange.lock import lock_file
from fidelity.exchange.po import translations_in_po
from fidelity.exchange.translation_block import Signed, with_changed_block, with_new_block
from fidelity.exchange.translation_table import Taken, Translations, quoted, taken, translation_in
from fidelity.exchange.translation_workbook import translations_in_workbook
from fidelity.files import write_whole
from fidelity.language.reading import examined_any
from fidelity.model.checklist import Translation
from fidelity.model.wording import Key, Locked, is_draft, is_draft_name, is_stale, source_texts
from fidelity.place import Place

if TYPE_CHECKING:
    from fidelity.model.wording import Standing

READERS = {".xlsx": translations_in_workbook, ".po": translations_in_po}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--checklist", required=True, help="The file to write the translations into.")
@click.option("--by", metavar="NAME", help="Who translated. Without a name the texts count as a draft.")
@click.option("--on", metavar="DATE", help="When it was translated: year-month-day; goes with --by.")
@click.option(
    "--reviewed",
    is_flag=True,
    help='"I have read every line": the name after --by signs unchanged texts of a draft too.',
)
@click.option("--keep-good", is_flag=True, help="Take the texts without problems, and name those left out.")
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    file: Path,
    checklist: str,
    by: str | None,
    on: str | None,
    reviewed: bool,
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Write the translations of a file that came back into the checklist; nothing else in it changes.

    A blank leaves what the checklist has. Beside the checklist a file NAME.lock notes what was translated,
    so that "fidelity check" can tell when a text has changed since. Keep it together with the checklist.
    A programme may stand where a checklist does.

    A name after --by signs no text of a draft that came back unchanged: the translation stays a draft until
    each of its texts was changed, or "Still right?" was answered with yes in the workbook. Where every line
    was read, --reviewed says so.

    \b
    Example:
      fidelity translate import sw.po --checklist my_checklist.rubric --by "A. Translator" --on 2026-02-11
      fidelity translate import sw.po --checklist mine.rubric --by "A. Reader" --on 2026-03-02 --reviewed
    """
    signed = _signed(by, on, reviewed=reviewed)
    given = _read(file, printing)
    model = opened_any(checklist, libraries, printing)
    path = _own_file(model, checklist)
    found, problems = taken(model, given, whole_lock_of(model), reviewed=reviewed)
    if problems and not (keep_good and found.locked):
        raise ProblemsFound(problems)
    printing.problems(problems)
    if not found.locked:
        raise ProblemsFound([_nothing(file)])
    new = _rewritten(path, model, given, found, _standing(signed, found), libraries)
    written = lock_file(model.id, {**lock_of(model), given.language: _own_part(model, given.language, found)})
    write_whole(path, new.encode())
    # The checklist first: should this fail, translations look older than they are, and never newer.
    write_whole(lock_path(model), written)
    _tell(printing, path, model, given, found)
    _tell_whose(printing, path, model, given.language, signed, found)


def _own_file(model: "Standing", named: str) -> Path:
    path = Path(model.file)
    if not path.is_file():
        raise WrongUse(
            f"{named} comes with the program and is not changed. Copy it into a folder of yours first."
        )
    return path


def _standing(signed: Signed | None, found: Taken) -> Signed | None:
    """The signature that stands: of a draft only where each of its texts was read."""
    return signed if signed is None or is_draft_name(signed.by) or not found.unread else None


def _own_part(model: "Standing", language: str, found: Taken) -> Mapping[str, Locked]:
    """What is noted beside this file; the texts of an adaptation's base have their own file."""
    if model.origin is None:
        return found.locked
    own = _own_texts(model, language, found)
    names = {each.name for each in source_texts(model) if each.key in own}
    return {name: each for name, each in found.locked.items() if name in names}


def _own_texts(model: "Standing", language: str, found: Taken) -> set[Key]:
    """The texts of the language that stand in this file now."""
    present = translation_in(model, language)
    there = {key for key, place in present.places.items() if place.file == model.file} if present else set()
    return there.union(found.changed)


def _signed(by: str | None, on: str | None, *, reviewed: bool) -> Signed | None:
    if reviewed and (by is None or is_draft_name(by.strip())):
        raise click.UsageError("--reviewed goes with --by and --on: who has read every line, and when.")
    if by is None and on is None:
        return None
    if by is None or on is None:
        raise click.UsageError("--by and --on go together: who translated, and when.")
    if not by.strip() or not by.isprintable() or quoted(by) is None:
        raise click.UsageError("The name after --by must be one line of text.")
    try:
        return Signed(" ".join(by.split()), datetime.strptime(on, "%Y-%m-%d").date())  # noqa: DTZ007 - a day
    except ValueError:
        raise click.UsageError(f'"{on}" is no date; write year-month-day, for example 2026-02-11.') from None


def _read(file: Path, printing: Printing) -> Translations:
    if file.suffix not in READERS:
        raise click.UsageError(f"Translations come in files that end in .xlsx or .po; {file.name} does not.")
    try:
        data = file.read_bytes()
    except OSError as refused:
        why = refused.strerror or str(refused)
        raise WrongUse(f"{file} cannot be read: {why}.") from refused
    if file.suffix == ".po":
        printing.sources[str(file)] = data.decode("utf-8-sig", "replace")
    return READERS[file.suffix](data, str(file))


def _nothing(file: Path) -> Problem:
    return Problem("RB507", Place(str(file)), {"nothing_translated": "nothing_translated"})


def _rewritten(
    path: Path,
    model: "Standing",
    given: Translations,
    found: Taken,
    signed: Signed | None,
    libraries: tuple[str, ...],
) -> str:
    """The new source, read once more before it is written: it must hold these texts and nothing wrong."""
    source = path.read_bytes().decode()
    present = translation_in(model, given.language)
    texts = {each: found.texts[each.key] for each in source_texts(model) if each.key in found.texts}
    if present is not None and present.place.file == model.file:
        new = with_changed_block(source, present, texts, found.changed, signed)
    else:
        own = {each: text for each, text in texts.items() if each.key in found.changed}
        new = with_new_block(source, given.language, given.name, own, signed) if own else source
    again, problems = examined_any(new.removeprefix("\ufeff"), str(path), libraries=libraries)
    if again is None:
        raise ProblemsFound(errors_in(problems))
    after = translation_in(again, given.language)
    if after is None or any(after.texts.get(each.key) != text for each, text in texts.items()):
        raise WrongUse(f"The texts cannot be written into {path}: it holds another one of this language.")
    return new


def _tell(printing: Printing, path: Path, model: "Standing", given: Translations, found: Taken) -> None:
    texts = len(source_texts(model))
    new = counted(len(found.changed), "text") + " new or changed"
    printing.say(f"{path}: {given.name}, {new}; {len(found.texts)} of {texts} are translated now.")
    if found.changed:
        printing.say("Give the checklist a new version: forms made before belong to it as it was.")
    older = [each.name for each in source_texts(model) if is_stale(each, found.locked)]
    if older:
        printing.say(f"Still older than the text they translate: {', '.join(older)}.")
    present = translation_in(model, given.language)
    if found.changed and present is not None and present.steps:
        steps = ", ".join(each.step for each in present.steps)
        printing.say(f"These steps were done before, and the new texts have not gone through them: {steps}.")


def _tell_whose(
    printing: Printing, path: Path, model: "Standing", language: str, signed: Signed | None, found: Taken
) -> None:
    """Who stands for the texts now, and for how many."""
    if signed is None and found.changed:
        _tell_unsigned(printing, translation_in(model, language))
    elif signed is not None and _standing(signed, found) is None:
        _tell_still_draft(printing, signed, found)
    elif signed is not None:
        _tell_signed(printing, path, model, language, signed, found)


def _tell_unsigned(printing: Printing, before: Translation | None) -> None:
    printing.say("Nobody is named for them (--by NAME --on DATE), so the translation counts as a draft.")
    if before is not None and not is_draft(before) and before.on is not None:
        signed = f"{before.translated_by} on {before.on.isoformat()}"
        printing.say(f"The signature of {signed} was taken out: it does not stand for the new texts.")


def _tell_signed(
    printing: Printing, path: Path, model: "Standing", language: str, signed: Signed, found: Taken
) -> None:
    """How much a name stands for: the whole block of the language, so what did not change as well."""
    before, own = translation_in(model, language), _own_texts(model, language, found)
    unchanged = len(own) - len(found.changed)
    if not own:
        printing.say(f"Nothing was signed: {path} has no texts of its own in this language, only its base.")
        return
    if is_draft_name(signed.by):
        printing.say(f'A translation by "{signed.by}" counts as a draft.')
    else:
        texts = counted(len(own), "text")
        printing.say(f"Signed by {signed.by}: {texts}, {unchanged or 'none'} of them unchanged.")
    if unchanged and before is not None and not is_draft(before) and before.translated_by != signed.by:
        printing.say(f"The unchanged ones were signed by {before.translated_by} before.")


def _tell_still_draft(printing: Printing, signed: Signed, found: Taken) -> None:
    """What came back keeps the state it had: one line signs a whole block, so it signs all texts or none."""
    unread = counted(len(found.unread), "draft text")
    new = ", the new texts too" if found.changed else ""
    printing.say(f"Not signed by {signed.by}: {unread} came back unchanged, so all stay a draft{new}.")
    printing.say(
        'Where every line was read, add --reviewed. Or write "yes" under "Still right?" beside each line of '
        "the workbook that is right, and import it again."
    )
