"""What one subject brings into a formula: nothing if it does not apply, else its value and its bounds."""

from collections.abc import Callable
from fractions import Fraction
from operator import attrgetter

from fidelity.evaluate.findings import Findings, absent, reason_of, skipped_states
from fidelity.model.checklist import AsPoints, Checklist, Question, Treatments
from fidelity.model.expression import Subject
from fidelity.model.number import read_number, written
from fidelity.model.scale import Given, Scale
from fidelity.model.score import Reason

Exact = Fraction | None
Ends = tuple[Exact, Exact]
Rated = tuple[str, ...] | None

# The value, or None for a blank; the lowest and the highest that it could be; why.
Reading = tuple[Exact, Exact, Exact, Reason]
Reader = Callable[[Findings], Reading | None]

NO, YES = Fraction(0), Fraction(1)


def measured(checklist: Checklist, subject: Subject, treat: Treatments) -> Reader:
    """Reads the points of a question, the value of a score, the number of a fact."""
    match subject.kind:
        case "question":
            question = checklist.question[subject.key]
            return _question(question.key, treat, attrgetter("points"), _ends(question))
        case "score":
            return _score(checklist, subject)
        case "fact":
            return _fact(subject)
        case "result" | "gate":
            raise TypeError(f"no number: {subject.key}")


def counted(checklist: Checklist, subject: Subject, rated: Rated, treat: Treatments) -> Reader:
    """Reads 1 or 0: whether a subject is rated so or, where nothing is asked for, whether it is answered."""
    match subject.kind:
        case "question":
            question = checklist.question[subject.key]
            return _question(question.key, treat, _one_of(question.scale, rated), (NO, YES))
        case "result":
            return _level(subject.key, rated)
        case "score" | "fact" | "gate":
            return _known(measured(checklist, subject, treat))


def same_answers(scale: Scale, codes: tuple[str, ...]) -> frozenset[str]:
    """The codes as answers carry them: numbers are compared by value, so 2.50 is 2.5."""
    return frozenset(_code(scale, each) for each in codes)


def _code(scale: Scale, code: str) -> str:
    number = read_number(code)
    return code if number is None or scale.choice(code) is not None else written(number)


def _one_of(scale: Scale, rated: Rated) -> Callable[[Given], Fraction]:
    if rated is None:
        return lambda _: YES
    codes = same_answers(scale, rated)
    return lambda answer: YES if answer.code in codes else NO


def _question(key: str, treat: Treatments, value_of: Callable[[Given], Exact], ends: Ends) -> Reader:
    low, high = ends
    skipped = skipped_states(treat)
    earned = {
        state: value_of(Given("", how.points)) for state, how in treat.items() if isinstance(how, AsPoints)
    }

    def read(findings: Findings) -> Reading | None:
        answer = findings.answers[key]
        if isinstance(answer, Given):
            value = value_of(answer)
        elif answer.state in skipped:
            return None
        elif answer.state in earned:
            value = earned[answer.state]
        else:
            return None, low, high, findings.why[key]
        return value, value, value, findings.why[key]

    return read


def _ends(question: Question) -> Ends:
    """The lowest and the highest points; a count without an upper end has only the lowest."""
    if question.points:
        return question.points[0], question.points[-1]
    return (question.scale.span.lowest if question.scale.span else None), None


def _score(checklist: Checklist, subject: Subject) -> Reader:
    key, gone = subject.key, absent(checklist, checklist.score[subject.key].group)

    def read(findings: Findings) -> Reading | None:
        if gone(findings):
            return None
        found = findings.scores[key]
        return found.exact, found.low, found.high, found.reason

    return read


def _level(key: str, rated: Rated) -> Reader:
    """A result counts only when its possible levels are all in the list, or all outside (decision 9)."""

    def read(findings: Findings) -> Reading | None:
        found = findings.results[key]
        if not found.possible:
            return None
        inside = [rated is None or level in rated for level in found.possible]
        if (rated is None and found.level is None) or (any(inside) and not all(inside)):
            return None, NO, YES, found.reason
        value = YES if all(inside) else NO
        return value, value, value, found.reason

    return read


def _fact(subject: Subject) -> Reader:
    def read(findings: Findings) -> Reading | None:
        answer = findings.facts[subject.key]
        number = answer.number if isinstance(answer, Given) else None
        return number, number, number, reason_of(subject, findings)

    return read


def _known(read_value: Reader) -> Reader:
    def read(findings: Findings) -> Reading | None:
        reading = read_value(findings)
        if reading is None:
            return None
        value, _, _, reason = reading
        return (None, NO, YES, reason) if value is None else (YES, YES, YES, reason)

    return read
