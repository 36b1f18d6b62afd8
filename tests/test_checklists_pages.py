"""What the pages beside the checklists show runs: the 30 minutes of a supervisor who writes an own one."""

import re
import shlex
from pathlib import Path

import pytest
from conftest import Run

CHECKLISTS = Path(__file__).parent.parent / "checklists"
PAGE = (CHECKLISTS / "YOUR_OWN.md").read_text(encoding="utf-8")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The file that the page lets its reader save."""
    file = tmp_path / "home_visit.rubric"
    file.write_text(re.findall(r"```rubric\n(.*?)```", PAGE, re.DOTALL)[0], encoding="utf-8")
    return file


def test_every_command_of_the_page_runs(own: Path, run: Run) -> None:
    shown = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    assert len(shown) == 4
    for line in shown:
        ran = run(*shlex.split(line)[1:])
        assert ran.status == 0, f"{line}\n{ran.said}"
    assert (own.parent / "home_visit.html").exists()


def test_the_suggested_examples_make_the_checklist_complete(own: Path, run: Run) -> None:
    suggested = run("test", own.name, "--suggest").out
    own.write_text(
        own.read_text(encoding="utf-8") + suggested[suggested.index("example") :], encoding="utf-8"
    )
    assert run("format", own.name).status == 0
    checked = run("check", own.name)
    assert checked.status == 0
    assert not re.search(r"^RB", checked.out, re.MULTILINE), checked.out
    assert run("test", own.name).status == 0
