"""How findings look on the screen: the first of a kind in full, further ones of its wording on one line."""

import json
from pathlib import Path

from conftest import Run

BROKEN = """\
checklist broken "Broken"
scale tick "Seen?"
  answer seen "Seen" score 1
  answer not_seen "Not seen" scores 0
section start "Start" on scale tick
  itm a "Says hello"
  item b "Explains the plan" taged basic
  item c "Asks for questions" taged basic
score total "Total" is percent of items
"""


def test_a_second_problem_of_the_same_wording_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.rubric").write_text(BROKEN, encoding="utf-8")
    ran = run("check", "broken.rubric")
    assert ran.status == 1
    assert (
        ran.out
        == """\
RB001  I do not know the word "score" here.                                    broken.rubric, line 3
   3 |   answer seen "Seen" score 1
     |                      ^^^^^ did you mean "scores"?
  A right line: answer done "Done" scores 2

RB001  I do not know the word "itm" at the start of a line.                    broken.rubric, line 6
   6 |   itm a "Says hello"
     |   ^^^ did you mean "item"?
  A line can start here with: evidence, item, note, anchor, allow, scale, bins, fact, threshold, section, \
domain, principle ...
  A right line: item op_safety "Asks about safety" tagged essential

RB001  I do not know the word "taged" here. Did you mean "tagged"?             broken.rubric, line 7
RB001  I do not know the word "taged" here. Did you mean "tagged"?             broken.rubric, line 8

1 file checked: 4 errors.
More about a message: fidelity code RB001
"""
    )


def test_another_file_is_told_anew(run: Run, tmp_path: Path) -> None:
    for name in ("one.rubric", "two.rubric"):
        (tmp_path / name).write_text(BROKEN, encoding="utf-8")
    assert run("check", "one.rubric", "two.rubric").out.count("A right line: answer done") == 2


def test_the_json_says_everything_of_each_problem(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.rubric").write_text(BROKEN, encoding="utf-8")
    assert run("check", "broken.rubric", "--format", "json").out.count('"help": "Did you mean') == 4


def test_what_cannot_be_read_does_not_hide_the_other_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.rubric").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "latin.rubric").write_bytes(b'checklist latin "Caf\xe9"\n')
    told = json.loads(run("check", ".", "--format", "json").out)
    assert [each["code"] for each in told] == ["RB001"] * 4 + ["RB004"]
    ran = run("check", "nowhere.rubric", "broken.rubric", "--short")
    assert ran.status == 1
    assert ran.out.count("RB001") == 4
    assert ran.out.splitlines()[-1] == 'nowhere.rubric:1:1: RB004 There is no file "nowhere.rubric".'
