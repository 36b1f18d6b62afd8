"""Raw answers and facts of one observation -> what they say, with points after reversing and binning."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from operator import getitem

from fidelity.errors import Problem, ProblemsFound
from fidelity.evaluate.findings import Findings, Rules, Said, answer_reason
from fidelity.model.answering import misfit_problem, understood, understood_fact
from fidelity.model.checklist import Checklist, Fact, Question
from fidelity.model.scale import MISSING, Answer, Given, Misfit
from fidelity.place import Place

MOST_KEPT = 1000
Raw = Mapping[str, object]


def reading(checklist: Checklist, rules: Rules) -> Callable[[Raw, Raw, Place], Findings]:
    """The closure that understands a whole record, or raises all that does not fit."""
    keys = [each.key for each in checklist.questions]
    heard = [Heard(checklist, each) for each in checklist.questions]
    facts = [(each.id, Told(checklist, each)) for each in checklist.facts]

    def read(answers: Raw, known: Raw, place: Place) -> Findings:
        try:
            raw = list(map(answers.get, keys))
            if not KEPT_KINDS.issuperset(map(type, raw)):
                raw = list(map(_text, raw))
            said = list(map(getitem, heard, raw))
            told = {key: fact[known.get(key)] for key, fact in facts}
        except _Unfit:
            raise ProblemsFound(_problems(heard, facts, answers, known, place)) from None
        return Findings(said, told, rules)

    return read


class _Unfit(Exception):
    """A raw value that is no answer."""


def _problems(
    heard: Iterable["Heard"], facts: Iterable[tuple[str, "Told"]], answers: Raw, known: Raw, place: Place
) -> Iterator[Problem]:
    for question in heard:
        key = question.question.key
        raw = _text(answers.get(key))
        answer = question.understand(raw)
        if isinstance(answer, Misfit):
            yield misfit_problem(key, raw, answer, place)
    for key, fact in facts:
        raw = _text(known.get(key))
        told = fact.understand(raw)
        if isinstance(told, Misfit):
            yield misfit_problem(key, raw, told, place)


def _text(raw: object) -> str:
    """What was handed in, as a person writes it."""
    return "" if raw is None else str(raw)


# The same few answers come again and again, so each is understood once; a free text hardly ever does.
# To a table 1, True and 1.0 are alike: of numbers, only whole ones are looked up as they are.
KEPT_KINDS = frozenset({str, int, type(None)})


class Heard(dict[object, Said]):
    """What each raw value says to a question."""

    def __init__(self, checklist: Checklist, question: Question) -> None:
        super().__init__()
        self.checklist, self.question = checklist, question

    def __missing__(self, raw: object) -> Said:
        if not isinstance(raw, str):
            return self._keep(raw, self[_text(raw)])
        answer = self.understand(raw)
        if isinstance(answer, Misfit):
            raise _Unfit
        said = Said(answer, answer_reason(self.question.key, answer, self.question.place))
        return self._keep(raw, said)

    def _keep(self, raw: object, said: Said) -> Said:
        if (not raw or self.question.scale.kind != "text") and len(self) < MOST_KEPT:
            self[raw] = said
        return said

    def understand(self, raw: str) -> Answer | Misfit:
        """The answer with the points that it is worth here."""
        answer = understood(self.checklist, self.question, raw) if raw else MISSING
        if not isinstance(answer, Given):
            return answer
        return replace(answer, points=points(self.question, answer))


class Told(dict[object, Answer]):
    """What each raw value says about a fact."""

    def __init__(self, checklist: Checklist, fact: Fact) -> None:
        super().__init__()
        self.checklist, self.fact = checklist, fact

    def __missing__(self, raw: object) -> Answer:
        if not isinstance(raw, str):
            return self[_text(raw)]
        answer = self.understand(raw)
        if isinstance(answer, Misfit):
            raise _Unfit
        if self.fact.scale.kind != "text" and len(self) < MOST_KEPT:
            self[raw] = answer
        return answer

    def understand(self, raw: str) -> Answer | Misfit:
        """The word or number of the fact."""
        return understood_fact(self.checklist, self.fact, raw)


def points(question: Question, answer: Given) -> Fraction | None:
    """What the answer is worth: binned if it is a raw number, then turned round if the item is reversed."""
    of_bin = question.bins.points(answer.number) if question.bins and answer.number is not None else None
    worth = answer.points if of_bin is None else of_bin
    if worth is None or not question.reversed or not question.points:
        return worth
    lowest, highest = question.points[0], question.points[-1]
    return lowest + highest - worth
