"""What an adaptation changed, by the fields of FRAME, and the records that let it change what is core."""

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from fidelity.model.example import Example
from fidelity.place import Place

if TYPE_CHECKING:
    from fidelity.model.checklist import Checklist

ChangeKind = Literal["rename", "reword", "add", "drop", "set"]


class Deviation(NamedTuple):
    """A signed record that lets an adaptation change what is core; `touches` are targets in words."""

    id: str
    title: str
    touches: tuple[str, ...]
    risk: str
    approved: tuple[str, date] | None
    expires: date | None
    place: Place

    def expired(self, on: date) -> bool:
        """Whether it no longer holds; the day on which it expires is its last."""
        return self.expires is not None and self.expires < on


class Change(NamedTuple):
    """One change, as a row of a FRAME table; empty texts where the author says nothing."""

    kind: ChangeKind
    target: str
    before: str
    after: str
    because: str
    planned: str
    fidelity: str
    deviation: str
    place: Place


class Origin(NamedTuple):
    """Where an adapted checklist comes from: its base, itself, and what it changes.

    `fingerprint` is the base's, `own_fingerprint` that of the adaptation's text alone; the adapted
    checklist's is made of both. `examples` are the base's, read with the changes; `stale` the base's
    translations that were left out, because what they translate was reworded.
    """

    base: "Checklist"
    fingerprint: str
    own_fingerprint: str
    changes: tuple[Change, ...]
    deviations: tuple[Deviation, ...]
    examples: tuple[Example, ...]
    stale: tuple[tuple[str, str], ...]

    @property
    def active(self) -> tuple[Deviation, ...]:
        """The deviations that changes name."""
        named = {each.deviation for each in self.changes}
        return tuple(each for each in self.deviations if each.id in named)
