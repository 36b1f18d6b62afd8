"""What an evaluator finds out about one observation, with the tree of reasons behind it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, Literal, TypeVar

from fidelity.model.checklist import Score
from fidelity.model.number import shown, trimmed
from fidelity.model.scale import Answer
from fidelity.place import NOWHERE, Place

Record = TypeVar("Record")

ReasonKind = Literal[
    "answer",  # subject: question key; value: its code; a recorded answer that decided something
    "blank",  # subject: question key; an answer that is missing (value: the NonAnswer's word)
    "not_applicable",  # subject: question key or group; passed over
    "fact",  # subject: fact id; value: its word
    "score",  # subject: score key; value: Fraction or None; children: what it was worked out from
    "not_scored",  # subject: score key; value: why (a NotScored word); children: the blanks, conditions
    "level",  # subject: result key; value: level id; children: reasons of the deciding lines
    "undecided",  # subject: result key; value: possible levels; children: what would decide it
    "gate",  # subject: gate key; value: "fails" | "passes" | "undecided"; children: what fired it
    "condition",  # a true, false or undecided condition; value: bool or None
]

Reasons = tuple["Reason", ...]

NotScored = Literal[
    "",
    "nothing_applied",
    "too_few_answered",
    "nothing_to_divide_by",
    "only_when",
    "does_not_apply",
    "checklist_does_not_apply",
    "undecided",
]


class Reason:
    """A node of the tree of reasons; `model.trace` names the nodes.

    What is below it is given or, as most reasons are never looked into, a way to find it when somebody does.
    """

    __slots__ = ("_below", "kind", "place", "subject", "value")

    def __init__(
        self,
        kind: ReasonKind,
        subject: str,
        value: object = None,
        children: "Reasons | Callable[[], Reasons]" = (),
        place: Place = NOWHERE,
    ) -> None:
        self.kind = kind
        self.subject = subject
        self.value = value
        self.place = place
        self._below = children

    @property
    def children(self) -> "Reasons":
        """The reasons below."""
        if callable(self._below):
            self._below = self._below()
        return self._below

    def _content(self) -> tuple[ReasonKind, str, object, "Reasons", Place]:
        return self.kind, self.subject, self.value, self.children, self.place

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reason) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((self.kind, self.subject))

    def __repr__(self) -> str:
        return f"Reason{self._content()!r}"

    def __reduce__(self) -> tuple[type["Reason"], tuple[object, ...]]:
        return Reason, self._content()

    def walk(self) -> Iterator["Reason"]:
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class ScoreValue:
    """A score of one observation: exact or not scored, how much was answered, and the bounds for blanks."""

    exact: Fraction | None
    answered: int
    applicable: int
    low: Fraction | None
    high: Fraction | None
    reason: Reason
    not_scored: NotScored = ""


@dataclass(frozen=True, slots=True)
class ResultValue:
    """A result of one observation: its level, or the levels that are still possible."""

    level: str | None
    possible: tuple[str, ...]
    because: tuple[str, ...]
    reason: Reason


GateState = Literal["passes", "fails", "undecided"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a record that is said but refuses nothing (RB502, RB511), and why."""

    code: str
    item: str | None = None
    why: Literal["", "too_short", "too_late", "rater", "evidence"] = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """All outcomes of one observation, by key, in source order.

    `answers` holds every question as the rules saw it: points after reversing and binning, and
    not applicable where the item did not apply.
    """

    answers: Mapping[str, Answer]
    scores: Mapping[str, ScoreValue]
    results: Mapping[str, ResultValue]
    gates: Mapping[str, GateState]
    gate_reasons: Mapping[str, Reason]
    flags: Mapping[str, bool | None]
    lists: Mapping[str, tuple[str, ...]]
    comments_needed: tuple[str, ...]
    marks: tuple[Mark, ...]

    @property
    def exact(self) -> Mapping[str, Fraction | None]:
        """The exact values of the scores."""
        return {key: each.exact for key, each in self.scores.items()}

    @property
    def levels(self) -> Mapping[str, str | None]:
        """The levels of the results."""
        return {key: each.level for key, each in self.results.items()}

    @property
    def because(self) -> Mapping[str, tuple[str, ...]]:
        """The names of what decided each result."""
        return {key: each.because for key, each in self.results.items()}


@dataclass(frozen=True, slots=True)
class ScoredObservation(Generic[Record]):
    """An observation with its outcomes; a refused one has none."""

    observation: Record
    scored: Scored | None


def shown_score(definition: Score, exact: Fraction) -> str:
    """The value as people read it: percents to one place, others to two, unless declared."""
    percent = definition.kind == "percent"
    if definition.rounding is not None:
        text = shown(exact, definition.rounding.places)
    else:
        text = trimmed(exact, 1 if percent else 2)
    return f"{text}%" if percent else text


def because(reason: Reason) -> tuple[str, ...]:
    """The ids that decide it, in order; of what stayed open, the blanks first."""
    if reason.kind not in {"undecided", "not_scored"}:
        deciding = [found for child in reason.children for found in _deciding(child)]
        return _named(deciding or [reason])
    below = [found for child in reason.children for found in _open(child)]
    blanks = [each for each in below if each.kind == "blank" or (each.kind == "fact" and each.value is None)]
    values = [each for each in below if each.kind in {"score", "not_scored", "level", "undecided"}]
    return _named([*blanks, *values] or [each for each in below if each.kind not in {"gate", "condition"}])


def _open(reason: Reason) -> Iterator[Reason]:
    """The reason and what is undecided below it; what is decided is not looked into."""
    yield reason
    if reason.kind not in {"score", "level"}:
        for child in reason.children:
            yield from _open(child)


def _deciding(reason: Reason) -> Iterator[Reason]:
    """What decided something: a gate with what fired it, everything else by its own name."""
    if reason.kind != "condition":
        yield reason
    if reason.kind in ("condition", "gate"):
        for child in reason.children:
            yield from _deciding(child)


def _named(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(each) for each in reasons))


def _name(reason: Reason) -> str:
    """The item of a question, the gate of a family of gates, the group of a score or result of a family."""
    first, _, last = reason.subject.partition(".")
    match reason.kind:
        case "score" | "not_scored" | "level" | "undecided":
            return last or first
        case _:
            return first
