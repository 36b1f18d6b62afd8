"""A report written twice into one place, and into a place that cannot be written."""

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import Run
from report_sample import SMALL

from fidelity.report.own_files import FORMAT, write_own

PLACES = ("-o", "report.xlsx", "--pages", "pages", "--pack", "pack")


def given(folder: Path, *therapists: str) -> None:
    """The small checklist, and a session of each of these."""
    (folder / "small.rubric").write_text(SMALL, encoding="utf-8")
    rows = [f"{name},2026-01-05,4,4,4,4" for name in therapists]
    heading = "therapist,date,welcome,safety,plan,homework"
    (folder / "data.csv").write_text("\n".join([heading, *rows]), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """What lies below a folder."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()
    }


def report(run: Run, *options: str) -> str:
    ran = run("report", "small.rubric", "data.csv", *options)
    assert ran.status == 0, ran.said
    return ran.said


# ---- twice


def test_pages_of_an_earlier_report_are_gone(run: Run, tmp_path: Path) -> None:
    given(tmp_path, "T1", "T2")
    report(run, *PLACES)
    given(tmp_path, "T1")
    report(run, *PLACES)
    report(run, "-o", "new.xlsx", "--pages", "new")
    assert files(tmp_path / "pages") == files(tmp_path / "new")
    assert "therapists/T2.html" not in files(tmp_path / "pages")


def test_small_workbooks_of_an_earlier_report_are_gone(run: Run, tmp_path: Path) -> None:
    given(tmp_path, "T1", "T2")
    report(run, "-o", "report.xlsx", "--sheets", "attention")
    assert files(tmp_path / "report_therapists").keys() == {"T1.xlsx", "T2.xlsx", "files.json"}
    given(tmp_path, "T2")
    report(run, "-o", "report.xlsx", "--sheets", "attention")
    assert files(tmp_path / "report_therapists").keys() == {"T2.xlsx", "files.json"}
    report(run, "-o", "report.xlsx", "--sheets", "all")
    assert not (tmp_path / "report_therapists").exists()


def test_what_somebody_else_put_there_stays(run: Run, tmp_path: Path) -> None:
    given(tmp_path, "T1", "T2")
    report(run, *PLACES)
    (tmp_path / "pages" / "therapists" / "my notes.txt").write_text("Ask T2", encoding="utf-8")
    (tmp_path / "pages" / "therapists" / "T2.html").write_text("with my notes", encoding="utf-8")
    given(tmp_path, "T1")
    said = report(run, *PLACES)
    left = files(tmp_path / "pages")
    assert left["therapists/my notes.txt"] == b"Ask T2"
    assert left["therapists/T2.html"] == b"with my notes"
    assert "therapists/T2.html is of an earlier report; it was changed since or is open, so it stays" in said
    assert "sessions/T2" not in " ".join(left)


def test_the_same_twice_is_the_same_bytes(run: Run, tmp_path: Path) -> None:
    given(tmp_path, "T1", "T2")
    report(run, *PLACES)
    first = files(tmp_path)
    report(run, *PLACES)
    assert files(tmp_path) == first


@pytest.mark.parametrize(
    "named", ["../precious.txt", "/precious.txt", "sub/../../precious.txt", "linked/precious.txt"]
)
def test_a_list_cannot_lead_out_of_its_folder(named: str, tmp_path: Path) -> None:
    precious, folder = tmp_path / "precious.txt", tmp_path / "pages"
    precious.write_bytes(b"mine")
    folder.mkdir()
    (folder / "linked").symlink_to(tmp_path)
    listed = {"format": FORMAT, "files": [{"name": named, "sha256": sha256(b"mine").hexdigest()}]}
    (folder / "files.json").write_text(json.dumps(listed), encoding="utf-8")
    assert write_own({folder: {"index.html": b"new"}}, {}) == ()
    assert precious.read_bytes() == b"mine"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "another", "files": []}', '{"files": 3}'])
def test_a_list_that_is_none_of_ours_names_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "files.json").write_text(text, encoding="utf-8")
    (tmp_path / "old.html").write_bytes(b"old")
    assert write_own({tmp_path: {"index.html": b"new"}}, {}) == ()
    assert files(tmp_path).keys() == {"files.json", "index.html", "old.html"}


def test_a_folder_without_files_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert write_own({tmp_path / "none": {}, tmp_path / "empty": {}}, {}) == ()
    assert [each.name for each in tmp_path.iterdir()] == ["empty"]


# ---- a place that cannot be written


@contextmanager
def no_room() -> Iterator[None]:
    """From 20,000 bytes on the system takes no more of a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_without_room_every_old_file_stays_as_it_was(run: Run, tmp_path: Path) -> None:
    given(tmp_path, "T1", "T2")
    report(run, *PLACES)
    before = files(tmp_path)
    (tmp_path / "data.csv").write_text("therapist,date,welcome,safety,plan,homework\nT3,2026-02-02,1,1,1,1")
    before["data.csv"] = (tmp_path / "data.csv").read_bytes()
    with no_room():
        ran = run("report", "small.rubric", "data.csv", *PLACES)
    assert (ran.status, ran.out) == (2, "")
    assert "report.xlsx cannot be written: File too large. Nothing was changed there." in ran.err
    assert files(tmp_path) == before


@pytest.mark.parametrize("place", ["report.xlsx", "pages/index.html", "pages/therapists", "pack"])
def test_a_place_that_is_taken_by_something_else_is_told_and_nothing_is_written(
    place: str, run: Run, tmp_path: Path
) -> None:
    given(tmp_path, "T1")
    taken = tmp_path / place
    if place.endswith((".xlsx", ".html")):
        (taken / "in it").mkdir(parents=True)
    else:
        taken.parent.mkdir(exist_ok=True)
        taken.write_bytes(b"a file")
    before = files(tmp_path)
    ran = run("report", "small.rubric", "data.csv", *PLACES)
    assert ran.status == 2
    assert place in ran.err.replace(os.sep, "/")
    assert files(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("place", ["report.xlsx", "pages", "pack"])
def test_a_folder_that_is_read_only_is_told(place: str, run: Run, tmp_path: Path) -> None:
    given(tmp_path, "T1")
    (tmp_path / "locked").mkdir(mode=0o500)
    where = [f"locked/{each}" if each == place else each for each in PLACES]
    ran = run("report", "small.rubric", "data.csv", *where)
    assert ran.status == 2
    assert "cannot be written: Permission denied" in ran.err
    assert files(tmp_path).keys() == {"small.rubric", "data.csv"}
