"""Everything the README shows runs: its files, its commands in their order, and its lines of Python."""

import re
import shlex
from pathlib import Path

import pytest
from conftest import Run

from fidelity.cli import COMMANDS

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder a reader of the README has after saving its files."""
    (tmp_path / "first_meeting.rubric").write_text(blocks("rubric")[0], encoding="utf-8")
    for name, table in re.findall(r"`(\w+\.csv)`:\n\n```csv\n(.*?)```", README, re.DOTALL):
        (tmp_path / name).write_text(table, encoding="utf-8")
    return tmp_path


def test_every_command_shown_runs(desk: Path, run: Run) -> None:
    shown = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("fidelity ")]
    assert len(shown) >= 7
    for line in shown:
        ran = run(*shlex.split(line)[1:])
        assert ran.status == 0, f"{line}\n{ran.said}"
    assert (desk / "report.xlsx").exists()
    assert (desk / "pages" / "index.html").exists()


def test_the_blank_answer_is_explained_as_the_readme_says(desk: Path, run: Run) -> None:
    assert desk.exists()
    ran = run("explain", "first_meeting.rubric", "meetings.csv", "--observation", "m3-B")
    assert ran.status == 0
    assert "Delivered was not scored: too few items were answered (2 of 3)." in ran.out
    assert "Asks what worries the person most" in ran.out


def test_the_lines_of_python_run(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    exec(blocks("python")[0], {})  # noqa: S102 - the README's own lines
    assert (desk / "report.xlsx").exists()


def test_the_way_names_only_folders_that_exist() -> None:
    named = re.findall(r"`((?:fidelity|rules|checklists|reports)/[a-z/]*)`", README)
    root = Path(__file__).parent.parent
    assert named
    assert [each for each in named if not (root / each).is_dir()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, run: Run) -> None:
    ran = run(command, "--help")
    assert ran.status == 0
    assert "Example:" in ran.out
    assert f"fidelity {command}" in ran.out
