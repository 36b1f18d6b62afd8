"""Typed formulas and conditions, all names resolved and families unrolled; what every evaluator reads.

Subjects are named by key: a question `op_safety` or `open_q.often`, a score `adherence` or
`principle_score.safe`, a result likewise, a fact by its id.
"""

from collections.abc import Iterator
from dataclasses import field
from fractions import Fraction
from typing import Literal, NamedTuple

from fidelity.place import NOWHERE, Place
from fidelity.record import Record

SubjectKind = Literal["question", "score", "result", "fact", "gate"]
Comparison = Literal["at least", "at most", "above", "below", "is"]
Operator = Literal["+", "-", "*", "/"]
AggregateName = Literal["mean", "sum", "percent", "share", "count", "lowest", "highest", "median"]
ValueKind = Literal["points", "mean", "percent", "count", "ratio", "number"]


class Subject(NamedTuple):
    """One thing that a formula or condition reads, by kind and key."""

    kind: SubjectKind
    key: str


# ---- formulas


class Constant(Record):
    """A number in its own kind (percents in percent); with the threshold's name where one was read."""

    value: Fraction
    threshold: str = ""
    place: Place = field(default=NOWHERE, compare=False)


class ValueOf(Record):
    """The points of a question, the value of a score, or the number of a fact."""

    subject: Subject
    place: Place = field(default=NOWHERE, compare=False)


class Needing(Record):
    """How many of the items that apply must be answered: a share of them (1 is all) or, above 1, a number."""

    share: Fraction | None = None
    number: int | None = None
    place: Place = field(default=NOWHERE, compare=False)


class Aggregate(Record):
    """A function of the language over a fixed list of subjects; `rated` are the codes or levels counted.

    `needing` is what it asks for by itself; without it the whole score's holds.
    """

    function: AggregateName
    over: tuple[Subject, ...]
    rated: tuple[str, ...] | None = None
    needing: Needing | None = None
    place: Place = field(default=NOWHERE, compare=False)


class Arithmetic(Record):
    """Two formulas joined by a sign."""

    operator: Operator
    left: "Formula"
    right: "Formula"
    place: Place = field(default=NOWHERE, compare=False)


class PercentOf(Record):
    """`A as percent of B`, in percent."""

    part: "Formula"
    whole: "Formula"
    place: Place = field(default=NOWHERE, compare=False)


class RatioOf(Record):
    """`ratio of A to B`."""

    top: "Formula"
    bottom: "Formula"
    place: Place = field(default=NOWHERE, compare=False)


Formula = Constant | ValueOf | Aggregate | Arithmetic | PercentOf | RatioOf


# ---- conditions


class And(Record):
    """True when all parts are."""

    parts: tuple["Condition", ...]
    place: Place = field(default=NOWHERE, compare=False)


class Or(Record):
    """True when one part is."""

    parts: tuple["Condition", ...]
    place: Place = field(default=NOWHERE, compare=False)


class Not(Record):
    """The opposite."""

    part: "Condition"
    place: Place = field(default=NOWHERE, compare=False)


class Compare(Record):
    """Two values in order; an item stands for its points."""

    left: Formula
    comparison: Comparison
    right: Formula
    place: Place = field(default=NOWHERE, compare=False)


class CompareLevel(Record):
    """A result against one of its levels, in the order the levels are written."""

    subject: Subject
    comparison: Comparison
    level: str
    place: Place = field(default=NOWHERE, compare=False)


class IsOneOf(Record):
    """The recorded answer of a question, the word of a fact, or the level of a result is one of these."""

    subject: Subject
    codes: tuple[str, ...]
    place: Place = field(default=NOWHERE, compare=False)


class HasState(Record):
    """Whether a score or result is scored, or an answer missing; always decided."""

    subject: Subject
    state: Literal["scored", "not scored", "missing"]
    place: Place = field(default=NOWHERE, compare=False)


class GateIs(Record):
    """Whether a gate, by key, passes or fails."""

    gate: str
    passes: bool
    place: Place = field(default=NOWHERE, compare=False)


class Quantified(Record):
    """How many members fulfil their condition; members that do not apply are passed over."""

    quantifier: Literal["any", "every", "no", "at least", "at most", "exactly"]
    number: int
    members: tuple[tuple[Subject, "Condition"], ...]
    place: Place = field(default=NOWHERE, compare=False)


class NoOther(Record):
    """True when no other level of the result is possible; what `otherwise` means."""

    result: str
    level: str
    place: Place = field(default=NOWHERE, compare=False)


Condition = And | Or | Not | Compare | CompareLevel | IsOneOf | HasState | GateIs | Quantified | NoOther


def aggregates_in(formula: Formula) -> Iterator[Aggregate]:
    """Every function of the language that a formula has."""
    match formula:
        case Aggregate():
            yield formula
        case Arithmetic(_, first, second) | PercentOf(first, second) | RatioOf(first, second):
            yield from aggregates_in(first)
            yield from aggregates_in(second)
        case _:
            return


def reads(node: Formula | Condition) -> Iterator[Subject]:
    """Every subject that a formula or condition reads; a gate stands as the subject of its own kind."""
    match node:
        case Constant() | NoOther():
            return
        case ValueOf():
            yield node.subject
        case Aggregate():
            yield from node.over
        case Arithmetic() | Compare():
            yield from reads(node.left)
            yield from reads(node.right)
        case PercentOf():
            yield from reads(node.part)
            yield from reads(node.whole)
        case RatioOf():
            yield from reads(node.top)
            yield from reads(node.bottom)
        case And() | Or():
            for part in node.parts:
                yield from reads(part)
        case Not():
            yield from reads(node.part)
        case CompareLevel() | IsOneOf() | HasState():
            yield node.subject
        case GateIs():
            yield Subject("gate", node.gate)
        case Quantified():
            for subject, condition in node.members:
                yield subject
                yield from reads(condition)
