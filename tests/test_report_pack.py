"""The trial pack: the same bytes each time, no names in it, and nothing small in a public one."""

import csv
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from page_browser import CHROMIUM, Screen, judged
from report_sample import example_study, miti_practice, small_study

from fidelity import content
from fidelity.cli import status_of
from fidelity.errors import WrongUse
from fidelity.model.coding import LETTERS, coding_of, key_file, read_key
from fidelity.model.observation import Observation
from fidelity.report.pack import Pack, pack_of
from fidelity.report.pack.folder import kept_key, write_pack
from fidelity.report.pack.suppression import Base, Rules, closed, published, rounded
from fidelity.report.tables.audit import Figure, MeanSd, Number, PartOf, TrialLine, Within
from fidelity.shield import without_shield
from fidelity.study.reported import reported
from fidelity.study.whole import Study

RULES = Rules("[c]", 0)


@cache
def example_pack(*, public: bool) -> Pack:
    return pack_of(reported(example_study()), public=public)


def rows_of(made: bytes) -> list[list[str]]:
    return [[without_shield(cell) for cell in row] for row in csv.reader(StringIO(made.decode()))]


def texts_of(files: dict[str, bytes]) -> Iterable[tuple[str, str]]:
    """All that a reader can find in the files, also inside of workbooks and Parquet."""
    for name, made in files.items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(BytesIO(made)) as book:
                yield name, " ".join(book.read(each).decode() for each in book.namelist())
        elif name.endswith(".parquet"):
            yield name, pl.read_parquet(BytesIO(made)).write_csv()
        else:
            yield name, made.decode()


# ---- the pack as a whole


@pytest.mark.parametrize("public", [False, True])
def test_the_same_study_gives_the_same_bytes(public: bool) -> None:
    again = pack_of(reported(example_study()), public=public)
    assert again.files == example_pack(public=public).files


def test_what_lies_in_a_pack() -> None:
    assert sorted(example_pack(public=False).files) == [
        "README.txt",
        "codebook/codebook_answers.csv",
        "codebook/codebook_variables.csv",
        "data/answers.csv",
        "data/answers.parquet",
        "data/observations.csv",
        "data/observations.parquet",
        "data/outcomes.csv",
        "data/outcomes.parquet",
        "manifest.json",
        "methods.txt",
        "tables.html",
        "tables.xlsx",
        "tables/counting.csv",
        "tables/fidelity.csv",
        "tables/flow.csv",
        "tables/groups.csv",
        "tables/items.csv",
        "tables/reliability.csv",
        "tables/reliability_items.csv",
        "tables/unrated.csv",
    ]


def test_a_public_pack_has_no_data() -> None:
    names = sorted(example_pack(public=True).files)
    assert not [name for name in names if name.startswith("data/")]
    assert "tables/fidelity.csv" in names


@pytest.mark.parametrize("public", [False, True])
def test_the_manifest_lists_every_file_with_its_hash(public: bool) -> None:
    files = example_pack(public=public).files
    told = json.loads(files["manifest.json"])
    assert {each["name"]: each["sha256"] for each in told["files"]} == {
        name: hashlib.sha256(made).hexdigest() for name, made in files.items() if name != "manifest.json"
    }
    assert told["options"] == {"public": public, "language": "en"}
    assert told["data"]["sha256"] == example_study().summary.provenance.data_sha256


@pytest.mark.parametrize(
    "study",
    [
        miti_practice,
        lambda: small_study({"A": [5, 4, 3, 4, 5, 4, 4], "B": [2, 2, 1]}),
        lambda: small_study({"A": [4, 4], "B": [3]}, dated=False),
        lambda: small_study({"A": [1]}),
    ],
    ids=["sessions only", "two therapists", "without dates", "one session"],
)
@pytest.mark.parametrize("public", [False, True])
def test_every_study_has_a_pack(study: Callable[[], Study], public: bool) -> None:
    files = pack_of(reported(study()), public=public).files
    assert load_workbook(BytesIO(files["tables.xlsx"])).sheetnames
    assert "Methods" in files["methods.txt"].decode()


# ---- no names


def test_no_name_no_date_and_no_note_is_in_any_file() -> None:
    study = example_study()
    everybody = [each.observation for each in study.scored]
    names = {getattr(each, kind) for each in everybody for kind in LETTERS} - {""}
    notes = {note for each in everybody for note in each.comments.values() if note}
    dates = {each.date.isoformat() for each in everybody if each.date}
    assert len(names) > 300
    assert notes
    for public in (False, True):
        for name, text in texts_of(example_pack(public=public).files):
            words = set(re.findall(r"[\w-]+", text))
            assert not words & names, name
            assert not [each for each in (*notes, *dates) if each in text], name


def test_rows_stand_in_the_order_of_the_codes_and_not_of_the_data() -> None:
    codes = [row[0] for row in rows_of(example_pack(public=False).files["data/observations.csv"])[1:]]
    assert codes == sorted(codes)
    assert len(set(codes)) == len(example_study().scored)


def test_a_name_has_one_code_wherever_it_stands() -> None:
    coding = example_pack(public=False).coding
    first = example_study().scored[0].observation
    rows = rows_of(example_pack(public=False).files["data/answers.csv"])
    found = {tuple(row[:7]) for row in rows if row[0] == coding.code("observation", first.observation)}
    kinds = ("therapist", "client", "rater", "site")
    codes = (coding.code(kind, getattr(first, kind)) for kind in kinds)
    session = coding.code("session", first.session)
    assert found == {(coding.code("observation", first.observation), session, *codes, first.arm)}


def observation(name: str, therapist: str, client: str = "") -> Observation:
    return Observation(observation=name, therapist=therapist, client=client, date=date(2026, 1, 5))


def test_without_a_key_file_other_data_give_other_codes() -> None:
    one = coding_of([observation("1", "Asha")])
    more = coding_of([observation("1", "Asha"), observation("2", "Bo")])
    assert one.code("therapist", "Asha") != more.code("therapist", "Asha")
    assert coding_of([observation("1", "Asha")]) == one


def test_with_a_key_file_codes_stay_when_data_are_added() -> None:
    one = coding_of([observation("1", "Asha", "=1+1")])
    kept = read_key(key_file(one).decode())
    assert kept == one
    more = coding_of([observation("1", "Asha", "=1+1"), observation("2", "Bo")], kept)
    assert more.codes.items() > one.codes.items()
    assert more.key == one.key


def test_codes_begin_with_the_letter_of_what_they_stand_for() -> None:
    coding = coding_of([observation("1", "Asha", "C1")])
    assert {kind: code[:2] for (kind, _), code in coding.codes.items()} == {
        "therapist": "T-",
        "client": "C-",
        "session": "E-",
        "observation": "O-",
    }


def test_a_key_file_may_not_lie_in_the_pack(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="must not lie in the pack"):
        kept_key(tmp_path / "pack" / "key.csv", tmp_path / "pack")


def test_what_is_no_key_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.csv"
    for text in ("", "kind,name,code\n", "kind,name,code\nkey,,short\n", "kind,name,code\na,b\n"):
        file.write_text(text)
        with pytest.raises(WrongUse, match="is no key file"):
            kept_key(file, tmp_path / "pack")
    assert kept_key(tmp_path / "new.csv", tmp_path / "pack") is None


# ---- data


SMALL_ANSWERS = """\
checklist small "A small checklist"
  version 1.0.0
  treat not_observed as missing

scale delivery "How well"
  answer not_done "Not done" scores 0
  answer done "Done" scores 2
  answer na "Not applicable" means not_applicable

fact format "Format" is one of individual, group
fact topic "Topic" is text

section opening "Opening" on scale delivery
  item welcome "Welcomes the client" tagged counted
  item safety "Asks about safety" tagged counted

section words "In words"
  item said "What was said" is text

score quality "Quality" is percent of items tagged counted needing all answered

result level "Level" from quality
  level low "Low" below 50%
  level high "High" at least 50%
"""


@pytest.fixture
def small_pack(tmp_path: Path) -> dict[str, bytes]:
    (tmp_path / "small.rubric").write_text(SMALL_ANSWERS)
    (tmp_path / "data.csv").write_text(
        "observation,session,therapist,client,rater,date,rated_on,site,arm,minutes,"
        "welcome,safety,said,welcome.comment,fact.format,fact.topic\n"
        "1,s1,Asha,c1,Rita,2026-01-05,2026-01-07,north,a,45,done,not_done,She said Bo,Bo was late,group,Bo\n"
        "2,s2,Asha,c1,Rita,2026-01-12,,north,a,,na,done,,,,\n"
        "3,s3,Bo,c2,Rita,,,north,b,30.5,done,,,,,\n"
    )
    args = ["report", str(tmp_path / "small.rubric"), str(tmp_path / "data.csv")]
    assert status_of([*args, "-o", str(tmp_path / "r.xlsx"), "--pack", str(tmp_path / "pack")]) == 0
    return {
        each.relative_to(tmp_path / "pack").as_posix(): each.read_bytes()
        for each in (tmp_path / "pack").rglob("*")
        if each.is_file()
    }


def test_answers_have_a_row_for_each_observation_and_item(small_pack: dict[str, bytes]) -> None:
    head, *rows = rows_of(small_pack["data/answers.csv"])
    assert (
        " ".join(head)
        == "observation session therapist client rater site arm day checklist item answer state points"
    )
    told = sorted((row[6], row[7], *row[9:]) for row in rows)
    assert told == [
        ("a", "0", "safety", "not_done", "answered", "0"),
        ("a", "0", "said", "", "answered", ""),
        ("a", "0", "welcome", "done", "answered", "2"),
        ("a", "7", "safety", "done", "answered", "2"),
        ("a", "7", "said", "", "missing", ""),
        ("a", "7", "welcome", "", "not_applicable", ""),
        ("b", "", "safety", "", "missing", ""),
        ("b", "", "said", "", "missing", ""),
        ("b", "", "welcome", "done", "answered", "2"),
    ]


def test_observations_have_days_for_dates_and_no_free_text(small_pack: dict[str, bytes]) -> None:
    head, *rows = rows_of(small_pack["data/observations.csv"])
    told = [dict(zip(head, row, strict=True)) for row in rows]
    wanted = ("day", "rated_after_days", "minutes", "fact.format")
    assert sorted(tuple(each[name] for name in wanted) for each in told) == [
        ("", "", "30.5", ""),
        ("0", "2", "45", "group"),
        ("7", "", "", ""),
    ]
    assert "fact.topic" not in head


def test_outcomes_have_the_exact_score_and_the_level(small_pack: dict[str, bytes]) -> None:
    rows = rows_of(small_pack["data/outcomes.csv"])[1:]
    assert sorted(tuple(row[2:]) for row in rows) == [
        ("level", "result", "", "", "", "", "", "undecided"),
        ("level", "result", "", "", "high", "", "", ""),
        ("level", "result", "", "", "high", "", "", ""),
        ("quality", "score", "", "", "", "1", "2", "too_few_answered"),
        ("quality", "score", "100", "100", "", "1", "1", ""),
        ("quality", "score", "50", "50", "", "2", "2", ""),
    ]


def test_csv_and_parquet_hold_the_same() -> None:
    files = example_pack(public=False).files
    for name in ("answers", "observations", "outcomes"):
        frame = pl.read_parquet(BytesIO(files[f"data/{name}.parquet"]))
        assert frame.columns == rows_of(files[f"data/{name}.csv"])[0]
        as_text = pl.read_csv(BytesIO(files[f"data/{name}.csv"]), schema=frame.schema)
        assert frame.equals(as_text)


def test_the_codebook_tells_every_variable_of_the_data() -> None:
    files = example_pack(public=False).files
    told = {(row[0], row[2]) for row in rows_of(files["codebook/codebook_variables.csv"])}
    for name in ("answers", "observations", "outcomes"):
        head, *rows = rows_of(files[f"data/{name}.csv"])
        assert {(name, each) for each in head} <= told
        for place in [head.index(each) for each in ("item", "outcome") if each in head]:
            assert {(name, row[place]) for row in rows} <= told
    assert all(row[7] for row in rows_of(files["codebook/codebook_variables.csv"]) if not row[1])


def test_the_codebook_tells_every_answer_with_its_points() -> None:
    files = example_pack(public=False).files
    told = {(row[1], row[2]): row[4] for row in rows_of(files["codebook/codebook_answers.csv"])}
    for row in rows_of(files["data/answers.csv"])[1:]:
        item, answer, state, points = row[9:]
        assert ("state", state) in told
        assert not answer or told[item, answer] == points


# ---- methods


def test_the_methods_have_the_numbers_of_the_tables() -> None:
    files = example_pack(public=False).files
    said = " ".join(files["methods.txt"].decode().split())
    table = {row[1]: row[-1] for row in rows_of(files["tables/fidelity.csv"])}
    weighted = next(value for name, value in table.items() if "mean (95% limits)" in name)
    mean, low, high = re.findall(r"[\d.]+", weighted)
    assert f"was {mean}% (95% limits {low} to {high})" in said
    assert f"{table['Sessions observed, n']} sessions by {len(example_study().summary.therapists)} " in said
    assert example_study().checklist.fingerprint in said
    assert example_study().summary.provenance.data_sha256 in said


def test_the_methods_name_the_papers_behind_what_was_worked_out() -> None:
    said = example_pack(public=False).files["methods.txt"].decode()
    for name in ("Hoffmann", "Newcombe", "Shrout", "Gwet", "Krippendorff", "Hawkins"):
        assert name in said
    without = (
        pack_of(reported(small_study({"A": [1]}, dated=False)), public=False).files["methods.txt"].decode()
    )
    for name in ("Shrout", "Gwet", "Hawkins"):
        assert name not in without


def test_public_methods_round_their_counts() -> None:
    said = " ".join(example_pack(public=True).files["methods.txt"].decode().split())
    assert "About 160 observations of about 135 sessions by about 10 peer lay therapists" in said
    assert "fewer than 5 raters" in said


def test_public_methods_of_a_tiny_study_tell_no_mean() -> None:
    study = small_study({"A": [5, 4], "B": [2, 2], "C": [1, 3]})
    said = pack_of(reported(study), public=True).files["methods.txt"].decode()
    assert "was 2." not in said
    assert "standard deviation" not in said
    assert "fewer than 5 helpers" in " ".join(said.split())


# ---- what everybody may read


@pytest.mark.parametrize(
    ("number", "shown"), [(5, 5), (7, 5), (8, 10), (10, 10), (12, 10), (13, 15), (97, 95), (98, 100)]
)
def test_counts_are_rounded_to_the_nearest_five(number: int, shown: int) -> None:
    assert rounded(number) == shown


def line(total: Figure, *arms: Figure) -> TrialLine:
    return TrialLine("", "", arms, total)


def test_a_small_cell_takes_the_next_in_size_with_it() -> None:
    made = published(
        [line(Number(43), Number(3), Number(10), Number(30))], _bases(3, 10, 30), Base(43, 9), RULES
    )
    assert made == [line(Number(45), "[c]", "[c]", Number(30))]


def test_a_small_rest_is_a_small_cell() -> None:
    made = published(
        [line(PartOf(50, 60), PartOf(18, 20), PartOf(32, 40))], _bases(20, 40), Base(60, 9), RULES
    )
    assert made == [line(PartOf(50, 60), "[c]", "[c]")]


def test_a_small_whole_hides_all_of_its_line() -> None:
    made = published(
        [line(PartOf(58, 60), PartOf(20, 20), PartOf(38, 40))], _bases(20, 40), Base(60, 9), RULES
    )
    assert made == [line("[c]", "[c]", "[c]")]


def test_percents_are_those_of_the_rounded_counts() -> None:
    assert published([line(PartOf(33, 62))], [], Base(62, 9), RULES) == [line(PartOf(35, 60))]


def test_an_arm_with_few_therapists_is_hidden_in_every_line_and_so_is_the_difference() -> None:
    lines = [
        line(Number(90), Number(40), Number(50)),
        line(MeanSd(81.0, 9.0, 90), MeanSd(80.0, 9.0, 40), MeanSd(82.0, 9.0, 50)),
        TrialLine("", "", (None, None), Within(-2.0, -4.0, 0.5, 90)),
    ]
    made = published(lines, [Base(40, 3), Base(50, 8)], Base(90, 11), RULES)
    assert made == [
        line(Number(90), "[c]", "[c]"),
        line(MeanSd(81.0, 9.0, 90, 0), "[c]", "[c]"),
        TrialLine("", "", (None, None), "[c]"),
    ]


def test_of_levels_no_difference_is_small() -> None:
    lines = [line(PartOf(50, 60)), line(PartOf(47, 60)), line(PartOf(20, 60))]
    assert published(lines, [], Base(60, 9), RULES) == [
        line(PartOf(50, 60)),
        line("[c]"),
        line(PartOf(20, 60)),
    ]


def test_lines_that_make_up_a_whole_do_not_give_one_away() -> None:
    lines = [line(Number(50)), line(PartOf(40, 50)), line(PartOf(2, 50)), line(PartOf(8, 50))]
    assert [each.total for each in published(lines, [], Base(50, 9), RULES)] == [
        Number(50),
        PartOf(40, 50),
        "[c]",
        "[c]",
    ]


def test_nothing_is_published_of_fewer_than_five_people() -> None:
    assert published([line(Number(60)), line("a text")], [], Base(60, 4), RULES) == [
        line("[c]"),
        line("a text"),
    ]


def _bases(*sessions: int) -> list[Base]:
    return [Base(each, each) for each in sessions]


ARMS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=5)


@given(ARMS)
def test_whatever_the_arms_no_small_cell_can_be_worked_out(arms: list[tuple[int, int]]) -> None:
    """Somebody who knew all published counts exactly could not tell a hidden one."""
    sizes = [done + missed for done, missed in arms]
    counts = line(
        PartOf(sum(done for done, _ in arms), sum(sizes)),
        *(PartOf(done, done + missed) for done, missed in arms),
    )
    every = line(Number(sum(sizes)), *map(Number, sizes))
    whole, shares = published([every, counts], _bases(*sizes), Base(sum(sizes), sum(sizes)), RULES)
    hidden = [number for number, cell in enumerate(shares.arms) if cell == "[c]"]
    for number, (done, missed) in enumerate(arms):
        assert number in hidden or min(done, missed) >= 5
        assert whole.arms[number] == "[c]" or sizes[number] >= 5
    if shares.total == "[c]":
        assert len(hidden) == len(arms)
    elif hidden:
        known = sum(arms[number][0] for number in hidden), sum(arms[number][1] for number in hidden)
        assert len(hidden) > 1
        assert min(known) >= 5
        caps = [known[0] if cell == "[c]" else size for cell, size in zip(whole.arms, sizes, strict=True)]
        for number in hidden:
            room = sum(caps[other] for other in hidden if other != number)
            assert max(0, known[0] - room) < min(caps[number], known[0])


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8))
def test_hidden_cells_are_two_or_more_and_not_small_together(cells: list[int]) -> None:
    hidden = closed([each < 5 for each in cells], [(each,) for each in cells])
    assert {number for number, each in enumerate(cells) if each < 5} <= hidden
    if hidden and len(hidden) < len(cells):
        assert len(hidden) > 1
        assert sum(cells[number] for number in hidden) >= 5


def test_in_the_public_tables_of_a_tiny_study_no_count_is_below_five() -> None:
    study = small_study({"A": [5, 4], "B": [2, 2], "C": [1, 3], "D": [4], "E": [5]})
    files = pack_of(reported(study), public=True).files
    for name, made in files.items():
        if name.startswith("tables/"):
            for row in rows_of(made)[1:]:
                counts = [int(cell.split(" ")[0]) for cell in row if re.fullmatch(r"\d+( \(\d+%\))?", cell)]
                assert all(count >= 5 and count % 5 == 0 for count in counts), (name, row)


def test_public_counts_of_the_example_are_multiples_of_five() -> None:
    for name, made in example_pack(public=True).files.items():
        if name.startswith("tables/") and name != "tables/groups.csv":
            for row in rows_of(made)[1:]:
                counts = [
                    int(cell.split(" ")[0]) for cell in row[1:] if re.fullmatch(r"\d+( \(\d+%\))?", cell)
                ]
                assert all(count >= 5 and count % 5 == 0 for count in counts), (name, row)


# ---- the folder


def test_a_public_pack_takes_the_data_of_an_earlier_one_away(tmp_path: Path) -> None:
    write_pack(example_pack(public=False), tmp_path / "pack", None)
    assert (tmp_path / "pack" / "data" / "answers.csv").exists()
    write_pack(example_pack(public=True), tmp_path / "pack", None)
    there = {
        each.relative_to(tmp_path / "pack").as_posix()
        for each in (tmp_path / "pack").rglob("*")
        if each.is_file()
    }
    assert there == set(example_pack(public=True).files)
    assert not (tmp_path / "pack" / "data").exists()


def test_a_folder_with_other_files_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(WrongUse, match=r"thesis\.txt"):
        write_pack(example_pack(public=True), tmp_path, None)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_command_writes_the_pack_and_keeps_the_key_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = content.folder("checklists") / "programmes" / "example_study"
    args = ["report", "programmes/example_study/session", str(study), "-o", str(tmp_path / "report.xlsx")]
    key = str(tmp_path / "key.csv")
    assert status_of([*args, "--pack", str(tmp_path / "pack"), "--pack-key", key]) == 0
    assert "README.txt" in capsys.readouterr().err
    kept = read_key(Path(key).read_text())
    assert kept is not None
    first = (tmp_path / "pack" / "data" / "answers.csv").read_bytes()
    assert status_of([*args, "--pack", str(tmp_path / "other"), "--pack-key", key]) == 0
    assert (tmp_path / "other" / "data" / "answers.csv").read_bytes() == first
    assert all(kept.key not in text for _, text in texts_of({"x": first}))


@pytest.mark.parametrize("option", [["--public"], ["--pack-key", "key.csv"]])
def test_what_is_about_the_pack_needs_one(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(["report", "a", "b", "-o", str(tmp_path / "r.xlsx"), *option]) == 2
    assert "--pack" in capsys.readouterr().err


# ---- the page of tables


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_the_page_of_tables_is_open_to_all_and_no_wider_than_a_phone(tmp_path: Path) -> None:
    pages = [example_pack(public=public).files["tables.html"] for public in (False, True)]
    screens = [Screen(f"{wide}", page, wide) for page in pages for wide in (390, 1280)]
    for found in judged(screens, tmp_path):
        assert not found["violations"]
        assert not found["wider"]


# ---- texts stay texts


def test_texts_of_the_data_are_neither_formulas_nor_markup(tmp_path: Path) -> None:
    (tmp_path / "small.rubric").write_text(SMALL_ANSWERS)
    rows = [
        f"{number},=1+1 {number % 6},R,2026-01-{number + 1:02},{arm},done,done,"
        for number, arm in enumerate(["=1+1", "<b>x"] * 12)
    ]
    head = "observation,therapist,rater,date,arm,welcome,safety,said"
    (tmp_path / "data.csv").write_text("\n".join([head, *rows]) + "\n")
    args = ["report", str(tmp_path / "small.rubric"), str(tmp_path / "data.csv")]
    assert status_of([*args, "-o", str(tmp_path / "r.xlsx"), "--pack", str(tmp_path / "pack")]) == 0
    pack = tmp_path / "pack"
    assert '"\'=1+1"' in (pack / "tables" / "fidelity.csv").read_text()
    assert "&lt;b&gt;x" in (pack / "tables.html").read_text()
    book = load_workbook(pack / "tables.xlsx")
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
