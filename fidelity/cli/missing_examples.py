"""The examples that `fidelity test --suggest` writes: found, tried out in the file itself, and printed."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import click

from fidelity.cli.printing import Printing
from fidelity.evaluate.examples import run
from fidelity.evaluate.suggestions import Suggestion, suggestions
from fidelity.language.reading import examined
from fidelity.model.checklist import Checklist


class Missing(NamedTuple):
    """Examples that hold when they are put at the end of the file, and what none was found for."""

    found: tuple[Suggestion, ...]
    unfound: tuple[str, ...]


def suggested(checklist: Checklist, text: str, libraries: Iterable[str]) -> Missing:
    """What is missing in this file; every example has been read and run as part of it."""
    candidates, unfound = suggestions(checklist)
    holding = [each for each in candidates if _holds(checklist, text, each, libraries)]
    broken = [each.reaches for each in candidates if each not in holding]
    return Missing(tuple(holding), (*unfound, *broken))


def _holds(checklist: Checklist, text: str, suggestion: Suggestion, libraries: Iterable[str]) -> bool:
    whole, _ = examined(f"{text.rstrip()}\n\n{suggestion.text}", checklist.file, libraries=libraries)
    if whole is None:
        return False
    before, after = run(checklist), run(whole)
    return after.failed == before.failed and after.passed > before.passed


def suggestions_as_json(missing: Sequence[tuple[str, Missing]]) -> list[dict[str, Any]]:
    """One entry an example, with its file."""
    return [{"file": file, **each.as_json()} for file, found in missing for each in found.found]


def tell_suggestions(missing: Sequence[tuple[str, Missing]], printing: Printing) -> None:
    """The examples alone on standard output, so that they can be added to the file as they are."""
    for file, found in missing:
        if len(missing) > 1 and found.found:
            click.echo(f"# For {file}")
        if found.found:
            click.echo("\n".join(each.text for each in found.found), nl=False)
        for reaches in found.unfound:
            printing.say(f"{file}: no example was found in which {reaches}.")
