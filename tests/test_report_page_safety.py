"""Whatever people type stays text: on the pages and in the workbook."""

import csv
import json
import re
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from openpyxl import load_workbook
from report_sample import SMALL, small_study

from fidelity.model.summary import SiteSummary
from fidelity.report.page import pages
from fidelity.report.workbook import workbook_bytes
from fidelity.shield import TRIGGERS, without_shield
from fidelity.study.reported import reported
from fidelity.study.whole import Study
from fidelity.study.writing import write_pages

TYPED = {
    "a formula": "=1+1",
    "a formula behind a tab": "\t=cmd|'/c calc'!A0",
    "a full-width formula": "＝1+1",
    "an at sign": "@SUM(A1)",
    "a minus": "-5 min late",
    "an error value": "#N/A",
    "control characters": "a\x00b\x07c\x1bd\x7fe\x85f",
    "half a character": "half \ud83d of one",
    "marks that turn text around": "\u202egnp.exe\u2066 \u2069\u200f",
    "emoji": "👩🏽‍⚕️ good 🙂",
    "a script": "<script>alert(1)</script>",
    "the end of the style": "</style><script>alert(1)</script>",
    "an attribute": '" onmouseover="alert(1)" x="',
    "a drawing": "<svg onload=alert(1)>",
    "a template": "{{ 7 * 7 }}{% raw %}{therapist}",
    "a link": "javascript:alert(1)",
    "a very long note": "long " * 8_000,
    "a word without an end": "x" * 40_000,
    "Arabic": "سأل عن السلامة (PM+) 3/4",
}
NAMES = [
    "=1+1",
    "../x",
    "..\\x",
    "CON",
    "con.txt",
    "a",
    "A",
    "ａ",
    "<script>",
    "",
    "\u202ea",
    "😀",
    "n" * 300,
    "{name}",
]


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and the text between."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str | None] = {}
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]


def seen(page: str) -> Tags:
    found = Tags()
    found.feed(page)
    return found


def made(study: Study) -> dict[str, str]:
    return {name: content.decode() for name, content in pages(reported(study)).items()}


def noted(note: str) -> Study:
    return small_study({"T1": [1, 4, 5]}, comment=note)


@pytest.mark.parametrize("what", TYPED)
def test_a_note_is_text_on_every_page(what: str) -> None:
    for name, page in made(noted(TYPED[what])).items():
        found = seen(page)
        assert not found.tags & {"script", "iframe", "object", "img", "form", "base"}, name
        assert not any(attribute.startswith("on") or attribute == "style" for attribute in found.attributes)
        assert not any(re.match(r"[a-z]+:|//|/", link) for link in found.links), name
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", page), name


@pytest.mark.parametrize("what", ["a formula", "a script", "a template", "a link", "emoji", "Arabic"])
def test_a_note_is_shown_as_it_was_typed(what: str) -> None:
    assert TYPED[what] in unescape(made(noted(TYPED[what]))["sessions/T1_0.html"])


def test_a_note_of_40000_signs_is_there_to_its_end() -> None:
    assert "x" * 40_000 in made(noted("x" * 40_000))["sessions/T1_0.html"]


@pytest.mark.filterwarnings("ignore:Sparkline Group")
@pytest.mark.parametrize("what", TYPED)
def test_a_note_is_text_in_the_workbook(what: str) -> None:
    book: Any = load_workbook(BytesIO(workbook_bytes(reported(noted(TYPED[what])))))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.rows for cell in row)


def test_names_of_every_kind_have_files_of_their_own_inside_the_folder(tmp_path: Path) -> None:
    study = small_study({name or "-": [4, 5] for name in NAMES})
    write_pages(study, tmp_path / "pages")
    files = [each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*") if each.is_file()]
    files.remove("pages/files.json")
    assert all(re.fullmatch(r"pages/([a-z]+/)?[\w-]+\.html", file) for file in files)
    assert len({file.casefold() for file in files}) == len(files)
    assert sum(file.startswith("pages/therapists/") for file in files) == len(NAMES)
    assert all(len(file.rpartition("/")[2].encode()) < 255 for file in files)


@pytest.mark.filterwarnings("ignore:Sparkline Group")
def test_names_of_every_kind_are_text_on_pages_and_in_the_workbook() -> None:
    study = small_study({name or "-": [4, 5] for name in NAMES})
    for page in made(study).values():
        assert "script" not in seen(page).tags
    book: Any = load_workbook(BytesIO(workbook_bytes(reported(study))))
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.rows for cell in row)


def test_a_name_that_turns_text_around_is_kept_in_its_place() -> None:
    page = made(small_study({"\u202ea": [4, 5]}))["therapists/a.html"]
    assert "<h1><bdi>\u202ea</bdi></h1>" in page
    assert "\u202e" not in re.sub(r"<(bdi|title)>.*?</\1>", "", page)


def test_an_odd_name_of_a_rater_and_a_site_is_text_too() -> None:
    study = small_study({"T1": [4, 5]})
    records = tuple(
        type(each)(each.observation.model_copy(update={"rater": "<b>=1+1", "site": "../south"}), each.scored)
        for each in study.scored
    )
    raters = tuple(each.model_copy(update={"rater": "<b>=1+1"}) for each in study.summary.raters)
    sites = (SiteSummary(site="../south", therapists=1, n=2, mean=4.5),)
    summary = study.summary.model_copy(update={"raters": raters, "sites": sites})
    given = made(Study(study.checklist, records, summary))
    assert {"raters/b_1_1.html", "sites/south.html"} <= set(given)
    assert all("b" not in seen(page).tags for page in given.values())


def test_whatever_was_typed_is_text_in_a_csv_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.rubric").write_text(SMALL, encoding="utf-8")
    typed = [text for text in TYPED.values() if text.isprintable() and len(text) < 100]
    answers = {"welcome": "4", "safety": "4", "plan": "4", "homework": "4"}
    records = [
        {"observation": text, "therapist": text, "date": "2026-01-05", "answers": answers} for text in typed
    ]
    (tmp_path / "data.json").write_text(json.dumps(records), encoding="utf-8")
    assert run("score", "small.rubric", "data.json", "-o", "out.csv").status == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert not [cell for row in rows for cell in row if cell.startswith(tuple(TRIGGERS))]
    for column in ("observation", "therapist"):
        assert [without_shield(row[heading.index(column)]) for row in rows] == typed
