"""What would have changed a result: every single answer is tried, none is guessed."""

import json
from pathlib import Path

from conftest import Run

from fidelity.evaluate.changes import single_changes
from fidelity.evaluate.evaluator import compile as compiled
from fidelity.language.reading import load
from fidelity.model.observation import Observation
from fidelity.model.score import Change

ROOT = Path(__file__).parent.parent
SOURCE = """
checklist steps "Steps"
  version 1.0.0

scale delivery "Delivery"
  answer not_done "Not done"      scores 0
  answer partly   "Partly"        scores 1
  answer done     "Done"          scores 2
  answer na       "Did not apply" means not_applicable

section work "Work" on scale delivery
  item welcome "Welcomes"
  item safety  "Asks about safety"
  item plan    "Agrees a plan"

score adherence "Adherence" is percent of items needing all answered

result level "Level" from adherence
  level low  "Low"  below 50%
  level fair "Fair" from 50% to below 80%
  level high "High" at least 80%

gate no_safety "Safety was not asked about"
  caps level at low when safety is not_done
"""


def changes(**answers: str) -> dict[str, tuple[Change, ...]]:
    evaluator = compiled(load(SOURCE, "steps.rubric"))
    observation = Observation(observation="O1", answers=answers)
    return dict(single_changes(evaluator, observation, evaluator.score(observation)))


def test_the_one_step_that_a_rule_waits_for_is_named_with_every_answer_that_would_do() -> None:
    assert changes(welcome="done", safety="not_done", plan="done") == {
        "level": (Change((("safety", "partly"),), "high"), Change((("safety", "done"),), "high"))
    }


def test_where_no_single_answer_would_do_it_says_so() -> None:
    assert changes(welcome="not_done", safety="not_done", plan="not_done") == {"level": ()}


def test_nothing_is_tried_for_the_highest_level() -> None:
    assert changes(welcome="done", safety="done", plan="done") == {}


def test_what_did_not_apply_stays_so() -> None:
    assert changes(welcome="na", safety="done", plan="partly") == {
        "level": (Change((("plan", "done"),), "high"),)
    }


def test_of_an_open_result_any_answer_to_the_blank_that_decides_it_counts() -> None:
    found = changes(welcome="done", safety="done")["level"]
    assert [(dict(change.answers), change.level) for change in found] == [
        ({"plan": "not_done"}, "fair"),
        ({"plan": "partly"}, "high"),
        ({"plan": "done"}, "high"),
    ]


# ---- `fidelity explain`

STUDY = ("programmes/example_study/session", "checklists/programmes/example_study", "--observation", "O030")


def test_explain_gives_each_change_as_items_and_level(run: Run) -> None:
    checklist, data, *asked = STUDY
    ran = run("explain", checklist, str(ROOT / data), *asked, "--format", "json")
    assert json.loads(ran.out)["results"]["fidelity"]["changes"] == [
        {"items": {"sa_safety": "partly"}, "then": "acceptable"},
        {"items": {"sa_safety": "done"}, "then": "acceptable"},
    ]


def test_explain_says_what_would_have_to_be_seen_never_what_to_rate(run: Run) -> None:
    checklist, data, *asked = STUDY
    assert (
        "  What would have led to another level:\n"
        "    “Asks about safety, including thoughts of suicide” seen as Partly done or Done: Acceptable"
    ) in run("explain", checklist, str(ROOT / data), *asked).out
