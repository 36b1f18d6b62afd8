"""The whole file."""

from fidelity.language.tree.condition import Applies
from fidelity.language.tree.example import Example, Table
from fidelity.language.tree.head import Meta
from fidelity.language.tree.node import Node
from fidelity.language.tree.rated import Group
from fidelity.language.tree.result import Flag, Gate, Listing, Result
from fidelity.language.tree.scale import Bins, Fact, Scale, Threshold
from fidelity.language.tree.score import Score
from fidelity.language.tree.target import Core
from fidelity.language.tree.translation import Translation
from fidelity.language.tree.words import Text, Word

Block = (
    Scale
    | Bins
    | Fact
    | Threshold
    | Group
    | Score
    | Result
    | Gate
    | Flag
    | Listing
    | Core
    | Example
    | Table
    | Translation
)


class Checklist(Node):
    """The whole file."""

    id: Word
    title: Text
    applies: Applies | None
    metas: tuple[Meta, ...]
    blocks: tuple[Block, ...]
