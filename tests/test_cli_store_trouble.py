"""A store without rights, without room, or in use: each told in one plain sentence, nothing half-done."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conftest import Ran, Run
from observe_sample import SOURCE, written

from fidelity.store import opening

HEADINGS = (
    "observation,session,therapist,client,rater,date,welcome,safety,asked,remarks,open_q.often,open_q.skill"
)
TABLE = f"""{HEADINGS}
o1,S1,T1,C1,R1,2026-03-04,done,done,3,,5,2.5
o2,S2,T1,C2,R1,2026-03-11,done,partly,3,,5,2.5
"""
MORE = HEADINGS + "".join(
    f"\nm{number},M{number},T1,C1,R1,2026-03-04,done,done,3,{'x' * 900},5,2.5" for number in range(300)
)
HOME = Path(__file__).parent.parent
# A process without the right of root to open and write everything.
PLAIN = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
IMPORT = ("import", "table.csv", "--checklist", "visit.rubric", "--study")

needs_rights = pytest.mark.skipif(
    os.name != "posix" or (os.geteuid() == 0 and shutil.which("setpriv") is None),
    reason="root opens everything, and there is no setpriv here that takes this right away",
)


@pytest.fixture
def study(tmp_path: Path, run: Run) -> Path:
    """A study with two observations, beside the checklist and a table with many more."""
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    written(tmp_path, TABLE, "table.csv")
    written(tmp_path, MORE, "more.csv")
    assert run(*IMPORT, "study").status == 0
    return tmp_path / "study"


@pytest.fixture
def closed(study: Path) -> Iterator[Path]:
    """The same, in a folder that this person may not open."""
    study.chmod(0o000)
    yield study
    study.chmod(0o700)


def called(folder: Path, *words: str, before: Sequence[str] = ()) -> Ran:
    """What a command says in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    command = [*before, sys.executable, "-m", "fidelity", *words]
    ran = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=folder, check=False, timeout=120
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def without_rights(folder: Path, *words: str) -> Ran:
    """The same as somebody who may do what the modes of files allow, and no more."""
    return called(folder, *words, before=PLAIN if os.geteuid() == 0 else ())


def in_store(run: Run) -> tuple[int, int]:
    """The entries and the stored revisions of a log that holds."""
    found = json.loads(run("log", "verify", "--study", "study", "--format", "json").out)
    assert found["holds"]
    return found["entries"], found["revisions"]


# ---- rights


@needs_rights
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*IMPORT, "study"), "You have no right to open this study store."),
        (("log", "verify", "--study", "study"), "You have no right to open this study store."),
        (("backup", "--study", "study", "-o", "b"), "You have no right to open this study store."),
        (("score", "visit.rubric", "study"), "This file cannot be opened (Permission denied)."),
        (("summarise", "visit.rubric", "study"), "This file cannot be opened (Permission denied)."),
    ],
)
def test_a_study_of_somebody_else_is_told(closed: Path, words: tuple[str, ...], said: str) -> None:
    ran = without_rights(closed.parent, *words)
    assert (ran.status, ran.err.splitlines()[0][:7]) == (1, "RB507  ")
    assert said in ran.err
    assert "study" in ran.err


@needs_rights
@pytest.mark.parametrize("part", ["", "/inside", "/study.sqlite"])
def test_whatever_lies_in_a_closed_folder_is_told(closed: Path, part: str) -> None:
    ran = without_rights(closed.parent, "log", "head", "--study", f"study{part}")
    assert (ran.status, "You have no right to open this study store." in ran.err) == (1, True), ran.said


@needs_rights
def test_a_store_that_may_not_be_read_is_told(study: Path) -> None:
    (study / "study.sqlite").chmod(0o000)
    ran = without_rights(study.parent, "log", "verify", "--study", "study")
    (study / "study.sqlite").chmod(0o600)
    assert ran.status == 1
    assert "You have no right to open this study store." in ran.err


@needs_rights
@pytest.mark.parametrize(
    "words", [(*IMPORT, "new/study"), ("restore", "copy.sqlite", "--study", "new/study")]
)
def test_a_study_cannot_begin_where_nobody_may_write(study: Path, run: Run, words: tuple[str, ...]) -> None:
    assert run("backup", "--study", "study", "-o", "copy.sqlite").status == 0
    there = study.parent / "new"
    there.mkdir()
    there.chmod(0o500)
    ran = without_rights(study.parent, *words)
    there.chmod(0o700)
    assert ran.status == 1
    assert f'No study store can be made here: you have no right to write into "{there}".' in ran.err
    assert list(there.iterdir()) == []


# ---- room


@pytest.mark.skipif(os.name != "posix", reason="how large a file may become is set on Unix only")
def test_a_disk_that_fills_up_leaves_what_was_stored(study: Path, run: Run) -> None:
    before = in_store(run)
    small = ("bash", "-c", 'ulimit -f 200; exec "$@"', "-")
    words = ("import", "more.csv", "--checklist", "visit.rubric", "--study", "study")
    ran = called(study.parent, *words, before=small)
    assert ran.status == 1
    assert "There is no room left to write to the study store" in ran.err
    assert "what is stored already is safe" in ran.err
    assert in_store(run) == before
    assert run(*words).status == 0
    assert in_store(run)[1] == 302


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk with a study, and not a byte of room; where one may be made."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    made = [str(mount), "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if not (mount and unmount) or subprocess.run(made, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be made here")
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    written(tmp_path, TABLE, "table.csv")
    assert called(tmp_path, *IMPORT, "disk/study").status == 0
    with (disk / "rest").open("wb", buffering=0) as rest:
        try:
            while rest.write(b"0" * 1000):
                pass
        except OSError:
            pass
    yield disk
    subprocess.run([str(unmount), str(disk)], check=True)


def test_on_a_full_disk_a_study_is_read_and_copied_and_not_written_to(full_disk: Path, run: Run) -> None:
    assert run("log", "verify", "--study", "disk/study").out.startswith("Everything is as it was written")
    assert run("score", "visit.rubric", "disk/study").status == 0
    for words in (
        ("correct", "o1", "--study", "disk/study", "--set", "asked=4", "--why", "misread"),
        ("withdraw", "--study", "disk/study", "--client", "C1", "--why", "letter", "--yes"),
        ("backup", "--study", "disk/study", "-o", "disk/copy.sqlite"),
        (*IMPORT, "disk/another"),
    ):
        ran = run(*words)
        assert (ran.status, "There is no room left to write to the study store" in ran.err) == (1, True), (
            words
        )
    assert {path.name for path in full_disk.iterdir()} <= {"study", "rest", "another"}
    assert "There is no study store here." in run("log", "head", "--study", "disk/another").err
    assert run("backup", "--study", "disk/study", "-o", "copy.sqlite").status == 0
    assert run("log", "verify", "--study", "copy.sqlite").out.splitlines()[0].endswith("2 stored revisions.")


# ---- others at work


def test_a_store_that_is_busy_for_too_long_is_told(
    study: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = in_store(run)
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    other = sqlite3.connect(study / "study.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for words in (
        ("import", "more.csv", "--checklist", "visit.rubric", "--study", "study"),
        ("correct", "o1", "--study", "study", "--set", "asked=4", "--why", "misread"),
        ("withdraw", "--study", "study", "--client", "C1", "--why", "letter", "--yes"),
    ):
        ran = run(*words)
        assert ran.status == 1
        assert "The study store is busy: another program has been writing for too long." in ran.err
        assert "Nothing is lost. Give the same command again in a moment" in ran.err
    other.close()
    assert in_store(run) == before


def test_traces_that_a_reader_keeps_from_going_are_told(
    study: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    words = ("withdraw", "--study", "study", "--client", "C2", "--why", "letter", "--yes")
    other = sqlite3.connect(study / "study.sqlite", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM revision").fetchall()
    ran = run(*words)
    assert ran.status == 1
    assert "It is taken away, and the log says so; but the database keeps traces of it" in ran.err
    assert any(b'"S2"' in path.read_bytes() for path in study.iterdir())
    other.close()
    again = run(*words)
    assert (again.status, again.err.splitlines()[0][:20]) == (0, "Withdrawn before: C2")
    assert not any(b'"S2"' in path.read_bytes() for path in study.iterdir())
