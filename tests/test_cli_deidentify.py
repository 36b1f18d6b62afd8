"""`fidelity deidentify`: other codes, moved dates, no free text, no rare facts; a table like any other."""

import csv
import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from observe_sample import SOURCE, written
from programme_sample import VISITS, write_study

HEAD = (
    "observation,session,therapist,client,rater,site,date,rated_on,modality,fact.format,"
    "welcome,safety,remarks"
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The checklist, and a table of fourteen sessions: one client alone has a fact of their own."""
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    rows = [
        f"o{n},S{n},T{n % 2},C{n},R1,north,2026-03-{n + 1:02d},2026-03-{n + 2:02d},"
        f"{'phone' if n == 7 else 'home'},{'group' if n == 7 else 'individual'},done,partly,spoke of Mxyzptlk"
        for n in range(14)
    ]
    text = "\n".join(
        [
            f"{HEAD},asked,open_q.often,open_q.skill,safety.comment",
            *(f"{row},3,5,2.5,Mxyzptlk" for row in rows),
        ]
    )
    written(tmp_path, text + "\n", "table.csv")
    return tmp_path


def shared(run: Run, *words: str) -> list[dict[str, str]]:
    """The rows of the shared table."""
    ran = run("deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv", *words)
    assert ran.status == 0, ran.said
    with Path("shared.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


@pytest.mark.usefixtures("desk")
def test_no_code_and_no_text_of_the_data_is_in_it(run: Run) -> None:
    rows = shared(run)
    assert len(rows) == 14
    text = Path("shared.csv").read_text(encoding="utf-8")
    for name in ("Mxyzptlk", "north", "R1,", *(f"{letter}{n}" for letter in "oSC" for n in range(10))):
        assert f'"{name}' not in text
    assert len({row["client"] for row in rows}) == 14
    assert len({row["therapist"] for row in rows}) == 2
    assert "remarks" not in rows[0] or not any(row["remarks"] for row in rows)
    assert {row["welcome"] for row in rows} == {"done"}


@pytest.mark.usefixtures("desk")
def test_dates_move_together_for_a_therapist(run: Run) -> None:
    rows = shared(run)
    for therapist in {row["therapist"] for row in rows}:
        days = sorted(dt.date.fromisoformat(row["date"]) for row in rows if row["therapist"] == therapist)
        assert {(later - day).days for day, later in pairwise(days)} == {2}
        assert dt.date(2025, 3, 1) <= days[0] < dt.date(2026, 3, 1)
    assert {
        (dt.date.fromisoformat(row["rated_on"]) - dt.date.fromisoformat(row["date"])).days for row in rows
    } == {1}


@pytest.mark.usefixtures("desk")
def test_dates_may_be_cut_to_the_month(run: Run) -> None:
    assert {row["date"] for row in shared(run, "--dates", "month")} == {"2026-03-01"}


@pytest.mark.usefixtures("desk")
def test_what_few_share_is_taken_out_and_told(run: Run) -> None:
    rows = shared(run)
    assert sorted({row["fact.format"] for row in rows}) == ["", "individual"]
    assert sorted({row["modality"] for row in rows}) == ["", "home"]
    ran = run("deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv")
    assert "Taken out because fewer than 5 people share it: fact.format (1), modality (1)." in ran.err
    assert "Free texts taken out: remarks (14), safety.comment (14)." in ran.err
    assert {row["modality"] for row in shared(run, "--at-least", "1")} == {"home", "phone"}


@pytest.mark.usefixtures("desk")
def test_texts_stay_only_where_that_is_asked_for(run: Run) -> None:
    assert {row["safety.comment"] for row in shared(run, "--keep-text")} == {"Mxyzptlk"}


def test_the_same_key_gives_the_same_codes_and_is_for_its_owner_alone(desk: Path, run: Run) -> None:
    first = shared(run, "--key", "safe/key.csv")
    key = desk / "safe" / "key.csv"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "T1" in key.read_text(encoding="utf-8")
    kept = key.read_bytes()
    assert shared(run, "--key", "safe/key.csv") == first
    assert key.read_bytes() == kept
    (desk / "safe" / "key.csv").write_text("a letter", encoding="utf-8")
    ran = run(
        "deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv", "--key", "safe/key.csv"
    )
    assert (ran.status, "is no key file" in ran.err) == (2, True)


@pytest.mark.usefixtures("desk")
def test_the_shared_table_is_read_like_any_other(run: Run) -> None:
    shared(run)
    before = json.loads(run("score", "visit.rubric", "table.csv", "--format", "json").out)["observations"]
    after = json.loads(run("score", "visit.rubric", "shared.csv", "--format", "json").out)["observations"]
    exact = [sorted(each["scores"]["adherence"]["exact"] for each in rows) for rows in (before, after)]
    assert exact[0] == exact[1]
    assert run("summarise", "visit.rubric", "shared.csv").status == 0


@pytest.mark.usefixtures("desk")
def test_small_groups_that_stay_are_counted(run: Run) -> None:
    ran = run(
        "deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "shared.csv", "--format", "json"
    )
    answer = json.loads(ran.out)
    assert answer["people_in_small_groups"] == 1
    assert "In groups of fewer than 5 by site and facts together: 1 of the people." in ran.err


@pytest.mark.usefixtures("desk")
def test_nothing_is_written_over_the_data_or_beside_the_key(desk: Path, run: Run) -> None:
    before = (desk / "table.csv").read_bytes()
    ran = run("deidentify", "table.csv", "--checklist", "visit.rubric", "-o", "table.csv")
    assert (ran.status, "table.csv holds the data themselves" in ran.err) == (2, True)
    assert (desk / "table.csv").read_bytes() == before


def test_totals_that_somebody_wrote_go_with_the_data(desk: Path, run: Run) -> None:
    lines = (desk / "table.csv").read_text(encoding="utf-8").splitlines()
    added = [lines[0] + ",reported.adherence", *(f"{line},75%" for line in lines[1:])]
    (desk / "table.csv").write_text("\n".join(added) + "\n", encoding="utf-8")
    assert {row["reported.adherence"] for row in shared(run)} == {"75%"}


# ---- a study with its programme


SESSIONS = """\
session,therapist,client,date,site,modality,village,fact.visit
S1,T1,C1,2026-03-09,north,home,Mxyzptlk,first
S2,T1,C1,2026-03-16,north,home,Mxyzptlk,later
S3,T4,C9,2026-03-16,south,phone,Mxyzptlk,later
"""
DEIDENTIFY = ("deidentify", "study", "--checklist", "study/programme.rubric", "-o", "shared")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = write_study(tmp_path)
    therapists = (folder / "therapists.csv").read_text(encoding="utf-8").splitlines()
    retrained = [therapists[0] + ",retrained_on", *(f"{line}," for line in therapists[1:])]
    retrained[1] += "2026-03-12;2026-03-20"
    written(folder, "\n".join(retrained) + "\n", "therapists.csv")
    written(folder, SESSIONS, "sessions.csv")
    return folder


def table(name: str) -> list[dict[str, str]]:
    with (Path("shared") / name).open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


@pytest.mark.usefixtures("study")
def test_a_study_is_reported_on_with_its_programme_as_before(run: Run) -> None:
    ran = run(*DEIDENTIFY, "--at-least", "1")
    assert ran.status == 0, ran.err
    before, after = (
        json.loads(run("summarise", "study/programme.rubric", folder, "--format", "json").out)
        for folder in ("study", "shared")
    )

    def judged(answer: Any) -> list[Any]:
        told = [
            (
                each["stage"],
                [stage["standing"] for stage in each["stages"]],
                each["scores"]["adherence"]["mean"],
            )
            for each in answer["therapists"]
        ]
        return sorted(told, key=str)

    assert judged(after) == judged(before)
    assert "The sampling plan draws by the codes of sessions" in ran.err
    assert "Each therapist's days are moved by another number" in ran.err


@pytest.mark.usefixtures("study")
def test_no_name_day_or_text_of_a_study_is_in_what_is_shared(run: Run) -> None:
    ran = run(*DEIDENTIFY, "--key", "key.csv")
    assert ran.status == 0, ran.err
    text = "\n".join(file.read_text(encoding="utf-8") for file in Path("shared").rglob("*.csv"))
    for name in ("T1", "T4", "C1", "C9", "S1", "north", "south", "2026-03-09", "2026-03-12", "Mxyzptlk"):
        assert f"{name}," not in text
    assert "Columns of sessions that the programme does not ask for stay behind: village." in ran.err
    assert "fact.hours (3)" in ran.err
    assert {row.get("fact.hours", "") for row in table("therapists.csv")} == {""}


@pytest.mark.usefixtures("study")
def test_codes_and_days_of_all_tables_belong_together(run: Run) -> None:
    assert run(*DEIDENTIFY, "--at-least", "1", "--key", "key.csv").status == 0
    visits = table("observations/session_form.csv")
    sessions = {row["session"]: row for row in table("sessions.csv")}
    contacts = {(row["therapist"], row["client"], row["date"]) for row in table("contacts.csv")}
    for row in visits:
        kept = sessions[row["session"]]
        assert [row[name] for name in ("therapist", "client", "site", "date")] == [
            kept[name] for name in ("therapist", "client", "site", "date")
        ]
    assert len({(row["therapist"], row["client"], row["date"]) for row in visits} & contacts) == 2
    (days,) = {row["retrained_on"] for row in table("therapists.csv")} - {""}
    (first, second) = map(dt.date.fromisoformat, days.split(";"))
    assert (second - first).days == 8
    assert sorted(row["fact.visit"] for row in visits) == ["first", "later", "later"]
    codes = Path("key.csv").read_bytes()
    assert run(*DEIDENTIFY, "--at-least", "1", "--key", "key.csv").status == 0
    assert Path("key.csv").read_bytes() == codes


def test_what_is_shared_is_counted_over_observations_and_sessions(study: Path, run: Run) -> None:
    more = [f"S{n},T1,C{n},2026-03-20,north,home,,later" for n in range(4, 9)]
    written(study, SESSIONS + "\n".join(more) + "\n", "sessions.csv")
    ran = run(*DEIDENTIFY, "--format", "json")
    assert ran.status == 0, ran.err
    assert {row["fact.visit"] for row in table("observations/session_form.csv")} == {"", "later"}
    answer = json.loads(ran.out)
    assert answer["rare_taken_out"] == {"fact.hours": 3, "fact.visit": 2, "modality": 1}
    assert sorted(answer["files"]) == [
        "shared/contacts.csv", "shared/observations/session_form.csv",
        "shared/observations/skills_form.csv", "shared/sessions.csv", "shared/therapists.csv",
    ]  # fmt: skip


@pytest.mark.usefixtures("study")
def test_a_shared_folder_holds_nothing_else(run: Run) -> None:
    assert "goes into a folder" in run(*DEIDENTIFY[:-1], "shared.csv").err
    inside = run(*DEIDENTIFY, "--key", "shared/key.csv")
    assert (inside.status, "The key never travels with the data" in inside.err) == (2, True)
    assert run(*DEIDENTIFY).status == run(*DEIDENTIFY).status == 0
    written(Path("shared"), "village\n", "notes.csv")
    ran = run(*DEIDENTIFY)
    assert (ran.status, "shared holds other files as well, such as shared/notes.csv" in ran.err) == (2, True)
    over = run(*DEIDENTIFY[:-1], "study")
    assert (over.status, "holds the data themselves" in over.err) == (2, True)


def test_what_a_store_keeps_for_a_programme_comes_along_with_the_programme(run: Run) -> None:
    study = write_study(Path.cwd())
    visits = VISITS.replace("client,date", "client,rater,date").replace(",2026", ",R1,2026")
    written(study / "observations", visits, "visits.csv")
    assert run("import", "study/observations", *DEIDENTIFY[2:4], "--study", "kept").status == 0
    alone = run("deidentify", "kept", "--checklist", "study/session.rubric", "-o", "alone.csv")
    assert "comes along where --checklist names the programme" in alone.err
    assert run("deidentify", "kept", *DEIDENTIFY[2:], "--at-least", "1").status == 0
    told = sorted(row["fact.visit"] for row in table("observations/session_form.csv"))
    assert told == ["first", "later", "later"]
