"""An adaptation as written: one node a grammar rule of the same name, like `tree`."""

from fidelity.language.protocol import Rule
from fidelity.language.tree import (
    Block,
    Day,
    Detail,
    ItemOption,
    Meta,
    Node,
    Number,
    Target,
    Text,
    Word,
)


class Extends(Node):
    """`extends upsides_principles version 2.1.0 fingerprint "sha256:…"`."""

    id: Word
    version: Word
    fingerprint: Text | None


class UnderDeviation(Node):
    """`under deviation no_clinician`."""

    deviation: Word


class Planning(Node):
    """`planned` or `unplanned`."""

    word: Word


class Keeping(Node):
    """`fidelity consistent`."""

    word: Word


class Reason(Node):
    """`because "…" planned fidelity consistent under deviation …`."""

    text: Text
    options: tuple[UnderDeviation | Planning | Keeping, ...]
    details: tuple[Detail, ...]


class Rename(Node):
    """`rename principle reciprocal to "Give and take"`."""

    target: Target
    text: Text
    reason: Reason


class Reword(Node):
    """`reword item inc_2 to "…"`."""

    keyword: Word
    id: Word
    text: Text
    reason: Reason


class AddItem(Node):
    """`add item inc_4 "…" to inclusive after inc_2 on scale rating`."""

    keyword: Word
    id: Word
    title: Text
    group: Word
    after: Word | None
    options: tuple[ItemOption, ...]
    reason: Reason


class Drop(Node):
    """`drop item rcv_3`."""

    target: Target
    reason: Reason


class Set(Node):
    """`set pass_mark to 1.75`."""

    threshold: Word
    of: Word | None
    number: Number
    reason: Reason


class Touches(Node):
    """`touches item saf_2`."""

    target: Target


class Risk(Node):
    """`risk "…"`."""

    text: Text


class DeviationApproved(Node):
    """`approved by "…" on DATE`, in a deviation."""

    by: Text
    on: Day


class Expires(Node):
    """`expires on DATE`."""

    on: Day


class Deviation(Node):
    """A signed record that allows a change to what is protected."""

    id: Word
    title: Text
    lines: tuple[Touches | Risk | DeviationApproved | Expires, ...]


Change = Rename | Reword | AddItem | Drop | Set | Deviation


class Adaptation(Node):
    """The whole file."""

    id: Word
    title: Text
    extends: Extends
    metas: tuple[Meta, ...]
    changes: tuple[Change | Block | Rule, ...]
