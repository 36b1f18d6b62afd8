"""Five pictures of the reports, held against stored ones; coarsely; other fonts are not compared.

`pytest tests/test_report_pictures.py --rewrite-pictures` stores them anew: look at them before you keep them.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from grey_picture import cells, difference, read_png, shrunk, write_png
from pictures import FOR_README, IN_README, LARGEST, SHOWN, can_draw, pictures, written_report

STORED = Path(__file__).parent / "snapshots"
WIDTH = 360  # of a stored picture
FAR = 8.0  # of 255: a lost chart of the therapist's sheet comes to 11, another release of a program to less

needs_programs = pytest.mark.skipif(not can_draw(), reason="no Chromium, LibreOffice, poppler or fonts here")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    folder = tmp_path_factory.mktemp("pictures")
    return pictures(written_report(folder), SHOWN, folder)


@needs_programs
@pytest.mark.parametrize("name", SHOWN)
def test_the_reports_look_as_they_did(
    name: str, drawn: Mapping[str, Path], request: pytest.FixtureRequest
) -> None:
    made = shrunk(read_png(drawn[name]), WIDTH)
    stored = STORED / f"report_{name}.png"
    if request.config.getoption("--rewrite-pictures"):
        write_png(stored, made)
    assert difference(made, read_png(stored)) < FAR


def test_every_picture_has_a_stored_one_and_no_other() -> None:
    assert {each.name for each in STORED.glob("report_*.png")} == {f"report_{name}.png" for name in SHOWN}


def test_the_pictures_of_the_readme_are_small_and_shown() -> None:
    readme = (FOR_README.parent.parent / "README.md").read_text(encoding="utf-8")
    assert {file.stem for file in FOR_README.glob("*.png")} == set(IN_README)
    for file in FOR_README.glob("*.png"):
        assert file.stat().st_size < LARGEST
        assert f"reports/pictures/{file.name}" in readme


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_near_itself_a_little_lower_and_far_from_all_others(name: str) -> None:
    stored = {each: read_png(STORED / f"report_{each}.png") for each in SHOWN}
    own = stored.pop(name)
    half = own.copy()
    half[: len(half) // 2] = 255
    assert difference(np.roll(own, 2, axis=0), own) < FAR
    assert difference(half, own) > FAR
    assert all(difference(own, other) > FAR for other in stored.values())


def test_a_picture_is_read_as_it_was_written(tmp_path: Path) -> None:
    picture = np.arange(24, dtype=float).reshape(4, 6) * 10
    write_png(tmp_path / "one.png", picture)
    assert (read_png(tmp_path / "one.png") == picture).all()
    assert cells(np.full((50, 70), 7.0)).tolist() == np.full((32, 32), 7.0).tolist()
