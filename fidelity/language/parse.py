"""Source text to tree, by the tables of the grammar; what they do not read, lark explains."""

import re
import unicodedata

from fidelity.errors import ProblemsFound
from fidelity.language import changes, protocol, tree
from fidelity.language.automaton import planted
from fidelity.language.limits import limits_passed
from fidelity.language.planting import planting
from fidelity.language.tables import tables

Source = tree.Checklist | changes.Adaptation | protocol.Programme


def parse(text: str, file: str) -> Source:
    """The tree of a source; raises ProblemsFound with everything that could not be read."""
    passed = limits_passed(text, file)
    if passed:
        raise ProblemsFound(passed)
    source = normal(text)
    found = tables(_start(source))
    read: Source | None = planted(source, file, found, planting(found, file))
    return read or _last_word(source, file)


def normal(text: str) -> str:
    """The text as the grammar wants it: no byte order mark, composed signs, a line break at the end."""
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff")) + "\n"


def _start(source: str) -> str:
    """The rule for the kind of file that this seems to be; the whole language where that is not clear."""
    kind = _KIND_OF_FILE.match(source)
    return f"{kind[1]}_file" if kind else "start"


_KIND_OF_FILE = re.compile(
    r"(?:\s|#.*\n|rubric[ \t]+\d+[ \t]*(?=[#\n]))*(checklist|adaptation|programme)[ \t]"
)


def _last_word(source: str, file: str) -> Source:
    # Only a damaged file needs what it takes to explain damage.
    from fidelity.language.grammar import Unreadable, grammar, planted_by_lark  # noqa: PLC0415
    from fidelity.language.mistakes import problems_in  # noqa: PLC0415

    try:
        read: Source = planted_by_lark(source, file, grammar(), planting(tables(), file))
    except Unreadable as unreadable:
        raise ProblemsFound(problems_in(source, file, grammar())) from unreadable
    return read
