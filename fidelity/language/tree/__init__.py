"""The tree as written: one frozen node a grammar rule of the same name, its children in the rule's order.

Names are not looked up and kinds not checked here. Plural rules are plain tuples. A `_rule` of the grammar
has no node of its own: its alternatives stand in its place.

Each block of the language has its file. For everybody else they are one vocabulary: `tree.Item`,
`tree.Score`.
"""

# ruff: noqa: F403 - so that a new node is written down in one place only
from fidelity.language.tree.checklist import *
from fidelity.language.tree.condition import *
from fidelity.language.tree.example import *
from fidelity.language.tree.head import *
from fidelity.language.tree.node import *
from fidelity.language.tree.rated import *
from fidelity.language.tree.result import *
from fidelity.language.tree.scale import *
from fidelity.language.tree.score import *
from fidelity.language.tree.target import *
from fidelity.language.tree.translation import *
from fidelity.language.tree.words import *
