"""`fidelity score` by columns writes what it writes by rows, byte for byte, in every format."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from zipfile import ZipFile

import polars as pl
import pytest
from observe_sample import GOOD, SOURCE, table, written
from strategies import random_records

from fidelity.cli import status_of
from fidelity.model.checklist import Checklist
from fidelity.shield import csv_field
from fidelity.study.loading import load_checklist

PMPLUS = "pm_plus/individual/session_2"
BAD = [GOOD, GOOD.replace("o1", "o2").replace("done", "doen"), GOOD.replace("o1", "=o3").replace("T1", "")]


def checklist_in(folder: Path) -> str:
    return str(written(folder, SOURCE, "visit.rubric"))


def data_of(checklist: Checklist, number: int) -> str:
    """Records as somebody may have written them, with blanks, odd names and wrong answers."""
    records = random_records(checklist, Random(number), number)  # noqa: S311 - the same ones each time
    names = ["observation", "therapist", "site", "selection", *records[0]]
    who = [
        {
            "observation": f"{'=' if at % 7 == 0 else ''}o{at}",
            "therapist": "" if at % 9 == 0 else f"T{at % 3}",
            "site": 'a "site", at last' if at % 5 == 0 else "north",
            "selection": "for_cause" if at % 4 == 0 else "",
        }
        for at in range(number)
    ]
    rows = [
        [str((first | second).get(name, "")) for name in names]
        for first, second in zip(who, records, strict=True)
    ]
    return "\n".join(",".join(map(csv_field, row)) for row in [names, *rows])


def shown(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = status_of(["score", *arguments])
    out, err = capfd.readouterr()
    return status, out.replace('"engine": "columns"', '"engine": "row"'), err


@pytest.mark.parametrize("checklist", [PMPLUS, "scoring/miti_4_2_1", "programmes/example_study/session"])
@pytest.mark.parametrize("format", ["text", "json"])
def test_what_is_shown_is_the_same(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], checklist: str, format: str
) -> None:
    data = str(written(tmp_path, data_of(load_checklist(checklist), 40)))
    by_rows, by_columns = (
        shown(capfd, checklist, data, "--format", format, "--engine", engine) for engine in ("row", "columns")
    )
    assert by_columns == by_rows
    assert by_rows[0] == 1
    assert "o1" in by_rows[1]


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "parquet"])
def test_what_is_written_is_the_same(tmp_path: Path, capfd: pytest.CaptureFixture[str], ending: str) -> None:
    data = str(written(tmp_path, data_of(load_checklist(PMPLUS), 40)))
    files = [tmp_path / f"{engine}.{ending}" for engine in ("row", "columns")]
    said = [
        shown(capfd, PMPLUS, data, "--engine", file.stem, "-o", str(file), "--keep-good")[2].split("\n", 1)
        for file in files
    ]
    assert said[0][1] == said[1][1]
    assert said[0][0].replace(files[0].name, files[1].name) == said[1][0]
    assert content(files[0]) == content(files[1])


def content(file: Path) -> object:
    match file.suffix:
        case ".parquet":
            frame = pl.read_parquet(file)
            return frame.schema, frame.rows()
        case ".xlsx":
            with ZipFile(file) as archive:
                return {
                    name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"
                }
        case _:
            return file.read_text().replace('"engine": "columns"', '"engine": "row"')


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "parquet"])
def test_nothing_good_is_an_empty_file_in_both(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], ending: str
) -> None:
    data = str(written(tmp_path, table(GOOD.replace("done", "doen"))))
    files = [tmp_path / f"{engine}.{ending}" for engine in ("row", "columns")]
    for file in files:
        assert (
            shown(capfd, checklist_in(tmp_path), data, "--engine", file.stem, "-o", str(file), "--keep-good")[
                0
            ]
            == 0
        )
    if ending != "parquet":
        assert content(files[0]) == content(files[1])
    else:
        assert [len(pl.read_parquet(file)) for file in files] == [0, 0]


def test_parquet_has_a_type_for_each_column(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "scored.parquet"
    data = str(written(tmp_path, table(GOOD)))
    assert shown(capfd, checklist_in(tmp_path), data, "--engine", "columns", "-o", str(out)) == (
        0, "", f"{out}: 1 observation scored.\n"
    )  # fmt: skip
    found = pl.read_parquet(out).select("observation", "date", "^adherence.*$")
    assert found.to_dicts() == [
        {
            "observation": "o1",
            "date": date(2026, 3, 4),
            "adherence": 75.0,
            "adherence.exact": "75",
            "adherence.answered": 2,
            "adherence.applicable": 2,
        }
    ]


@pytest.mark.parametrize("engine", ["row", "columns"])
def test_bad_cells_stand_in_a_table_of_their_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], engine: str
) -> None:
    """Also where the command refuses the data; a text that looks like a formula stays text."""
    data, cells = str(written(tmp_path, table(*BAD))), tmp_path / "bad_cells.csv"
    out = ["-o", str(tmp_path / "scored.csv")]
    more = ["--engine", engine, "--bad-cells", str(cells)]
    assert shown(capfd, checklist_in(tmp_path), data, *more, *out)[0] == 1
    assert not (tmp_path / "scored.csv").exists()
    assert cells.read_text() == (
        '"file","row","column","value","reason","advice"\n'
        f'"{data}","3","welcome","doen","Row 3, column welcome: ""doen"" is not an answer of welcome.",'
        '"Did you mean ""done""? Allowed: not_done, partly, done, na."\n'
    )
    assert shown(capfd, checklist_in(tmp_path), data, *more, *out, "--keep-good")[0] == 0
    assert cells.read_text().count("\n") == 2


@pytest.mark.parametrize("engine", ["row", "columns"])
def test_thousands_of_bad_cells_are_counted_on_the_screen_and_listed_in_the_table(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], engine: str
) -> None:
    rows = [GOOD.replace("o1", f"o{at}").replace("done", "doen") for at in range(300)]
    data, cells = str(written(tmp_path, table(*rows))), tmp_path / "bad_cells.csv"
    status, _, err = shown(capfd, checklist_in(tmp_path), data, "--engine", engine, "--bad-cells", str(cells))
    assert status == 1
    assert err.count("is not an answer of welcome") == 200
    assert "100 more answers that no scale has." in err
    assert cells.read_text().count("is not an answer of welcome") == 300


def test_columns_work_it_out_above_two_thousand_rows(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    engines = []
    for number in (2_000, 2_001):
        rows = [GOOD.replace("o1", f"o{at}") for at in range(number)]
        data = str(written(tmp_path, table(*rows)))
        assert status_of(["score", checklist_in(tmp_path), data, "--format", "json"]) == 0
        engines.append(next(line for line in capfd.readouterr().out.splitlines() if "engine" in line))
    assert engines == ['  "engine": "row",', '  "engine": "columns",']


def test_a_few_records_need_no_data_frame_library(tmp_path: Path) -> None:
    data, checklist = written(tmp_path, table(GOOD)), checklist_in(tmp_path)
    score = f"status_of(['score', {checklist!r}, {str(data)!r}])"
    code = f"import sys; from fidelity.cli import status_of; {score}; print('polars' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines()[-1] == "False"


# ---- a full disk


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_where_the_disk_is_full_nothing_is_changed(tmp_path: Path, ending: str) -> None:
    """An earlier file stays as it was, and nothing half written lies beside it."""
    rows = [GOOD.replace("o1", f"o{at * 7919 % 1_000_003}") for at in range(30_000)]
    data, out = written(tmp_path, table(*rows)), tmp_path / "out" / f"scored.{ending}"
    out.parent.mkdir()
    out.write_text("of last week")
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); "
        "from fidelity.cli import main; main()"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "score", checklist_in(tmp_path), data, "--engine", "columns", "-o", out],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert (found.returncode, found.stdout) == (2, "")
    assert f"{out} cannot be written: " in found.stderr
    assert "Nothing was changed there." in found.stderr
    assert [(each.name, each.read_text()) for each in out.parent.iterdir()] == [(out.name, "of last week")]
