"""The option `--look DIR`: a folder of the team's own colours, fonts, sheets and page templates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def look_option(command: Command) -> Command:
    """The option, for commands that write what people look at."""
    option = click.option(
        "--look",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="A folder with a look of your own: any of the files of reports/workbook and reports/page.",
    )
    return option(command)
