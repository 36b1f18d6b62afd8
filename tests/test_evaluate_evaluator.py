"""The evaluator as the library's users call it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
import strategies as some

from fidelity.errors import ProblemsFound
from fidelity.evaluate import evaluator
from fidelity.evaluate.evaluator import Evaluator
from fidelity.language.reading import load
from fidelity.model.expression import Arithmetic, Subject, ValueOf
from fidelity.model.observation import Observation

SOURCE = """\
checklist small "Two items"
fact format "Format" is one of single "One to one", together "Group"
scale half "How well" from 0 to 4 by 1/2
section all_of_it "Items" on scale half
item first "First" needs a comment when first is at most 1
item second "Second" applies when format is together
score points "Points" is sum of items
gate low caps level_of at no_pass when first is at most 1
result level_of "Level" from points
level no_pass "No" below 4
level pass "Yes" at least 4
"""


@pytest.fixture
def evaluate() -> Evaluator:
    return evaluator.compile(load(SOURCE, "small.rubric"))


@pytest.mark.parametrize("value", ["2.5", "2,5", 2.5, Decimal("2.50"), Fraction(5, 2), "5/2"], ids=repr)
def test_numbers_may_be_given_as_numbers(value: object) -> None:
    german = SOURCE.replace('"Two items"', '"Two items"\nlanguage de')
    scored = evaluator.compile(load(german, "small.rubric"))({"first": value}, {"format": "single"})
    assert scored.scores["points"].exact == Fraction(5, 2)


def test_absent_none_and_empty_are_blank(evaluate: Evaluator) -> None:
    facts = {"format": "together"}
    blanks = [evaluate(answers, facts) for answers in ({}, {"first": None}, {"first": ""}, {"first": " "})]
    assert {each.scores["points"].answered for each in blanks} == {0}


def test_every_answer_that_does_not_fit_is_named(evaluate: Evaluator) -> None:
    with pytest.raises(ProblemsFound) as found:
        evaluate({"first": "2.3", "second": True}, {"format": "groups"})
    told = {each.facts["item"]: (each.code, each.facts["nearest"]) for each in found.value.problems}
    assert told == {"first": ("RB504", "2.5"), "second": ("RB504", ""), "format": ("RB503", "")}


def test_names_that_the_checklist_does_not_have_are_named_with_the_nearest(evaluate: Evaluator) -> None:
    with pytest.raises(ProblemsFound) as found:
        evaluate({"frist": 2}, {"formt": "single"}, {"other": "p. 4"})
    told = {each.facts["unknown"]: each.facts["nearest"] for each in found.value.problems}
    assert {each.code for each in found.value.problems} == {"RB501"}
    assert told == {"frist": "first", "fact.formt": "fact.format", "other.comment": ""}


def test_an_observation_gives_the_same_as_its_answers(evaluate: Evaluator) -> None:
    answers, facts, comments = {"first": "1", "second": "4"}, {"format": "together"}, {"first": "late"}
    observation = Observation(observation="1", answers=answers, facts=facts, comments=comments)
    assert evaluate.score(observation) == evaluate(answers, facts, comments)


def test_outcomes_stand_in_the_order_of_the_source_with_their_reasons(evaluate: Evaluator) -> None:
    scored = evaluate({"first": 1, "second": 4}, {"format": "together"})
    assert scored.results["level_of"].because == ("low", "first")
    assert [each.kind for each in scored.results["level_of"].reason.walk()] == ["level", "gate", "answer"]
    assert scored.gate_reasons["low"].place.line == 8
    assert scored.comments_needed == ("first",)


def test_the_same_evaluator_keeps_nothing_between_records(evaluate: Evaluator) -> None:
    before = evaluate({"first": 4}, {"format": "single"})
    evaluate({"first": 1, "second": 2}, {"format": "single"})
    assert evaluate({"first": 4}, {"format": "single"}) == before


def test_a_long_row_of_scores_that_read_each_other_has_bounds_and_reasons() -> None:
    scores = [some.score(ValueOf(Subject("question", "a")))]
    for number in range(1, 300):
        before = ValueOf(Subject("score", scores[-1].key))
        three_times = Arithmetic("-", Arithmetic("+", before, before), before)
        scores.append(replace(some.score(three_times), key=f"s{number}"))
    scored = evaluator.compile(some.checklist(scores))({"a": "2"})
    assert [scored.scores["s299"].low, scored.scores["s299"].high] == [Fraction(2), Fraction(2)]
    assert [each.subject for each in scored.scores["s299"].reason.children] == ["s298"] * 3
    assert evaluator.compile(some.checklist(scores))({}).scores["s299"].exact is None
    assert evaluator.compile(some.checklist(scores))({}).scores["s2"].high == 15


def test_values_that_look_alike_to_python_stay_apart(evaluate: Evaluator) -> None:
    facts = {"format": "together"}
    assert evaluate({"first": 1, "second": 1.0}, facts).scores["points"].exact == 2
    with pytest.raises(ProblemsFound):
        evaluate({"first": True, "second": 1}, facts)
    assert evaluate({"first": 1, "second": Decimal("1.0")}, facts).scores["points"].exact == 2
