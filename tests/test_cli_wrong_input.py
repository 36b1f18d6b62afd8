"""Wrong input: a message with its place and what to do, status 1 or 2, no traceback, no file left behind."""

import json
from pathlib import Path

import pytest
from conftest import Ran, Run

GOOD = """checklist demo "Demo"
scale tick "Seen?"
  answer seen "Seen" scores 1
  answer not_seen "Not seen" scores 0
section first "First" on scale tick
  item hello "Says hello"
  item plan "Agrees a plan"
score total "Total" is percent of items
result level_of_it "Level" from total
  level low "Low" below 50%
  level high "High" at least 50%
"""

EXAMPLES = """examples "Both sides of the mark"
  | hello    | plan     => total | level_of_it |
  | seen     | not_seen => 50%   | high        |
  | not_seen | not_seen => 0%    | low         |
example "A blank"
  given hello is seen
  expect total is not scored because plan
"""

DATA = "observation,therapist,date,hello,plan\no1,T1,2026-01-05,seen,not_seen\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "demo.rubric").write_text(GOOD, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def refused(ran: Ran, *words: str) -> None:
    assert ran.status in (1, 2), ran.said
    assert "Traceback" not in ran.said
    assert "mistake of the program" not in ran.said
    for word in words:
        assert word in ran.said


def test_a_good_file_has_nothing_said_about_it(desk: Path, run: Run) -> None:
    (desk / "demo.rubric").write_text(GOOD + EXAMPLES, encoding="utf-8")
    assert run("check", "demo.rubric").status == 0
    ran = run("check", "demo.rubric", "--format", "json")
    assert json.loads(ran.out) == []


@pytest.mark.parametrize(
    ("right", "wrong", "code", "said"),
    [
        ("  item hello", "  itm hello", "RB001", 'did you mean "item"'),
        ("percent of items", "percentage of items", "RB101", 'did you mean "percent"'),
        ("is percent of items", "is percent of items in two", "RB101", 'no group called "two"'),
        ("below 50%", "below 40%", "RB204", "above 40%|at least 40%"),
        ("below 50%", "below 60%", "RB205", "both"),
        ("at least 50%", "at least 50", "RB110", "write 50%"),
        ('"Says hello"', '"Says hello', "RB002", "closing quotation mark"),
        ("item plan", "item hello", "RB102", "used twice"),
        ("answer not_seen", "answer no", "RB103", "not_seen"),
        ("on scale tick", "on scale tack", "RB101", 'did you mean "tick"'),
    ],
)
def test_a_mistake_in_a_checklist_is_named_once_with_its_place(
    desk: Path, run: Run, right: str, wrong: str, code: str, said: str
) -> None:
    (desk / "demo.rubric").write_text(GOOD.replace(right, wrong, 1), encoding="utf-8")
    ran = run("check", "demo.rubric")
    refused(ran, code)
    assert ran.out.startswith(code)
    assert "demo.rubric, line" in ran.out
    assert any(each in ran.out for each in said.split("|")), ran.out
    found = json.loads(run("check", "demo.rubric", "--format", "json").out)
    assert [each["code"] for each in found if each["severity"] == "error"] == [code]
    assert found[0]["file"] == "demo.rubric"
    assert set(found[0]) == {
        "code", "severity", "file", "line", "column", "end_line", "end_column", "message", "help", "related",
    }  # fmt: skip


def test_several_mistakes_are_told_in_one_run(desk: Path, run: Run) -> None:
    broken = (
        GOOD.replace("item plan", "itm plan").replace("level low", "levl low").replace("scores 1", "score 1")
    )
    (desk / "demo.rubric").write_text(broken, encoding="utf-8")
    found = json.loads(run("check", "demo.rubric", "--format", "json").out)
    assert [each["line"] for each in found] == [3, 7, 10]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.rubric", b""),
        ("blank.rubric", b"\n\n   \n"),
        ("binary.rubric", b"\x00\x01\x02PK\x03\x04"),
        ("latin.rubric", 'checklist a "é"\n'.encode("latin-1")),
        ("prose.rubric", b"Dear all, please find attached.\n"),
        ("long_line.rubric", b'checklist demo "' + b"x" * 5_000_000 + b'"\n'),
    ],
)
def test_what_is_no_checklist_is_refused(tmp_path: Path, run: Run, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused(run("check", name), "RB00")


def test_a_missing_file_is_named_with_the_nearest_one(desk: Path, run: Run) -> None:
    assert desk.exists()
    refused(run("check", "dmo.rubric"), "dmo.rubric", "demo.rubric")
    refused(run("check", "pm_plus/individual/sesion_2"), "pm_plus/individual/session_2")
    refused(run("score", "demo.rubric", "dta.csv"), "dta.csv")


def test_a_folder_without_checklists_is_wrong_use(tmp_path: Path, run: Run) -> None:
    (tmp_path / "empty").mkdir()
    for command in ("check", "test"):
        ran = run(command, "empty")
        assert ran.status == 2
        assert "empty" in ran.err


def test_a_folder_without_observations_is_refused(desk: Path, run: Run) -> None:
    (desk / "nothing").mkdir()
    refused(run("score", "demo.rubric", "nothing"), "nothing")


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (DATA.replace(",seen,", ",sen,"), "RB503", "seen"),
        (DATA.replace("plan", "plann"), "RB501", "plan"),
        (DATA.replace("observation,", "obs,"), "RB501", "observation"),
        (DATA + "o1,T1,2026-01-06,seen,seen\n", "RB506", "o1"),
        (DATA.replace("2026-01-05", "5 January"), "RB505", "5 January"),
        (DATA + "o2,T1\n", "RB507", ""),
        ("", "RB507", ""),
        ("observation,hello,plan\n", "RB507", ""),
        ("\x00\x01\x02", "RB507", ""),
        ("just some words", "RB5", ""),
        ("observation,hello,plan\no1," + "x" * 2_000_000 + ",seen\n", "RB507", ""),
    ],
)
def test_a_mistake_in_data_is_named_and_nothing_is_written(
    desk: Path, run: Run, data: str, code: str, said: str
) -> None:
    (desk / "data.csv").write_text(data, encoding="utf-8")
    for command in (
        ("score", "demo.rubric", "data.csv", "-o", "out.csv"),
        ("report", "demo.rubric", "data.csv", "-o", "out.xlsx", "--pages", "out"),
    ):
        refused(run(*command), code, "data.csv", said)
    assert not list(desk.glob("out*"))


@pytest.mark.parametrize(
    "command", [("score",), ("score", "-o", "out.csv"), ("summarise",), ("report", "-o", "o.xlsx")]
)
def test_what_is_wrong_with_the_table_and_with_its_records_is_told_at_once(
    desk: Path, run: Run, command: tuple[str, ...]
) -> None:
    data = DATA + DATA.splitlines()[1] + "\no2,T1,2026-01-06,sen,seen\n"
    (desk / "data.csv").write_text(data, encoding="utf-8")
    ran = run(command[0], "demo.rubric", "data.csv", *command[1:])
    refused(ran, "RB506", 'observation "o1" stands in row 2 already')
    assert '"sen" is not an answer' in ran.err


def test_a_folder_of_filled_forms_is_told_once(desk: Path, run: Run) -> None:
    assert run("form", "demo.rubric", "--to", "xlsx", "-o", "form.xlsx").status == 0
    (desk / "forms").mkdir()
    for number in range(3):
        (desk / "forms" / f"{number}.xlsx").write_bytes((desk / "form.xlsx").read_bytes())
    ran = run("score", "demo.rubric", "forms")
    refused(
        ran, "RB507", "There are 3 filled scoring forms here (0.xlsx and others), and no form is a table."
    )
    assert 'fidelity import "forms" --checklist CHECKLIST -o observations.csv' in ran.err
    assert ran.err.count("RB507") == 1


def test_good_records_show_their_scores_when_others_are_refused(desk: Path, run: Run) -> None:
    (desk / "data.csv").write_text(DATA + "o2,T1,2026-01-06,sen,seen\n", encoding="utf-8")
    ran = run("score", "demo.rubric", "data.csv", "--format", "json")
    assert ran.status == 1
    good, bad = json.loads(ran.out)["observations"]
    assert good["scores"]["total"]["exact"] == "50"
    assert good["refused"] == []
    assert [each["code"] for each in bad["refused"]] == ["RB503"]
    kept = run("score", "demo.rubric", "data.csv", "-o", "out.json", "--keep-good")
    assert kept.status == 0
    assert "o2" in kept.err
    assert len(json.loads((desk / "out.json").read_text(encoding="utf-8"))["observations"]) == 1


def test_wrong_use_has_status_2(desk: Path, run: Run) -> None:
    assert desk.exists()
    for words in (
        ("score", "demo.rubric"),
        ("nonsense",),
        ("score", "demo.rubric", "data.csv", "-o", "out.doc"),
        ("form", "demo.rubric", "--to", "xlsx"),
        ("report", "demo.rubric", "data.csv"),
    ):
        assert run(*words).status == 2


def test_a_place_that_cannot_be_written_leaves_the_old_file(desk: Path, run: Run) -> None:
    (desk / "blocked").write_text("a file where a folder should be", encoding="utf-8")
    ran = run("score", "demo.rubric", "data.csv", "-o", "blocked/out.csv")
    refused(ran, "blocked")
    assert (desk / "blocked").read_text(encoding="utf-8").startswith("a file")
