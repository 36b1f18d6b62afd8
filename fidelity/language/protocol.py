"""A programme as written: rules across the observations of one therapist; one node a rule, like `tree`."""

from fidelity.language.tree import (
    Block,
    Condition,
    Detail,
    Expect,
    Given,
    Meta,
    Node,
    Number,
    RangeRule,
    Reference,
    Row,
    Text,
    Word,
)


class Amount(Node):
    """A number, or the threshold that holds it."""

    value: Number | Word


class WithCondition(Node):
    """`with adherence is below low_mark`."""

    condition: Condition


class FromSources(Node):
    """`from live, audio`."""

    names: tuple[Word, ...]


class ByRaters(Node):
    """`by supervisor`."""

    names: tuple[Word, ...]


EvidenceFilters = tuple[FromSources | ByRaters, ...]


class EvidenceOf(Node):
    """`of pmplus_s2 from live with fidelity is high`."""

    checklist: Word
    filters: EvidenceFilters
    condition: WithCondition | None


class InTotal(Node):
    """`3 observations in total of …`."""

    amount: Amount
    keyword: Word
    evidence: EvidenceOf


class InARow(Node):
    """`3 observations in a row of …`."""

    amount: Amount
    keyword: Word
    evidence: EvidenceOf


class OfTheLast(Node):
    """`2 of the last 3 observations of …`."""

    amount: Amount
    last: Amount
    keyword: Word
    evidence: EvidenceOf


class TheLatest(Node):
    """`the latest observation of …`."""

    keyword: Word
    evidence: EvidenceOf


EvidenceRule = InTotal | InARow | OfTheLast | TheLatest


class Needs(Node):
    """`needs 3 observations …`."""

    rule: EvidenceRule


class NeedsTherapist(Node):
    """`needs therapist with training_hours is at least 40`."""

    condition: Condition


class Renewed(Node):
    """`renewed by …`."""

    rule: EvidenceRule


class Lost(Node):
    """`lost when …`."""

    rule: EvidenceRule


class Lasts(Node):
    """`lasts 180 days`."""

    number: Number
    period: Word


class Stage(Node):
    """A stage of a therapist's way."""

    id: Word
    title: Text
    after: Word | None
    details: tuple[Detail, ...]
    lines: tuple[Needs | NeedsTherapist | Renewed | Lost | Lasts, ...]


class WhenNone(Node):
    """`when the first 5 have none`."""

    amount: Amount


class RoundedTo(Node):
    """`rounded up`."""

    mode: Word


class ForEachOf(Node):
    """`for each therapist`."""

    name: Word


class TakesFirst(Node):
    """`takes the first 5`."""

    amount: Amount
    condition: WithCondition | None
    when_none: WhenNone | None
    each: ForEachOf | None


class TakesRate(Node):
    """`takes 1 in 10 of the rest rounded up`."""

    amount: Amount
    among: Amount
    rounding: RoundedTo | None
    each: ForEachOf | None


class TakesLeast(Node):
    """`takes at least 10% rounded up for each session_number`."""

    amount: Amount
    rounding: RoundedTo | None
    each: ForEachOf | None


class SpreadOver(Node):
    """`spread over session_number, format`."""

    names: tuple[Word, ...]


class SecondRater(Node):
    """`second rater for 20% rounded up`."""

    amount: Amount
    rounding: RoundedTo | None


class Seed(Node):
    """`seed 7`."""

    number: Number


class Sample(Node):
    """Which sessions are observed."""

    id: Word
    title: Text
    checklist: Word
    during: Word | None
    details: tuple[Detail, ...]
    lines: tuple[TakesFirst | TakesRate | TakesLeast | SpreadOver | SecondRater | Seed, ...]


class BaselineFirst(Node):
    """`baseline the first 3 observations`."""

    amount: Amount
    keyword: Word


class BaselineFixed(Node):
    """`baseline mean 92 spread 4`."""

    mean: Number
    spread: Number


class BaselineRunning(Node):
    """`baseline running`."""


class Adjusted(Node):
    """`adjusted for raters`."""

    names: tuple[Word, ...]


class Parameter(Node):
    """`k 0.5`."""

    name: Word
    number: Number


class Method(Node):
    """`method cusum with k 0.5`."""

    name: Word
    parameters: tuple[Parameter, ...] | None


class Minimum(Node):
    """`minimum 6 observations`."""

    amount: Amount
    keyword: Word


class Fall(Node):
    """`fall at least 5`."""

    number: Number


class Watch(Node):
    """`watch above 3`."""

    rule: RangeRule


class Act(Node):
    """`act above 4`."""

    rule: RangeRule


Baseline = BaselineFirst | BaselineFixed | BaselineRunning
DriftLine = Baseline | Adjusted | Method | Minimum | Fall | Watch | Act


class Drift(Node):
    """When a change is worth a talk."""

    id: Word
    title: Text
    score: Reference
    checklist: Word
    filters: EvidenceFilters
    each: ForEachOf | None
    details: tuple[Detail, ...]
    lines: tuple[DriftLine, ...]


class Coefficient(Node):
    """`coefficient icc two_way_random agreement single at least 0.60`."""

    words: tuple[Word, ...]
    number: Number


class Reliability(Node):
    """How well two raters must agree."""

    id: Word
    title: Text
    score: Reference
    checklist: Word
    details: tuple[Detail, ...]
    lines: tuple[Coefficient | Minimum, ...]


class Dose(Node):
    """`dose contact_dose "…" is at least 3 contacts within 6 months`."""

    id: Word
    title: Text
    amount: Amount
    number: Number
    period: Word
    details: tuple[Detail, ...]


class Pooled(Node):
    """`pooled`, in a summary."""


class Latest(Node):
    """`latest`, in a summary."""


class NeedingObservations(Node):
    """`needing at least 3 observations`."""

    amount: Amount
    keyword: Word


class Summary(Node):
    """One figure over the observations of a therapist."""

    id: Word
    title: Text
    how: Word | Pooled | Latest
    score: Reference
    checklist: Word
    filters: EvidenceFilters
    needing: NeedingObservations | None
    details: tuple[Detail, ...]


class History(Node):
    """A table of dated rows: the test of a programme's rules."""

    title: Text
    givens: tuple[Given, ...]
    head: Row
    rows: tuple[Row, ...]
    expects: tuple[Expect, ...]


Rule = Stage | Sample | Drift | Reliability | Dose | Summary | History


class Programme(Node):
    """The whole file."""

    id: Word
    title: Text
    metas: tuple[Meta, ...]
    rules: tuple[Block | Rule, ...]
