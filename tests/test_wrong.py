"""Each wrong source gives its message, word for word; each code has a wrong source, and the other way round.

`python tests/test_wrong.py` writes the messages anew; read them before you keep them.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from fidelity.errors import ProblemsFound, as_text, wordings
from fidelity.language.reading import examined_any
from fidelity.language.source import read_source

CHECKOUT = Path(__file__).parent.parent
WRONG = Path(__file__).parent / "wrong"
SOURCES = sorted(WRONG.glob("*.rubric"))
# The only finding that is always said beside another one, never alone.
BESIDE = {"RB206": "RB204"}


def said_about(path: Path) -> str:
    """All messages about a source, as a person reads them."""
    try:
        text = read_source(path)
    except ProblemsFound as unreadable:
        found, text = unreadable.problems, ""
    else:
        _, found = examined_any(text, path.name, libraries=[WRONG / "bases"], on=date(2026, 11, 21))
    shown = "\n\n".join(as_text(each, text or None) for each in found)
    return shown.replace(f"{WRONG}/", "") + "\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_wrong_source_gives_its_message(path: Path) -> None:
    assert said_about(path) == path.with_suffix(".expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_one_mistake_is_one_message_of_the_code_in_the_name(path: Path) -> None:
    expected = path.with_suffix(".expected").read_text(encoding="utf-8")
    codes = [
        code for code in re.findall(r"^RB\d{3}", expected, re.MULTILINE) if code != BESIDE.get(path.stem)
    ]
    assert codes == [path.stem[:5]]


def test_each_code_of_the_language_has_a_wrong_source_and_a_wording() -> None:
    modules = (CHECKOUT / "fidelity" / "language").rglob("*.py")
    found = {
        code for each in modules for code in re.findall(r'"(RB\d{3})"', each.read_text(encoding="utf-8"))
    }
    assert found <= wordings().keys()
    assert {path.stem[:5] for path in SOURCES} == found


if __name__ == "__main__":
    for source in SOURCES:
        source.with_suffix(".expected").write_text(said_about(source), encoding="utf-8")
