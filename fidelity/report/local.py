"""Dates and numbers of sentences as a language writes them, always with the digits 0 to 9."""

import re
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton, get_month_names
from babel.numbers import get_decimal_symbol

_WRITTEN = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?(%?)")


def day_in(language: str, day: date) -> str:
    """A date with its month in letters, so that nobody takes the month for the day."""
    medium = Locale.parse(language).date_formats["medium"]
    if "MMM" in str(medium):
        return format_date(day, "medium", locale=language)
    return format_skeleton("yMMMd", day, locale=language)


def month_in(language: str, day: date) -> str:
    """The month and the year of a day."""
    return format_skeleton("yMMM", day, locale=language)


def month_name_in(language: str, month: int) -> str:
    """The short name of a month."""
    # Not the names that stand alone: of these Babel gives Farsi the Hebrew ones, once asked for Hebrew.
    return str(get_month_names("abbreviated", "format", locale=language)[month])


def number_in(language: str, written: str) -> str:
    """A number such as `3.42` or `76%` as the language writes it; any other text stays as it is."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return written
    sign, whole, places, percent = found.groups()
    point, before, behind = _signs(language)
    number = sign + whole + (point + places if places else "")
    return before + number + behind if percent else number


@cache
def _signs(language: str) -> tuple[str, str, str]:
    """What stands between whole and places, and before and behind a percentage."""
    pattern = str(Locale.parse(language).percent_formats[None].pattern)
    before, behind = pattern[: pattern.index("#")], pattern[pattern.rindex("0") + 1 :]
    return get_decimal_symbol(language, numbering_system="latn"), before, behind
