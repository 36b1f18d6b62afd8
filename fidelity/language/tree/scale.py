"""Scales, bins, thresholds and facts."""

from fidelity.language.tree.condition import Applies, RangeRule
from fidelity.language.tree.head import Detail
from fidelity.language.tree.node import Node
from fidelity.language.tree.words import Number, Text, Word


class Span(Node):
    """`from 1 to 7 by 1/2 in "minutes"`."""

    lowest: Number
    highest: Number
    step: Number | None
    unit: Text | None


class Scores(Node):
    """`scores 2`."""

    points: Number


class Means(Node):
    """`means not_applicable`."""

    state: Word


class Coded(Node):
    """`coded "Y", "1"`."""

    texts: tuple[Text, ...]


class AlwaysComment(Node):
    """`needs a comment`, on an answer."""


class Answer(Node):
    """One line of a scale."""

    id: Word
    title: Text
    options: tuple[Scores | Means | Coded | AlwaysComment, ...]


class Scale(Node):
    """A scale and its answers."""

    id: Word
    title: Text | None
    span: Span | None
    applies: Applies | None
    details: tuple[Detail, ...]
    answers: tuple[Answer, ...]


class Threshold(Node):
    """A named number, of a group or score where it says so."""

    id: Word
    title: Text | None
    of: Word | None
    number: Number
    details: tuple[Detail, ...]


class Bin(Node):
    """`points 4 from 21 to 25`."""

    points: Number
    rule: RangeRule


class Bins(Node):
    """Raw numbers to points."""

    id: Word
    title: Text | None
    details: tuple[Detail, ...]
    bins: tuple[Bin, ...]


class FactValue(Node):
    """One word of a fact."""

    id: Word
    title: Text | None


class OneOf(Node):
    """`one of individual "One to one", group "Group"`."""

    values: tuple[FactValue, ...]


class CountKind(Node):
    """`a count`."""

    span: Span | None


class NumberKind(Node):
    """`a number`."""

    span: Span | None


class TextKind(Node):
    """`text`."""


class Fact(Node):
    """What is known before rating."""

    id: Word
    title: Text
    kind: OneOf | CountKind | NumberKind | TextKind
    details: tuple[Detail, ...]
