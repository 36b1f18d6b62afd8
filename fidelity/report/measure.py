"""How the values of a score are written: how many places, with which sign, on which axis."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from fidelity.model.checklist import Score
from fidelity.model.number import shown

WORTH_A_WORD = 10  # points of 100: parts of a checklist move by less from chance alone


@dataclass(frozen=True, slots=True)
class Measure:
    """A score's name, its places on paper, its sign, and the ends of its axis."""

    name: str
    places: int
    sign: str
    lowest: float
    highest: float | None

    def text(self, value: float | None) -> str:
        """The value as in a sentence: `76%`, `3.42`; a dash for none."""
        return "–" if value is None else plain(value, self.places) + self.sign

    def size(self, value: float | None) -> str | None:
        """The size of a change without its direction; nothing where there is none."""
        return None if value is None else plain(abs(value), self.places)

    @property
    def unit(self) -> str:
        """What a column heading says behind its word."""
        return f" {self.sign}" if self.sign else ""

    def axis(self, values: Iterable[float]) -> tuple[float, float]:
        """The ends of an axis: the score's own range, else from zero to a round number above the values."""
        if self.highest is not None:
            return self.lowest, self.highest
        return min(self.lowest, 0.0), round_above(max(values, default=1.0))


PERCENT = Measure("", 0, "%", 0.0, 100.0)


def measure(score: Score | None) -> Measure:
    """How this score is written; percents as whole numbers from 0 to 100."""
    if score is None:
        return PERCENT
    if score.kind == "percent":
        return Measure(score.title or score.name, 0, "%", 0.0, 100.0)
    lowest = float(score.lowest) if score.lowest is not None else 0.0
    highest = float(score.highest) if score.highest is not None else None
    return Measure(score.title or score.name, _places(score), "", lowest, highest)


def _places(score: Score) -> int:
    return 2 if score.kind in ("mean", "ratio") else 1


def exact_places(score: Score) -> int:
    """The places with which one observation's value is shown; a percent has one, a count none."""
    return {"percent": 1, "count": 0}.get(score.kind, 2)


def plain(value: float, places: int) -> str:
    """The number with so many places, rounded half away from zero; never `-0`."""
    return shown(Fraction(repr(float(value))), places)


def steady(value: float | None, places: int) -> float | None:
    """The number for a cell: two places more than shown, and no zero that would be shown as `-0`."""
    if value is None or not math.isfinite(value):
        return None
    kept = round(float(value), places + 2)
    return 0.0 if shown(Fraction(repr(kept)), places).strip("0.") == "" else kept


STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 250.0, 1000.0)


def step(ends: tuple[float, float]) -> float:
    """The distance of the lines across a chart: five or six of them, at round numbers."""
    length = ends[1] - ends[0]
    return next((each for each in STEPS if length / each <= 6), length)


def step_places(ends: tuple[float, float]) -> int:
    """The places that all values at the lines across a chart need."""
    return next((places for places in (0, 1) if (step(ends) * 10**places).is_integer()), 2)


def steps_between(ends: tuple[float, float]) -> list[float]:
    """The values at which lines run across a chart, both ends included."""
    low, high = ends
    distance = step(ends)
    return [low + number * distance for number in range(int((high - low) / distance + 1e-9) + 1)]


def round_above(value: float) -> float:
    """The nearest round number that is not below: 1, 1.5, 2, 3, 4, 5, 6, 8, 10 and so on."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9))
