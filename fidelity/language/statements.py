"""Source -> its statements, each with the lines that continue it; and what kinds of statement there are."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from fidelity import content
from fidelity.kept import kept_toml
from fidelity.place import Place
from fidelity.record import Record

FIRST_WORD = re.compile(r"[^\W\d_]\w*|\|")


class Statement(Record):
    """The text of one statement, with the blank lines and remarks below it, and the line where it begins."""

    text: str
    line: int

    @property
    def begin(self) -> int:
        """Where its first sign stands."""
        return len(self.text) - len(self.text.lstrip(" \t"))

    @property
    def end(self) -> int:
        """Where its last line with anything but a remark ends."""
        lines = self.text.splitlines(keepends=True)
        while len(lines) > 1 and not says_something(lines[-1]):
            lines.pop()
        return len("".join(lines).rstrip())

    @property
    def first(self) -> str:
        """Its first word; nothing where it begins with another sign."""
        found = FIRST_WORD.match(self.text, self.begin)
        return found[0] if found else ""

    def place_of_first(self, file: str) -> Place:
        """The place of its first word."""
        return self.place(file, self.begin, self.begin + len(self.first))

    def place(self, file: str, start: int, end: int) -> Place:
        """A span of its text as a place in the file."""
        line, column = self._at(start)
        end_line, end_column = self._at(max(end, start))
        return Place(file, line, column, end_line, end_column)

    def _at(self, offset: int) -> tuple[int, int]:
        above = self.text.count("\n", 0, offset)
        return self.line + above, offset - self.text.rfind("\n", 0, offset)


def statements_in(source: str) -> list[Statement]:
    """All statements of a source, in order."""
    starts: list[int] = []
    joins = continuation()
    lines = source.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if says_something(line) and not (starts and joins.match(line)):
            starts.append(number)
    ends = [*starts[1:], len(lines)] if starts else []
    return [Statement("".join(lines[start:end]), start + 1) for start, end in zip(starts, ends, strict=True)]


def says_something(line: str) -> bool:
    """Whether a line has more than blanks and a remark."""
    return line.strip(" \t\r\n")[:1] not in ("", "#")


TEXTS_AND_REMARKS = re.compile(r'"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»|#[^\r\n]*')


def outside_texts(source: str) -> str:
    """The source with a blank in place of each text and remark."""
    return TEXTS_AND_REMARKS.sub(" ", source)


@cache
def continuation() -> re.Pattern[str]:
    """What a line begins with that continues the line above, as the grammar has it."""
    return re.compile("[ \t]*" + _ahead_of_joined_line())


@cache
def joining_words() -> tuple[str, ...]:
    """The words with which a line continues the one above."""
    words = re.findall(r"[a-z]+", _ahead_of_joined_line().replace("\\b", "").partition("needs")[0])
    return tuple(words)


def _ahead_of_joined_line() -> str:
    grammar = content.text("rules", "rubric.lark")
    [pattern] = re.findall(r"^_JOIN\S*\s+/.*(\(\?=.*\))/$", grammar, re.MULTILINE)
    return str(pattern)


# ---- kinds of statements, as rules/mistakes.toml tells them


FACTS = ("belongs", "needs", "head", "block", "file", "shape")


class Kind(Record):
    """One kind of statement: a right line, where it belongs, whether it is of the head or opens a block."""

    word: str
    example: str
    parents: tuple[str, ...] = ()
    belongs: str = ""
    needs: str = ""
    head: bool = False
    block: bool = False
    file: bool = False
    files: tuple[str, ...] = ()
    shape: str = ""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every word that begins a statement, and its kind."""
    found: dict[str, Kind] = {}
    for first, told in mistakes()["statements"].items():
        facts = {
            name: told[name]
            for name in ("belongs", "needs", "head", "block", "file", "shape")
            if name in told
        }
        for word in (first, *told.get("also", ())):
            example = told["example"].replace(first, word, 1)
            parents, files = tuple(told.get("parents", ())), tuple(told.get("files", ()))
            found[word] = Kind(word, example, parents, files=files, **facts)
    return found


EXPLAINING = ("note", "anchor", "evidence", "allow")


def depths(statements: Iterable[Sequence[str]]) -> Iterator[int]:
    """How far in each statement stands, 0, 1 or 2 steps, by its first three words."""
    block = explained = ""
    for words in statements:
        first = words[0]
        done_by = (
            block == "translation" and "by" in words[2:]
        )  # a step of the translating, not of the session
        if first in kinds() and kinds()[first].block and not done_by:
            block = explained = first
            yield 0
        elif first == "rubric":
            yield 0
        elif first in EXPLAINING and explained in {"item", "level"}:
            yield 2
        else:
            explained = first if first in {"item", "level"} else explained
            yield 1


@cache
def file_kinds() -> tuple[str, ...]:
    """The words with which a file can begin: checklist, adaptation, programme."""
    return tuple(word for word, kind in kinds().items() if kind.file)


@cache
def mistakes() -> Mapping[str, Any]:
    """What people type by mistake: rules/mistakes.toml."""
    return kept_toml("rules", "mistakes.toml")
