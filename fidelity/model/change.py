"""What would have led to another level: which answers, how far it was looked, what the blanks leave open."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from fidelity.record import Record


class Change(NamedTuple):
    """Answers by question (or fact) that, had they been seen in the session, would have led to this level."""

    answers: tuple[tuple[str, str], ...]
    level: str


class Choice(NamedTuple):
    """Any so many of these questions, each seen so."""

    number: int
    questions: tuple[str, ...]
    answer: str


class Way(NamedTuple):
    """Many changes at once: questions that rules treat alike stand for each other."""

    choices: tuple[Choice, ...]
    level: str


class Shortfall(NamedTuple):
    """How far a score's points lie below where a level begins; at least so many answers are in between."""

    score: str
    level: str
    points: Fraction
    needed: Fraction
    steps: int


class Filled(NamedTuple):
    """The levels that are left when every way of filling the blanks is tried; and how many ways there are."""

    levels: tuple[str, ...]
    ways: int


class Search(Record):
    """What was found for one result; every set of up to `largest` answers was tried, if it is complete.

    `changes` are the first of the `sets` that `ways` stand for. `untried` are questions whose numbers are
    too many. Of an open result `deciding` is the smallest list of blanks that settles it, however they
    are filled; None where filling blanks does not, or where it was not looked for to the end.
    """

    changes: tuple[Change, ...] = ()
    ways: tuple[Way, ...] = ()
    sets: int = 0
    complete: bool = True
    largest: int = 1
    evaluations: int = 0
    untried: tuple[str, ...] = ()
    shortfall: Shortfall | None = None
    filled: Filled | None = None
    deciding: tuple[str, ...] | None = None


Changes = Mapping[str, Search]  # by result; one that has its highest level or does not apply has none
