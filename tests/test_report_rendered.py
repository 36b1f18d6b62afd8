"""The reports as people see them: printed by a browser and by LibreOffice, where these are installed."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from openpyxl import load_workbook
from report_sample import SMALL, example_study, small_study
from test_report_page_safety import NAMES, TYPED

from fidelity.model.score import ScoredObservation
from fidelity.report.page import pages
from fidelity.report.reported import study_of
from fidelity.report.workbook import workbook_bytes
from fidelity.spreadsheet import safe_text
from fidelity.study.whole import Study

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
OFFICE = shutil.which("soffice") or ""
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]

needs_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
needs_office = pytest.mark.skipif(not OFFICE, reason="no LibreOffice here")


def converted(study: Study, kind: str, folder: Path) -> Path:
    """The workbook after LibreOffice opened it and saved it as another kind of file."""
    given = folder / "report.xlsx"
    given.write_bytes(workbook_bytes(study_of(study.checklist, study.scored, study.summary)))
    out = folder / "converted"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(given)]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return out / f"report.{kind}"


def page_count(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes()))


def printed(study: Study, therapist: str, folder: Path) -> Path:
    """The feedback sheet of a therapist as a browser prints it."""
    page, pdf = folder / "sheet.html", folder / "sheet.pdf"
    page.write_bytes(
        pages(study_of(study.checklist, study.scored, study.summary))[f"feedback/{therapist}.html"]
    )
    command = [CHROMIUM, *QUIET, f"--print-to-pdf={pdf}", page.as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return pdf


@needs_browser
@pytest.mark.parametrize("therapist", ["PMG-03", "PMI-04", "PMG-06"])
def test_a_feedback_sheet_is_one_page_of_paper(therapist: str, tmp_path: Path) -> None:
    assert page_count(printed(example_study(), therapist, tmp_path)) == 1


@needs_browser
def test_a_checklist_of_eight_parts_still_fits_one_page(tmp_path: Path) -> None:
    parts = "\n".join(
        f'section p{number} "A part of it with a long name {number}" on scale delivery\n'
        f'  item i{number} "Does what part {number} asks for, in good time"\n    note "{"Try it. " * 9}"'
        for number in range(8)
    )
    source = re.sub(r"section.*(?=threshold)", parts + "\n\n", SMALL, flags=re.DOTALL)
    study = small_study({"A": [1, 2, 1, 1, 2, 2, 2]}, source.replace("when safety", "when i1"))
    assert page_count(printed(study, "A", tmp_path)) == 1


@needs_office
def test_each_therapist_has_one_page_and_no_page_is_left_over(tmp_path: Path) -> None:
    study = small_study({"A": [4, 5, 4, 4, 3, 4], "B": [2, 2, 1, 2, 2, 1], "C": [3]})
    summary, drift, levels, sessions, method, items = 1, 1, 1, 1, 2, 1
    others = summary + drift + levels + sessions + method + items
    assert page_count(converted(study, "pdf", tmp_path)) == 3 + others


@needs_office
@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
def test_what_people_type_is_still_text_after_libreoffice_saved_it(tmp_path: Path) -> None:
    study = typed_one_by_one({name or "-": [4, 5] for name in NAMES})
    saved = load_workbook(converted(study, "xlsx", tmp_path))
    found = {cell.value: cell.data_type for sheet in saved for row in sheet.iter_rows() for cell in row}
    assert {"f", "e"}.isdisjoint(found.values())
    assert all(found[safe_text(f"welcome: {text}")] == "s" for text in TYPED.values())
    assert all(found[safe_text(text)] == "s" for text in TYPED.values())
    assert all(found[name] == "s" for name in NAMES if name)


def typed_one_by_one(ratings: Mapping[str, Sequence[int]]) -> Study:
    """Each observation with another text of the list as a note and as the rater's name."""
    study = small_study(ratings)
    texts = cycle(TYPED.values())
    scored = tuple(
        ScoredObservation(
            each.observation.model_copy(update={"comments": {"welcome": text}, "rater": text}), each.scored
        )
        for each, text in zip(study.scored, texts, strict=False)
    )
    return replace(study, scored=scored)
