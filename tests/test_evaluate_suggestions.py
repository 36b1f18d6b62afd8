"""The examples that are missing: found, in the file's own words, and right."""

import re
from pathlib import Path

import pytest
from conftest import Run

from fidelity.evaluate.examples import run as run_examples
from fidelity.evaluate.suggestions import suggestions
from fidelity.evaluate.untested import untested
from fidelity.language.reading import load

CHECKOUT = Path(__file__).parent.parent
SHIPPED = [
    *sorted((CHECKOUT / "rules" / "examples").glob("*.rubric")),
    *sorted(
        path
        for path in (CHECKOUT / "checklists").rglob("*.rubric")
        if re.search(r"(?m)^checklist ", path.read_text(encoding="utf-8"))
    ),
]

SOURCE = """checklist demo "Demo"
fact format "Format" is one of single "Single", group "Group"
scale tick "Seen?"
  answer not_seen "Not seen" scores 0
  answer seen "Seen" scores 1
  answer na "Does not apply" means not_applicable
section first "First" on scale tick
  item a "A"
  item b "B"
  item c "C"
item_line
score total is percent of items
result band from total
  level low "Low" below 60%
  level high "High" at least 60%
result kind
  level small "Small" when format is single
  level large "Large" when format is group and every item is seen
  level other "Other" otherwise
gate stop "Stop" caps band at low when a is not_seen
""".replace("item_line\n", "")


def without_examples(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return re.split(r'(?m)^examples? "', text)[0]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_without_examples_gets_all_of_them_and_they_hold(path: Path) -> None:
    text = without_examples(path)
    checklist = load(text, path.name)
    found, unfound = suggestions(checklist)
    assert unfound == []
    whole = load(text + "\n" + "\n".join(each.text for each in found), path.name)
    outcome = run_examples(whole)
    assert outcome.failures == ()
    assert outcome.not_covered() == []
    assert list(untested(whole)) == []


def test_facts_gates_and_both_sides_are_found() -> None:
    checklist = load(SOURCE, "demo.rubric")
    found, unfound = suggestions(checklist)
    assert unfound == []
    whole = load(SOURCE + "\n".join(each.text for each in found), "demo.rubric")
    assert run_examples(whole).failures == ()
    assert run_examples(whole).not_covered() == []
    below = next(each for each in found if each.reaches == "band at 60%: just below")
    assert "  expect total is 50%\n" in below.text


def test_the_same_file_gives_the_same_examples() -> None:
    assert suggestions(load(SOURCE, "a.rubric")) == suggestions(load(SOURCE, "a.rubric"))


def test_what_cannot_be_reached_is_said() -> None:
    source = SOURCE.replace('level small "Small" when format is single', 'level small "Small" only by gate')
    _, unfound = suggestions(load(source, "demo.rubric"))
    assert "kind is small" in unfound


def test_the_command_writes_them_ready_to_paste(run: Run, tmp_path: Path) -> None:
    (tmp_path / "demo.rubric").write_text(SOURCE, encoding="utf-8")
    ran = run("test", "demo.rubric", "--suggest")
    assert ran.status == 0
    assert ran.out.startswith('example "')
    (tmp_path / "demo.rubric").write_text(SOURCE + ran.out, encoding="utf-8")
    again = run("test", "demo.rubric", "--suggest", "--coverage")
    assert again.status == 0
    assert again.out == ""
    assert "not covered" not in again.err


def test_a_file_without_any_example_gets_one_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "demo.rubric").write_text(SOURCE, encoding="utf-8")
    ran = run("check", "demo.rubric")
    assert ran.status == 0
    assert ran.out.count("RB401  ") == 1
    assert "has no example" in ran.out


def test_each_gap_is_told_where_it_lies_and_may_be_allowed(run: Run, tmp_path: Path) -> None:
    example = "\n".join(
        [
            'example "One"',
            "  given every item is seen",
            "  given format is group",
            "  expect band is high",
            "",
        ]
    )
    (tmp_path / "demo.rubric").write_text(SOURCE + example, encoding="utf-8")
    ran = run("check", "demo.rubric")
    assert 'No example reaches the level "low".' in ran.out
    assert 'No example reaches the levels "small", "other".' in ran.out
    assert "No example shows this gate failing." in ran.out
    assert "No example shows what becomes of an answer that is not_applicable or missing." in ran.out
    allowed = SOURCE.replace('"Demo"\n', '"Demo"\n  allow RB401 because "A sketch."\n')
    (tmp_path / "demo.rubric").write_text(allowed + example, encoding="utf-8")
    assert "1 file checked: no problems." in run("check", "demo.rubric").out


SLIPS = """checklist slips "What was listed first is not what is best"
scale keeping "Was it done?"
  answer not_done "Not done"
  answer done "Done"
scale tick "Did it happen?"
  answer not_seen "Not seen"
  answer seen "Seen"
section kept "Kept" on scale keeping
  item k1 "Agrees times"
  item k2 "Says what stays private"
  item k3 "Asks for help"
section slips "Slips" on scale tick
  item s1 "Gives advice" tagged serious
  item s2 "Says which illness it is" tagged serious
  item s3 "Talks too much"
  item s4 "Acts as a therapist"
result limits "Limits"
  level soon "Soon" when any item tagged serious is seen
  level talk "Later" when no item tagged serious is seen
    and (any item in slips is seen or any item in kept is not_done)
  level clear "Clear" otherwise
"""


def test_the_best_answers_are_found_where_one_scale_lists_the_best_first_and_another_last() -> None:
    found, unfound = suggestions(load(SLIPS, "slips.rubric"))
    assert unfound == []
    clear = next(each.text for each in found if each.reaches == "limits is clear")
    assert clear == (
        'example "limits is clear"\n'
        "  given every item on scale keeping is done\n"
        "  given every item on scale tick is not_seen\n"
        "  expect limits is clear\n"
    )
