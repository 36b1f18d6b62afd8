"""The small parts that all statements are made of."""

from datetime import date
from fractions import Fraction

from fidelity.language.tree.node import Node


class Word(Node):
    """An id or keyword as written."""

    id: str


class Text(Node):
    """A text; texts on adjacent lines are joined with one space."""

    content: str


class Number(Node):
    """A literal; `value` is exact and, for a percent, in percent; None for something over nought."""

    written: str
    exact: Fraction | None

    @property
    def value(self) -> Fraction:
        """The exact number; nought where there is none, which the checker has refused by then."""
        return Fraction(0) if self.exact is None else self.exact

    @property
    def percent(self) -> bool:
        """Whether it was written with a percent sign."""
        return self.written.endswith("%")

    @property
    def fraction(self) -> bool:
        """Whether it was written as one whole number over another."""
        return "/" in self.written

    @property
    def places(self) -> int:
        """How many decimal places were written."""
        return len(self.written.rstrip("%").partition(".")[2])


class Day(Node):
    """A date as written; `day` is None when the calendar has no such day."""

    written: str

    @property
    def day(self) -> date | None:
        """The day it names."""
        try:
            return date.fromisoformat(self.written)
        except ValueError:
            return None


class Reference(Node):
    """`name` or `name of owner`."""

    name: Word
    owner: Word | None

    def __str__(self) -> str:
        return f"{self.name.id} of {self.owner.id}" if self.owner else self.name.id
