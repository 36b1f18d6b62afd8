"""What a programme's rules say about one observation's scored values, which are known by their names alone.

A value is held as it was written: `70%`, `4.2`, `acceptable`. Several words are the levels that are still
possible, none is a blank, and None does not apply.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from fidelity.model.expression import Comparison
from fidelity.place import NOWHERE, Place

Values = Mapping[str, tuple[str, ...] | None]

# As people write numbers, and as exact scores are written by a program.
_WRITTEN = re.compile(r"[-−]?(?:\d{1,40}(?:\.\d{1,40})?|\d{1,40}/\d{1,40})")


class Mark(NamedTuple):
    """A number to compare with, a percent in percent; a fraction such as 2/3 fits both kinds."""

    number: Fraction
    kind: Literal["percent", "plain", "fraction"]
    threshold: str = ""


class Word(NamedTuple):
    """A word to compare with: a level, an answer; `order` is that of all levels, lowest first, if known."""

    word: str
    order: tuple[str, ...] = ()


class Other(NamedTuple):
    """Another value of the same observation."""

    key: str


class Judged(NamedTuple):
    """`adherence is below 60%`; the key of a family's member is `skill.risk`."""

    key: str
    comparison: Comparison
    bound: Mark | Word | Other
    place: Place = NOWHERE


class Among(NamedTuple):
    """`fidelity is one of acceptable, high`."""

    key: str
    words: tuple[str, ...]
    place: Place = NOWHERE


class Known(NamedTuple):
    """`adherence is scored`, `is not scored`, `is missing`; always decided."""

    key: str
    scored: bool
    place: Place = NOWHERE


class Many(NamedTuple):
    """`no skill is 1`: the test holds for so many members of a family."""

    quantifier: Literal["any", "every", "no", "at least", "at most", "exactly"]
    number: int
    family: str
    test: "Judged | Among | Known"
    place: Place = NOWHERE


class All(NamedTuple):
    """True when every part is."""

    parts: tuple["Claim", ...]


class Some(NamedTuple):
    """True when one part is."""

    parts: tuple["Claim", ...]


class Opposite(NamedTuple):
    """True when the part is not."""

    part: "Claim"


Claim = Judged | Among | Known | Many | All | Some | Opposite


def claims_in(claim: Claim) -> "list[Judged | Among | Known | Many]":
    """Every single test of a claim."""
    match claim:
        case All(parts) | Some(parts):
            return [each for part in parts for each in claims_in(part)]
        case Opposite(part):
            return claims_in(part)
        case _:
            return [claim]


@lru_cache(maxsize=4096)
def number_in(text: str) -> Fraction | None:
    """The number that a value holds, a percent in percent; None when it holds none."""
    plain = text.strip().removesuffix("%").strip()
    if not _WRITTEN.fullmatch(plain):
        return None
    try:
        return Fraction(plain.replace("−", "-"))
    except ZeroDivisionError:
        return None


def number_beside(text: str, mark: Mark) -> tuple[Fraction, Fraction] | None:
    """Value and mark as numbers of one kind; None when the value is no number or of the other kind.

    The sign of a percent may be left out; `2/3` beside a percent is two thirds of the whole.
    """
    number = number_in(text)
    if number is None:
        return None
    if text.strip().endswith("%"):
        if mark.kind == "plain":
            return None
        return number, mark.number * 100 if mark.kind == "fraction" else mark.number
    if mark.kind == "percent" and "/" in text and number <= 1:
        number *= 100
    return number, mark.number
