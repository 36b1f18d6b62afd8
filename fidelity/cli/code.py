"""`fidelity code`: the page of a message."""

import re

import click

from fidelity import content
from fidelity.cli.printing import Printing, format_option
from fidelity.errors import WrongUse, wordings
from fidelity.language.spelling import likeliest_first

# Codes of the catalogue that are said by others; their pages point there.
SAID_AS = {"RB606": "RB130", "RB613": "RB101"}
HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)


@click.command("code")
@click.argument("code")
@format_option
@click.pass_obj
def command(printing: Printing, code: str) -> None:
    """Show the page of a message: what it is, why it matters, a wrong and a right example, when to allow it.

    CODE stands in front of each message, for example RB204.

    \b
    Example:
      fidelity code RB204
    """
    known = code.strip().upper()
    if known not in {*wordings(), *SAID_AS}:
        raise WrongUse(f'There is no message "{code}". {_nearest(known)}')
    page = content.text("rules", f"codes/{known}.md")
    if printing.format == "json":
        printing.json(_as_json(known, page))
    else:
        click.echo(page, nl=False)


def _nearest(code: str) -> str:
    near = likeliest_first(code, wordings())[:3]
    return f"Did you mean {', '.join(near[:-1])} or {near[-1]}?"


def _as_json(code: str, page: str) -> dict[str, str]:
    title, *parts = HEADING.split(page)
    sections = {
        heading.lower().replace(" ", "_"): body.strip()
        for heading, body in zip(parts[::2], parts[1::2], strict=True)
    }
    return {
        "code": code,
        "severity": str(wordings()[SAID_AS.get(code, code)]["severity"]),
        "title": title.removeprefix("# ").partition(": ")[2].strip(),
        **sections,
    }
