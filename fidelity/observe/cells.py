"""What programs keep in a cell -> the text that a person would have written there."""

import datetime as dt
import math
from decimal import Decimal

from fidelity.observe.table import Cell, Odd


def cell_of(value: object) -> Cell:
    """Days as year-month-day, numbers without a needless point; Odd for what stands for no text."""
    match value:
        case None:
            return ""
        case bool():
            return Odd(str(value).upper(), "truth")
        case str():
            return value
        case int():
            return str(value)
        case float():
            return _number(value)
        case Decimal():
            return _plain(value)
        case dt.datetime():
            midnight = value.time() == dt.time(0)
            return value.date().isoformat() if midnight else value.isoformat(" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return Odd(str(value)[:60], "nested")


def _number(number: float) -> Cell:
    if not math.isfinite(number):
        return Odd(str(number), "mistake")
    return str(int(number)) if number.is_integer() else format(Decimal(repr(number)), "f")


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
