"""A source that the parser has refused -> problems that people can act on, one for each mistake.

The source is read again, one statement at a time, each from a copy of the state of lark's interactive parser.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from copy import copy
from functools import cached_property
from itertools import islice
from typing import Any

import lark

from fidelity.errors import Problem, in_order
from fidelity.language.grammar import spellings
from fidelity.language.recovery import State, Text, mistakes_in
from fidelity.language.repairs import MOST_WORDS_BACK, Reach, Repair, Spot, found_at
from fidelity.language.statements import outside_texts, statements_in
from fidelity.record import Record

MOST_PROBLEMS = 20
LONGEST_TRIED = 2_000


def problems_in(source: str, file: str, parser: lark.Lark) -> list[Problem]:
    """The mistakes in a source that the parser has refused: root causes only, at most twenty, in order."""
    names = Counter(re.findall(r"[a-z]\w*", outside_texts(source)))
    text = Text(file, Grammar(parser), tuple(statements_in(source)), names)
    return list(in_order(islice(mistakes_in(text), MOST_PROBLEMS)))


class Mark(Record):
    """A word of a text, and the parser's state before it."""

    start: int
    end: int
    before: State


class Grammar(Record):
    """Reads statements with lark; nothing is built, so that a copy of a state is small."""

    parser: lark.Lark

    def begin(self) -> State:
        """The state before a file."""
        begun: State = self.parser.parse_interactive("")
        begun.parser_state.parse_conf = copy(begun.parser_state.parse_conf)
        begun.parser_state.parse_conf.callbacks = {}
        return begun

    def after(self, state: State, text: str) -> State | None:
        """The state after a text; None when it cannot be read."""
        after, reached = self._read(state, text)
        return after if reached is None else None

    def may_end(self, state: State) -> bool:
        """Whether a file may end here."""
        try:
            state.copy(deepcopy_values=False).feed_eof()
        except lark.exceptions.UnexpectedInput:
            return False
        return True

    def openings(self, state: State) -> frozenset[str]:
        """The words that can stand next."""
        return self._spot(Mark(0, 0, state), surely=True).words

    def stop(self, state: State, text: str) -> tuple[tuple[Spot, ...], Reach]:
        """The last words of a text up to the one that cannot be read, and how far repairs would get."""
        marks = deque(self._marks(state, text), MOST_WORDS_BACK)
        stop = marks.pop()
        spots = [*(self._spot(mark, surely=False) for mark in marks), self._spot(stop, surely=True)]

        def reach(repair: Repair) -> int:
            fitting = (mark for mark in (stop, *reversed(marks)) if mark.start <= repair.start)
            return self._reached(text, next(fitting, stop), repair)

        return tuple(spots), reach

    def _read(self, state: State, text: str) -> tuple[State, int | None]:
        """The state after a text, and where reading stopped if it did."""
        after = state.copy(deepcopy_values=False)
        try:
            for token in self._words(text, after):
                after.feed_token(token)
        except lark.exceptions.UnexpectedInput as unexpected:
            return after, _stopped_at(unexpected)
        return after, None

    def _marks(self, state: State, text: str) -> Iterator[Mark]:
        """Each word that could be read, and at last the one that could not."""
        state = before = state.copy(deepcopy_values=False)
        tokens = self._words(text, state)
        try:
            while True:
                before = state.copy(deepcopy_values=False)
                token = next(tokens)
                start, end = token.start_pos or 0, token.end_pos or 0
                if re.match(r"\w\w", text[end - 1 : end + 1]):
                    break  # half a word was taken for a word of the language
                state.feed_token(token)
                yield Mark(start, end, before)
        except lark.exceptions.UnexpectedInput as unexpected:
            start = _stopped_at(unexpected)
        yield Mark(start, found_at(text, start), before)

    def _words(self, text: str, state: State) -> Iterator[lark.Token]:
        """The words of a text as they are understood in the state, which goes on while they are fed to it."""
        fresh: State = self.parser.parse_interactive(text)
        words: Iterator[lark.Token] = fresh.lexer_thread.lex(state.parser_state)
        return words

    def _spot(self, mark: Mark, *, surely: bool) -> Spot:
        # What lark's tables list is told quickly, but may include what can stand there in other blocks only.
        terminals = mark.before.accepts() if surely else set(mark.before.choices())
        words = frozenset(word for terminal in terminals for word in self._spelled.get(terminal, ()))
        return Spot(mark.start, mark.end, words, frozenset(terminals))

    def _reached(self, text: str, mark: Mark, repair: Repair) -> int:
        changed = text[mark.start : repair.start] + repair.write
        rest = text[repair.end : repair.end + LONGEST_TRIED]
        _, reached = self._read(mark.before, changed + rest)
        if reached is None:
            return len(text)
        return repair.start if reached < len(changed) else repair.end + reached - len(changed)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the language."""
        return frozenset(word for words in self._spelled.values() for word in words)

    @cached_property
    def _spelled(self) -> dict[str, tuple[str, ...]]:
        return {each.name: spellings(each.pattern.value, each.pattern.type) for each in self.parser.terminals}


def _stopped_at(unexpected: Any) -> int:
    return int(unexpected.pos_in_stream or 0)
