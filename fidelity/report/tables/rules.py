"""The rules of a checklist as plain sentences, in its language: formulas and conditions read aloud."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

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
from fidelity.report.words import Words, words_for

NAMED_ONE_BY_ONE = 6
WHICH = "\ue000"  # stands for one of several items until they are named together


class Titles(NamedTuple):
    """Other names than ids: of subjects by key, of answers by the question's key and the code."""

    subjects: Mapping[str, str]
    answers: Mapping[tuple[str, str], str]


IDS = Titles({}, {})


@dataclass(frozen=True, slots=True)
class Aloud:
    """What is read aloud, in which words, and what is called by another name."""

    checklist: Checklist
    words: Words
    titles: Titles = IDS

    def say(self, key: str, **facts: str | int) -> str:
        """A phrase of the rules."""
        return self.words.say(f"rule.{key}", **facts)


def formula_in_words(checklist: Checklist, formula: Formula) -> str:
    """What a formula works out."""
    return _formula(Aloud(checklist, words_for(checklist)), formula)


def condition_in_words(checklist: Checklist, condition: Condition, titles: Titles = IDS) -> str:
    """What must hold; items and answers go by their ids where they have no titles here."""
    return _condition(Aloud(checklist, words_for(checklist), titles), condition)


def score_in_words(checklist: Checklist, score: Score) -> tuple[str, str]:
    """What a score works out and, if it has one, the condition under which it does."""
    condition = condition_in_words(checklist, score.only_when) if score.only_when else ""
    return formula_in_words(checklist, score.formula), condition


# ---- formulas


def _formula(aloud: Aloud, formula: Formula) -> str:
    match formula:
        case Constant():
            return _constant(formula, "")
        case ValueOf(subject=subject):
            return _name(aloud, subject)
        case Aggregate():
            return _aggregate(aloud, formula)
        case Arithmetic(operator=sign, left=left, right=right):
            plain_sign = {"-": "−", "*": "×"}.get(sign, sign)
            return f"{_within(aloud, left)} {plain_sign} {_within(aloud, right)}"
        case PercentOf(part=part, whole=whole):
            return aloud.say("percent_of", part=_formula(aloud, part), whole=_within(aloud, whole))
        case RatioOf(top=top, bottom=bottom):
            return aloud.say("ratio_of", top=_within(aloud, top), bottom=_within(aloud, bottom))


def _constant(constant: Constant, sign: str) -> str:
    named = f" ({constant.threshold})" if constant.threshold else ""
    return f"{written(constant.value)}{sign}{named}"


def _within(aloud: Aloud, formula: Formula) -> str:
    text = _formula(aloud, formula)
    return f"({text})" if isinstance(formula, Arithmetic) else text


def _aggregate(aloud: Aloud, formula: Aggregate) -> str:
    over = _names(aloud, formula.over)
    if formula.rated is not None:
        over = aloud.say("rated", over=over, answers=_either(aloud, formula.over[0].key, formula.rated))
    said = aloud.say(f"of.{formula.function}", over=over)
    return _answered(aloud, said, formula.needing) if formula.needing else said


def _answered(aloud: Aloud, said: str, needing: Needing) -> str:
    if needing.number is not None:
        return aloud.say("answered_number", formula=said, number=needing.number)
    if needing.share is None or needing.share == 1:
        return aloud.say("answered_all", formula=said)
    return aloud.say("answered_share", formula=said, share=f"{trimmed(100 * needing.share, 1)}%")


def _names(aloud: Aloud, subjects: tuple[Subject, ...]) -> str:
    checklist = aloud.checklist
    questions = {question.key for question in checklist.questions}
    keys = [subject.key for subject in subjects]
    if set(keys) == questions and len(questions) > 1:
        return aloud.say("all_items", number=len(keys))
    whole = next((group for group in checklist.groups if _asked(checklist, group.items) == keys), None)
    if whole is not None and len(keys) > 1:
        return aloud.say("group_items", number=len(keys), title=whole.title)
    if len(keys) > NAMED_ONE_BY_ONE:
        return aloud.say("some_items", number=len(keys), names=aloud.words.listed(_called(aloud, keys)))
    return aloud.words.listed(_name(aloud, subject) for subject in subjects)


def _asked(checklist: Checklist, items: Iterable[str]) -> list[str]:
    held = set(items)
    return [question.key for question in checklist.questions if question.item in held]


def _name(aloud: Aloud, subject: Subject) -> str:
    """The title of a score, result or gate; answers and facts go by the names of their columns."""
    if subject.key in aloud.titles.subjects:
        return aloud.titles.subjects[subject.key]
    checklist = aloud.checklist
    titles = {
        "score": {key: each.title for key, each in checklist.score.items()},
        "result": {key: each.title for key, each in checklist.result.items()},
        "gate": {key: each.title for key, each in checklist.gate.items()},
    }
    title = titles.get(subject.kind, {}).get(subject.key)
    return aloud.words.quoted([title]) if title else subject.key


def _called(aloud: Aloud, keys: Iterable[str]) -> list[str]:
    return [aloud.titles.subjects.get(key, key) for key in keys]


# ---- conditions


def _condition(aloud: Aloud, condition: Condition) -> str:
    match condition:
        case And(parts=parts):
            return aloud.words.say("claim.and").join(_part(aloud, part) for part in parts)
        case Or(parts=parts):
            return aloud.words.say("claim.or").join(_part(aloud, part) for part in parts)
        case Not(part=part):
            return aloud.words.say("claim.not", claim=_condition(aloud, part))
        case Compare(left=left, comparison=comparison, right=right):
            bound = _bound(aloud, right, _sign(aloud.checklist, left))
            return aloud.say(_key(comparison), name=_formula(aloud, left), bound=bound)
        case CompareLevel(subject=subject, comparison=comparison, level=level):
            return aloud.say(_key(comparison), name=_name(aloud, subject), bound=level)
        case IsOneOf(subject=subject, codes=codes):
            return aloud.say("is", name=_name(aloud, subject), bound=_either(aloud, subject.key, codes))
        case HasState(subject=subject, state=state):
            return aloud.say(_key(state), name=_name(aloud, subject))
        case GateIs(gate=gate, passes=passes):
            return aloud.say("passes" if passes else "fails", name=gate)
        case Quantified():
            return _quantified(aloud, condition)
        case NoOther():
            return aloud.say("no_other")


def _part(aloud: Aloud, condition: Condition) -> str:
    text = _condition(aloud, condition)
    return f"({text})" if isinstance(condition, And | Or) else text


def _key(word: str) -> str:
    return word.replace(" ", "_")


def _bound(aloud: Aloud, formula: Formula, sign: str) -> str:
    return _constant(formula, sign) if isinstance(formula, Constant) else _formula(aloud, formula)


def _sign(checklist: Checklist, left: Formula) -> str:
    match left:
        case ValueOf(subject=Subject(kind="score", key=key)) if key in checklist.score:
            return "%" if checklist.score[key].kind == "percent" else ""
        case PercentOf() | Aggregate(function="percent" | "share"):
            return "%"
        case _:
            return ""


def _either(aloud: Aloud, key: str, codes: Iterable[str]) -> str:
    said = (aloud.titles.answers.get((key, code), code) for code in codes)
    return aloud.words.say("claim.or").join(said)


def _quantified(aloud: Aloud, condition: Quantified) -> str:
    """Of several items what holds: said once for all of them where it is the same for each."""
    subjects = _called(aloud, (subject.key for subject, _ in condition.members))
    if len(subjects) > NAMED_ONE_BY_ONE:
        subjects = [*subjects[:NAMED_ONE_BY_ONE], "…"]
    names = aloud.words.listed(subjects)
    which = aloud.say(f"many.{_key(condition.quantifier)}", number=condition.number, names=names)
    asked = {_condition(_about(aloud, subject), part) for subject, part in condition.members}
    if len(asked) > 1:
        return aloud.say("as_its_line", which=which)
    return next(iter(asked)).replace(WHICH, which)


def _about(aloud: Aloud, one: Subject) -> Aloud:
    """The same, with a sign in the place of one of several items."""
    named = {**aloud.titles.subjects, one.key: WHICH}
    return replace(aloud, titles=Titles(named, aloud.titles.answers))
