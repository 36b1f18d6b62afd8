"""Scores and their formulas."""

from fidelity.language.tree.condition import Condition, Selection
from fidelity.language.tree.head import AsMissing, Detail, LeftOut
from fidelity.language.tree.node import Node
from fidelity.language.tree.words import Number, Reference, Text, Word


class ForEach(Node):
    """`for each principle`."""

    kind: Word


class Aggregate(Node):
    """`share of items tagged basic rated done, partly`."""

    function: Word
    selection: Selection
    rated: tuple[Word, ...] | None


class Add(Node):
    """`a + b`."""

    left: "Sum"
    right: "Sum"


class Subtract(Node):
    """`a - b`."""

    left: "Sum"
    right: "Sum"


class Multiply(Node):
    """`a * b`."""

    left: "Sum"
    right: "Sum"


class Divide(Node):
    """`a / b`."""

    left: "Sum"
    right: "Sum"


class Bracketed(Node):
    """`( a )`, or `( a needing at least 3/4 answered )`."""

    inside: "Sum"
    needing: "Needing | None"


Sum = Number | Reference | Aggregate | Add | Subtract | Multiply | Divide | Bracketed


class PercentOf(Node):
    """`a as percent of b`."""

    part: Sum
    whole: Sum


class RatioOf(Node):
    """`ratio of a to b`."""

    top: Sum
    bottom: Sum


Body = Sum | PercentOf | RatioOf


class NeedAll(Node):
    """`all`."""


class NeedLeast(Node):
    """`at least 2/3`."""

    number: Number


class Needing(Node):
    """`needing … answered`."""

    need: NeedAll | NeedLeast


class Rounding(Node):
    """`rounded down to 0 places`."""

    mode: Word | None
    places: Number


class OnlyWhen(Node):
    """`only when …`."""

    condition: Condition


class Counting(Node):
    """`counting not_observed as 0`."""

    state: Word
    treatment: LeftOut | AsMissing | Number


class Score(Node):
    """A score."""

    id: Word
    title: Text | None
    each: ForEach | None
    body: Body
    options: tuple[Needing | Rounding | OnlyWhen | Counting, ...]
    details: tuple[Detail, ...]
