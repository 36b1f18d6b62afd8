"""`fidelity translate status`: how far each language of a checklist is, and what was done to check it."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from fidelity.cli.locking import whole_lock_of
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing, format_option, library_option, table
from fidelity.exchange.translation_table import STATUSES, translation_table
from fidelity.model.checklist import Translation
from fidelity.model.wording import Lock, source_texts

if TYPE_CHECKING:
    from fidelity.model.wording import Standing


@click.command("status")
@click.argument("checklist")
@library_option
@format_option
@click.pass_obj
def command(printing: Printing, checklist: str, libraries: tuple[str, ...]) -> None:
    """Say for each language how many texts are translated, and what was done to check them.

    \b
    Example:
      fidelity translate status my_checklist.rubric
    """
    model = opened_any(checklist, libraries, printing)
    lock = whole_lock_of(model)
    languages = [_status_of(model, each, lock) for each in model.translations]
    if printing.format == "json":
        version = {"id": model.id, "version": model.about.version, "fingerprint": model.fingerprint}
        printing.json({"checklist": version, "texts": len(source_texts(model)), "languages": languages})
    elif not languages:
        click.echo(f"{checklist} has no translation; its texts are in {model.about.language}.")
    else:
        head = ("language", "texts", *STATUSES, "translated by", "on", "steps")
        click.echo(table(head, [_status_line(each) for each in languages]))


def _status_of(model: "Standing", translation: Translation, lock: Lock) -> dict[str, Any]:
    rows = translation_table(model, translation.language, lock).rows
    return {
        "language": translation.language,
        "name": translation.title,
        "texts": len(rows),
        **{each: sum(row.status == each for row in rows) for each in STATUSES},
        "translated_by": translation.translated_by or None,
        "on": _iso(translation.on),
        "steps": [
            {
                "step": each.step,
                "by": each.by,
                "on": _iso(each.on),
                "before_texts": _before(each.on, translation),
            }
            for each in translation.steps
        ],
    }


def _before(step: date | None, translation: Translation) -> bool:
    return step is not None and translation.on is not None and step < translation.on


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _status_line(each: Mapping[str, Any]) -> list[str]:
    steps = (
        f"{step['step']} {step['on']}" + (" (before these texts)" if step["before_texts"] else "")
        for step in each["steps"]
    )
    counts = (str(each[status]) for status in STATUSES)
    signed = (each["translated_by"] or "not said", each["on"] or "")
    return [f"{each['language']} {each['name']}", str(each["texts"]), *counts, *signed, ", ".join(steps)]
