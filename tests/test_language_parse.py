"""Our lexers, made late and with the joining of lines compiled once, read what lark's own would read."""

from functools import cache
from pathlib import Path
from typing import Any

import lark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import content
from fidelity.kept import lasting
from fidelity.language.parse import grammar, normal, with_lexer, without_lexer

HERE = Path(__file__).parent
SOURCES = [
    *sorted((HERE.parent / "rules").rglob("*.rubric")),
    *sorted((HERE.parent / "checklists").rglob("*.rubric"))[::4],
    *sorted((HERE / "wrong").rglob("*.rubric")),
]
JOINED = ("and", "because", "is", "under", "needs", "needs a comment", '"b"', "“c”", "«d»", "x", "item", "7")
BREAKS = ("\n", "\r\n", " \n", "\n\n  ", " # remark\n", "\n# remark\r\n\t", "#\n#\n", "\r", " ", "")
PIECES = st.tuples(st.sampled_from(BREAKS), st.sampled_from(JOINED))


@cache
def larks_own() -> lark.Lark:
    source = content.text("rules", "rubric.lark")
    return lark.Lark(source, parser="lalr", lexer="contextual", propagate_positions=True)


def read(parser: lark.Lark, text: str) -> tuple[list[tuple[str, str, int | None]], str, int | None]:
    """The words up to the end, or up to what cannot be read; then what went wrong, and where."""
    reading: Any = parser.parse_interactive(normal(text))
    words = []
    try:
        for token in reading.iter_parse():
            words.append((token.type, str(token), token.start_pos))  # noqa: PERF401 - kept when reading stops
        reading.feed_eof()
    except lark.exceptions.UnexpectedInput as unexpected:
        expected = sorted(getattr(unexpected, "expected", None) or getattr(unexpected, "allowed", None) or ())
        return words, f"{type(unexpected).__name__} {expected}", unexpected.pos_in_stream
    return words, "", None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_source_has_the_words_that_lark_finds(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", errors="replace")
    assert read(grammar(), text) == read(larks_own(), text)


@given(st.lists(PIECES, max_size=12))
def test_lines_are_joined_where_lark_joins_them(pieces: list[tuple[str, str]]) -> None:
    text = 'checklist c "a"\n  item x "b" ' + "".join(space + word for space, word in pieces)
    assert read(grammar(), text) == read(larks_own(), text)


def test_a_parser_that_was_kept_reads_like_the_one_that_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    source = content.text("rules", "rubric.lark")
    text = SOURCES[0].read_text(encoding="utf-8")
    told = []
    for _ in range(2):
        parser = lasting("grammar", "test", lambda: without_lexer(source, "start"))
        told.append(read(with_lexer(parser), text))
    assert told[0] == told[1] == read(larks_own(), text)
    assert len(list((tmp_path / "fidelity").glob("grammar-*.lasting"))) == 1
