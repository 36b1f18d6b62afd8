"""The head of a file, and the lines below a statement that say more about it."""

from fidelity.language.tree.condition import RangeRule
from fidelity.language.tree.node import Node
from fidelity.language.tree.words import Day, Number, Text, Word


class Version(Node):
    """`version 1.0.0`."""

    number: Word


class Language(Node):
    """`language en`."""

    code: Word


class About(Node):
    """`about "…"`."""

    text: Text


class Source(Node):
    """`source "…"`."""

    text: Text


class Licence(Node):
    """`licence "…"`."""

    text: Text


class Site(Node):
    """`site "…"`."""

    text: Text


class Made(Node):
    """`made by "…" on DATE`."""

    by: Text
    on: Day


class Approved(Node):
    """`approved by "…" on DATE`."""

    by: Text
    on: Day


class Uses(Node):
    """`uses NAME version X`."""

    id: Word
    version: Word


class LeftOut(Node):
    """`left out`."""


class AsMissing(Node):
    """`missing`, as a treatment."""

    word: Word


class Treat(Node):
    """`treat not_observed as left out`."""

    state: Word
    treatment: LeftOut | AsMissing | Number


class Code(Node):
    """`code "99" means missing`."""

    texts: tuple[Text, ...]
    state: Word


class Status(Node):
    """`status unvalidated`."""

    word: Word


class Unit(Node):
    """`unit session`."""

    word: Word


class Raters(Node):
    """`raters supervisor, independent`."""

    names: tuple[Word, ...]


class AcceptedEvidence(Node):
    """`evidence live, audio`."""

    names: tuple[Word, ...]


class Observed(Node):
    """`time observed at least 10 minutes`."""

    rule: RangeRule


class RatedWithin(Node):
    """`time rated within 2 days`."""

    number: Number
    period: Word


class Therapist(Node):
    """`therapist called "helper", "helpers"`."""

    one: Text
    many: Text


class Allow(Node):
    """`allow RB216 because "…"`."""

    code: Word
    reason: Text


class Note(Node):
    """`note "…"`."""

    text: Text


class Anchor(Node):
    """`anchor 3 "…"`."""

    answer: Word
    text: Text


class EvidenceNote(Node):
    """`evidence "…"`."""

    text: Text


Detail = Note | Anchor | EvidenceNote | Allow

Meta = (
    Version
    | Language
    | About
    | Source
    | Licence
    | Site
    | Made
    | Approved
    | Uses
    | Treat
    | Code
    | Status
    | Unit
    | Raters
    | AcceptedEvidence
    | Observed
    | RatedWithin
    | Therapist
    | Allow
)
