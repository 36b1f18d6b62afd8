"""Ranges, selections of items, and conditions."""

from fidelity.language.tree.node import Node
from fidelity.language.tree.words import Number, Reference, Word

Bound = Number | Reference


class FromTo(Node):
    """`from a to below b`."""

    lowest: Bound
    below: Word | None
    highest: Bound


class AtLeast(Node):
    """`at least a`."""

    bound: Bound


class AtMost(Node):
    """`at most a`."""

    bound: Bound


class Below(Node):
    """`below a`."""

    bound: Bound


class Above(Node):
    """`above a`."""

    bound: Bound


RangeRule = FromTo | AtLeast | AtMost | Below | Above


class InGroups(Node):
    """`in safe, mutual`."""

    names: tuple[Word, ...]


class WithTags(Node):
    """`tagged essential`, in a selection."""

    names: tuple[Word, ...]


class ExceptNames(Node):
    """`except saf_1`."""

    names: tuple[Word, ...]


class OnOneScale(Node):
    """`on scale often`, in a selection."""

    scale: Word


Filter = InGroups | WithTags | ExceptNames | OnOneScale


class ItemSelection(Node):
    """`items in safe tagged harmful`."""

    keyword: Word
    filters: tuple[Filter, ...]


class ItsSelection(Node):
    """`its items tagged harmful`."""

    keyword: Word
    filters: tuple[Filter, ...]


Selection = ItemSelection | ItsSelection | Reference


class OrElse(Node):
    """`a or b`."""

    left: "Condition"
    right: "Condition"


class AndAlso(Node):
    """`a and b`."""

    left: "Condition"
    right: "Condition"


class Negated(Node):
    """`not a`."""

    inside: "Condition"


class Parenthesised(Node):
    """`( a )`."""

    inside: "Condition"


class AnyOne(Node):
    """`any`."""


class EveryOne(Node):
    """`every` or `all`."""


class NoOne(Node):
    """`no` or `none`."""


class AtLeastN(Node):
    """`at least 2`, before a selection."""

    number: Number


class AtMostN(Node):
    """`at most 2`, before a selection."""

    number: Number


class ExactlyN(Node):
    """`exactly 2`, before a selection."""

    number: Number


Quantifier = AnyOne | EveryOne | NoOne | AtLeastN | AtMostN | ExactlyN


class Equal(Node):
    """`is X`."""

    bound: Bound


class Among(Node):
    """`is one of X, Y`."""

    codes: tuple[Word, ...]


class NotScored(Node):
    """`is not scored`."""


class IsScored(Node):
    """`is scored`."""


class IsMissing(Node):
    """`is missing`."""


Test = AtLeast | AtMost | Above | Below | Equal | Among | NotScored | IsScored | IsMissing


class Quantified(Node):
    """`any item tagged essential is not_done`."""

    quantifier: Quantifier
    selection: Selection
    test: Test


class Tested(Node):
    """`adherence is below 60%`."""

    subject: Reference
    test: Test


class GateTest(Node):
    """`gate safe_gate fails`."""

    gate: Word
    group: Word | None
    word: Word


Condition = OrElse | AndAlso | Negated | Parenthesised | Quantified | Tested | GateTest


class Applies(Node):
    """`applies when …`."""

    condition: "Condition"


class WhenRule(Node):
    """`when …`, on a level."""

    condition: "Condition"
