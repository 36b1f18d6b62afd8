"""What every node of the tree is, and walks over a tree."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform

from fidelity.place import NOWHERE, Place


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Frozen:
    """A record of the fields its class names, in their order, and of its place, which equality passes over.

    A frozen dataclass would say the same, but making a hundred of them takes longer than reading a checklist.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()
    __slots__ = ("children", "place")

    def __init_subclass__(cls) -> None:
        cls.__match_args__ = tuple(vars(cls).get("__annotations__", ()))  # type: ignore[misc]  # see class bodies
        for at, name in enumerate(cls.__match_args__):
            setattr(cls, name, _child(at))

    def __init__(self, *children: Any, place: Place = NOWHERE) -> None:
        if len(children) != len(self.__match_args__):
            raise TypeError(f"{type(self).__name__} has {self.__match_args__}, not {children}")
        self.children = children
        self.place = place

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and type(self) is type(other) and self.children == other.children

    def __hash__(self) -> int:
        return hash((type(self), self.children))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.children}"


def _child(at: int) -> property:
    return property(lambda self: self.children[at])


class Node(Frozen):
    """A node of the tree; it knows its place."""

    if TYPE_CHECKING:  # what `Frozen` keeps, said once more for those who read the classes
        place: Place = field(default=NOWHERE, compare=False, kw_only=True)


AnyNode = TypeVar("AnyNode", bound=Node)


def walked(node: object) -> Iterable[Node]:
    """The node and all nodes below it, in the order of the source."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Node):
            yield each
            waiting.extend(reversed(each.children))
        elif isinstance(each, tuple):
            waiting.extend(reversed(each))


def every(kind: type[AnyNode], source: Node) -> Sequence[AnyNode]:
    """All nodes of a kind in a source, in its order."""
    # A node never changes, so one walk serves everybody who asks.
    found: dict[type, list[Any]] | None = vars(source).get("by_kind")
    if found is None:
        found = vars(source)["by_kind"] = {}
        for node in walked(source):
            found.setdefault(type(node), []).append(node)
    return found.get(kind, ())
