"""What a form in a browser has saved is read strictly, and every problem is told by session and item."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.observe.filled_form import read_forms
from fidelity.observe.saved_form import checklist_said, is_saved

VISIT = """
checklist visit "A visit"
version 1.0.0
scale done "Done?"
  answer no_step "No"  scores 0
  answer yes_step "Yes" scores 1
fact format "Format" is one of alone "Alone", group "Group"
section all_of_it "All of it" on scale done
  item greets "Greets" tagged step
  item ends "Ends" tagged step
  item late "Minutes late" is a count from 0 to 60
score adherence "Adherence" is percent of items tagged step
"""


def visit(text: str = VISIT) -> Checklist:
    return load(text, "visit.rubric")


def session(number: int = 1, **groups: Any) -> dict[str, Any]:
    return {
        "id": f"{number:016x}",
        "fields": {"therapist": "T1", "session": f"S{number}", "date": "2026-03-04", "rater": "R1"},
        "facts": {"format": "alone"},
        "answers": {"greets": "yes_step", "ends": "no_step", "late": "5"},
        "comments": {"ends": "=1+1"},
        **groups,
    }


def saved(*sessions: Any, **head: Any) -> dict[str, Any]:
    checklist = visit()
    return {
        "format": "fidelity-form/1",
        "program": "fidelity 0.1.0",
        "checklist": "visit",
        "version": "1.0.0",
        "fingerprint": checklist.fingerprint,
        "language": "en",
        "sessions": list(sessions or [session()]),
        **head,
    }


def file_of(folder: Path, content: Any) -> Path:
    file = folder / "saved.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def messages(folder: Path, content: Any) -> list[str]:
    found = read_forms([file_of(folder, content)], visit())
    refused = [problem for each in found.observations for problem in each.refused]
    return [f"{each.code} {each.message}" for each in (*found.problems, *refused)]


def test_each_session_becomes_an_observation(tmp_path: Path) -> None:
    found = read_forms([file_of(tmp_path, saved(session(1), session(2)))], visit())
    assert found.problems == ()
    assert [each.observation for each in found.observations] == ["S1-R1", "S2-R1"]
    first = found.observations[0]
    assert (first.therapist, str(first.date), first.checklist, first.version) == (
        "T1",
        "2026-03-04",
        "visit",
        "1.0.0",
    )
    assert first.answers == {"greets": "yes_step", "ends": "no_step", "late": "5"}
    assert (first.facts, first.comments) == ({"format": "alone"}, {"ends": "=1+1"})


def test_a_session_without_codes_is_called_by_its_own_id(tmp_path: Path) -> None:
    [found] = read_forms([file_of(tmp_path, saved(session(7, fields={})))], visit()).observations
    assert found.observation == "0000000000000007"


def test_a_folder_of_saved_and_shared_files_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(saved(session(1))), encoding="utf-8")
    (tmp_path / "two.json.txt").write_text("\ufeff" + json.dumps(saved(session(2))), encoding="utf-8")
    found = read_forms([tmp_path], visit())
    assert ([each.observation for each in found.observations], found.problems) == (["S1-R1", "S2-R1"], ())


def test_a_file_says_what_it_is_before_it_is_read(tmp_path: Path) -> None:
    assert is_saved(file_of(tmp_path, saved()))
    assert checklist_said(file_of(tmp_path, saved())) == "visit"
    assert not is_saved(file_of(tmp_path, [session()]))
    assert not is_saved(tmp_path / "absent.json")


def without(key: str, group: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != key}


REFUSED: list[tuple[str, Callable[[], Any], list[str]]] = [
    ("no json", lambda: "{", ["RB507 Line 1 is not JSON, or ends too early."]),
    ("a list", lambda: [1], ["RB507 This is not a scoring form of this program."]),
    ("another kind", lambda: {"a": 1}, ["RB507 This is not a scoring form of this program."]),
    (
        "a later format",
        lambda: saved(format="fidelity-form/2"),
        ["RB507 This form comes from a later version of the program (fidelity-form/2)."],
    ),
    ("one more name", lambda: saved(score="100"), ['RB507 No form writes "score" into its file.']),
    (
        "one name less",
        lambda: without("language", saved()),
        ['RB507 In this file "language" is missing, which every form writes.'],
    ),
    (
        "a head that is a list",
        lambda: saved(version=[1]),
        ["RB507 What stands for version is not what a form writes."],
    ),
    (
        "no sessions",
        lambda: {**saved(), "sessions": []},
        ["RB507 This file holds no sessions, or more than 2,000."],
    ),
    (
        "too many sessions",
        lambda: saved(*[session()] * 2001),
        ["RB507 This file holds no sessions, or more than 2,000."],
    ),
    (
        "a language that the checklist has not",
        lambda: saved(language="sw"),
        ['RB507 The checklist has no texts in the language of this form, "sw".'],
    ),
    (
        "another checklist",
        lambda: saved(checklist="other", fingerprint="sha256:0"),
        ['RB508 This form was made from "other" version 1.0.0, not from "visit" version 1.0.0.'],
    ),
    (
        "another version",
        lambda: saved(version="0.9.0", fingerprint="sha256:0"),
        ['RB508 This form was made from version 0.9.0 of "visit"; the checklist here is version 1.0.0.'],
    ),
    (
        "another text",
        lambda: saved(fingerprint="sha256:0"),
        [
            (
                'RB508 This form was made from another text of "visit" version 1.0.0: '
                "the checklist was changed since, and kept its version."
            )
        ],
    ),
    (
        "a label in place of a code",
        lambda: saved(session(answers={"greets": "Yes"})),
        ['RB503 Session 1 (S1), greets: "Yes" is not an answer of greets.'],
    ),
    (
        "a number outside, in the second session",
        lambda: saved(session(1), session(2, answers={"late": "61"})),
        ['RB504 Session 2 (S2), late: "61" is outside the range, so it cannot be late.'],
    ),
    (
        "an item that is none",
        lambda: saved(session(answers={"greet": "yes_step"})),
        ['RB501 Session 1 (S1): this checklist has nothing called "greet".'],
    ),
    (
        "a field among the answers",
        lambda: saved(session(answers={"therapist": "T2"})),
        ['RB501 Session 1 (S1): this checklist has nothing called "therapist".'],
    ),
    (
        "a field that forms do not ask",
        lambda: saved(session(fields={"observation": "x"})),
        ['RB501 Session 1: this checklist has nothing called "observation".'],
    ),
    (
        "no such day",
        lambda: saved(session(fields={"date": "2026-02-30"})),
        ["RB505 Session 1, date: there is no day 2026-02-30."],
    ),
    (
        "an answer that is a number",
        lambda: saved(session(answers={"late": 5, "greets": ["yes_step"]})),
        [
            "RB507 Session 1 (S1): what stands for answers, greets is not what a form writes.",
        ],
    ),
    (
        "a group that is a list, a name too many, an id that is none",
        lambda: saved(session(facts=[], score="1", id="<b>")),
        [
            'RB507 Session 1 (S1): no form writes "score" there.',
            "RB507 Session 1 (S1): what stands for id is not what a form writes.",
            "RB507 Session 1 (S1): what stands for facts is not what a form writes.",
        ],
    ),
    (
        "a session that is a text",
        lambda: saved("x"),
        ["RB507 Session 1: what stands for sessions is not what a form writes."],
    ),
]


@pytest.mark.parametrize(
    ("made", "expected"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
def test_what_no_form_writes_is_refused_in_words(
    made: Callable[[], Any], expected: list[str], tmp_path: Path
) -> None:
    told = messages(tmp_path, made())
    assert [each for each in told if not each.startswith("RB505 1 of")] == expected


def test_a_huge_file_is_not_opened(tmp_path: Path) -> None:
    assert messages(tmp_path, " " * 16_000_001) == [
        "RB507 This file is larger than 16 MB, the most that is read."
    ]


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = json.dumps(saved()).replace('"greets":', '"greets": "no_step", "greets":', 1)
    assert messages(tmp_path, text) == ['RB507 The name "greets" stands twice in one record.']


def test_a_session_without_answers_is_told(tmp_path: Path) -> None:
    found = read_forms([file_of(tmp_path, saved(session(answers={})))], visit())
    assert [(each.severity, each.message) for each in found.problems] == [
        ("warning", "Session 1 (S1): no question is answered.")
    ]


def test_nothing_is_written_while_a_file_has_a_problem(run: Run, tmp_path: Path) -> None:
    (tmp_path / "visit.rubric").write_text(VISIT, encoding="utf-8")
    checklist = load(VISIT, str(tmp_path / "visit.rubric"))
    good = saved(session(1), fingerprint=checklist.fingerprint)
    file_of(tmp_path, good)
    ran = run("import", "saved.json", "--checklist", "visit.rubric", "-o", "data.csv")
    assert (ran.status, "1 form imported" in ran.said) == (0, True)
    (tmp_path / "data.csv").unlink()
    file_of(tmp_path, {**good, "sessions": [session(1), session(2, answers={"greets": "Yes"})]})
    ran = run("import", "saved.json", "--checklist", "visit.rubric", "-o", "data.csv")
    assert (ran.status, (tmp_path / "data.csv").exists()) == (1, False)
    assert "Session 2 (S2), greets" in ran.said
    assert 'Did you mean "yes_step"?' in ran.said


def test_a_study_receives_it_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "visit.rubric").write_text(VISIT, encoding="utf-8")
    file_of(tmp_path, saved(session(1), session(2)))
    ran = run("import", "saved.json", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 0, ran.said
