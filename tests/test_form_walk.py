"""One checklist with everything that a form can have goes through every form and comes back the same."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from form_in_browser import PHONE, Form, browser, offline
from form_sample import SOFFICE, through_libreoffice
from openpyxl import load_workbook
from playwright.sync_api import Browser

from fidelity.evaluate.evaluator import compile as compile_checklist
from fidelity.form.keying import keying_sheet
from fidelity.form.page import page_form
from fidelity.form.paper import paper_form
from fidelity.form.so_far import in_percents
from fidelity.form.workbook import scoring_form
from fidelity.language.reading import load
from fidelity.model.form import HEAD, META_SHEET
from fidelity.model.observation import Observation
from fidelity.model.spoken import spoken
from fidelity.observe.filled_form import read_forms

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
SOURCE = """
checklist home_visit "Home visit"
  version 1.0.0
  language en
  treat not_observed as left out

fact format "Format" is one of individual "One to one", group "In a group"
fact visit "Which session" is one of first "First", later "A later one"
fact language_used "Language that was spoken" is text
fact present "How many people were there" is a count from 1 to 20

scale delivery "How well it was done"
  answer not_done "Not done"       scores 0 needs a comment
  answer partly   "Partly done"    scores 1
  answer done     "Done"           scores 2
  answer na       "Not applicable" means not_applicable
scale quality "How well" from 1 to 5
  answer 1 "Poorly"
  answer 5 "Very well"
  answer unheard "Could not be heard" means not_observed

section opening "Opening the session" on scale delivery
  item greets "Greets the person"
  item safety "Asks about safety"
    note "Not done if it was only asked in passing."
  item review "Looks at what was practised at home"
    applies when visit is later
section inside "What happens in a group" on scale delivery
  item turns "Gives everybody a turn"
    applies when format is group
section practice "Practising together" on scale quality
  item explains "Explains the step"
  item practises "Practises it with the person"
    needs a comment when practises is below 3
section counts "Counts and words"
  item questions "Open questions that were asked" is a count from 0 to 60
  item stood_out "What stood out" is text optional

score adherence "Steps done" is percent of items in opening, inside
score skill "Skill" is mean of items in practice
result fidelity "Fidelity" from adherence
  level low  "Low: talk about it soon" below 60%
  level high "As it was meant"         at least 60%
gate safety_first "Safety was not asked about" caps fidelity at low when safety is not_done

translation ar "العربية"
  text answer individual of format "فردية"
  text answer later of visit "جلسة لاحقة"
  text answer not_done of delivery "لم ينفَّذ"
  text answer partly of delivery "نُفِّذ جزئيًا"
  text answer done of delivery "نُفِّذ"
  text answer na of delivery "لا ينطبق"
"""
CHECKLIST = load(SOURCE, "home.rubric")
ABOUT = {"therapist": "H1", "client": "C1", "session": "S1", "date": date(2026, 3, 4), "rater": "R1"}
TYPED = {
    **ABOUT,
    "minutes": 40,
    "fact.language_used": "Swahili",
    "fact.present": 2,
    "explains": 4,
    "practises": 2,
    "questions": 12,
    "stood_out": "calm, a bit fast",
    "safety.comment": "ran out of time",
    "practises.comment": "showed it only",
}
CHOSEN = {
    "fact.format": ("individual", "One to one", "فردية"),
    "fact.visit": ("later", "A later one", "جلسة لاحقة"),
    "greets": ("done", "Done", "نُفِّذ"),
    "safety": ("not_done", "Not done", "لم ينفَّذ"),
    "review": ("partly", "Partly done", "نُفِّذ جزئيًا"),
}
ANSWERS = {
    "greets": "done",
    "safety": "not_done",
    "review": "partly",
    "explains": "4",
    "practises": "2",
    "questions": "12",
    "stood_out": "calm, a bit fast",
}
FACTS = {"format": "individual", "visit": "later", "language_used": "Swahili", "present": "2"}
COMMENTS = {"safety": "ran out of time", "practises": "showed it only"}


def filled(content: bytes, said: int) -> bytes:
    """A form or a keying sheet, typed in: 0 by codes, 1 by labels, 2 by Arabic labels."""
    workbook: Any = load_workbook(BytesIO(content), rich_text=True)
    page = workbook.worksheets[0]
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    where = {str(line[0]): str(line[1]) for line in lines}
    cells: Mapping[str, Any] = TYPED | {key: each[said] for key, each in CHOSEN.items()}
    for key, value in cells.items():
        page[where[key]].value = value
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def is_as_it_was_rated(found: Observation) -> None:
    assert found.refused == ()
    assert (found.therapist, found.client, found.session, found.rater) == ("H1", "C1", "S1", "R1")
    assert (found.date, str(found.minutes)) == (date(2026, 3, 4), "40")
    assert (found.answers, found.facts, found.comments) == (ANSWERS, FACTS, COMMENTS)
    scored = compile_checklist(CHECKLIST).score(found)
    assert {key: str(each.exact) for key, each in scored.scores.items()} == {"adherence": "50", "skill": "3"}
    assert (scored.results["fidelity"].level, dict(scored.gates)) == ("low", {"safety_first": "fails"})
    assert scored.comments_needed == ()


ARABIC = spoken(CHECKLIST, "ar", {})
BOTH = partial(scoring_form, spoken(CHECKLIST, "en", {}), "en", ARABIC)
MADE: Mapping[str, tuple[Callable[[], bytes], int]] = {
    "form": (partial(scoring_form, CHECKLIST), 1),
    "form_ar": (partial(scoring_form, CHECKLIST, "ar"), 2),
    "both": (BOTH, 1),
    "both_ar": (BOTH, 2),
    "keying": (partial(keying_sheet, CHECKLIST), 0),
    "keying_labels": (partial(keying_sheet, CHECKLIST), 1),
    "keying_ar": (partial(keying_sheet, CHECKLIST, "ar"), 2),
}


@pytest.mark.parametrize("name", MADE)
def test_workbooks_come_back_the_same(tmp_path: Path, name: str) -> None:
    make, said = MADE[name]
    (tmp_path / "form.xlsx").write_bytes(filled(make(), said))
    reading = read_forms([tmp_path / "form.xlsx"], CHECKLIST)
    assert reading.problems == ()
    is_as_it_was_rated(reading.observations[0])


@pytest.mark.skipif(not SOFFICE, reason="needs LibreOffice")
def test_they_do_after_libreoffice_has_saved_them_and_shows_what_we_work_out(tmp_path: Path) -> None:
    for name, (make, said) in MADE.items():
        (tmp_path / f"{name}.xlsx").write_bytes(filled(make(), said))
    through_libreoffice(sorted(tmp_path.glob("*.xlsx")), tmp_path / "saved")
    for name in MADE:
        (found,) = read_forms([tmp_path / "saved" / f"{name}.xlsx"], CHECKLIST).observations
        is_as_it_was_rated(found)
    page: Any = load_workbook(tmp_path / "saved" / "form.xlsx", data_only=True).worksheets[0]
    shown = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
    assert {"50%", "Low: talk about it soon", "Safety was not asked about", "6 of 6 answered"} <= set(shown)


@pytest.fixture(scope="module")
def engine() -> Iterator[Browser]:
    with browser() as made:
        yield made


@pytest.mark.skipif(not CHROMIUM, reason="needs a browser")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_form_in_a_browser_asks_for_the_notes_and_comes_back_the_same(
    engine: Browser, tmp_path: Path, language: str
) -> None:
    file = tmp_path / "form.html"
    file.write_bytes(page_form(CHECKLIST, language))
    with offline(engine, PHONE) as context:
        form = Form(context, file)
        form.write(**{key: str(value) for key, value in ABOUT.items()}, minutes="40")
        for key, (code, *_) in CHOSEN.items():
            form.answer(**{key.replace(".", "__"): code})
        form.answer(explains="4", practises="2", fact__present="2")
        form.page.fill("[id='t-fact.language_used']", "Swahili")
        form.page.fill("#t-questions", "12")
        form.page.fill("#t-stood_out", "calm, a bit fast")
        form.page.click("#save")
        assert form.page.locator("#open a").count() == 2  # two notes are still to write
        for item, note in COMMENTS.items():
            form.page.fill(f'[data-note="{item}"]', note)
        saved = form.saved()
        assert (form.requests, form.complaints) == ([], [])
        assert json.loads(saved.read_text(encoding="utf-8"))["language"] == language
        (found,) = read_forms([saved], CHECKLIST).observations
    is_as_it_was_rated(found)


# ---- what only a form that asks in time can leave out


def test_paper_and_workbook_say_what_applies_when_and_what_needs_a_note() -> None:
    workbook: Any = load_workbook(BytesIO(scoring_form(CHECKLIST)))
    cells = [str(cell.value) for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value]
    for told in (paper_form(CHECKLIST).decode().replace("&#34;", '"'), "\n".join(cells)):
        assert 'Only if "Which session" is: A later one' in told
        assert 'Only if "Format" is: In a group' in told
        assert told.count("Please write a note with: Not done") == 1
        assert told.count("Some answers need a note.") == 1


def test_the_form_in_a_browser_asks_for_it_when_it_is_so() -> None:
    page = page_form(CHECKLIST).decode()
    assert "Only if" not in page
    assert "need a note." not in page


def test_a_note_of_the_author_is_not_said_again() -> None:
    source = SOURCE.replace(
        "applies when visit is later", 'applies when visit is later\n    note "Later only."'
    )
    assert "Only if &#34;Which session" not in paper_form(load(source, "home.rubric")).decode()


def test_a_part_shows_a_share_only_where_a_percentage_counts_it() -> None:
    assert in_percents(CHECKLIST) == {"greets", "safety", "review", "turns"}


def test_marks_above_letters_make_no_button_broader() -> None:
    in_one_row = [page_form(CHECKLIST, each).decode().count('<div class="row">') for each in ("en", "ar")]
    assert in_one_row == [7, 7]
