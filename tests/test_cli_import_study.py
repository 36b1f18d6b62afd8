"""`fidelity import --study`: forms and tables of any kind into a study, with receipts, nothing half-done."""

import json
import shutil
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from observe_sample import SOURCE, written
from openpyxl import load_workbook

from fidelity.cli import receiving
from fidelity.form.workbook import scoring_form
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.form import HEAD, META_SHEET, PROTOCOL
from fidelity.store import intake
from fidelity.store.address import address_of
from fidelity.store.opening import opened, snapshot
from fidelity.store.records import stored
from fidelity.store.verify import verify

FILLED = {
    "therapist": "T1",
    "client": "C1",
    "session": "S1",
    "date": "2026-03-04",
    "rater": "R1",
    "welcome": "Done",
    "safety": "Partly done",
    "asked": "7",
}
TABLE = """session,therapist,client,rater,date,welcome,safety,asked,remarks,open_q.often,open_q.skill
S2,T1,C1,R1,2026-03-11,done,done,3,,5,2.5
S3,T2,C2,R1,2026-03-12,partly,done,4,,4,3
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the checklist, and one for what comes in."""
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "in").mkdir()
    return tmp_path


def form(cells: Mapping[str, Any], checklist: Checklist | None = None) -> bytes:
    """A filled form of the checklist of the desk."""
    checklist = checklist or load(SOURCE, "visit.rubric")
    workbook = load_workbook(BytesIO(scoring_form(checklist)), rich_text=True)
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    where = {str(line[0]): str(line[1]) for line in lines}
    for key, value in cells.items():
        workbook.worksheets[0][where[key]].value = value
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def saved_form(session: str, rater: str = "R1", answer: str = "done") -> str:
    """What the form in a browser saves."""
    checklist = load(SOURCE, "visit.rubric")
    one = {
        "id": "0123456789abcdef",
        "fields": {
            "session": session,
            "rater": rater,
            "therapist": "T1",
            "client": "C1",
            "date": "2026-03-04",
        },
        "facts": {},
        "answers": {"welcome": answer},
        "comments": {},
    }
    head = {"format": PROTOCOL, "program": "fidelity 0.1.0", "checklist": checklist.id}
    head["version"] = checklist.about.version
    return json.dumps({**head, "fingerprint": checklist.fingerprint, "language": "en", "sessions": [one]})


def import_into(run: Run, *words: str, status: int = 0) -> Any:
    """What the command answers, as JSON, with the status that it should have."""
    ran = run("import", *words, "--checklist", "visit.rubric", "--study", "study", "--format", "json")
    assert ran.status == status, ran.said
    return json.loads(ran.out)


def sessions(study: Path) -> list[str]:
    """What is stored."""
    with opened(address_of(study)) as connection, snapshot(connection):
        assert verify(connection).broken is None
        return [each.observation for each in stored(connection)]


def test_forms_and_tables_of_all_kinds_come_in_together(desk: Path, run: Run) -> None:
    written(desk / "in", form(FILLED), "one.xlsx")
    written(desk / "in", saved_form("S9"), "phone.json")
    written(desk / "in", TABLE, "table.csv")
    record = {
        "session": "S4",
        "therapist": "T2",
        "rater": "R2",
        "date": "2026-03-13",
        "answers": {"welcome": "na"},
    }
    written(desk / "in", json.dumps([record]), "other.json")
    long = (
        "observation,item,answer,therapist,date\nL1,welcome,done,T3,2026-03-01\nL1,safety,na,T3,2026-03-01\n"
    )
    written(desk / "in", long, "long.csv")
    answer = import_into(run, "in")
    assert [(Path(each["file"]).name, each["new"]) for each in answer["receipts"]] == [
        ("long.csv", 1),
        ("one.xlsx", 1),
        ("other.json", 1),
        ("phone.json", 1),
        ("table.csv", 2),
    ]
    assert answer["head"]["hash"] == answer["receipts"][-1]["head"]
    assert sessions(desk / "study") == ["L1", "S1-R1", "S4-R2", "S9-R1", "S2-R1", "S3-R1"]


def test_what_is_stored_is_scored_as_the_files_themselves(desk: Path, run: Run) -> None:
    written(
        desk / "in", "observation," + TABLE.replace("\nS2", "\nx,S2").replace("\nS3", "\ny,S3"), "table.csv"
    )
    import_into(run, "in/table.csv")
    of_file = run("score", "visit.rubric", "in/table.csv", "--format", "json")
    of_study = run("score", "visit.rubric", "study", "--format", "json")
    assert (of_study.status, json.loads(of_study.out)) == (0, json.loads(of_file.out))
    for command in (["summarise"], ["report", "-o", "report.xlsx"], ["explain", "--observation", "x"]):
        ran = run(command[0], "visit.rubric", "study", *command[1:])
        assert ran.status == 0, ran.said


def test_a_study_may_have_observations_in_a_folder_as_well(desk: Path, run: Run) -> None:
    written(desk / "in", form(FILLED), "one.xlsx")
    import_into(run, "in")
    (desk / "study" / "observations").mkdir()
    written(desk / "study" / "observations", TABLE, "table.csv")
    ran = run("score", "visit.rubric", "study", "--format", "json")
    assert len(json.loads(ran.out)["observations"]) == 3
    written(
        desk / "study" / "observations", "observation," + TABLE.replace("\nS", "\nS1-R1,S", 1), "again.csv"
    )
    again = run("score", "visit.rubric", "study")
    assert again.status == 1
    assert "RB506" in again.err or "RB507" in again.err


def test_every_problem_of_every_file_is_told_before_anything_is_stored(desk: Path, run: Run) -> None:
    written(desk / "in", form(FILLED), "good.xlsx")
    written(desk / "in", form({**FILLED, "session": "S5", "welcome": "Dnoe"}), "typo.xlsx")
    written(desk / "in", TABLE.replace(",done,3", ",dne,3").replace("2026-03-12", "12 March"), "table.csv")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert "Nothing was stored: of 3 files, 2 cannot be as they are." in ran.err
    assert '"dne" is not an answer of safety' in ran.err
    assert '"12 March" is not a date I can read' in ran.err
    assert '"Dnoe" is not an answer of welcome' in ran.err
    assert not (desk / "study").exists()


def test_the_good_ones_are_stored_where_that_is_asked_for_and_the_others_named(desk: Path, run: Run) -> None:
    written(desk / "in", form(FILLED), "good.xlsx")
    written(desk / "in", "not a form", "bad.xlsx")
    written(desk / "in", TABLE.replace(",done,3", ",dne,3"), "table.csv")
    answer = import_into(run, "in", "--keep-good")
    assert sessions(desk / "study") == ["S1-R1", "S3-R1"]
    assert [(each["file"], each["records"]) for each in answer["left"]] == [
        ("in/bad.xlsx", []),
        ("in/table.csv", ["2"]),
    ]
    written(desk / "in", TABLE, "table.csv")
    (desk / "in" / "bad.xlsx").unlink()
    import_into(run, "in")
    assert sessions(desk / "study") == ["S1-R1", "S3-R1", "S2-R1"]


def test_a_file_that_was_received_is_skipped_also_under_another_name(desk: Path, run: Run) -> None:
    written(desk / "in", TABLE, "table.csv")
    import_into(run, "in")
    shutil.copy(desk / "in" / "table.csv", desk / "in" / "copy.csv")
    answer = import_into(run, "in")
    assert answer["receipts"] == []
    assert [each["file"] for each in answer["skipped"]] == ["in/copy.csv", "in/table.csv"]
    shown = json.loads(run("log", "show", "--study", "study", "--format", "json").out)
    assert [each["note"]["file"] for each in shown if each["kind"] == "receipt"] == ["table.csv"]


def test_an_import_that_ended_half_way_goes_on_where_it_was(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 5):
        written(desk / "in", form({**FILLED, "session": f"S{number}"}), f"{number}.xlsx")
    whole = intake.take_in

    def ends(connection: Any, parcel: Any, texts: Any, who: str) -> Any:
        if parcel.file.endswith("3.xlsx"):
            raise KeyboardInterrupt
        return whole(connection, parcel, texts, who)

    monkeypatch.setattr(receiving, "take_in", ends)
    assert run("import", "in", "--checklist", "visit.rubric", "--study", "study").status == 130
    assert sessions(desk / "study") == ["S1-R1", "S2-R1"]
    monkeypatch.undo()
    monkeypatch.chdir(desk)
    answer = import_into(run, "in")
    assert [each["file"] for each in answer["skipped"]] == ["in/1.xlsx", "in/2.xlsx"]
    assert sessions(desk / "study") == ["S1-R1", "S2-R1", "S3-R1", "S4-R1"]


def test_the_same_session_and_rater_with_other_answers_is_a_new_revision(desk: Path, run: Run) -> None:
    import_into(run, str(written(desk / "in", form(FILLED), "one.xlsx")))
    import_into(run, str(written(desk / "in", form({**FILLED, "welcome": "Not done"}), "later.xlsx")))
    third = import_into(run, str(written(desk / "in", saved_form("S1", answer="done"), "phone.json")))
    assert third["receipts"][0]["revisions"] == 1
    assert sessions(desk / "study") == ["S1-R1"]
    ran = run("log", "show", "--study", "study", "--observation", "S1-R1")
    assert "S1-R1, revision 2 (welcome: done -> not_done)" in ran.out


def test_another_session_under_the_same_code_is_refused_and_replaces_nothing(desk: Path, run: Run) -> None:
    """Sites that call every first session S1 must not lose one with each form."""
    other = {**FILLED, "therapist": "T2", "client": "C2", "date": "2026-05-06"}
    here = "therapist T2, client C2, date 2026-05-06"
    there = "therapist T1, client C1, date 2026-03-04"
    written(desk / "in", form(FILLED), "a.xlsx")
    written(desk / "in", form(other), "b.xlsx")
    words = ("import", "in", "--checklist", "visit.rubric")
    for out in (("--study", "study"), ("-o", "all.csv")):
        ran = run(*words, *out)
        assert ran.status == 1
        said = f'Session "S1", rater "R1" is in in/a.xlsx as well, of {there}; here it is of {here}.'
        assert said in ran.err
    assert not (desk / "all.csv").exists()
    import_into(run, "in/a.xlsx")
    ran = run(*words, "--study", "study")
    assert ran.status == 1
    assert f'Session "S1", rater "R1" is in the study already, of {there}; here it is of {here}.' in ran.err
    assert "If it is another session, give it a session code of its own" in ran.err
    change = '--set "therapist=T2" --set "client=C2" --set "date=2026-05-06"'
    assert f'fidelity correct "S1-R1" --study STUDY {change} --why TEXT' in ran.err
    kept = import_into(run, "in", "--keep-good")
    assert kept["left"] == [{"file": "in/b.xlsx", "records": []}]
    assert sessions(desk / "study") == ["S1-R1"]
    settings = ("--set", "therapist=T2", "--set", "client=C2", "--set", "date=2026-05-06")
    assert run("correct", "S1-R1", "--study", "study", *settings, "--why", "wrong form").status == 0
    assert import_into(run, "in/b.xlsx")["receipts"][0]["same"] == 1
    written(desk / "in", saved_form("S1"), "phone.json")  # says T1 again, with other answers
    assert "is in the study already, of therapist T2" in run(*words, "--study", "study").err


def test_two_raters_who_mean_two_sessions_by_one_code_are_told(desk: Path, run: Run) -> None:
    """Otherwise two sites that both begin with S1 would look like one session that was rated twice."""
    other = {**FILLED, "rater": "R2", "therapist": "T2"}
    said = (
        'Session "S1" is of therapist T1, client C1, date 2026-03-04 by rater "R1", and of therapist T2, '
        'client C1, date 2026-03-04 by rater "R2": they count as two ratings of one session.'
    )
    written(desk / "in", form(FILLED), "a.xlsx")
    written(desk / "in", form({**FILLED, "rater": "R3", "client": None}), "b.xlsx")
    assert import_into(run, "in")["warnings"] == []
    written(desk / "in", form(other), "c.xlsx")
    assert [each["message"] for each in import_into(run, "in")["warnings"]] == [said]
    shutil.rmtree(desk / "study")
    assert [each["message"] for each in import_into(run, "in")["warnings"]] == [said]
    assert sessions(desk / "study") == ["S1-R1", "S1-R3", "S1-R2"]


def test_what_was_blank_may_come_later_and_who_was_corrected_is_not_asked_again(desk: Path, run: Run) -> None:
    import_into(run, str(written(desk / "in", form({**FILLED, "client": None}), "a.xlsx")))
    assert import_into(run, str(written(desk / "in", form(FILLED), "b.xlsx")))["receipts"][0]["revisions"]
    assert run("correct", "S1-R1", "--study", "study", "--set", "client=C9", "--why", "misread").status == 0
    rows = form({**FILLED, "welcome": "Done "})  # other bytes, the same answers
    assert import_into(run, str(written(desk / "in", rows, "c.xlsx")))["receipts"][0]["same"] == 1


@pytest.mark.parametrize("out", [("-o", "all.csv"), ("--study", "study")])
def test_a_day_to_come_is_told_by_its_cell(desk: Path, run: Run, out: tuple[str, str]) -> None:
    """Otherwise a slip of the pen in one form decides on which day everybody is judged."""
    written(desk / "in", form({**FILLED, "date": "9062-05-06"}), "a.xlsx")
    written(desk / "in", saved_form("S9").replace("2026-03-04", "9062-05-06"), "phone.json")
    ran = run("import", "in", "--checklist", "visit.rubric", *out)
    assert ran.status == 0
    told = ran.err
    if "-o" not in out:
        table = TABLE.replace("2026-03-12", "9062-05-06")
        told += run("import", str(written(desk, table)), "--checklist", "visit.rubric", *out).err
        told += run("correct", "S2-R1", *out, "--set", "date=9063-01-01", "--why", "wrong").err
        assert "Row 3: the date 9062-05-06 lies in the future (today is " in told
        assert 'Observation "S2-R1": the date 9063-01-01 lies in the future (today is ' in told
    assert 'Cell C8 of sheet "Session score form": the date 9062-05-06 lies in the future (today' in told
    assert "Session 1: the date 9062-05-06 lies in the future (today is " in told


def test_two_answers_of_one_rater_that_come_at_once_are_a_question(desk: Path, run: Run) -> None:
    written(desk / "in", form(FILLED), "a.xlsx")
    written(desk / "in", form({**FILLED, "welcome": "Not done"}), "b.xlsx")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert (
        'Session "S1", rater "R1": other answers to the same checklist are in in/a.xlsx as well.' in ran.err
    )


def test_a_record_keeps_the_name_under_which_it_first_came(desk: Path, run: Run) -> None:
    import_into(run, str(written(desk / "in", saved_form("S1"), "phone.json")))
    columns = "observation,session,therapist,client,rater,date,welcome,safety,asked,remarks"
    head = f"{columns},open_q.often,open_q.skill"
    again = f"{head}\no1,S1,T1,C1,R1,2026-03-04,done,,,,,\n"
    answer = import_into(run, str(written(desk / "in", again, "table.csv")))
    assert answer["receipts"][0]["same"] == 1
    assert sessions(desk / "study") == ["S1-R1"]


def test_one_name_for_two_sessions_is_a_question(desk: Path, run: Run) -> None:
    table = "observation," + TABLE.replace("\nS2", "\n1,S2").replace("\nS3", "\n2,S3")
    written(desk / "in", table, "a.csv")
    written(desk / "in", table.replace("S2", "S8").replace("S3", "S9"), "b.csv")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert 'The name "1" belongs to an observation of session "S2" in in/a.csv as well.' in ran.err
    import_into(run, "in/a.csv")
    ran = run("import", "in/b.csv", "--checklist", "visit.rubric", "--study", "study")
    assert 'The name "2" belongs to an observation of session "S3" in the study already.' in ran.err


def test_two_raters_who_do_not_say_who_they_are_are_a_question(desk: Path, run: Run) -> None:
    nobody = {**FILLED, "rater": None}
    import_into(run, str(written(desk / "in", form(nobody), "a.xlsx")))
    ran = run(
        "import", str(written(desk / "in", form({**nobody, "asked": "9"}), "b.xlsx")),
        "--checklist", "visit.rubric", "--study", "study",
    )  # fmt: skip
    assert ran.status == 1
    assert 'Session "S1" is stored already with other answers, and neither names a rater.' in ran.err


def test_an_observation_of_no_session_is_a_question(desk: Path, run: Run) -> None:
    written(desk / "in", form({**FILLED, "session": None}), "a.xlsx")
    written(desk / "in", TABLE.replace("\nS3", "\n"), "table.csv")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert "RB505  Nothing says which session this form is about." in ran.err
    assert "RB505  Row 3: nothing says which session this is." in ran.err


def test_a_row_number_is_no_name(desk: Path, run: Run) -> None:
    """Otherwise row 2 of the next table would correct row 2 of this one."""
    written(desk / "in", TABLE.replace("session,", "site,").replace("\nS", "\nP"), "table.csv")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert "Row 2: nothing says which session this is." in ran.err


def test_forms_of_several_checklists_find_their_own(desk: Path, run: Run) -> None:
    other = load(SOURCE.replace("checklist visit", "checklist call"), "call.rubric")
    (desk / "call.rubric").write_text(SOURCE.replace("checklist visit", "checklist call"), encoding="utf-8")
    written(desk / "in", form(FILLED), "a.xlsx")
    written(desk / "in", form(FILLED, other), "b.xlsx")
    rows = (
        TABLE.replace("session,", "checklist,session,")
        .replace("\nS2", "\nvisit,S2")
        .replace("\nS3", "\ncall,S3")
    )
    written(desk / "in", rows, "table.csv")
    import_into(run, "in", "--checklist", "call.rubric")
    of_visit = json.loads(run("score", "visit.rubric", "study", "--format", "json").out)
    of_call = json.loads(run("score", "call.rubric", "study", "--format", "json").out)
    assert [each["observation"] for each in of_visit["observations"]] == ["S1-R1", "S2-R1"]
    assert [each["observation"] for each in of_call["observations"]] == ["S1-R1", "S3-R1"]


def test_a_form_of_another_text_of_the_checklist_is_refused(desk: Path, run: Run) -> None:
    changed = load(SOURCE.replace("Asks about safety", "Asks about being safe"), "visit.rubric")
    written(desk / "in", form(FILLED, changed), "a.xlsx")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert "RB508" in ran.err


def test_the_text_of_the_checklist_is_kept(desk: Path, run: Run) -> None:
    written(desk / "in", form(FILLED), "a.xlsx")
    import_into(run, "in")
    (desk / "visit.rubric").unlink()
    ran = run("log", "checklists", "--study", "study", "-o", "old")
    assert ran.status == 0
    (text,) = (desk / "old").rglob("visit.rubric")
    assert text.read_text(encoding="utf-8") == SOURCE
    assert (
        run("correct", "S1-R1", "--study", "study", "--set", "welcome=partly", "--why", "misread").status == 0
    )


def test_either_a_table_or_a_study_is_named(desk: Path, run: Run) -> None:
    written(desk / "in", TABLE, "table.csv")
    for words in ([], ["-o", "a.csv", "--study", "study"]):
        assert run("import", "in", "--checklist", "visit.rubric", *words).status == 2


def test_a_study_without_observations_says_so(desk: Path, run: Run) -> None:
    import_into(run, str(written(desk / "in", form(FILLED), "one.xlsx")))
    run("withdraw", "--study", "study", "--client", "C1", "--why", "letter", "--yes")
    ran = run("score", "visit.rubric", "study")
    assert ran.status == 1
    assert "RB507  This study store holds no observation." in ran.err
    (desk / "study" / "observations").mkdir()
    written(desk / "study" / "observations", TABLE, "table.csv")
    assert run("score", "visit.rubric", "study").status == 0


def test_a_study_of_other_checklists_says_so(desk: Path, run: Run) -> None:
    import_into(run, str(written(desk / "in", form(FILLED), "one.xlsx")))
    (desk / "call.rubric").write_text(SOURCE.replace("checklist visit", "checklist call"), encoding="utf-8")
    ran = run("score", "call.rubric", "study")
    assert ran.status == 1
    assert 'This table belongs to the checklist "visit", not to "call".' in ran.err


def test_two_people_typing_the_same_paper_forms_store_what_they_agree_on(desk: Path, run: Run) -> None:
    first = written(desk / "in", TABLE, "first.csv")
    second = written(desk / "in", TABLE.replace(",done,3", ",partly,3"), "second.csv")
    ran = run(
        "import", str(first), str(second), "--double", "--checklist", "visit.rubric", "--study", "study"
    )
    assert ran.status == 1
    assert not (desk / "study").exists()
    written(desk / "in", TABLE, "second.csv")
    answer = import_into(run, str(first), str(second), "--double")
    assert [each["new"] for each in answer["receipts"]] == [2]
    assert sessions(desk / "study") == ["S2-R1", "S3-R1"]


# ---- what names people


def test_columns_that_name_people_are_refused(desk: Path, run: Run) -> None:
    named = TABLE.replace("session,", "Nom,phone,session,").replace("\nS", "\nAnna,0772123456,S")
    written(desk / "in", named, "table.csv")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert "RB501  Column Nom: such columns hold names, and a study keeps codes only." in ran.err
    assert "RB501  Column phone: such columns hold phone numbers, and a study keeps codes only." in ran.err
    assert "Anna" not in ran.said
    import_into(run, "in", "--ignore", "Nom", "--ignore", "phone")
    assert b"Anna" not in (desk / "study" / "study.sqlite").read_bytes()


def test_values_that_look_like_people_are_refused_and_never_shown_whole(desk: Path, run: Run) -> None:
    written(
        desk / "in", TABLE.replace(",C1,", ",+256 772 123456,").replace(",R1,", ",Anna Berg,"), "table.csv"
    )
    written(desk / "in", form({**FILLED, "therapist": "a.berg@example.org"}), "form.xlsx")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 1
    assert 'Column client: 1 of its values look like phone numbers, the first in row 2 ("+2…").' in ran.err
    assert 'Column rater: 2 of its values look like names, the first in row 2 ("An…").' in ran.err
    assert '(therapist): what stands there looks like e-mail addresses ("a.…").' in ran.err
    assert 'Cell C5 of sheet "Session score form"' in ran.err
    for secret in ("772", "Berg", "berg", "example"):
        assert secret not in ran.said
    declared = [word for name in ("client", "rater", "therapist") for word in ("--declare", name)]
    import_into(run, "in", *declared)


def test_notes_that_hold_a_phone_number_are_a_warning(desk: Path, run: Run) -> None:
    written(desk / "in", form({**FILLED, "welcome.comment": "call her at 0772 123 456 tomorrow"}), "a.xlsx")
    ran = run("import", "in", "--checklist", "visit.rubric", "--study", "study")
    assert ran.status == 0
    assert 'Cell D18 of sheet "Session score form" (welcome.comment): something like a phone' in ran.err
    assert "772" not in ran.said
