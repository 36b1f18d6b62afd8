"""The explanation names what happened in the session, in plain sentences, and never what to rate instead."""

from fidelity.evaluate.evaluator import compile
from fidelity.language.reading import load
from fidelity.model.observation import Observation
from fidelity.report.explanation import explained, explained_as_json, sentences

SOURCE = """checklist demo "A first meeting"
version 1.0.0
scale delivery "How well?"
  answer not_done "Not done" scores 0
  answer done "Done" scores 2
  answer na "Does not apply" means not_applicable
section start "Start" on scale delivery
  item welcome "Says who they are"
  item privacy "Says what stays private" tagged essential
  item worries "Asks what worries the person most"
score delivered "Delivered" is percent of items needing at least 2/3 answered
result quality "The start" from delivered
  level weak "Practise once more" below 70%
  level good "A good start" at least 70%
gate private "Privacy was not explained" caps quality at weak when any item tagged essential is not_done
flag silent "Worries were not asked about" when worries is not_done
"""

DEMO = load(SOURCE, "demo.rubric")
EVALUATE = compile(DEMO)
DONE = {"welcome": "done", "privacy": "done", "worries": "done"}


def told(**answers: str) -> list[str]:
    return sentences(DEMO, EVALUATE({**DONE, **answers}), "quality")


def test_a_gate_names_the_behaviour_the_rule_and_what_the_score_alone_said() -> None:
    assert told(privacy="not_done") == [
        "The start: Practise once more.",
        "Because “Says what stays private” was rated Not done.",
        "Privacy was not explained: this limits the result to Practise once more (line 15).",
        "Before that, Delivered is 66.7% (3 of 3 answered, exactly 200/3).",
    ]


def test_a_band_names_its_score_and_the_line_of_its_rule() -> None:
    assert told(welcome="na") == [
        "The start: A good start.",
        "Because Delivered is 100% (2 of 2 answered).",
        "The rule (line 14): “Delivered” is at least 70%.",
    ]


def test_blanks_leave_it_open_and_are_named_with_what_they_could_change() -> None:
    assert told(welcome="", worries="") == [
        "The start: not decided; still possible: Practise once more or A good start.",
        (
            "Delivered was not scored: too few items were answered (1 of 3). "
            "With the blanks filled it would lie between 33.3% and 100%."
        ),
        "Left blank: “Says who they are”, “Asks what worries the person most”.",
    ]


def test_the_whole_text_says_what_was_not_counted_and_what_to_look_at() -> None:
    scored = EVALUATE({**DONE, "welcome": "na", "worries": "not_done"})
    text = explained(DEMO, Observation(observation="o1", rater="R7"), scored)
    assert text.startswith("A first meeting, version 1.0.0 · observation o1 · rater R7\n")
    assert "To look at: Worries were not asked about." in text
    assert text.endswith("Not counted, because it did not apply: Says who they are.")


def test_every_node_of_the_tree_has_a_stable_id() -> None:
    scored = EVALUATE({**DONE, "privacy": "not_done"})
    tree = explained_as_json(DEMO, Observation(observation="o1"), scored)["results"]["quality"]["tree"]
    assert tree["id"] == "0"
    ids = [child["id"] for child in tree["children"]]
    assert ids == [f"0.{at}" for at in range(len(ids))]
    assert tree["children"][0]["subject"] == "private"
    assert tree["value"] == "weak"
