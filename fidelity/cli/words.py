"""`fidelity words`: the words of the language, by statement, each with a right line."""

from collections.abc import Sequence
from typing import Any

import click

from fidelity.cli.printing import Printing, format_option
from fidelity.language.names import RESERVED
from fidelity.language.statements import Kind, joining_words, kinds
from fidelity.model.function import FUNCTIONS


@click.command("words")
@format_option
@click.pass_obj
def command(printing: Printing) -> None:
    """Show the words that a line can begin with, each with a right line; then the words inside lines.

    \b
    Example:
      fidelity words
      fidelity words --format json
    """
    if printing.format == "json":
        printing.json(_as_json())
        return
    for heading, found in _by_place().items():
        _show(heading, [(each.word, each.example) for each in found])
    _show("What is worked out over several items", [(each.name, each.help) for each in FUNCTIONS.values()])
    click.echo("A line that begins with a text or with one of these goes on from the line above")
    click.echo(f"  {', '.join((*joining_words(), 'needs a comment'))}\n")
    click.echo("Words that build sentences and cannot be ids")
    click.echo(f"  {', '.join(sorted(RESERVED))}")


def _show(heading: str, rows: Sequence[tuple[str, str]]) -> None:
    widest = max(len(word) for word, _ in rows)
    lines = [f"  {word.ljust(widest)}  {said}" for word, said in rows]
    click.echo("\n".join([heading, *lines, ""]))


def _by_place() -> dict[str, list[Kind]]:
    """The statements under a heading that says where they stand, in the order of a file."""
    found: dict[str, list[Kind]] = {}
    for kind in kinds().values():
        found.setdefault(_heading(kind), []).append(kind)
    return found


def _heading(kind: Kind) -> str:
    if kind.head:
        return "At the top, about the whole file"
    if kind.file:
        return "What a file begins with"
    if kind.block:
        return "Blocks" if not kind.files else f"Blocks of {' and '.join(f'{each}s' for each in kind.files)}"
    return kind.belongs[:1].upper() + kind.belongs[1:]


def _as_json() -> dict[str, Any]:
    return {
        "statements": [
            {"word": each.word, "example": each.example, "place": _heading(each)} for each in kinds().values()
        ],
        "functions": [{"word": each.name, "help": each.help} for each in FUNCTIONS.values()],
        "joining": [*joining_words(), "needs a comment"],
        "reserved": sorted(RESERVED),
    }
