"""Exact numbers: how people write them, and how they are shown on paper."""

import re
import unicodedata
from fractions import Fraction
from typing import Literal

RoundingMode = Literal["half_away", "half_even", "down", "up"]

# The language's own bound on literals; it bounds every later denominator.
_WRITTEN = re.compile(r"(?P<whole>\d{1,9})(?:[.](?P<part>\d{1,6}))?|(?P<top>\d{1,9})/(?P<bottom>\d{1,9})")

# CLDR: languages of our users that write 2,5 for two and a half.
DECIMAL_COMMA = frozenset("de fr es it pt nl tr pl ru uk id vi ro cs sk sv da fi nb".split())


def read_number(text: str, language: str = "en") -> Fraction | None:
    """The exact number that a person wrote, in the digits of any script; None when it is no number."""
    plain = plain_digits(text.strip())
    if language.split("-", maxsplit=1)[0] in DECIMAL_COMMA and plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    sign, unsigned = (-1, plain[1:]) if plain[:1] in "-−" else (1, plain)
    found = _WRITTEN.fullmatch(unsigned) if unsigned else None
    if found is None:
        return None
    if found["top"] is not None:
        return sign * Fraction(int(found["top"]), int(found["bottom"])) if int(found["bottom"]) else None
    part = found["part"] or ""
    return sign * Fraction(int(found["whole"] + part), 10 ** len(part))


def plain_digits(text: str) -> str:
    """The text with the digits of every script as 0 to 9, and the Arabic decimal mark as a point."""
    if text.isascii():
        return text
    return "".join(_plain(sign) for sign in text)


def _plain(sign: str) -> str:
    if sign == "٫":
        return "."
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def written(number: Fraction) -> str:
    """The shortest exact way to write a number: `3`, `2.5`, `1/3`."""
    if number.denominator == 1:
        return str(number.numerator)
    for places in range(1, 7):
        scaled = number * 10**places
        if scaled.denominator == 1:
            return shown(number, places)
    return f"{number.numerator}/{number.denominator}"


def rounded(number: Fraction, places: int, mode: RoundingMode = "half_away") -> Fraction:
    """The number to so many places; the plain mode rounds half away from zero, as on paper."""
    scale = 10**places
    size, rest = divmod(abs(number.numerator) * scale, number.denominator)
    if _goes_up(size, 2 * rest, number.denominator, mode):
        size += 1
    return Fraction(size if number >= 0 else -size, scale)


def _goes_up(size: int, twice_the_rest: int, whole: int, mode: RoundingMode) -> bool:
    match mode:
        case "down":
            return False
        case "up":
            return twice_the_rest > 0
        case "half_away":
            return twice_the_rest >= whole
        case "half_even":
            return twice_the_rest > whole or (twice_the_rest == whole and size % 2 == 1)


def shown(number: Fraction, places: int) -> str:
    """The number with exactly so many places: `91.7`; never `-0`."""
    exact = rounded(number, places)
    sign = "-" if exact < 0 else ""
    digits = str(abs(exact.numerator) * 10**places // exact.denominator).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def trimmed(number: Fraction, places: int) -> str:
    """The number with at most so many places: `80`, `66.7`, `1.75`."""
    text = shown(number, places)
    return text.rstrip("0").rstrip(".") if "." in text else text
