"""A question or fact -> the numbered list of all its answers, and the number of each raw value.

What a raw value says is never decided here: `model.answering` is asked once for each different value.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm

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

DOES_NOT_APPLY = NotGiven(NonAnswer.NOT_APPLICABLE)
BLANK, ABSENT = 0, 1  # their numbers in every list

REFUSED, BEYOND = -1, -2  # no answer; an answer whose value no column holds exactly

Understand = Callable[[str], Answer | Misfit]


@dataclass(frozen=True)
class Answers:
    """All answers of one question or fact, by number; `number` is that of any value of a long range.

    The column of such values holds them times `denominator`, at most `highest`.
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


def answers_of_question(checklist: Checklist, question: Question) -> Answers:
    """The answers of a question, with their points after reversing and binning."""

    def understand(raw: str) -> Answer | Misfit:
        answer = understood(checklist, question, raw)
        return replace(answer, points=points(question, answer)) if isinstance(answer, Given) else answer

    return _answers(checklist, question.key, question.scale, understand)


def answers_of_fact(checklist: Checklist, key: str) -> Answers:
    """The answers of a fact."""
    fact = checklist.fact[key]
    return _answers(checklist, key, fact.scale, lambda raw: understood_fact(checklist, fact, raw))


def _answers(checklist: Checklist, key: str, scale: Scale, understand: Understand) -> Answers:
    texts = [*_texts(checklist, scale)]
    if scale.kind == "text":
        said = [each for raw in checklist.codes if isinstance(each := understand(raw), NotGiven)]
        return Answers(key, _each_once([*said, FREE_TEXT]), understand, free=True)
    known = [each for raw in texts if not isinstance(each := understand(raw), Misfit)]
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


def numbers(answers: Answers, raw: pl.Series) -> pl.Series:
    """The number of the answer in each row; REFUSED or BEYOND where there is none."""
    return _looked_up(answers, raw, 0)


def values(answers: Answers, raw: pl.Series) -> pl.Series:
    """The value in each row, where it has a column; 0 elsewhere."""
    return _looked_up(answers, raw, 1)


def _looked_up(answers: Answers, raw: pl.Series, which: int) -> pl.Series:
    """Every different value is understood once; the rows are looked up among those."""
    blank, kind = (0, pl.Int64) if which else (BLANK, pl.Int32)
    if isinstance(raw.dtype, pl.Enum):
        found = pl.Series([answers.coded(each)[which] for each in raw.dtype.categories], dtype=kind)
        return found.gather(raw.to_physical()).fill_null(blank)
    texts = raw if raw.dtype == pl.String else raw.cast(pl.String)
    known = _remembered(answers)
    at = texts.cast(pl.Enum(known), strict=False)
    if at.null_count() > texts.null_count():
        known = [*known, *texts.filter(at.is_null() & texts.is_not_null()).unique()]
        at = texts.cast(pl.Enum(known))
    found = pl.Series([answers.coded(each)[which] for each in known], dtype=kind)
    column = found.gather(at.to_physical())
    return column.fill_null(blank) if column.null_count() else column


def _remembered(answers: Answers) -> list[str]:
    answers.coded("")
    for each in answers.listed:
        if each.code and "\0" not in each.code:
            answers.coded(each.code)
    return list(answers.texts)[:MOST_LISTED]
