"""The form on paper: a box for every answer, every item on it, and two pages for a session."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import Run

from fidelity.form.paper import paper_form
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.team_look import page_text

CHECKLISTS = Path(__file__).parent.parent / "checklists"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
SMALL = """
checklist small "A <small> form"
version 1.0.0
scale done "How well?"
  answer no_ "Not done" scores 0
  answer yes "Done"     scores 1
scale much "How much?" from 0 to 4
  answer 0 "None"
section first "The first part" on scale done
  note "Look at these first."
  item hello "Says hello"
    note "In any language."
  item name "Says the name"
section second "The second part"
  item often "How often it was seen" is a count
  item words "What stood out" is text
  item depth "How deep it went" on scale much
score total "Total" is percent of items in first
"""


def form_of(text: str) -> str:
    return paper_form(load(text, "small.rubric")).decode()


def shipped(path: str) -> Checklist:
    file = CHECKLISTS / f"{path}.rubric"
    return load(file.read_text(encoding="utf-8"), str(file))


def test_items_that_share_few_answers_have_a_column_for_each() -> None:
    page = form_of(SMALL)
    heads = re.findall(r'<th scope="col" class="answer">(.*?)</th>', page)
    assert heads == ["Not done", "Done"]
    hello = page[page.index("Says hello") : page.index("Says the name")]
    assert hello.count('<span class="box"></span>') == 2
    assert "In any language." in hello


def test_numbers_and_texts_have_room_to_write_and_other_answers_labelled_boxes() -> None:
    page = form_of(SMALL)
    second = page[page.index("The second part") :]
    assert second.count('<span class="number"></span>') == 1
    assert re.findall(r'<span class="box"></span>(.*?)</span>', second) == ["0 · None", "1", "2", "3", "4"]
    words = second[second.index("What stood out") : second.index("How deep it went")]
    assert words.count('<span class="line"></span>') == 2


def test_the_foot_of_every_page_names_checklist_version_text_and_language() -> None:
    checklist = load(SMALL, "small.rubric")
    code = f"small 1.0.0 · {checklist.fingerprint.removeprefix('sha256:')[:8]} · en"
    page = paper_form(checklist).decode()
    assert f'@bottom-left {{ content: "{code}"; }}' in page
    assert '"Page " counter(page) " of " counter(pages) ""' in page


def test_texts_are_escaped_and_nothing_can_be_fetched() -> None:
    page = form_of(SMALL)
    assert "A &lt;small&gt; form" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize(
    "path",
    sorted(str(each.relative_to(CHECKLISTS).with_suffix("")) for each in CHECKLISTS.rglob("*.rubric")),
)
def test_every_shipped_checklist_has_every_item_on_its_form(path: str, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "form.html"
    ran = run("form", path, "--to", "paper", "-o", str(out))
    if "programme" in ran.said:
        return
    assert ran.status == 0, ran.said
    page = out.read_text(encoding="utf-8")
    checklist = shipped(path)
    asked = {f'<bdi class="id">{each}</bdi>' for each in (*(each.id for each in checklist.items),)}
    two_scales = {each.item for each in checklist.questions if each.key != each.item}
    missing = [each for each in asked if each not in page]
    assert missing == []
    assert page.count('<bdi class="id">') == len(checklist.items) + sum(
        each.item in two_scales for each in checklist.questions
    )


def test_the_name_must_fit_the_kind(run: Run, tmp_path: Path) -> None:
    ran = run("form", "upsides/principles", "--to", "paper", "-o", str(tmp_path / "form.xlsx"))
    assert (ran.status, "must end in .html or .pdf" in ran.said) == (2, True)


def test_the_same_form_has_the_same_bytes() -> None:
    checklist = shipped("upsides/principles")
    assert paper_form(checklist) == paper_form(checklist)


@pytest.mark.skipif(not CHROMIUM, reason="needs a browser")
@pytest.mark.parametrize("path", ["pm_plus/individual/session_2", "pm_plus/group/session_1"])
def test_a_session_fits_on_two_pages_of_a_pdf(path: str, run: Run, tmp_path: Path) -> None:
    pdf = tmp_path / "form.pdf"
    assert run("form", path, "--to", "paper", "-o", str(pdf)).status == 0
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 2


@pytest.mark.skipif(not CHROMIUM, reason="needs a browser")
@pytest.mark.parametrize("other", ["ar", "sw"])
def test_so_does_a_session_in_two_languages(other: str, run: Run, tmp_path: Path) -> None:
    pdf, both = tmp_path / "form.pdf", ("--language", "en", "--beside", other)
    path = "pm_plus/individual/session_2"
    assert run("form", path, "--to", "paper", *both, "-o", str(pdf)).status == 0
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 2


def test_nothing_on_it_is_smaller_than_eight_points_but_ids() -> None:
    style = page_text("page/paper.css")
    sizes = re.findall(r"([^{}]*)\{[^{}]*?font-size: ([\d.]+)pt", style)
    assert {name.strip() for name, size in sizes if float(size) < 8} == {".id"}


def test_parts_with_the_same_answers_share_one_heading_that_every_page_repeats() -> None:
    both = 'section third "Again" on scale done\n  item again "Once more"\nsection second'
    page = form_of(SMALL.replace("section second", both, 1))
    assert re.findall(r'<th scope="col" class="answer">(.*?)</th>', page) == ["Not done", "Done"]
    assert page.count('<tr class="part">') == 2
    first = page[page.index("<table") : page.index("</table>")]
    assert (first.count("<thead>"), first.count("<tbody>"), "What to look for" in first) == (1, 2, True)


def test_without_a_browser_it_says_how_to_print(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    ran = run("form", "upsides/principles", "--to", "paper", "-o", str(tmp_path / "form.pdf"))
    assert (ran.status, "open it in any browser" in ran.said) == (2, True)
