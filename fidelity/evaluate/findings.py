"""What has been found out about one observation so far: what conditions and formulas read."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fidelity.model.checklist import Checklist, LeftOut, Treatments
from fidelity.model.expression import Subject
from fidelity.model.scale import Answer, Given, NonAnswer, NotGiven
from fidelity.model.score import GateState, Reason, ReasonKind, ResultValue, ScoreValue
from fidelity.place import Place

Reasons = tuple[Reason, ...]
Verdict = tuple[bool | None, Reasons]


@dataclass(slots=True)
class Findings:
    """Grows while one observation is evaluated.

    `answers` is what the rules see and `why` the reason for each; `applies` says whether the whole checklist
    does; `set_aside` are the questions whose answer does not count because they do not apply.
    """

    answers: dict[str, Answer]
    why: dict[str, Reason]
    facts: dict[str, Answer]
    applies: Verdict = (True, ())
    set_aside: list[str] = field(default_factory=list)
    scores: dict[str, ScoreValue] = field(default_factory=dict)
    results: dict[str, ResultValue] = field(default_factory=dict)
    gates: dict[str, GateState] = field(default_factory=dict)
    gate_reasons: dict[str, Reason] = field(default_factory=dict)


Test = Callable[[Findings], Verdict]
Check = Callable[[Findings], bool]


def answer_reason(question: str, answer: Answer, place: Place) -> Reason:
    """Why a question says what it says: the answer itself, that it is blank, or that it does not apply."""
    if isinstance(answer, Given):
        return Reason("answer", question, answer.code, (), place)
    kind: ReasonKind = "not_applicable" if answer.state is NonAnswer.NOT_APPLICABLE else "blank"
    return Reason(kind, question, answer.state.value, (), place)


def passed_over(checklist: Checklist, subject: Subject) -> Check:
    """Whether a quantifier skips the subject: it does not apply, or its non-answer is left out."""
    match subject.kind:
        case "question":
            return _skipped(subject.key, skipped_states(checklist.treat))
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


def _skipped(key: str, states: frozenset[NonAnswer]) -> Check:
    def skipped(findings: Findings) -> bool:
        answer = findings.answers[key]
        return isinstance(answer, NotGiven) and answer.state in states

    return skipped


def absent(checklist: Checklist, group: str) -> Check:
    """Whether a group does not apply, because none of its items does; free text does not count."""
    questions = tuple(
        each.key
        for each in checklist.questions
        if group and checklist.item[each.item].group == group and each.scale.kind != "text"
    )
    if not questions:
        return lambda _: False

    return lambda findings: all(does_not_apply(findings.answers[key]) for key in questions)


def does_not_apply(answer: Answer) -> bool:
    """Whether it says that the step could not arise."""
    return isinstance(answer, NotGiven) and answer.state is NonAnswer.NOT_APPLICABLE


def reason_of(subject: Subject, findings: Findings) -> Reason:
    """Why a subject says what it says."""
    match subject.kind:
        case "question":
            return findings.why[subject.key]
        case "score":
            return findings.scores[subject.key].reason
        case "result":
            return findings.results[subject.key].reason
        case "gate":
            return findings.gate_reasons[subject.key]
        case "fact":
            answer = findings.facts[subject.key]
            return Reason("fact", subject.key, answer.code if isinstance(answer, Given) else None)
