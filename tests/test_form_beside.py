"""A form in two languages beside each other: both wordings, answers in both, and back by either."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from form_sample import a_form
from observe_sample import GOOD, HEADINGS, SOURCE, said, written
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.language.reading import load
from fidelity.model.form import HEAD, LISTS_SHEET, META_SHEET, Option, beside, labels_of
from fidelity.observe import read
from fidelity.observe.filled_form import read_forms

ARABIC = """
translation ar "العربية"
  text checklist "زيارة منزلية PM+"
  text section opening "البداية"
  text item welcome "يرحب بالشخص"
  text item safety "يسأل عن السلامة"
  text answer done of delivery "نُفِّذ"
  text answer na of delivery "لا ينطبق"
  text answer 5 of often "دائمًا"
  text score adherence "الالتزام"
"""
BILINGUAL = load(SOURCE + ARABIC, "visit.rubric")


def opened(languages: str) -> tuple[Workbook, Worksheet, Mapping[str, str]]:
    workbook = load_workbook(BytesIO(a_form(BILINGUAL, languages)), rich_text=True)
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    return workbook, workbook.worksheets[0], {str(line[0]): str(line[1]) for line in lines}


def filled(languages: str, cells: Mapping[str, Any]) -> bytes:
    workbook, page, where = opened(languages)
    for key, value in cells.items():
        page[where[key]].value = value
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def test_both_wordings_stand_beside_each_other_each_in_its_direction_and_font() -> None:
    _, page, where = opened("en,ar")
    row = int(where["welcome"].lstrip("ABCDE"))
    assert where["welcome"][0] == "D"
    first, second = page[f"B{row}"], page[f"C{row}"]
    assert str(first.value).strip() == "Welcomes the person"
    assert second.value == "يرحب بالشخص"
    assert (first.alignment.horizontal, first.alignment.readingOrder, first.font.name) == (
        "left",
        0,
        "Calibri",
    )
    assert (second.alignment.horizontal, second.alignment.readingOrder) == ("right", 2)

    assert second.font.name == "Noto Sans Arabic"
    assert not page.sheet_view.rightToLeft
    assert opened("ar,en")[1].sheet_view.rightToLeft


def test_that_the_words_are_a_draft_is_said_in_each_language_in_its_own_line() -> None:
    _, page, _ = opened("ar,en")
    told = [str(cell.value) for row in page.iter_rows(max_row=9) for cell in row if cell.value]
    [english] = [text for text in told if "The form's own words in Arabic are a draft: 0 of" in text]
    [arabic] = [text for text in told if "كلمات الاستمارة نفسها" in text]
    assert "Do not write names of clients." in english
    assert english != arabic
    assert not re.search("[a-z]{3} [a-z]{3}", arabic)


def test_the_list_has_every_answer_in_both_languages_with_its_code_once() -> None:
    workbook = opened("en,ar")[0]
    lists = workbook[LISTS_SHEET]
    labels = {str(cell.value) for row in lists.iter_rows() for cell in row if cell.value}
    assert {
        "Done / نُفِّذ",
        "Not applicable / لا ينطبق",
        "Partly done",
        "5 · Always / دائمًا",
        "1 · Never",
    } <= labels
    assert not [each for each in labels if "[en]" in each]


def test_both_languages_are_on_the_page_where_it_speaks_of_itself() -> None:
    texts = {str(cell.value) for row in opened("en,ar")[1].iter_rows() for cell in row if cell.value}
    assert {"Session score form", "استمارة تقييم الجلسة", "Opening", "البداية", "Rater code"} <= texts


@pytest.mark.parametrize("languages", ["en,ar", "ar,en"])
@pytest.mark.parametrize("label", ["Done / نُفِّذ", "نُفِّذ / Done", "Done", "نُفِّذ", "done", "Y"])
def test_it_comes_back_by_the_labels_of_both_and_of_either(
    tmp_path: Path, languages: str, label: str
) -> None:
    cells = {"session": "S1", "rater": "R1", "welcome": label, "open_q.often": "5 · دائمًا"}
    mixed = label.partition(" / ")[0] == ("Done" if languages.startswith("ar") else "نُفِّذ") and "/" in label
    found = read_forms([written(tmp_path, filled(languages, cells), "form.xlsx")], BILINGUAL)
    only = found.observations[0]
    if mixed:  # the other way round it is no label of this form
        assert [each.code for each in only.refused] == ["RB503"]
    else:
        assert said(found)[1:] == []
        assert only.answers == {"welcome": "Y" if label == "Y" else "done", "open_q.often": "5"}


@pytest.mark.parametrize(
    ("languages", "typed", "nearest", "allowed"),
    [
        ("ar", "نُفذ", "نُفِّذ", "نُفِّذ, لا ينطبق"),
        ("ar", "Partly", "Partly done", ""),
        ("ar", "DONE", "نُفِّذ", ""),
        ("ar", "done, na", "", ""),
        ("en,ar", "done / نُفِّذ", "Done / نُفِّذ", "Not done, Partly done, Done / نُفِّذ, Not applicable / لا ينطبق"),
        ("en", "نُفِّذ", "Done", "Not done, Partly done, Done, Not applicable"),
        ("en", "xyz", "", "Not done, Partly done, Done, Not applicable"),
    ],
)
def test_a_wrong_answer_is_told_in_the_words_of_the_form(
    tmp_path: Path, languages: str, typed: str, nearest: str, allowed: str
) -> None:
    form = written(tmp_path, filled(languages, {"session": "S1", "welcome": typed}), "form.xlsx")
    (wrong,) = read_forms([form], BILINGUAL).observations[0].refused
    assert wrong.code == "RB503"
    assert str(wrong.facts["nearest"]).removesuffix(" [en]") == nearest
    assert allowed in str(wrong.facts["allowed"])
    assert not {"done", "not_done", "na"} & set(str(wrong.facts["allowed"]).split(", "))


def test_a_word_of_a_form_in_a_table_is_told_with_its_code(tmp_path: Path) -> None:
    table = f"{HEADINGS}\n{GOOD.replace('done,', 'نُفِّذ,')}\n"
    (wrong,) = read([written(tmp_path, table)], BILINGUAL).observations[0].refused
    assert wrong.facts["nearest"] == "done"


def test_a_label_that_means_two_things_in_two_languages_is_not_guessed() -> None:
    english = (Option("No", "no_"), Option("Yes", "yes"))
    other = (Option("Ne", "no_"), Option("No", "yes"))
    assert beside(english, other) == (Option("No / Ne", "no_"), Option("Yes / No", "yes"))
    assert labels_of([english, other]) == (
        Option("No / Ne", "no_"),
        Option("Yes / No", "yes"),
        Option("Yes", "yes"),
        Option("Ne", "no_"),
    )


def test_the_command_takes_a_second_language_for_excel_and_paper(run: Run, tmp_path: Path) -> None:
    source = written(tmp_path, SOURCE + ARABIC, "visit.rubric")
    made = ("form", str(source), "--beside", "ar")
    assert run(*made, "--to", "xlsx", "-o", str(tmp_path / "two.xlsx")).status == 0
    assert load_workbook(tmp_path / "two.xlsx")[META_SHEET]["B5"].value == "en,ar"
    assert run(*made, "--to", "paper", "-o", str(tmp_path / "two.html")).status == 0
    page = (tmp_path / "two.html").read_text(encoding="utf-8")
    assert '<span class="beside" lang="ar" dir="rtl">يرحب بالشخص</span>' in page
    assert '<span class="beside" lang="ar" dir="rtl">نُفِّذ</span>' in page
    assert "· en/ar" in page
    refused = run(*made, "--to", "keying", "-o", str(tmp_path / "two.xlsx"))
    assert (refused.status, "are for --to xlsx and paper" in refused.err) == (2, True)
    unknown = run("form", str(source), "--to", "xlsx", "--beside", "xx", "-o", str(tmp_path / "x.xlsx"))
    assert (unknown.status, 'no texts in "xx"' in unknown.err) == (2, True)
