"""What is made of scores and answers: results, gates, flags, lists."""

from fidelity.language.tree.condition import Condition, RangeRule, Selection, WhenRule
from fidelity.language.tree.head import Detail
from fidelity.language.tree.node import Node
from fidelity.language.tree.score import ForEach
from fidelity.language.tree.words import Reference, Text, Word


class ByGate(Node):
    """`only by gate`."""


class Otherwise(Node):
    """`otherwise`."""


class Level(Node):
    """One level of a result."""

    id: Word
    title: Text
    rule: RangeRule | WhenRule | ByGate | Otherwise
    details: tuple[Detail, ...]


class Result(Node):
    """A result and its levels."""

    id: Word
    title: Text | None
    each: ForEach | None
    of: Reference | None
    details: tuple[Detail, ...]
    levels: tuple[Level, ...]


class Gate(Node):
    """A cap on a result."""

    id: Word
    title: Text | None
    each: ForEach | None
    result: Word
    cap: Word
    condition: Condition
    details: tuple[Detail, ...]


class Flag(Node):
    """Something to look at."""

    id: Word
    title: Text
    condition: Condition
    details: tuple[Detail, ...]


class Listing(Node):
    """A list of items rated so."""

    id: Word
    title: Text
    selection: Selection
    rated: tuple[Word, ...]
    details: tuple[Detail, ...]
