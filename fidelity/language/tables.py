"""The grammar as plain tables: what it takes to read a right file, without loading lark."""

import sys
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from fidelity import content
from fidelity.kept import lasting

LAYOUT = (
    1  # to be counted up with every change of what the tables hold: older ones are kept at people's homes
)


class Rule(NamedTuple):
    """A rule of the grammar: of `size` values those that are `kept` go into the tree, -1 for one left out."""

    name: str
    size: int
    kept: tuple[int, ...]
    statement: bool


class Tables(NamedTuple):
    """An LALR(1) automaton and its words.

    In a state, a word or finished rule leads to the next state, or, below nought, to the rule `~step` that is
    finished with it. `patterns` are in the order in which they are tried; `spelled` has the words that can
    only be spelt in one way. Words that are `growing` become leaves of the tree.
    """

    start: int
    end: int
    states: Mapping[int, Mapping[str, int]]
    rules: tuple[Rule, ...]
    growing: frozenset[str]
    passed_over: frozenset[str]
    patterns: Mapping[str, str]
    spelled: Mapping[str, tuple[str, ...]]


@cache
def tables(start: str = "start") -> Tables:
    """The tables of a kind of file, made by lark once and then kept in the user's cache folder."""
    source = content.text("rules", "rubric.lark")
    return lasting("tables", f"{LAYOUT} {sys.version} {start} {source}", lambda: _made(source, start))


def _made(source: str, start: str) -> Tables:
    # Loading lark takes longer than reading a checklist.
    from fidelity.language.grammar import tables_of, without_lexer  # noqa: PLC0415

    return tables_of(without_lexer(source, start))
