"""A checklist without a score is reported by its lists, by its levels, and by what is to look at."""

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from fidelity.language.reading import load
from fidelity.observe import read
from fidelity.report.explanation import explained
from fidelity.report.tables.lists import flags_table, lists_table
from fidelity.report.tables.sessions import observations_table, sessions_table
from fidelity.report.workbook import workbook_bytes
from fidelity.study.reported import reported
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study

SOURCE = """checklist ready "Is the site ready?"
  version 1.0.0
  unit site
scale there "Is it there?"
  answer absent "Absent"
  answer partly "Partly"
  answer present "Present"
section rooms "Rooms" on scale there
  item quiet "There is a quiet room"
  item locked "Notes are locked away"
section people "People" on scale there
  item welcome "Staff welcome the workers"
result standing "Standing" for each section
  level begin "Begin" when any of its items is absent
  level good "Good" when no items of is absent
list gaps "Absent: decide what comes first" is items rated absent
list weak "Parts to begin with" is standing rated begin
flag lonely "Nobody welcomes the workers" when welcome is absent
""".replace("when no items of is absent", "otherwise")
ROWS = """site,date,rater,quiet,locked,welcome
North,2026-01-05,R1,absent,present,present
South,2026-01-06,R1,absent,absent,absent
"""


def study(folder: Path) -> Study:
    path = folder / "sites.csv"
    path.write_text(ROWS, encoding="utf-8")
    checklist = load(SOURCE, "ready.rubric")
    return summarise(checklist, read([path], checklist))


def test_what_is_named_most_often_comes_first_in_each_list(tmp_path: Path) -> None:
    assert lists_table(reported(study(tmp_path))).rows == (
        ("There is a quiet room", "Absent: decide what comes first", 2, 2),
        ("Notes are locked away", "Absent: decide what comes first", 1, 2),
        ("Staff welcome the workers", "Absent: decide what comes first", 1, 2),
        ("Rooms", "Parts to begin with", 2, 2),
        ("People", "Parts to begin with", 1, 2),
    )


def test_marks_are_counted(tmp_path: Path) -> None:
    assert flags_table(reported(study(tmp_path))).rows == (("Nobody welcomes the workers", 1, 2),)


def test_each_session_has_its_site_its_levels_how_much_each_list_names_and_what_to_look_at(
    tmp_path: Path,
) -> None:
    assert [row[1:] for row in sessions_table(reported(study(tmp_path))).rows] == [
        ("North", "Begin", "Good", 1, 1, None),
        ("South", "Begin", "Begin", 3, 2, "Nobody welcomes the workers"),
    ]


def test_the_sheet_of_sessions_has_a_column_a_list(tmp_path: Path) -> None:
    table = observations_table(reported(study(tmp_path)))
    titles = [each.title for each in table.columns]
    at = titles.index("Absent: decide what comes first")
    assert titles[at + 1] == "Parts to begin with"
    assert [row[at : at + 2] for row in table.rows] == [
        ("quiet", "rooms"),
        ("quiet, locked, welcome", "rooms, people"),
    ]


def test_the_workbook_says_that_there_is_no_score_and_shows_the_lists(tmp_path: Path) -> None:
    workbook = load_workbook(BytesIO(workbook_bytes(reported(study(tmp_path)))))
    assert "Drift" not in workbook.sheetnames
    texts = [str(cell.value) for row in workbook["Summary"].iter_rows() for cell in row if cell.value]
    assert texts[2].startswith("This checklist gives no score.")
    assert "What the lists name, and in how many observations" in texts
    assert "Scores" not in texts


def test_the_explanation_of_an_observation_names_what_its_lists_name(tmp_path: Path) -> None:
    found = study(tmp_path)
    (_, south) = found.scored
    assert south.scored is not None
    text = explained(found.checklist, south.observation, south.scored)
    assert text.endswith(
        "  To look at: Nobody welcomes the workers.\n\n"
        "Absent: decide what comes first:\n"
        "  There is a quiet room\n  Notes are locked away\n  Staff welcome the workers\n\n"
        "Parts to begin with:\n  Rooms\n  People\n\n"
        "Nothing was left blank, and every item applied."
    )
