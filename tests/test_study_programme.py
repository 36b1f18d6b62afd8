"""The library with a programme: load, compile, read and summarise as with a checklist."""

import datetime as dt
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from programme_sample import VISITS, write_study

import fidelity
from fidelity.errors import WrongUse
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme
from fidelity.observe.study_reading import StudyReading
from fidelity.summaries.programme.pathway import Pathway


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The folder of a small study."""
    return write_study(tmp_path)


def test_a_programme_loads_reads_and_summarises(study: Path) -> None:
    programme = fidelity.load(study / "programme.rubric")
    assert isinstance(programme, Programme)
    observations = fidelity.read(study, programme)
    summary = fidelity.summarise(programme, observations)
    assert summary.standings is not None
    found = {each.therapist: each.stage for each in summary.standings.therapists}
    assert {name: stage and stage.stage.id for name, stage in found.items()} == {
        "T1": "delivering",
        "T2": None,
        "T3": "trained",
        "T4": None,
    }
    fidelity.write_workbook(summary, study / "report.xlsx")
    assert (study / "report.xlsx").stat().st_size > 0


def test_the_first_checklist_is_that_of_the_first_drift_rule(study: Path) -> None:
    programme = fidelity.load(study / "programme.rubric")
    summary = fidelity.summarise(programme, fidelity.read(study, programme))
    assert summary.checklist.id == "session_form"
    assert [each.checklist.id for each in summary.others] == ["skills_form"]
    assert summary.checklist.about.therapist == ("helper", "helpers")


def test_the_state_of_an_earlier_day_leaves_out_what_came_later(study: Path) -> None:
    programme = fidelity.load(study / "programme.rubric")
    reading = fidelity.read(study, programme)
    summary = fidelity.summarise(programme, reading, dt.date(2026, 3, 3))
    assert summary.standings is not None
    assert summary.standings.by_name["T1"].stage is not None
    assert summary.standings.by_name["T1"].stage.stage.id == "checked"
    assert summary.later == 4


def test_every_problem_of_a_study_is_in_one_exception(study: Path) -> None:
    (study / "observations" / "visits.csv").write_text(VISITS.replace("done\n", "dnoe\n"), encoding="utf-8")
    (study / "contacts.csv").write_text("therapist,client,date\nT1,C1,soon\n", encoding="utf-8")
    programme = fidelity.load(study / "programme.rubric")
    with pytest.raises(fidelity.ProblemsFound) as found:
        fidelity.read(study, programme)
    assert sorted({each.code for each in found.value.problems}) == ["RB503", "RB505"]


def test_a_checklist_of_the_programme_reads_the_same_folder_alone(study: Path) -> None:
    skills = fidelity.load(study / "skills.rubric")
    assert isinstance(skills, Checklist)
    found = fidelity.read([study / "observations" / "checks.csv"], skills)
    assert [each.observation for each in found.observations] == ["K1", "K2", "K3", "K4"]


def test_a_programme_has_nothing_to_compile_and_needs_data_read_with_it(study: Path) -> None:
    programme = fidelity.load(study / "programme.rubric")
    skills = fidelity.load(study / "skills.rubric")
    with pytest.raises(WrongUse, match="compile one of the checklists"):
        fidelity.compile(programme)
    with pytest.raises(WrongUse, match="Read the data with the programme"):
        fidelity.summarise(programme, fidelity.read([study / "observations" / "checks.csv"], skills))


def test_what_was_read_is_named_with_its_fingerprints(study: Path) -> None:
    programme = fidelity.load(study / "programme.rubric")
    reading = fidelity.read(study, programme)
    assert isinstance(reading, StudyReading)
    assert [(Path(name).name, rows) for name, _, rows in reading.files] == [
        ("checks.csv", 4),
        ("visits.csv", 3),
        ("therapists.csv", 0),
        ("contacts.csv", 0),
    ]


# ---- a course that starts anew


EXAMPLE = Path(__file__).parent.parent / "checklists" / "programmes" / "example_study"


def example_with(tmp_path: Path, retrained: str) -> Path:
    """The example study, where the table of therapists says that PMG-03 was trained again."""
    folder = tmp_path / "study"
    copytree(EXAMPLE, folder)
    head, *rows = (folder / "therapists.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{row},{retrained if row.startswith('PMG-03') else ''}" for row in rows]
    written = "\n".join([f"{head},retrained_on", *lines])
    (folder / "therapists.csv").write_text(written + "\n", encoding="utf-8")
    return folder


def test_after_retraining_a_course_is_judged_by_itself(tmp_path: Path) -> None:
    """The drift of PMG-03 lies before the retraining, and three sessions after it say nothing yet."""
    folder = example_with(tmp_path, "2026-03-20")
    programme = fidelity.load(folder / "programme.rubric")
    study = fidelity.summarise(programme, fidelity.read(folder, programme))
    drift = (
        next(each for each in study.summary.therapists if each.therapist == "PMG-03")
        .scores["adherence"]
        .drift
    )
    assert (drift.status, drift.observed, drift.before) == ("not_enough", 3, "act")
    assert [(each.day, each.why) for each in drift.breaks] == [(dt.date(2026, 3, 27), "restart")]


def test_a_day_of_retraining_must_be_a_day(tmp_path: Path) -> None:
    folder = example_with(tmp_path, "2026-03-20; 30 March")
    programme = fidelity.load(folder / "programme.rubric")
    with pytest.raises(fidelity.ProblemsFound) as found:
        fidelity.read(folder, programme)
    assert [(each.code, each.place.line) for each in found.value.problems] == [("RB505", 10)]


def test_a_lost_stage_that_is_met_again_starts_the_course_anew() -> None:
    programme = fidelity.load(EXAMPLE / "programme.rubric")
    assert isinstance(programme, Programme)
    history = next(each for each in programme.histories if "met again" in each.title)
    way = Pathway(programme, history.facts, [each.row for each in history.rows])
    assert way.regained() == [dt.date(2026, 2, 9)]


NAMED = "import sys, fidelity; {}; print(*{{name.partition('.')[0] for name in sys.modules}})"


@pytest.mark.parametrize(
    ("names", "spared"),
    [
        (
            "fidelity.load, fidelity.compile, fidelity.read",
            {"scipy", "numpy", "openpyxl", "jinja2", "polars"},
        ),
        ("fidelity.summarise", {"openpyxl", "jinja2", "polars"}),
    ],
)
def test_a_step_starts_without_what_only_later_ones_need(names: str, spared: set[str]) -> None:
    words = [sys.executable, "-c", NAMED.format(names)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    assert spared.isdisjoint(ran.stdout.split())
