"""`fidelity translate`: out to translators, back into the checklist, and how far each language is."""

import json
from pathlib import Path

import pytest
from conftest import Run
from openpyxl import load_workbook
from test_exchange_translation import BLOCK, SOURCE

from fidelity.language.reading import load, load_programme

TEXTS = {"item waits": "Anasubiri sekunde 10", "answer seen of tick": "Imeonekana", "checklist": "Onyesho"}
SIGNED = ("--checklist", "demo.rubric", "--by", "Two translators", "--on", "2026-02-11")


@pytest.fixture
def demo(run: Run, tmp_path: Path) -> Path:
    """The checklist in the empty folder where commands run."""
    assert run is not None
    path = tmp_path / "demo.rubric"
    path.write_bytes(b"\xef\xbb\xbf" + SOURCE.encode())
    return path


def translate(path: Path, texts: dict[str, str]) -> None:
    """What a translator does with the file."""
    if path.suffix == ".xlsx":
        workbook = load_workbook(path)
        for row in workbook.worksheets[0].iter_rows(min_row=5):
            if str(row[0].value) in texts:
                row[4].value = texts[str(row[0].value)]
        workbook.save(path)
        return
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    for name, text in texts.items():
        at = next(at for at, block in enumerate(blocks) if f'msgctxt "{name}"\n' in block)
        blocks[at] = blocks[at].rpartition("msgstr ")[0] + f'msgstr "{text}"'
    path.write_text("\n\n".join(blocks), encoding="utf-8")


def sent(run: Run, file: str, texts: dict[str, str]) -> None:
    assert run("translate", "export", "demo.rubric", "--language", "sw", "-o", file).status == 0
    translate(Path(file), texts)


@pytest.mark.parametrize("file", ["sw.xlsx", "sw.po"])
def test_translations_go_out_and_come_back(file: str, demo: Path, run: Run) -> None:
    sent(run, file, TEXTS)
    ran = run("translate", "import", file, *SIGNED)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == (
        "demo.rubric: Kiswahili, 3 texts new or changed; 3 of 15 are translated now.\n"
        "Give the checklist a new version: forms made before belong to it as it was.\n"
        "Signed by Two translators: 3 texts, none of them unchanged.\n"
    )
    written = demo.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf" + SOURCE.encode() + b"\ntranslation sw ")
    made = load(written.decode("utf-8-sig"), "demo.rubric").translations[0]
    assert set(made.texts.values()) == set(TEXTS.values())
    assert run("check", "demo.rubric").status == 0


def test_a_second_import_changes_nothing_but_what_changed(demo: Path, run: Run) -> None:
    sent(run, "sw.po", TEXTS)
    run("translate", "import", "sw.po", *SIGNED)
    before = demo.read_bytes()
    sent(run, "sw.po", {})
    assert run("translate", "import", "sw.po", *SIGNED).status == 0
    assert demo.read_bytes() == before
    sent(run, "sw.po", {"checklist": "Maonyesho"})
    run("translate", "import", "sw.po", *SIGNED)
    assert demo.read_bytes() == before.replace(b'"Onyesho"', b'"Maonyesho"')


def test_a_text_changed_later_makes_its_translation_stale_until_it_is_looked_at(demo: Path, run: Run) -> None:
    sent(run, "sw.po", TEXTS)
    run("translate", "import", "sw.po", *SIGNED)
    assert "RB310" not in run("check", "demo.rubric").out.replace("RB310  Not yet", "")
    demo.write_bytes(demo.read_bytes().replace(b"Waits 10 seconds", b"Waits 10 seconds, then asks"))
    ran = run("check", "demo.rubric")
    assert ran.status == 0
    assert "The Kiswahili text of item waits is older than the text it translates." in ran.out
    assert "1 file checked: 2 warnings." in ran.out  # RB401 too
    demo.write_bytes(
        demo.read_bytes().replace(b'"Kiswahili"\n', b'"Kiswahili"\n  allow RB310 because "Meant the same."\n')
    )
    assert "1 file checked: 1 warning." in run("check", "demo.rubric").out
    sent(run, "sw.xlsx", {"item waits": "Anasubiri sekunde 10, kisha anauliza"})
    run("translate", "import", "sw.xlsx", *SIGNED)
    assert "older" not in run("check", "demo.rubric").out


def test_one_lost_number_keeps_everything_out_unless_the_good_ones_are_asked_for(
    demo: Path, run: Run
) -> None:
    sent(run, "sw.xlsx", {**TEXTS, "item waits": "Anasubiri kidogo"})
    before = demo.read_bytes()
    ran = run("translate", "import", "sw.xlsx", *SIGNED)
    assert ran.status == 1
    assert "RB311  Cell E13, item waits: the number 10 is missing in the translation." in ran.err
    assert demo.read_bytes() == before
    assert not Path("demo.lock").exists()
    ran = run("translate", "import", "sw.xlsx", *SIGNED, "--keep-good")
    assert ran.status == 0
    assert "RB311" in ran.err
    assert "2 of 15 are translated now" in ran.err
    assert b"kidogo" not in demo.read_bytes()


def test_problems_are_told_as_json_too(demo: Path, run: Run) -> None:
    assert demo.exists()
    sent(run, "sw.po", {"item waits": "Anasubiri kidogo"})
    ran = run("translate", "import", "sw.po", *SIGNED, "--format", "json")
    assert ran.status == 1
    found = json.loads(ran.out)["problems"]
    assert [(each["code"], each["severity"], each["line"]) for each in found] == [("RB311", "error", 55)]


def test_status_counts_by_language_and_names_steps(demo: Path, run: Run) -> None:
    demo.write_text(
        SOURCE + BLOCK + 'translation lg "Luganda"\n  text checklist "Ekyokulabirako"\n', encoding="utf-8"
    )
    ran = run("translate", "status", "demo.rubric", "--format", "json")
    found = json.loads(ran.out)
    assert found["texts"] == 15
    assert found["languages"] == [
        {
            "language": "sw",
            "name": "Kiswahili",
            "texts": 15,
            "current": 2,
            "stale": 0,
            "missing": 13,
            "draft": 0,
            "translated_by": "Two translators",
            "on": "2026-02-11",
            "steps": [
                {
                    "step": "back_translation",
                    "by": "A third one",
                    "on": "2026-02-12",
                    "before_texts": False,
                }
            ],
        },
        {
            "language": "lg",
            "name": "Luganda",
            "texts": 15,
            "current": 0,
            "stale": 0,
            "missing": 14,
            "draft": 1,
            "translated_by": None,
            "on": None,
            "steps": [],
        },
    ]
    text = run("translate", "status", "demo.rubric").out.splitlines()
    assert (
        text[1].split()
        == "sw Kiswahili 15 2 0 13 0 Two translators 2026-02-11 back_translation 2026-02-12".split()
    )
    assert "not said" in text[2]


def test_new_texts_have_not_gone_through_old_steps(demo: Path, run: Run) -> None:
    demo.write_text(SOURCE + BLOCK, encoding="utf-8")
    sent(run, "sw.po", {"checklist": "Onyesho"})
    ran = run(
        "translate", "import", "sw.po", "--checklist", "demo.rubric", "--by", "Me", "--on", "2026-03-01"
    )
    assert "the new texts have not gone through them: back_translation." in ran.err
    assert "(before these texts)" in run("translate", "status", "demo.rubric").out


def test_a_shipped_checklist_is_exported_and_never_written_to(run: Run) -> None:
    shipped = "pm_plus/helping_skills"
    assert run("translate", "export", shipped, "--language", "lg", "-o", "lg.po").status == 0
    translate(Path("lg.po"), {"checklist": "Obukugu"})
    ran = run("translate", "import", "lg.po", "--checklist", shipped, "--by", "Me", "--on", "2026-03-01")
    assert ran.status == 2
    assert "Copy it into a folder of yours first." in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("export", "demo.rubric", "--language", "sw", "-o", "sw.csv"),
        ("export", "demo.rubric", "--language", "Swahili!", "-o", "sw.po"),
        ("export", "demo.rubric", "--language", "en", "-o", "en.po"),
        ("import", "sw.csv", *SIGNED),
        ("import", "gone.po", *SIGNED),
        ("import", "gone.po", *SIGNED[:-1], "11 February"),
        ("import", "gone.po", "--checklist", "demo.rubric", "--by", "a\nb", "--on", "2026-02-11"),
        ("import", "gone.po", "--checklist", "demo.rubric", "--by", "Me"),
        ("import", "gone.po", "--checklist", "demo.rubric", "--reviewed"),
        ("import", "gone.po", *SIGNED[:3], "Draft, not reviewed", *SIGNED[4:], "--reviewed"),
    ],
)
def test_wrong_calls_say_how_to_call(words: tuple[str, ...], demo: Path, run: Run) -> None:
    assert demo.exists()
    ran = run("translate", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err


def test_a_file_without_translations_and_a_damaged_lock_change_nothing(demo: Path, run: Run) -> None:
    before = demo.read_bytes()
    sent(run, "sw.po", {})
    assert "Nothing in this file is translated yet." in run("translate", "import", "sw.po", *SIGNED).err
    sent(run, "sw.po", TEXTS)
    Path("demo.lock").write_text("<<<<<<< mine", encoding="utf-8")
    ran = run("translate", "import", "sw.po", *SIGNED)
    assert (ran.status, "RB004" in ran.err) == (1, True)
    assert demo.read_bytes() == before
    assert run("check", "demo.rubric").status == 1


PROGRAMME = """programme path "The path"
  version 1.0.0
fact hours "Hours of training" is a count
threshold enough "Hours that are enough" is 40
stage trained "Training done"
  note "40 hours on paper."
  needs therapist with hours is at least enough
"""
ITS_TEXTS = {"programme": "Njia", "stage trained": "Mafunzo yamekamilika", "note of trained": "Saa 40."}


@pytest.mark.parametrize("file", ["sw.xlsx", "sw.po"])
def test_a_programme_goes_out_and_comes_back_too(file: str, run: Run) -> None:
    path = Path("path.rubric")
    path.write_text(PROGRAMME, encoding="utf-8")
    assert run("translate", "export", "path.rubric", "--language", "sw", "-o", file).status == 0
    translate(Path(file), ITS_TEXTS)
    ran = run("translate", "import", file, "--checklist", "path.rubric", *SIGNED[2:])
    assert (ran.status, ran.err.splitlines()[0]) == (
        0,
        "path.rubric: Kiswahili, 3 texts new or changed; 3 of 5 are translated now.",
    )
    made = load_programme(path.read_text(encoding="utf-8"), "path.rubric").translations[0]
    assert set(made.texts.values()) == set(ITS_TEXTS.values())
    changed = path.read_text(encoding="utf-8").replace("40 hours on", "50 hours on")
    path.write_text(changed, encoding="utf-8")
    said = run("check", "path.rubric").out
    assert "RB310  The Kiswahili text of note of trained is older than the text it translates." in said
    assert "RB311  This Kiswahili text lost the number 50." in said
    found = json.loads(run("translate", "status", "path.rubric", "--format", "json").out)
    assert [(each["current"], each["stale"], each["missing"]) for each in found["languages"]] == [(2, 1, 2)]


ADAPTATION = """adaptation here "Here"
  extends demo version 1.0.0
  version 1.1.0
  made by "A group" on 2026-03-01
reword item names to "Says the name"
  because "Nobody has a placeholder here." planned fidelity consistent
"""


def test_an_adaptation_holds_its_own_texts_over_those_of_its_base(demo: Path, run: Run) -> None:
    demo.write_text(SOURCE, encoding="utf-8")
    sent(run, "sw.po", TEXTS)
    run("translate", "import", "sw.po", *SIGNED)
    path = Path("here.rubric")
    path.write_text(ADAPTATION, encoding="utf-8")
    assert run("translate", "export", "here.rubric", "--language", "sw", "-o", "here.po").status == 0
    translate(Path("here.po"), {"item names": "Anasema jina", "item waits": "Anangoja sekunde 10"})
    ran = run("translate", "import", "here.po", "--checklist", "here.rubric", *SIGNED[2:])
    assert ran.status == 0
    assert "2 texts new or changed; 3 of 15 are translated now." in ran.err
    assert path.read_text(encoding="utf-8") == ADAPTATION + (
        '\ntranslation sw "Kiswahili"\n'
        '  translated by "Two translators" on 2026-02-11\n'
        '  text item waits "Anangoja sekunde 10"\n'
        '  text item names "Anasema jina"\n'
    )
    noted = json.loads(Path("here.lock").read_text(encoding="utf-8"))["translations"]["sw"]
    assert list(noted) == ["item waits", "item names"]  # what the base has is noted beside the base


def test_a_text_that_is_old_in_the_base_is_old_in_its_adaptation(demo: Path, run: Run) -> None:
    demo.write_text(SOURCE, encoding="utf-8")
    sent(run, "sw.po", TEXTS)
    run("translate", "import", "sw.po", *SIGNED)
    demo.write_text(demo.read_text(encoding="utf-8").replace("Waits 10", "Waits about 10"), encoding="utf-8")
    Path("here.rubric").write_text(ADAPTATION, encoding="utf-8")
    found = json.loads(run("translate", "status", "here.rubric", "--format", "json").out)
    assert [(each["current"], each["stale"]) for each in found["languages"]] == [(1, 1)]
    assert "older than" in run("check", "demo.rubric").out
    assert "older than the text" not in run("check", "here.rubric").out  # told where it can be put right


def test_without_a_name_the_texts_are_a_draft(demo: Path, run: Run) -> None:
    sent(run, "sw.po", TEXTS)
    ran = run("translate", "import", "sw.po", "--checklist", "demo.rubric")
    assert ran.status == 0
    assert "Nobody is named for them (--by NAME --on DATE), so the translation counts as a draft." in ran.err
    assert b'translation sw "Kiswahili"\n  text checklist "Onyesho"\n' in demo.read_bytes()
    found = json.loads(run("translate", "status", "demo.rubric", "--format", "json").out)["languages"]
    assert (found[0]["draft"], found[0]["translated_by"]) == (3, None)


def test_a_signature_does_not_stand_for_texts_of_nobody(demo: Path, run: Run) -> None:
    sent(run, "sw.po", TEXTS)
    run("translate", "import", "sw.po", *SIGNED)
    signed = demo.read_bytes()
    sent(run, "sw.po", {"checklist": "Maonyesho"})
    ran = run("translate", "import", "sw.po", "--checklist", "demo.rubric")
    assert "The signature of Two translators on 2026-02-11 was taken out" in ran.err
    line = b'  translated by "Two translators" on 2026-02-11\n'
    assert demo.read_bytes() == signed.replace(line, b"").replace(b"Onyesho", b"Maonyesho")


# ---- nothing is signed in silence


DRAFTED = (
    'translation sw "Kiswahili"\n'
    '  translated by "Draft, not reviewed" on 2026-02-11\n'
    '  text item waits "Anasubiri sekunde 10"\n'
    '  text answer seen of tick "Imeonekana"\n'
)
REVIEWER = ("--checklist", "demo.rubric", "--by", "A. Reviewer", "--on", "2026-02-20")
BY_REVIEWER = DRAFTED.replace('"Draft, not reviewed" on 2026-02-11', '"A. Reviewer" on 2026-02-20')
HOW_TO_SIGN = (
    'Where every line was read, add --reviewed. Or write "yes" under "Still right?" beside each line of '
    "the workbook that is right, and import it again.\n"
)


def call_right(path: Path, *names: str) -> None:
    """What a reviewer writes beside lines that can stay."""
    workbook = load_workbook(path)
    for row in workbook.worksheets[0].iter_rows(min_row=5):
        if str(row[0].value) in names:
            assert not row[6].protection.locked
            row[6].value = "yes"
    workbook.save(path)


@pytest.fixture
def drafted(demo: Path) -> Path:
    demo.write_text(SOURCE + DRAFTED, encoding="utf-8")
    return demo


def counts(run: Run, file: str = "demo.rubric") -> tuple[int, int]:
    found = json.loads(run("translate", "status", file, "--format", "json").out)["languages"][0]
    return found["current"], found["draft"]


@pytest.mark.parametrize("file", ["sw.xlsx", "sw.po"])
def test_a_name_does_not_sign_a_draft_that_came_back_untouched(file: str, drafted: Path, run: Run) -> None:
    sent(run, file, {})
    ran = run("translate", "import", file, *REVIEWER)
    assert (ran.status, ran.err) == (
        0,
        "demo.rubric: Kiswahili, 0 texts new or changed; 2 of 15 are translated now.\n"
        "Not signed by A. Reviewer: 2 draft texts came back unchanged, so all stay a draft.\n" + HOW_TO_SIGN,
    )
    assert drafted.read_text(encoding="utf-8") == SOURCE + DRAFTED
    assert counts(run) == (0, 2)


@pytest.mark.parametrize("file", ["sw.xlsx", "sw.po"])
def test_one_changed_text_does_not_sign_the_rest_of_a_draft(file: str, drafted: Path, run: Run) -> None:
    sent(run, file, {"item waits": "Anangoja sekunde 10"})
    ran = run("translate", "import", file, *REVIEWER)
    assert ran.err.splitlines()[2] == (
        "Not signed by A. Reviewer: 1 draft text came back unchanged, so all stay a draft, the new texts too."
    )
    assert drafted.read_text(encoding="utf-8") == SOURCE + DRAFTED.replace("Anasubiri", "Anangoja")
    assert counts(run) == (0, 2)


@pytest.mark.parametrize("file", ["sw.xlsx", "sw.po"])
def test_who_has_read_every_line_signs_the_unchanged_ones_too(file: str, drafted: Path, run: Run) -> None:
    sent(run, file, {"item waits": "Anangoja sekunde 10"})
    ran = run("translate", "import", file, *REVIEWER, "--reviewed")
    assert ran.err.endswith("Signed by A. Reviewer: 2 texts, 1 of them unchanged.\n")
    assert drafted.read_text(encoding="utf-8") == SOURCE + BY_REVIEWER.replace("Anasubiri", "Anangoja")
    assert counts(run) == (2, 0)


def test_yes_beside_each_line_of_the_workbook_signs_a_draft(drafted: Path, run: Run) -> None:
    sent(run, "sw.xlsx", {})
    call_right(Path("sw.xlsx"), "item waits")
    assert "1 draft text came back unchanged" in run("translate", "import", "sw.xlsx", *REVIEWER).err
    call_right(Path("sw.xlsx"), "answer seen of tick")
    ran = run("translate", "import", "sw.xlsx", *REVIEWER)
    assert ran.err.endswith("Signed by A. Reviewer: 2 texts, 2 of them unchanged.\n")
    assert drafted.read_text(encoding="utf-8") == SOURCE + BY_REVIEWER


def test_a_line_that_is_not_in_the_file_was_not_read(drafted: Path, run: Run) -> None:
    sent(run, "sw.po", {"item waits": ""})
    ran = run("translate", "import", "sw.po", *REVIEWER, "--reviewed")
    assert "Not signed by A. Reviewer: 1 draft text came back unchanged" in ran.err
    assert drafted.read_text(encoding="utf-8") == SOURCE + DRAFTED


def test_a_line_read_beside_an_older_text_was_not_read(drafted: Path, run: Run) -> None:
    sent(run, "sw.po", {})
    changed = (SOURCE + DRAFTED).replace("Waits 10 seconds", "Waits 10 seconds, then asks")
    drafted.write_text(changed, encoding="utf-8")
    ran = run("translate", "import", "sw.po", *REVIEWER, "--reviewed")
    assert "Not signed by A. Reviewer: 1 draft text came back unchanged" in ran.err
    assert drafted.read_text(encoding="utf-8") == changed


def test_a_name_that_takes_over_unchanged_texts_of_another_says_so(demo: Path, run: Run) -> None:
    demo.write_text(SOURCE + BLOCK, encoding="utf-8")
    sent(run, "sw.po", {"checklist": "Onyesho"})
    ran = run("translate", "import", "sw.po", *REVIEWER)
    assert ran.err.endswith(
        "Signed by A. Reviewer: 3 texts, 2 of them unchanged.\n"
        "The unchanged ones were signed by Two translators before.\n"
    )


def test_an_adaptation_does_not_sign_the_draft_of_its_base(drafted: Path, run: Run) -> None:
    assert drafted.exists()
    path = Path("here.rubric")
    path.write_text(ADAPTATION, encoding="utf-8")
    assert run("translate", "export", "here.rubric", "--language", "sw", "-o", "here.po").status == 0
    words = ("translate", "import", "here.po", "--checklist", "here.rubric", *REVIEWER[2:])
    assert "Nothing was signed: here.rubric has no texts of its own" in run(*words, "--reviewed").err
    assert path.read_text(encoding="utf-8") == ADAPTATION
    translate(Path("here.po"), {"item names": "Anasema jina"})
    ran = run(*words)
    assert "Not signed by A. Reviewer: 2 draft texts came back unchanged" in ran.err
    assert path.read_text(encoding="utf-8") == (
        f'{ADAPTATION}\ntranslation sw "Kiswahili"\n  text item names "Anasema jina"\n'
    )
    assert counts(run, "here.rubric") == (0, 3)
    assert run(*words, "--reviewed").err.endswith("Signed by A. Reviewer: 1 text, 1 of them unchanged.\n")
    assert counts(run, "here.rubric") == (1, 2)  # what stands in the base is signed there
