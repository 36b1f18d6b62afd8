"""`--look DIR`: a team's own colours, sheets and templates come first, and a mistake in them is told."""

import re
from pathlib import Path

import pytest
from conftest import Run
from openpyxl import load_workbook

from fidelity import content, team_look
from fidelity.errors import WrongUse
from fidelity.report.look import shipped_look
from fidelity.team_look import looking_like

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")  # openpyxl reads none

CHECKLIST = "programmes/example_study/session"
STUDY = str(content.folder("checklists") / "programmes" / "example_study" / "observations")


def look(folder: Path, **files: str) -> Path:
    """A folder with `workbook__styles="…"` as workbook/styles.toml, `page__base="…"` as page/base.html."""
    for name, text in files.items():
        where, _, file = name.partition("__")
        target = folder / where / f"{file}{'.toml' if where == 'workbook' else '.html'}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def test_one_colour_changes_the_workbook_and_the_pages(run: Run, tmp_path: Path) -> None:
    own = look(tmp_path / "own", workbook__styles='[palette.head]\nfill = "005A3C"\n')
    done = run("report", CHECKLIST, STUDY, "-o", "r.xlsx", "--pages", "pages", "--look", str(own))
    assert done.status == 0, done.said
    page = (tmp_path / "pages" / "index.html").read_text()
    assert "--head-fill:#005A3C" in page
    assert "--head-text:#FFFFFF" in page
    book = load_workbook(tmp_path / "r.xlsx")
    fills = {cell.fill.fgColor.rgb for row in book.worksheets[0] for cell in row if cell.fill.fill_type}
    assert "00005A3C" in fills
    assert "0023395B" not in fills


def test_letter_paper_is_one_setting_for_the_workbook_and_the_pages(run: Run, tmp_path: Path) -> None:
    own = look(tmp_path / "own", workbook__styles='[paper]\nsize = "Letter"\n')
    done = run("report", CHECKLIST, STUDY, "-o", "r.xlsx", "--pages", "pages", "--look", str(own))
    assert done.status == 0, done.said
    assert {sheet.page_setup.paperSize for sheet in load_workbook(tmp_path / "r.xlsx")} == {1}
    page = (tmp_path / "pages" / "index.html").read_text()
    assert "@page{size:Letter}@page wide{size:Letter landscape}" in page
    assert not re.search(r"size: ?A4", page)


def test_the_next_report_looks_as_shipped_again(tmp_path: Path) -> None:
    before = shipped_look()
    with looking_like(look(tmp_path, workbook__styles='[palette.head]\nfill = "005A3C"\n')):
        assert shipped_look().colour("head.fill") == "005A3C"
        assert shipped_look().colour("good.fill") == before.colour("good.fill")
    assert shipped_look() is before
    assert team_look.own() is None


def test_the_form_takes_the_same_look(run: Run, tmp_path: Path) -> None:
    own = look(tmp_path / "own", workbook__styles='[palette.head]\nfill = "005A3C"\n')
    assert run("form", CHECKLIST, "--to", "xlsx", "-o", "f.xlsx", "--look", str(own)).status == 0
    book = load_workbook(tmp_path / "f.xlsx")
    assert "00005A3C" in {cell.fill.fgColor.rgb for row in book.worksheets[0] for cell in row}


def test_a_template_of_the_team_takes_the_place_of_ours(run: Run, tmp_path: Path) -> None:
    own = look(tmp_path / "own", page__index="<h1>Our own: {{ title }}</h1>")
    assert run("report", CHECKLIST, STUDY, "-o", "r.xlsx", "--pages", "pages", "--look", str(own)).status == 0
    assert (tmp_path / "pages" / "index.html").read_text().startswith("<h1>Our own: ")


@pytest.mark.parametrize(
    ("styles", "said"),
    [
        ('[palette.hed]\nfill = "005A3C"', "there is no setting palette.hed. Did you mean head?"),
        ('[palette.head]\nfill = "green"', "palette.head.fill has to be a colour of six signs"),
        ("[palette.head]\nfill = 5", "palette.head.fill has to be a colour of six signs"),
        ('[chart]\nlevels = "005A3C"', "chart.levels has to be a colour of six signs"),
        ('[fonts]\nsize = "big"', "fonts.size has to be a number"),
        ('[styles."FID Title"]\nbold = 1', "styles.FID Title.bold has to be true or false"),
        (
            '[styles."FID Title"]\nalign = "middle"',
            "styles.FID Title.align has to be one of left, center, right",
        ),
        ('[widths.summary]\ntherapist = "wide"', "widths.summary.therapist has to be a number"),
        ('[paper]\nsize = "letter"', "paper.size has to be one of A4, Letter"),
        ("palette = 3", "palette has to be"),
        ("[palette", "cannot be read"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_place(styles: str, said: str, tmp_path: Path) -> None:
    own = look(tmp_path, workbook__styles=styles)
    with looking_like(own), pytest.raises(WrongUse) as told:
        shipped_look()
    assert str(told.value).startswith(str(own / "workbook" / "styles.toml"))
    assert said in str(told.value)


def test_a_role_that_no_palette_has_is_told(run: Run, tmp_path: Path) -> None:
    own = look(tmp_path / "own", workbook__styles='[styles."FID Title"]\nrole = "stong"\n')
    done = run("report", CHECKLIST, STUDY, "-o", "r.xlsx", "--look", str(own))
    assert done.status == 2
    assert "Did you mean strong?" in done.err
    assert not (tmp_path / "r.xlsx").exists()


def test_a_mistake_in_a_template_is_told(run: Run, tmp_path: Path) -> None:
    own = look(tmp_path / "own", page__index="<p>{{ title</p>")
    done = run("report", CHECKLIST, STUDY, "-o", "r.xlsx", "--pages", "pages", "--look", str(own))
    assert done.status == 2
    assert "A template in" in done.err
    assert "line 1" in done.err


def test_a_file_that_would_be_passed_over_is_refused(tmp_path: Path) -> None:
    own = look(tmp_path, workbook__style="")
    with pytest.raises(
        WrongUse, match=r"style\.toml is no file of a look\. Did you mean workbook/styles\.toml\?"
    ):
        looking_like(own).__enter__()


def test_an_empty_folder_is_no_look(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    done = run("report", CHECKLIST, STUDY, "-o", "r.xlsx", "--look", "own")
    assert done.status == 2
    assert "holds no look" in done.err
