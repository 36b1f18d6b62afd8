"""A source and the tables of the grammar -> what is planted of it, word by word.

It says nothing of a source that it cannot read, nor of one whose words only lark can tell apart. What it does
read is what lark would read; a test proves that.
"""

import re
import sys
from collections.abc import Callable, Container
from functools import cache
from typing import Any, NamedTuple

from fidelity.language.tables import Rule, Tables
from fidelity.place import Place

NAME, END = "NAME", "$END"
STUCK = sys.maxsize  # the step where there is none


class Word(NamedTuple):
    """A word or sign, as what it stands there, and where."""

    kind: str
    text: str
    place: Place


class Planting(NamedTuple):
    """What becomes of a word, and of a rule with what became of its parts."""

    leaf: Callable[[Word], Any]
    node: Callable[[Rule, list[Any]], Any]


def planted(source: str, file: str, tables: Tables, planting: Planting) -> Any:
    """What becomes of a whole source; None where it cannot be read."""
    words, row = Words(source, file, tables), tables.states[tables.start]
    states, values = [tables.start], list[Any]()
    while word := words.next(row):
        while (step := row.get(word.kind, STUCK)) < 0:
            rule = tables.rules[~step]
            first = len(values) - rule.size
            parts = values[first:]
            del values[first:], states[first + 1 :]
            values.append(planting.node(rule, parts))
            states.append(tables.states[states[-1]][rule.name])
            row = tables.states[states[-1]]
            if word.kind == END and states[-1] == tables.end:
                return values[-1]
        if step == STUCK:
            break
        values.append(planting.leaf(word))
        states.append(step)
        row = tables.states[step]
    return None


class Words:
    """The words of a source, one after the other; what a word is depends on the state of reading it."""

    def __init__(self, source: str, file: str, tables: Tables) -> None:
        self.source, self.file, self.tables = source, file, tables
        self.by_shape = _by_shape(tables).match
        self.at, self.line, self.line_start = 0, 1, 0

    def next(self, accepted: Container[str]) -> Word | None:
        """The next word that is not passed over; END behind the last, None where there is none."""
        while self.at < len(self.source):
            kind, text = self._found(accepted)
            if not kind:
                return None
            line, column = self.line, self.at - self.line_start + 1
            self._pass(text)
            if kind not in self.tables.passed_over:
                end = self.at - self.line_start + 1
                return Word(kind, text, Place(self.file, line, column, self.line, end))
        return Word(END, "", Place(self.file, self.line))

    def _pass(self, text: str) -> None:
        if "\n" in text:
            self.line += text.count("\n")
            self.line_start = self.at + text.rindex("\n") + 1
        self.at += len(text)

    def _found(self, accepted: Container[str]) -> tuple[str, str]:
        """Kind and text of the word here: by its shape, or else what is accepted here, tried one by one."""
        found = self.by_shape(self.source, self.at)
        if found and found.lastgroup:
            text, kind = found[0], self._spelt(found[0], found.lastgroup, accepted)
            if kind in accepted or kind in self.tables.passed_over:
                return kind, text
        for kind, pattern in self.tables.patterns.items():
            if kind in accepted and (found := _pattern(pattern).match(self.source, self.at)):
                return self._spelt(found[0], kind, accepted), found[0]
        return "", ""

    def _spelt(self, text: str, kind: str, accepted: Container[str]) -> str:
        """The word of the language that a name is, where one is accepted that is spelt like it."""
        if kind != NAME:
            return kind
        return next((each for each in self.tables.spelled.get(text, ()) if each in accepted), NAME)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _by_shape(tables: Tables) -> re.Pattern[str]:
    """What tells all words apart that are not spelt in one way only: those are names by their shape.

    To compile this one pattern takes a fraction of what one for every state would.
    """
    spelt = {kind for kinds in tables.spelled.values() for kind in kinds}
    # A name that runs on in signs of another kind is left to lark.
    shapes = {**tables.patterns, NAME: rf"(?:{tables.patterns[NAME]})(?!\w)"}
    return _pattern("|".join(f"(?P<{kind}>{shape})" for kind, shape in shapes.items() if kind not in spelt))
