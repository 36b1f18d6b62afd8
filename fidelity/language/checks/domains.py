"""Conditions -> the few values of what they read that make a difference, and all ways to combine them.

A question that cannot be told from another one in these conditions is not numbered through: of such a set it
only counts which answers occur, or how often each does where the conditions count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, pairwise, product
from math import comb, prod
from typing import NamedTuple

from fidelity.language.checks.budget import affordable, notes
from fidelity.language.checks.reach import reached
from fidelity.language.checks.truth import (
    ABSENT,
    Value,
    Verdict,
    levels_fitting,
    passed_over,
    questions_in,
    truth,
    with_points,
)
from fidelity.model.checklist import Checklist, LeftOut, Question
from fidelity.model.expression import (
    And,
    Compare,
    CompareLevel,
    Condition,
    Constant,
    GateIs,
    HasState,
    IsOneOf,
    NoOther,
    Not,
    Or,
    Quantified,
    Subject,
    reads,
)
from fidelity.model.number import read_number, written
from fidelity.model.scale import MISSING, NON_ANSWERS, Answer, Given, NonAnswer, NotGiven, Scale

MOST_VALUES = 60
MOST_OPTIONS = 100_000

Combination = dict[Subject, Value]
Leaf = Compare | CompareLevel | IsOneOf | HasState


class Atoms:
    """What conditions ask of one subject: each test, with the quantifier it stands under (0 for none)."""

    def __init__(self) -> None:
        self.tests: list[tuple[int, Leaf]] = []
        self.cuts: set[Fraction] = set()
        self.codes: set[str] = set()
        self.states = False
        self.paired = False


class Variable(NamedTuple):
    """Subjects that are set together, and the ways to set them."""

    subjects: tuple[Subject, ...]
    options: tuple[tuple[Value, ...], ...]
    number: int  # of the options; where there are too many, they are not listed


class Space:
    """All combinations of values that some conditions can tell apart."""

    def __init__(
        self, checklist: Checklist, nodes: Iterable[Condition], *, results_worked_out: bool = False
    ) -> None:
        self.checklist = checklist
        self._counts = False
        self._atoms: dict[Subject, Atoms] = {}
        self._seen: set[int] = set()
        self._inlined: set[Subject] = set()
        self._results_worked_out = results_worked_out
        for node in nodes:
            self._gather(node, 0)
        self.variables = tuple(self._variables())

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return prod(each.number for each in self.variables)

    def within(self, most: int) -> bool:
        """Whether there are no more combinations than this, and time left to go through them."""
        tests = sum(len(each.tests) for each in self._atoms.values()) + 1
        return self.size <= most and affordable(self.checklist, self.size * tests)

    def combinations(self) -> Iterator[Combination]:
        """Every combination."""
        for chosen in product(*(each.options for each in self.variables)):
            yield {
                subject: value
                for variable, values in zip(self.variables, chosen, strict=True)
                for subject, value in zip(variable.subjects, values, strict=True)
            }

    def truth(self, node: Condition, combination: Mapping[Subject, Value]) -> Verdict:
        """What a condition says of a combination."""
        return truth(self.checklist, node, self.looking(combination))

    def looking(self, combination: Mapping[Subject, Value]) -> "Looking":
        """The values of a combination; gates and, if so wished, results are worked out from them."""
        return Looking(self.checklist, combination)

    # ---- what is asked

    def _gather(self, node: Condition, under: int) -> None:
        match node:
            case And(parts) | Or(parts):
                for part in parts:
                    self._gather(part, under)
            case Not(part):
                self._gather(part, under)
            case Quantified():
                self._counts = self._counts or node.quantifier in ("at least", "at most", "exactly")
                for subject, part in node.members:
                    self._atoms_of(subject)
                    self._gather(part, id(node))
            case NoOther(result, level):
                for line in self.checklist.result[result].levels:
                    if line.id != level and line.when is not None:
                        self._gather_once(line.when)
            case GateIs(gate):
                self._gather_once(self.checklist.gate[gate].when)
            case _:
                self._test(node, under)

    def _gather_once(self, node: Condition) -> None:
        if id(node) not in self._seen:
            self._seen.add(id(node))
            self._gather(node, 0)

    def _test(self, leaf: Leaf, under: int) -> None:
        subjects = list(reads(leaf))
        for subject in subjects:
            if subject.kind == "result" and self._results_worked_out:
                self._inline(subject)
                continue
            atoms = self._atoms_of(subject)
            atoms.tests.append((under, leaf))
            atoms.paired = atoms.paired or len(subjects) > 1
            match leaf:
                case Compare(left, _, right):
                    atoms.cuts.update(each.value for each in (left, right) if isinstance(each, Constant))
                case IsOneOf(_, codes):
                    atoms.codes.update(codes)
                case HasState():
                    atoms.states = True
                case _:
                    pass

    def _inline(self, subject: Subject) -> None:
        if subject in self._inlined:
            return
        self._inlined.add(subject)
        for line in self.checklist.result[subject.key].levels:
            if line.when is not None:
                self._gather_once(line.when)
        for gate in self.checklist.gates:
            if gate.result == subject.key:
                self._gather_once(gate.when)

    def _atoms_of(self, subject: Subject) -> Atoms:
        return self._atoms.setdefault(subject, Atoms())

    # ---- what can be answered

    def _variables(self) -> Iterator[Variable]:
        alike: dict[object, list[tuple[Subject, dict[object, Value]]]] = {}
        for subject, atoms in self._atoms.items():
            if subject.kind == "result" and self._results_worked_out:
                continue
            classes = self._classes(subject, atoms)
            quantified = {under for under, _ in atoms.tests}
            single = atoms.paired or 0 in quantified
            key: object = subject if single else (subject.kind, frozenset(quantified), frozenset(classes))
            alike.setdefault(key, []).append((subject, classes))
        for members in alike.values():
            subjects = tuple(subject for subject, _ in members)
            number = self._number_of_options(len(members[0][1]), len(members))
            options = self._options([classes for _, classes in members]) if number <= MOST_OPTIONS else ()
            yield Variable(subjects, tuple(options), number)

    def _number_of_options(self, classes: int, members: int) -> int:
        if members == 1:
            return classes
        if self._counts:
            return comb(classes + members - 1, members)
        return sum(comb(classes, size) for size in range(1, min(classes, members) + 1))

    def _options(self, members: Sequence[Mapping[object, Value]]) -> Iterator[tuple[Value, ...]]:
        keys = list(members[0])
        if len(members) == 1:
            yield from ((value,) for value in members[0].values())
        elif self._counts:
            for chosen in combinations_with_replacement(keys, len(members)):
                yield tuple(each[key] for each, key in zip(members, chosen, strict=True))
        else:
            for size in range(1, min(len(keys), len(members)) + 1):
                for occurring in combinations(keys, size):
                    chosen = (*occurring, *[occurring[0]] * (len(members) - size))
                    yield tuple(each[key] for each, key in zip(members, chosen, strict=True))

    def _classes(self, subject: Subject, atoms: Atoms) -> dict[object, Value]:
        """One value for each way in which the tests can turn out, worked out once for questions alike."""
        known: dict[object, dict[object, Value]] = notes(self.checklist).setdefault("classes", {})
        alike = _alike(self.checklist, subject, atoms)
        if alike is None:
            return self._told_apart(subject, atoms)
        if alike not in known:
            known[alike] = self._told_apart(subject, atoms)
        return known[alike]

    def _told_apart(self, subject: Subject, atoms: Atoms) -> dict[object, Value]:
        found: dict[object, Value] = {}
        for value in self._values(subject, atoms):
            key: tuple[object, ...] = (passed_over(self.checklist, subject, value),)
            if atoms.paired:
                key = (*key, repr(value))
            else:
                alone = Looking(self.checklist, {subject: value})
                key = (*key, *(truth(self.checklist, leaf, alone) for _, leaf in atoms.tests))
            found.setdefault(key, value)
        return found

    def _values(self, subject: Subject, atoms: Atoms) -> Iterable[Value]:
        checklist = self.checklist
        match subject.kind:
            case "question":
                cuts = atoms.cuts | (self._partner_cuts() if atoms.paired else set())
                question = checklist.question[subject.key]
                found = list(answers_of(checklist, question, cuts, atoms.codes))
                return [*found, MISSING] if atoms.states else found
            case "fact":
                scale = checklist.fact[subject.key].scale
                answers = list(_given(scale, atoms.cuts, atoms.codes))
                return [*answers, MISSING] if atoms.states else answers
            case "result":
                return [
                    *_levels(checklist, subject.key),
                    *([()] if _can_be_absent(checklist, subject) else []),
                ]
            case "score":
                cuts = atoms.cuts | (self._partner_cuts() if atoms.paired else set())
                values: list[Value] = [*_around(checklist, subject.key, cuts)]
                if _can_be_absent(checklist, subject):
                    values.append(ABSENT)
                return [*values, None] if atoms.states or not values else values
            case "gate":
                return [True, False]

    def _partner_cuts(self) -> set[Fraction]:
        """The ends of everything that is compared with something else."""
        found: set[Fraction] = set()
        for subject, atoms in self._atoms.items():
            if not atoms.paired:
                continue
            found |= atoms.cuts
            match subject.kind:
                case "question":
                    question = self.checklist.question[subject.key]
                    found.update(question.points)
                    if question.scale.span:
                        found.add(question.scale.span.lowest)
                case "score":
                    score = self.checklist.score[subject.key]
                    found.update(end for end in (score.lowest, score.highest) if end is not None)
                case _:
                    pass
        return found


class Looking:
    """Reads a combination; what is not in it is worked out from it."""

    def __init__(self, checklist: Checklist, combination: Mapping[Subject, Value]) -> None:
        self.checklist = checklist
        self._known = dict(combination)

    def __call__(self, subject: Subject) -> Value:
        """The value of a subject."""
        if subject not in self._known:
            self._known[subject] = self._worked_out(subject)
        return self._known[subject]

    def _worked_out(self, subject: Subject) -> Value:
        match subject.kind:
            case "gate":
                return truth(self.checklist, self.checklist.gate[subject.key].when, self)
            case "result":
                return levels_fitting(self.checklist, subject.key, self)
            case "question" | "fact":
                return MISSING
            case "score":
                return None


# ---- the values of one subject


def _alike(checklist: Checklist, subject: Subject, atoms: Atoms) -> object:
    """The same for questions of which the same is asked and can be answered; None where that is not said."""
    if subject.kind != "question" or atoms.paired:
        return None
    question = checklist.question[subject.key]
    tests = tuple(_asks(leaf) for _, leaf in atoms.tests)
    return question.scale.id, question.bins, question.reversed, question.applies is None, tests


def _asks(leaf: Leaf) -> object:
    """What a test asks, whomever it asks."""
    match leaf:
        case Compare(left, comparison, right):
            return comparison, *(each.value if isinstance(each, Constant) else None for each in (left, right))
        case CompareLevel(_, comparison, level):
            return comparison, level
        case IsOneOf(_, codes):
            return codes
        case HasState(_, state):
            return state


def answers_of(
    checklist: Checklist, question: Question, cuts: Iterable[Fraction] = (), codes: Iterable[str] = ()
) -> Iterator[Answer]:
    """What a rater can answer, numbers only where a cut or an end makes a difference; no blank."""
    marks = set(cuts)
    if question.reversed and question.points:
        marks |= {question.points[0] + question.points[-1] - each for each in marks}
    if question.bins is not None:
        marks |= {
            end for _, band in question.bins.bins for end in (band.lowest, band.highest) if end is not None
        }
    seen = set()
    for answer in _given(question.scale, marks, codes):
        seen.add(answer.code)
        yield with_points(question, answer)
    named = {NON_ANSWERS[code] for code in codes if code in NON_ANSWERS}
    if question.applies is not None:
        named.add(NonAnswer.NOT_APPLICABLE)
    left_out = {state for state, how in checklist.treat.items() if isinstance(how, LeftOut)}
    for state in sorted((named | left_out) - {NonAnswer.MISSING}):
        if not any(choice.means is state for choice in question.scale.choices):
            yield NotGiven(state, state.value)


def _given(scale: Scale, cuts: Iterable[Fraction], codes: Iterable[str]) -> Iterator[Answer]:
    if scale.kind == "text":
        yield Given("any text")
    for choice in scale.choices:
        on_range = scale.span is not None and choice.means is None and read_number(choice.id) is not None
        if choice.means is not NonAnswer.MISSING and not on_range:
            yield choice.answer
    if scale.span is None:
        return
    numbers = {number for code in codes if (number := read_number(code)) is not None} | set(cuts)
    for number in _numbers(scale, numbers):
        yield Given(written(number), number, number)


def _numbers(scale: Scale, cuts: set[Fraction]) -> list[Fraction]:
    span = scale.span
    if span is None:
        return []
    step = span.step or Fraction(1, 2)
    if span.highest is not None and (span.highest - span.lowest) / step <= MOST_VALUES:
        steps = int((span.highest - span.lowest) / step)
        return [span.lowest + at * step for at in range(steps + 1)]
    ends = {
        span.lowest,
        span.highest if span.highest is not None else max(cuts, default=span.lowest) + 2 * step,
    }
    near = {cut + shift for cut in cuts | ends for shift in (-step, 0, step)}
    return sorted(each for each in near if span.holds(each))


def _levels(checklist: Checklist, result: str) -> Iterator[Value]:
    caps = {gate.cap for gate in checklist.gates if gate.result == result}
    for level in checklist.result[result].levels:
        if level.when is not None or level.id in caps:
            yield (level.id,)


def _can_be_absent(checklist: Checklist, subject: Subject) -> bool:
    owner = checklist.score[subject.key] if subject.kind == "score" else checklist.result[subject.key]
    questions = [checklist.question[key] for key in questions_in(checklist, owner.group)]
    return bool(questions) and all(can_not_apply(each) for each in questions)


def can_not_apply(question: Question) -> bool:
    """Whether a record can say that this question does not apply."""
    own = any(choice.means is NonAnswer.NOT_APPLICABLE for choice in question.scale.choices)
    return own or question.applies is not None


def _around(checklist: Checklist, key: str, cuts: Iterable[Fraction]) -> list[Fraction]:
    """Values of a score on and between the cuts: such as records can have, where that is known."""
    score, marks = checklist.score[key], sorted(cuts)
    found = reached(checklist, score)
    if found is not None:
        values = sorted(found.values)
        if len(values) <= MOST_VALUES:
            return values
        picked = {values[0], values[-1]}
        for mark in marks:
            below, above = [v for v in values if v < mark], [v for v in values if v > mark]
            picked |= {*below[-1:], *above[:1], *([mark] if mark in found.values else [])}
        return sorted(picked)
    lowest = score.lowest if score.lowest is not None else min(marks, default=Fraction(0)) - 1
    highest = score.highest if score.highest is not None else max(marks, default=Fraction(0)) + 1
    points = sorted({each for each in marks if lowest <= each <= highest} | {lowest, highest})
    between = [(a + b) / 2 for a, b in pairwise(points)]
    return sorted({*points, *between})
