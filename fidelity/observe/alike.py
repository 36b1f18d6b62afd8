"""Codes that people take for one and programs for several, `T01` and `t01` -> warnings; nothing is merged."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.model.number import plain_digits
from fidelity.model.observation import Observation
from fidelity.place import NOWHERE, Place

CODES = ("therapist", "client", "session", "rater", "site", "arm")
MOST_ROWS = 5  # of a spelling that are named
MOST_TOLD = 15  # codes; the others are counted
RECORDS = (".json", ".jsonl", ".ndjson", ".txt")

# Letters of other alphabets that look like ours, in small letters; a capital counts, as codes have them.
_LIKE_LATIN = str.maketrans(
    dict(zip("авекмнорстухіјѕԁһԛԝ", "abekmhopctyxijsdhqw", strict=True))
    | dict(zip("αβεζηικμνορτυχ", "abezhikmnoptyx", strict=True))
)
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_WHOLE = re.compile(r"(\d+)\.0+")
_ALPHABETS = ("CYRILLIC", "GREEK")


class Seen(NamedTuple):
    """A code as it is written somewhere: in which column, how often, and where, the first few times.

    It is 0 times in observations where another table only lists it.
    """

    column: str
    code: str
    times: int
    places: tuple[Place, ...]


@dataclass(slots=True)
class Spelling:
    """One way in which a code is written."""

    code: str
    times: int = 0
    places: list[Place] = field(default_factory=list)


def codes_in(observations: Iterable[Observation]) -> Iterator[Seen]:
    """Every code in observations that are not refused, each time it is written."""
    good = [each for each in observations if not each.refused]
    for column in CODES:
        yield from (Seen(column, str(getattr(each, column)), 1, (each.place,)) for each in good)


def alike_in(
    seen: Iterable[Seen],
    news: Container[tuple[str, str]] | None = None,
    *,
    what: str = "observation",
    untold: int = 0,
) -> Iterator[Problem]:
    """A warning for each code that is written in more than one way.

    `news` are the columns and codes that have just come in: what others write in two ways was told before.
    `what` has a code in each of its rows; `untold` codes beside those seen are only known by their number.
    """
    found: dict[str, Problem] = {}
    for (column, _), spellings in _together(seen).items():
        if len(spellings) > 1 and (news is None or any((column, each.code) in news for each in spellings)):
            problem = _problem(column, spellings, what)
            # A site may be named in the column of therapists as well: that is said once.
            found.setdefault(str(problem.facts["spellings"]), problem)
    told = list(found.values())
    yield from told[:MOST_TOLD]
    rest = told[MOST_TOLD:]
    if rest or untold:
        file = next((each.place.file for each in rest), "")
        yield Problem("RB506", Place(file), {"more_alike": len(rest) + untold}, graded="warning")


@lru_cache(maxsize=100_000)
def bare(code: str) -> str:
    """What is left of a code without what people overlook: case, blanks, other alphabets, zeros before."""
    plain = plain_digits(unicodedata.normalize("NFKC", code)).casefold().translate(_LIKE_LATIN)
    kept = "".join(_sign(each) for each in plain)
    whole = _WHOLE.fullmatch(kept)
    return _ZEROS.sub("", whole[1] if whole else kept)


def _sign(each: str) -> str:
    """A sign as it is seen: no blank, nothing invisible, one kind of hyphen."""
    if each.isascii():
        return "" if each.isspace() or not each.isprintable() else each
    match unicodedata.category(each):
        case "Zs" | "Zl" | "Zp" | "Cf" | "Cc":
            return ""
        case "Pd":
            return "-"
        case _:
            return each


# ---- which belong together


def _together(seen: Iterable[Seen]) -> Mapping[tuple[str, str], list[Spelling]]:
    """The spellings of each code, in the order in which they were met."""
    found: dict[tuple[str, str], dict[str, Spelling]] = {}
    for column, code, times, places in seen:
        if code:
            spelling = found.setdefault((column, bare(code)), {}).setdefault(code, Spelling(code))
            spelling.times += times
            if times or not spelling.times:  # where it is only listed says nothing of one that is in use
                spelling.places += places[: MOST_ROWS + 1 - len(spelling.places)]
    return {key: list(each.values()) for key, each in found.items()}


# ---- words


def _problem(column: str, spellings: Sequence[Spelling], what: str) -> Problem:
    usual_first = sorted(spellings, key=lambda each: -each.times)
    told = [f"{_shown(each.code, spellings)} ({_where(each, what)})" for each in usual_first]
    facts = {
        "alike": column,
        "spellings": f"{', '.join(told[:-1])} and {told[-1]}",
        "number": len(spellings),
    }
    place = next(iter(usual_first[-1].places), NOWHERE)
    return Problem("RB506", place, facts, graded="warning")


def _shown(code: str, spellings: Sequence[Spelling]) -> str:
    """The code in quotation marks, with what the eye cannot tell in it named."""
    signs = "".join(f"‹U+{ord(each):04X}›" if _is_unseen(each) else each for each in code)
    foreign = dict.fromkeys(each for each in code if _alphabet(each))
    latin = any(each.isascii() and each.isalpha() for other in spellings for each in other.code)
    if not foreign or not latin:
        return f'"{signs}"'
    letters = ", ".join(f"{_alphabet(each).capitalize()} {each}" for each in foreign)
    return f'"{signs}" with {letters}'


def _is_unseen(each: str) -> bool:
    return each != " " and (each.isspace() or unicodedata.category(each) in ("Cf", "Cc"))


def _alphabet(each: str) -> str:
    if each.isascii():
        return ""
    return next((name for name in _ALPHABETS if unicodedata.name(each, "").startswith(name)), "")


def _where(spelling: Spelling, what: str) -> str:
    """How often, and in which rows of which files, where rows can be told."""
    if not spelling.times:
        return f"listed in {Path(spelling.places[0].file).name}"
    counted = f"1 {what}" if spelling.times == 1 else f"{spelling.times:,} {what}s"
    if not spelling.places:
        return counted
    rows: dict[str, list[int]] = {}
    for place in spelling.places[:MOST_ROWS]:
        rows.setdefault(place.file, []).append(place.line)
    files = [_rows_of(file, lines) for file, lines in rows.items()]
    more = ", …" if len(spelling.places) > MOST_ROWS else ""
    return f"{counted}: {', '.join(files)}{more}"


def _rows_of(file: str, lines: Sequence[int]) -> str:
    name, numbers = Path(file).name, ", ".join(map(str, lines))
    if Path(file).suffix.lower() in RECORDS:
        return f"{name} no. {numbers}"
    if Path(file).suffix.lower() in ("", ".sqlite"):
        entries = "entry" if len(lines) == 1 else "entries"
        return f"{name} {entries} {numbers}"  # a study's store counts by its log
    if lines == [1]:
        return name  # a form is one observation
    return f"{name} row {numbers}" if len(lines) == 1 else f"{name} rows {numbers}"
