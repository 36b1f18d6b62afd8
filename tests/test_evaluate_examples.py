"""The examples in a source are run, and what they never reach is said."""

from pathlib import Path

from fidelity.evaluate.examples import run
from fidelity.language.reading import load

SOURCE = """\
checklist small "One item"
treat not_observed as missing
scale three "How well" from 0 to 3
section all_of_it "Items" on scale three
item first "First" needs a comment when first is 0
item second "Second"
score average "Average" is mean of items
score third "A third" is average / 3
result level_of "Level" from average
level low "Low" at most 1.5
level high "High" above 1.5
gate zero caps level_of at low when any item is 0
flag unequal "Not the same" when first is above second
list zeros "Zeros" is items rated 0
"""


def ran(example: str) -> list[tuple[int, str, str]]:
    text = SOURCE + example
    return [(each.line, each.expected, each.got) for each in run(load(text, "small.rubric")).failures]


def test_expectations_that_hold_are_counted() -> None:
    example = """\
example "All kinds of expectation"
given first is 0
given second is 1
expect average is 0.5
expect average is at least 0.5
expect average is 1/2
expect third is 0.17
expect average is scored
expect level_of is low because zero, first
expect level_of is one of low, high
expect gate zero fails
expect no flag unequal
expect list zeros is first
expect a comment on first
"""
    result = run(load(SOURCE + example, "small.rubric"))
    assert (result.passed, result.failed, result.failures) == (11, 0, ())


def test_expectations_that_do_not_hold_say_what_came_out() -> None:
    example = """\
example "Nothing of this is so"
given first is 3
given second is 1
expect third is 0.66
expect third is 2/5
expect average is not scored
expect level_of is low
expect gate zero fails
expect no flag unequal
expect list zeros is first
expect a comment on first
"""
    assert ran(example) == [
        (18, "third is 0.66", "0.67 (exactly 2/3) because average"),
        (19, "third is 2/5", "0.67 (exactly 2/3) because average"),
        (20, "average is not scored", "2 because first, second"),
        (21, "level_of is low", "high because average"),
        (22, "gate zero fails", "passes"),
        (23, "no flag unequal", "the flag"),
        (24, "list zeros is first", "an empty list"),
        (25, "a comment on first", "comments on nothing"),
    ]


def test_the_wrong_reason_fails_although_the_level_is_right() -> None:
    example = """\
example "Low, but not because of the gate"
given first is 1
given second is 1
expect level_of is low because zero
"""
    assert ran(example) == [(18, "level_of is low because zero", "low because average")]


def test_an_undecided_result_is_no_level_and_one_of_its_possible_levels() -> None:
    example = """\
example "A blank"
given first is 3
expect level_of is not scored because second
expect level_of is one of low, high
expect level_of is high
"""
    assert ran(example) == [(19, "level_of is high", "not scored (low, high) because second, average")]


def test_coverage_names_what_no_example_reaches() -> None:
    example = """\
examples "Both sides of the boundary"
| first | second => level_of |
| 1     | 2      => low      |
| 2     | 2      => high     |
"""
    result = run(load(SOURCE + example, "small.rubric"))
    assert result.coverage == {
        "levels": {"level_of.low": True, "level_of.high": True},
        "gates": {"zero": {"fails": False, "passes": True}},
        "boundaries": {"level_of at 1.5": {"below": True, "at_or_above": True}},
        "missing": {"not_observed": False, "missing": False},
    }
    assert result.not_covered() == [
        "gate zero fails",
        "an answer that is not_observed",
        "an answer that is missing",
    ]


def test_an_adaptation_counts_its_base_s_examples_for_coverage_and_never_fails_by_them() -> None:
    source = """\
adaptation stricter "A higher mark"
extends small_base version 1.0.0
set aim to 2 because "Slower here."
drop flag hurried because "Not used here."
"""
    adapted = load(source, "stricter.rubric", libraries=[Path(__file__).parent / "wrong" / "bases"])
    result = run(adapted)
    assert (result.passed, result.failed) == (0, 0)
    assert result.coverage["levels"] == {"overall.low": False, "overall.high": True}
    assert result.coverage["gates"] == {"plan_gate": {"fails": False, "passes": True}}
