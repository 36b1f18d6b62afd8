"""The reports of the example study as pictures: for the README, and to hold later ones against.

By hand: `python tests/pictures.py` writes those of the README into `reports/pictures` anew.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import as_file
from pathlib import Path
from tempfile import TemporaryDirectory

from form_in_browser import CHROMIUM, browser
from playwright.sync_api import Browser

from fidelity import content
from fidelity.study.loading import load
from fidelity.study.reading import read
from fidelity.study.summarising import summarise
from fidelity.study.writing import PackWanted, write_report

OFFICE = shutil.which("soffice") or ""
POPPLER = shutil.which("pdftoppm") or ""
PATIENCE = 180

THERAPIST = "PMG-03"  # the one whose scores fall
FOR_README = Path(__file__).parent.parent / "reports" / "pictures"
FONTS = {"Calibri": "Carlito", "system-ui": "Noto Sans"}
IN_README = ("summary", "feedback", "trial_table")
LARGEST = 200_000  # bytes


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook, as LibreOffice prints it: the page that has all of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """The upper part of a page in a browser, so many pixels wide and high."""

    page: str
    wide: int
    high: int


SHOWN: Mapping[str, Sheet | Screen] = {
    "summary": Sheet(("Fidelity and competency summary",)),
    "therapist": Sheet((f"{THERAPIST} ·", "Most often missed")),
    "overview": Screen("pages/index.html", 1280, 960),
    "feedback": Screen(f"pages/feedback/{THERAPIST}.html", 820, 1110),
    "trial_table": Screen("pack/tables.html", 1000, 1060),
}


def can_draw() -> bool:
    """Whether this machine has what it takes: the programs, and the fonts of the stored pictures."""
    return bool(CHROMIUM and OFFICE and POPPLER) and all(
        _font(wanted) == has for wanted, has in FONTS.items()
    )


def _font(wanted: str) -> str:
    """Which font stands in for another one here."""
    match = shutil.which("fc-match")
    if match is None:
        return ""
    asked = subprocess.run([match, "-f", "%{family[0]}", wanted], capture_output=True, check=False, text=True)
    return asked.stdout.strip()


def written_report(folder: Path) -> Path:
    """The workbook, the pages and the trial pack of the example study."""
    model = load("programmes/example_study/programme")
    with as_file(content.folder("checklists") / "programmes" / "example_study") as study:
        whole = summarise(model, read(study, model))
    write_report(whole, folder / "report.xlsx", folder / "pages", PackWanted(folder / "pack"))
    _run(
        [
            OFFICE,
            f"-env:UserInstallation={(folder / 'office').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
        ],
        folder,
    )
    return folder


def _run(office: list[str], folder: Path) -> None:
    command = [*office, "--outdir", str(folder), str(folder / "report.xlsx")]
    subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)


def pictures(report: Path, names: Iterable[str], folder: Path, dots: int = 75) -> dict[str, Path]:
    """Draws pictures of a written report, those of pages in one browser."""
    targets = {name: folder / f"{name}.png" for name in names}
    with browser() as made:
        for name, target in targets.items():
            match SHOWN[name]:
                case Sheet() as shown:
                    _draw_sheet(report, shown, target, dots)
                case Screen() as shown:
                    _draw_screen(made, report, shown, target)
    return targets


def _draw_sheet(report: Path, shown: Sheet, target: Path, dots: int) -> None:
    pdf = report / "report.pdf"
    page = str(_page_with(pdf, shown.words))
    command = [POPPLER, "-png", "-singlefile", "-r", str(dots), "-f", page, "-l", page]
    subprocess.run(
        [*command, str(pdf), str(target.with_suffix(""))], capture_output=True, check=True, timeout=PATIENCE
    )


def _draw_screen(browser: Browser, report: Path, shown: Screen, target: Path) -> None:
    """By a driven browser: `chromium --screenshot` now and then leaves the lower rows white."""
    page = browser.new_page(viewport={"width": shown.wide, "height": shown.high})
    page.goto((report / shown.page).as_uri())
    page.screenshot(path=target)
    page.close()


def _page_with(pdf: Path, words: tuple[str, ...]) -> int:
    """The first page of a PDF on which all these words stand."""
    text = subprocess.run(
        [str(Path(POPPLER).with_name("pdftotext")), str(pdf), "-"], capture_output=True, check=True, text=True
    ).stdout
    pages = text.split("\f")
    return next(number for number, page in enumerate(pages, start=1) if all(word in page for word in words))


def main() -> None:
    """Draws the pictures of the README."""
    if not can_draw():
        sys.exit("Chromium, LibreOffice and poppler-utils are needed.")
    FOR_README.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        report = written_report(Path(folder))
        for made in pictures(report, IN_README, FOR_README, 85).values():
            size = made.stat().st_size
            sys.stdout.write(f"{made.name}: {size} bytes{' (too large)' if size > LARGEST else ''}\n")


if __name__ == "__main__":
    main()
