"""The tree as written: one frozen node a grammar rule of the same name, its children in the rule's order.

Names are not looked up and kinds not checked here. Plural rules are plain tuples. A `_rule` of the grammar
has no node of its own: its alternatives stand in its place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date
from fractions import Fraction
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


# ---- small parts


class Word(Node):
    """An id or keyword as written."""

    id: str


class Text(Node):
    """A text; texts on adjacent lines are joined with one space."""

    content: str


class Number(Node):
    """A literal; `value` is exact and, for a percent, in percent; None for something over nought."""

    written: str
    exact: Fraction | None

    @property
    def value(self) -> Fraction:
        """The exact number; nought where there is none, which the checker has refused by then."""
        return Fraction(0) if self.exact is None else self.exact

    @property
    def percent(self) -> bool:
        """Whether it was written with a percent sign."""
        return self.written.endswith("%")

    @property
    def fraction(self) -> bool:
        """Whether it was written as one whole number over another."""
        return "/" in self.written

    @property
    def places(self) -> int:
        """How many decimal places were written."""
        return len(self.written.rstrip("%").partition(".")[2])


class Day(Node):
    """A date as written; `day` is None when the calendar has no such day."""

    written: str

    @property
    def day(self) -> date | None:
        """The day it names."""
        try:
            return date.fromisoformat(self.written)
        except ValueError:
            return None


class Reference(Node):
    """`name` or `name of owner`."""

    name: Word
    owner: Word | None

    def __str__(self) -> str:
        return f"{self.name.id} of {self.owner.id}" if self.owner else self.name.id


# ---- the head


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

    rule: "RangeRule"


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


# ---- scales, thresholds, facts


class Span(Node):
    """`from 1 to 7 by 1/2 in "minutes"`."""

    lowest: Number
    highest: Number
    step: Number | None
    unit: Text | None


class Scores(Node):
    """`scores 2`."""

    points: Number


class Means(Node):
    """`means not_applicable`."""

    state: Word


class Coded(Node):
    """`coded "Y", "1"`."""

    texts: tuple[Text, ...]


class AlwaysComment(Node):
    """`needs a comment`, on an answer."""


class Answer(Node):
    """One line of a scale."""

    id: Word
    title: Text
    options: tuple[Scores | Means | Coded | AlwaysComment, ...]


class Scale(Node):
    """A scale and its answers."""

    id: Word
    title: Text | None
    span: Span | None
    applies: "Applies | None"
    details: tuple["Detail", ...]
    answers: tuple[Answer, ...]


class Threshold(Node):
    """A named number, of a group or score where it says so."""

    id: Word
    title: Text | None
    of: Word | None
    number: Number
    details: tuple["Detail", ...]


class Bin(Node):
    """`points 4 from 21 to 25`."""

    points: Number
    rule: "RangeRule"


class Bins(Node):
    """Raw numbers to points."""

    id: Word
    title: Text | None
    details: tuple["Detail", ...]
    bins: tuple[Bin, ...]


class FactValue(Node):
    """One word of a fact."""

    id: Word
    title: Text | None


class OneOf(Node):
    """`one of individual "One to one", group "Group"`."""

    values: tuple[FactValue, ...]


class CountKind(Node):
    """`a count`."""

    span: Span | None


class NumberKind(Node):
    """`a number`."""

    span: Span | None


class TextKind(Node):
    """`text`."""


class Fact(Node):
    """What is known before rating."""

    id: Word
    title: Text
    kind: OneOf | CountKind | NumberKind | TextKind
    details: tuple["Detail", ...]


# ---- what is rated


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


class Applies(Node):
    """`applies when …`."""

    condition: "Condition"


class Binned(Node):
    """`binned by caseload_points`."""

    bins: Word


class CommentLabel(Node):
    """`with comment "Where"`."""

    text: Text


class CommentWhen(Node):
    """`needs a comment when …`; without a condition, always."""

    rule: "WhenRule | None"


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
    details: tuple["Detail", ...]


class Group(Node):
    """A section, domain, principle, competency or step."""

    kind: Word
    id: Word
    title: Text
    options: tuple[ItemOption, ...]
    details: tuple["Detail", ...]
    items: tuple[Item, ...]


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


# ---- scores


class ForEach(Node):
    """`for each principle`."""

    kind: Word


class InGroups(Node):
    """`in safe, mutual`."""

    names: tuple[Word, ...]


class WithTags(Node):
    """`tagged essential`, in a selection."""

    names: tuple[Word, ...]


class ExceptNames(Node):
    """`except saf_1`."""

    names: tuple[Word, ...]


class OnOneScale(Node):
    """`on scale often`, in a selection."""

    scale: Word


Filter = InGroups | WithTags | ExceptNames | OnOneScale


class ItemSelection(Node):
    """`items in safe tagged harmful`."""

    keyword: Word
    filters: tuple[Filter, ...]


class ItsSelection(Node):
    """`its items tagged harmful`."""

    keyword: Word
    filters: tuple[Filter, ...]


Selection = ItemSelection | ItsSelection | Reference


class Aggregate(Node):
    """`share of items tagged basic rated done, partly`."""

    function: Word
    selection: Selection
    rated: tuple[Word, ...] | None


class Add(Node):
    """`a + b`."""

    left: "Sum"
    right: "Sum"


class Subtract(Node):
    """`a - b`."""

    left: "Sum"
    right: "Sum"


class Multiply(Node):
    """`a * b`."""

    left: "Sum"
    right: "Sum"


class Divide(Node):
    """`a / b`."""

    left: "Sum"
    right: "Sum"


class Bracketed(Node):
    """`( a )`, or `( a needing at least 3/4 answered )`."""

    inside: "Sum"
    needing: "Needing | None"


Sum = Number | Reference | Aggregate | Add | Subtract | Multiply | Divide | Bracketed


class PercentOf(Node):
    """`a as percent of b`."""

    part: Sum
    whole: Sum


class RatioOf(Node):
    """`ratio of a to b`."""

    top: Sum
    bottom: Sum


Body = Sum | PercentOf | RatioOf


class NeedAll(Node):
    """`all`."""


class NeedLeast(Node):
    """`at least 2/3`."""

    number: Number


class Needing(Node):
    """`needing … answered`."""

    need: NeedAll | NeedLeast


class Rounding(Node):
    """`rounded down to 0 places`."""

    mode: Word | None
    places: Number


class OnlyWhen(Node):
    """`only when …`."""

    condition: "Condition"


class Counting(Node):
    """`counting not_observed as 0`."""

    state: Word
    treatment: LeftOut | AsMissing | Number


class Score(Node):
    """A score."""

    id: Word
    title: Text | None
    each: ForEach | None
    body: Body
    options: tuple[Needing | Rounding | OnlyWhen | Counting, ...]
    details: tuple[Detail, ...]


# ---- results, gates, flags, lists

Bound = Number | Reference


class FromTo(Node):
    """`from a to below b`."""

    lowest: Bound
    below: Word | None
    highest: Bound


class AtLeast(Node):
    """`at least a`."""

    bound: Bound


class AtMost(Node):
    """`at most a`."""

    bound: Bound


class Below(Node):
    """`below a`."""

    bound: Bound


class Above(Node):
    """`above a`."""

    bound: Bound


RangeRule = FromTo | AtLeast | AtMost | Below | Above


class WhenRule(Node):
    """`when …`, on a level."""

    condition: "Condition"


class ByGate(Node):
    """`only by gate`."""


class Otherwise(Node):
    """`otherwise`."""


class Level(Node):
    """One level of a result."""

    id: Word
    title: Text
    rule: RangeRule | WhenRule | ByGate | Otherwise
    details: tuple[Detail, ...]


class Result(Node):
    """A result and its levels."""

    id: Word
    title: Text | None
    each: ForEach | None
    of: Reference | None
    details: tuple[Detail, ...]
    levels: tuple[Level, ...]


class Gate(Node):
    """A cap on a result."""

    id: Word
    title: Text | None
    each: ForEach | None
    result: Word
    cap: Word
    condition: "Condition"
    details: tuple[Detail, ...]


class Flag(Node):
    """Something to look at."""

    id: Word
    title: Text
    condition: "Condition"
    details: tuple[Detail, ...]


class Listing(Node):
    """A list of items rated so."""

    id: Word
    title: Text
    selection: Selection
    rated: tuple[Word, ...]
    details: tuple[Detail, ...]


# ---- conditions


class OrElse(Node):
    """`a or b`."""

    left: "Condition"
    right: "Condition"


class AndAlso(Node):
    """`a and b`."""

    left: "Condition"
    right: "Condition"


class Negated(Node):
    """`not a`."""

    inside: "Condition"


class Parenthesised(Node):
    """`( a )`."""

    inside: "Condition"


class AnyOne(Node):
    """`any`."""


class EveryOne(Node):
    """`every` or `all`."""


class NoOne(Node):
    """`no` or `none`."""


class AtLeastN(Node):
    """`at least 2`, before a selection."""

    number: Number


class AtMostN(Node):
    """`at most 2`, before a selection."""

    number: Number


class ExactlyN(Node):
    """`exactly 2`, before a selection."""

    number: Number


Quantifier = AnyOne | EveryOne | NoOne | AtLeastN | AtMostN | ExactlyN


class Equal(Node):
    """`is X`."""

    bound: Bound


class Among(Node):
    """`is one of X, Y`."""

    codes: tuple[Word, ...]


class NotScored(Node):
    """`is not scored`."""


class IsScored(Node):
    """`is scored`."""


class IsMissing(Node):
    """`is missing`."""


Test = AtLeast | AtMost | Above | Below | Equal | Among | NotScored | IsScored | IsMissing


class Quantified(Node):
    """`any item tagged essential is not_done`."""

    quantifier: Quantifier
    selection: Selection
    test: Test


class Tested(Node):
    """`adherence is below 60%`."""

    subject: Reference
    test: Test


class GateTest(Node):
    """`gate safe_gate fails`."""

    gate: Word
    group: Word | None
    word: Word


Condition = OrElse | AndAlso | Negated | Parenthesised | Quantified | Tested | GateTest


# ---- core, examples


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


class GivenItems(Node):
    """`every item tagged basic`, after `given`."""

    keyword: Word
    filters: tuple[Filter, ...]


class GivenMissing(Node):
    """`missing`, after `given … is`."""


class Given(Node):
    """`given op_safety is not_done`."""

    target: GivenItems | tuple[Reference, ...]
    value: Word | GivenMissing | Text


class ExpectValue(Node):
    """`expect fidelity is low because essential_steps`."""

    subject: Reference
    test: Test
    because: tuple[Word, ...] | None


class ExpectGate(Node):
    """`expect gate safe_gate fails`."""

    gate: Word
    group: Word | None
    word: Word


class ExpectFlag(Node):
    """`expect flag few`."""

    flag: Word


class ExpectNoFlag(Node):
    """`expect no flag few`."""

    flag: Word


class Nothing(Node):
    """`empty`."""


class ExpectList(Node):
    """`expect list gaps is r3`."""

    list: Word
    names: tuple[Word, ...] | Nothing


class ExpectComment(Node):
    """`expect a comment on r2`."""

    names: tuple[Word, ...]


class Expect(Node):
    """One expectation."""

    what: ExpectValue | ExpectGate | ExpectFlag | ExpectNoFlag | ExpectList | ExpectComment


class Example(Node):
    """One case."""

    title: Text
    givens: tuple[Given, ...]
    expects: tuple[Expect, ...]


class MissingCell(Node):
    """`missing`, in a table."""

    word: Word


class DashCell(Node):
    """`-`, in a table."""

    word: Word


class DayCell(Node):
    """A date, in a table."""

    day: Day


Cell = Reference | Number | MissingCell | DashCell | DayCell


class Row(Node):
    """One line of a table."""

    given: tuple[Cell, ...]
    expected: tuple[Cell, ...]


class Table(Node):
    """`examples "…"`: a heading row and one case a row."""

    title: Text
    givens: tuple[Given, ...]
    head: Row
    rows: tuple[Row, ...]


# ---- translations


class TranslatedBy(Node):
    """`translated by "…" on DATE`."""

    by: Text
    on: Day


class TranslationStep(Node):
    """`step back_translation by "…" on DATE`."""

    step: Word
    by: Text
    on: Day


class TranslatedText(Node):
    """`text item op_safety "…"`."""

    target: Target | SmallTarget
    text: Text


class Translation(Node):
    """Texts in another language."""

    language: Word
    title: Text
    details: tuple["Allow", ...]
    by: TranslatedBy | None
    steps: tuple[TranslationStep, ...]
    texts: tuple[TranslatedText, ...]


# ---- the file

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
