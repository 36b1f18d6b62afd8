"""Checklists -> the codebook of the de-identified data: every variable, item, answer, outcome and blank."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from fidelity.model.checklist import Checklist, Question, Score
from fidelity.model.scale import Choice, NonAnswer, Scale
from fidelity.report.pack.long_data import Cell, Data, Part, Rows, Variable
from fidelity.report.tables.rules import condition_in_words, score_in_words
from fidelity.report.words import Words, joined, titled

ABOUT = ("table", "checklist", "variable", "kind", "label", "part", "scale", "meaning")
Ends = tuple[float | None, float | None]
VALUES = ("checklist", "variable", "code", "label")
FACT = "fact."


def codebook(words: Words, parts: Sequence[Part], data: Sequence[Data]) -> list[Data]:
    """Two tables: what every variable means, and what every code means."""
    checklists = [part.checklist for part in parts]
    about = [
        *_columns(words, data),
        *(
            row
            for checklist in checklists
            for row in (*_items(words, checklist), *_outcomes(words, checklist))
        ),
    ]
    values = [*_blanks(words), *(row for checklist in checklists for row in _codes(checklist))]
    numbers = (Variable("lowest", "number"), Variable("highest", "number"), Variable("weight", "number"))
    points = (Variable("points", "number"), Variable("counts_as"))
    return [
        Data("codebook_variables", (*map(Variable, ABOUT), *numbers), about),
        Data("codebook_answers", (*map(Variable, VALUES), *points), values),
    ]


# ---- variables


def _columns(words: Words, data: Sequence[Data]) -> Rows:
    """The columns of the tables themselves; a fact is a variable of its checklist."""
    return [
        (each.name, None, variable.name, variable.type, *_described(words, variable), None, None, None)
        for each in data
        for variable in each.variables
    ]


def _described(words: Words, variable: Variable) -> tuple[str, None, None, str]:
    key = "fact" if variable.name.startswith(FACT) else variable.name
    return (variable.name.replace("_", " "), None, None, words.say(f"pack.variable.{key}"))


def _items(words: Words, checklist: Checklist) -> Iterator[tuple[Cell, ...]]:
    for question in checklist.questions:
        yield _item(words, checklist, question)
    for fact in checklist.facts:
        ends = _ends(fact.scale.points)
        scale = _scale(fact.scale)
        yield (
            "observations",
            checklist.id,
            f"{FACT}{fact.id}",
            "fact",
            fact.title,
            None,
            scale,
            None,
            *ends,
            None,
        )


def _item(words: Words, checklist: Checklist, question: Question) -> tuple[Cell, ...]:
    item = checklist.item[question.item]
    part = checklist.group[item.group].title if item.group in checklist.group else None
    tags = words.say("pack.codebook.tags", tags=", ".join(item.tags)) if item.tags else ""
    told = [item.note, tags, words.say("pack.codebook.reversed") if question.reversed else ""]
    meaning = "; ".join(each for each in told if each) or None
    label, scale = item.title, _scale(question.scale)
    ends = _ends(question.points)
    return (
        "answers",
        checklist.id,
        question.key,
        "item",
        label,
        part,
        scale,
        meaning,
        *ends,
        float(question.weight),
    )


def _scale(scale: Scale) -> str:
    return joined(scale.title, scale.allowed, scale.unit)


def _ends(points: tuple[Fraction, ...]) -> Ends:
    return (float(points[0]), float(points[-1])) if points else (None, None)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _outcomes(words: Words, checklist: Checklist) -> Iterator[tuple[Cell, ...]]:
    for score in checklist.scores:
        ends = _number(score.lowest), _number(score.highest)
        rule = _score(words, checklist, score)
        yield _outcome(checklist, score.key, f"score: {score.kind}", titled(score), rule, ends)
    for result in checklist.results:
        yield _outcome(checklist, result.key, "result", titled(result), _levels(words, checklist, result.of))
    for gate in checklist.gates:
        rule = words.say("pack.codebook.gate", condition=condition_in_words(checklist, gate.when))
        yield _outcome(checklist, gate.key, "gate", gate.title or gate.key, rule)
    for flag in checklist.flags:
        rule = words.say("pack.codebook.flag", condition=condition_in_words(checklist, flag.when))
        yield _outcome(checklist, flag.id, "flag", flag.title or flag.id, rule)


def _outcome(
    checklist: Checklist, key: str, kind: str, title: str, rule: str | None, ends: Ends = (None, None)
) -> tuple[Cell, ...]:
    """One row; what only answers have stays blank."""
    return ("outcomes", checklist.id, key, kind, title, None, None, rule, *ends, None)


def _score(words: Words, checklist: Checklist, score: Score) -> str:
    formula, condition = score_in_words(checklist, score)
    return words.say("pack.codebook.score", formula=formula, condition=condition or None)


def _levels(words: Words, checklist: Checklist, of: str) -> str | None:
    score = checklist.score.get(of)
    return words.say("pack.codebook.result", score=titled(score)) if score else None


# ---- codes


def _blanks(words: Words) -> Iterator[tuple[Cell, ...]]:
    """What stands in `state`, for every checklist."""
    for state in ("answered", *(each.value for each in NonAnswer)):
        counts = None if state == "answered" else state
        yield (None, "state", state, words.say(f"pack.state.{state}"), None, counts)


def _codes(checklist: Checklist) -> Iterator[tuple[Cell, ...]]:
    for question in checklist.questions:
        for choice in question.scale.choices:
            yield _choice(checklist, question.key, choice)
    for fact in checklist.facts:
        for choice in fact.scale.choices:
            yield _choice(checklist, f"{FACT}{fact.id}", choice)
    for code, state in checklist.codes.items():
        yield (checklist.id, "in the original data", code, None, None, state.value)
    for result in checklist.results:
        for level in result.levels:
            yield (checklist.id, result.key, level.id, level.title or level.id, None, None)


def _choice(checklist: Checklist, variable: str, choice: Choice) -> tuple[Cell, ...]:
    points = None if choice.points is None else float(choice.points)
    means = choice.means.value if choice.means else None
    return (checklist.id, variable, choice.id, choice.title or choice.id, points, means)
