"""The form in a browser: every question on it, nothing that could leave it, the same bytes each time."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import Run

import fidelity
from fidelity.form.page import page_form
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.form import languages
from fidelity.model.spoken import spoken

SHIPPED = Path(__file__).parent.parent / "checklists"
SMALL = """
checklist small "A <small> form"
version 1.0.0
scale done "How well?"
  answer no_ "Not done" scores 0
  answer yes "Done"     scores 1
  answer na  "No place" means not_applicable
scale deep "How deep?" from 0 to 6
  answer 0 "None"
  answer 6 "All"
section first "The first part" on scale done
  note "Look at these first."
  item hello "Says hello"
    note "In any language."
section second "The second part"
  item often "How often it was seen" is a count from 0 to 99
  item words "What stood out" is text
  item depth "How deep it went" on scale deep
score total "Total" is percent of items in first
"""
HOSTILE = (
    "</script><script>window.hurt=1</script>",
    "<img src=x onerror=window.hurt=1>",
    "]]></style><b>",
    "\u2028window.hurt=1\u2029",
    "a' onfocus='window.hurt=1",
    "\u202egnp.exe",
    "&lt;b&gt; &amp; ${window.hurt=1} `",
    "\\u003c/script>\\",
)


def form_of(text: str) -> str:
    return page_form(load(text, "small.rubric")).decode()


def hostile_checklist() -> Checklist:
    """A checklist in which everything that can be called somehow is called something hostile.

    The language takes some of these signs in no source; here they come in behind its back.
    """
    items = "\n".join(f'  item i{number} "-"' for number, _ in enumerate(HOSTILE))
    checklist = load(
        f"""
checklist hostile "-"
version 1.0.0
scale done "Done?"
  answer no_ "No" scores 0
  answer yes "Yes" scores 1 needs a comment
section whole "-" on scale done
{items}
score total "-" is percent of items
result r "-" from total
  level low "-" below 50%
  level high "+" at least 50%
gate g "-"
  caps r at low when i0 is no_
flag f "-" when i1 is no_
""",
        "hostile.rubric",
    )
    [result], [gate], [flag] = checklist.results, checklist.gates, checklist.flags
    levels = tuple(replace(each, title=HOSTILE[at]) for at, each in enumerate(result.levels))
    return replace(
        checklist,
        title=HOSTILE[0],
        items=tuple(
            replace(each, title=text, note=text) for each, text in zip(checklist.items, HOSTILE, strict=True)
        ),
        groups=tuple(replace(each, title=HOSTILE[1], note=HOSTILE[3]) for each in checklist.groups),
        scores=tuple(replace(each, title=HOSTILE[0]) for each in checklist.scores),
        results=(replace(result, title=HOSTILE[5], levels=levels),),
        gates=(replace(gate, title=HOSTILE[0]),),
        flags=(replace(flag, title=HOSTILE[3]),),
    )


def test_only_its_own_style_and_script_may_do_anything() -> None:
    page = form_of(SMALL)
    [policy] = re.findall(r'Content-Security-Policy" content="(.*?)"', page)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashed = [b64encode(sha256(each.encode()).digest()).decode() for each in (style, script)]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashed[0]}'; script-src 'sha256-{hashed[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "http" not in page.replace("http-equiv", "")
    assert 'style="' not in page
    assert not re.search(r"\son\w+=", page.replace(script, ""))


def test_buttons_for_choices_a_field_for_numbers_and_texts_and_a_ruler_for_a_long_scale() -> None:
    page = form_of(SMALL)
    assert re.findall(r'name="hello" value="(.*?)"><span>(.*?)<', page) == [
        ("no_", "Not done"),
        ("yes", "Done"),
        ("na", "No place"),
    ]
    assert page.index('<div class="apart">') < page.index('value="na"')
    assert 'inputmode="decimal"' in page
    assert "Please write a whole number, from 0 to 99." in page
    assert '<textarea id="t-words"' in page
    assert re.findall(r'name="depth" value="(.)"><span>(.)', page) == [(code, code) for code in "0123456"]
    ends = page[page.index('class="ends"') :]
    assert re.findall(r"<span>(.*?)</span>", ends)[:2] == ["0 · None", "6 · All"]


def test_a_form_without_scripts_says_in_what_to_open_it() -> None:
    assert "<noscript><p" in form_of(SMALL)
    assert "Chrome, Firefox or Safari" in form_of(SMALL)


def test_the_same_form_has_the_same_bytes() -> None:
    checklist = fidelity.load("upsides/principles")
    assert isinstance(checklist, Checklist)
    assert page_form(checklist) == page_form(checklist)
    assert page_form(checklist, "ar") == page_form(checklist, "ar")


def test_no_text_ends_the_script_or_begins_an_element() -> None:
    page = page_form(hostile_checklist()).decode()
    assert page.count("<script") == page.count("</script") == 1
    assert page.count("</style") == 1
    assert "<img" not in page
    assert "\u2028" not in page[page.index("<script>") :]


@pytest.mark.parametrize(
    "file",
    sorted(SHIPPED.rglob("*.rubric")),
    ids=lambda each: each.relative_to(SHIPPED).with_suffix("").as_posix(),
)
def test_every_shipped_checklist_has_a_form_in_each_of_its_languages(file: Path) -> None:
    checklist = fidelity.load(file)
    if not isinstance(checklist, Checklist):
        return
    for language in languages(checklist):
        page = page_form(checklist, language).decode()
        assert f'<html lang="{language}" dir="' in page
        asked = set(re.findall(r'data-entry="(.*?)"', page))
        assert asked >= {each.key for each in checklist.questions}
        assert {f"fact.{each.id}" for each in checklist.facts} == {
            each for each in asked if each.startswith("fact.")
        }
        origin = json.loads(re.findall(r'"origin":(\{.*?\})', page)[0])
        assert origin == {
            "format": "fidelity-form/1",
            "program": origin["program"],
            "checklist": checklist.id,
            "version": checklist.about.version,
            "fingerprint": checklist.fingerprint,
            "language": language,
        }
        shown = spoken(checklist, language, {})
        assert [each["title"] for each in _texts(page)["scores"]] != [] or not shown.scores


def _texts(page: str) -> dict[str, list[dict[str, str]]]:
    line = next(each for each in page.splitlines() if each.startswith("const FORM = "))
    known: dict[str, dict[str, list[dict[str, str]]]] = json.loads(line[len("const FORM = ") : -1])
    return known["texts"]


def test_the_command_writes_it_in_a_language_and_asks_for_the_right_ending(run: Run, tmp_path: Path) -> None:
    ran = run("form", "upsides/principles", "--to", "html", "--language", "ar", "-o", "form.html")
    assert ran.status == 0, ran.said
    assert '<html lang="ar" dir="rtl">' in (tmp_path / "form.html").read_text(encoding="utf-8")
    ran = run("form", "upsides/principles", "--to", "html", "-o", "form.pdf")
    assert (ran.status, "must end in .html" in ran.said) == (2, True)


def test_a_team_can_give_it_another_look(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own" / "page").mkdir(parents=True)
    (tmp_path / "own" / "page" / "form.css").write_text("h1 { color: green; }", encoding="utf-8")
    ran = run("form", "upsides/principles", "--to", "html", "-o", "form.html", "--look", "own")
    assert ran.status == 0, ran.said
    assert "h1 { color: green; }" in (tmp_path / "form.html").read_text(encoding="utf-8")
