"""What raw values say to a checklist: its own codes, its own words, and which non-answers it can take."""

from fractions import Fraction

import pytest

from fidelity.language.reading import load
from fidelity.model.answering import answer_problem, fact_problem, understood, understood_fact
from fidelity.model.scale import Answer, Given, Misfit, NonAnswer, NotGiven

SOURCE = """\
checklist small "Two items"
treat not_observed as left out
code "99", "-" means missing
code "88" means not_applicable
fact format "Format" is one of single "One to one", together "Group"
fact size "People" is a count from 1 to 12
scale tick "Seen"
answer not_seen "Not seen" scores 0 coded "0", "N"
answer seen "Seen" scores 1 coded "1"
answer na "Does not apply" means not_applicable
section all_of_it "Items" on scale tick
item first "First"
item second "Second"
item remarks "Remarks" is text
score both "Both" is sum of items counting declined as 0
score first_one "One" is sum of items except second
"""
CHECKLIST = load(SOURCE, "small.rubric")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("seen", Given("seen", Fraction(1))),
        ("1", Given("seen", Fraction(1))),
        (" N ", Given("not_seen", Fraction(0))),
        ("na", NotGiven(NonAnswer.NOT_APPLICABLE, "na")),
        ("not_applicable", NotGiven(NonAnswer.NOT_APPLICABLE, "na")),
        ("88", NotGiven(NonAnswer.NOT_APPLICABLE, "na")),
        ("99", NotGiven(NonAnswer.MISSING, "99")),
        ("missing", NotGiven(NonAnswer.MISSING, "missing")),
        ("", NotGiven(NonAnswer.MISSING)),
        ("not_observed", NotGiven(NonAnswer.NOT_OBSERVED, "not_observed")),
        ("Seen", Misfit("RB503", "seen", "not_seen, seen, na")),
    ],
)
def test_answers(raw: str, expected: Answer | Misfit) -> None:
    assert understood(CHECKLIST, CHECKLIST.question["first"], raw) == expected


def test_declined_needs_a_treatment_in_every_score_that_reads_the_item() -> None:
    in_both_scores, in_one_score = CHECKLIST.question["first"], CHECKLIST.question["second"]
    problem = answer_problem(CHECKLIST, in_both_scores, "declined")
    assert problem is not None
    assert (problem.code, problem.facts["why"]) == ("RB510", "declined")
    assert answer_problem(CHECKLIST, in_one_score, "declined") is None


def test_a_free_text_may_say_anything() -> None:
    said = understood(CHECKLIST, CHECKLIST.question["remarks"], "declined")
    assert said == Given("declined")


def test_facts() -> None:
    size, format_of = CHECKLIST.fact["size"], CHECKLIST.fact["format"]
    assert understood_fact(CHECKLIST, size, "-") == NotGiven(NonAnswer.MISSING, "-")
    problems = [fact_problem(CHECKLIST, size, "13"), fact_problem(CHECKLIST, format_of, "groups")]
    assert [each and (each.code, each.facts["item"]) for each in problems] == [
        ("RB504", "size"),
        ("RB503", "format"),
    ]
    assert fact_problem(CHECKLIST, format_of, "together") is None
