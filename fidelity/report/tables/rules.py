"""The rules of a checklist as plain sentences: formulas and conditions read aloud."""

from collections.abc import Iterable

from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    Compare,
    CompareLevel,
    Condition,
    Constant,
    Formula,
    GateIs,
    HasState,
    IsOneOf,
    Needing,
    NoOther,
    Not,
    Or,
    PercentOf,
    Quantified,
    RatioOf,
    Subject,
    ValueOf,
)
from fidelity.model.number import trimmed, written

NAMED_ONE_BY_ONE = 6


def formula_in_words(checklist: Checklist, formula: Formula) -> str:
    """What a formula works out."""
    match formula:
        case Constant():
            return _constant(formula, "")
        case ValueOf(subject=subject):
            return _name(checklist, subject)
        case Aggregate():
            return _aggregate(checklist, formula)
        case Arithmetic(operator=sign, left=left, right=right):
            plain_sign = {"-": "−", "*": "×"}.get(sign, sign)
            return f"{_within(checklist, left)} {plain_sign} {_within(checklist, right)}"
        case PercentOf(part=part, whole=whole):
            return f"{formula_in_words(checklist, part)} as percent of {_within(checklist, whole)}"
        case RatioOf(top=top, bottom=bottom):
            return f"ratio of {_within(checklist, top)} to {_within(checklist, bottom)}"


def _constant(constant: Constant, sign: str) -> str:
    named = f" ({constant.threshold})" if constant.threshold else ""
    return f"{written(constant.value)}{sign}{named}"


def _within(checklist: Checklist, formula: Formula) -> str:
    text = formula_in_words(checklist, formula)
    return f"({text})" if isinstance(formula, Arithmetic) else text


def _aggregate(checklist: Checklist, formula: Aggregate) -> str:
    over = _names(checklist, formula.over)
    rated = f" rated {_either(formula.rated)}" if formula.rated is not None else ""
    own = formula.needing and f" with {_answered(formula.needing)} answered"
    return f"({formula.function} of {over}{rated}{own})" if own else f"{formula.function} of {over}{rated}"


def _answered(needing: Needing) -> str:
    if needing.number is not None:
        return f"at least {needing.number}"
    if needing.share is None or needing.share == 1:
        return "all"
    return f"at least {trimmed(100 * needing.share, 1)}%"


def _names(checklist: Checklist, subjects: tuple[Subject, ...]) -> str:
    questions = {question.key for question in checklist.questions}
    keys = [subject.key for subject in subjects]
    if set(keys) == questions and len(questions) > 1:
        return f"all {len(keys)} items"
    whole = next((group for group in checklist.groups if _asked(checklist, group.items) == keys), None)
    if whole is not None and len(keys) > 1:
        return f"the {len(keys)} items of “{whole.title}”"
    if len(keys) > NAMED_ONE_BY_ONE:
        return f"{len(keys)} items ({', '.join(keys)})"
    return ", ".join(_name(checklist, subject) for subject in subjects)


def _asked(checklist: Checklist, items: Iterable[str]) -> list[str]:
    held = set(items)
    return [question.key for question in checklist.questions if question.item in held]


def _name(checklist: Checklist, subject: Subject) -> str:
    """The title of a score, result or gate; answers and facts go by the names of their columns."""
    titles = {
        "score": {key: each.title for key, each in checklist.score.items()},
        "result": {key: each.title for key, each in checklist.result.items()},
        "gate": {key: each.title for key, each in checklist.gate.items()},
    }
    title = titles.get(subject.kind, {}).get(subject.key)
    return f"“{title}”" if title else subject.key


def condition_in_words(checklist: Checklist, condition: Condition) -> str:
    """What must hold."""
    match condition:
        case And(parts=parts):
            return " and ".join(_part(checklist, part) for part in parts)
        case Or(parts=parts):
            return " or ".join(_part(checklist, part) for part in parts)
        case Not(part=part):
            return f"not ({condition_in_words(checklist, part)})"
        case Compare(left=left, comparison=comparison, right=right):
            than = _bound(checklist, right, _sign(checklist, left))
            return f"{formula_in_words(checklist, left)} is {_comparison(comparison)}{than}"
        case CompareLevel(subject=subject, comparison=comparison, level=level):
            return f"{_name(checklist, subject)} is {_comparison(comparison)}{level}"
        case IsOneOf(subject=subject, codes=codes):
            return f"{_name(checklist, subject)} is {_either(codes)}"
        case HasState(subject=subject, state=state):
            return f"{_name(checklist, subject)} is {state}"
        case GateIs(gate=gate, passes=passes):
            return f"{gate} {'passes' if passes else 'fails'}"
        case Quantified():
            return _quantified(checklist, condition)
        case NoOther():
            return "no other level is possible"


def _part(checklist: Checklist, condition: Condition) -> str:
    text = condition_in_words(checklist, condition)
    return f"({text})" if isinstance(condition, And | Or) else text


def _comparison(comparison: str) -> str:
    return "" if comparison == "is" else f"{comparison} "


def _bound(checklist: Checklist, formula: Formula, sign: str) -> str:
    return _constant(formula, sign) if isinstance(formula, Constant) else formula_in_words(checklist, formula)


def _sign(checklist: Checklist, left: Formula) -> str:
    match left:
        case ValueOf(subject=Subject(kind="score", key=key)) if key in checklist.score:
            return "%" if checklist.score[key].kind == "percent" else ""
        case PercentOf() | Aggregate(function="percent" | "share"):
            return "%"
        case _:
            return ""


def _either(codes: Iterable[str]) -> str:
    return " or ".join(codes)


def _quantified(checklist: Checklist, condition: Quantified) -> str:
    counted = condition.quantifier in ("at least", "at most", "exactly")
    count = f"{condition.quantifier} {condition.number}" if counted else condition.quantifier
    subjects = [subject.key for subject, _ in condition.members]
    if len(subjects) > NAMED_ONE_BY_ONE:
        subjects = [*subjects[:NAMED_ONE_BY_ONE], "…"]
    asked = {_predicate(checklist, subject, part) for subject, part in condition.members}
    what = next(iter(asked)) if len(asked) == 1 else "as its line says"
    return f"{count} of {', '.join(subjects)} {what}"


def _predicate(checklist: Checklist, subject: Subject, condition: Condition) -> str:
    text = condition_in_words(checklist, condition)
    return text.removeprefix(f"{_name(checklist, subject)} ")


def score_in_words(checklist: Checklist, score: Score) -> tuple[str, str]:
    """What a score works out and, if it has one, the condition under which it does."""
    condition = condition_in_words(checklist, score.only_when) if score.only_when else ""
    return formula_in_words(checklist, score.formula), condition
