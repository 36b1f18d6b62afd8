"""The tree as written: one frozen node a grammar rule of the same name, its children in the rule's order.

Names are not looked up and kinds not checked here. Plural rules are plain tuples. A `_rule` of the grammar
has no node of its own: its alternatives stand in its place.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from fidelity.place import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Node:
    """A node knows its place; the place does not count when trees are compared."""

    place: Place = field(default=NOWHERE, compare=False, kw_only=True)


# ---- small parts


@dataclass(frozen=True, slots=True)
class Word(Node):
    """An id or keyword as written."""

    id: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text; texts on adjacent lines are joined with one space."""

    content: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """`name` or `name of owner`."""

    name: Word
    owner: Word | None

    def __str__(self) -> str:
        return f"{self.name.id} of {self.owner.id}" if self.owner else self.name.id


# ---- the head


@dataclass(frozen=True, slots=True)
class Version(Node):
    """`version 1.0.0`."""

    number: Word


@dataclass(frozen=True, slots=True)
class Language(Node):
    """`language en`."""

    code: Word


@dataclass(frozen=True, slots=True)
class About(Node):
    """`about "…"`."""

    text: Text


@dataclass(frozen=True, slots=True)
class Source(Node):
    """`source "…"`."""

    text: Text


@dataclass(frozen=True, slots=True)
class Licence(Node):
    """`licence "…"`."""

    text: Text


@dataclass(frozen=True, slots=True)
class Site(Node):
    """`site "…"`."""

    text: Text


@dataclass(frozen=True, slots=True)
class Made(Node):
    """`made by "…" on DATE`."""

    by: Text
    on: Day


@dataclass(frozen=True, slots=True)
class Approved(Node):
    """`approved by "…" on DATE`."""

    by: Text
    on: Day


@dataclass(frozen=True, slots=True)
class Uses(Node):
    """`uses NAME version X`."""

    id: Word
    version: Word


@dataclass(frozen=True, slots=True)
class LeftOut(Node):
    """`left out`."""


@dataclass(frozen=True, slots=True)
class AsMissing(Node):
    """`missing`, as a treatment."""

    word: Word


@dataclass(frozen=True, slots=True)
class Treat(Node):
    """`treat not_observed as left out`."""

    state: Word
    treatment: LeftOut | AsMissing | Number


@dataclass(frozen=True, slots=True)
class Code(Node):
    """`code "99" means missing`."""

    texts: tuple[Text, ...]
    state: Word


@dataclass(frozen=True, slots=True)
class Status(Node):
    """`status unvalidated`."""

    word: Word


@dataclass(frozen=True, slots=True)
class Unit(Node):
    """`unit session`."""

    word: Word


@dataclass(frozen=True, slots=True)
class Raters(Node):
    """`raters supervisor, independent`."""

    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class AcceptedEvidence(Node):
    """`evidence live, audio`."""

    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Observed(Node):
    """`time observed at least 10 minutes`."""

    rule: "RangeRule"


@dataclass(frozen=True, slots=True)
class RatedWithin(Node):
    """`time rated within 2 days`."""

    number: Number
    period: Word


@dataclass(frozen=True, slots=True)
class Therapist(Node):
    """`therapist called "helper", "helpers"`."""

    one: Text
    many: Text


@dataclass(frozen=True, slots=True)
class Allow(Node):
    """`allow RB216 because "…"`."""

    code: Word
    reason: Text


# ---- scales, thresholds, facts


@dataclass(frozen=True, slots=True)
class Span(Node):
    """`from 1 to 7 by 1/2 in "minutes"`."""

    lowest: Number
    highest: Number
    step: Number | None
    unit: Text | None


@dataclass(frozen=True, slots=True)
class Scores(Node):
    """`scores 2`."""

    points: Number


@dataclass(frozen=True, slots=True)
class Means(Node):
    """`means not_applicable`."""

    state: Word


@dataclass(frozen=True, slots=True)
class Coded(Node):
    """`coded "Y", "1"`."""

    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class AlwaysComment(Node):
    """`needs a comment`, on an answer."""


@dataclass(frozen=True, slots=True)
class Answer(Node):
    """One line of a scale."""

    id: Word
    title: Text
    options: tuple[Scores | Means | Coded | AlwaysComment, ...]


@dataclass(frozen=True, slots=True)
class Scale(Node):
    """A scale and its answers."""

    id: Word
    title: Text | None
    span: Span | None
    applies: "Applies | None"
    details: tuple["Detail", ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Threshold(Node):
    """A named number, of a group or score where it says so."""

    id: Word
    title: Text | None
    of: Word | None
    number: Number
    details: tuple["Detail", ...]


@dataclass(frozen=True, slots=True)
class Bin(Node):
    """`points 4 from 21 to 25`."""

    points: Number
    rule: "RangeRule"


@dataclass(frozen=True, slots=True)
class Bins(Node):
    """Raw numbers to points."""

    id: Word
    title: Text | None
    details: tuple["Detail", ...]
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class FactValue(Node):
    """One word of a fact."""

    id: Word
    title: Text | None


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """`one of individual "One to one", group "Group"`."""

    values: tuple[FactValue, ...]


@dataclass(frozen=True, slots=True)
class CountKind(Node):
    """`a count`."""

    span: Span | None


@dataclass(frozen=True, slots=True)
class NumberKind(Node):
    """`a number`."""

    span: Span | None


@dataclass(frozen=True, slots=True)
class TextKind(Node):
    """`text`."""


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """What is known before rating."""

    id: Word
    title: Text
    kind: OneOf | CountKind | NumberKind | TextKind
    details: tuple["Detail", ...]


# ---- what is rated


@dataclass(frozen=True, slots=True)
class OnScale(Node):
    """`on scale delivery`."""

    scale: Word


@dataclass(frozen=True, slots=True)
class OnScales(Node):
    """`on scales often, skill`."""

    scales: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Tagged(Node):
    """`tagged essential`."""

    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Weight(Node):
    """`weight 2`."""

    number: Number


@dataclass(frozen=True, slots=True)
class Optional(Node):
    """`optional`."""


@dataclass(frozen=True, slots=True)
class Reversed(Node):
    """`reversed`."""


@dataclass(frozen=True, slots=True)
class Applies(Node):
    """`applies when …`."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Binned(Node):
    """`binned by caseload_points`."""

    bins: Word


@dataclass(frozen=True, slots=True)
class CommentLabel(Node):
    """`with comment "Where"`."""

    text: Text


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Item(Node):
    """What is rated."""

    keyword: Word
    id: Word
    title: Text
    options: tuple[ItemOption, ...]
    details: tuple["Detail", ...]


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A section, domain, principle, competency or step."""

    kind: Word
    id: Word
    title: Text
    options: tuple[ItemOption, ...]
    details: tuple["Detail", ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Note(Node):
    """`note "…"`."""

    text: Text


@dataclass(frozen=True, slots=True)
class Anchor(Node):
    """`anchor 3 "…"`."""

    answer: Word
    text: Text


@dataclass(frozen=True, slots=True)
class EvidenceNote(Node):
    """`evidence "…"`."""

    text: Text


Detail = Note | Anchor | EvidenceNote | Allow


# ---- scores


@dataclass(frozen=True, slots=True)
class ForEach(Node):
    """`for each principle`."""

    kind: Word


@dataclass(frozen=True, slots=True)
class InGroups(Node):
    """`in safe, mutual`."""

    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class WithTags(Node):
    """`tagged essential`, in a selection."""

    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class ExceptNames(Node):
    """`except saf_1`."""

    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class OnOneScale(Node):
    """`on scale often`, in a selection."""

    scale: Word


Filter = InGroups | WithTags | ExceptNames | OnOneScale


@dataclass(frozen=True, slots=True)
class ItemSelection(Node):
    """`items in safe tagged harmful`."""

    keyword: Word
    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class ItsSelection(Node):
    """`its items tagged harmful`."""

    keyword: Word
    filters: tuple[Filter, ...]


Selection = ItemSelection | ItsSelection | Reference


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`share of items tagged basic rated done, partly`."""

    function: Word
    selection: Selection
    rated: tuple[Word, ...] | None


@dataclass(frozen=True, slots=True)
class Add(Node):
    """`a + b`."""

    left: "Sum"
    right: "Sum"


@dataclass(frozen=True, slots=True)
class Subtract(Node):
    """`a - b`."""

    left: "Sum"
    right: "Sum"


@dataclass(frozen=True, slots=True)
class Multiply(Node):
    """`a * b`."""

    left: "Sum"
    right: "Sum"


@dataclass(frozen=True, slots=True)
class Divide(Node):
    """`a / b`."""

    left: "Sum"
    right: "Sum"


@dataclass(frozen=True, slots=True)
class Bracketed(Node):
    """`( a )`."""

    inside: "Sum"


Sum = Number | Reference | Aggregate | Add | Subtract | Multiply | Divide | Bracketed


@dataclass(frozen=True, slots=True)
class PercentOf(Node):
    """`a as percent of b`."""

    part: Sum
    whole: Sum


@dataclass(frozen=True, slots=True)
class RatioOf(Node):
    """`ratio of a to b`."""

    top: Sum
    bottom: Sum


Body = Sum | PercentOf | RatioOf


@dataclass(frozen=True, slots=True)
class NeedAll(Node):
    """`all`."""


@dataclass(frozen=True, slots=True)
class NeedLeast(Node):
    """`at least 2/3`."""

    number: Number


@dataclass(frozen=True, slots=True)
class Needing(Node):
    """`needing … answered`."""

    need: NeedAll | NeedLeast


@dataclass(frozen=True, slots=True)
class Rounding(Node):
    """`rounded down to 0 places`."""

    mode: Word | None
    places: Number


@dataclass(frozen=True, slots=True)
class OnlyWhen(Node):
    """`only when …`."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Counting(Node):
    """`counting not_observed as 0`."""

    state: Word
    treatment: LeftOut | AsMissing | Number


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class FromTo(Node):
    """`from a to below b`."""

    lowest: Bound
    below: Word | None
    highest: Bound


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """`at least a`."""

    bound: Bound


@dataclass(frozen=True, slots=True)
class AtMost(Node):
    """`at most a`."""

    bound: Bound


@dataclass(frozen=True, slots=True)
class Below(Node):
    """`below a`."""

    bound: Bound


@dataclass(frozen=True, slots=True)
class Above(Node):
    """`above a`."""

    bound: Bound


RangeRule = FromTo | AtLeast | AtMost | Below | Above


@dataclass(frozen=True, slots=True)
class WhenRule(Node):
    """`when …`, on a level."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class ByGate(Node):
    """`only by gate`."""


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """`otherwise`."""


@dataclass(frozen=True, slots=True)
class Level(Node):
    """One level of a result."""

    id: Word
    title: Text
    rule: RangeRule | WhenRule | ByGate | Otherwise
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Result(Node):
    """A result and its levels."""

    id: Word
    title: Text | None
    each: ForEach | None
    of: Reference | None
    details: tuple[Detail, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Gate(Node):
    """A cap on a result."""

    id: Word
    title: Text | None
    each: ForEach | None
    result: Word
    cap: Word
    condition: "Condition"
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Flag(Node):
    """Something to look at."""

    id: Word
    title: Text
    condition: "Condition"
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Listing(Node):
    """A list of items rated so."""

    id: Word
    title: Text
    selection: Selection
    rated: tuple[Word, ...]
    details: tuple[Detail, ...]


# ---- conditions


@dataclass(frozen=True, slots=True)
class OrElse(Node):
    """`a or b`."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class AndAlso(Node):
    """`a and b`."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Negated(Node):
    """`not a`."""

    inside: "Condition"


@dataclass(frozen=True, slots=True)
class Parenthesised(Node):
    """`( a )`."""

    inside: "Condition"


@dataclass(frozen=True, slots=True)
class AnyOne(Node):
    """`any`."""


@dataclass(frozen=True, slots=True)
class EveryOne(Node):
    """`every` or `all`."""


@dataclass(frozen=True, slots=True)
class NoOne(Node):
    """`no` or `none`."""


@dataclass(frozen=True, slots=True)
class AtLeastN(Node):
    """`at least 2`, before a selection."""

    number: Number


@dataclass(frozen=True, slots=True)
class AtMostN(Node):
    """`at most 2`, before a selection."""

    number: Number


@dataclass(frozen=True, slots=True)
class ExactlyN(Node):
    """`exactly 2`, before a selection."""

    number: Number


Quantifier = AnyOne | EveryOne | NoOne | AtLeastN | AtMostN | ExactlyN


@dataclass(frozen=True, slots=True)
class Equal(Node):
    """`is X`."""

    bound: Bound


@dataclass(frozen=True, slots=True)
class Among(Node):
    """`is one of X, Y`."""

    codes: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class NotScored(Node):
    """`is not scored`."""


@dataclass(frozen=True, slots=True)
class IsScored(Node):
    """`is scored`."""


@dataclass(frozen=True, slots=True)
class IsMissing(Node):
    """`is missing`."""


Test = AtLeast | AtMost | Above | Below | Equal | Among | NotScored | IsScored | IsMissing


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`any item tagged essential is not_done`."""

    quantifier: Quantifier
    selection: Selection
    test: Test


@dataclass(frozen=True, slots=True)
class Tested(Node):
    """`adherence is below 60%`."""

    subject: Reference
    test: Test


@dataclass(frozen=True, slots=True)
class GateTest(Node):
    """`gate safe_gate fails`."""

    gate: Word
    group: Word | None
    word: Word


Condition = OrElse | AndAlso | Negated | Parenthesised | Quantified | Tested | GateTest


# ---- core, examples


@dataclass(frozen=True, slots=True)
class ItemTarget(Node):
    """`item op_safety`."""

    keyword: Word
    id: Word


@dataclass(frozen=True, slots=True)
class GroupTarget(Node):
    """`principle safe`."""

    kind: Word
    id: Word


@dataclass(frozen=True, slots=True)
class AnswerTarget(Node):
    """`answer done of delivery`."""

    code: Word
    scale: Word


@dataclass(frozen=True, slots=True)
class LevelTarget(Node):
    """`level low of fidelity`."""

    code: Word
    result: Word


@dataclass(frozen=True, slots=True)
class NamedTarget(Node):
    """`gate essential_steps`, `score adherence` and the like."""

    kind: Word
    id: Word


@dataclass(frozen=True, slots=True)
class ChecklistTarget(Node):
    """`checklist`."""


Target = ItemTarget | GroupTarget | AnswerTarget | LevelTarget | NamedTarget | ChecklistTarget


@dataclass(frozen=True, slots=True)
class Core(Node):
    """What is protected, and why."""

    target: Target
    reason: Text


@dataclass(frozen=True, slots=True)
class GivenItems(Node):
    """`every item tagged basic`, after `given`."""

    keyword: Word
    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class GivenMissing(Node):
    """`missing`, after `given … is`."""


@dataclass(frozen=True, slots=True)
class Given(Node):
    """`given op_safety is not_done`."""

    target: GivenItems | tuple[Reference, ...]
    value: Word | GivenMissing | Text


@dataclass(frozen=True, slots=True)
class ExpectValue(Node):
    """`expect fidelity is low because essential_steps`."""

    subject: Reference
    test: Test
    because: tuple[Word, ...] | None


@dataclass(frozen=True, slots=True)
class ExpectGate(Node):
    """`expect gate safe_gate fails`."""

    gate: Word
    group: Word | None
    word: Word


@dataclass(frozen=True, slots=True)
class ExpectFlag(Node):
    """`expect flag few`."""

    flag: Word


@dataclass(frozen=True, slots=True)
class ExpectNoFlag(Node):
    """`expect no flag few`."""

    flag: Word


@dataclass(frozen=True, slots=True)
class Nothing(Node):
    """`empty`."""


@dataclass(frozen=True, slots=True)
class ExpectList(Node):
    """`expect list gaps is r3`."""

    list: Word
    names: tuple[Word, ...] | Nothing


@dataclass(frozen=True, slots=True)
class ExpectComment(Node):
    """`expect a comment on r2`."""

    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Expect(Node):
    """One expectation."""

    what: ExpectValue | ExpectGate | ExpectFlag | ExpectNoFlag | ExpectList | ExpectComment


@dataclass(frozen=True, slots=True)
class Example(Node):
    """One case."""

    title: Text
    givens: tuple[Given, ...]
    expects: tuple[Expect, ...]


@dataclass(frozen=True, slots=True)
class MissingCell(Node):
    """`missing`, in a table."""

    word: Word


@dataclass(frozen=True, slots=True)
class DashCell(Node):
    """`-`, in a table."""

    word: Word


Cell = Reference | Number | MissingCell | DashCell


@dataclass(frozen=True, slots=True)
class Row(Node):
    """One line of a table."""

    given: tuple[Cell, ...]
    expected: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    """`examples "…"`: a heading row and one case a row."""

    title: Text
    givens: tuple[Given, ...]
    head: Row
    rows: tuple[Row, ...]


# ---- translations


@dataclass(frozen=True, slots=True)
class TranslatedBy(Node):
    """`translated by "…" on DATE`."""

    by: Text
    on: Day


@dataclass(frozen=True, slots=True)
class TranslationStep(Node):
    """`step back_translation by "…" on DATE`."""

    step: Word
    by: Text
    on: Day


@dataclass(frozen=True, slots=True)
class TranslatedText(Node):
    """`text item op_safety "…"`."""

    target: Target
    text: Text


@dataclass(frozen=True, slots=True)
class Translation(Node):
    """Texts in another language."""

    language: Word
    title: Text
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


@dataclass(frozen=True, slots=True)
class Checklist(Node):
    """The whole file."""

    id: Word
    title: Text
    applies: Applies | None
    metas: tuple[Meta, ...]
    blocks: tuple[Block, ...]
