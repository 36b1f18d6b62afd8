"""Many observations are summarised by columns, with the summary that reading and scoring one by one gives."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from observe_sample import written
from summary_sample import SMALL, checklist_of
from test_summaries_columns import Line, some_lines

import fidelity
from fidelity.cli import status_of
from fidelity.large_study import LargeStudy
from fidelity.model.checklist import Checklist
from fidelity.observe import read
from fidelity.study.loading import load_checklist
from fidelity.study.whole import Study

CHECKLIST = checklist_of(SMALL)
HEADING = "therapist,date,session,rater,site,evidence,selection,welcome,safety,plan,homework"
EXAMPLE = Path(__file__).parent.parent / "checklists" / "programmes" / "example_study"


def both(checklist: Checklist, file: Path, on: dt.date | None = None) -> tuple[Study, Study]:
    reading = read([file], checklist)
    return fidelity.summarise(checklist, reading, on), LargeStudy(checklist, (file,), on=on).study()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=some_lines.filter(bool), on=st.none() | st.just(dt.date(2026, 1, 20)))
def test_the_summary_by_columns_is_that_of_rows(
    tmp_path: Path, lines: list[Line], on: dt.date | None
) -> None:
    """Limits and strengths too; a wrong answer refuses the record."""
    rows = [",".join([*line[:-1], *line[-1].split()]).replace("-,", ",").replace(",-", ",") for line in lines]
    rows.append("Amina,2026-01-05,S1,R1,north,live,planned,doen,done,done,done")
    by_rows, by_columns = both(CHECKLIST, written(tmp_path, "\n".join([HEADING, *rows])), on)
    assert by_columns.summary == by_rows.summary
    assert (by_columns.later, by_columns.refused, by_columns.told) == (
        by_rows.later,
        by_rows.refused,
        by_rows.told,
    )
    assert len(by_columns.scored) == len(by_rows.scored)
    assert list(by_columns.scored) == list(by_rows.scored)


def test_so_is_that_of_the_example_study() -> None:
    checklist = load_checklist(EXAMPLE / "session.rubric")
    by_rows, by_columns = both(checklist, EXAMPLE / "observations" / "observations.csv")
    assert by_columns.summary == by_rows.summary
    assert any(each.limits for each in by_columns.summary.therapists)


@pytest.mark.parametrize("format", ["text", "json"])
def test_the_command_says_the_same_above_and_below_the_number(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    data = str(EXAMPLE / "observations" / "observations.csv")
    said = []
    for most in (10_000, 10):
        monkeypatch.setattr("fidelity.cli.studying.MANY", most)
        assert status_of(["summarise", str(EXAMPLE / "session.rubric"), data, "--format", format]) == 0
        said.append(capfd.readouterr())
    assert said[0] == said[1]
    out = str(tmp_path / "report.xlsx")
    assert status_of(["report", str(EXAMPLE / "session.rubric"), data, "-o", out]) == 0


def test_where_every_record_is_refused_nothing_is_summarised(tmp_path: Path) -> None:
    row = "Amina,2026-01-05,S1,R1,north,live,planned,doen,done,done,done"
    by_rows, by_columns = both(CHECKLIST, written(tmp_path, f"{HEADING}\n{row}"))
    assert by_columns.summary == by_rows.summary
    assert (len(by_columns.scored), len(by_columns.refused)) == (0, 1)
