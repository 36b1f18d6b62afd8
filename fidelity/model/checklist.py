"""A checked checklist: items on scales, and the rules that turn answers into scores, levels and flags."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

from fidelity.model.adaptation import Origin
from fidelity.model.example import Example
from fidelity.model.expression import Condition, Constant, Formula, Needing, ValueKind
from fidelity.model.number import RoundingMode
from fidelity.model.scale import Band, Bins, NonAnswer, Scale
from fidelity.place import NOWHERE, Place
from fidelity.record import Record

GroupKind = Literal["section", "domain", "principle", "competency", "step"]


class LeftOut(Record):
    """A non-answer counts like a step that did not apply."""


class AsMissing(Record):
    """A non-answer counts like a blank."""


class AsPoints(Record):
    """A non-answer earns so many points."""

    points: Fraction


Treatment = LeftOut | AsMissing | AsPoints
Treatments = Mapping[NonAnswer, Treatment]


class Item(Record):
    """What is rated, in its group; `scales` holds one scale, or two for an item with two facets."""

    id: str
    title: str
    group: str
    scales: tuple[Scale, ...]
    tags: tuple[str, ...] = ()
    note: str = ""
    comment_label: str = ""
    anchors: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    comment_when: Condition | None = None
    always_comment: bool = False
    place: Place = field(default=NOWHERE, compare=False)


class Question(Record):
    """What takes one answer: an item, or an item on one of its two scales (`open_q.often`)."""

    key: str
    item: str
    scale: Scale
    weight: Fraction = Fraction(1)
    reversed: bool = False
    bins: Bins | None = None
    applies: Condition | None = None
    optional: bool = False
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def points(self) -> tuple[Fraction, ...]:
        """The lowest and the highest points, after reversing and binning; nothing when there are none."""
        if self.bins is not None:
            of_bins = [points for points, _ in self.bins.bins]
            of_choices = [each.points for each in self.scale.choices if each.points is not None]
            return (min(of_bins + of_choices), max(of_bins + of_choices))
        return self.scale.points


class Group(Record):
    """A section, domain, principle, competency or step, with its items' ids in order."""

    id: str
    kind: GroupKind
    title: str
    items: tuple[str, ...]
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False)


class Fact(Record):
    """What is known about the session before anybody rates it."""

    id: str
    title: str
    scale: Scale
    place: Place = field(default=NOWHERE, compare=False)


class Threshold(Record):
    """A named number; `of` is the group or score it belongs to; a percent is held in percent."""

    id: str
    title: str
    of: str
    value: Fraction
    percent: bool
    place: Place = field(default=NOWHERE, compare=False)


class Rounding(Record):
    """Rounding that is part of a score's definition."""

    places: int
    mode: RoundingMode


class Score(Record):
    """One value; a family `for each group` has one Score a group, its key `name.group`."""

    key: str
    name: str
    group: str
    title: str
    formula: Formula
    kind: ValueKind
    needing: Needing
    lowest: Fraction | None = None
    highest: Fraction | None = None
    only_when: Condition | None = None
    rounding: Rounding | None = None
    counting: Treatments = field(default_factory=dict)
    place: Place = field(default=NOWHERE, compare=False)


class Level(Record):
    """One level of a result; without a condition it is reached only by a gate."""

    id: str
    title: str
    when: Condition | None
    place: Place = field(default=NOWHERE, compare=False)


class Result(Record):
    """Levels from lowest to highest; `of` is the key of the score that the bands read, if they read one."""

    key: str
    name: str
    group: str
    title: str
    of: str
    levels: tuple[Level, ...]
    place: Place = field(default=NOWHERE, compare=False)


class Gate(Record):
    """Caps a result at a level when its condition is true; `result` is the key of that result."""

    key: str
    name: str
    group: str
    title: str
    result: str
    cap: str
    when: Condition
    place: Place = field(default=NOWHERE, compare=False)


class Flag(Record):
    """Something to look at; changes no score."""

    id: str
    title: str
    when: Condition
    place: Place = field(default=NOWHERE, compare=False)


class Listing(Record):
    """What is rated with one of the codes, instead of a number (`list` in the language).

    Items by their `questions`, or groups by the keys of their `results`.
    """

    id: str
    title: str
    questions: tuple[str, ...]
    rated: tuple[str, ...]
    place: Place = field(default=NOWHERE, compare=False)
    results: tuple[str, ...] = ()


class Core(Record):
    """What no adaptation may change without a deviation record, and why."""

    kind: str
    id: str
    reason: str
    place: Place = field(default=NOWHERE, compare=False)


class Allowed(Record):
    """A warning that the author means, with the reason."""

    code: str
    reason: str
    statement: Place


class TranslationStep(Record):
    """What was done to a translation after it was made: a back translation, a panel, interviews."""

    step: str
    by: str
    on: date | None


class Translation(Record):
    """Texts in another language: (kind, id, owner) -> text; an answer is of a scale, a level of a result.

    `places` says where the texts stand, `by_place` where the line of the translator stands or would follow.
    """

    language: str
    title: str
    texts: Mapping[tuple[str, str, str], str]
    place: Place = field(default=NOWHERE, compare=False)
    translated_by: str = ""
    on: date | None = None
    steps: tuple[TranslationStep, ...] = ()
    places: Mapping[tuple[str, str, str], Place] = field(default_factory=dict, compare=False)
    by_place: Place = field(default=NOWHERE, compare=False)


class SmallText(NamedTuple):
    """A text that belongs to something else: a note, evidence, an anchor, a comment's label, a unit.

    `of` is what it belongs to, as a translation names it: `op_safety`, `low of fidelity`. `number` tells
    several notes of one thing apart, and is empty for the first; an anchor has its answer there.
    """

    kind: Literal["note", "evidence", "anchor", "comment", "unit"]
    number: str
    of: str
    text: str
    place: Place = NOWHERE


class Coverage(NamedTuple):
    """How far a file is translated: of its texts so many, of these some older than what they translate."""

    language: str
    title: str
    original: str
    texts: int
    translated: int
    older: int
    draft: bool


class About(Record):
    """What the head of a file says about it."""

    version: str = ""
    language: str = "en"
    about: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    licence: str = ""
    site: str = ""
    made: tuple[str, date] | None = None
    approved: tuple[str, date] | None = None
    status: str = ""
    unit: str = "session"
    raters: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    observed: Band | None = None
    rated_within: tuple[int, str] | None = None
    therapist: tuple[str, str] = ("therapist", "therapists")


class Checklist(Record):
    """Everything a checklist says, checked, in source order; `order` is the order of work.

    `coverage` says how far each translation is, and `shown_in` which of them the texts are in now, where
    somebody asked (`model.spoken`).
    """

    id: str
    title: str
    about: About
    fingerprint: str
    file: str
    applies: Condition | None
    treat: Treatments
    codes: Mapping[str, NonAnswer]
    facts: tuple[Fact, ...]
    scales: tuple[Scale, ...]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    questions: tuple[Question, ...]
    thresholds: tuple[Threshold, ...]
    scores: tuple[Score, ...]
    results: tuple[Result, ...]
    gates: tuple[Gate, ...]
    flags: tuple[Flag, ...]
    lists: tuple[Listing, ...]
    core: tuple[Core, ...]
    allowed: tuple[Allowed, ...]
    examples: tuple[Example, ...]
    translations: tuple[Translation, ...]
    order: tuple[tuple[Literal["question", "score", "result", "gate"], str], ...]
    origin: Origin | None = None
    place: Place = field(default=NOWHERE, compare=False)
    small_texts: tuple[SmallText, ...] = field(default=(), compare=False)
    coverage: tuple[Coverage, ...] = field(default=(), compare=False)
    shown_in: Coverage | None = field(default=None, compare=False)

    @cached_property
    def question(self) -> Mapping[str, Question]:
        """Questions by key."""
        return {each.key: each for each in self.questions}

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The place of each question, counted from 0."""
        return {each.key: place for place, each in enumerate(self.questions)}

    @cached_property
    def item(self) -> Mapping[str, Item]:
        """Items by id."""
        return {each.id: each for each in self.items}

    @cached_property
    def group(self) -> Mapping[str, Group]:
        """Groups by id."""
        return {each.id: each for each in self.groups}

    @cached_property
    def fact(self) -> Mapping[str, Fact]:
        """Facts by id."""
        return {each.id: each for each in self.facts}

    @cached_property
    def score(self) -> Mapping[str, Score]:
        """Scores by key."""
        return {each.key: each for each in self.scores}

    @cached_property
    def result(self) -> Mapping[str, Result]:
        """Results by key."""
        return {each.key: each for each in self.results}

    @cached_property
    def gate(self) -> Mapping[str, Gate]:
        """Gates by key."""
        return {each.key: each for each in self.gates}

    @property
    def headline(self) -> Score | None:
        """The score shown first: the one that the first result with `from` reads, else the first score."""
        read = next((each.of for each in self.results if each.of), None)
        return self.score[read] if read else next(iter(self.scores), None)

    def standard(self, score: str) -> Fraction | None:
        """What a therapist's mean of this score is judged against, where the author set it."""
        return next(
            (each.value for each in self.thresholds if each.id == "standard" and each.of == score), None
        )


def constant(threshold: Threshold) -> Constant:
    """The threshold's number, keeping its name for explanations."""
    return Constant(threshold.value, threshold.id, threshold.place)
