"""`fidelity summarise` and `report` with a programme: stages, reasons, due dates, and what goes wrong."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, Run
from openpyxl import Workbook, load_workbook
from programme_sample import CHECKS, PROGRAMME, SKILLS, VISITS, write_study

EXAMPLE = Path(__file__).parent.parent / "checklists" / "programmes" / "example_study"


# openpyxl reads no sparklines.
pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The folder of a small study."""
    return write_study(tmp_path)


ROLE_PLAYS = "from role play by supervisor with no “Skill” is Harmful and Mark at least 70%"


def summarised(run: Run, *words: str) -> dict[str, Any]:
    ran = run("summarise", "study/programme.rubric", *(words or ("study",)), "--format", "json")
    assert ran.status == 0, ran.err
    document: dict[str, Any] = json.loads(ran.out)
    document["of"] = {each["therapist"]: each for each in document["therapists"]}
    return document


def refused(ran: Ran, code: str, *said: str) -> None:
    assert ran.status == 1, ran.said
    assert ran.out == ""
    assert code in ran.err
    for each in said:
        assert each in ran.err


def workbook(path: Path) -> Workbook:
    return load_workbook(BytesIO(path.read_bytes()))


def standing(found: dict[str, Any], therapist: str) -> dict[str, str]:
    return {each["stage"]: each["standing"] for each in found["of"][therapist]["stages"]}


# ---- where everybody stands


def test_everybody_named_anywhere_has_a_stage_and_nobody_is_dropped(study: Path, run: Run) -> None:
    assert study.exists()
    found = summarised(run)
    assert {name: each["stage"] for name, each in found["of"].items()} == {
        "T1": "delivering",
        "T2": None,
        "T3": "trained",
        "T4": None,
    }
    assert standing(found, "T1") == {"trained": "reached", "checked": "reached", "delivering": "reached"}
    assert standing(found, "T2") == {
        "trained": "not_yet", "checked": "not_assessed", "delivering": "not_assessed",
    }  # fmt: skip
    assert standing(found, "T3") == {
        "trained": "reached", "checked": "not_assessed", "delivering": "not_assessed",
    }  # fmt: skip
    assert standing(found, "T4") == {
        "trained": "undecided", "checked": "not_assessed", "delivering": "not_assessed",
    }  # fmt: skip
    assert found["of"]["T3"]["site"] == "south"
    assert found["of"]["T3"]["n"] == 0


def test_a_stage_says_which_observations_decided_it_and_what_they_showed(study: Path, run: Run) -> None:
    assert study.exists()
    _, checked, delivering = summarised(run)["of"]["T1"]["stages"]
    assert checked == {
        "stage": "checked",
        "title": "Check passed",
        "standing": "reached",
        "since": "2026-03-03",
        "until": None,
        "reassess_by": None,
        "decided_by": [
            {
                "observation": name,
                "date": day,
                "checklist": "skills_form",
                "evidence": "role_play",
                "met": True,
                "showed": {"skill.listening": "2", "skill.risk": "2", "mark": "100%"},
            }
            for name, day in (("K1", "2026-03-02"), ("K2", "2026-03-03"))
        ],
        "facts": {},
        "missing": [],
    }
    assert delivering["since"] == "2026-03-09"
    assert delivering["until"] == delivering["reassess_by"] == "2026-04-08"


def test_what_is_missing_is_said_in_plain_words(study: Path, run: Run) -> None:
    assert study.exists()
    found = summarised(run)["of"]
    missing = {
        name: {each["stage"]: each["missing"] for each in person["stages"]} for name, person in found.items()
    }
    assert missing["T2"]["trained"] == ["Needs Hours of training at least 40; it is 39.5."]
    assert missing["T2"]["checked"] == ["First: “Training done”."]
    assert missing["T3"]["checked"] == [
        f"0 of 2 observations of “Skills in a role play” {ROLE_PLAYS}; 2 still to come."
    ]
    assert missing["T4"]["trained"] == ["Needs Hours of training at least 40; not known yet."]


def test_one_of_two_role_plays_is_counted(study: Path, run: Run) -> None:
    (study / "therapists.csv").write_text("therapist,fact.hours\nT2,40\n", encoding="utf-8")
    _, checked, _ = summarised(run)["of"]["T2"]["stages"]
    assert checked["standing"] == "not_yet"
    assert [(each["observation"], each["met"]) for each in checked["decided_by"]] == [
        ("K3", False),
        ("K4", True),
    ]
    assert checked["missing"][0].startswith("1 of 2 observations of “Skills in a role play”")
    assert checked["missing"][0].endswith("1 still to come.")


def test_the_state_is_judged_on_the_latest_day_or_on_the_one_asked_for(study: Path, run: Run) -> None:
    assert study.exists()
    assert summarised(run)["on"] == "2026-03-20"
    later = summarised(run, "study", "--on", "2026-04-09")
    assert standing(later, "T1")["delivering"] == "expired"
    assert later["of"]["T1"]["stage"] == "checked"
    expired = later["of"]["T1"]["stages"][2]
    assert (expired["since"], expired["until"], expired["reassess_by"]) == ("2026-04-09", "2026-04-08", None)
    assert expired["missing"] == [
        "0 of 1 observations of “Skills in a role play” with no “Skill” is Harmful; 1 still to come."
    ]
    earlier = run("summarise", "study/programme.rubric", "study", "--on", "2026-03-09", "--format", "json")
    person = {each["therapist"]: each for each in json.loads(earlier.out)["therapists"]}["T1"]
    assert person["scores"]["adherence"]["n"] == 1
    assert "2 observations were made later and are left out." in earlier.err


def test_doses_drifts_and_figures_stand_beside(study: Path, run: Run) -> None:
    assert study.exists()
    person = summarised(run)["of"]["T1"]
    assert person["doses"] == {
        "enough.C1": {
            "contacts": "met", "duration": "within", "number": 2, "first": "2026-03-09", "last": "2026-03-16",
        },
        "enough.C2": {
            "contacts": "not_met", "duration": "within", "number": 1, "first": "2026-03-20",
            "last": "2026-03-20",
        },
    }  # fmt: skip
    assert person["summaries"] == {"usual": "75"}
    assert person["drifts"] == {"falls": "act"}


def test_scores_of_all_checklists_are_there_and_a_shared_name_stays_the_first_ones(
    study: Path, run: Run
) -> None:
    assert study.exists()
    scores = summarised(run)["of"]["T1"]["scores"]
    assert list(scores) == ["adherence", "mark", "skills_form.mark"]
    assert (scores["mark"]["mean"], scores["skills_form.mark"]["mean"]) == (75, 100)


def test_people_read_who_needs_something_first_and_what_comes_next(study: Path, run: Run) -> None:
    assert study.exists()
    ran = run("summarise", "study/programme.rubric", "study")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[:2] == ["From training to clients", "Judged on 20 Mar 2026, the latest day in the data."]
    assert lines[4].split() == "helper stage sessions mean 95 % interval standard trend".split()
    assert lines[5].split()[:4] == ["T1", "Sees", "clients", "2"]
    at = lines.index("Due, and what needs somebody first")
    assert lines[at + 1] == "  T1: “Sees clients” stands until 8 Apr 2026; renew it by then."
    assert "  T4: “Training done”: Needs Hours of training at least 40; not known yet." in lines


def test_what_ran_out_comes_first(study: Path, run: Run) -> None:
    assert study.exists()
    ran = run("summarise", "study/programme.rubric", "study", "--on", "2026-05-01")
    assert "Judged on 1 May 2026, as asked." in ran.out
    assert "  T1: “Sees clients” ran out: 8 Apr 2026 was its last day. 0 of 1" in ran.out


def test_the_shipped_study_stands_as_pathway_says_from_the_scores(run: Run) -> None:
    """The same rules over the same data, through files and in memory."""
    assert run("score", str(EXAMPLE / "session.rubric"), str(EXAMPLE), "-o", "scores.json").status == 0
    tables = ["scores.json", str(EXAMPLE / "contacts.csv"), "--therapists", str(EXAMPLE / "therapists.csv")]
    programme = str(EXAMPLE / "programme.rubric")
    ran = run("pathway", programme, *tables, "--on", "2026-05-31", "--format", "json")
    last = {each["therapist"]: each["after"][-1] for each in json.loads(ran.out)["therapists"]}
    ran = run("summarise", programme, str(EXAMPLE), "--on", "2026-05-31", "--format", "json")
    for person in json.loads(ran.out)["therapists"]:
        after = last[person["therapist"]]
        assert {each["stage"]: each["standing"] for each in person["stages"]} == after["stages"]
        assert person["drifts"] == after["drifts"]
        assert person["summaries"] == after["summaries"]
        findings = ("contacts", "duration")
        assert {
            name: {key: found[key] for key in findings} for name, found in person["doses"].items()
        } == after["doses"]
    assert len(last) == 12


def test_two_checklists_stand_as_pathway_says_from_the_scores_of_both(study: Path, run: Run) -> None:
    for name, file in (("skills", "checks"), ("session", "visits")):
        data = str(study / "observations" / f"{file}.csv")
        scored = run("score", f"study/{name}.rubric", data, "--ignore", "fact.visit", "-o", f"{name}.json")
        assert scored.status == 0, scored.err
    tables = ["skills.json", "session.json", "study/contacts.csv", "--therapists", "study/therapists.csv"]
    ran = run("pathway", "study/programme.rubric", *tables, "--on", "2026-04-09", "--format", "json")
    last = {each["therapist"]: each["after"][-1] for each in json.loads(ran.out)["therapists"]}
    found = summarised(run, "study", "--on", "2026-04-09")["of"]
    assert set(last) == {"T1", "T2", "T4"}
    for name, after in last.items():
        person = found[name]
        assert {each["stage"]: each["standing"] for each in person["stages"]} == after["stages"]
        assert person["drifts"] == after["drifts"]
        assert person["summaries"] == after["summaries"]


# ---- which row belongs to which checklist


def test_one_table_may_hold_rows_of_several_checklists(study: Path, run: Run) -> None:
    before = summarised(run)
    for name in ("checks", "visits"):
        (study / "observations" / f"{name}.csv").unlink()
    (study / "observations" / "all.csv").write_text(
        "observation,therapist,client,date,rater_role,evidence,checklist,site,fact.visit,l1,r1,a,b\n"
        "K1,T1,,2026-03-02,supervisor,role_play,skills_form,,,seen,seen,,\n"
        "K2,T1,,2026-03-03,supervisor,role_play,skills_form,,,seen,seen,,\n"
        "K3,T2,,2026-03-03,supervisor,role_play,skills_form,,,seen,not_seen,,\n"
        "K4,T2,,2026-03-04,supervisor,role_play,skills_form,,,seen,seen,,\n"
        "S1,T1,C1,2026-03-09,supervisor,live,session_form,north,first,,,done,done\n"
        "S2,T1,C1,2026-03-16,supervisor,live,session_form,north,later,,,done,not_done\n"
        "S3,T4,C9,2026-03-16,supervisor,live,session_form,south,later,,,done,done\n",
        encoding="utf-8",
    )
    assert summarised(run) == before


def test_an_answer_in_the_column_of_another_checklist_is_refused(study: Path, run: Run) -> None:
    (study / "observations" / "visits.csv").write_text(
        "observation,therapist,date,checklist,a,b,l1,r1\n"
        "S1,T1,2026-03-09,session_form,done,done,seen,\n"
        "S2,T1,2026-03-10,session_form,done,done,,\n",
        encoding="utf-8",
    )
    said = ("Row 2, column l1", 'belongs to the checklist "session_form" and the column to "skills_form"')
    refused(run("summarise", "study/programme.rubric", "study"), "RB508", *said)
    kept = run("summarise", "study/programme.rubric", "study", "--keep-good", "--format", "json")
    assert kept.status == 0
    assert "Left out: S1." in kept.err
    assert {each["therapist"]: each["n"] for each in json.loads(kept.out)["therapists"]}["T1"] == 3


def test_a_table_that_could_be_of_either_checklist_asks_for_a_column(study: Path, run: Run) -> None:
    (study / "observations" / "visits.csv").write_text(
        "therapist,date,a,b,l1,r1\nT1,2026-03-09,done,done,,\n", encoding="utf-8"
    )
    ran = run("summarise", "study/programme.rubric", "study")
    refused(ran, "RB508", "skills_form and session_form", 'Add a column "checklist"')


def test_a_row_that_names_no_checklist_in_a_shared_table_is_told(study: Path, run: Run) -> None:
    (study / "observations" / "visits.csv").write_text(
        "therapist,date,checklist,a,b,l1,r1\n"
        "T1,2026-03-09,session_form,done,done,,\nT1,2026-03-10,,done,done,,\n",
        encoding="utf-8",
    )
    ran = run("summarise", "study/programme.rubric", "study")
    refused(ran, "RB508", "Row 3: nothing says to which checklist this belongs (skills_form, session_form).")


def test_another_version_is_a_data_error(study: Path, run: Run) -> None:
    text = CHECKS.replace(
        "K2,T1,2026-03-03,supervisor,role_play,skills_form,1.0.0",
        "K2,T1,2026-03-03,supervisor,role_play,skills_form,0.9.0",
    )
    (study / "observations" / "checks.csv").write_text(text, encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study")
    refused(ran, "RB508", 'Row 3: this record was made with version 0.9.0 of "skills_form"')


def test_rows_of_a_checklist_that_nobody_asked_for_are_told_and_counted(study: Path, run: Run) -> None:
    (study / "observations" / "mood.csv").write_text(
        "therapist,date,checklist,mood\nT1,2026-03-09,skill_form,good\nT1,2026-03-10,skill_form,bad\n",
        encoding="utf-8",
    )
    ran = run("summarise", "study/programme.rubric", "study", "--format", "json")
    assert ran.status == 0
    assert 'The programme reads no checklist "skill_form", so 2 of 2 rows count for nothing.' in ran.err
    assert 'Did you mean "skills_form"?' in ran.err


def test_data_of_which_nothing_can_be_judged_are_an_error(study: Path, run: Run) -> None:
    for name in ("checks", "visits"):
        (study / "observations" / f"{name}.csv").unlink()
    (study / "observations" / "mood.csv").write_text(
        "therapist,date,checklist,mood\nT1,2026-03-09,moods,good\n", encoding="utf-8"
    )
    said = 'The programme reads no checklist "moods", so 1 of 1 rows count for nothing.'
    refused(run("summarise", "study/programme.rubric", "study"), "RB508", said)


def test_a_programme_without_a_checklist_has_nothing_to_score(study: Path, run: Run) -> None:
    text = 'programme bare "Bare"\n  version 1.0.0\nstage here "Here"\n'
    (study / "programme.rubric").write_text(text, encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study")
    assert ran.status == 2
    assert "uses no checklist" in ran.err


def test_a_shipped_programme_reads_the_shipped_checklists(study: Path, run: Run) -> None:
    skills = "observation,therapist,date,rater_role,evidence,fact.visit\n"
    (study / "role_plays.csv").write_text(
        skills + "K1,T1,2026-03-02,supervisor,role_play,x\n", encoding="utf-8"
    )
    ran = run("summarise", "programmes/prosper", "study/role_plays.csv")
    refused(ran, "RB507", "helping_skills or pmplus_s2")


def test_a_column_that_no_checklist_knows_is_a_problem_once(study: Path, run: Run) -> None:
    text = VISITS.replace(",a,b\n", ",a,b,moood\n").replace("done\n", "done,\n")
    (study / "observations" / "visits.csv").write_text(text, encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study")
    refused(ran, "RB501", "Column moood")
    assert ran.err.count("RB501") == 1
    assert run("summarise", "study/programme.rubric", "study", "--ignore", "moood").status == 0


def test_a_long_table_belongs_by_its_answers(study: Path, run: Run) -> None:
    before = summarised(run)
    (study / "observations" / "checks.csv").unlink()
    rows = [
        f"{name},{therapist},{day},supervisor,role_play,{item},{answer}\n"
        for name, therapist, day, risk in (
            ("K1", "T1", "2026-03-02", "seen"),
            ("K2", "T1", "2026-03-03", "seen"),
            ("K3", "T2", "2026-03-03", "not_seen"),
            ("K4", "T2", "2026-03-04", "seen"),
        )
        for item, answer in (("l1", "seen"), ("r1", risk))
    ]
    head = "observation,therapist,date,rater_role,evidence,item,answer\n"
    (study / "observations" / "long.csv").write_text(head + "".join(rows), encoding="utf-8")
    assert summarised(run) == before


# ---- a checklist and a folder of several


def test_with_a_checklist_the_files_of_others_in_the_folder_are_passed_over(study: Path, run: Run) -> None:
    text = VISITS.replace(",a,b\n", ",checklist,a,b\n").replace(",done,", ",session_form,done,")
    text = text.replace("fact.visit,", "").replace(",first,", ",").replace(",later,", ",")
    (study / "observations" / "visits.csv").write_text(text, encoding="utf-8")
    ran = run("summarise", "study/session.rubric", "study", "--format", "json")
    assert ran.status == 0, ran.err
    assert 'Passed over: 4 observations of the checklist "skills_form".' in ran.err
    assert [each["n"] for each in json.loads(ran.out)["therapists"]] == [2, 1]


def test_a_file_of_another_checklist_that_is_named_itself_stays_an_error(study: Path, run: Run) -> None:
    checks = str(study / "observations" / "checks.csv")
    refused(
        run("summarise", "study/session.rubric", checks), "RB508", 'belongs to the checklist "skills_form"'
    )


def test_a_folder_without_one_own_file_is_an_error(study: Path, run: Run) -> None:
    (study / "observations" / "visits.csv").unlink()
    refused(run("summarise", "study/session.rubric", "study"), "RB508", 'not to "session_form"')


# ---- the tables beside the observations


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("therapists.csv", "therapist,fact.hours\nT1,many\n", "RB504", "Row 2, column fact.hours"),
        ("therapists.csv", "therapist,fact.hours\nT1,40\nT1,41\n", "RB506", '"T1" stands in row 2 already'),
        ("therapists.csv", "therapist,fact.hours\n,40\n", "RB505", "the therapist is missing"),
        ("therapists.csv", "name,fact.hours\nT1,40\n", "RB501", "therapist"),
        ("contacts.csv", "therapist,client,date\nT1,C1,9.3.2026\n", "RB505", "Row 2, column date"),
        ("contacts.csv", "therapist,client,date\nT1,C1,2026-02-30\n", "RB505", "no day 2026-02-30"),
        ("contacts.csv", "therapist,date\nT1,2026-03-09\n", "RB501", "client"),
        ("sessions.csv", "session,therapist,date\nS1,T1,yesterday\n", "RB505", "Row 2, column date"),
    ],
)
def test_a_wrong_cell_of_a_study_table_is_named(
    study: Path, run: Run, name: str, content: str, code: str, said: str
) -> None:
    (study / name).write_text(content, encoding="utf-8")
    refused(run("summarise", "study/programme.rubric", "study"), code, said, name)


def test_a_therapist_stands_in_one_table_only(study: Path, run: Run) -> None:
    (study.parent / "more").mkdir()
    (study.parent / "more" / "therapists.csv").write_text("therapist,fact.hours\nT1,12\n", encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study", "more/therapists.csv")
    refused(ran, "RB506", 'the therapist "T1" stands in study/therapists.csv already')


def test_contacts_without_therapist_or_date_are_counted_and_left_out(study: Path, run: Run) -> None:
    text = "therapist,client,date\n,C1,2026-03-09\nT1,C1,\nT1,C1,2026-03-16\n"
    (study / "contacts.csv").write_text(text, encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study", "--format", "json")
    assert ran.status == 0
    assert "1 of 3 contacts name no therapist, and 1 have no date." in ran.err
    person = {each["therapist"]: each for each in json.loads(ran.out)["therapists"]}["T1"]
    assert person["doses"]["enough.C1"]["number"] == 1


def test_a_fact_that_the_programme_does_not_ask_for_is_told(study: Path, run: Run) -> None:
    (study / "therapists.csv").write_text("therapist,fact.hour,phone\nT1,48,1\n", encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study", "--format", "json")
    assert ran.status == 0
    assert 'The programme asks for no fact "hour" about a therapist' in ran.err
    assert 'Did you mean "fact.hours"?' in ran.err
    assert "Column phone" in ran.err


def test_a_fact_of_a_session_must_be_one_that_the_programme_knows(study: Path, run: Run) -> None:
    text = VISITS.replace(",first,", ",firts,")
    (study / "observations" / "visits.csv").write_text(text, encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study")
    refused(ran, "RB503", "Row 2, column fact.visit", "first")


def test_the_tables_may_be_named_beside_the_files(study: Path, run: Run) -> None:
    whole = summarised(run)
    names = ["observations/checks.csv", "observations/visits.csv", "therapists.csv", "contacts.csv"]
    assert summarised(run, *(str(study / name) for name in names)) == whole


def test_tables_alone_are_no_observations(study: Path, run: Run) -> None:
    ran = run("summarise", "study/programme.rubric", str(study / "therapists.csv"))
    refused(ran, "RB507", "none holds observations")


def test_a_study_without_observations_is_a_problem(study: Path, run: Run) -> None:
    for name in ("checks", "visits"):
        (study / "observations" / f"{name}.csv").unlink()
    refused(run("summarise", "study/programme.rubric", "study"), "RB507", "This folder holds no observations")


def test_data_without_dates_are_not_judged(study: Path, run: Run) -> None:
    (study / "observations" / "checks.csv").unlink()
    (study / "contacts.csv").unlink()
    text = "observation,therapist,date,a,b\nS1,T1,,done,done\n"
    (study / "observations" / "visits.csv").write_text(text, encoding="utf-8")
    ran = run("summarise", "study/programme.rubric", "study", "--format", "json")
    assert ran.status == 0
    assert "1 of 1 observations have no date." in ran.err
    found = {each["therapist"]: each["stages"] for each in json.loads(ran.out)["therapists"]}
    assert [each["standing"] for each in found["T1"]] == ["reached", "not_assessed", "not_assessed"]
    assert json.loads(ran.out)["on"] is None
    assert "The data have no dates" in run("summarise", "study/programme.rubric", "study").out


# ---- the checklists of the programme


def test_a_checklist_that_is_not_there_is_an_error_here(study: Path, run: Run) -> None:
    (study / "skills.rubric").unlink()
    ran = run("summarise", "study/programme.rubric", "study")
    refused(ran, "RB614", 'The checklist "skills_form" version 1.0.0 is not found')


def test_another_version_of_a_checklist_is_an_error(study: Path, run: Run) -> None:
    text = SKILLS.replace("version 1.0.0", "version 1.1.0")
    (study / "skills.rubric").write_text(text, encoding="utf-8")
    refused(run("summarise", "study/programme.rubric", "study"), "RB612", "1.1.0")


def test_a_broken_checklist_says_what_is_wrong_with_it(study: Path, run: Run) -> None:
    (study / "skills.rubric").write_text(
        SKILLS.replace("percent of items", "percent of itms"), encoding="utf-8"
    )
    refused(run("summarise", "study/programme.rubric", "study"), "RB101", "skills.rubric")


def test_a_checklist_is_found_in_a_library(study: Path, run: Run) -> None:
    (study.parent / "shelf").mkdir()
    (study / "skills.rubric").rename(study.parent / "shelf" / "skills.rubric")
    assert run("summarise", "study/programme.rubric", "study", "--library", "shelf").status == 0


def test_without_a_programme_the_shape_stays(study: Path, run: Run) -> None:
    visits = str(study / "observations" / "visits.csv")
    ran = run("summarise", "study/session.rubric", visits, "--ignore", "fact.visit", "--format", "json")
    document = json.loads(ran.out)
    assert "on" not in document
    assert {each["stage"] for each in document["therapists"]} == {None}
    assert "stages" not in document["therapists"][0]


# ---- the report


def test_the_workbook_has_the_stages_and_the_summary_says_them(study: Path, run: Run) -> None:
    ran = run("report", "study/programme.rubric", "study", "-o", "report.xlsx", "--pages", "pages")
    assert ran.status == 0, ran.err
    book = workbook(study.parent / "report.xlsx")
    assert book.sheetnames[0] == "Summary"
    assert "Stages" in book.sheetnames
    lines = [[cell.value for cell in row] for row in book["Stages"].iter_rows()]
    rows = lines[[line[0] for line in lines].index("Helper") :]
    assert rows[0][:5] == ["Helper", "Stage", "Standing", "Since", "Stands until"]
    of_t1 = [row for row in rows if row[0] == "T1"]
    assert [row[2] for row in of_t1] == ["● Reached"] * 3
    assert of_t1[1][5] == (
        "K1 (2 Mar 2026): Skill · Listening Basic, Skill · Asking about harm Basic, Mark 100%; "
        "K2 (3 Mar 2026): Skill · Listening Basic, Skill · Asking about harm Basic, Mark 100%"
    )
    assert {row[0] for row in rows[1:]} >= {"T1", "T2", "T3", "T4"}
    method = [[cell.value for cell in row][:3] for row in book["Method and provenance"].iter_rows()]
    assert ["Programme", "Checklists used", "skills_form 1.0.0, session_form 1.0.0"] in method
    summary = [cell.value for row in book["Summary"].iter_rows() for cell in row]
    assert "Sees clients" in summary
    feedback = (study.parent / "pages" / "feedback" / "T1.html").read_text(encoding="utf-8")
    assert "Sees clients" in feedback
    assert "until 8 Apr 2026" in feedback


def test_without_a_programme_there_is_no_sheet_of_stages(study: Path, run: Run) -> None:
    visits = str(study / "observations" / "visits.csv")
    words = ["study/session.rubric", visits, "--ignore", "fact.visit", "-o", "report.xlsx"]
    assert run("report", *words).status == 0
    assert "Stages" not in workbook(study.parent / "report.xlsx").sheetnames


def test_a_programme_needs_dates_of_a_calendar(study: Path, run: Run) -> None:
    assert study.exists()
    assert run("summarise", "study/programme.rubric", "study", "--on", "tomorrow").status == 2


def test_the_programme_in_the_sample_has_no_mistakes(study: Path, run: Run) -> None:
    assert PROGRAMME in (study / "programme.rubric").read_text(encoding="utf-8")
    assert run("check", "study/programme.rubric").status == 0


def test_the_text_says_whether_raters_agree_and_how_far_the_sample_got(study: Path, run: Run) -> None:
    rule = 'reliability agree "Two raters agree" of adherence in session_form\n'
    rule += "  coefficient icc two_way_random agreement single at least 0.60\n  minimum 10 observations\n"
    (study / "programme.rubric").write_text(f"{PROGRAMME}\n{rule}", encoding="utf-8")
    sessions = "session,therapist,date,fact.visit\nS1,T1,2026-03-09,first\nS2,T1,2026-03-16,later\n"
    (study / "sessions.csv").write_text(sessions, encoding="utf-8")
    told = run("summarise", "study/programme.rubric", "study").out.split("\n\n")
    assert [" ".join(line.split()) for line in told[-2].splitlines()] == [
        "The programme's own rules about agreement.",
        "Rule Judged Found Mark Sessions compared",
        "Two raters agree – Too few sessions – 0.60 0",
    ]
    assert told[-1].startswith("Observed sessions: of 2 sessions ")
