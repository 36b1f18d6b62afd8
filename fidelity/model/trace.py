"""A tree of reasons -> nodes that are named for the rule they stand for, and say where it is written.

An id is the way from the outcome down: `fidelity/essential_steps/op_safety` is the answer to `op_safety`
that set off the gate `essential_steps` of the result `fidelity`. It stays the same when other lines of the
checklist change, and no two nodes of a tree share one.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import PurePath
from typing import Any, NamedTuple

from fidelity.model.checklist import Checklist
from fidelity.model.score import Reason, ReasonKind
from fidelity.place import NOWHERE, Place

TRACE_VERSION = "2"


class Node(NamedTuple):
    """One reason: what it is about, what that came out as, the line of the rule, and what it rests on."""

    id: str
    kind: ReasonKind
    subject: str
    value: object
    place: Place
    children: tuple["Node", ...]

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def source(self) -> str:
        """The name of the file and the line, as `file:line`; on whose machine it lay is no reason."""
        return f"{PurePath(self.place.file).name}:{self.place.line}" if self.place.line else ""

    def as_json(self) -> dict[str, Any]:
        """The node and all below it, in plain values."""
        return {
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "value": plain(self.value),
            "line": self.place.line or None,
            "source": self.source or None,
            "columns": [self.place.column, self.place.end_column] if self.place.line else None,
            "children": [each.as_json() for each in self.children],
        }


def trace(checklist: Checklist, reason: Reason) -> Node:
    """The tree below an outcome."""
    return _node(checklist, reason, reason.subject)


def _node(checklist: Checklist, reason: Reason, id: str) -> Node:
    below: dict[str, Reason] = {}
    for child in reason.children:
        below.setdefault(f"{id}/{_step(checklist, reason, child)}", child)
    children = tuple(_node(checklist, child, name) for name, child in below.items())
    place = reason.place if reason.place.line else _place(checklist, reason)
    return Node(id, reason.kind, reason.subject, reason.value, place, children)


def _step(checklist: Checklist, above: Reason, reason: Reason) -> str:
    """A level's line is called so, because a level may have the name of something else."""
    result = checklist.result.get(above.subject)
    is_line = result is not None and reason.kind == "condition"
    levels = {each.id for each in result.levels} if result and is_line else ()
    return f"level:{reason.subject}" if reason.subject in levels else reason.subject


def _place(checklist: Checklist, reason: Reason) -> Place:
    """Where a fact or a group is written, of which the reason itself does not say it."""
    named = checklist.fact.get(reason.subject) or checklist.group.get(reason.subject)
    return named.place if named else NOWHERE


def plain(value: object) -> object:
    """A value as JSON has it; a fraction is written out."""
    if isinstance(value, Fraction):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
