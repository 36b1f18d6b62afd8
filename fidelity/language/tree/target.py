"""What a line elsewhere aims at: the protected core, changes and translations."""

from fidelity.language.tree.node import Node
from fidelity.language.tree.words import Number, Text, Word


class ItemTarget(Node):
    """`item op_safety`."""

    keyword: Word
    id: Word


class GroupTarget(Node):
    """`principle safe`."""

    kind: Word
    id: Word


class AnswerTarget(Node):
    """`answer done of delivery`."""

    code: Word
    scale: Word


class LevelTarget(Node):
    """`level low of fidelity`."""

    code: Word
    result: Word


class NamedTarget(Node):
    """`gate essential_steps`, `score adherence` and the like."""

    kind: Word
    id: Word


class FileTarget(Node):
    """`checklist` or `programme`: the file's own title."""

    kind: Word


Target = ItemTarget | GroupTarget | AnswerTarget | LevelTarget | NamedTarget | FileTarget


class NoteTarget(Node):
    """`note of op_safety`, `note 2 of low of fidelity`: in a translation only, like those below."""

    number: Number | None
    id: Word
    owner: Word | None


class LookTarget(Node):
    """`evidence of op_safety`: what to look for."""

    number: Number | None
    id: Word
    owner: Word | None


class AnchorTarget(Node):
    """`anchor 3 of op_safety`."""

    code: Word
    id: Word


class CommentTarget(Node):
    """`comment of r1`: what is asked beside the answer."""

    id: Word


class UnitTarget(Node):
    """`unit of hours`."""

    id: Word


class AboutTarget(Node):
    """`about`, `about 2`."""

    number: Number | None


class TherapistTarget(Node):
    """`therapist` or `therapists`: the word for one and for many."""

    word: Word


class OwnedTarget(Node):
    """`threshold mark of safe`."""

    kind: Word
    id: Word
    owner: Word


SmallTarget = (
    NoteTarget
    | LookTarget
    | AnchorTarget
    | CommentTarget
    | UnitTarget
    | AboutTarget
    | TherapistTarget
    | OwnedTarget
)


class Core(Node):
    """What is protected, and why."""

    target: Target
    reason: Text
