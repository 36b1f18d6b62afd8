"""Cells of a series table -> days, numbers and scores, or the word for why they are none."""

import math
import re
from datetime import date
from functools import cache
from typing import Literal

from fidelity.model.number import plain_digits

Wrong = Literal["blank", "no_date", "no_such_day", "no_number", "two_ways", "too_large"]
Moment = date | float

NO_SCORE = ("", "missing")
LARGEST = 1_000_000_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[-−+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?")
# 1,234 is one and a bit to some people and more than a thousand to others.
_THOUSANDS = re.compile(r"[-−+]?[1-9]\d{0,2},\d{3}")


@cache
def day(text: str) -> date | Wrong:
    """The day written as year-month-day, in the digits of any script."""
    plain = plain_digits(text)
    if not plain:
        return "blank"
    if not _DAY.fullmatch(plain):
        return "no_date"
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return "no_such_day"


@cache
def score(text: str) -> float | Wrong | None:
    """The score, a percent without its sign; None where there is none."""
    if text in NO_SCORE:
        return None
    return number(text[:-1].rstrip() if text[-1] in "%٪" else text)


@cache
def number(text: str) -> float | Wrong:
    """The number that a person or a program wrote, in the digits of any script, also with a decimal comma."""
    plain = plain_digits(text)
    if not plain:
        return "blank"
    if _THOUSANDS.fullmatch(plain):
        return "two_ways"
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return "no_number"
    value = float(plain.replace("−", "-"))
    return value if math.isfinite(value) and abs(value) < LARGEST else "too_large"
