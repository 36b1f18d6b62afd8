"""A formula or condition -> its shape: equal where two versions work alike on what both of them have."""

from collections.abc import Container, Hashable, Iterable, Iterator

from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    CompareLevel,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    NoOther,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    ValueOf,
)

Node = Formula | Condition


def shape(node: Node | None, common: Container[Subject], *, numbers: bool = True) -> Hashable:
    """The node without what only one version has; a threshold stands as its name, and so may every number.

    With `numbers` false, nodes that differ in plain numbers only have one shape.
    """
    match node:
        case None | NoOther():
            return type(node).__name__
        case Constant(threshold=name, value=value):
            return ("threshold", name) if name else ("number", value if numbers else None)
        case Aggregate(function=function, over=over, rated=rated, needing=needing):
            return function, tuple(each for each in over if each in common), rated, needing
        case Quantified(quantifier=quantifier, number=number, members=members):
            inside = (
                (subject, shape(part, common, numbers=numbers))
                for subject, part in members
                if subject in common
            )
            return quantifier, number if numbers else None, tuple(inside)
        case _:
            parts = tuple(shape(each, common, numbers=numbers) for each in _parts(node))
            return type(node).__name__, _own(node), parts


def _own(node: Node) -> Hashable:
    match node:
        case ValueOf(subject=subject):
            return subject
        case Arithmetic(operator=word) | Compare(comparison=word):
            return word
        case CompareLevel(subject=subject, comparison=word, level=level):
            return subject, word, level
        case IsOneOf(subject=subject, codes=codes):
            return subject, codes
        case HasState(subject=subject, state=state):
            return subject, state
        case GateIs(gate=gate, passes=passes):
            return gate, passes
        case _:
            return None


def _parts(node: Node) -> Iterator[Node]:
    match node:
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            yield from (left, right)
        case PercentOf(part=left, whole=right) | RatioOf(top=left, bottom=right):
            yield from (left, right)
        case And(parts=parts) | Or(parts=parts):
            yield from parts
        case Not(part=part):
            yield part
        case Quantified(members=members):
            yield from (part for _, part in members)
        case _:
            return


def thresholds_in(nodes: Iterable[Node | None]) -> Iterator[str]:
    """The names of the thresholds that formulas and conditions read."""
    for node in nodes:
        if isinstance(node, Constant) and node.threshold:
            yield node.threshold
        elif node is not None:
            yield from thresholds_in(_parts(node))
