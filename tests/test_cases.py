"""Behaviour as data: each file in `cases` is a small source with records and what comes out for them."""

import datetime as dt
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from fidelity.errors import ProblemsFound
from fidelity.evaluate import evaluator
from fidelity.evaluate.outcome import as_json
from fidelity.language import load
from fidelity.model.observation import Observation

CASES = Path(__file__).parent / "cases"
READ_AS: dict[str, Any] = {
    "minutes": Fraction,
    "date": dt.date.fromisoformat,
    "rated_on": dt.date.fromisoformat,
}


def cases() -> Iterator[Any]:
    for file in sorted(CASES.rglob("*.json")):
        topic = json.loads(file.read_text(encoding="utf-8"))
        name = file.relative_to(CASES).with_suffix("").as_posix()
        source = "\n".join([*topic["source"], ""])
        yield from (pytest.param(source, case, id=f"{name}: {case['name']}") for case in topic["cases"])


@pytest.mark.parametrize(("source", "case"), list(cases()))
def test_case(source: str, case: dict[str, Any]) -> None:
    checklist = load(source, "case.rubric")
    observation = Observation(
        observation="1",
        answers=case["answers"],
        facts=case.get("facts", {}),
        comments=case.get("comments", {}),
        **{name: READ_AS.get(name, str)(value) for name, value in case.get("record", {}).items()},
    )
    if "problems" in case:
        with pytest.raises(ProblemsFound) as found:
            evaluator.compile(checklist).score(observation)
        assert [each.code for each in found.value.problems] == case["problems"]
        return
    got = as_json(checklist, observation, evaluator.compile(checklist).score(observation))
    assert part_of(got, case["expect"]) == case["expect"]


def part_of(got: Any, expected: Any) -> Any:
    """What was got, cut down to the names that are expected; lists are compared whole."""
    if isinstance(got, dict) and isinstance(expected, dict):
        return {name: part_of(got.get(name, "nothing"), wanted) for name, wanted in expected.items()}
    return got
