"""The command group, and the one place where what went wrong becomes a message and an exit status."""

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from fidelity.cli.printing import Printing
from fidelity.errors import ProblemsFound, WrongUse
from fidelity.kept import kept

# Reading a checklist makes many small objects and hardly any garbage: looking for it seldom starts faster.
gc.set_threshold(500_000)

DONE, INPUT_HAS_PROBLEMS, WRONG_USE, DEFECT = 0, 1, 2, 3

COMMANDS = (
    "check", "format", "test", "score", "explain", "form", "import", "diff", "translate", "pathway", "sample",
    "summarise", "report", "agreement", "drift",
    "log", "correct", "withdraw", "backup", "restore", "deidentify",
    "demo", "words", "code",
)  # fmt: skip


class OnDemand(click.Group):
    """A group whose commands are imported when they are called, so that `check` need not load a workbook."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order of the way: from a checklist to a report."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            from difflib import get_close_matches  # noqa: PLC0415 - only a mistyped word needs it

            near = get_close_matches(cmd_name, COMMANDS, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise click.UsageError(f'There is no command "{cmd_name}".{hint}', ctx)
        module = importlib.import_module(f"fidelity.cli.{cmd_name.replace('import', 'import_forms')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with a line each; to load them all for that takes a second, so the lines are kept."""
        width = formatter.width - len(max(COMMANDS, key=len)) - 6

        def lines() -> list[tuple[str, str]]:
            found = [(name, self.get_command(ctx, name)) for name in COMMANDS]
            return [(name, each.get_short_help_str(width)) for name, each in found if each]

        with formatter.section("Commands"):
            formatter.write_dl(kept("commands", [str(width)], lines))


@click.group(cls=OnDemand, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="fidelity", prog_name="fidelity")
def fidelity() -> None:
    """Say how faithfully and how well help is delivered, from a checklist to a report.

    \b
    Example:
      fidelity check my_checklist.rubric
      fidelity report my_checklist.rubric observations.csv -o report.xlsx --pages pages
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs a command and ends the process with the status of contract: 0 done, 1 input, 2 use, 3 defect."""
    status = status_of(arguments)
    # What is left goes with the process: to look through it for garbage first is a tenth of a short command.
    gc.freeze()
    sys.exit(status)


def status_of(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and gives its status; everything it has to say is printed."""
    printing = Printing()
    try:
        fidelity.main(args=arguments, obj=printing, standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except ProblemsFound as found:
        printing.refuse(found.problems)
        return INPUT_HAS_PROBLEMS
    except WrongUse as wrong:
        printing.say(str(wrong))
        return WRONG_USE
    except click.UsageError as wrong:
        printing.say(_advice(wrong))
        return WRONG_USE
    except click.Abort:
        return 130
    except BrokenPipeError:
        # The reader of a pipe has seen enough; closing quietly is what it expects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as defect:  # noqa: BLE001 - the face: nobody outside programming should meet a traceback
        return _defect(defect, printing)
    return printing.status


def _advice(wrong: click.UsageError) -> str:
    """What is wrong with the call, how it is made, and where to read more."""
    if wrong.ctx is None:
        return wrong.format_message()
    help_line = f"More: {wrong.ctx.command_path} --help"
    return f"{wrong.format_message()}\n{wrong.ctx.get_usage()}\n{help_line}"


def _defect(defect: Exception, printing: Printing) -> int:
    if os.environ.get("FIDELITY_DEBUG"):
        raise defect
    printing.say(
        f"This is a mistake of the program, not yours: {type(defect).__name__}: {defect}\n"
        "Nothing was written. Please report it with the command you typed; "
        "FIDELITY_DEBUG=1 before the command shows where it happened."
    )
    return DEFECT
