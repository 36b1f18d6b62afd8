"""A question or fact -> the numbered list of all its answers, and the number of each raw value.

What a raw value says is never decided here: `model.answering` is asked once for each different value.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.recorded import points
from fidelity.model.answering import understood, understood_fact
from fidelity.model.checklist import Checklist, Question
from fidelity.model.scale import (
    MISSING,
    NON_ANSWERS,
    Answer,
    Given,
    Misfit,
    NonAnswer,
    NotGiven,
    Scale,
    Span,
)

MOST_LISTED = 1000  # numbers of a range that are listed one by one; longer ranges have a column of values
FINEST = 1_000_000  # six places, as in the language's own numbers
HIGHEST = 999_999_999  # nine digits
MOST_REMEMBERED = 100_000
MOST_IN_A_BYTE = 255
MOST_SOUGHT = 6  # texts that are sought in a column one after another
ROWS_LOOKED_AT = 500  # to find out which they are

DOES_NOT_APPLY = NotGiven(NonAnswer.NOT_APPLICABLE)
BLANK, ABSENT = 0, 1  # their numbers in every list

REFUSED, BEYOND = -1, -2  # no answer; an answer whose value no column holds exactly

Understand = Callable[[str], Answer | Misfit]


@dataclass(frozen=True)
class Answers:
    """All answers of one question or fact, by number; `number` is that of any value of a long range.

    The column of such values holds them times `denominator`, at most `highest`. Of a `free` text only the
    listed words are told apart.
    """

    key: str
    listed: tuple[Answer, ...]
    understand: Understand
    number: int | None = None
    denominator: int = 1
    highest: int = 0
    lowest: int = 0
    free: bool = False
    texts: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def kind(self) -> type[pl.UInt8 | pl.UInt32]:
        """The column type that holds their numbers."""
        return pl.UInt8 if len(self.listed) <= MOST_IN_A_BYTE else pl.UInt32

    def coded(self, raw: str) -> tuple[int, int]:
        """The number of the answer that a raw value says, and its value where that has a column."""
        found = self.texts.get(raw)
        if found is None:
            found = self._found(raw)
            if len(self.texts) < MOST_REMEMBERED and (not self.free or not raw):
                self.texts[raw] = found
        return found

    def _found(self, raw: str) -> tuple[int, int]:
        answer = self.understand(raw)
        if isinstance(answer, Misfit):
            return REFUSED, 0
        if self.free and isinstance(answer, Given):
            return self.listed.index(FREE_TEXT), 0
        if answer in self.listed:
            return self.listed.index(answer), 0
        if self.number is None or not isinstance(answer, Given) or answer.number is None:
            return BEYOND, 0
        value = answer.number * self.denominator
        if value.denominator != 1 or not self.lowest <= value.numerator <= self.highest:
            return BEYOND, 0
        return self.number, value.numerator


FREE_TEXT = Given("\0text")
ANY_NUMBER = Given("\0number")


NO_WORDS: Set[str] = frozenset()


def answers_of_question(checklist: Checklist, question: Question, words: Set[str] = NO_WORDS) -> Answers:
    """The answers of a question, with their points after reversing and binning; words, in a free text."""

    def understand(raw: str) -> Answer | Misfit:
        answer = understood(checklist, question, raw)
        return replace(answer, points=points(question, answer)) if isinstance(answer, Given) else answer

    return _answers(checklist, question.key, question.scale, understand, words)


def answers_of_fact(checklist: Checklist, key: str, words: Set[str] = NO_WORDS) -> Answers:
    """The answers of a fact; words, in a free text."""
    fact = checklist.fact[key]
    return _answers(checklist, key, fact.scale, lambda raw: understood_fact(checklist, fact, raw), words)


def _answers(
    checklist: Checklist, key: str, scale: Scale, understand: Understand, words: Set[str]
) -> Answers:
    if scale.kind == "text":
        return _answers_in_words(checklist, key, understand, words)
    known = [each for raw in _texts(checklist, scale) if not isinstance(each := understand(raw), Misfit)]
    if scale.span is None or _values(scale.span) is not None:
        return Answers(key, _each_once(known), understand)
    listed = _each_once([*known, ANY_NUMBER])
    denominator = _denominator(scale.span)
    highest = HIGHEST if scale.span.highest is None else scale.span.highest
    return Answers(
        key,
        listed,
        understand,
        listed.index(ANY_NUMBER),
        denominator,
        int(highest * denominator),
        -(-scale.span.lowest.numerator * denominator // scale.span.lowest.denominator),
    )


def _answers_in_words(checklist: Checklist, key: str, understand: Understand, words: Set[str]) -> Answers:
    """The words that are told apart are known beforehand, letter by letter; all others are one answer."""
    said = [understand(raw) for raw in (*checklist.codes, *sorted(words))]
    listed = _each_once([*(each for each in said if not isinstance(each, Misfit)), FREE_TEXT])
    places = {each.code: (place, 0) for place, each in enumerate(listed) if isinstance(each, Given)}
    return Answers(key, listed, understand, free=True, texts=places)


def _each_once(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    return tuple(dict.fromkeys([MISSING, DOES_NOT_APPLY, *answers]))


def _texts(checklist: Checklist, scale: Scale) -> Iterator[str]:
    yield from checklist.codes
    yield from NON_ANSWERS
    for choice in scale.choices:
        yield from (choice.id, *choice.codes)
    values = None if scale.span is None else _values(scale.span)
    # As fractions: a raw code of the file may look like a number, but hardly ever so.
    yield from (f"{each.numerator}/{each.denominator}" for each in values or ())


def _values(span: Span) -> list[Fraction] | None:
    """The values of a range, if they are few enough to be listed."""
    if span.highest is None or span.step is None:
        return None
    steps = (span.highest - span.lowest) // span.step
    return [span.lowest + number * span.step for number in range(steps + 1)] if steps < MOST_LISTED else None


def _denominator(span: Span) -> int:
    return FINEST if span.step is None else lcm(span.step.denominator, span.lowest.denominator)


# ---- columns of raw values


class Coded(NamedTuple):
    """A column of raw values as the numbers of its answers, and values where it has such a column.

    Rows whose value is no answer, or one that no column holds, count as blanks and are marked; where there
    are none, nothing is marked.
    """

    numbers: pl.Series
    values: pl.Series | None
    refused: pl.Series | None
    beyond: pl.Series | None


def coded(answers: Answers, raw: pl.Series) -> Coded:
    """Every different value is understood once; the rows are looked up among those."""
    quick = _quickly(answers, raw)
    if quick is not None:
        return Coded(quick, None, None, None)
    known, at = _different(answers, raw)
    pairs = [answers.coded(each) for each in known]
    numbers = [number for number, _ in pairs]
    return Coded(
        _gathered([max(number, BLANK) for number in numbers], at, answers.kind, BLANK),
        None if answers.number is None else _gathered([value for _, value in pairs], at, pl.Int64, 0),
        _marked([number == REFUSED for number in numbers], at),
        _marked([number == BEYOND for number in numbers], at),
    )


def _quickly(answers: Answers, raw: pl.Series) -> pl.Series | None:
    """The numbers of a column that holds nothing but answers, where there is a quick way to them."""
    if answers.number is not None or answers.kind != pl.UInt8:
        return None
    if raw.dtype == pl.String:
        return _sought(answers, raw)
    return _in_bytes(answers, raw) if raw.dtype.is_integer() else None


def _in_bytes(answers: Answers, raw: pl.Series) -> pl.Series | None:
    """The numbers of whole numbers that fit into a byte; nothing where one is no answer."""
    least, most = raw.min(), raw.max()
    if not isinstance(least, int) or not isinstance(most, int) or least < 0 or most >= MOST_IN_A_BYTE:
        return None
    numbers = [answers.coded(str(each))[0] for each in range(most + 1)]
    table = [MOST_IN_A_BYTE if each < 0 else each for each in numbers]
    at = raw.cast(pl.UInt8, wrap_numerical=True).fill_null(most + 1)
    found = pl.Series([*table, BLANK], dtype=pl.UInt8).gather(at)
    return None if found.max() == MOST_IN_A_BYTE else found


def _sought(answers: Answers, raw: pl.Series) -> pl.Series | None:
    """The numbers of a few different texts; nothing where one of them is no answer, or there are more."""
    texts = _texts_at_first(raw)
    numbers = [answers.coded(each)[0] for each in texts]
    if any(number < 0 for number in numbers):
        return None
    return _chosen(raw, texts, numbers)


def _texts_at_first(raw: pl.Series) -> list[str]:
    return [each for each in raw.head(ROWS_LOOKED_AT).unique() if each is not None]


def _chosen(raw: pl.Series, texts: Sequence[str], numbers: Sequence[int]) -> pl.Series | None:
    """For each text its number, the blank's where there is none; nothing where other texts are there too.

    Each is sought in the whole column, which takes half of the time of a look-up; most columns hold three or
    four different answers.
    """
    if len(texts) > MOST_SOUGHT:
        return None
    found = pl.repeat(BLANK, len(raw), dtype=pl.UInt8, eager=True)
    rows = raw.null_count()
    for text, number in zip(texts, numbers, strict=True):
        here = raw == text
        rows += int(here.sum())
        if number != BLANK:
            # To make a number of truth takes as long as to compare texts; to choose takes next to nothing.
            found = pl.Series([number], dtype=pl.UInt8).zip_with(here, found)
    return found if rows == len(raw) else None


def _gathered(entries: list[int], at: pl.Series, kind: type[pl.DataType], blank: int) -> pl.Series:
    column = pl.Series(entries or [blank], dtype=kind).gather(at)
    return column.fill_null(blank) if column.null_count() else column


def _marked(entries: list[bool], at: pl.Series) -> pl.Series | None:
    if not any(entries):
        return None
    column = pl.Series(entries).gather(at).fill_null(value=False)
    return column if column.any() else None


def _different(answers: Answers, raw: pl.Series) -> tuple[list[str], pl.Series]:
    """The texts that occur, perhaps with others, and the place of each row's text among them."""
    if isinstance(raw.dtype, pl.Enum):
        return raw.dtype.categories.to_list(), raw.to_physical()
    if raw.dtype.is_integer() and (span := _span(raw)):
        return [str(each) for each in span], (raw.cast(pl.Int64) - span.start).cast(pl.UInt32)
    texts = raw if raw.dtype == pl.String else raw.cast(pl.String)
    known = ["", *_texts_at_first(texts)]
    few = _chosen(texts, known[1:], range(1, len(known)))
    if few is not None:
        return known, few
    known = _remembered(answers)
    at = texts.cast(pl.Enum(known), strict=False)
    if at.null_count() > texts.null_count():
        known = [*known, *texts.filter(at.is_null() & texts.is_not_null()).unique()]
        at = texts.cast(pl.Enum(known))
    return known, at.to_physical()


def _span(numbers: pl.Series) -> range:
    """The whole numbers from the lowest to the highest, if they are few."""
    least, most = numbers.min(), numbers.max()
    if not isinstance(least, int) or not isinstance(most, int) or most - least >= MOST_LISTED:
        return range(0)
    return range(least, most + 1)


def _remembered(answers: Answers) -> list[str]:
    answers.coded("")
    for each in answers.listed:
        if each.code and "\0" not in each.code:
            answers.coded(each.code)
    return list(answers.texts)[:MOST_LISTED]
