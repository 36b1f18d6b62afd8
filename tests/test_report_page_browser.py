"""The pages in a real browser: open to all, no wider than the screen, one sheet of paper, PDF."""

import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from importlib.resources import as_file
from pathlib import Path

import pytest
from conftest import Run
from page_browser import CHROMIUM, HAS_AXE, Screen, judged
from report_sample import miti_practice, small_study

from fidelity import content
from fidelity.browser import KNOWN
from fidelity.report.page import pages
from fidelity.report.reported import ReportedStudy
from fidelity.report.words import wordings_in
from fidelity.study.loading import load
from fidelity.study.reading import read
from fidelity.study.reported import reported
from fidelity.study.summarising import summarise

needs_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
needs_axe = pytest.mark.skipif(not CHROMIUM or not HAS_AXE, reason="no Chromium or no axe-core here")

OF_EACH_KIND = (
    "index.html",
    "all.html",
    "therapists/PMG-03.html",
    "sites/south.html",
    "raters/R1.html",
    "sessions/S053.html",
    "feedback/PMG-05.html",
)


@cache
def study() -> ReportedStudy:
    model = load("programmes/example_study/programme")
    with as_file(content.folder("checklists") / "programmes" / "example_study") as folder:
        return reported(summarise(model, read(folder, model)))


@cache
def from_left() -> dict[str, bytes]:
    return pages(study())


@cache
def from_right() -> dict[str, bytes]:
    """The same pages as a language written from right to left lays them out."""
    words = replace(study().words, wordings={**study().words.wordings, "language": "ar"})
    return pages(replace(study(), words=words))


@needs_axe
def test_axe_core_has_nothing_to_object_to_on_a_phone(tmp_path: Path) -> None:
    screens = [Screen(name, from_left()[name], 390) for name in OF_EACH_KIND]
    found = judged(screens, tmp_path)
    assert [(each["name"], each["violations"]) for each in found if each["violations"]] == []
    assert [(each["name"], each["small"]) for each in found if each["small"]] == []


@needs_axe
def test_axe_core_has_nothing_to_object_to_on_a_desk_in_either_direction(tmp_path: Path) -> None:
    names = ("index.html", "therapists/PMG-03.html", "sessions/S053.html")
    screens = [
        *(Screen(f"left {name}", from_left()[name], 1280) for name in names),
        *(Screen(f"right {name}", from_right()[name], 1280) for name in names),
        Screen("no course", pages(reported(miti_practice()))["index.html"], 1280),
    ]
    found = judged(screens, tmp_path)
    assert [(each["name"], each["violations"]) for each in found if each["violations"]] == []


@needs_browser
def test_no_page_is_wider_than_its_screen_in_either_direction(tmp_path: Path) -> None:
    odd = pages(reported(small_study({"A" * 120: [1, 2, 1, 4], "T2": [5]}, comment="x" * 300)))
    screens = [
        Screen(f"{direction} {name} {width}", given[name], width, axe=False)
        for direction, given in (("left", from_left()), ("right", from_right()))
        for name in OF_EACH_KIND
        for width in (320, 390, 700, 860, 1200)
    ]
    words = replace(study().words, wordings=wordings_in("fr"))  # the longest words of all languages
    wordy = pages(replace(study(), words=words))
    screens += [
        Screen(f"wordy {name} {width}", wordy[name], width, axe=False)
        for name in ("index.html", "sites/south.html", "raters/R1.html", "feedback/PMG-05.html")
        for width in (320, 700, 1200, 1500)
    ]
    screens += [
        Screen(f"odd {name} {width}", page, width, axe=False)
        for name, page in odd.items()
        for width in (320, 1280)
    ]
    assert [(each["name"], each["wider"]) for each in judged(screens, tmp_path) if each["wider"]] == []


@needs_browser
def test_a_feedback_sheet_with_a_stage_is_one_page_of_paper(tmp_path: Path) -> None:
    assert sheets_of(from_left()["feedback/PMI-02.html"], tmp_path) == 1
    assert sheets_of(from_right()["feedback/PMG-03.html"], tmp_path) == 1
    urdu = replace(study().words, wordings=wordings_in("ur"))  # the highest lines of all languages
    assert sheets_of(pages(replace(study(), words=urdu))["feedback/PMG-03.html"], tmp_path) == 1


def sheets_of(page: bytes, folder: Path) -> int:
    (folder / "sheet.html").write_bytes(page)
    pdf = folder / "sheet.pdf"
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command = [CHROMIUM, *quiet, f"--print-to-pdf={pdf}", (folder / "sheet.html").as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes()))


# ---- `fidelity report --pdf`


@pytest.fixture
def small_data(tmp_path: Path) -> Path:
    with as_file(content.folder("checklists") / "programmes" / "example_study") as folder:
        rows = (folder / "observations" / "observations.csv").read_text("utf-8").splitlines()
    kept = [row for row in rows[1:] if ",PMG-06," in row]
    data = tmp_path / "data.csv"
    data.write_text("\n".join([rows[0], *kept]) + "\n", "utf-8")
    return data


def report(run: Run, data: Path, folder: Path, *options: str) -> tuple[int, str]:
    ran = run("report", "programmes/example_study/session", str(data), "-o", str(folder / "r.xlsx"), *options)
    return ran.status, ran.out + ran.err


@needs_browser
def test_with_pdf_each_feedback_sheet_is_printed_beside_its_page(
    run: Run, small_data: Path, tmp_path: Path
) -> None:
    status, said = report(run, small_data, tmp_path, "--pages", str(tmp_path / "p"), "--pdf")
    assert status == 0
    assert f"PDF: 1 feedback sheet in {tmp_path / 'p' / 'feedback'}" in said
    assert (tmp_path / "p/feedback/PMG-06.pdf").read_bytes().startswith(b"%PDF-")
    assert report(run, small_data, tmp_path, "--pages", str(tmp_path / "p"))[0] == 0
    assert not (tmp_path / "p/feedback/PMG-06.pdf").exists(), "it is of an earlier report"


def test_without_a_browser_the_pdf_is_left_out_with_one_line(
    run: Run, small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name in KNOWN else found(name))
    status, said = report(run, small_data, tmp_path, "--pages", str(tmp_path / "p"), "--pdf")
    assert status == 0
    assert "No PDF: no browser is installed here. Any browser prints the feedback sheets." in said
    assert [each.name for each in (tmp_path / "p/feedback").iterdir()] == ["PMG-06.html"]


def test_pdf_without_pages_is_wrong_usage(run: Run, small_data: Path, tmp_path: Path) -> None:
    status, said = report(run, small_data, tmp_path, "--pdf")
    assert status == 2
    assert "name the folder of the pages with --pages" in said
    assert not (tmp_path / "r.xlsx").exists()
