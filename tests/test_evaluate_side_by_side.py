"""Sums that are added up together come to what each of them comes to alone."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from both_engines import by_rows, naively
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_records

from fidelity.errors import ProblemsFound
from fidelity.evaluate.evaluator import Evaluator, compile
from fidelity.language.reading import load

# Points and weights with which sums lie on both sides of what fits into 1, 2, 4 and 8 bytes.
TOPS = [1, 2, 7, 85, 255, 256, 21_845, 65_535, 999_999]
WEIGHTS = ["1", "1/3", "70", "1000.001"]

SOURCE = """\
checklist visit "A visit"
treat not_observed as left out
scale small "Small"
  answer no_step "No" scores 0
  answer yes_step "Yes" scores {small}
  answer na "Not applicable" means not_applicable
scale large "Large"
  answer never "Never" scores 0
  answer often "Often" scores {large}
  answer unseen "Not seen" means not_observed
section small_ones "Small ones" on scale small
{small_items}
section large_ones "Large ones" on scale large
{large_items}
  item calls "Calls" tagged counted is a count
  item words "Words" is text
score small_sum "Sum" is sum of items in small_ones
score small_mean "Mean" is mean of items in small_ones needing at least 1 answered
score small_share "Done" is share of items in small_ones rated yes_step
score large_sum "Large sum" is sum of items in large_ones except calls, words
score large_mean "Large mean" is mean of items in large_ones except calls, words needing at least 1/3 answered
score both "Both" is percent of items tagged mixed needing at least 1/2 answered
score all_calls "Calls" is sum of items tagged counted
"""


def source(*, small: int, large: int, number: int, weight: str) -> str:
    return SOURCE.format(
        small=small,
        large=large,
        small_items="\n".join(
            f'  item s{at} "S{at}" weight {weight} tagged mixed' for at in range(1, number + 1)
        ),
        large_items="\n".join(f'  item l{at} "L{at}" tagged mixed' for at in (1, 2)),
    )


@settings(max_examples=60)
@given(
    st.sampled_from(TOPS),
    st.sampled_from(TOPS),
    st.integers(2, 40),
    st.sampled_from(WEIGHTS),
    st.integers(0, 2**32),
)
def test_no_sum_reaches_into_its_neighbour(
    small: int, large: int, number: int, weight: str, seed: int
) -> None:
    text = source(small=small, large=large, number=number, weight=weight)
    checklist = load(text, "visit.rubric")
    highest = {each.key: each.scale.choices[1].id for each in checklist.questions if each.scale.choices}
    records: list[Mapping[str, str]] = [highest, *random_records(checklist, Random(seed), 5)]  # noqa: S311
    assert by_rows(checklist, records) == naively(checklist, records)


# ---- complete records, which are read in one go

VISIT = """\
checklist visit "A visit"
scale points "Points" from 0 to 2
section all_of_it "All" on scale points
  item greets "Greets"
  item asks "Asks"
score average "Average" is mean of items needing at least 1 answered
"""


@pytest.fixture
def evaluate() -> Evaluator:
    return compile(load(VISIT, "visit.rubric"))


def test_a_wrong_name_among_as_many_as_there_should_be_is_named(evaluate: Evaluator) -> None:
    with pytest.raises(ProblemsFound) as found:
        evaluate({"greets": 2, "ask": 1})
    assert [(each.code, each.facts["nearest"]) for each in found.value.problems] == [("RB501", "asks")]


def test_a_mapping_with_values_of_its_own_is_not_asked_for_what_nobody_answered(evaluate: Evaluator) -> None:
    answers: dict[str, int] = defaultdict(int, greets=2)
    average = evaluate(answers).scores["average"]
    assert (average.exact, average.answered, dict(answers)) == (Fraction(2), 1, {"greets": 2})


@pytest.mark.parametrize("first", [1, "1", "1.0", 1.0, Decimal("1.0")], ids=repr)
def test_what_was_added_up_before_does_not_let_in_what_only_looks_alike(
    evaluate: Evaluator, first: object
) -> None:
    assert evaluate({"greets": first, "asks": 1}).scores["average"].exact == 1
    with pytest.raises(ProblemsFound):
        evaluate({"greets": True, "asks": 1})
    assert evaluate({"greets": first, "asks": 1}).scores["average"].exact == 1


def test_every_wrong_answer_of_a_complete_record_is_named(evaluate: Evaluator) -> None:
    for _ in range(2):
        with pytest.raises(ProblemsFound) as found:
            evaluate({"greets": 3, "asks": "often"})
        told = [(each.facts["item"], each.facts["answer"]) for each in found.value.problems]
        assert told == [("greets", "3"), ("asks", "often")]
