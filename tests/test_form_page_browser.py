"""The form as a rater uses it, without a network: filled, kept, saved, imported; open to all."""

import json
from collections.abc import Iterator
from fractions import Fraction
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from form_in_browser import CHROMIUM, DESK, PHONE, Form, browser, offline
from playwright.sync_api import Browser, BrowserContext, Page
from test_form_page import HOSTILE, hostile_checklist

import fidelity
from fidelity.evaluate.evaluator import compile
from fidelity.form.page import page_form
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.observe.filled_form import read_forms

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs a browser")

SESSION = "pm_plus/individual/session_2"
VISIT = """
checklist visit "A visit"
version 1.0.0
scale done "Done?"
  answer no_step "No"   scores 0
  answer partly  "Partly" scores 1 needs a comment
  answer yes_step "Yes" scores 2
  answer na "No place"  means not_applicable
fact format "Format" is one of alone "Alone", group "Group"
section all_of_it "All of it" on scale done
  item greets "Greets"
  item asks "Asks about danger" tagged safety
    note "Ask directly."
  item circle "Sits in a circle"
    applies when format is group
  item ends "Ends well"
section more "More"
  item minutes_late "Minutes late" is a count from 0 to 60
  item words "What stood out" is text
score adherence "Adherence" is percent of items in all_of_it needing at least 2/3 answered
result fidelity "Fidelity" from adherence
  level low "Low" below 50%
  level fair "Acceptable" from 50% to below 80%
  level high "High" at least 80%
gate safety_first "The safety question was left out"
  caps fidelity at low when any item tagged safety is no_step
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Browser]:
    with browser() as made:
        yield made


@pytest.fixture
def phone(engine: Browser) -> Iterator[BrowserContext]:
    context = offline(engine, PHONE)
    yield context
    context.close()


def visit() -> Checklist:
    return load(VISIT, "visit.rubric")


def written(folder: Path, checklist: Checklist, language: str = "") -> Path:
    file = folder / "form.html"
    file.write_bytes(page_form(checklist, language))
    return file


def shipped(path: str) -> Checklist:
    found = fidelity.load(path)
    assert isinstance(found, Checklist)
    return found


def filled(form: Form) -> Form:
    """A visit that is complete."""
    form.write(therapist="T1", session="S1", date="2026-03-04", rater="R1")
    form.answer(fact__format="alone", greets="yes_step", asks="yes_step", ends="no_step")
    form.page.fill("#t-minutes_late", "5")
    return form


# ---- the live result


def test_score_level_and_gate_follow_the_answers(phone: BrowserContext, tmp_path: Path) -> None:
    form = Form(phone, written(tmp_path, visit()))
    assert (form.seen("#progress"), form.seen("#score")) == ("0 of 5 answered", "–")
    form.answer(fact__format="alone", greets="yes_step")
    assert form.seen("#progress") == "1 of 4 answered"
    assert "Too few answers: 1 of 3, and 2 are needed." in form.seen("#result")
    form.answer(asks="yes_step")
    assert (form.seen("#score"), form.seen("#level")) == ("100%", "High")
    assert "Open answers can still make it 66.7% to 100%." in form.seen("#result")
    form.answer(ends="no_step", asks="no_step")
    assert (form.seen("#score"), form.seen("#level")) == ("33.3%", "Low")
    assert form.seen("#message") == "The safety question was left out"
    assert form.complaints == form.requests == []


def test_what_is_still_possible_is_said_instead_of_a_level(phone: BrowserContext, tmp_path: Path) -> None:
    form = Form(phone, written(tmp_path, visit()))
    form.answer(fact__format="alone", greets="yes_step")
    assert "Low or Acceptable or High\nStill possible" in form.seen("#result").replace("\n\n", "\n")
    form.answer(ends="yes_step")
    assert (form.seen("#score"), form.seen("#level")) == ("100%", "Low or High")


def test_a_safety_item_that_closes_a_gate_says_what_the_checklist_says(
    phone: BrowserContext, tmp_path: Path
) -> None:
    form = Form(phone, written(tmp_path, visit()))
    form.answer(asks="no_step")
    asks = form.item("asks")
    assert "stopped" in asks.get_attribute("class")
    assert asks.locator(".raised").inner_text().split("\n\n") == [
        "The safety question was left out",
        "Fidelity: at most “Low”",
    ]
    assert form.page.inner_text("#live").startswith("The safety question was left out")
    form.answer(asks="yes_step")
    assert "stopped" not in asks.get_attribute("class")


def test_an_item_that_does_not_apply_is_shown_so_and_its_answer_kept(
    phone: BrowserContext, tmp_path: Path
) -> None:
    form = Form(phone, written(tmp_path, visit()))
    form.answer(fact__format="group", circle="yes_step")
    form.answer(fact__format="alone")
    assert "the answer is kept and not counted" in form.item("circle").inner_text()
    form.item("circle").locator(".clear").click()
    assert "Does not apply here, so it is not asked." in form.item("circle").inner_text()
    assert not form.item("circle").locator(".options").is_visible()


def test_a_note_that_is_needed_is_asked_for_and_missed_on_saving(
    phone: BrowserContext, tmp_path: Path
) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.answer(ends="partly")
    assert "A note is needed here" in form.item("ends").inner_text()
    form.page.click("#save")
    assert "Ends well (A note is needed here)" in form.seen("#open-list")
    form.page.click("#open-list a")
    assert form.page.evaluate("document.activeElement.dataset.note") == "ends"
    form.page.keyboard.type("Ran out of time.")
    assert json.loads(form.saved().read_text())["sessions"][0]["comments"] == {"ends": "Ran out of time."}


@pytest.mark.parametrize(("typed", "code"), [("٢٫٥", "2.5"), ("1/4", "0.25"), (" 40 ", "40")])
def test_numbers_are_read_in_every_script_and_saved_in_one_way(
    typed: str, code: str, phone: BrowserContext, tmp_path: Path
) -> None:
    hours = load(
        'checklist h "H"\nversion 1.0.0\nsection s "S"\n  item hours "Hours" is a number from 0 to 40\n',
        "h.rubric",
    )
    form = Form(phone, written(tmp_path, hours))
    form.page.fill("#t-hours", typed)
    form.page.click("#save")
    saved = json.loads(form.saved("#save-open").read_text(encoding="utf-8"))
    assert saved["sessions"][0]["answers"] == {"hours": code}


def test_what_is_no_number_is_marked_and_never_saved(phone: BrowserContext, tmp_path: Path) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.page.fill("#t-minutes_late", "five")
    assert form.page.get_attribute("#t-minutes_late", "aria-invalid") == "true"
    form.page.click("#save")
    assert form.seen("#open-title") == "This cannot be saved as it is written"
    assert not form.page.is_visible("#save-open")
    form.page.fill("#t-minutes_late", "5")
    assert form.saved().exists()


# ---- from the first key to the report


def by_keyboard(page: Page, codes: dict[str, str], words: dict[str, str]) -> int:
    """Goes through the form by Tab up to the button for saving, and gives how often that was pressed."""
    for pressed in range(1, 600):
        page.keyboard.press("Tab")
        at: dict[str, Any] = page.evaluate(
            """() => { const { type, name, value, id, dataset } = document.activeElement;
            return { type, name, value, id, field: dataset.field ?? "" }; }"""
        )
        assert not _below_the_bar(page)
        if at["id"] == "save":
            return pressed
        if at["type"] == "radio" and at["name"] in codes:
            page.keyboard.press("Space")
            while page.evaluate("document.activeElement.value") != codes[at["name"]]:
                page.keyboard.press("ArrowDown")
        elif at["field"] in words:
            page.keyboard.type(words[at["field"]])
    raise AssertionError("never came to the button")


def _below_the_bar(page: Page) -> bool:
    """Whether the bar covers a part of what has the focus."""
    covered: bool = page.evaluate(
        """() => { const at = document.activeElement, seen = at.closest(".option") ?? at;
        const bar = document.querySelector(".bar").getBoundingClientRect();
        return !seen.closest(".bar") && seen.getBoundingClientRect().bottom > bar.top; }"""
    )
    return covered


def test_filled_by_keyboard_alone_it_is_imported_with_the_score_it_showed(
    phone: BrowserContext, tmp_path: Path, run: Run
) -> None:
    checklist = shipped(SESSION)
    form = Form(phone, written(tmp_path, checklist))
    options = {each.key: [choice.id for choice in each.scale.choices] for each in checklist.questions}
    codes = {
        key: of_scale[min(1 + at % 2, len(of_scale) - 1)]
        for at, (key, of_scale) in enumerate(options.items())
    }
    words = {"therapist": "T7", "session": "S3", "date": "03042026", "rater": "R2", "rater_role": "Super"}
    pressed = by_keyboard(form.page, {**codes, "fact.danger": "sign_seen"}, words)
    form.page.keyboard.press("Enter")
    form.page.keyboard.press("Tab")
    with form.page.expect_download() as waiting:
        form.page.keyboard.press("Enter")
    saved = form.kept(waiting.value)
    assert (pressed < 200, form.complaints, form.requests) == (True, [], [])
    ran = run("import", str(saved), "--checklist", SESSION, "-o", "data.csv")
    assert ran.status == 0, ran.said
    scored = json.loads(run("score", SESSION, "data.csv", "--format", "json").out)["observations"][0]
    assert (scored["observation"], scored["therapist"], scored["date"]) == ("S3-R2", "T7", "2026-03-04")
    assert scored["scores"]["adherence"]["shown"] == form.seen("#score")
    level = {each.id: each.title for each in checklist.results[0].levels}[
        scored["results"]["fidelity"]["level"]
    ]
    assert level == form.page.text_content("#level")
    [observation] = read_forms([saved], checklist).observations
    assert observation.answers == {key: codes[key] for key in observation.answers}
    assert len(observation.answers) == len(checklist.questions)


def test_the_table_holds_the_same_as_the_answers_and_no_formula(
    phone: BrowserContext, tmp_path: Path, run: Run
) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.page.fill("#t-words", '=HYPERLINK("http://x","y")')
    form.item("greets").locator("summary").click()
    form.page.fill('[data-note="greets"]', '+1, "quoted"\nnext line\u2028and one')
    (tmp_path / "visit.rubric").write_text(VISIT, encoding="utf-8")
    saved, table = form.saved(), form.saved("#table")
    text = table.read_text(encoding="utf-8")
    assert "\"'=HYPERLINK" in text
    assert "\"'+1, " in text
    ran = run("import", str(saved), "--checklist", "visit.rubric", "-o", "data.csv")
    assert ran.status == 0, ran.said
    of_answers = json.loads(run("score", "visit.rubric", "data.csv", "--format", "json").out)["observations"]
    of_table = json.loads(run("score", "visit.rubric", str(table), "--format", "json").out)["observations"]
    assert of_answers == of_table
    both = fidelity.read([tmp_path / "data.csv"], visit()).observations
    assert both[0].comments == {"greets": '+1, "quoted"\nnext line\u2028and one'}
    assert both[0].answers["words"] == '=HYPERLINK("http://x","y")'


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("context/site_readiness", {"site": "North", "date": "2026-03-04", "rater": "R1"}),
        ("reporting/tidier", {"session": "Paper1", "date": "2026-03-04", "rater": "R1"}),
        ("supervision/self_care", {"therapist": "T1", "date": "2026-03-04"}),
        ("upsides/contact_record", {"therapist": "T1", "session": "S1", "date": "2026-03-04"}),
    ],
)
def test_every_unit_comes_back_as_it_was_entered(
    path: str, named: dict[str, str], phone: BrowserContext, tmp_path: Path
) -> None:
    checklist = shipped(path)
    form = Form(phone, written(tmp_path, checklist))
    form.write(**named)
    form.page.evaluate(
        """() => { for (const each of document.querySelectorAll("[data-entry]"))
          each.querySelector("input[type=radio]")?.click(); }"""
    )
    form.page.click("#table")
    table = form.saved("#save-open") if form.page.is_visible("#open") else form.saved("#table")
    form.page.click("#save")
    saved = form.saved("#save-open") if form.page.is_visible("#open") else form.saved()
    [from_saved] = read_forms([saved], checklist).observations
    [from_table] = fidelity.read([table], checklist).observations
    subject = next(iter(named.values()))
    assert (from_saved.refused, from_saved.therapist, str(from_saved.date)) == ((), subject, "2026-03-04")
    assert len(from_saved.answers) > 1
    for name in (
        "observation",
        "session",
        "therapist",
        "site",
        "date",
        "rater",
        "answers",
        "facts",
        "comments",
    ):
        assert getattr(from_saved, name) == getattr(from_table, name)


# ---- drafts


def test_a_draft_survives_and_can_be_deleted(phone: BrowserContext, tmp_path: Path) -> None:
    file = written(tmp_path, visit())
    form = filled(Form(phone, file))
    form.page.fill("#box", "Went well.")
    form.page.reload()
    assert form.page.input_value("#f-therapist") == "T1"
    assert form.page.is_checked('input[name="asks"][value="yes_step"]')
    assert form.page.input_value("#box") == "Went well."
    assert form.seen("#progress") == "4 of 4 answered"
    form.page.click("#delete")
    assert form.page.evaluate("document.activeElement.id") == "ask-keep"
    form.page.keyboard.press("Escape")
    assert form.page.input_value("#f-therapist") == "T1"
    form.page.click("#delete")
    form.page.click("#ask-delete")
    assert (form.page.input_value("#f-therapist"), form.seen("#progress")) == ("", "0 of 5 answered")
    form.page.reload()
    assert form.page.input_value("#f-therapist") == ""
    assert "T1" not in form.page.evaluate("JSON.stringify(localStorage)")


def test_a_draft_belongs_to_one_text_of_one_checklist(phone: BrowserContext, tmp_path: Path) -> None:
    filled(Form(phone, written(tmp_path, visit())))
    other = load(VISIT.replace("Greets", "Greets everybody"), "visit.rubric")
    form = Form(phone, written(tmp_path, other))
    assert form.page.input_value("#f-therapist") == ""


def test_a_damaged_draft_does_no_harm(phone: BrowserContext, tmp_path: Path) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.page.evaluate(
        """() => { const key = Object.keys(localStorage).find((each) => each.includes("session "));
        localStorage.setItem(key + "0", "{nothing");
        localStorage.setItem(key + "1", '{"answers": {"greets": 7}, "fields": [1], "number": "x"}');
        localStorage.setItem(key + "2", "null"); }"""
    )
    form.page.reload()
    assert form.page.input_value("#f-therapist") == "T1"
    assert form.complaints == []


def test_several_sessions_are_listed_and_saved_together(phone: BrowserContext, tmp_path: Path) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.page.click("#new")
    assert form.page.input_value("#f-therapist") == ""
    form.write(therapist="T2", session="S2", date="2026-03-05")
    form.answer(greets="yes_step")
    assert form.seen("#counts") == "Still to finish: 1 · Still to send: 1"
    assert [each.split("\n") for each in form.page.locator("#list button").all_inner_texts()] == [
        ["T1 · S1 · 2026-03-04", "ready to send"],
        ["T2 · S2 · 2026-03-05", "still to finish"],
    ]
    assert form.seen("#which-all") == "All that are still to send (2)"
    form.page.locator("[name=which][value=all]").check(force=True)
    form.page.click("#save")
    assert form.seen("#open-title") == "Some things are still open"
    saved = form.saved("#save-open")
    assert saved.name == "visit_2_sessions.json"
    assert form.seen("#counts") == "Still to finish: 0 · Still to send: 0"
    observations = read_forms([saved], visit()).observations
    assert [(each.observation, each.therapist) for each in observations] == [
        ("S1-R1", "T1"),
        (observations[1].observation, "T2"),
    ]
    form.page.locator("#list button").first.click()
    form.answer(ends="yes_step")
    assert form.page.locator("#list .state").all_inner_texts() == ["ready to send", "saved"]


def test_two_sessions_under_one_code_are_told_before_one_hides_the_other(
    phone: BrowserContext, tmp_path: Path
) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.page.click("#new")
    filled(form)
    form.page.click("#save")
    assert form.page.locator("#open-list li").all_inner_texts() == [
        "Another session on this device has the same code"
    ]
    form.write(session="S2")
    assert form.saved().name == "visit_T1_S2_2026-03-04.json"


def test_two_open_tabs_keep_each_other_s_sessions(phone: BrowserContext, tmp_path: Path) -> None:
    file = written(tmp_path, visit())
    first, second = filled(Form(phone, file)), Form(phone, file)
    second.page.click("#new")
    second.write(therapist="T2")
    first.write(client="C1")
    first.page.reload()
    assert sorted(first.page.locator("#list strong").all_inner_texts()) == ["T1 · S1 · 2026-03-04", "T2"]


def test_a_shared_phone_asks_whether_to_delete_what_was_saved(phone: BrowserContext, tmp_path: Path) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.page.check("#clear-after")
    form.page.reload()
    assert form.page.is_checked("#clear-after")
    saved = form.saved()
    assert (
        form.seen("#ask-text")
        == f"Is the file {saved.name} where you need it? Then what was saved can be deleted here."
    )
    form.page.click("#ask-delete")
    assert form.page.input_value("#f-therapist") == ""
    assert "T1" not in form.page.evaluate("JSON.stringify(localStorage)")


def test_without_a_place_for_drafts_it_says_so_and_still_works(engine: Browser, tmp_path: Path) -> None:
    context = offline(engine, PHONE)
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    form = filled(Form(context, written(tmp_path, visit())))
    assert "keeps no drafts" in form.seen("#no-draft")
    assert form.saved().exists()
    assert form.complaints == []
    context.close()


def test_a_phone_that_can_share_is_given_a_text(engine: Browser, tmp_path: Path) -> None:
    context = offline(engine, PHONE)
    context.add_init_script(
        "navigator.canShare = () => true; navigator.share = async ({ files }) => {"
        " window.shared = { name: files[0].name, type: files[0].type, text: await files[0].text() }; };"
    )
    form = filled(Form(context, written(tmp_path, visit())))
    form.page.click("#share")
    form.page.wait_for_selector("#done:not([hidden])")
    shared = form.page.evaluate("window.shared")
    assert (shared["name"], shared["type"]) == ("visit_T1_S1_2026-03-04.json.txt", "text/plain")
    (tmp_path / shared["name"]).write_text(shared["text"], encoding="utf-8")
    [observation] = read_forms([tmp_path / shared["name"]], visit()).observations
    assert observation.answers["asks"] == "yes_step"
    assert form.seen("#list .state") == "saved"
    context.close()


# ---- open to all

LOOKS = [("upsides/principles", "ar"), (SESSION, "en"), ("two scales", "en")]
TWO_SCALES = """
checklist facets "Two scales"
version 1.0.0
scale much "How much?" from 0 to 6
  answer 0 "None"
  answer 6 "All the time"
scale well "How well?"
  answer poorly "Not well at all, and it has to be learnt anew" scores 0
  answer finely "As well as one could wish for" scores 1
section first "The first part" on scales much, well
  item hello "Says hello"
score total "Total" is percent of items on scale well
"""


def looked_at(path: str) -> Checklist:
    return load(TWO_SCALES, "facets.rubric") if path == "two scales" else shipped(path)


def used(form: Form) -> Form:
    """With answers of all kinds, a raised gate, a marked gap, open notes and two sessions."""
    form.page.evaluate(
        """() => { for (const each of document.querySelectorAll("[data-entry]")) {
          const radio = each.querySelector("input[type=radio]");
          if (radio && !each.dataset.entry.startsWith("px_")) radio.click(); }
        document.querySelector("#new").click(); }"""
    )
    form.page.evaluate(
        """() => { for (const each of [...document.querySelectorAll("[data-entry]")].slice(0, -2)) {
          const radio = each.querySelector("input[type=radio]");
          if (radio) radio.click(); }
        for (const each of [...document.querySelectorAll("details")].slice(0, 3)) each.open = true;
        document.querySelector("#save").click(); }"""
    )
    return form


@pytest.mark.skipif(not find_spec("axe_core_python"), reason="no axe-core here")
@pytest.mark.parametrize(("path", "language"), LOOKS)
def test_axe_core_has_nothing_to_object_to(path: str, language: str, engine: Browser, tmp_path: Path) -> None:
    axe = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
    for screen in (PHONE, DESK):
        context = engine.new_context(viewport=screen, bypass_csp=True, reduced_motion="reduce")  # type: ignore[arg-type]
        form = Form(context, written(tmp_path, looked_at(path), language))
        used(form).page.add_script_tag(content=axe)
        found = form.page.evaluate("axe.run().then((told) => told.violations)")
        assert [(each["id"], [one["html"] for one in each["nodes"]][:3]) for each in found] == []
        context.close()


@pytest.mark.parametrize(("path", "language"), LOOKS)
def test_everything_to_press_is_44_pixels_high_and_nothing_wider_than_the_screen(
    path: str, language: str, engine: Browser, tmp_path: Path
) -> None:
    file = written(tmp_path, looked_at(path), language)
    for width in (320, 390, 1280):
        context = offline(engine, {"width": width, "height": 800})
        form = used(Form(context, file))
        assert form.page.evaluate("document.documentElement.scrollWidth") == width
        small = form.page.evaluate(
            """() => [...document.querySelectorAll("button, .option, select, summary, textarea, a, .switch, "
              + "input:not([type=radio]):not([type=checkbox])")]
            .filter((each) => each.checkVisibility())
            .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
            .filter(([, { height, width }]) => height < 44 || width < 44)
            .map(([html, { height, width }]) => [html, height, width])"""
        )
        assert small == []
        context.close()


@pytest.mark.parametrize("path", [SESSION])
def test_the_bar_never_covers_what_has_the_focus(path: str, phone: BrowserContext, tmp_path: Path) -> None:
    form = Form(phone, written(tmp_path, shipped(path)))
    form.page.evaluate("document.querySelector('[name=\"op_safety\"]')?.click()")
    assert by_keyboard(form.page, {}, {}) > 30
    for _ in range(40):
        form.page.keyboard.press("Shift+Tab")
        assert not _below_the_bar(form.page)


def test_hostile_texts_of_authors_and_raters_do_no_harm(phone: BrowserContext, tmp_path: Path) -> None:
    form = Form(phone, written(tmp_path, hostile_checklist()))
    for number, text in enumerate(HOSTILE):
        form.answer(**{f"i{number}": "no_" if number < 2 else "yes"})
        if number >= 2:
            form.page.fill(f'[data-note="i{number}"]', text)
    form.write(therapist=HOSTILE[0], session=HOSTILE[1], rater=HOSTILE[4], client=HOSTILE[5])
    form.page.click("#save")
    saved = form.saved("#save-open")
    form.page.click("#table")
    table = form.saved("#save-open").read_text(encoding="utf-8")
    assert table.count("\n") == 2
    form.page.reload()
    assert form.page.evaluate("window.hurt") is None
    assert form.page.locator("img").count() == 0
    assert (form.complaints, form.requests) == ([], [])
    assert json.loads(saved.read_text(encoding="utf-8"))["sessions"][0]["comments"] == {
        f"i{number}": text for number, text in enumerate(HOSTILE) if number >= 2
    }


def test_on_paper_stand_the_answers_without_the_buttons(phone: BrowserContext, tmp_path: Path) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    form.page.emulate_media(media="print")
    hidden = [".bar", "#sessions", ".save", ".clear"]
    assert [form.page.locator(each).first.is_visible() for each in hidden] == [False] * 4
    assert form.page.locator('input[name="asks"][value="yes_step"]').is_checked()


def test_score_of_a_whole_form_is_the_evaluator_s(phone: BrowserContext, tmp_path: Path) -> None:
    form = filled(Form(phone, written(tmp_path, visit())))
    [read] = read_forms([form.saved()], visit()).observations
    assert compile(visit()).score(read).scores["adherence"].exact == Fraction(200, 3)
    assert form.seen("#score") == "66.7%"
