"""Texts go to translators and come back through .xlsx and .po: nothing is lost, nothing else changes."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from fidelity.errors import ProblemsFound
from fidelity.exchange.lock import lock_file, read_lock, read_lock_text
from fidelity.exchange.po import entries_in, po_of, translations_in_po
from fidelity.exchange.translation_block import Signed, with_changed_block, with_new_block
from fidelity.exchange.translation_table import (
    LONGEST_TEXT,
    Row,
    Table,
    Translations,
    taken,
    translation_in,
    translation_table,
)
from fidelity.exchange.translation_workbook import translations_in_workbook, workbook_of
from fidelity.language.checks.translations import stale_texts
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist, TranslationStep
from fidelity.model.wording import Key, Locked, SourceText, fingerprint_of, losses, source_texts
from fidelity.place import NOWHERE

SOURCE = """checklist demo "Demo"
  version 1.0.0
fact format "Format" is one of individual "One to one", group "Group"
scale tick "Seen?"
  answer not_seen "Not seen" scores 0
  answer seen "Seen" scores 1
section warm "Warmth" on scale tick
  item waits "Waits 10 seconds"  # not too short
    note "Count in your head."
  item names "Names {name}, else 'Not seen'" applies when format is group
score part "Part" for each section is percent of its items
result good "Good enough" from part of warm
  level low "Low" below 50%
  level high "High" at least 50%
"""
BLOCK = """translation sw "Kiswahili"
  translated by "Two translators" on 2026-02-11
  step back_translation by "A third one" on 2026-02-12
  # Read aloud with the team.
  text item waits "Anasubiri sekunde 10"   # as agreed
  text answer seen of tick "Imeonekana"
"""
MODEL = load(SOURCE, "demo.rubric")
PARTLY = load(SOURCE + BLOCK, "demo.rubric")
ARABIC = {"item waits": "ينتظر ١٠ ثوانٍ", "answer seen of tick": "شوهد\u200f (نعم)", "checklist": "عرض"}

Written = Callable[[Table], bytes]
Read = Callable[[bytes, str], Translations]
MEDIA: dict[str, tuple[Written, Read]] = {
    "xlsx": (workbook_of, translations_in_workbook),
    "po": (po_of, translations_in_po),
}


def filled(table: Table, texts: dict[str, str]) -> Table:
    """The table as a translator would fill it in."""
    rows = (row._replace(translation=texts.get(row.source.name, row.translation)) for row in table.rows)
    return table._replace(rows=tuple(rows))


def back(
    medium: str, texts: dict[str, str], checklist: Checklist = MODEL, language: str = "sw"
) -> Translations:
    write, read = MEDIA[medium]
    return read(write(filled(translation_table(checklist, language, {}), texts)), f"sw.{medium}")


def said(checklist: Checklist, given: Translations) -> list[tuple[str, str, str]]:
    return [(each.code, each.severity, each.message) for each in taken(checklist, given, {})[1]]


# ---- the table


def test_every_text_stands_in_the_table_once_in_reading_order() -> None:
    assert [each.name for each in source_texts(MODEL)] == [
        "checklist",
        "fact format",
        "answer individual of format",
        "answer group of format",
        "scale tick",
        "answer not_seen of tick",
        "answer seen of tick",
        "section warm",
        "item waits",
        "note of waits",
        "item names",
        "score part",
        "result good",
        "level low of good",
        "level high of good",
    ]


def test_a_translator_sees_what_a_text_is_and_its_note() -> None:
    waits = next(each for each in source_texts(MODEL) if each.id == "waits")
    assert (waits.text, waits.about, waits.note) == (
        "Waits 10 seconds",
        "What is rated, in “Warmth”",
        "Count in your head.",
    )


def test_each_text_is_current_stale_missing_or_a_draft() -> None:
    lock = {"sw": {"item waits": Locked(fingerprint_of("Waits 5 seconds"), "Waits 5 seconds")}}
    rows = {row.source.name: row for row in translation_table(PARTLY, "sw", lock).rows}
    assert rows["item waits"] == (
        rows["item waits"].source,
        "Anasubiri sekunde 10",
        "stale",
        "Waits 5 seconds",
    )
    assert (rows["answer seen of tick"].status, rows["item names"].status) == ("current", "missing")
    draft = load(SOURCE + BLOCK.replace("Two translators", "Draft, not reviewed"), "demo.rubric")
    assert {row.status for row in translation_table(draft, "sw", {}).rows} == {"draft", "missing"}


def test_the_checklist_knows_who_translated_and_which_steps_followed() -> None:
    translation = translation_in(PARTLY, "sw")
    assert translation is not None
    assert (translation.translated_by, translation.on) == ("Two translators", date(2026, 2, 11))
    assert translation.steps == (TranslationStep("back_translation", "A third one", date(2026, 2, 12)),)


# ---- there and back


@pytest.mark.parametrize("medium", MEDIA)
def test_texts_come_back_as_they_were_written(medium: str) -> None:
    texts = {
        "item waits": '"Anasubiri" sekunde 10 \\ = +1',
        "level low of good": "=Chini",
        "checklist": "@1 'a'",
    }
    found = back(medium, texts)
    assert (found.checklist, found.language, found.name) == ("demo", "sw", "Kiswahili")
    assert {each.name: each.text for each in found.returned if each.text} == texts
    assert [each.source for each in found.returned] == [each.text for each in source_texts(MODEL)]
    assert taken(MODEL, found, {})[1] == ()


@pytest.mark.parametrize("medium", MEDIA)
def test_texts_from_right_to_left_are_kept(medium: str) -> None:
    found, problems = taken(MODEL, back(medium, ARABIC, language="ar"), {})
    assert problems == ()
    assert found.texts["answer", "seen", "tick"] == ARABIC["answer seen of tick"]
    assert found.texts["item", "waits", ""] == ARABIC["item waits"]


def test_cells_for_arabic_are_read_from_right_to_left() -> None:
    sheet = load_workbook(BytesIO(workbook_of(translation_table(MODEL, "ar", {})))).worksheets[0]
    assert {sheet.cell(row, 5).alignment.readingOrder for row in range(5, 20)} == {2}


def test_only_the_translations_can_be_written_in_and_the_file_is_always_the_same() -> None:
    once, again = (workbook_of(translation_table(PARTLY, "sw", {})) for _ in range(2))
    assert once == again
    sheet = load_workbook(BytesIO(once)).worksheets[0]
    open_cells = {cell.column for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert (sheet.protection.sheet, open_cells) == (True, {5})


def test_a_workbook_asks_of_each_text_of_a_draft_whether_it_is_right() -> None:
    draft = load(SOURCE + BLOCK.replace("Two translators", "Draft, not reviewed"), "demo.rubric")
    sheet = load_workbook(BytesIO(workbook_of(translation_table(draft, "sw", {})))).worksheets[0]
    asked = [row[0].value for row in sheet.iter_rows(min_row=5) if not row[6].protection.locked]
    assert asked == ["answer seen of tick", "item waits"]
    assert sheet.cell(3, 1).value == (
        'Where the status is draft, nobody has read it yet: put it right, or write "yes" if it is right.'
    )


@pytest.mark.parametrize(
    ("reviewed", "unread"), [(False, [("answer", "seen", "tick"), ("item", "waits", "")]), (True, [])]
)
def test_texts_of_a_draft_that_came_back_unchanged_are_unread(reviewed: bool, unread: list[Key]) -> None:
    draft = load(SOURCE + BLOCK.replace("Two translators", "Draft, not reviewed"), "demo.rubric")
    for medium in MEDIA:
        found, problems = taken(draft, back(medium, {}, draft), {}, reviewed=reviewed)
        assert (list(found.unread), found.changed, problems) == (unread, (), ())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not on this machine")
def test_a_table_saved_by_libreoffice_comes_back_exactly(tmp_path: Path) -> None:
    table = filled(translation_table(MODEL, "ar", {}), {**ARABIC, "level low of good": "=1/2"})
    (tmp_path / "ar.xlsx").write_bytes(workbook_of(table))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = [
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "saved"),
        str(tmp_path / "ar.xlsx"),
    ]
    subprocess.run(
        [shutil.which("soffice") or "", profile, *target], check=True, capture_output=True, timeout=120
    )
    direct, saved = (
        translations_in_workbook(path.read_bytes(), "ar.xlsx")
        for path in (tmp_path / "ar.xlsx", tmp_path / "saved" / "ar.xlsx")
    )
    assert saved == direct


TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=30)


@given(source=TEXTS, translation=TEXTS, context=some.text("abc_ ", min_size=1))
def test_any_text_survives_a_po_file(source: str, translation: str, context: str) -> None:
    text = SourceText("item", context, "", source, "What is rated", NOWHERE, note="a note\nof two lines")
    table = Table("demo", "1.0.0", "Demo", "en", "sw", "Kiswahili", (Row(text, translation, "current"),))
    found = entries_in(po_of(table).decode(), "sw.po")
    assert [(each.context, each.source, each.text) for each in found[1:]] == [
        (text.name, source, translation)
    ]


def test_a_po_file_as_other_tools_write_it_is_read() -> None:
    written = (
        'msgid ""\r\nmsgstr ""\r\n"Language: pt_BR\\n"\r\n"X-Fidelity-Checklist: demo\\n"\r\n\r\n'
        "# by hand\r\n#: demo.rubric:8\r\n#, c-format\r\n"
        'msgctxt "item waits"\r\nmsgid ""\r\n"Waits "\r\n"10 seconds"\r\n'
        'msgstr ""\r\n"Espera "\r\n"10 segundos"\r\n\r\n'
        '#, fuzzy\r\n#~ msgid "old"\r\n#~ msgstr "velho"\r\n\r\n'
        'msgctxt "level low of good"\r\nmsgid "Low"\r\nmsgstr "Baixo"\r\n'
    )
    found = translations_in_po(written.encode(), "pt.po")
    assert found.language == "pt-BR"
    assert [(each.name, each.text) for each in found.returned] == [
        ("item waits", "Espera 10 segundos"),
        ("level low of good", "Baixo"),
    ]


# ---- what is refused, all of it at once


@pytest.mark.parametrize(
    ("name", "text", "code", "message"),
    [
        ("item waits", "Anasubiri kidogo", "RB311", "the number 10 is missing"),
        ("item waits", "Anasubiri 100", "RB311", "the number 10 is missing"),
        ("item names", "Anamtaja, 'Not seen'", "RB311", "the placeholder {name} is missing"),
        ("item names", "Anamtaja {name}", "RB311", 'the answer "Not seen" is missing'),
        (
            "answer seen of tick",
            "not seen",
            "RB311",
            'the answers "Not seen" and "Seen" have the same translation',
        ),
        ("checklist", "Onyesho\nla pili", "RB004", "the translation holds a line break"),
        ("checklist", "a\tb", "RB004", "the translation holds a sign that is no letter"),
        ("checklist", "a" * (LONGEST_TEXT + 1), "RB005", "the translation has 901 signs"),
    ],
)
@pytest.mark.parametrize("medium", MEDIA)
def test_a_text_that_lost_something_or_does_not_fit_is_refused(
    medium: str, name: str, text: str, code: str, message: str
) -> None:
    found = said(MODEL, back(medium, {name: text}))
    assert [(found_code, severity) for found_code, severity, _ in found] == [(code, "error")]
    assert f"{name}: {message}"[1:] in found[0][2]


def test_a_text_that_holds_all_quotation_marks_is_refused() -> None:
    assert [code for code, _, _ in said(MODEL, back("po", {"checklist": '"a" “b” «c»'}))] == ["RB004"]


def test_all_problems_are_told_at_once_by_cell() -> None:
    found = said(MODEL, back("xlsx", {"item waits": "Anasubiri", "level low of good": "a\nb"}))
    assert [message.partition(":")[0] for _, _, message in found] == [
        "Cell E18, level low of good",
        "Cell E13, item waits",
    ]


@pytest.mark.parametrize("digits", ["10", "١٠", "१०", "10-20"])
def test_digits_may_be_those_of_any_script(digits: str) -> None:
    assert said(MODEL, back("po", {"item waits": f"Anasubiri {digits}"})) == []


@pytest.mark.parametrize(
    ("source", "translation"), [("2.5 hours", "masaa 2,5"), ("10,000", "10.000"), ("07", "7")]
)
def test_numbers_may_be_written_as_the_language_does(source: str, translation: str) -> None:
    text = SourceText("flag", "a", "", source, "", NOWHERE)
    assert list(losses(MODEL, text, {text.key: translation})) == []


def test_the_translated_word_of_an_answer_counts_where_there_is_one() -> None:
    texts = {"answer not_seen of tick": "Haikuonekana", "item names": "Anamtaja {name}, au “haikuonekana”"}
    assert said(MODEL, back("xlsx", texts)) == []


def test_a_stranger_and_a_text_with_two_translations_are_refused() -> None:
    found = back("po", {"checklist": "Onyesho", "level low of good": "Chini"})
    stranger, twice = (each for each in found.returned if each.text)
    more = (stranger._replace(name="item gone"), twice._replace(text="Juu"))
    assert [code for code, _, _ in said(MODEL, found._replace(returned=found.returned + more))] == [
        "RB101",
        "RB507",
    ]


def test_a_file_of_another_checklist_is_refused() -> None:
    found = back("po", {"checklist": "Onyesho"})._replace(checklist="other")
    assert [code for code, _, _ in said(MODEL, found)] == ["RB508"]


def test_a_formula_is_no_translation() -> None:
    workbook = load_workbook(BytesIO(workbook_of(translation_table(MODEL, "sw", {}))))
    workbook.worksheets[0].cell(5, 5).value = "=1+1"
    saved = BytesIO()
    workbook.save(saved)
    with pytest.raises(ProblemsFound) as refused:
        translations_in_workbook(saved.getvalue(), "sw.xlsx")
    assert [each.message for each in refused.value.problems] == [
        "Cell E5, checklist: the cell holds a formula, not a text."
    ]


@pytest.mark.parametrize(
    ("medium", "data"),
    [
        ("xlsx", b"PK\x03\x04 no workbook"),
        ("xlsx", b"text"),
        ("po", b'msgid ""\nmsgstr "Language: sw\\n"\n'),
        ("po", b"\xff\xfe"),
        ("po", b'msgid "a\nmsgstr "b"\n'),
        ("po", b'msgid_plural "a"\n'),
        ("po", b'"alone"\n'),
        ("po", b'msgid "\\q"\nmsgstr ""\n'),
    ],
)
def test_what_is_no_file_of_translations_is_refused(medium: str, data: bytes) -> None:
    with pytest.raises(ProblemsFound) as refused:
        MEDIA[medium][1](data, f"sw.{medium}")
    assert {each.code for each in refused.value.problems} == {"RB507"}
    assert all(each.message != "RB507" for each in refused.value.problems)


# ---- texts that changed meanwhile


def test_a_new_translation_of_a_text_that_changed_meanwhile_is_refused() -> None:
    changed = load(SOURCE.replace("Waits 10 seconds", "Waits 10 minutes"), "demo.rubric")
    found = taken(changed, back("xlsx", {"item waits": "Anasubiri sekunde 10"}), {})[1]
    assert [(each.code, each.severity) for each in found] == [("RB310", "error")]
    assert "Waits 10 seconds" in found[0].help
    assert "Waits 10 minutes" in found[0].help


@pytest.mark.parametrize("medium", MEDIA)
def test_a_stale_text_stays_stale_until_it_is_translated_again_or_called_right(medium: str) -> None:
    write, read = MEDIA[medium]
    lock = {"sw": {"item waits": Locked(fingerprint_of("Waits 5 seconds"), "Waits 5 seconds")}}
    table = translation_table(PARTLY, "sw", lock)
    untouched = taken(PARTLY, read(write(table), "sw"), lock)[0]
    assert untouched.locked["item waits"].text == "Waits 5 seconds"
    again = filled(table, {"item waits": "Anangoja sekunde 10"})
    rows = tuple(row._replace(status="current") for row in again.rows)
    anew = taken(PARTLY, read(write(again._replace(rows=rows)), "sw"), lock)[0]
    assert anew.locked["item waits"].text == "Waits 10 seconds"
    assert anew.changed == (("item", "waits", ""),)


def test_a_yes_says_that_an_old_translation_still_fits() -> None:
    lock = {"sw": {"item waits": Locked(fingerprint_of("Waits 5 seconds"))}}
    workbook = load_workbook(BytesIO(workbook_of(translation_table(PARTLY, "sw", lock))))
    workbook.worksheets[0].cell(13, 7).value = "Yes"
    saved = BytesIO()
    workbook.save(saved)
    found = taken(PARTLY, translations_in_workbook(saved.getvalue(), "sw.xlsx"), lock)[0]
    assert (found.changed, found.locked["item waits"].text) == ((), "Waits 10 seconds")


def test_a_stale_text_is_marked_as_unfinished_for_tools_and_brings_nothing_while_it_is() -> None:
    lock = {"sw": {"item waits": Locked(fingerprint_of("Waits 5 seconds"), "Waits 5 seconds")}}
    written = po_of(translation_table(PARTLY, "sw", lock)).decode()
    assert '#, fuzzy\n#| msgid "Waits 5 seconds"\nmsgctxt "item waits"' in written
    found = {each.name: each.text for each in translations_in_po(written.encode(), "sw.po").returned}
    assert found["item waits"] == ""


def test_without_a_lock_nothing_is_stale_and_with_one_only_what_changed() -> None:
    assert list(stale_texts(PARTLY, {})) == []
    known = {
        "item waits": Locked(fingerprint_of("Waits 5 seconds"), "Waits 5 seconds"),
        "answer seen of tick": Locked(fingerprint_of("Seen"), "Seen"),
    }
    found = list(stale_texts(PARTLY, {"sw": known}))
    assert [(each.code, each.severity, each.place.line) for each in found] == [("RB310", "warning", 19)]
    assert found[0].message == "The Kiswahili text of item waits is older than the text it translates."
    assert found[0].under == 'it translates "Waits 5 seconds"'


# ---- the lock


def test_a_lock_comes_back_and_a_damaged_one_is_a_problem(tmp_path: Path) -> None:
    lock = {"sw": {"item waits": Locked(fingerprint_of("Waits"), "Waits")}}
    path = tmp_path / "demo.lock"
    assert read_lock(path) == {}
    path.write_bytes(lock_file("demo", lock))
    assert read_lock(path) == lock
    assert json.loads(path.read_text(encoding="utf-8"))["checklist"] == "demo"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<<",
        "[]",
        "{}",
        '{"format": "fidelity-lock/1"}',
        '{"format": "fidelity-lock/1", "translations": []}',
    ],
)
def test_a_damaged_lock_is_told(text: str) -> None:
    with pytest.raises(ProblemsFound) as refused:
        read_lock_text(text, "demo.lock")
    assert [each.code for each in refused.value.problems] == ["RB004"]


# ---- the block in the source


def rewritten(source: str, texts: dict[str, str]) -> str:
    model = load(source, "demo.rubric")
    found, problems = taken(model, back("po", texts, model), {})
    assert problems == ()
    ordered = {each: found.texts[each.key] for each in source_texts(model) if each.key in found.texts}
    present = translation_in(model, "sw")
    signed = Signed('The "site" team', date(2026, 3, 1))
    if present is None:
        return with_new_block(source, "sw", "Kiswahili", ordered, signed)
    return with_changed_block(source, present, ordered, found.changed, signed)


def test_a_new_language_stands_at_the_end_and_the_rest_stays_as_it_was() -> None:
    found = rewritten(SOURCE, {"level low of good": 'Chini "sana"', "item waits": "Anasubiri 10"})
    assert found == SOURCE + (
        '\ntranslation sw "Kiswahili"\n'
        '  translated by “The "site" team” on 2026-03-01\n'
        '  text item waits "Anasubiri 10"\n'
        '  text level low of good “Chini "sana"”\n'
    )


def test_a_changed_block_keeps_its_remarks_steps_and_other_texts() -> None:
    after = 'flag few "Few" when part of warm is below 20%\n'
    texts = {"item waits": "Anangoja sekunde 10", "section warm": "Ukarimu", "scale tick": "Imeonekana?"}
    found = rewritten(SOURCE + BLOCK + after, {**texts, "level low of good": "Chini"})
    assert (
        found
        == SOURCE
        + (
            'translation sw "Kiswahili"\n'
            '  translated by “The "site" team” on 2026-03-01\n'
            '  step back_translation by "A third one" on 2026-02-12\n'
            "  # Read aloud with the team.\n"
            '  text scale tick "Imeonekana?"\n'
            '  text item waits "Anangoja sekunde 10"   # as agreed\n'
            '  text level low of good "Chini"\n'
            '  text answer seen of tick "Imeonekana"\n'
            '  text section warm "Ukarimu"\n'
        )
        + after
    )


def test_windows_line_ends_and_unsigned_blocks_stay_what_they_are() -> None:
    unsigned = BLOCK.replace('  translated by "Two translators" on 2026-02-11\n', "")
    source = (SOURCE + unsigned).replace("\n", "\r\n").rstrip("\r\n")
    found = rewritten(source, {"checklist": "Onyesho"})
    assert found.count("\n") == found.count("\r\n")
    assert 'translation sw "Kiswahili"\r\n  translated by “The "site" team” on 2026-03-01\r\n  step ' in found
    assert found.startswith(source.rpartition("\r\ntranslation")[0])


@given(text=some.text(some.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=20))
def test_whatever_is_taken_is_read_back_from_the_checklist(text: str) -> None:
    given_back = back("po", {})
    rows = (each._replace(text=text) if each.name == "checklist" else each for each in given_back.returned)
    found, problems = taken(MODEL, given_back._replace(returned=tuple(rows)), {})
    if not problems and found.texts:
        title = next(each for each in source_texts(MODEL) if each.kind == "checklist")
        signed = Signed("Me", date(2026, 3, 1))
        source = with_new_block(SOURCE, "sw", "Kiswahili", {title: found.texts[title.key]}, signed)
        again = translation_in(load(source, "demo.rubric"), "sw")
        assert again is not None
        assert again.texts == found.texts
