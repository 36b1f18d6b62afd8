"""What reads a source for us reads what lark would: the automaton, and the lexers that we give to lark."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import content
from fidelity.kept import lasting
from fidelity.language import tree
from fidelity.language.automaton import NAME, planted
from fidelity.language.grammar import Unreadable, grammar, planted_by_lark, with_lexer, without_lexer
from fidelity.language.parse import normal, parse
from fidelity.language.planting import planting
from fidelity.language.tables import tables

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


# ---- the automaton


STARTS = ("start", "checklist_file", "adaptation_file", "programme_file")


def nodes(planted: tree.Node | None) -> list[tuple[tree.Node, object]]:
    """Every node of a tree with its place, which equality passes over."""
    return [(node, node.place) for node in tree.walked(planted)]


def by_lark(source: str, start: str) -> tree.Node | None:
    try:
        read: tree.Node = planted_by_lark(source, "f", grammar(start), planting(tables(start), "f"))
    except Unreadable:
        return None
    return read


def by_automaton(source: str, start: str) -> tree.Node | None:
    read: tree.Node | None = planted(source, "f", tables(start), planting(tables(start), "f"))
    return read


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_automaton_reads_every_source_that_lark_reads_and_alike(path: Path) -> None:
    source = normal(path.read_bytes().decode("utf-8", errors="replace"))
    for start in STARTS:
        assert nodes(by_automaton(source, start)) == nodes(by_lark(source, start))


@given(st.lists(PIECES, max_size=12))
def test_the_automaton_joins_lines_where_lark_does(pieces: list[tuple[str, str]]) -> None:
    source = normal('checklist c "a"\nsection s "b"\n  item x "b" ' + "".join(map("".join, pieces)))
    read = by_automaton(source, "start")
    assert read is None or nodes(read) == nodes(by_lark(source, "start"))


RIGHT = (HERE.parent / "rules" / "examples" / "two_facets.rubric").read_text(encoding="utf-8")
SLIPS = ("", "\n", "x", "S", "é", "_", "-", "7", ".5", "/2", "%", "RB101", "item", "items", "half even", '"')


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(RIGHT)), st.integers(0, 3), st.sampled_from(SLIPS)), max_size=2))
def test_of_a_damaged_source_it_reads_nothing_that_lark_would_not(slips: list[tuple[int, int, str]]) -> None:
    source = RIGHT
    for at, length, written in slips:
        source = source[:at] + written + source[at + length :]
    read = by_automaton(normal(source), "checklist_file")
    assert read is None or nodes(read) == nodes(by_lark(normal(source), "checklist_file"))


@pytest.mark.parametrize("start", STARTS)
def test_no_state_hangs_on_the_order_of_a_word_and_a_shape_with_small_letters(start: str) -> None:
    # The automaton tries shapes such as LANGUAGE before it asks which word of the language a name is.
    order = list(tables(start).patterns)
    words = {kind for kinds in tables(start).spelled.values() for kind in kinds}
    shapes = set(order) - words - {NAME}
    for accepted in tables(start).states.values():
        for shape in [each for each in shapes & accepted.keys() if may_begin_small(start, each)]:
            assert [word for word in words & accepted.keys() if order.index(word) < order.index(shape)] == []


def may_begin_small(start: str, shape: str) -> bool:
    return any(re.match(tables(start).patterns[shape], text) for text in ("ab-CD", "abc", "a1", "a"))


def test_what_the_automaton_says_nothing_of_is_read_by_lark(monkeypatch: pytest.MonkeyPatch) -> None:
    read = parse(RIGHT, "f")
    monkeypatch.setattr("fidelity.language.parse.planted", lambda *_: None)
    assert nodes(parse(RIGHT, "f")) == nodes(read)
