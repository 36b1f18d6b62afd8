"""Rules read aloud: each kind of formula and condition, in English and in the language of the report."""

from dataclasses import replace
from typing import get_args

import pytest
from report_sample import miti_practice, small_study

from fidelity.catalogue import ENGLISH
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist, Coverage
from fidelity.model.expression import AggregateName, Comparison, HasState, Quantified
from fidelity.report.tables.rules import Titles, condition_in_words, score_in_words
from fidelity.report.words import words_for

SOURCE = """
checklist small "Small"
  version 1.0.0

scale done "Done?" from 0 to 2

section steps "Steps" on scale done
  item greet "Greets" tagged basic
  item plan  "Plans"  tagged basic
  item close "Closes"

threshold mark "Mark" is 60%

score adherence "All" is percent of items needing at least 3/4 answered
score middle "Middle" is median of items tagged basic
score rest "Rest" is (greet + plan) * 2
score relative "Ratio" is ratio of greet to plan
score some "Some" is share of items rated 1, 2

result level "Level" from adherence
  level low  "Low"  below mark
  level high "High" at least mark

gate safe "Safe" caps level at low when any item tagged basic is 0 and close is above 1
flag open "Open" when adherence is not scored or at least 2 items is missing
"""


def shown_in(language: str) -> Checklist:
    checklist = load(SOURCE, "small.rubric")
    return replace(checklist, shown_in=Coverage(language, language, ENGLISH, 20, 0, 0, draft=True))


def aloud(checklist: Checklist) -> dict[str, str]:
    scores = {each.key: score_in_words(checklist, each)[0] for each in checklist.scores}
    levels = {
        each.id: condition_in_words(checklist, each.when)
        for each in checklist.result["level"].levels
        if each.when
    }
    gates = {each.title: condition_in_words(checklist, each.when) for each in checklist.gates}
    flags = {each.title: condition_in_words(checklist, each.when) for each in checklist.flags}
    return {**scores, **levels, **gates, **flags}


def test_rules_are_read_aloud() -> None:
    assert aloud(load(SOURCE, "small.rubric")) == {
        "adherence": "percent of all 3 items",
        "middle": "median of greet, plan",
        "rest": "(greet + plan) × 2",
        "relative": "ratio of greet to plan",
        "some": "share of all 3 items rated 1 or 2",
        "low": "“All” is below 60% (mark)",
        "high": "“All” is at least 60% (mark)",
        "Safe": "any of greet, plan is 0 and close is above 1",
        "Open": "“All” is not scored or at least 2 of greet, plan, close is missing",
    }


def test_rules_call_items_and_answers_by_their_titles_where_they_are_given() -> None:
    checklist = load(SOURCE, "small.rubric")
    subjects = {"greet": "“Greets”", "plan": "“Plans”", "close": "“Closes”"}
    titles = Titles(subjects, {(item, "1"): "Partly" for item in subjects})
    said = condition_in_words(checklist, checklist.gates[0].when, titles)
    assert said == "any of “Greets”, “Plans” is 0 and “Closes” is above 1"
    text = SOURCE.replace("any item tagged basic is 0", "any item tagged basic is 1")
    changed = load(text, "small.rubric")
    said = condition_in_words(changed, changed.gates[0].when, titles)
    assert said == "any of “Greets”, “Plans” is Partly and “Closes” is above 1"


def test_rules_are_read_aloud_in_the_language_of_the_report() -> None:
    assert aloud(shown_in("de")) == {
        "adherence": "Prozent der Punkte von allen 3 Items",
        "middle": "Median von greet, plan",
        "rest": "(greet + plan) × 2",
        "relative": "Verhältnis von greet zu plan",
        "some": "Anteil von allen 3 Items, bewertet mit 1 oder 2",
        "low": "„All“ liegt unter 60% (mark)",
        "high": "„All“ ist mindestens 60% (mark)",
        "Safe": "eines von greet, plan ist 0 und close liegt über 1",
        "Open": "„All“ hat keinen Wert oder mindestens 2 von greet, plan, close fehlt",
    }


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("of", get_args(AggregateName)),
        ("many", get_args(Quantified.__annotations__["quantifier"])),
        ("", get_args(Comparison)),
        ("", get_args(HasState.__annotations__["state"])),
    ],
)
def test_every_word_of_the_language_has_a_phrase(group: str, words: tuple[str, ...]) -> None:
    rules = words_for(small_study({"A": [3]}).checklist).wordings["rule"]
    there = rules[group] if group else rules
    assert words
    assert {each.replace(" ", "_") for each in words} <= there.keys()


def test_the_condition_of_a_score_is_read_beside_it() -> None:
    checklist = miti_practice().checklist
    assert score_in_words(checklist, checklist.score["pct_complex"]) == (
        "cr as percent of (sr + cr)",
        "“Reflections” is at least 1",
    )
