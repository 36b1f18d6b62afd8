"""Raw answers and facts of one observation -> what they say, with points after reversing and binning."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from fidelity.errors import ProblemsFound
from fidelity.evaluate.findings import Findings, answer_reason
from fidelity.model.answering import misfit_problem, understood, understood_fact
from fidelity.model.checklist import Checklist, Fact, Question
from fidelity.model.scale import MISSING, Answer, Given, Misfit
from fidelity.model.score import Reason
from fidelity.place import Place

Recorded = tuple[Answer, Reason]
Reader = Callable[[str], Recorded | Misfit]
Raw = Mapping[str, str]


def reading(checklist: Checklist) -> Callable[[Raw, Raw, Place], Findings]:
    """The closure that understands a whole record, or raises all that does not fit."""
    questions = [(each.key, _reader(checklist, each), _blank(each)) for each in checklist.questions]
    facts = [(each.id, _fact_reader(checklist, each)) for each in checklist.facts]

    def read(answers: Raw, known: Raw, place: Place) -> Findings:
        findings, problems = Findings({}, {}, {}), []
        for key, understand, blank in questions:
            raw = answers.get(key)
            said = understand(raw) if raw else blank
            if isinstance(said, Misfit):
                problems.append(misfit_problem(key, raw or "", said, place))
            else:
                findings.answers[key], findings.why[key] = said
        for key, understand_fact in facts:
            told = understand_fact(known.get(key, ""))
            if isinstance(told, Misfit):
                problems.append(misfit_problem(key, known[key], told, place))
            else:
                findings.facts[key] = told
        if problems:
            raise ProblemsFound(problems)
        return findings

    return read


def _reader(checklist: Checklist, question: Question) -> Reader:
    def understand(raw: str) -> Recorded | Misfit:
        answer = understood(checklist, question, raw)
        if isinstance(answer, Misfit):
            return answer
        counted = replace(answer, points=points(question, answer)) if isinstance(answer, Given) else answer
        return counted, answer_reason(question.key, counted, question.place)

    # The same few answers come again and again; a free text hardly ever does.
    return understand if question.scale.kind == "text" else lru_cache(maxsize=1000)(understand)


def points(question: Question, answer: Given) -> Fraction | None:
    """What the answer is worth: binned if it is a raw number, then turned round if the item is reversed."""
    of_bin = question.bins.points(answer.number) if question.bins and answer.number is not None else None
    worth = answer.points if of_bin is None else of_bin
    if worth is None or not question.reversed or not question.points:
        return worth
    lowest, highest = question.points[0], question.points[-1]
    return lowest + highest - worth


def _blank(question: Question) -> Recorded:
    return MISSING, answer_reason(question.key, MISSING, question.place)


def _fact_reader(checklist: Checklist, fact: Fact) -> Callable[[str], Answer | Misfit]:
    def understand(raw: str) -> Answer | Misfit:
        return understood_fact(checklist, fact, raw)

    return understand if fact.scale.kind == "text" else lru_cache(maxsize=1000)(understand)
