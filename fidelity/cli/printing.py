"""How a command speaks: results on standard output, messages on standard error, as text or JSON."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click

from fidelity.errors import Problem, as_line, as_text

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Printing:
    """What one run prints: its format, the sources that excerpts come from, the status it ends with."""

    format: str = "text"
    sources: dict[str, str] = field(default_factory=dict)
    status: int = 0
    answered: bool = False
    working: bool = False

    def progress(self, what: str) -> None:
        """What is being done now, on one line that the next one replaces; nothing where nobody watches."""
        if sys.stderr.isatty():
            self.done()
            click.echo(f"{what} …", err=True, nl=False)
            self.working = True

    def done(self) -> None:
        """Takes the line of progress away."""
        if self.working:
            click.echo("\r\x1b[K", err=True, nl=False)
            self.working = False

    def say(self, sentence: str) -> None:
        """A message to the person."""
        self.done()
        click.echo(sentence, err=True)

    def json(self, value: object) -> None:
        """A result for a program."""
        self.done()
        self.answered = True
        click.echo(self.as_text(value), nl=False)

    @staticmethod
    def as_text(value: object) -> str:
        """JSON as we print and write it."""
        import json  # noqa: PLC0415 - only a program asks for it

        return json.dumps(value, ensure_ascii=False, indent=2) + "\n"

    def problems(self, problems: Iterable[Problem], *, on_stdout: bool = False) -> None:
        """Problems as people read them; in a source, a further one of the same wording is one line."""
        told: set[tuple[str, ...]] = set()
        text, above_is_line = "", False
        for each in problems:
            source, again = self.sources.get(each.place.file), _has_been_told(each, told)
            is_line = source is not None and again
            gap = "" if not text else "\n" if is_line and above_is_line else "\n\n"
            text += gap + (as_line(each) if is_line else as_text(each, source))
            above_is_line = is_line
        if text:
            self.done()
            click.echo(text, err=not on_stdout)

    def refuse(self, problems: Sequence[Problem]) -> None:
        """The problems that stopped the work: for people and, where JSON was asked for, for programs."""
        if self.format == "json" and not self.answered:
            self.json({"problems": [each.as_json() for each in problems]})
        self.problems(problems)


def _has_been_told(problem: Problem, told: set[tuple[str, ...]]) -> bool:
    """Whether a line is enough: the same was explained above, and what to do stands in the line or there."""
    kind, advice = (problem.place.file, *problem.wording), (problem.place.file, problem.code, problem.help)
    again = kind in told and (bool(problem.under) or advice in told)
    told.update((kind, advice))
    return again


def counted(number: int, noun: str) -> str:
    """`1 form`, `2 forms`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned columns of text."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]
    ]
    return "\n".join(line.rstrip() for line in lines)


def _set_format(ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    ctx.find_root().obj.format = value
    return value


def format_option(command: Command) -> Command:
    """The option `--format text|json`."""
    option = click.option(
        "--format",
        "format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        expose_value=False,
        is_eager=True,
        callback=_set_format,
        help="Text for people, or JSON for programs.",
    )
    return option(command)


library_option = click.option(
    "--library",
    "libraries",
    multiple=True,
    metavar="DIR",
    help="A folder of checklists of your own; may be repeated.",
)
