"""Lengths of time as people say them, and the day on which one ends."""

import datetime as dt
from calendar import monthrange
from typing import NamedTuple


class Period(NamedTuple):
    """So many days, weeks, months or years; the unit without its s."""

    number: int
    unit: str

    def after(self, day: dt.date) -> dt.date:
        """The last day of the period that begins on this day; the calendar's last day if it lies beyond."""
        try:
            return later(day, self.number, self.unit)
        except (OverflowError, ValueError):
            return dt.date.max


def later(day: dt.date, number: int, unit: str) -> dt.date:
    """So many days, weeks, months or years later; in a shorter month its last day (decision 24)."""
    match unit.removesuffix("s"):
        case "day":
            return day + dt.timedelta(days=number)
        case "week":
            return day + dt.timedelta(weeks=number)
        case "month":
            return _months_later(day, number)
        case _:
            return _months_later(day, 12 * number)


def _months_later(day: dt.date, number: int) -> dt.date:
    years, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return dt.date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
