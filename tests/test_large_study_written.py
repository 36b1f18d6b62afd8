"""Row by row and by columns a command says and writes the same: whole outputs side by side."""

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from shutil import rmtree

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from observe_sample import written
from programme_sample import write_study
from test_large_study import CHECKLIST, EXAMPLE, HEADING, both
from test_summaries_columns import Line, some_lines

import fidelity
from fidelity.cli import status_of
from fidelity.large_study.programme import LargeProgramme
from fidelity.model.programme import Programme
from fidelity.observe.bulk.several import OneByOne
from fidelity.observe.size import hold_more_than
from fidelity.study.asked import agreement_in, audit_in
from fidelity.study.loading import checklists_of
from fidelity.study.reported import reported

Said = dict[str, str | bytes]


def written_both_ways(monkeypatch: pytest.MonkeyPatch, folder: Path, *command: str) -> tuple[Said, Said]:
    """What a command says and every file that it writes below a folder, row by row and by columns."""
    found: list[Said] = []
    for most in (100_000, 0):
        monkeypatch.setattr("fidelity.cli.studying.MANY", most)
        monkeypatch.chdir(folder)
        out = folder / "out"
        out.mkdir()
        with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as beside:
            status = status_of([*command])
        files = {str(each.relative_to(out)): each.read_bytes() for each in out.rglob("*") if each.is_file()}
        found.append({**files, "said": said.getvalue(), "beside": beside.getvalue(), "status": str(status)})
        rmtree(out)
    return found[0], found[1]


REPORT = ("-o", "out/report.xlsx", "--pages", "out/pages", "--pack", "out/pack")


@pytest.mark.parametrize("source", ["session.rubric", "programme.rubric"])
def test_workbook_pages_and_pack_are_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    by_rows, by_columns = written_both_ways(
        monkeypatch, tmp_path, "report", str(EXAMPLE / source), str(EXAMPLE), *REPORT
    )
    assert by_rows == by_columns
    assert by_rows["status"] == "0"
    assert len(by_rows) > 150


def test_so_are_those_of_a_study_in_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "study").mkdir()
    data = str(EXAMPLE / "observations" / "observations.csv")
    command = ["import", data, "--checklist", str(EXAMPLE / "session.rubric"), "--study"]
    assert status_of([*command, str(tmp_path / "study")]) == 0
    by_rows, by_columns = written_both_ways(
        monkeypatch, tmp_path, "report", str(EXAMPLE / "session.rubric"), "study", *REPORT
    )
    assert by_rows == by_columns
    assert by_rows["status"] == "0"
    assert hold_more_than(160, [tmp_path / "study"])
    assert not hold_more_than(161, [tmp_path / "study"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=some_lines.filter(bool))
def test_agreement_audit_and_items_by_columns_are_those_of_rows(tmp_path: Path, lines: list[Line]) -> None:
    """Totals that somebody wrote too."""
    rows = [",".join([*line[:-1], *line[-1].split()]).replace("-,", ",").replace(",-", ",") for line in lines]
    table = [f"{HEADING},arm,reported.adherence", *(f"{row},{'ab'[len(row) % 2]},75%" for row in rows)]
    by_rows, by_columns = both(CHECKLIST, written(tmp_path, "\n".join(table)))
    assert agreement_in(by_columns) == agreement_in(by_rows)
    assert audit_in(by_columns, None) == audit_in(by_rows, None)
    one, other = (reported(each).beside for each in (by_rows, by_columns))
    assert other.items == one.items


# ---- several checklists


def changed(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def as_it_is(folder: Path) -> None:
    """Nothing is changed."""


def one_table(folder: Path) -> None:
    """Rows of both checklists in one file, with all columns."""
    observations = folder / "observations"
    tables = [pl.read_csv(each, infer_schema=False) for each in sorted(observations.glob("*.csv"))]
    ids = ("skills_form", "session_form")
    named = [
        each if "checklist" in each.columns else each.with_columns(checklist=pl.lit(id))
        for each, id in zip(tables, ids, strict=True)
    ]
    for each in observations.glob("*.csv"):
        each.unlink()
    pl.concat(named, how="diagonal").write_csv(observations / "all.csv")


def a_wrong_answer(folder: Path) -> None:
    changed(next(iter(sorted((folder / "observations").glob("visits*")))), "done\n", "dnoe\n")


def nobody_and_two_spellings(folder: Path) -> None:
    """A record without a therapist, and a therapist in small letters."""
    visits = next(iter(sorted((folder / "observations").glob("visits*"))))
    lines = visits.read_text(encoding="utf-8").splitlines()
    lines += [lines[1].replace("T1", ""), lines[1].replace("T1", "t1")]
    visits.write_text("\n".join(lines) + "\n", encoding="utf-8")


def an_unknown_column(folder: Path) -> None:
    """Only the reader of single rows tells of it."""
    visits = next(iter(sorted((folder / "observations").glob("visits*"))))
    lines = visits.read_text(encoding="utf-8").splitlines()
    visits.write_text(
        "\n".join(f"{line},{'weather' if not at else ''}" for at, line in enumerate(lines)) + "\n"
    )


@pytest.mark.parametrize(
    "change", [as_it_is, one_table, a_wrong_answer, nobody_and_two_spellings, an_unknown_column]
)
@pytest.mark.parametrize("keep", [(), ("--keep-good", "--on", "2026-03-05")])
def test_a_programme_with_two_checklists_is_the_same_by_columns(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    keep: tuple[str, ...],
) -> None:
    folder = write_study(tmp_path)
    change(folder)
    for command in (("summarise", "--format", "json"), ("report", *REPORT)):
        by_rows, by_columns = written_both_ways(
            monkeypatch, tmp_path, *command, *keep, str(folder / "programme.rubric"), str(folder)
        )
        assert by_rows == by_columns


def test_it_is_read_in_columns_unless_something_else_has_to_be_told(tmp_path: Path) -> None:
    folder = write_study(tmp_path)
    programme = fidelity.load(folder / "programme.rubric")
    assert isinstance(programme, Programme)
    checklists = checklists_of(programme)
    assert LargeProgramme(programme, checklists, (folder,)).study().standings is not None
    a_wrong_answer(folder)
    assert LargeProgramme(programme, checklists, (folder,)).refused
    an_unknown_column(folder)
    with pytest.raises(OneByOne):
        LargeProgramme(programme, checklists, (folder,))


def test_more_than_a_workbook_holds_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fidelity.study.writing.MOST_ROWS", 160)
    out = tmp_path / "report.xlsx"
    assert status_of(["report", str(EXAMPLE / "session.rubric"), str(EXAMPLE), "-o", str(out)]) == 2
    assert "these are 161 observations, each a row of the sheet Sessions" in capfd.readouterr().err
    assert not out.exists()
