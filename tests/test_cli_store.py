"""The care for a study's store: log, correct, withdraw, backup, restore; what each says, and its status."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from conftest import Run
from observe_sample import SOURCE, written

HEADINGS = (
    "observation,session,therapist,client,rater,date,welcome,safety,asked,remarks,open_q.often,open_q.skill"
)
TABLE = f"""{HEADINGS}
o1,S1,T1,C1,R1,2026-03-04,done,done,3,,5,2.5
o2,S2,T1,C1,R1,2026-03-11,done,partly,3,,5,2.5
o3,S3,T2,C2,R1,2026-03-12,partly,done,4,,4,3
"""


@pytest.fixture
def study(tmp_path: Path, run: Run) -> Path:
    """A study with three observations."""
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    written(tmp_path, TABLE, "table.csv")
    words = ("import", "table.csv", "--checklist", "visit.rubric", "--study", "study", "--by", "Anna")
    assert run(*words).status == 0
    return tmp_path / "study"


def head_of(run: Run, study: str = "study") -> str:
    """The hash at the end of the log."""
    answer = json.loads(run("log", "head", "--study", study, "--format", "json").out)
    assert len(answer["hash"]) == 64
    return str(answer["hash"])


def by_hand(study: Path, order: str) -> None:
    """What somebody does to the file with another program."""
    with sqlite3.connect(study / "study.sqlite") as store:
        store.execute(order)
    store.close()


# ---- log


def test_a_log_that_holds_says_so_and_prints_the_head(study: Path, run: Run) -> None:
    ran = run("log", "verify", "--study", str(study))
    assert ran.status == 0
    assert ran.out == (
        "Everything is as it was written: 6 entries, 3 stored revisions.\n"
        f"Head of the log: entry 6, {head_of(run)}\n"
    )


def test_a_changed_answer_is_found_and_the_entry_named(study: Path, run: Run) -> None:
    by_hand(
        study, "UPDATE revision SET content = replace(content, 'partly', 'done') WHERE observation = 'o2'"
    )
    ran = run("log", "verify", "--study", "study")
    assert ran.status == 1
    assert "Entry 4 of the log: the observation that it stored was changed since." in ran.err
    answer = json.loads(run("log", "verify", "--study", "study", "--format", "json").out)
    assert (answer["holds"], answer["first_broken"]) == (False, {"entry": 4, "what": "content_changed"})


@pytest.mark.usefixtures("study")
def test_a_published_head_is_found_again_or_missed(run: Run) -> None:
    head = head_of(run)
    assert run("correct", "o1", "--study", "study", "--set", "asked=4", "--why", "misread").status == 0
    ran = run("log", "verify", "--study", "study", "--head", head)
    assert (ran.status, ran.out.splitlines()[1]) == (0, "The published head is entry 6; 1 came since.")
    missed = run("log", "verify", "--study", "study", "--head", "0" * 64)
    assert missed.status == 1
    assert "is not in the log: entries were taken away or written anew since." in missed.err


@pytest.mark.usefixtures("study")
def test_the_log_shows_who_did_what(run: Run) -> None:
    words = (
        "--study",
        "study",
        "--set",
        "welcome=not_done",
        "--set",
        "welcome.comment=",
        "--why",
        "box misread",
    )
    assert run("correct", "o1", *words, "--by", "Bea").status == 0
    lines = run("log", "show", "--study", "study").out.splitlines()
    assert [line.split()[4] for line in lines[1:]] == [
        "begun", "checklist", "observation", "observation", "observation", "receipt", "correction",
    ]  # fmt: skip
    ran = run("log", "show", "--study", "study", "--observation", "o1")
    assert "Bea" in ran.out
    assert ran.out.splitlines()[-1].endswith(
        "o1, revision 2 (welcome: done -> not_done), because box misread"
    )
    shown = json.loads(run("log", "show", "--study", "study", "--session", "S2", "--format", "json").out)
    assert [(each["observation"], each["kind"], each["number"]) for each in shown] == [
        ("o2", "observation", 1)
    ]


def test_what_somebody_typed_does_not_steer_the_terminal(study: Path, run: Run) -> None:
    words = ("--set", "remarks=\x1b[2J\u202efresh", "--why", "one\nline")
    assert run("correct", "o1", "--study", str(study), *words).status == 0
    ran = run("log", "show", "--study", "study", "--observation", "o1")
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert len(ran.out.splitlines()) == 3


def test_what_is_not_in_the_log_is_said(study: Path, run: Run) -> None:
    assert study.is_dir()
    assert (
        "No entry of the log is about that." in run("log", "show", "--study", "study", "--session", "S9").err
    )
    assert "There is no study store here." in run("log", "verify", "--study", "elsewhere").err


def test_a_store_that_others_can_look_into_is_told(study: Path, run: Run) -> None:
    (study / "study.sqlite").chmod(0o644)
    study.chmod(0o755)
    ran = run("log", "verify", "--study", "study")
    assert ran.status == 0
    assert 'To close it: chmod 600 "study/study.sqlite"' in ran.err
    assert 'To close it: chmod 700 "study"' in ran.err


# ---- correct


def test_a_correction_is_what_is_read_from_then_on(study: Path, run: Run) -> None:
    ran = run("correct", "o2", "--study", str(study), "--set", "safety=done", "--why", "misread")
    assert (ran.status, ran.err.splitlines()[0]) == (
        0,
        "o2: revision 2 is stored, and what was there before stays in the log.",
    )
    scored = json.loads(run("score", "visit.rubric", "study", "--format", "json").out)["observations"][1]
    assert (scored["observation"], scored["scores"]["adherence"]["exact"]) == ("o2", "100")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("obs1", "--set", "asked=4"), 2, 'There is no observation "obs1" in the study.'),
        (("o1", "--set", "asked=400"), 1, 'Observation "o1": "400" is outside the range'),
        (("o1", "--set", "welcome=Done"), 1, 'Observation "o1": "Done" is not an answer of welcome.'),
        (("o1", "--set", "date=2026-13-01"), 1, 'Observation "o1", date: there is no day 2026-13-01.'),
        (("o1", "--set", "therapist=", "--set", "asked=x"), 1, 'Observation "o1" names no therapist.'),
        (("o1", "--set", "aksed=4"), 1, 'this checklist has no item "aksed"'),
        (("o1", "--set", "asked"), 2, '"asked" is no correction: write COLUMN=VALUE'),
        (("o1", "--set", "session=S2"), 1, 'is in the study already, as observation "o2"'),
        (("o1", "--set", "observation=o2"), 1, 'The name "o2" belongs to an observation of session "S2"'),
        (("o1", "--set", "version=2.0.0"), 2, "cannot be corrected: import it anew"),
        (("o1", "--set", "asked=3"), 0, "o1 says that already; nothing was changed."),
    ],
)
def test_a_correction_that_cannot_be_leaves_everything(
    study: Path, run: Run, words: tuple[str, ...], status: int, said: str
) -> None:
    head = head_of(run)
    ran = run("correct", *words, "--study", str(study), "--why", "misread")
    assert ran.status == status, ran.said
    assert said in ran.err
    assert head_of(run) == head


def test_a_table_that_comes_again_does_not_undo_a_correction(study: Path, run: Run, tmp_path: Path) -> None:
    assert run("correct", "o2", "--study", str(study), "--set", "safety=done", "--why", "misread").status == 0
    written(tmp_path, f"{TABLE}o4,S4,T2,C2,R1,2026-03-13,done,done,4,,4,3\n", "longer.csv")
    words = ("import", "longer.csv", "--checklist", "visit.rubric", "--study", "study", "--format", "json")
    counts = json.loads(run(*words).out)["receipts"][0]
    assert (counts["new"], counts["revisions"], counts["same"]) == (1, 0, 3)
    shown = json.loads(run("log", "show", "--study", "study", "--observation", "o2", "--format", "json").out)
    assert [each["columns"]["safety"] for each in shown] == ["partly", "done"]


# ---- signs that no text has


@pytest.mark.parametrize("column", ["observation", "session", "therapist", "rater", "client"])
@pytest.mark.parametrize("place", ["study", "elsewhere"])
def test_a_code_with_a_sign_that_no_text_has_is_refused(
    study: Path, run: Run, tmp_path: Path, column: str, place: str
) -> None:
    record = {"observation": "o9", "session": "S9", "therapist": "T1", "client": "C1", "rater": "R1"}
    whole = {**record, "date": "2026-03-04", "answers": {"welcome": "done"}, column: "A\u0000B"}
    written(tmp_path, json.dumps([whole]), "odd.json")
    head = head_of(run, str(study))
    ran = run("import", "odd.json", "--checklist", "visit.rubric", "--study", place)
    assert ran.status == 1
    assert f"RB507  The code of the {column} holds a sign that no text has, and cannot be stored." in ran.err
    assert "odd.json, line 1" in ran.err
    assert head_of(run) == head
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("correct", "o1", "--set", "asked=4", "--why", "\udcff"),
        ("correct", "o1", "--set", "asked=4", "--why", "misread", "--by", "\udcff"),
        ("correct", "o1", "--set", "rater=\udcff", "--why", "misread"),
        ("correct", "\udcff", "--set", "asked=4", "--why", "misread"),
        ("withdraw", "--client", "\udcff", "--why", "letter"),
        ("import", "table.csv", "--checklist", "visit.rubric", "--by", "\udcff"),
    ],
)
def test_what_a_terminal_sent_wrongly_is_told(study: Path, run: Run, words: tuple[str, ...]) -> None:
    head = head_of(run)
    ran = run(*words, "--study", str(study))
    assert (ran.status, "there is a sign in it that is not UTF-8. Type it anew." in ran.err) == (2, True)
    assert head_of(run) == head


# ---- withdraw


def stored(run: Run) -> list[str]:
    """The observations that are stored, by name."""
    scored = json.loads(run("score", "visit.rubric", "study", "--format", "json").out)
    return [each["observation"] for each in scored["observations"]]


def test_a_withdrawal_is_shown_first_and_done_with_yes(study: Path, run: Run) -> None:
    words = ("withdraw", "--study", str(study), "--client", "C1", "--why", "letter of 2 March")
    whose = ["  2 sessions: S1, S2", "  1 client: C1", "  1 therapist: T1", "  1 rater: R1"]
    assert run(*words).err.splitlines() == [
        "This would take away 2 observations (2 revisions), for good. To do it, add --yes.",
        *whose,
    ]
    assert stored(run) == ["o1", "o2", "o3"]
    ran = run(*words, "--yes")
    assert ran.err.splitlines() == [
        "Taken away: 2 observations (2 revisions). The log keeps 2 marked gaps.",
        *whose,
        "Still to do by hand: backups, files in observations/, and the forms that were sent hold it as well.",
        "It came from: table.csv.",
        f"Head of the log: entry 7, {head_of(run)}",
    ]
    assert "C1: 2 revisions taken away; letter of 2 March" in run("log", "show", "--study", "study").out
    assert "2 gaps that withdrawals left" in run("log", "verify", "--study", "study").out
    assert stored(run) == ["o3"]
    again = run(*words, "--yes")
    assert (again.status, again.err.splitlines()[1:]) == (
        0,
        ["Nothing of it is stored now.", f"Head of the log: entry 7, {head_of(run)}"],
    )
    assert again.err.startswith("Withdrawn before: C1, by ")


def test_what_was_withdrawn_is_not_stored_again(study: Path, run: Run, tmp_path: Path) -> None:
    run("withdraw", "--study", str(study), "--session", "S1", "--why", "asked to", "--yes")
    assert "S1: 1 revision taken away; asked to" in run("log", "show", "--study", "study").out
    written(tmp_path, TABLE.replace("o1", "new"), "again.csv")
    words = ("import", "again.csv", "--checklist", "visit.rubric", "--study", "study")
    ran = run(*words)
    assert ran.status == 1
    assert 'The consent for session "S1" was withdrawn: nothing of it is stored again.' in ran.err
    kept = json.loads(run(*words, "--keep-good", "--format", "json").out)
    assert (kept["receipts"][0]["same"], kept["left"]) == (2, [{"file": "again.csv", "records": ["new"]}])


def test_a_mistyped_code_is_not_withdrawn(study: Path, run: Run) -> None:
    head = head_of(run)
    words = ("withdraw", "--study", str(study), "--client", "C11", "--client", "c2", "--session", "S3")
    ran = run(*words, "--why", "letter", "--yes")
    assert (ran.status, ran.err.splitlines()) == (
        2,
        [
            'Nothing is stored of a client "C11". Did you mean "C1"?',
            'Nothing is stored of a client "c2". Did you mean "C2"?',
            "Nothing was done. If nothing of it came in yet and nothing may, add --beforehand.",
        ],
    )
    assert head_of(run) == head


def test_a_consent_may_be_withdrawn_before_anything_came_in(study: Path, run: Run, tmp_path: Path) -> None:
    words = ("withdraw", "--study", str(study), "--client", "C7", "--why", "said no", "--beforehand")
    assert run(*words).err == "Beforehand: nothing of it will be stored, once --yes is added.\n"
    ran = run(*words, "--yes")
    assert ran.err.splitlines()[0] == "Beforehand: nothing of it will be stored."
    written(tmp_path, TABLE.replace("C2", "C7").replace("o3,S3", "o4,S4"), "later.csv")
    refused = run("import", "later.csv", "--checklist", "visit.rubric", "--study", "study")
    assert 'The consent of the client was withdrawn: nothing of session "S4" is stored again.' in refused.err


def test_a_withdrawal_of_the_wrong_code_can_be_taken_back(study: Path, run: Run) -> None:
    of_client = ("withdraw", "--study", str(study), "--client", "C2", "--by", "Bea", "--why")
    assert run(*of_client, "letter of 2 March", "--yes").status == 0
    assert stored(run) == ["o1", "o2"]
    shown = run(*of_client, "C1 was meant", "--take-back").err.splitlines()
    assert shown[0].startswith("Withdrawn: C2, by Bea on ")
    assert shown[0].endswith(" (entry 7), letter of 2 March.")
    assert shown[1:] == ["This would let C2 be stored again. To do it, add --yes."]
    ran = run(*of_client, "C1 was meant", "--take-back", "--yes")
    assert ran.err.splitlines()[1:] == [
        "C2: may be stored again. What was taken away stays gone.",
        "It came from: table.csv. Import that once more.",
        f"Head of the log: entry 8, {head_of(run)}",
    ]
    assert "C2: may be stored again; C1 was meant" in run("log", "show", "--study", "study").out
    again = run("import", "table.csv", "--checklist", "visit.rubric", "--study", "study", "--format", "json")
    counts = json.loads(again.out)["receipts"][0]
    assert (counts["new"], counts["same"], counts["left"]) == (1, 2, 0)
    assert stored(run) == ["o1", "o2", "o3"]
    assert run("log", "verify", "--study", "study").status == 0
    skipped = run("import", "table.csv", "--checklist", "visit.rubric", "--study", "study")
    assert "received before" in skipped.err


def test_only_a_withdrawal_that_stands_is_taken_back(study: Path, run: Run) -> None:
    run("withdraw", "--study", str(study), "--client", "C2", "--why", "letter", "--yes")
    words = ("withdraw", "--study", "study", "--why", "mistake", "--take-back", "--yes", "--client")
    ran = run(*words, "C22")
    assert (ran.status, ran.err.splitlines()) == (
        2,
        ['The consent of no client "C22" is withdrawn. Did you mean "C2"?', "Nothing was done."],
    )
    assert run(*words, "C2").status == 0
    assert run(*words, "C2").status == 2
    assert run("withdraw", "--study", "study", "--client", "C2", "--why", "now", "--beforehand").status == 0


def test_a_code_that_is_withdrawn_once_more_is_closed_again(study: Path, run: Run) -> None:
    words = ("withdraw", "--study", str(study), "--client", "C2", "--why", "letter", "--yes")
    assert run(*words).status == 0
    assert run(*words, "--take-back").status == 0
    assert run(*words, "--beforehand").status == 0
    ran = run("import", "table.csv", "--checklist", "visit.rubric", "--study", "study")
    assert "received before" in ran.err
    assert stored(run) == ["o1", "o2"]


def test_a_withdrawal_names_whom(study: Path, run: Run) -> None:
    assert run("withdraw", "--study", str(study), "--why", "x", "--yes").status == 2
    assert run("withdraw", "--study", str(study), "--client", " ", "--why", "x", "--yes").status == 2
    assert run("withdraw", "--study", str(study), "--client", "C1", "--why", " ", "--yes").status == 2
    assert "3 stored revisions.\n" in run("log", "verify", "--study", "study").out


# ---- backup and restore


def test_a_backup_comes_back_as_it_was(study: Path, run: Run, tmp_path: Path) -> None:
    head = head_of(run)
    ran = run("backup", "--study", str(study), "-o", "safe/copy.sqlite", "--format", "json")
    assert json.loads(ran.out)["head"]["hash"] == head
    assert [path.name for path in (tmp_path / "safe").iterdir()] == ["copy.sqlite"]
    assert (tmp_path / "safe" / "copy.sqlite").stat().st_mode & 0o777 == 0o600
    assert run("restore", "safe/copy.sqlite", "--study", "other").status == 0
    assert head_of(run, "other") == head


def test_a_store_that_is_there_stays_beside(study: Path, run: Run) -> None:
    run("backup", "--study", str(study), "-o", "copy.sqlite")
    run("correct", "o1", "--study", "study", "--set", "asked=4", "--why", "misread")
    after = head_of(run)
    refused = run("restore", "copy.sqlite", "--study", "study")
    assert refused.status == 2
    assert "With --replace it stays beside" in refused.err
    assert head_of(run) == after
    ran = run("restore", "copy.sqlite", "--study", "study", "--replace", "--format", "json")
    assert ran.status == 0
    kept = Path(json.loads(ran.out)["kept"])
    assert head_of(run) != after
    assert head_of(run, str(kept)) == after


def test_a_store_that_somebody_has_open_is_not_replaced(study: Path, run: Run) -> None:
    run("backup", "--study", str(study), "-o", "copy.sqlite")
    other = sqlite3.connect(study / "study.sqlite")
    other.execute("SELECT count(*) FROM log").fetchall()
    ran = run("restore", "copy.sqlite", "--study", "study", "--replace")
    other.close()
    assert ran.status == 1
    assert "The study store is busy" in ran.err


def test_a_damaged_backup_is_refused_and_the_store_stays(study: Path, run: Run, tmp_path: Path) -> None:
    run("backup", "--study", str(study), "-o", "copy.sqlite")
    head = head_of(run)
    whole = (tmp_path / "copy.sqlite").read_bytes()
    for damage in (whole[: len(whole) // 2], whole.replace(b"partly", b"pardon"), b"", b"a letter\n" * 1000):
        (tmp_path / "bad.sqlite").write_bytes(damage)
        ran = run("restore", "bad.sqlite", "--study", "study", "--replace")
        assert ran.status == 1, ran.said
        assert "RB507" in ran.err
        assert head_of(run) == head


def test_a_backup_of_a_broken_log_is_refused(study: Path, run: Run, tmp_path: Path) -> None:
    by_hand(study, "UPDATE log SET who = 'Nobody' WHERE sequence = 3")
    ran = run("backup", "--study", "study", "-o", "copy.sqlite")
    assert ran.status == 1
    assert "Entry 3 of the log: it was changed since it was written." in ran.err
    assert not (tmp_path / "copy.sqlite").exists()


def test_a_backup_over_the_store_itself_is_refused(study: Path, run: Run) -> None:
    assert run("backup", "--study", str(study), "-o", "study/study.sqlite").status == 2
    assert run("backup", "--study", str(study), "-o", "study").status == 2


# ---- the page on data protection


def test_the_page_on_data_protection_names_commands_that_there_are(run: Run) -> None:
    page = (Path(__file__).parent.parent / "checklists" / "DATA_PROTECTION.md").read_text(encoding="utf-8")
    shown = re.findall(r"`fidelity ([a-z ]+?)(?: [A-Z-][^`]*)?`", page)
    assert {each.split()[0] for each in shown} == {
        "import", "log", "correct", "withdraw", "backup", "restore", "deidentify",
    }  # fmt: skip
    for line in re.findall(r"`fidelity ([^`]+)`", page):
        words = line.split()
        command = words[: 2 if words[0] == "log" else 1]
        options = {word for word in words if word.startswith("--")}
        told = run(*command, "--help").out
        assert {each for each in options if each not in told} == set(), line


@pytest.mark.parametrize("part", ["verify", "show", "head", "checklists"])
def test_every_part_of_log_has_help_with_an_example(part: str, run: Run) -> None:
    ran = run("log", part, "--help")
    assert ran.status == 0
    assert f"Example:\n    fidelity log {part}" in ran.out
