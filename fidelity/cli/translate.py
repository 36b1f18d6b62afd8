"""`fidelity translate`: texts to translators and back, and how far each language is."""

import re
from collections.abc import Mapping
from pathlib import Path

import click

from fidelity.cli.locking import whole_lock_of
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing, counted, library_option
from fidelity.cli.translate_import import command as import_command
from fidelity.cli.translate_status import command as status_command
from fidelity.errors import WrongUse
from fidelity.exchange.po import po_of
from fidelity.exchange.translation_table import STATUSES, translation_table
from fidelity.exchange.translation_workbook import workbook_of
from fidelity.files import write_whole

WRITERS = {".xlsx": workbook_of, ".po": po_of}
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


@click.group("translate")
def command() -> None:
    """Send the texts of a checklist or programme to translators, and take them back.

    Translators get an Excel workbook or a .po file, and need not know the language of checklists.

    \b
    Example:
      fidelity translate export my_checklist.rubric --language sw -o sw.xlsx
      fidelity translate import sw.xlsx --checklist my_checklist.rubric --by "A. Translator" --on 2026-02-11
      fidelity translate status my_checklist.rubric
    """


@command.command("export")
@click.argument("checklist")
@click.option("--language", required=True, metavar="CODE", help="The language to translate into, such as sw.")
@click.option(
    "--name", default="", metavar="NAME", help="What the language is called, where it is not known."
)
@click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, help="A .xlsx or .po file to write."
)
@library_option
@click.pass_obj
def export(
    printing: Printing, checklist: str, language: str, name: str, out: Path, libraries: tuple[str, ...]
) -> None:
    """Write all texts of a checklist or programme, with what is translated already, for translators.

    \b
    Example:
      fidelity translate export my_checklist.rubric --language sw -o sw.po
      fidelity translate export my_checklist.rubric --language nyn --name Runyankole -o nyn.xlsx
    """
    if out.suffix not in WRITERS:
        raise click.UsageError(f"The name after -o must end in .xlsx or .po; {out.name} does not.")
    if not _CODE.fullmatch(language):
        raise click.UsageError(f'"{language}" is no code of a language; such codes are sw, lg or pt-BR.')
    model = opened_any(checklist, libraries, printing)
    if language == model.about.language:
        raise WrongUse(f'"{language}" is the language that {checklist} is written in.')
    made = translation_table(model, language, whole_lock_of(model), name)
    write_whole(out, WRITERS[out.suffix](made))
    counts: Mapping[str, int] = {each: sum(row.status == each for row in made.rows) for each in STATUSES}
    printing.say(f"{out}: {counted(len(made.rows), 'text')} ({_in_words(counts)}).")


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {status}" for status, number in counts.items() if number)


command.add_command(import_command)
command.add_command(status_command)
