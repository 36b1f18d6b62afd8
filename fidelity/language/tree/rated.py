"""What is rated: items, in their groups."""

from fidelity.language.tree.condition import Applies, WhenRule
from fidelity.language.tree.head import Detail
from fidelity.language.tree.node import Node
from fidelity.language.tree.scale import CountKind, NumberKind, TextKind
from fidelity.language.tree.words import Number, Text, Word


class OnScale(Node):
    """`on scale delivery`."""

    scale: Word


class OnScales(Node):
    """`on scales often, skill`."""

    scales: tuple[Word, ...]


class Tagged(Node):
    """`tagged essential`."""

    names: tuple[Word, ...]


class Weight(Node):
    """`weight 2`."""

    number: Number


class Optional(Node):
    """`optional`."""


class Reversed(Node):
    """`reversed`."""


class Binned(Node):
    """`binned by caseload_points`."""

    bins: Word


class CommentLabel(Node):
    """`with comment "Where"`."""

    text: Text


class CommentWhen(Node):
    """`needs a comment when …`; without a condition, always."""

    rule: WhenRule | None


ItemOption = (
    OnScale
    | OnScales
    | Tagged
    | Weight
    | Optional
    | Reversed
    | Applies
    | CountKind
    | NumberKind
    | TextKind
    | Binned
    | CommentLabel
    | CommentWhen
)


class Item(Node):
    """What is rated."""

    keyword: Word
    id: Word
    title: Text
    options: tuple[ItemOption, ...]
    details: tuple[Detail, ...]


class Group(Node):
    """A section, domain, principle, competency or step."""

    kind: Word
    id: Word
    title: Text
    options: tuple[ItemOption, ...]
    details: tuple[Detail, ...]
    items: tuple[Item, ...]
