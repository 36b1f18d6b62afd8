"""What has been found out about one observation so far: what conditions and formulas read.

Values are worked out at once, in working order. Bounds and reasons follow from them and are made when
somebody asks, from what was found and by the rules that found it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import NamedTuple, Protocol

from fidelity.evaluate.interval import ANYTHING, Interval
from fidelity.evaluate.ratio import Ratio
from fidelity.model.checklist import Checklist, LeftOut, Treatments
from fidelity.model.expression import Subject
from fidelity.model.scale import Answer, Given, NonAnswer, NotGiven
from fidelity.model.score import GateState, NotScored, Reason, ReasonKind
from fidelity.place import Place

Reasons = tuple[Reason, ...]


class Absent(Enum):
    """Said instead of a value by what does not apply or is left out."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Said:
    """What one question says, and why; one object for each different answer, so that it can be looked up."""

    __slots__ = ("answer", "applies", "reason")

    def __init__(self, answer: Answer, reason: Reason) -> None:
        self.answer = answer
        self.applies = not does_not_apply(answer)
        self.reason = reason


class Worth(NamedTuple):
    """A value or why there is none, and how many were answered of those that apply."""

    exact: Ratio | None
    answered: int
    applicable: int
    why: NotScored = ""
    value: Fraction | None = None  # in lowest terms, where that is known already


class Bounds(NamedTuple):
    """The lowest and the highest that a value can be; settled if no blank, here or below, leaves room."""

    ends: Interval
    settled: bool = False


UNBOUNDED = Bounds(ANYTHING)


class Judged:
    """The level of a result, if it has one, and the levels that are possible.

    One object for each different way to come to it, so that it can be looked up what decided.
    """

    __slots__ = ("level", "possible")

    def __init__(self, level: str | None, possible: tuple[str, ...]) -> None:
        self.level, self.possible = level, possible


class Deciding(NamedTuple):
    """What decided a result, by name, and whether it is so in every record in which it follows from the same.

    Of what stayed open because of blanks, the names are those of the blanks, and each record has its own.
    """

    names: tuple[str, ...]
    always: bool


@dataclass(slots=True)
class Rules:
    """What a compiled checklist can say of a record once all is found out: bounds, reasons, what decided.

    The scores stand in the order of work, in which none needs a later one; the gates, as they are before they
    are worked out, in that of the source.
    """

    gates: dict[str, GateState] = field(default_factory=dict)
    bounds: dict[str, Callable[["Findings"], Bounds]] = field(default_factory=dict)
    reason: dict[Subject, Callable[["Findings"], Reason]] = field(default_factory=dict)
    deciding: dict[str, Callable[["Findings"], "Deciding"]] = field(default_factory=dict)


# So many answers, sums and outcomes are remembered at most, each in its own table.
MOST_KEPT = 1000

# So many scores that read each other can be followed from the last to the first.
FEW = 50


class Spoken(Protocol):
    """What questions say, by their number."""

    def __getitem__(self, number: int, /) -> Said: ...

    def __iter__(self) -> Iterator[Said]: ...


class Findings:
    """Grows while one observation is evaluated.

    Questions go by their number: `recorded` is what was answered, `said` what the rules see of it. `applies`
    says whether the whole checklist does. `sums` are those that were added up side by side.
    """

    __slots__ = (
        "_bounds",
        "_reasons",
        "applies",
        "facts",
        "gates",
        "recorded",
        "results",
        "rules",
        "said",
        "scores",
        "sums",
    )

    def __init__(
        self,
        recorded: Spoken,
        facts: Mapping[str, Answer],
        rules: Rules,
        sums: tuple[int, ...],
        scores: dict[str, Worth],
    ) -> None:
        self.recorded = self.said = recorded
        self.facts = facts
        self.rules = rules
        self.applies: bool | None = True
        self.sums = sums
        self.scores = scores
        self.results: dict[str, Judged] = {}
        self.gates = rules.gates.copy()
        self._bounds: dict[str, Bounds] | None = None
        self._reasons: dict[Subject, Reason] | None = None

    def say(self, number: int, said: Said) -> None:
        """Has the rules see this of a question, whatever was answered."""
        changed = list(self.said)
        changed[number] = said
        self.said = changed

    def bounds(self, score: str) -> Bounds:
        """The bounds of a score."""
        if self._bounds is None:
            self._bounds = {}
            if len(self.rules.bounds) > FEW:
                for each in self.rules.bounds:
                    self.bounds(each)
        if score not in self._bounds:
            self._bounds[score] = self.rules.bounds[score](self)
        return self._bounds[score]

    def reason(self, subject: Subject) -> Reason:
        """Why a subject says what it says."""
        if self._reasons is None:
            self._reasons = {}
        if subject not in self._reasons:
            self._reasons[subject] = self.rules.reason[subject](self)
        return self._reasons[subject]


class Entered:
    """One observation as it was handed in: its answers, in the order of the questions, and their sums.

    What the rules find out about it is worked out when somebody asks: many outcomes are known without it.
    """

    __slots__ = ("_findings", "_work_out", "answers", "facts", "sums")

    def __init__(
        self,
        answers: tuple[object, ...],
        facts: Mapping[str, Answer],
        sums: tuple[int, ...],
        work_out: Callable[["Entered"], Findings],
    ) -> None:
        self.answers, self.facts, self.sums, self._work_out = answers, facts, sums, work_out

    @property
    def findings(self) -> Findings:
        """Everything that the rules find out about it."""
        try:
            return self._findings
        except AttributeError:
            self._findings: Findings = self._work_out(self)
            return self._findings


Check = Callable[[Findings], bool]


class Test(NamedTuple):
    """What a condition says (None is undecided), and why it does."""

    value: Callable[[Findings], bool | None]
    reasons: Callable[[Findings], Reasons]


def answer_reason(question: str, answer: Answer, place: Place) -> Reason:
    """Why a question says what it says: the answer itself, that it is blank, or that it does not apply."""
    if isinstance(answer, Given):
        return Reason("answer", question, answer.code, (), place)
    kind: ReasonKind = "not_applicable" if answer.state is NonAnswer.NOT_APPLICABLE else "blank"
    return Reason(kind, question, answer.state.value, (), place)


def alone(checklist: Checklist, key: str, answer: Answer) -> Findings:
    """What would be known of a record with this answer and nothing else."""
    said = Said(answer, Reason("answer", key))
    rules = Rules(reason={Subject("question", key): lambda _: said.reason})
    return Findings([said] * len(checklist.questions), {}, rules, (), {})


def passed_over(checklist: Checklist, subject: Subject) -> Check:
    """Whether a quantifier skips the subject: it does not apply, or its non-answer is left out."""
    match subject.kind:
        case "question":
            return _skipped(checklist.number[subject.key], skipped_states(checklist.treat))
        case "score":
            return absent(checklist, checklist.score[subject.key].group)
        case "result":
            return lambda findings: not findings.results[subject.key].possible
        case "fact" | "gate":
            return lambda _: False


def skipped_states(treat: Treatments) -> frozenset[NonAnswer]:
    """The non-answers that count as if the step did not apply."""
    left_out = {state for state, how in treat.items() if isinstance(how, LeftOut)}
    return frozenset({NonAnswer.NOT_APPLICABLE, *left_out})


def _skipped(number: int, states: frozenset[NonAnswer]) -> Check:
    def skipped(findings: Findings) -> bool:
        answer = findings.said[number].answer
        return isinstance(answer, NotGiven) and answer.state in states

    return skipped


def absent(checklist: Checklist, group: str) -> Check:
    """Whether a group does not apply, because none of its items does; free text does not count."""
    numbers = tuple(
        checklist.number[each.key]
        for each in checklist.questions
        if group and checklist.item[each.item].group == group and each.scale.kind != "text"
    )
    if not numbers:
        return lambda _: False

    def gone(findings: Findings) -> bool:
        for number in numbers:  # noqa: SIM110 - the first one mostly applies, and is soon looked at
            if findings.said[number].applies:
                return False
        return True

    return gone


def does_not_apply(answer: Answer) -> bool:
    """Whether it says that the step could not arise."""
    return isinstance(answer, NotGiven) and answer.state is NonAnswer.NOT_APPLICABLE
