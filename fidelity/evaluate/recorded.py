"""Raw answers and facts of one observation -> what they say, with points after reversing and binning."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from operator import getitem
from types import MappingProxyType

from fidelity.errors import Problem, ProblemsFound
from fidelity.evaluate.findings import MOST_KEPT, Entered, Findings, Rules, Said, answer_reason
from fidelity.evaluate.packed import picking
from fidelity.evaluate.side_by_side import SideBySide
from fidelity.model.answering import misfit_problem, understood, understood_fact
from fidelity.model.checklist import Checklist, Fact, Question
from fidelity.model.expression import reads
from fidelity.model.scale import MISSING, Answer, Given, Misfit
from fidelity.place import Place

Raw = Mapping[str, object]
InOrder = tuple[object, ...]  # raw answers, one for each question
Step = Callable[[Findings], None]  # works out one score, gate or result
NOTHING_TOLD: Mapping[str, Answer] = MappingProxyType({})

FEW = 8  # so many answers, looked up one by one, take no longer than all of them at once


def ordering(checklist: Checklist) -> Callable[[Raw], InOrder | None]:
    """The closure that puts raw answers in the order of the questions; None if one has an unknown name."""
    questions, pick = checklist.question, picking(list(checklist.question))

    def in_order(answers: Raw) -> InOrder | None:
        if type(answers) is not dict or len(answers) != len(questions):
            return tuple(map(answers.get, questions)) if answers.keys() <= questions.keys() else None
        try:
            return pick(answers)  # all are there, as in most records, or one of them has another name
        except KeyError:
            return None

    return in_order


def reading(
    checklist: Checklist, sums: SideBySide, rules: Rules, steps: Sequence[Step], *, at_once: bool
) -> Callable[[InOrder, Raw, Place], Entered]:
    """The closure that understands a whole record and adds it up, or raises all that does not fit.

    What its questions say is looked up `at_once`, or one by one when rules ask for it.
    """
    heard = [Heard(checklist, each) for each in checklist.questions]
    adding = [Adding(number, each, sums) for number, each in enumerate(heard)]
    brings_in = [each.known for each in adding]
    apart, size = sums.layout.unpack, sums.layout.size
    facts = [(each.id, Told(checklist, each)) for each in checklist.facts]

    def work_out(entered: Entered) -> Findings:
        raw = entered.answers
        said = list(map(getitem, heard, raw)) if at_once else Asked(heard, raw)
        findings = Findings(said, entered.facts, rules, entered.sums, sums.worth(entered.sums))
        for step in steps:
            step(findings)
        return findings

    def read(raw: InOrder, known: Raw, place: Place) -> Entered:
        if not KEPT_KINDS.issuperset(map(type, raw)):
            raw = tuple(map(_text, raw))
        try:
            told = {key: fact[_kept(known.get(key))] for key, fact in facts} if facts else NOTHING_TOLD
            try:
                total = sum(map(getitem, brings_in, raw))
            except KeyError:
                total = _first_time(adding, raw)
        except _Unfit:
            raise ProblemsFound(_problems(heard, raw, facts, known, place)) from None
        return Entered(raw, told, apart(total.to_bytes(size, "little")), work_out)

    return read


def is_often_asked(checklist: Checklist) -> bool:
    """Whether rules read so many answers by themselves that it pays to look all of them up at once."""
    asking = (
        *(each.applies for each in checklist.questions),
        *(each.when for each in checklist.gates),
        *(each.when for result in checklist.results for each in result.levels),
    )
    return sum(len(list(reads(each))) for each in asking if each is not None) > FEW


def _first_time(questions: Iterable["Adding"], raw: InOrder) -> int:
    """What a record brings in with an answer that was not given before, or a free text."""
    return sum(each.brought_in(given) for each, given in zip(questions, raw, strict=True))


class _Unfit(Exception):
    """A raw value that is no answer."""


def _problems(
    heard: Iterable["Heard"],
    answers: Iterable[object],
    facts: Iterable[tuple[str, "Told"]],
    known: Raw,
    place: Place,
) -> Iterator[Problem]:
    for question, given in zip(heard, answers, strict=True):
        raw = _text(given)
        answer = question.understand(raw)
        if isinstance(answer, Misfit):
            yield misfit_problem(question.question.key, raw, answer, place)
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


def _kept(raw: object) -> object:
    return raw if type(raw) in KEPT_KINDS else _text(raw)


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


class Adding:
    """What the answers to a question bring into the sums of a record; what is known stands in a plain table.

    A table that learns by itself, like the one above, takes a third longer to look something up.
    """

    def __init__(self, number: int, heard: Heard, sums: SideBySide) -> None:
        self.number, self.heard, self.sums = number, heard, sums
        self.known: dict[object, int] = {}

    def brought_in(self, raw: object) -> int:
        """By this raw value."""
        if raw not in self.known:
            brought = self.sums.brought_in(self.number, self.heard[raw])
            if raw not in self.heard:
                return brought
            self.known[raw] = brought
        return self.known[raw]


class Asked:
    """What the questions say, each looked up when somebody asks."""

    __slots__ = ("_heard", "_raw")

    def __init__(self, heard: Sequence[Heard], raw: Sequence[object]) -> None:
        self._heard, self._raw = heard, raw

    def __getitem__(self, number: int) -> Said:
        return self._heard[number][self._raw[number]]

    def __iter__(self) -> Iterator[Said]:
        return map(getitem, self._heard, self._raw)


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
