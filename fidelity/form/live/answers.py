"""A question or fact on the page -> the number of its answer in a list of all answers it can have.

What a text says is never decided by a formula: `model.answering` is asked for every text that is understood.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from fidelity.form.live.number import Exact, constant, holds, negative, total, within
from fidelity.form.live.working import Working, all_of, when
from fidelity.model.answering import understood, understood_fact
from fidelity.model.checklist import Checklist, Fact, Question
from fidelity.model.form import Option, code_of
from fidelity.model.number import read_number, written
from fidelity.model.scale import (
    MISSING,
    NON_ANSWERS,
    Answer,
    Band,
    Bins,
    Given,
    Misfit,
    NonAnswer,
    NotGiven,
    Scale,
    Span,
)
from fidelity.spreadsheet import put

UNREADABLE, BLANK, ABSENT = 0, 1, 2  # numbers of answers; the listed ones are counted from 1
MOST_CHOSEN = 28
LISTED_VALUES = 60  # numbers of a range that are listed one by one
FINEST = 1_000_000  # six places, as in the language's own numbers
HIGHEST = 9_999  # of a range without an upper end; above, the form shows nothing
ANY_NUMBER, ANY_TEXT = Given("\0number"), Given("\0text")
DOES_NOT_APPLY = NotGiven(NonAnswer.NOT_APPLICABLE)
NOT_A_NUMBER = "-"


class Asked(NamedTuple):
    """A question or fact: the answers it can have; the cells of its answer's number and, if any, its value.

    `readable` is 0 where what stands on the page is none of the answers.
    """

    answers: tuple[Answer, ...]
    number: str
    readable: str
    filled: str
    value: Exact | None = None
    points: Exact | None = None

    def listed(self, working: Working, entries: Sequence[int]) -> str:
        """The entry at the number of the answer."""
        if len(set(entries)) == 1:
            return str(entries[0])
        return working.keep(_chosen(self.number, [str(each) for each in entries]))

    @property
    def any_number(self) -> tuple[int, ...]:
        """1 where the answer is a number that is not listed."""
        return tuple(int(each is ANY_NUMBER) for each in self.answers)


def _chosen(number: str, entries: Sequence[str], before: int = 0) -> str:
    """The entry of this number; LibreOffice chooses from thirty at once."""
    here, rest = entries[:MOST_CHOSEN], entries[MOST_CHOSEN:]
    at = f"{number}-{before}" if before else number
    chosen = f"CHOOSE({at},{','.join(here)})"
    last = before + MOST_CHOSEN
    return f"IF({number}<={last},{chosen},{_chosen(number, rest, last)})" if rest else chosen


def asked_question(
    working: Working, checklist: Checklist, question: Question, cell: str, offered: Sequence[Option]
) -> Asked:
    """A question, its answers with their points after reversing and binning."""

    def understand(raw: str) -> Answer | Misfit:
        answer = understood(checklist, question, raw)
        return replace(answer, points=points(question, answer)) if isinstance(answer, Given) else answer

    texts = dict(_texts(checklist, question.scale, offered))
    meant = {text: understand(code) for text, code in texts.items()}
    found = _asked(working, question.key, question.scale, cell, meant)
    if found.value is None:
        return found
    return found._replace(points=_points_of(working, question, found.value))


def asked_fact(
    working: Working, checklist: Checklist, fact: Fact, cell: str, offered: Sequence[Option]
) -> Asked:
    """A fact."""
    texts = dict(_texts(checklist, fact.scale, offered))
    meant = {text: understood_fact(checklist, fact, code) for text, code in texts.items()}
    return _asked(working, fact.id, fact.scale, cell, meant)


def points(question: Question, answer: Given) -> Fraction | None:
    """What an answer is worth: binned if it is a raw number, then turned round if the item is reversed."""
    of_bin = question.bins.points(answer.number) if question.bins and answer.number is not None else None
    worth = answer.points if of_bin is None else of_bin
    if worth is None or not question.reversed or not question.points:
        return worth
    return question.points[0] + question.points[-1] - worth


# ---- the texts that are understood


def _texts(checklist: Checklist, scale: Scale, offered: Sequence[Option]) -> Iterator[tuple[str, str]]:
    """Every text that may stand in the cell, and the code that the importer takes it for."""
    known = [*checklist.codes, *NON_ANSWERS]
    known += [code for each in scale.choices for code in (each.id, *each.codes)]
    known += [written(each) for each in _values(scale.span)]
    known += [each.label for each in offered]
    yield from ((" ".join(text.split()), code_of(offered, text)) for text in known)


def _values(span: Span | None) -> list[Fraction]:
    """The values of a range, if they are few enough to be listed."""
    if span is None or span.highest is None or span.step is None:
        return []
    steps = (span.highest - span.lowest) // span.step
    return [span.lowest + number * span.step for number in range(steps + 1)] if steps < LISTED_VALUES else []


def _asked(working: Working, key: str, scale: Scale, cell: str, meant: dict[str, Answer | Misfit]) -> Asked:
    known = {text: each for text, each in meant.items() if not isinstance(each, Misfit)}
    free = scale.kind == "text"
    if free:
        known = {text: each for text, each in known.items() if isinstance(each, NotGiven)}
    ranged = scale.span is not None and not _values(scale.span)
    listed = [MISSING, DOES_NOT_APPLY, *known.values(), *[ANY_TEXT] * free, *[ANY_NUMBER] * ranged]
    answers = tuple(dict.fromkeys(listed))
    looked_up = _looked_up(working, cell, known, answers)
    span = scale.span if ranged else None
    value = None if span is None else _value(span, cell)
    otherwise = str(len(answers)) if free else "0" if span is None else _number_of(span, cell, len(answers))
    found = working.keep(
        f'IFERROR(IF(TRIM({cell})="",{BLANK},IF({looked_up}>0,{looked_up},{otherwise})),{UNREADABLE})', key
    )
    number = working.keep(f"MAX({BLANK},{found})")
    readable = working.keep(f"IF({found}>0,1,0)")
    filled = working.keep(f"IF({found}<>{BLANK},1,0)")
    asked = Asked(answers, number, readable, filled)
    if value is None:
        return asked
    here = asked.listed(working, asked.any_number)
    return asked._replace(value=value._replace(top=working.keep(when(here, value.top, "0")), known=here))


def _looked_up(working: Working, cell: str, known: dict[str, Answer], answers: tuple[Answer, ...]) -> str:
    """The number of the answer that is listed under what stands in the cell, as text or as number; or 0."""
    lines = tuple((text, _plain_number(text), answers.index(answer) + 1) for text, answer in known.items())
    if not lines:
        return "0"
    texts, numbers, places = _written_once(working, lines)
    as_number = f"SUMPRODUCT(({numbers}={cell})*{places})"
    as_text = f"IF(ISTEXT({cell}),SUMPRODUCT(EXACT(TRIM({cell}),{texts})*{places}),0)"
    return working.keep(f"IFERROR(IF(ISNUMBER({cell}),{as_number},{as_text}),0)")


Lines = tuple[tuple[str, float | str, int], ...]


def _written_once(working: Working, lines: Lines) -> tuple[str, str, str]:
    """The ranges of a table of texts, numbers and places; the same table stands once."""
    key = f"\0table {lines!r}"
    if key not in working.cells:
        first = working.rows + 1
        for text, number, place in lines:
            working.keep_text(text)
            put(working.sheet.cell(working.rows, 3), number)
            put(working.sheet.cell(working.rows, 4), place)
        working.cells[key] = f"{first}:{working.rows}"
    first_row, last_row = working.cells[key].split(":")
    texts, numbers, places = (f"${letter}${first_row}:${letter}${last_row}" for letter in "BCD")
    return texts, numbers, places


def _plain_number(text: str) -> float | str:
    """The number that a cell may hold instead of the text: only one that the importer reads as this text."""
    number = read_number(text) if text.isascii() else None
    return NOT_A_NUMBER if number is None or written(number) != text or "/" in text else float(number)


# ---- numbers of a range that are not listed


def _denominator(span: Span) -> int:
    return FINEST if span.step is None else lcm(span.step.denominator, span.lowest.denominator)


def _value(span: Span, cell: str) -> Exact:
    """The number in the cell as a fraction."""
    bottom = _denominator(span)
    highest = Fraction(HIGHEST) if span.highest is None else span.highest
    most = within(int(max(abs(highest), abs(span.lowest)) * bottom))
    return Exact(f"ROUND({cell}*{bottom},0)", bottom, "1", most, bottom, bottom, span.lowest < 0)


def _number_of(span: Span, cell: str, number: int) -> str:
    """The number of the answer `any number` if the one in the cell is in the range and on its steps."""
    bottom = _denominator(span)
    highest = Fraction(HIGHEST) if span.highest is None else span.highest
    value = f"ROUND({cell}*{bottom},0)"
    low, high = (-(-span.lowest * bottom // 1), highest * bottom // 1)
    inside = f"ISNUMBER({cell}),{value}>={low},{value}<={high},{value}/{bottom}={cell}"
    if span.step is not None:
        step, start = int(span.step * bottom), int(span.lowest * bottom)
        inside += f",MOD({value}-({start}),{step})=0"
    return f"IF(AND({inside}),{number},0)"


def _points_of(working: Working, question: Question, value: Exact) -> Exact:
    worth = value if question.bins is None else _binned(working, question.bins, value)
    if not question.reversed or not question.points:
        return worth
    turned = total(working, [constant(question.points[0] + question.points[-1]), negative(worth)])
    return turned._replace(top=working.keep(when(worth.known, turned.top, "0")))


def _binned(working: Working, bins: Bins, value: Exact) -> Exact:
    """The points of the first bin that holds the value; without one, the value itself."""
    bottom = lcm(*(each.denominator for each, _ in bins.bins), int(value.bottom))
    most = max(*(abs(each) for each, _ in bins.bins), Fraction(value.most, int(value.bottom)))
    top = f"{value.top}*{bottom // int(value.bottom)}"
    for worth, band in reversed(bins.bins):
        top = f"IF({_inside(band, value)},{int(worth * bottom)},{top})"
    top = working.keep(when(value.known, top, "0"))
    signed = value.signed or any(each < 0 for each, _ in bins.bins)
    return Exact(top, bottom, value.known, within(int(most * bottom)), bottom, bottom, signed)


def _inside(band: Band, value: Exact) -> str:
    ends = []
    if band.lowest is not None:
        ends.append(holds(value, "at least" if band.with_lowest else "above", constant(band.lowest)))
    if band.highest is not None:
        ends.append(holds(value, "at most" if band.with_highest else "below", constant(band.highest)))
    return f"AND({','.join(ends)})" if ends else "TRUE"


def readable(asked: Sequence[Asked]) -> str:
    """Whether everything on the page is understood."""
    return all_of(each.readable for each in asked)
