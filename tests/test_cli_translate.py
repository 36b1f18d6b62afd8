"""`fidelity translate`: out to translators, back into the checklist, and how far each language is."""

import json
from pathlib import Path

import pytest
from conftest import Run
from openpyxl import load_workbook
from test_exchange_translation import BLOCK, SOURCE

from fidelity.language.reading import load

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
        "demo.rubric: Kiswahili, 3 texts new or changed; 3 of 14 are translated now.\n"
        "Give the checklist a new version: forms made before belong to it as it was.\n"
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
    assert "2 of 14 are translated now" in ran.err
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
    assert found["texts"] == 14
    assert found["languages"] == [
        {
            "language": "sw",
            "name": "Kiswahili",
            "texts": 14,
            "current": 2,
            "stale": 0,
            "missing": 12,
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
            "texts": 14,
            "current": 0,
            "stale": 0,
            "missing": 13,
            "draft": 1,
            "translated_by": None,
            "on": None,
            "steps": [],
        },
    ]
    text = run("translate", "status", "demo.rubric").out.splitlines()
    assert (
        text[1].split()
        == "sw Kiswahili 14 2 0 12 0 Two translators 2026-02-11 back_translation 2026-02-12".split()
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
