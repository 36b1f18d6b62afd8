"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from fidelity.errors import WrongUse
from fidelity.files import write_folder, write_whole


def test_a_file_is_replaced_in_one_step_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "report.xlsx", b"old")
    write_whole(tmp_path / "report.xlsx", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]
    assert (tmp_path / "report.xlsx").read_bytes() == b"new"


def test_others_may_read_it_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "page.html", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o644


def test_folders_are_made_on_the_way(tmp_path: Path) -> None:
    write_folder(tmp_path / "pages", {"index.html": b"a", "feedback/T1.html": b"b"})
    assert (tmp_path / "pages" / "feedback" / "T1.html").read_bytes() == b"b"


def test_a_place_that_is_taken_by_a_folder_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").mkdir()
    with pytest.raises(WrongUse, match=r"report\.xlsx cannot be written"):
        write_whole(tmp_path / "report.xlsx", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]
