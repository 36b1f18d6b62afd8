"""Behaviour as data: each file in `cases` is a small source with records and what comes out for them."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from both_engines import by_columns, by_rows, naively

from fidelity.errors import ProblemsFound
from fidelity.evaluate import evaluator
from fidelity.evaluate.examples import run
from fidelity.evaluate.outcome import as_json
from fidelity.language.reading import examined, load, load_programme
from fidelity.model.observation import Observation
from fidelity.summaries.programme import histories

CASES = Path(__file__).parent / "cases"
CASES_THAT_FAIL = Path(__file__).parent / "cases_that_fail"
SPECIFICATION = Path(__file__).parent.parent / "rules" / "SPECIFICATION.md"
READ_AS: dict[str, Any] = {
    "minutes": Fraction,
    "date": dt.date.fromisoformat,
    "rated_on": dt.date.fromisoformat,
}


def cases(folder: Path = CASES) -> Iterator[Any]:
    for file in sorted(folder.rglob("*.json")):
        topic = json.loads(file.read_text(encoding="utf-8"))
        name = file.relative_to(folder).with_suffix("").as_posix()
        for case in topic["cases"]:
            source = "\n".join([*topic["source"], *case.get("add", ()), ""])
            yield pytest.param(source, case, id=f"{name}: {case['name']}")


@pytest.mark.parametrize(("source", "case"), list(cases()))
def test_case(source: str, case: dict[str, Any]) -> None:
    judge(source, case)


@pytest.mark.parametrize(("source", "case"), list(cases(CASES_THAT_FAIL)))
def test_a_wrong_case_is_noticed(source: str, case: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        judge(source, case)


def test_each_rule_of_the_specification_is_cited_by_a_case_and_each_case_cites_rules_that_exist() -> None:
    numbers = re.findall(r"^- \*\*(S\d+\.\d+)\*\*", SPECIFICATION.read_text(encoding="utf-8"), re.MULTILINE)
    cited = [case.values[1]["rules"] for case in cases()]
    assert all(cited)
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {number for rules in cited for number in rules}


def judge(source: str, case: dict[str, Any]) -> None:
    """A case says what comes out for a record, or what is found in the source, or how its examples end."""
    if "histories" in case:
        told = histories.run(load_programme(source, "case.rubric"))
        assert {"passed": told.passed, "failed": len(told.unmet)} == case["histories"]
        return
    if "findings" in case:
        _, found = examined(source, "case.rubric")
        assert [each.code for each in found if each.severity != "info"] == case["findings"]
        return
    checklist = load(source, "case.rubric")
    if "examples" in case:
        ran = run(checklist)
        assert {"passed": ran.passed, "failed": ran.failed} == case["examples"]
        return
    observation = Observation(
        observation="1",
        answers=case["answers"],
        facts=case.get("facts", {}),
        comments=case.get("comments", {}),
        **{name: READ_AS.get(name, str)(value) for name, value in case.get("record", {}).items()},
    )
    if "problems" in case:
        with pytest.raises(ProblemsFound) as found_in_data:
            evaluator.compile(checklist).score(observation)
        assert [each.code for each in found_in_data.value.problems] == case["problems"]
        assert by_columns(checklist, [record_of(case)])[0]["refused"]
        return
    got = as_json(checklist, observation, evaluator.compile(checklist).score(observation))
    assert part_of(got, case["expect"]) == case["expect"]
    record = record_of(case)
    assert by_columns(checklist, [record]) == by_rows(checklist, [record]) == naively(checklist, [record])


def record_of(case: dict[str, Any]) -> dict[str, str]:
    """The case as one row of a table."""
    facts = {f"fact.{name}": word for name, word in case.get("facts", {}).items()}
    comments = {f"{name}.comment": text for name, text in case.get("comments", {}).items()}
    return {**case["answers"], **facts, **comments, **case.get("record", {})}


def part_of(got: Any, expected: Any) -> Any:
    """What was got, cut down to the names that are expected; lists are compared whole."""
    if isinstance(got, dict) and isinstance(expected, dict):
        return {name: part_of(got.get(name, "nothing"), wanted) for name, wanted in expected.items()}
    return got
