"""The sheets beside Summary and therapists: what each says, when it is left out, how numbers are followed."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from conftest import Run
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet
from report_sample import SMALL, example_programme, example_study, small_study

from fidelity.evaluate.evaluator import compile as compiled
from fidelity.language.reading import load as load_text
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import Estimate, Provenance, SampleAchieved, SampledCount, Sampling
from fidelity.report.drift_words import drift_notes
from fidelity.report.look import shipped_look
from fidelity.report.reported import Beside, ReportedStudy, study_of
from fidelity.report.sheets.chosen import chosen_sheets
from fidelity.report.sheets.sheet import NO_BREAK, WIDEST_WORD
from fidelity.report.tables import agreement as agreement_tables
from fidelity.report.tables.agreement import agreement_word
from fidelity.report.tables.audit import MeanSd, Number, PartOf, Within, shown_figure
from fidelity.report.tables.items import items_analysis_table
from fidelity.report.tables.sampling import reasons_table, sampled_table, sampling_lead, sampling_notes
from fidelity.report.tables.table import Table, shown_text
from fidelity.report.words import words_for
from fidelity.report.workbook import therapist_workbooks, workbook_bytes
from fidelity.study.loading import load
from fidelity.study.reported import reported
from fidelity.study.whole import Study
from fidelity.summaries import agreement as coefficients
from fidelity.summaries import summarise as summarise_scored
from fidelity.text_size import narrowest

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")  # openpyxl reads none

FIRST_DAY = date(2026, 1, 5)
WORDS = words_for(load_text(SMALL, "small.rubric"))


@cache
def programme_workbook() -> Workbook:
    return load_workbook(BytesIO(workbook_bytes(reported(example_programme()))))


def sheet_texts(name: str) -> str:
    return " ".join(
        str(cell.value) for row in programme_workbook()[name] for cell in row if cell.value is not None
    )


def told(made: Table) -> list[list[str]]:
    """The rows of a table as people read them."""
    return [
        [shown_text(value, column) for column, value in zip(made.columns, row, strict=True)]
        for row in made.rows
    ]


def rows_of(sheet: Worksheet, name: str) -> list[dict[str, object]]:
    """The rows of a table of a sheet, by heading."""
    heading, *rows = [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref]]
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def led_to(cell: Cell | MergedCell) -> str:
    """Where a cell leads to."""
    return str(cell.hyperlink.location) if isinstance(cell, Cell) and cell.hyperlink else ""


def rated(source: str, rows: Sequence[Mapping[str, object]]) -> Study:
    """A study of records that say who, by whom and what; every item of a record is rated the same."""
    checklist = load_text(source, "small.rubric")
    scored = tuple(_scored(checklist, number, row) for number, row in enumerate(rows))
    origin = Provenance(
        data_sha256="5eed" * 16, files=(), observations=len(rows), sessions=len(rows), refused=0, software="-"
    )
    return Study(checklist, scored, summarise_scored(checklist, scored, origin))


def _scored(checklist: Checklist, number: int, row: Mapping[str, object]) -> ScoredObservation[Observation]:
    known = {key: value for key, value in row.items() if key != "rating"}
    answers = {each.key: str(row["rating"]) for each in checklist.questions}
    made = Observation.model_validate({"observation": f"O{number}", "answers": answers, **known})
    return ScoredObservation(made, compiled(checklist).score(made))


def twice(pairs: Sequence[tuple[int, int]]) -> Study:
    """Sessions that the raters Ana and Ben rated both."""
    rows = [
        {"session": f"S{at}", "therapist": "T", "rater": rater, "rating": rating, "date": _day(at)}
        for at, pair in enumerate(pairs)
        for rater, rating in zip(("Ana", "Ben"), pair, strict=True)
    ]
    return rated(SMALL, rows)


def _day(at: int) -> date:
    return FIRST_DAY + timedelta(weeks=at)


# ---- which sheets there are


def test_the_sheets_of_a_programme_stand_from_supervisor_to_auditor() -> None:
    assert programme_workbook().sheetnames[13:] == [
        *("Drift", "Reliability", "Item analysis", "Levels", "Stages", "Doses", "Trial table"),
        *("Sessions", "Method and provenance", "Items"),
    ]


def test_a_sheet_that_has_nothing_to_say_is_not_there() -> None:
    """One rater, no programme, no arms, no adaptation, nothing refused."""
    made = load_workbook(BytesIO(workbook_bytes(reported(small_study({"A": [4, 5, 4]})))))
    assert made.sheetnames == [
        *("Summary", "A", "Drift", "Item analysis", "Levels", "Trial table"),
        *("Sessions", "Method and provenance", "Items"),
    ]


def test_the_summary_says_where_to_read_on() -> None:
    workbook = programme_workbook()
    links = {str(cell.value): led_to(cell) for row in workbook["Summary"].iter_rows() for cell in row}
    for name in workbook.sheetnames[13:]:
        assert links[name] == f"'{name}'!A1"


# ---- every number can be followed


def test_a_session_leads_to_its_row_and_that_rows_columns_to_item_and_rule() -> None:
    workbook = programme_workbook()
    sheet, sessions = workbook["PMG-03"], workbook["Sessions"]
    [course] = [name for name in sheet.tables if name.startswith("Course_")]
    cell = sheet[sheet.tables[course].ref][1][0]
    row = int(led_to(cell).removeprefix("'Sessions'!A"))
    assert [each.value for each in sessions[row]][1:3] == [cell.value, "PMG-03"]
    assert led_to(sessions.cell(row, 3)) == "'PMG-03'!A1"
    headings = {str(each.value): led_to(above) for above, each in zip(sessions[3], sessions[4], strict=True)}
    assert {each.value for each in sessions[3] if each.value} == {"Item", "Rule"}
    item = headings["sa_safety"].removeprefix("'Items'!")
    assert workbook["Items"][item].value == "sa_safety"
    rule = headings["Adherence, exact"].removeprefix("'Method and provenance'!A")
    said = [each.value for each in workbook["Method and provenance"][int(rule)]]
    assert said[1:] == [
        "Adherence",
        "Percent of all 16 items; needs at least 75% of its answers. (line 64 of the checklist)",
    ]


# ---- Reliability


def test_rated_twice_is_one_number_and_what_has_a_score_from_both_is_called_compared() -> None:
    assert "27 of 134 sessions (20%) were rated by two observers" in sheet_texts("Reliability")
    assert "Sessions compared ICC(2,1)" in re.sub(r" Limit.*", "", sheet_texts("Reliability"))
    assert "rated twice" in sheet_texts("Summary")
    assert " 27 " in sheet_texts("Summary")
    assert "26 sessions compared" in sheet_texts("Trial table")


def test_the_fewest_sessions_are_those_of_the_statistics() -> None:
    assert agreement_tables.FEWEST == coefficients.FEWEST
    assert agreement_tables.FEWEST_FOR_A_WORD == coefficients.FEWEST_FOR_A_WORD


@pytest.mark.parametrize(
    ("sessions", "low", "high", "word"),
    [
        (9, 0.9, 0.99, "– Too few to estimate"),
        (29, 0.9, 0.99, "– Too few for a word"),
        (30, 0.90, 0.99, "● At least excellent"),
        (30, 0.89, 0.99, "● At least good"),
        (30, 0.74, 0.99, "◊ At least moderate"),
        (30, 0.49, 0.99, "◊ Not yet certain"),
        (30, 0.10, 0.49, "○ Depends on who rates"),
    ],
)
def test_the_word_goes_by_the_lower_limit_and_needs_thirty_sessions(
    sessions: int, low: float, high: float, word: str
) -> None:
    assert agreement_word(WORDS, sessions, Estimate(value=0.95, low=low, high=high)).text == word


def test_too_few_sessions_rated_twice_are_said_and_no_coefficient_is_shown() -> None:
    made = load_workbook(BytesIO(workbook_bytes(reported(twice([(4, 3), (5, 4), (2, 2)])))))["Reliability"]
    assert str(made["A3"].value).startswith(
        "3 of 3 sessions (100%) were rated by two observers: too few to estimate agreement, 10 are the least."
    )
    [row] = rows_of(made, "Agreement_scores")
    assert (row["In words"], row["ICC(2,1)"], row["Ana minus Ben"]) == ("– Too few to estimate", "–", 0.667)


# Bland and Altman 1986, Lancet 327, 307-310: peak flow by two meters, the first readings, in l/min.
WRIGHT = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
MINI = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)
METER = """
checklist meter "Peak flow"
scale flow "Litres a minute" from 0 to 1000
section meters "Meters" on scale flow
  item reading "Reading"
score peak "Peak flow" is sum of items
"""


def test_the_range_of_differences_is_that_of_bland_and_altman() -> None:
    """They found a mean difference of -2.1 with a standard deviation of 38.8."""
    rows = [
        {"session": f"S{at:02}", "therapist": "T", "rater": rater, "rating": rating, "date": _day(at)}
        for at, pair in enumerate(zip(WRIGHT, MINI, strict=True))
        for rater, rating in zip(("large", "mini"), pair, strict=True)
    ]
    found = reported(rated(METER, rows)).beside.agreement
    assert found is not None
    [peak] = found.differences
    assert (peak.first, peak.second) == ("large", "mini")
    assert peak.mean == pytest.approx(-2.1, abs=0.05)
    assert (peak.low, peak.high) == pytest.approx((-2.1 - 1.96 * 38.8, -2.1 + 1.96 * 38.8), abs=0.15)


def test_where_the_pairs_of_raters_change_the_range_lies_about_zero() -> None:
    rows = [
        {"session": f"S{at}", "therapist": "T", "rater": rater, "rating": rating, "date": _day(at)}
        for at, raters in enumerate((("A", "B"), ("B", "C"), ("A", "C")))
        for rater, rating in zip(raters, (4, 3), strict=True)
    ]
    found = reported(rated(SMALL, rows)).beside.agreement
    assert found is not None
    first = found.differences[0]
    assert (first.first, first.mean) == ("", None)
    assert (first.low, first.high) == pytest.approx((-1.96, 1.96))


# ---- Items and levels


def test_items_stand_by_how_often_they_are_missed_and_a_correlation_needs_thirty_sessions() -> None:
    study = reported(example_study())
    made = items_analysis_table(study)
    first = dict(zip((column.title for column in made.columns), told(made)[0], strict=True))
    assert first == {
        "Item": "Explains why today's strategy can help",
        "Part of the checklist": "PM+ strategies",
        "Rated": "158",
        "Missed": "30",
        "Missed %": "19",
        "Shown %": "56",
        "Blank": "3",
        "Did not apply": "0",
        "Rest corre-lation": "0.61",
        "Over sessions": "132",
    }
    few = items_analysis_table(reported(small_study({"A": [1, 2, 3, 4]})))
    assert "rest" not in [column.key for column in few.columns]


def test_levels_are_shares_of_sessions_result_by_result() -> None:
    [first, *_] = rows_of(programme_workbook()["Levels"], "Levels_all_1")
    assert first["Result"] == "Session fidelity"
    assert [round(float(str(first[key]))) for key in ("Low %", "Acceptable %", "High %")] == [11, 26, 63]
    assert first["n"] == 134
    people = rows_of(programme_workbook()["Levels"], "Levels_people_1")
    assert sum(int(str(row["n"])) for row in people) == 134


# ---- Trial table


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Number(7), "7"),
        (PartOf(40, 62), "40 (65%)"),
        (PartOf(0, 0), "0"),
        (MeanSd(78.68, 16.06, 62), "78.7 (16.1)"),
        (MeanSd(78.68, None, 1), "78.7"),
        (Within(0.928, 0.742, 0.973, 26, 2), "0.93 (0.74 to 0.97)"),
        (Within(81.24, None, None, 1), "81.2"),
        (None, None),
    ],
)
def test_a_figure_is_shown_as_a_paper_prints_it(figure: object, shown: str | None) -> None:
    assert shown_figure(WORDS, figure) == shown  # type: ignore[arg-type]


def test_the_trial_table_has_arms_in_columns_and_names_the_statistic() -> None:
    sheet = programme_workbook()["Trial table"]
    rows = {row["Measure"]: row for row in rows_of(sheet, "Trial_table")}
    assert rows["Sessions delivered, n"]["All"] == "330"
    assert rows["Sessions at the standard, n (%)"] == {
        "Topic": "As seen (TIDieR 12)",
        "Measure": "Sessions at the standard, n (%)",
        "group": "40 (65%)",
        "individual": "61 (85%)",
        "All": "101 (75%)",
    }
    assert rows["Adherence %, mean (SD), each session once"]["group"] == "78.7 (16.1)"
    texts = [str(row[0].value) for row in sheet.iter_rows()]
    assert any(text.startswith("What this file cannot know: how the observed") for text in texts)
    ways = [(row["What counts"], row["Rounded %"]) for row in rows_of(sheet, "Counting_table")]
    assert ways[0] == ("Full answers only", 71)


def test_totals_that_somebody_wrote_stand_beside_ours() -> None:
    rows = [
        {"therapist": "T", "rating": 4, "date": _day(at), "reported": {"quality": written}}
        for at, written in enumerate(("4", "3.5"))
    ]
    sheet = load_workbook(BytesIO(workbook_bytes(reported(rated(SMALL, rows)))))["Trial table"]
    [wrong] = rows_of(sheet, "Cross_foot_table")
    assert (wrong["Observation"], wrong["Written"], wrong["Ours"]) == ("O1", "3.5", "4")


# ---- Sampling


COUNTED = SampledCount(
    therapist="T1",
    eligible=30,
    selected=10,
    observed=6,
    replaced=2,
    refused=1,
    open=1,
    replacements=2,
    not_selected=0,
    for_cause=0,
    reasons={"cancelled": 2, "no_consent": 1},
    double_planned=2,
    double_scored=1,
    double_besides=0,
    lost=0.3,
    warning=True,
)
SAMPLE = SampleAchieved(
    sample="observed",
    title="Sessions to observe",
    checklist="small",
    seed=7,
    spread=("modality",),
    therapists=(COUNTED,),
    total=COUNTED.model_copy(update={"therapist": ""}),
    out_of_order=("S9",),
    not_listed=(),
)


def test_a_sample_is_told_as_planned_and_achieved_with_reasons_and_a_warning() -> None:
    plain = reported(small_study({"T1": [4, 4, 5]}))
    study = study_of(
        plain.checklist, plain.scored, plain.summary, Beside(sampling=Sampling(samples=(SAMPLE,)))
    )
    made = sampled_table(study, SAMPLE)
    row = dict(zip((column.title for column in made.columns), told(made)[0], strict=True))
    assert (row["Sample"], row["Selected"], row["Observed"], row["Lost %"]) == (
        *("♦ More than 20% lost", "10", "6", "30"),
    )
    assert told(reasons_table(study, SAMPLE)) == [["Cancelled", "T1 2", "2"], ["No consent", "T1 1", "1"]]
    assert "80% of the plan" in sampling_lead(study, SAMPLE)
    assert [note.split(":", maxsplit=1)[0] for note in sampling_notes(study, SAMPLE)][1] == (
        "Replacements that were not next in line"
    )


# ---- Adaptations and problems


def test_an_adapted_checklist_has_its_changes_by_the_fields_of_frame() -> None:
    adapted = load("upsides/adaptations/day_centre")
    assert isinstance(adapted, Checklist)
    given = {"therapist": "T", "date": FIRST_DAY, "observation": "O1", "answers": {}}
    made = Observation.model_validate(given)
    scored = (ScoredObservation(made, compiled(adapted).score(made)),)
    origin = Provenance(data_sha256="5eed", files=(), observations=1, sessions=1, refused=0, software="-")
    study = Study(adapted, scored, summarise_scored(adapted, scored, origin))
    rows = rows_of(load_workbook(BytesIO(workbook_bytes(reported(study))))["Adaptations"], "Frame_table")
    assert rows[0] == {
        "What changed": "principle reciprocal",
        "Change": "renamed",
        "Nature": "tailoring",
        "Before": "Reciprocal",
        "After": "Give and take",
        "Why": "Reciprocal has no everyday word here.",
        "Planned": "planned",
        "Fidelity": "consistent",
        "Deviation": "–",
    }


def test_what_was_refused_or_kept_apart_is_listed_with_its_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.rubric").write_text(SMALL)
    (tmp_path / "data.csv").write_text(
        "observation,therapist,date,selection,welcome,safety,plan,homework\n"
        "A,T,2026-01-05,,4,4,4,4\nB,T,2026-01-12,,9,4,4,4\nC,T,2026-01-19,for_cause,4,4,4,4\n"
    )
    assert run("report", "small.rubric", "data.csv", "-o", "r.xlsx", "--keep-good").status == 0
    rows = rows_of(load_workbook(tmp_path / "r.xlsx")["Problems"], "Problems_table")
    assert [(row["Kind"], row["Code"], row["Observation"], row["Where"]) for row in rows] == [
        ("Refused: not scored", "RB504", "B", "data.csv, row 3"),
        (
            "Kept out of the averages: observed because somebody was worried",
            *("–", "C", "data.csv, row 4"),
        ),
    ]


# ---- large programmes


@cache
def many(number: int) -> ReportedStudy:
    """So many steady helpers, and one who is below the standard."""
    ratings = {f"H{at:03}": [4, 5, 4, 5, 4, 5] for at in range(number - 1)}
    return reported(small_study({**ratings, "low": [1, 2, 1, 2, 1, 2]}))


def test_above_sixty_people_only_those_who_need_attention_have_a_sheet_here() -> None:
    assert len(chosen_sheets(many(60)).inside) == 60
    chosen = chosen_sheets(many(61))
    assert [person.therapist for person, _ in chosen.inside] == ["low"]
    assert len(chosen.apart) == 60
    assert chosen_sheets(many(61), "none").apart == ()
    assert len(chosen_sheets(many(61), "all").inside) == 61


def test_the_others_have_small_workbooks_and_the_bars_of_the_summary_read_another_sheet() -> None:
    study = many(4)
    told_so_far: list[tuple[int, int]] = []
    made = workbook_bytes(study, "attention", lambda *at: told_so_far.append(at))
    book = load_workbook(BytesIO(made))
    assert told_so_far == [(1, 1)]
    assert book.sheetnames[:3] == ["Summary", "low", "Scores"]
    assert rows_of(book["Scores"], "Courses_table")[1]["6"] == 5
    files = dict(therapist_workbooks(study, "attention"))
    assert list(files) == ["H000.xlsx", "H001.xlsx", "H002.xlsx"]
    assert load_workbook(BytesIO(files["H000.xlsx"])).sheetnames == ["H000"]
    assert dict(therapist_workbooks(study, "attention")) == files


def test_the_command_writes_the_small_workbooks_beside_the_large_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.rubric").write_text(SMALL)
    rows = [f"{name},2026-01-{day:02},4,4,4,4" for name in ("A", "B") for day in (5, 12)]
    data = "\n".join(["therapist,date,welcome,safety,plan,homework", *rows, ""])
    (tmp_path / "data.csv").write_text(data)
    assert run("report", "small.rubric", "data.csv", "-o", "r.xlsx", "--sheets", "none").status == 0
    assert not (tmp_path / "r_therapists").exists()
    assert "A" not in load_workbook(tmp_path / "r.xlsx").sheetnames
    ran = run("report", "small.rubric", "data.csv", "-o", "r.xlsx", "--sheets", "attention")
    assert "2 small workbooks" in ran.err
    there = sorted(path.name for path in (tmp_path / "r_therapists").iterdir())
    assert there == ["A.xlsx", "B.xlsx", "files.json"]


# ---- on paper


def test_the_heading_of_the_drift_table_is_repeated_only_where_the_table_runs_on() -> None:
    assert programme_workbook()["Drift"].print_title_rows is None
    many = small_study({f"H{number:02}": [4, 3, 4, 5, 4, 4] for number in range(25)})
    assert load_workbook(BytesIO(workbook_bytes(reported(many))))["Drift"].print_title_rows == "$4:$4"


def test_the_cells_below_a_text_across_columns_look_like_the_first() -> None:
    content = workbook_bytes(reported(example_programme()))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    style = dict(re.findall(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', sheet))
    merged = re.findall(r'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)[0-9]+"', sheet)
    assert len(merged) > 10
    for first, row, last in merged:
        assert len({style[f"{letter}{row}"] for letter in "ABCDEFGH" if first <= letter <= last}) == 1


def test_no_word_of_a_heading_is_broken() -> None:
    look = shipped_look()
    for sheet in programme_workbook():
        for table in sheet.tables.values():
            for cell in sheet[table.ref][0]:
                wanted = narrowest(str(cell.value), look.size(cell.style), bold=look.bold(cell.style))
                wide = sheet.column_dimensions[cell.column_letter].width
                assert wide >= min(wanted - 0.01, WIDEST_WORD), (sheet.title, cell.value)


def test_a_name_that_leads_somewhere_has_room_on_one_line() -> None:
    name = "A very long name of a helper: one"
    workbook = load_workbook(BytesIO(workbook_bytes(reported(small_study({name: [4] * 6, "B": [4] * 6})))))
    look = shipped_look()
    for tab, column in (("Summary", "A"), ("Drift", "A"), ("Levels", "A"), ("Sessions", "B")):
        cell = next(each for each in workbook[tab][column] if each.value == name)
        wanted = narrowest(name.replace(" ", NO_BREAK), look.size(cell.style), bold=look.bold(cell.style))
        assert workbook[tab].column_dimensions[column].width >= round(wanted, 2), tab


def test_numbers_of_a_data_sheet_are_as_small_as_its_texts() -> None:
    sheet, look = programme_workbook()["Doses"], shipped_look()
    row = next(each for each in sheet.iter_rows() if isinstance(each[4].value, int))
    assert {look.size(cell.style) for cell in row if not isinstance(cell.value, str) or cell.column < 3} == {
        9.5
    }


@pytest.mark.parametrize(("note", "heading"), [("", "missed_only"), ('    note "Try it."\n', "missed")])
def test_what_to_try_is_promised_only_where_there_is_something(note: str, heading: str) -> None:
    source = SMALL.replace('    note "=1+1 is no greeting"\n', note)
    workbook = load_workbook(BytesIO(workbook_bytes(reported(small_study({"A": [1] * 6}, source)))))
    headings = {cell.value for cell in workbook["A"]["A"]}
    words = shipped_look().sheets["therapist"]
    assert {words["missed"], words["missed_only"]} & headings == {words[heading]}
    (held_back,) = rows_of(workbook["A"], "Limits_1")  # by a step without a note, so only the rule is named
    assert held_back["Rule"] == "Safety was not asked about"


def test_an_item_that_counts_the_other_way_round_says_so_wherever_it_is_listed() -> None:
    source = SMALL.replace('item plan     "Agrees a plan"', 'item plan     "Hurries" reversed')
    workbook = load_workbook(BytesIO(workbook_bytes(reported(small_study({"A": [1, 5, 5] * 4}, source)))))
    said = "Hurries (less is better)"
    for tab in ("A", "Item analysis"):
        assert said in {cell.value for cell in workbook[tab]["A"]}, tab
    items = rows_of(workbook["Items"], "Items_table")
    assert [str(row["Scale"]).endswith(" (less is better)") for row in items] == [False, False, True, False]


def test_a_therapist_whom_two_raters_rated_each_time_is_named_once() -> None:
    (told,) = [text for text in drift_notes(reported(twice([(4, 3)] * 8))).values() if "70%" in text]
    assert "sessions of 1 helpers (T)" in told


def test_a_chart_is_lower_where_that_keeps_its_table_on_the_same_page() -> None:
    sheet = programme_workbook()["Item analysis"]
    breaks = [each.id for each in sheet.row_breaks.brk]
    (answers,) = [name for name in sheet.tables if name.startswith("Answers")]
    first, last = (int(re.sub("[A-Z]", "", end)) for end in sheet.tables[answers].ref.split(":"))
    assert last - first == 16
    assert [each for each in breaks if first <= each < last] == []
    assert 10 < first - max(breaks) < 20  # rows of the chart between the top of the page and the table
