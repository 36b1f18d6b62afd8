"""Scales, the answers on them, and the answers that are no score."""

from dataclasses import field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Literal

from fidelity.model.number import read_number, written
from fidelity.place import NOWHERE, Place
from fidelity.record import Record


class NonAnswer(StrEnum):
    """The four different ways in which an item can be without an answer."""

    NOT_APPLICABLE = "not_applicable"
    NOT_OBSERVED = "not_observed"
    DECLINED = "declined"
    MISSING = "missing"


# The words that every data file and every example may use, whatever the scale.
NON_ANSWERS: dict[str, NonAnswer] = {each.value: each for each in NonAnswer}


class Given(Record):
    """An answer: its code, its points if the scale gives any, and the number behind it if it is one."""

    code: str
    points: Fraction | None = None
    number: Fraction | None = None


class NotGiven(Record):
    """No answer, of a stated kind; the code is what was ticked, if anything was."""

    state: NonAnswer
    code: str = ""


Answer = Given | NotGiven
MISSING = NotGiven(NonAnswer.MISSING)


class Misfit(Record):
    """Why a raw value is no answer on this scale, with the nearest allowed answer."""

    code: Literal["RB503", "RB504", "RB510"]
    nearest: str
    allowed: str
    why: str = ""


class Choice(Record):
    """One answer that a rater may choose."""

    id: str
    title: str
    points: Fraction | None = None
    means: NonAnswer | None = None
    codes: tuple[str, ...] = ()
    needs_comment: bool = False
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def answer(self) -> Answer:
        """What choosing it says."""
        if self.means is not None:
            return NotGiven(self.means, self.id)
        return Given(self.id, self.points, read_number(self.id))


class Span(Record):
    """The numbers a scale allows; no highest number means no upper end, no step means any fraction."""

    lowest: Fraction
    highest: Fraction | None
    step: Fraction | None

    def holds(self, number: Fraction) -> bool:
        """Whether the number lies in the range and on its steps."""
        inside = self.lowest <= number and (self.highest is None or number <= self.highest)
        return inside and (self.step is None or ((number - self.lowest) / self.step).denominator == 1)

    def nearest(self, number: Fraction) -> Fraction:
        """The allowed number nearest to this one; the higher one of two."""
        inside = max(self.lowest, number if self.highest is None else min(number, self.highest))
        if self.step is None:
            return inside
        steps = (inside - self.lowest) / self.step + Fraction(1, 2)
        on_step = self.lowest + (steps.numerator // steps.denominator) * self.step
        return on_step if self.highest is None or on_step <= self.highest else on_step - self.step


class Band(Record):
    """A stretch of numbers; an open end has no bound, and an excluded upper or lower end is said so."""

    lowest: Fraction | None
    highest: Fraction | None
    with_lowest: bool = True
    with_highest: bool = True

    def holds(self, number: Fraction) -> bool:
        """Whether the number lies in the stretch."""
        if self.lowest is not None and (
            number < self.lowest or (number == self.lowest and not self.with_lowest)
        ):
            return False
        if self.highest is None or number < self.highest:
            return True
        return number == self.highest and self.with_highest


class Bins(Record):
    """Turns a raw number into points."""

    id: str
    title: str
    bins: tuple[tuple[Fraction, Band], ...]
    place: Place = field(default=NOWHERE, compare=False)

    def points(self, number: Fraction) -> Fraction | None:
        """The points of a raw number."""
        return next((points for points, band in self.bins if band.holds(number)), None)


ScaleKind = Literal["choice", "range", "count", "number", "text"]


class Scale(Record):
    """What can be answered: named choices, a range of numbers, or free text; or choices on a range."""

    id: str
    title: str
    kind: ScaleKind
    choices: tuple[Choice, ...] = ()
    span: Span | None = None
    unit: str = ""
    place: Place = field(default=NOWHERE, compare=False)

    @cached_property
    def points(self) -> tuple[Fraction, ...]:
        """The lowest and the highest points, or nothing when the scale gives none or has no top."""
        single = [each.points for each in self.choices if each.points is not None]
        ends = (self.span.lowest, self.span.highest) if self.span else ()
        known = [*single, *(end for end in ends if end is not None)]
        unbounded = self.span is not None and self.span.highest is None
        return (min(known), max(known)) if known and not unbounded else ()

    def choice(self, code: str) -> Choice | None:
        """The choice with this id or, failing that, with this raw code."""
        by_id = next((each for each in self.choices if each.id == code), None)
        return by_id or next((each for each in self.choices if code in each.codes), None)

    def understand(self, raw: str, language: str = "en") -> Answer | Misfit:
        """What a raw value says on this scale, exactly; nothing is guessed."""
        if not raw.strip():
            return MISSING
        if self.kind == "text":
            return Given(raw)
        choice = self.choice(raw.strip())
        if choice is not None and choice.means is not None:
            return choice.answer
        if choice is None and raw.strip() in tuple(NonAnswer):
            return NotGiven(NonAnswer(raw.strip()), raw.strip())
        number = read_number(raw, language)
        if choice is None and number is not None:
            choice = next((each for each in self.choices if read_number(each.id) == number), None)
        if choice is not None and (choice.points is not None or self.span is None):
            return choice.answer
        return self._measured(raw, number)

    def _measured(self, raw: str, number: Fraction | None) -> Answer | Misfit:
        if self.span is None:
            return Misfit("RB503", self._nearest_choice(raw), self.allowed)
        if number is not None and self.span.holds(number):
            return Given(written(number), number, number)
        nearest = "" if number is None else written(self.span.nearest(number))
        return Misfit("RB504", nearest, self.allowed, _why_not(self, self.span, number))

    def _nearest_choice(self, raw: str) -> str:
        plain = raw.strip().casefold()
        alike = [each.id for each in self.choices if plain in (each.id.casefold(), each.title.casefold())]
        if alike:
            return alike[0]
        number = read_number(raw)
        numbered = [(value, each.id) for each in self.choices if (value := read_number(each.id)) is not None]
        if number is None or not numbered:
            return ""
        return min(numbered, key=lambda pair: (abs(pair[0] - number), -pair[0]))[1]

    @property
    def allowed(self) -> str:
        """The allowed answers in words."""
        names = ", ".join(each.id for each in self.choices)
        if self.span is None:
            return names
        lowest = written(self.span.lowest)
        ends = (
            f"from {lowest} to {written(self.span.highest)}"
            if self.span.highest is not None
            else f"at least {lowest}"
        )
        step = "" if self.span.step in (None, 1) else f" in steps of {written(self.span.step or Fraction(1))}"
        whole = "a whole number " if self.span.step == 1 else "a number "
        extra = [each.id for each in self.choices if read_number(each.id) is None or each.means is not None]
        return whole + ends + step + (f"; or {', '.join(extra)}" if extra else "")


def _why_not(scale: Scale, span: Span, number: Fraction | None) -> str:
    if number is None:
        return "is not a number"
    if scale.kind == "count" and number.denominator != 1:
        return "is not a whole number"
    if number < span.lowest or (span.highest is not None and number > span.highest):
        return "is outside the range"
    return "is between two steps"
