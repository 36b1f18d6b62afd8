"""The page of each message is true: its wrong example gives the message, its right one does not."""

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import Ran, Run

from fidelity.cli.code import SAID_AS
from fidelity.errors import wordings
from fidelity.language.layout import formatted

CODES = Path(__file__).parent.parent / "rules" / "codes"
PAGES = sorted(CODES.glob("RB*.md"))
SECTIONS = ["What", "Why it matters", "Wrong", "Right", "When to allow"]
LONGEST_PAGE = 110


def test_each_message_has_a_page_and_each_page_a_message() -> None:
    assert {page.stem for page in PAGES} == {*wordings(), *SAID_AS}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_short_and_has_the_same_parts_as_all(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}: ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert len(text.splitlines()) < LONGEST_PAGE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_wrong_example_gives_the_message_and_the_right_one_does_not(
    page: Path, run: Run, tmp_path: Path
) -> None:
    (kind, wrong), (_, right) = examples(page)
    said = SAID_AS.get(page.stem, page.stem)
    assert said in codes_of(kind, wrong, run, tmp_path)
    found = codes_of(kind, right, run, tmp_path)
    assert said not in found
    assert [code for code in found if wordings()[code]["severity"] == "error"] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_right_example_is_in_its_layout(page: Path) -> None:
    _, (kind, right) = examples(page)
    assert kind == "csv" or formatted(right, "right.rubric") == right


def test_the_checklists_that_the_pages_read_are_clean(run: Run) -> None:
    assert run("check", str(CODES), "--format", "json") == (0, "[]\n", "")
    assert run("test", str(CODES)).status == 0


def examples(page: Path) -> list[tuple[str, str]]:
    """The wrong and the right block of a page, each with its kind."""
    return re.findall(r"```(rubric|csv)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def codes_of(kind: str, block: str, run: Run, folder: Path) -> set[str]:
    """The messages about a source, or about a table read with the checklist of the pages."""
    for each in CODES.glob("*.rubric"):
        shutil.copy(each, folder)
    (folder / f"page.{kind}").write_text(block, encoding="utf-8")
    ran = told(kind, run)
    return set(re.findall(r'"code": "(RB\d{3})"', ran.out))


def told(kind: str, run: Run) -> Ran:
    if kind == "csv":
        return run("score", "meeting.rubric", "page.csv", "--format", "json")
    return run("check", "page.rubric", "--on", "2026-06-01", "--format", "json")


# ---- the commands


def test_a_page_is_shown_as_it_is(run: Run) -> None:
    assert run("code", "rb204") == (0, (CODES / "RB204.md").read_text(encoding="utf-8"), "")


def test_a_page_in_parts_for_programs(run: Run) -> None:
    shown = json.loads(run("code", "RB204", "--format", "json").out)
    assert shown["severity"] == "error"
    assert shown["title"] == "A gap between two levels"
    assert shown["wrong"].startswith("```rubric\nchecklist")


def test_a_code_that_does_not_exist_gets_suggestions(run: Run) -> None:
    ran = run("code", "RB244")
    assert ran.status == 2
    assert "RB204" in ran.err


def test_every_word_is_shown_with_a_right_line(run: Run) -> None:
    shown = json.loads(run("words", "--format", "json").out)
    assert {"scale", "item", "gate", "stage", "reword", "|"} <= {each["word"] for each in shown["statements"]}
    text = run("words").out
    assert all(each["example"] in text for each in shown["statements"])
    assert "median" in text
