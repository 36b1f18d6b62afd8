"""`fidelity score --engine spark` on a server that speaks Spark Connect: Sail, a real one."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from conftest import Ran, Run
from scale_sample import PMPLUS, checklist_of, records

pytest.importorskip("pyspark", reason="PySpark is not installed")
pytest.importorskip("pysail", reason="Sail is not installed")

from sail_server import sail

SOURCE = """\
checklist visit "A visit"
  version 1.0.0
  treat not_observed as left out
scale done "Done?"
  answer no_step "No" scores 0 coded "0"
  answer yes_step "Yes" scores 1 coded "1"
section all_of_it "All" on scale done
  item greets "Greets"
  item plans "Plans"
score adherence "Adherence" is percent of items needing at least 1/2 answered
result fidelity "Fidelity" from adherence
  level low "Low" below 60%
  level high "High" at least 60%
"""
HEADING = "observation,therapist,date,greets,plans\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with sail() as address:
        yield address


class Score:
    """Scores data with the small checklist above."""

    def __init__(self, run: Run, server: str, folder: Path) -> None:
        self.run, self.server, self.folder = run, server, folder
        (folder / "visit.rubric").write_text(SOURCE, encoding="utf-8")

    def __call__(self, *data: str, out: str = "out.parquet", more: tuple[str, ...] = ()) -> Ran:
        words = ("score", "visit.rubric", *data, "--engine", "spark", "--remote", self.server)
        return self.run(*words, "-o", out, *more)

    def write(self, name: str, text: str) -> str:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def table(self, name: str, **columns: object) -> str:
        whole = {"observation": ["1", "2"], "therapist": ["T1", "T1"], "date": ["2026-01-01", "2026-01-02"]}
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame({**whole, **columns}).write_parquet(self.folder / name)
        return name

    def rows(self, *names: str, out: str = "out.parquet") -> list[tuple[object, ...]]:
        return pl.read_parquet(self.folder / out).sort("observation").select(names).rows()

    def left(self) -> list[str]:
        """What stands in the folder, hidden files too."""
        return sorted(
            each.name for each in self.folder.iterdir() if each.suffix == ".parquet" or "out" in each.name
        )


@pytest.fixture
def score(run: Run, server: str, tmp_path: Path) -> Score:
    return Score(run, server, tmp_path)


# ---- the same rows


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_cluster_gives_the_same_rows_as_this_machine(
    run: Run, server: str, tmp_path: Path, ending: str
) -> None:
    frame = records(checklist_of(), 500)
    (tmp_path / "data").mkdir()
    for at in range(3):
        part, file = frame[at::3], tmp_path / "data" / f"{at}.{ending}"
        part.write_csv(file) if ending == "csv" else part.write_parquet(file)
    frame.sort("observation").write_csv(tmp_path / "all.csv")
    here = run("score", PMPLUS, "all.csv", "--engine", "columns", "-o", "here.parquet", "--keep-good")
    there = ("score", PMPLUS, "data", "--engine", "spark", "--remote", server, "--keep-good", "-o")
    ran = run(*there, "there.parquet")
    assert (here.status, ran.status) == (0, 0)
    expected = pl.read_parquet(tmp_path / "here.parquet")
    assert 100 < len(expected) < 400
    assert pl.read_parquet(tmp_path / "there.parquet").sort("observation").equals(expected)
    assert ran.err.startswith(f"there.parquet: {len(expected)} observations scored.\n")
    left_out = [line for line in here.err.splitlines() if line.startswith("Left out: ")]
    assert [line for line in ran.err.splitlines() if line.startswith("Left out: ")] == left_out


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_small_results_may_be_files_of_this_machine(score: Score, ending: str) -> None:
    rows = "b,T2,2026-01-01,0,1\nc,,2026-01-01,,1\na,T1,2026-01-01,1,1\nd,T1,2026-01-01,x,1\n"
    data = score.write("data.csv", HEADING + rows)
    sorted_data = score.write("sorted.csv", HEADING + "".join(sorted(rows.splitlines(keepends=True))))
    assert score(data, out=f"there.{ending}", more=("--keep-good",)).status == 0
    words = ("score", "visit.rubric", sorted_data, "--engine", "columns", "--keep-good")
    assert score.run(*words, "-o", f"here.{ending}").status == 0
    here, there = ((score.folder / f"{name}.{ending}").read_bytes() for name in ("here", "there"))
    assert there == here.replace(b'"engine": "columns"', b'"engine": "spark"')


def test_whole_numbers_and_days_in_parquet_are_the_codes_that_they_are(score: Score) -> None:
    days = pl.Series([date(2026, 1, 1), None])
    data = score.table("data.parquet", greets=[1.0, None], plans=[1, 0], date=days)
    assert score(data).status == 0
    assert score.rows("observation", "date", "adherence.exact", "fidelity") == [
        ("1", date(2026, 1, 1), "100", "high"),
        ("2", None, "0", "low"),
    ]


def test_texts_with_commas_quotation_marks_and_new_lines_stay_whole(score: Score) -> None:
    rows = '"a ""and"",\nb",T1,2026-01-01,1,1\n,,,,\nc,T1,2026-01-02,0,1\n'
    assert score(score.write("data.csv", HEADING + rows)).status == 0
    assert score.rows("observation", "adherence") == [('a "and",\nb', 100.0), ("c", 50.0)]


def test_files_may_have_their_columns_in_any_order(score: Score) -> None:
    score.write("data/1.csv", HEADING + "a,T1,2026-01-01,1,0\n")
    score.write("data/2.csv", "plans,greets,date,therapist,observation,site\n1,1,2026-01-01,T1,b,North\n")
    assert score("data").status == 0
    assert score.rows("observation", "adherence", "site") == [("a", 50.0, None), ("b", 100.0, "North")]


def test_folders_may_be_called_as_people_call_them(score: Score) -> None:
    score.write("Séance 1/one two.csv", HEADING + "a,T1,2026-01-01,1,0\n")
    assert score("Séance 1", out="Séance 1/out 1.parquet").status == 0
    assert score.rows("observation", "adherence", out="Séance 1/out 1.parquet") == [("a", 50.0)]


def test_columns_that_are_not_meant_for_us_may_be_named(score: Score) -> None:
    data = score.write("data.csv", "observation,therapist,date,greets,plans,mood.x\na,T1,2026-01-01,1,0,5\n")
    assert score(data, more=("--ignore", "mood.x")).status == 0
    assert score.rows("observation", "adherence") == [("a", 50.0)]


# ---- wrong input


def test_bad_cells_are_told_and_nothing_is_written(score: Score) -> None:
    data = score.write(
        "data.csv", HEADING + "a,T1,2026-01-01,1,x\nb,T1,2026-13-01,1,1\nc,T1,2026-01-03,1,1\n"
    )
    ran = score(data)
    assert (ran.status, score.left()) == (1, [])
    assert 'RB503  Record a, plans: "x" is not an answer of plans.' in ran.err
    assert "RB505  Record b, date: there is no day 2026-13-01." in ran.err


def test_bad_cells_go_into_a_table_when_asked_for(score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,x\nb,T1,2026-01-02,y,1\n")
    assert score(data, more=("--bad-cells", "bad.csv")).status == 1
    lines = (score.folder / "bad.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1:4] for line in lines[1:]] == [
        ['"a"', '"plans"', '"x"'],
        ['"b"', '"greets"', '"y"'],
    ]


def test_more_refused_records_than_anybody_reads_are_counted(
    score: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fidelity.cli.score_on_spark.MOST_LISTED", 2)
    rows = "".join(f"{name},T1,2026-01-01,1,x\n" for name in "abcde")
    ran = score(score.write("data.csv", HEADING + rows))
    assert "Record b, plans" in ran.err
    assert "Record c, plans" not in ran.err
    assert "RB503  3 more records have answers that do not fit." in ran.err


def test_a_word_that_only_the_reader_judges_refuses_a_record_too(score: Score) -> None:
    heading = HEADING.replace("\n", ",selection,reported.adherence\n")
    data = score.write("data.csv", heading + "a,T1,2026-01-01,1,1,plannd,70\nb,T1,2026-01-01,1,1,,many\n")
    ran = score(data)
    assert ran.status == 1
    assert 'Record a, selection: "plannd"' in ran.err
    assert 'Record b, reported.adherence: "many"' in ran.err


def test_good_records_are_kept_when_asked_for(score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,x\nc,T1,2026-01-03,1,1\n")
    ran = score(data, more=("--keep-good",))
    assert ran.status == 0
    assert score.rows("observation", "adherence") == [("c", 100.0)]
    assert "out.parquet: 1 observation scored." in ran.err
    assert "Left out: a." in ran.err


def test_problems_can_be_read_by_a_program(score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,x\n")
    ran = score(data, more=("--format", "json"))
    assert [each["code"] for each in json.loads(ran.out)["problems"]] == ["RB503"]


def test_unknown_and_absent_columns_are_told_by_file(score: Score) -> None:
    score.write("data/1.csv", HEADING + "a,T1,2026-01-01,1,1\n")
    score.write("data/2.csv", "observation,therapist,date,greets,plan\nb,T1,2026-01-01,1,1\n")
    ran = score("data")
    assert ran.status == 1
    assert 'Column plan: this checklist has no item "plan".' in ran.err
    assert 'Did you mean "plans"?' in ran.err
    assert "data/2.csv" in ran.err
    assert "data/1.csv" not in ran.err


def test_folders_that_are_columns_are_told(score: Score) -> None:
    score.write("data/site=North/1.csv", HEADING + "a,T1,2026-01-01,1,0\n")
    ran = score("data")
    assert ran.status == 1
    assert 'RB507  The name of the folder "site=North" is not read as a column.' in ran.err


def test_a_column_of_another_kind_in_a_later_file_is_told_by_file(score: Score) -> None:
    score.table("data/1.parquet", greets=["1", "0"], plans=["1", "1"])
    score.table("data/2.parquet", greets=[1, 0], plans=["1", "1"])
    ran = score("data")
    assert ran.status == 1
    assert "RB507  Column greets: there are whole numbers in this file; in " in ran.err
    assert "1.parquet, it held string." in ran.err


def test_rows_need_a_name_of_their_own(score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,1\na,T1,2026-01-01,1,1\n,T1,2026-01-01,1,1\n")
    ran = score(data)
    assert ran.status == 1
    assert 'RB506  Observation "a" stands 2 times.' in ran.err
    assert "RB505  1 of 3 rows do not name their observation" in ran.err
    unnamed = score.write("unnamed.csv", "therapist,date,greets,plans\nT1,2026-01-01,1,1\n")
    assert "These columns must be there, also if they stay empty: observation." in score(unnamed).err


def test_blank_therapists_and_dates_are_a_warning(score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,,2026-01-01,1,1\nb,T1,,1,1\n")
    ran = score(data)
    assert ran.status == 0
    assert "1 of 2 observations name no therapist, and 1 have no date." in ran.err


def test_codes_that_look_like_one_are_told_as_on_this_machine_but_for_their_rows(score: Score) -> None:
    names = ("T01", "T01 ", "t01", "\u0422\u0660\u0661", "T02", "T2", "T3", "", "t02")
    rows = "".join(f"{at},{name},2026-01-01,1,1\n" for at, name in enumerate(names))
    ran = score(score.write("data.csv", HEADING + rows))
    assert ran.status == 0
    told = [line for line in ran.err.splitlines() if line.startswith("RB506")]
    ways = (
        '"T01" (2 observations), "t01" (1 observation) and "Т٠١" with Cyrillic Т (1 observation)',
        '"T02" (1 observation), "T2" (1 observation) and "t02" (1 observation)',
    )
    assert told == [f"RB506  Column therapist: {each} look like one code, and count as 3." for each in ways]


def test_of_many_codes_alike_the_others_are_counted(score: Score) -> None:
    names = [name for at in range(10, 35) for name in (f"T{at}", f"t{at}")]
    rows = "".join(f"{at},{name},2026-01-01,1,1\n" for at, name in enumerate(names))
    told = score(score.write("data.csv", HEADING + rows)).err
    assert told.count("look like one code") == 15
    assert "10 more codes are written in more than one way." in told


def test_a_row_of_another_length_stops_the_work(score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,1\nb,T1,2026-01-01,1,1,1\n")
    ran = score(data)
    assert (ran.status, score.left()) == (1, [])
    assert "RB507  The cluster gave up, and nothing was written: " in ran.err


def test_no_file_no_row_and_files_of_another_kind_are_told(score: Score) -> None:
    assert "RB507  There is no file of this name." in score("nothing.csv").err
    assert "there is a heading" in score(score.write("empty.csv", HEADING)).err.lower()
    score.write("texts/one.txt", "a")
    assert "Files are read that end in .csv, .parquet." in score("texts").err


def test_a_file_that_is_no_parquet_is_told_by_name(score: Score) -> None:
    ran = score(score.write("data.parquet", "observation"))
    assert ran.status == 1
    assert "data.parquet" in ran.err


# ---- writing


def test_an_older_result_is_replaced_as_a_whole(score: Score) -> None:
    first = score.write("first.csv", HEADING + "a,T1,2026-01-01,1,1\n")
    second = score.write("second.csv", HEADING + "b,T1,2026-01-01,0,1\n")
    wrong = score.write("wrong.csv", HEADING + "c,T1,2026-01-01,x,1\n")
    assert score(first).status == 0
    assert score(second).status == 0
    assert score(wrong).status == 1
    assert score.rows("observation", "adherence") == [("b", 50.0)]
    assert score.left() == ["out.parquet"]


def test_a_place_that_cannot_be_written_stays_as_it_is(score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,1\n")
    score.write("taken", "a file")
    ran = score(data, out="taken/out.parquet")
    assert ran.status != 0
    assert (score.folder / "taken").read_text() == "a file"


# ---- wrong use


def test_a_cluster_has_to_be_named(run: Run, score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,1\n")
    ran = run("score", "visit.rubric", data, "--engine", "spark", "-o", "out.parquet")
    assert (ran.status, ran.err) == (
        2,
        "Name the cluster: --master URL, or --remote sc://HOST:PORT (not both).\n",
    )


def test_a_server_that_is_not_there_is_told_at_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "visit.rubric").write_text(SOURCE, encoding="utf-8")
    words = ("score", "visit.rubric", "data.csv", "--engine", "spark", "--remote", "sc://127.0.0.1:1")
    ran = run(*words, "-o", "out.parquet")
    assert ran.status == 2
    assert ran.err.startswith("No Spark answers at sc://127.0.0.1:1: ")


def test_a_cluster_is_only_named_for_the_engine_that_has_one(run: Run, score: Score) -> None:
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,1\n")
    ran = run("score", "visit.rubric", data, "--master", "local[2]")
    assert (ran.status, ran.err) == (2, "--master and --remote name the cluster of --engine spark.\n")


def test_without_pyspark_a_sentence_says_what_to_install(
    score: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys  # noqa: PLC0415

    for name in [*sys.modules]:
        if name.startswith(("fidelity.scale", "fidelity.cli.score_on_spark")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    data = score.write("data.csv", HEADING + "a,T1,2026-01-01,1,1\n")
    ran = score(data)
    assert ran.status == 2
    assert "pip install 'pyspark[connect]==4.0.*' 'fidelity[scale]'" in ran.err
