"""A source -> its words as they are written, with the remarks between them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fidelity.language.grammar import grammar


class Written(NamedTuple):
    """A word or sign as it stands in a source; of kind `REMARK` for a remark, `_NL` for a statement's end."""

    kind: str
    text: str
    start: int


def words_of(source: str) -> Iterator[Written]:
    """The words of a normal source that can be read, and the remarks between them, in their order."""
    end = 0
    for token in grammar().lex(source):
        start = token.start_pos or 0
        yield from _remarks(source, end, start)
        end = token.end_pos or start
        if token.type == "_NL":
            yield Written("_NL", "", start)
            yield from _remarks(source, start, end)
        else:
            yield Written(token.type, str(token), start)
    yield from _remarks(source, end, len(source))


def _remarks(source: str, start: int, end: int) -> Iterator[Written]:
    # Between two words stand only blanks, line breaks and remarks.
    for remark in re.compile(r"#[^\r\n]*").finditer(source, start, end):
        yield Written("REMARK", remark[0].rstrip(), remark.start())
