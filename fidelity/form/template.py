"""What the pages of both forms share, in the browser and on paper: templates, and the palette as a style."""

from collections.abc import Callable

from jinja2 import Environment, FunctionLoader, StrictUndefined

from fidelity.form.look import settings
from fidelity.team_look import page_text


def templates(finalize: Callable[[object], object] | None = None) -> Environment:
    """The templates of the pages; `finalize` has the last word on each text that is put in."""
    return Environment(
        loader=FunctionLoader(lambda name: page_text(f"page/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )


def palette() -> str:
    """The colours of roles and lines, as a style sheet names them."""
    colours = {
        f"{role}-{part}": each for role, pair in settings()["palette"].items() for part, each in pair.items()
    }
    colours |= {f"line-{name}": each for name, each in settings()["lines"].items()}
    named = "".join(f"--{name.replace('_', '-')}:#{value};" for name, value in colours.items())
    return f":root{{{named}}}"
