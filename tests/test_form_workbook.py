"""A form is the same each time, finds its way back exactly, and tells when it was tampered with."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from observe_sample import CHECKLIST, SOURCE, said, with_other_text, written
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.errors import WrongUse
from fidelity.form.workbook import scoring_form
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.form import HEAD, LANDMARK, LISTS_SHEET, META_SHEET, code_of, fields, options
from fidelity.model.scale import Choice, Scale
from fidelity.observe import Reading
from fidelity.observe.filled_form import read_forms

ARABIC = """
translation ar "العربية"
  text checklist "زيارة منزلية PM+"
  text section opening "البداية"
  text item welcome "يرحب بالشخص"
  text answer done of delivery "نُفِّذ"
  text answer na of delivery "لا ينطبق"
"""
BILINGUAL = load(SOURCE + ARABIC, "visit.rubric")

FILLED = {
    "therapist": "007",
    "client": "C1",
    "session": "S1",
    "date": date(2026, 3, 4),
    "rater": "R1",
    "rater_role": "Supervisor",
    "evidence": "Live",
    "minutes": 42.5,
    "fact.format": "Group",
    "welcome": "Done",
    "safety": "Not applicable",
    "asked": 7,
    "remarks": "calm",
    "open_q.often": "5 · Always",
    "open_q.skill": 2.5,
    "welcome.comment": "=1+1",
    "open_q.comment": "@SUM, #N/A",
}
ANSWERS = {
    "welcome": "done",
    "safety": "na",
    "asked": "7",
    "remarks": "calm",
    "open_q.often": "5",
    "open_q.skill": "2.5",
}


def opened(form: bytes) -> tuple[Workbook, Worksheet, Mapping[str, str]]:
    """The workbook, its page, and the addresses of its fields and answers."""
    workbook = load_workbook(BytesIO(form), rich_text=True)
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    cells = {str(line[0]): str(line[1]) for line in lines if line[0] != LANDMARK}
    return workbook, workbook.worksheets[0], cells


def filled(
    cells: Mapping[str, Any] = FILLED,
    tamper: Callable[[Workbook, Worksheet, Mapping[str, str]], None] = lambda *_: None,
    checklist: Checklist = CHECKLIST,
    language: str = "",
) -> bytes:
    """A form with these cells filled in, as a person with a spreadsheet program would leave it."""
    workbook, page, where = opened(scoring_form(checklist, language))
    for key, value in cells.items():
        page[where[key]].value = value
        if isinstance(value, str):
            page[where[key]].data_type = "s"
    tamper(workbook, page, where)
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def imported(folder: Path, form: bytes, checklist: Checklist = CHECKLIST, name: str = "form.xlsx") -> Reading:
    return read_forms([written(folder, form, name)], checklist)


# ---- the empty form


def test_the_same_checklist_gives_the_same_bytes() -> None:
    assert scoring_form(CHECKLIST) == scoring_form(load(SOURCE, "visit.rubric"))


def test_every_item_and_field_has_a_cell_to_fill_in_and_nothing_else_is_open() -> None:
    workbook, page, where = opened(scoring_form(CHECKLIST))
    asked = {*CHECKLIST.question, *(each.key for each in fields(CHECKLIST, "en"))}
    comments = {"welcome.comment", "safety.comment", "asked.comment", "open_q.comment"}
    assert set(where) == asked | comments
    covered = {place for area in page.merged_cells.ranges for place in list(area.cells)[1:]}
    shown = [cell for row in page.iter_rows() for cell in row if (cell.row, cell.column) not in covered]
    unlocked = {cell.coordinate for cell in shown if not cell.protection.locked}
    (box,) = unlocked - set(where.values())
    assert set(where.values()) < unlocked
    assert page[f"A{int(box[1:]) - 2}"].value == "What went well, and one thing to practise"
    assert all(sheet.protection.sheet for sheet in workbook.worksheets)
    assert all(sheet.protection.password is None for sheet in workbook.worksheets)


def test_drop_downs_point_to_ranges_of_the_hidden_sheet() -> None:
    workbook, page, _ = opened(scoring_form(CHECKLIST))
    lists = [rule for rule in page.data_validations.dataValidation if rule.type == "list"]
    names = {rule.formula1 for rule in lists}
    assert names == {
        "opt_delivery",
        "opt_often",
        "opt_skill",
        "opt_rater_role",
        "opt_evidence",
        "opt_fact_format",
    }
    assert names == set(workbook.defined_names)
    delivery = workbook.defined_names["opt_delivery"].attr_text.replace("$", "").split("!")[1]
    labels = [row[0].value for row in workbook[LISTS_SHEET][delivery]]
    assert labels == ["Not done", "Partly done", "Done", "Not applicable"]
    assert workbook[LISTS_SHEET].sheet_state == "hidden"
    assert workbook[META_SHEET].sheet_state == "veryHidden"


def test_numbers_are_checked_while_they_are_typed() -> None:
    _, page, where = opened(scoring_form(CHECKLIST))
    (rule,) = (each for each in page.data_validations.dataValidation if where["asked"] in each.sqref)
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == ("whole", "between", "0", "50")
    assert rule.error == "Please write a whole number, from 0 to 50."


def test_it_prints_on_a4_upright_one_page_wide_with_its_heading_repeated() -> None:
    page: Any = opened(scoring_form(CHECKLIST))[1]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 1)
    head = page.print_title_rows.replace("$", "").split(":")[0]
    assert page[f"B{head}"].value == "What to look for"
    assert "visit 1.2.0" in page.oddFooter.left.text


def test_a_long_form_is_parted_before_a_heading() -> None:
    parts = (
        f'section part_{number} "Part {number}" on scale delivery\n'
        + "".join(f'  item a_{number}_{line} "Says something"\n' for line in range(9))
        for number in range(9)
    )
    source = SOURCE.replace("section opening", f"{''.join(parts)}section opening")
    page = opened(scoring_form(load(source, "long.rubric")))[1]
    breaks = [each.id for each in page.row_breaks.brk]
    assert breaks
    assert {page.cell(row + 1, 1).style for row in breaks} == {"FID Form part"}
    assert page.page_setup.fitToHeight == 0


def test_a_page_that_would_stay_half_empty_takes_the_beginning_of_the_next_part() -> None:
    lines = "".join(f'  item a_{line} "Says something"\n' for line in range(60))
    source = SOURCE.replace(
        "section opening", f'section part "Part" on scale delivery\n{lines}section opening'
    )
    page = opened(scoring_form(load(source, "long.rubric")))[1]
    first = next(iter(page.row_breaks.brk)).id
    assert str(page.cell(first + 1, 1).value).startswith("a_")
    assert [page.cell(row, 1).style for row in (first - 1, first)] == ["FID Form id", "FID Form id"]


def test_the_footer_says_the_whole_title_and_not_the_short_name_of_the_sheet() -> None:
    german = load(SOURCE + ARABIC.replace('ar "العربية"', 'de "Deutsch"'), "visit.rubric")
    page: Any = opened(scoring_form(german, "de"))[1]
    assert len(page.title) == 31
    assert page.oddFooter.center.text == page["A1"].value
    assert page["A1"].value.startswith(page.title)


def test_the_free_box_is_one_high_row_so_that_no_program_forgets_its_lower_border() -> None:
    page = opened(scoring_form(BILINGUAL, "ar"))[1]
    (row,) = {each.row or 0 for line in page for each in line if each.style == "FID Answer box"}
    assert page.row_dimensions[row].height == 60


def test_the_band_above_the_items_is_as_high_as_its_words() -> None:
    urdu = load(SOURCE + ARABIC.replace('ar "العربية"', 'ur "اردو"'), "visit.rubric")
    heights = [_band(scoring_form(BILINGUAL)), _band(scoring_form(urdu, "ur"))]
    assert heights[0] == 21
    assert heights[1] > 30


def _band(content: bytes) -> float:
    page = opened(content)[1]
    row = next(each.row for each in page["A"] if each.style == "FID Form head")
    return float(page.row_dimensions[row].height or 0)


def test_the_status_of_the_checklist_is_said_in_the_form_s_language() -> None:
    source = SOURCE.replace("  version 1.2.0\n", "  version 1.2.0\n  status unvalidated\n")
    german = load(source + ARABIC.replace('ar "العربية"', 'de "Deutsch"'), "visit.rubric")
    said_in = {language: opened(scoring_form(german, language))[1]["A2"].value for language in ("en", "de")}
    assert said_in["en"].endswith("unvalidated")
    assert said_in["de"].endswith("nicht validiert")


def test_the_first_lines_of_the_hidden_sheet_are_document_properties_too() -> None:
    workbook: Any = opened(scoring_form(CHECKLIST))[0]
    copies = {each.name: each.value for each in workbook.custom_doc_props.props}
    assert copies["fidelity_fingerprint"] == CHECKLIST.fingerprint
    assert workbook[META_SHEET]["B4"].value == CHECKLIST.fingerprint


def test_an_arabic_form_is_mirrored_and_keeps_latin_signs_in_place() -> None:
    _, page, where = opened(scoring_form(BILINGUAL, "ar"))
    assert page.sheet_view.rightToLeft
    assert page["A2"].value.startswith("زيارة منزلية PM+\u200e")
    assert page["A1"].alignment.horizontal == "right"
    assert page[where["welcome"]].alignment.readingOrder == 2
    assert page["A1"].font.name == "Noto Sans Arabic"


def test_a_language_that_the_checklist_has_not_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match='no texts in "sw"; it has: en'):
        scoring_form(CHECKLIST, "sw")


def test_texts_of_a_checklist_are_never_formulas() -> None:
    checklist = load(
        SOURCE.replace("Welcomes the person", "=1+1")
        .replace("Not done if", "=cmd|")
        .replace('"Done"', '"=7+7"')
        .replace('"Adherence"', '"=8+8"'),
        "x.rubric",
    )
    with zipfile.ZipFile(BytesIO(scoring_form(checklist))) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if "worksheets" in name]
    formulas = [each for page in pages for each in re.findall("<f>(.*?)</f>", page)]
    assert len(formulas) > 50
    assert not [each for each in formulas if re.search(r"cmd|1\+1|7\+7|8\+8", each)]


def test_answers_with_the_same_title_show_their_codes() -> None:
    alike = Scale(
        "s", "S", "choice", (Choice("a", "Yes"), Choice("b", "yes"), Choice("c", "a"), Choice("1", "Yes"))
    )
    labels = [each.label for each in options(CHECKLIST, alike, "en")]
    assert labels == ["Yes (a)", "yes (b)", "a (c)", "1 · Yes"]
    assert [code_of(options(CHECKLIST, alike, "en"), label) for label in labels] == ["a", "b", "c", "1"]


def test_a_range_lists_its_steps_with_the_names_that_some_have() -> None:
    skill = CHECKLIST.question["open_q.often"].scale
    labels = [each.label for each in options(CHECKLIST, skill, "en")]
    assert labels == ["1 · Never", "2", "3", "4", "5 · Always"]


# ---- there and back


def test_a_filled_form_comes_back_exactly(tmp_path: Path) -> None:
    found = imported(tmp_path, filled())
    assert said(found) == []
    (only,) = found.observations
    assert (only.observation, only.therapist, only.date) == ("S1-R1", "007", date(2026, 3, 4))
    assert (only.rater_role, only.evidence, only.minutes) == ("supervisor", "live", Fraction("42.5"))
    assert (only.checklist, only.version) == ("visit", "1.2.0")
    assert only.answers == ANSWERS
    assert only.facts == {"format": "group"}
    assert only.comments == {"welcome": "=1+1", "open_q": "@SUM, #N/A"}


def test_an_arabic_form_comes_back_by_its_own_labels(tmp_path: Path) -> None:
    cells = {"session": "S1", "rater": "R1", "welcome": "نُفِّذ", "safety": "Partly done", "asked": "٧"}
    found = imported(tmp_path, filled(cells, checklist=BILINGUAL, language="ar"), BILINGUAL)
    assert found.observations[0].answers == {"welcome": "done", "safety": "partly", "asked": "٧"}
    assert found.observations[0].refused == ()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not on this machine")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_form_saved_by_libreoffice_comes_back_exactly(tmp_path: Path, language: str) -> None:
    done = {"ar": {"welcome": "نُفِّذ", "safety": "لا ينطبق"}}.get(language, {})
    form = written(tmp_path, filled({**FILLED, **done}, checklist=BILINGUAL, language=language), "form.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = ["--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(form)]
    subprocess.run(
        [shutil.which("soffice") or "", profile, *target], check=True, capture_output=True, timeout=120
    )
    direct, saved = (read_forms([path], BILINGUAL) for path in (form, tmp_path / "saved" / "form.xlsx"))
    assert said(saved) == []
    assert saved.observations[0].answers == direct.observations[0].answers == ANSWERS
    assert saved.observations[0].comments == FILLED_COMMENTS
    assert saved.observations[0].date == date(2026, 3, 4)
    assert saved.observations[0].minutes == direct.observations[0].minutes


FILLED_COMMENTS = {"welcome": "=1+1", "open_q": "@SUM, #N/A"}


@pytest.mark.parametrize(("cell", "code"), [("done", "done"), ("Y", "Y"), ("Done ", "done")])
def test_a_bare_code_is_understood(tmp_path: Path, cell: str, code: str) -> None:
    found = imported(tmp_path, filled({**FILLED, "welcome": cell}))
    assert said(found) == []
    assert found.observations[0].answers["welcome"] == code


def test_a_bare_number_is_understood(tmp_path: Path) -> None:
    found = imported(tmp_path, filled({**FILLED, "open_q.often": 4}))
    assert found.observations[0].answers["open_q.often"] == "4"
    assert said(found) == []


def test_what_was_left_blank_is_blank(tmp_path: Path) -> None:
    found = imported(tmp_path, filled({"welcome": "Done"}), name="visit of may.xlsx")
    (only,) = found.observations
    assert (only.observation, dict(only.answers)) == ("visit of may", {"welcome": "done"})
    (warning,) = found.problems
    assert (warning.code, warning.severity) == ("RB505", "warning")


def test_a_blank_form_is_told_and_passed_over(tmp_path: Path) -> None:
    found = imported(tmp_path, scoring_form(CHECKLIST))
    assert said(found) == ["RB507 Nothing was filled in: this form is blank, and was passed over."]
    assert found.problems[0].severity == "warning"
    assert found.observations == ()


def test_a_form_that_names_a_session_and_answers_nothing_is_a_warning(tmp_path: Path) -> None:
    found = imported(tmp_path, filled({"therapist": "T1", "date": date(2026, 3, 4)}))
    assert said(found)[0] == "RB507 No question of this form is answered."
    assert (found.problems[0].severity, len(found.observations)) == ("warning", 1)


def test_two_forms_of_one_session_and_rater_are_a_problem(tmp_path: Path) -> None:
    forms = [
        written(tmp_path, filled(), "a.xlsx"),
        written(tmp_path, filled({**FILLED, "therapist": "T9"}), "b.xlsx"),
    ]
    (only,) = read_forms(forms, CHECKLIST).problems
    assert only.severity == "error"
    assert only.message == (
        f'Session "S1", rater "R1" is in {forms[0]} as well, of therapist 007, client C1, '
        "date 2026-03-04; here it is of therapist T9, client C1, date 2026-03-04."
    )


def test_the_same_form_twice_is_taken_once_and_told(tmp_path: Path) -> None:
    forms = [written(tmp_path, filled(), name) for name in ("a.xlsx", "b.xlsx")]
    found = read_forms(forms, CHECKLIST)
    (only,) = found.problems
    assert only.message == f'Session "S1": the form says exactly what {forms[0]} says, and was taken once.'
    assert len(found.observations) == 1


def test_a_folder_of_forms_is_read_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        written(tmp_path, filled({**FILLED, "session": name}), f"{name}.xlsx")
    found = read_forms([tmp_path], CHECKLIST)
    assert [each.observation for each in found.observations] == ["a-R1", "b-R1"]


# ---- tampering: each is refused, or told by cell


def test_a_form_of_another_text_of_the_checklist(tmp_path: Path) -> None:
    found = imported(tmp_path, filled(), with_other_text())
    assert found.observations == ()
    (only,) = said(found)
    assert only == (
        'RB508 This form was made from another text of "visit" version 1.2.0: '
        "the checklist was changed since, and kept its version."
    )


def test_a_form_of_another_version_names_both(tmp_path: Path) -> None:
    found = imported(tmp_path, filled(), load(SOURCE.replace("1.2.0", "2.0.0"), "visit.rubric"))
    assert said(found) == [
        'RB508 This form was made from version 1.2.0 of "visit"; the checklist here is version 2.0.0.'
    ]


def test_a_form_of_another_checklist(tmp_path: Path) -> None:
    found = imported(
        tmp_path, filled(), load(SOURCE.replace("checklist visit", "checklist other"), "o.rubric")
    )
    assert said(found) == [
        'RB508 This form was made from "visit" version 1.2.0, not from "other" version 1.2.0.'
    ]


def without_meta(workbook: Workbook, *_: object) -> None:
    workbook.remove(workbook[META_SHEET])


def other_fingerprint(workbook: Workbook, *_: object) -> None:
    workbook[META_SHEET]["B4"].value = "sha256:" + "0" * 64


def changed_map(workbook: Workbook, *_: object) -> None:
    workbook[META_SHEET].cell(len(HEAD) + 12, 2).value = "C99"


def later_format(workbook: Workbook, *_: object) -> None:
    workbook[META_SHEET]["B1"].value = "fidelity-form/2"


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (
            without_meta,
            (
                "This is the page of a scoring form, without the hidden sheets that say "
                "which answer belongs to which question."
            ),
        ),
        (other_fingerprint, "The hidden notes of this form were changed: fingerprint."),
        (changed_map, "The hidden notes of this form were changed: checksum."),
        (later_format, "This form comes from a later version of the program (fidelity-form/2)."),
    ],
)
def test_hidden_notes_that_were_changed_are_refused(
    tmp_path: Path, tamper: Callable[..., None], sentence: str
) -> None:
    found = imported(tmp_path, filled(tamper=tamper))
    assert said(found) == [f"RB507 {sentence}"]
    assert found.observations == ()


def test_moved_rows_are_told_by_cell_and_nothing_is_read(tmp_path: Path) -> None:
    def swap(_: Workbook, page: Worksheet, where: Mapping[str, str]) -> None:
        first, second = (int(where[key].lstrip("ABCD")) for key in ("welcome", "safety"))
        for letter in "ABCD":
            one, other = page[f"{letter}{first}"], page[f"{letter}{second}"]
            one.value, other.value = other.value, one.value

    found = imported(tmp_path, filled(tamper=swap))
    row = int(opened(scoring_form(CHECKLIST))[2]["welcome"].lstrip("ABCD"))
    (only,) = said(found)
    assert only.split(":")[0] == (
        f'RB507 Cell A{row} of sheet "Session score form" should say "welcome" and says "safety", '
        "and so on (1 more)"
    )
    assert found.observations == ()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("welcome", "Very well", '"Very well" is not an answer of welcome.'),
        ("asked", 51, '"51" is outside the range, so it cannot be asked.'),
        ("date", "yesterday", '"yesterday" is not a date I can read.'),
        ("welcome", True, "the truth value TRUE stands where welcome should be."),
    ],
)
def test_a_pasted_answer_is_told_by_cell(tmp_path: Path, key: str, value: object, words: str) -> None:
    found = imported(tmp_path, filled({**FILLED, key: value}))
    address = opened(scoring_form(CHECKLIST))[2][key]
    (only,) = found.observations[0].refused
    assert only.message == f'Cell {address} of sheet "Session score form": {words}'


@pytest.mark.parametrize("key", ["therapist", "welcome", "welcome.comment", "fact.format"])
def test_a_formula_is_told_by_cell(tmp_path: Path, key: str) -> None:
    def calculate(_: Workbook, page: Worksheet, where: Mapping[str, str]) -> None:
        page[where[key]].value = "=1+1"

    found = imported(tmp_path, filled(tamper=calculate))
    address = opened(scoring_form(CHECKLIST))[2][key]
    (only,) = found.observations[0].refused
    assert only.message.startswith(f'Cell {address} of sheet "Session score form": a formula stands where')


@pytest.mark.parametrize(
    ("member", "sentence"),
    [
        ("xl/vbaProject.bin", "This form holds macros, which are never opened."),
        ("xl/externalLinks/externalLink1.xml", "This form is linked to other files."),
    ],
)
def test_macros_and_links_are_refused(tmp_path: Path, member: str, sentence: str) -> None:
    form = BytesIO(filled())
    with zipfile.ZipFile(form, "a") as archive:
        archive.writestr(member, b"<x/>")
    assert said(imported(tmp_path, form.getvalue())) == [f"RB507 {sentence}"]


def test_a_document_type_in_a_form_is_refused(tmp_path: Path) -> None:
    source, target = BytesIO(filled()), BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            start = b'<!DOCTYPE a SYSTEM "http://localhost/a.dtd">' if name == "docProps/app.xml" else b""
            new.writestr(name, start + old.read(name))
    found = imported(tmp_path, target.getvalue())
    assert said(found) == ["RB507 This workbook is damaged and cannot be read."]


def test_a_text_file_is_no_form(tmp_path: Path) -> None:
    found = imported(tmp_path, b"observation,welcome\n1,done\n")
    assert said(found) == ["RB507 This is not an Excel workbook."]


def test_a_form_says_that_its_translation_is_a_draft_and_what_fell_back() -> None:
    source = """checklist demo "Demo"
scale tick "Seen?"
  answer seen "Seen"
  answer not_seen "Not seen"
section first "First" on scale tick
  item hello "Says hello"
translation ny "Chichewa"
  translated by "Draft, not reviewed" on 2026-02-11
  text item hello "Apereka moni"
"""
    form = load_workbook(BytesIO(scoring_form(load(source, "demo.rubric"), "ny"))).worksheets[0]
    texts = " ".join(str(cell.value) for row in form.iter_rows() for cell in row if cell.value)
    assert "Apereka moni" in texts
    assert "The texts in Chichewa are a draft that nobody has reviewed." in texts
    assert (
        "1 of 6 texts are translated into Chichewa; the others stand in the original and are marked [en]."
        in texts
    )
    assert "First [en]" in texts
    assert "The form's own words are in English." in texts
