"""A stretch of a page: a heading, what it says, a table with its links; what most pages are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fidelity.report.tables.table import Table

Parts = tuple[tuple[str, str | None], ...]  # a text in pieces, each with where it leads to
Way = str | Parts | None
Targets = Mapping[str, tuple[Way, ...]]  # key of a column -> where each row's cell leads to


@dataclass(frozen=True, slots=True)
class Block:
    """In reading order; what is empty is left out, and a block of which nothing is left is none."""

    heading: str = ""
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None
    targets: Targets = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is anything below the heading."""
        return bool(self.sentences or self.points or (self.table and self.table.rows) or self.notes)


def told(*blocks: Block) -> tuple[Block, ...]:
    """Those that say something."""
    return tuple(each for each in blocks if each.says_something)
