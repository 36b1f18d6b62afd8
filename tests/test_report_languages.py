"""The reports in other languages: every fact kept, drafts marked, what is missing told, right to left."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import as_file
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import catalogues
import pytest
from conftest import Run
from openpyxl import load_workbook
from report_sample import example_study, small_study

from fidelity import content
from fidelity.catalogue import ENGLISH, State, catalogue, in_language, languages, say, spoken_language
from fidelity.form.workbook import scoring_form
from fidelity.language.reading import load
from fidelity.model.checklist import Coverage
from fidelity.model.direction import bounded, readable, reads_right_to_left
from fidelity.observe.filled_form import read_forms
from fidelity.report.local import day_in, number_in
from fidelity.report.look import shipped_look
from fidelity.report.page import pages
from fidelity.report.reported import study_of
from fidelity.report.speaking import draft_sentences, language_sentences
from fidelity.report.words import wordings_in, words_for
from fidelity.report.workbook import workbook_bytes
from fidelity.spreadsheet import LONGEST_SHEET_NAME
from fidelity.study.whole import Study
from fidelity.team_look import page_text

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")

LANGUAGES = catalogues.LANGUAGES
ENGLISH_TEXTS = catalogues.english()
FIRST = {"de": "Erreicht den Standard", "ar": "يبلغ المعيار"}


def messages(language: str) -> list[catalogues.Message]:
    return catalogues.messages_of((catalogues.FOLDER / f"{language}.po").read_text(encoding="utf-8"))


def state_of(language: str) -> State:
    found = catalogue(language)
    assert found is not None
    return found.state("report")


def in_(language: str, study: Study | None = None) -> Study:
    """A study whose checklist, without texts in it, is reported in a language."""
    made = study or small_study({"A": [4, 5, 4, 4, 3, 4], "B": [2, 2, 1, 2, 2, 1]})
    shown = Coverage(language, language, ENGLISH, 20, 0, 0, draft=True)
    return replace(made, checklist=replace(made.checklist, shown_in=shown))


@cache
def workbook_in(language: str) -> bytes:
    """The workbook of the usual study, made once for all tests that only look at it."""
    return workbook_of(in_(language))


def workbook_of(study: Study) -> bytes:
    return workbook_bytes(study_of(study.checklist, study.scored, study.summary))


@cache
def texts_in(language: str) -> list[str]:
    book = load_workbook(BytesIO(workbook_in(language)))
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [str(cell.value) for cell in cells if isinstance(cell.value, str)]


# ---- the catalogues


def test_there_is_a_catalogue_for_each_language_and_none_for_english() -> None:
    assert languages() == (ENGLISH, *LANGUAGES)
    assert catalogue(ENGLISH) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_sentence_of_today(language: str) -> None:
    there = {each.where: each.english for each in messages(language)}
    assert there == ENGLISH_TEXTS, "renew the catalogues: python tests/catalogues.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_written_as_the_renewal_writes_it(language: str) -> None:
    text = (catalogues.FOLDER / f"{language}.po").read_text(encoding="utf-8")
    assert catalogues.written(language, messages(language)) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_or_invents_a_fact(language: str) -> None:
    wrong = [
        each.where
        for each in messages(language)
        if each.text
        and not each.before
        and catalogues.facts_in(each.english) != catalogues.facts_in(each.text)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_only_what_it_receives(language: str) -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for each in messages(language):
        assert names(each.text) <= names(each.english) | catalogues.PERSON


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_a_word_in_every_language(language: str) -> None:
    english, own = wordings_in(ENGLISH)["status"], wordings_in(language)["status"]
    for kind, statuses in english.items():
        for key, entry in statuses.items():
            assert own[kind][key]["word"] != entry["word"], f"{kind}.{key}"
            assert own[kind][key]["glyph"] == entry["glyph"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_statuses_of_a_kind_have_different_words(language: str) -> None:
    for kind, statuses in wordings_in(language)["status"].items():
        words = [entry["word"] for entry in statuses.values()]
        assert len(set(words)) == len(words), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_sheets_fit_and_differ(language: str) -> None:
    names = [each["name"] for each in shipped_look(language).sheets.values() if "name" in each]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= LONGEST_SHEET_NAME and not set(name) & set("[]:*?/\\'") for name in names)


def test_nobody_has_reviewed_a_catalogue_without_saying_so() -> None:
    """A sentence counts as reviewed when its mark `fuzzy` is gone; today all are drafts."""
    found = catalogue("de")
    assert found is not None
    reviewed = [each for each in messages("de") if each.text and not each.draft and not each.before]
    assert found.state("report").reviewed + found.state("form").reviewed == len(reviewed) == 0


# ---- renewing them


SOURCES = {"a": "Good {name}", "b": "New place", "c": "Changed now", "d": "Unknown"}


def test_renewing_keeps_carries_over_and_marks_what_is_older() -> None:
    there = [
        catalogues.Message("a", "Good {name}", "Gut {name}"),
        catalogues.Message("old", "New place", "Neuer Ort"),
        catalogues.Message("c", "Changed", "Anders", draft=True),
    ]
    renewed = catalogues.renewed(SOURCES, there)
    assert renewed == [
        catalogues.Message("a", "Good {name}", "Gut {name}"),
        catalogues.Message("b", "New place", "Neuer Ort", draft=True),
        catalogues.Message("c", "Changed now", "Anders", before="Changed"),
        catalogues.Message("d", "Unknown"),
    ]
    assert catalogues.renewed(SOURCES, renewed) == renewed
    assert catalogues.messages_of(catalogues.written("de", renewed)) == renewed


def test_signs_survive_the_file() -> None:
    odd = [catalogues.Message("a", 'Say "this"\nand\\or\tthat', "“x”\n\\y", draft=True)]
    assert catalogues.messages_of(catalogues.written("de", odd)) == odd


# ---- speaking a language


def test_a_sentence_without_translation_stands_in_english() -> None:
    assert say("de", "status.standard.meets.word", "Meets standard") == FIRST["de"]
    assert say("de", "status.standard.meets.word", "Another English") == "Another English"
    assert say("xx", "status.standard.meets.word", "Meets standard") == "Meets standard"


def test_a_region_speaks_the_language_of_its_root_and_others_english() -> None:
    assert (spoken_language("de-AT"), spoken_language("xx"), spoken_language("en-GB")) == ("de", "en", "en")


def test_only_what_people_read_is_translated() -> None:
    tree = {"status": {"standard": {"meets": {"word": "Meets standard", "glyph": "●", "look": "good"}}}}
    said = in_language(tree, "", "de")["status"]["standard"]["meets"]
    assert said == {"word": FIRST["de"], "glyph": "●", "look": "good"}


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "9 Mar 2026"), ("de", "9. März 2026"), ("fr", "9 mars 2026"), ("ar", "9 مارس 2026")],
)
def test_dates_name_the_month_in_the_language(language: str, written: str) -> None:
    assert words_for(in_(language).checklist).day(date(2026, 3, 9)) == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_have_the_digits_of_the_data(language: str) -> None:
    told = day_in(language, date(2026, 3, 9))
    assert "2026" in told
    assert "9" in told


@pytest.mark.parametrize(
    ("language", "percent", "number"),
    [("de", "76\u00a0%", "3,42"), ("tr", "%76", "3,42"), ("ar", "76%", "3.42"), ("fr", "76\u00a0%", "3,42")],
)
def test_numbers_of_sentences_are_those_of_the_language(language: str, percent: str, number: str) -> None:
    assert (number_in(language, "76%"), number_in(language, "3.42")) == (percent, number)
    assert number_in(language, "R1.5b") == "R1.5b"


def test_figures_in_a_sentence_are_local_and_names_are_not() -> None:
    words = words_for(in_("de").checklist)
    assert words.say("supervisor.standard.undeclared", n=5, mean="3.42", low="3.10", high="3.70") == (
        "Der Durchschnitt von 3,42 in 5 Sitzungen hat einen wahrscheinlichen Bereich von 3,10 bis 3,70."
    )
    assert words.say("summary.person", name="1.5", reasons="x") == "1.5 (x)"


def test_a_usual_word_of_the_data_is_said_as_on_the_form_and_a_teams_own_stands_as_it_is() -> None:
    words = words_for(in_("sw").checklist)
    assert words.of_form("evidence", "live") == "Ana kwa ana"
    assert words.of_form("rater_role", "supervisor") == "Msimamizi"
    assert words.of_form("rater_role", "head_nurse") == "head nurse"
    assert words.of_form("rater_role", "") == ""
    assert words_for(in_("en").checklist).of_form("evidence", "role_play") == "role play"


def test_the_person_has_a_word_in_the_language_where_the_checklist_names_none() -> None:
    study = in_("fr")
    about = replace(study.checklist.about, therapist=("therapist", "therapists"))
    assert words_for(replace(study.checklist, about=about)).person["therapists"] == "intervenant·e·s"


def test_a_checklist_without_texts_in_the_language_does_not_put_its_own_word_into_every_sentence(
    run: Run, tmp_path: Path
) -> None:
    with as_file(content.folder("checklists").joinpath("programmes", "example_study")) as study:
        ran = run(
            "report", "programmes/example_study/programme", str(study), "-o", "r.xlsx", "--language", "de"
        )
    assert ran.status == 0, ran.said
    book = load_workbook(tmp_path / "r.xlsx")
    texts = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "Therapeut:in" in texts
    assert "Peer lay therapist" not in texts
    assert {"Dez. 2025", "nicht validiert"} <= texts  # a month and a status of a checklist, too
    assert not {"Dec 2025", "unvalidated"} & texts


@pytest.mark.parametrize(
    ("language", "month", "first", "last"),
    [
        ("en", "May 2026", "Apr", "Jun"),
        ("de", "Mai 2026", "Apr.", "Juni"),
        ("he", "מאי 2026", "אפר׳", "יוני"),
        ("fa", "مه 2026", "آوریل", "ژوئن"),
    ],
)
def test_months_and_quarters_are_those_of_the_language(
    language: str, month: str, first: str, last: str
) -> None:
    words, day = words_for(in_(language).checklist), date(2026, 5, 4)
    assert words.month(day) == month
    assert first in words.quarter(day)
    assert last in words.quarter(day)


# ---- drafts and what is missing


def test_a_report_says_in_its_language_and_in_english_that_its_words_are_a_draft() -> None:
    state = state_of("de")
    told = " ".join(draft_sentences(words_for(in_("de").checklist)))
    assert f"auf Deutsch sind ein Entwurf: 0 von {state.sentences} geprüft." in told
    assert (
        f"The words of this report in German are a draft: 0 of {state.sentences} reviewed. "
        f"{state.missing} of {state.sentences} still stand in English." in told
    ) == bool(state.missing)


def test_an_english_report_says_nothing_of_the_kind() -> None:
    study = small_study({"A": [3]})
    assert language_sentences(words_for(study.checklist), None) == []


def test_a_checklist_without_texts_in_the_language_is_told_once() -> None:
    study = in_("de")
    told = language_sentences(words_for(study.checklist), study.checklist.shown_in)
    assert told[0] == "Die Checkliste hat keine Texte auf de: sie stehen im Original."


@pytest.mark.parametrize("language", ["de", "ar"])
def test_workbook_and_pages_show_the_mark(language: str) -> None:
    study = in_(language)
    assert any("are a draft: 0 of" in text for text in texts_in(language))
    made = pages(study_of(study.checklist, study.scored, study.summary))
    assert all(b"are a draft: 0 of" in page for name, page in made.items() if name == "index.html")


FORM = """checklist demo "Demo"
scale tick "Seen?"
  answer seen "Seen"
  answer not_seen "Not seen"
section first "First" on scale tick
  item hello "Says hello"
translation ar "العربية"
  text item hello "يسلّم"
"""


def form_in(language: str) -> bytes:
    return scoring_form(load(FORM, "demo.rubric"), language)


def test_a_form_speaks_the_language_and_says_that_its_words_are_a_draft() -> None:
    sheet = load_workbook(BytesIO(form_in("ar"))).worksheets[0]
    texts = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert say("ar", "form/no names", "Do not write names of clients.") in texts
    assert "The form's own words in Arabic are a draft: 0 of" in texts
    assert sheet.sheet_view.rightToLeft


def test_what_is_chosen_in_a_translated_form_is_read_as_the_code(tmp_path: Path) -> None:
    checklist, file = load(FORM, "demo.rubric"), tmp_path / "form.xlsx"
    for who in (say("ar", "form/rater_role.supervisor", "Supervisor"), "Supervisor"):
        book = load_workbook(BytesIO(form_in("ar")))
        entries = {row[0].value: row[1].value for row in book["_meta"].iter_rows()}
        answers: dict[str, Any] = {
            "therapist": "T1",
            "session": "S1",
            "rater": "R1",
            "date": date(2026, 3, 4),
        }
        for column, value in {
            **answers,
            "date": date(2026, 3, 4),
            "rater_role": who,
            "hello": "Seen [en]",
        }.items():
            book.worksheets[0][str(entries[column])] = value
        book.save(file)
        (read,) = read_forms([file], checklist).observations
        assert (read.rater_role, read.answers["hello"]) == ("supervisor", "seen")


# ---- the workbook


@pytest.mark.parametrize("language", ["ar", "de"])
def test_the_same_study_gives_the_same_bytes(language: str) -> None:
    assert workbook_of(in_(language)) == workbook_in(language)


def test_statuses_and_titles_are_in_the_language() -> None:
    texts = texts_in("de")
    assert "Übersicht über Treue und Kompetenz" in texts
    assert any("Zu wenige Sitzungen" in text or FIRST["de"] in text for text in texts)


def test_a_right_to_left_workbook_runs_from_right_to_left() -> None:
    book = load_workbook(BytesIO(workbook_in("ar")))
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    title = book.worksheets[0]["A1"]
    assert (title.alignment.horizontal, title.alignment.readingOrder) == ("right", 2)
    assert title.font.name == "Noto Sans Arabic"


def test_a_left_to_right_workbook_does_not() -> None:
    book = load_workbook(BytesIO(workbook_in("de")))
    assert not any(sheet.sheet_view.rightToLeft for sheet in book)
    assert book.worksheets[0]["A1"].alignment.horizontal == "left"


def test_numbers_keep_off_the_edge_of_a_right_to_left_sheet() -> None:
    book = load_workbook(BytesIO(workbook_in("ar")))
    mean = next(cell for cell in book.worksheets[0]["F"] if isinstance(cell.value, float | int))
    assert (mean.alignment.horizontal, mean.alignment.indent, mean.number_format) == ("left", 1, "0.00")


def test_a_status_at_the_top_of_a_right_to_left_sheet_begins_with_its_sign() -> None:
    strip = [str(cell.value) for cell in load_workbook(BytesIO(workbook_in("ar"))).worksheets[1][5]]
    assert [text[:2] for text in strip if text.startswith("\u200f")] == ["\u200f○", "\u200f–"]


def test_a_right_to_left_workbook_writes_the_last_scores_instead_of_drawing_bars() -> None:
    made = workbook_in("ar")
    assert b"sparkline" not in made
    texts = texts_in("ar")
    assert any(text.count(" · ") == 2 and text.startswith("\u200e") for text in texts)


def test_numbers_and_dates_run_from_left_to_right_and_typed_text_as_its_letters_do() -> None:
    book: Any = load_workbook(BytesIO(workbook_in("ar")))  # its types do not know named styles
    orders = {style.name: style.alignment.readingOrder for style in book._named_styles}
    assert (orders["FID Number 0"], orders["FID Date"], orders["FID Text"]) == (1, 1, 2)
    assert orders["FID Data wrapped"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_can_be_made_in_every_language(language: str) -> None:
    made = workbook_of(in_(language, small_study({"A": [3]})))
    first = load_workbook(BytesIO(made)).worksheets[0].title
    assert first == say(language, "sheets/summary.name", "Summary")


# ---- right-to-left lines


def test_a_sign_behind_latin_letters_stays_there() -> None:
    assert readable("PM+", "ar") == "PM+\u200e"
    assert readable("PM+", "de") == "PM+"
    assert readable("المتوسط 50%", "ar") == "المتوسط 50\u200e%\u200e"
    assert readable(readable("50%", "ar"), "ar") == readable("50%", "ar")


def test_a_line_that_begins_with_a_sign_is_still_one_from_right_to_left() -> None:
    assert readable("● يبلغ", "ar") == "\u200f● يبلغ"
    assert readable("plain", "ar") == "plain"


def test_a_latin_fact_does_not_pull_the_number_behind_it() -> None:
    assert bounded("PM+ group", "ar") == "PM+\u200e group\u200f"
    assert bounded("Try it.", "ar") == "Try it.\u200e\u200f"
    assert bounded("PMG-03", "ar") == "PMG-03\u200f"
    assert bounded("12", "ar") == "12"
    assert bounded("PM+ group", "en") == "PM+ group"


def test_names_and_titles_in_a_row_stand_in_the_order_and_the_quotation_marks_of_the_language() -> None:
    words = words_for(in_("ar").checklist)
    assert words.names(["PMG-01", "PMG-02"]) == "PMG-01\u200f وPMG-02\u200f"
    assert words.quoted(["Left out", "خطوة"]) == "«Left out\u200f» و«خطوة»"
    assert words_for(in_("de").checklist).quoted(["a", "b"]) == "„a“ und „b“"


def test_the_right_to_left_languages() -> None:
    assert [each for each in LANGUAGES if reads_right_to_left(each)] == ["ar", "fa", "he", "ur"]


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("he", "rtl"), ("de", "ltr")])
def test_pages_name_language_and_direction(language: str, direction: str) -> None:
    study = in_(language)
    made = pages(study_of(study.checklist, study.scored, study.summary))
    head = f'<html lang="{language}" dir="{direction}">'.encode()
    assert all(head in page for name, page in made.items() if name.endswith(".html"))


def test_a_title_that_begins_with_latin_letters_keeps_its_line_from_right_to_left() -> None:
    study = in_("ar")
    named = replace(study.checklist, title="PM+ الجلسة")
    page = pages(study_of(named, study.scored, study.summary))["index.html"].decode()
    assert "\u200fPM+\u200e الجلسة" in page


def test_what_the_foot_of_a_page_names_is_kept_apart() -> None:
    study = in_("he")
    page = pages(study_of(study.checklist, study.scored, study.summary))["index.html"].decode()
    origin = re.search(r'<p class="origin">(.*)</p>', page)
    assert origin
    assert len(re.findall("<bdi>.*?</bdi>", origin[1])) == 3
    assert re.sub("<bdi>.*?</bdi>", "", origin[1]) == " ·  · "


@pytest.mark.parametrize("name", ["page.css", "paper.css"])
def test_urdu_is_shown_in_nastaliq_with_room_between_its_lines(name: str) -> None:
    rule = re.search(r":lang\(ur\) \{(.*?)\}", page_text(f"page/{name}"), re.DOTALL)
    assert rule
    assert 'font-family: "Noto Nastaliq Urdu"' in rule[1]
    assert re.search(r"line-height: (2|1\.9);", rule[1])


def test_a_long_name_of_a_line_has_room_beside_the_chart() -> None:
    study = in_("sw")
    words = words_for(study.checklist)
    page = pages(study_of(study.checklist, study.scored, study.summary))["feedback/A.html"].decode()
    place = re.search(rf'<text class="note" x="([\d.]+)"[^>]*>{words.say("feedback.chart_usual")}<', page)
    assert place
    assert float(place[1]) < 720 - 120  # 120: the text in the font of the pages


# ---- the command


def test_a_report_is_written_in_a_language_that_only_our_words_have(run: Run, tmp_path: Path) -> None:
    (tmp_path / "demo.rubric").write_text(FORM.replace("translation ar", "translation ny"), encoding="utf-8")
    rows = "A,H1,2026-03-01,seen\nB,H1,2026-03-08,not_seen\n"
    (tmp_path / "data.csv").write_text("observation,therapist,date,hello\n" + rows, encoding="utf-8")
    ran = run("report", "demo.rubric", "data.csv", "-o", "r.xlsx", "--pages", "pages", "--language", "fr")
    assert (ran.status, 'demo has no texts in "fr" and stands in the original.' in ran.err) == (0, True)
    first = load_workbook(BytesIO((tmp_path / "r.xlsx").read_bytes())).worksheets[0]
    assert (first.title, first["A1"].value) == ("Résumé", "Résumé de la fidélité et des compétences")
    page = (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="fr" dir="ltr">' in page
    assert "The words of this report in French are a draft: 0 of" in page


# ---- as programs show it


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice here")
def test_libreoffice_opens_a_right_to_left_workbook_and_keeps_its_words(tmp_path: Path) -> None:
    given = tmp_path / "report.xlsx"
    given.write_bytes(workbook_in("ar"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = str(tmp_path / "out")
    command = [str(shutil.which("soffice")), profile, "--headless", "--convert-to", "xlsx", "--outdir", out]
    subprocess.run([*command, str(given)], capture_output=True, check=True, timeout=120)
    saved = load_workbook(tmp_path / "out" / "report.xlsx")
    assert all(sheet.sheet_view.rightToLeft for sheet in saved)
    assert saved.worksheets[0]["A1"].value == shipped_look("ar").sheets["summary"]["title"]


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium here")
@pytest.mark.parametrize("language", ["ar", "de"])
def test_a_feedback_sheet_is_one_page_of_paper_in_longer_words_too(language: str, tmp_path: Path) -> None:
    study = in_(language, example_study())
    page, pdf = tmp_path / "sheet.html", tmp_path / "sheet.pdf"
    made = pages(study_of(study.checklist, study.scored, study.summary))
    page.write_bytes(made["feedback/PMG-03.html"])
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command = [str(shutil.which("chromium")), *quiet, f"--print-to-pdf={pdf}", page.as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes())) == 1
