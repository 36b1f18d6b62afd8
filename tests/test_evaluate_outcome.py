"""The JSON of one scored observation, in full."""

import datetime as dt
import json

import pytest

from fidelity.errors import Problem
from fidelity.evaluate import evaluator
from fidelity.evaluate.outcome import as_json
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.place import NOWHERE

SOURCE = """\
checklist small "Two items"
fact format "Format" is one of single "One to one", together "Group"
scale three "How well" from 0 to 3
section all_of_it "Items" on scale three
item first "First"
item second "Second"
score points "Points" is percent of items
result level_of "Level" from points
level low "Low" below 60%
level high "High" at least 60%
gate zero caps level_of at low when any item is 0
flag late "Late" when format is together
list zeros "Zeros" is items rated 0
"""


@pytest.fixture
def checklist() -> Checklist:
    return load(SOURCE, "small.rubric")


def observation(**more: object) -> Observation:
    known = {
        "observation": "O-1",
        "session": "S-1",
        "therapist": "T-1",
        "rater": "R-1",
        "rater_role": "peer",
        "date": dt.date(2026, 3, 4),
        "facts": {"format": "single"},
    }
    return Observation.model_validate({**known, **more})


HEAD = {
    "observation": "O-1",
    "session": "S-1",
    "therapist": "T-1",
    "client": "",
    "rater": "R-1",
    "rater_role": "peer",
    "evidence": "",
    "site": "",
    "date": "2026-03-04",
    "facts": {"format": "single"},
}


def test_a_scored_observation(checklist: Checklist) -> None:
    record = observation(answers={"first": "3", "second": "2"})
    told = as_json(checklist, record, evaluator.compile(checklist).score(record))
    expected = HEAD | {
        "scores": {
            "points": {
                "exact": "250/3",
                "shown": "83.3%",
                "answered": 2,
                "applicable": 2,
                "low": "250/3",
                "high": "250/3",
                "reason": None,
            }
        },
        "results": {"level_of": {"level": "high", "possible": ["high"], "because": ["points"]}},
        "gates": {"zero": "passes"},
        "flags": {"late": False},
        "lists": {"zeros": []},
        "comments_needed": [],
        "marks": [],
        "refused": [],
    }
    assert json.dumps(told) == json.dumps(expected)


def test_a_refused_observation_has_its_problems_and_no_outcomes(checklist: Checklist) -> None:
    problem = Problem("RB503", NOWHERE, facts={"item": "first", "answer": "4"})
    told = as_json(checklist, observation(refused=(problem,)), None)
    expected = HEAD | {
        "scores": {},
        "results": {},
        "gates": {},
        "flags": {},
        "lists": {},
        "comments_needed": [],
        "marks": [],
        "refused": [problem.as_json()],
    }
    assert json.dumps(told) == json.dumps(expected)


def test_a_date_that_is_not_known_is_null(checklist: Checklist) -> None:
    assert as_json(checklist, observation(date=None), None)["date"] is None
