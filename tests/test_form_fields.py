"""A form asks what fits its unit and its raters, and prints all that is said about its questions."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fidelity.form.workbook import scoring_form
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.form import HEAD, META_SHEET, fields
from fidelity.observe import read
from fidelity.observe.filled_form import read_forms

SOURCE = """checklist demo "Demo"
  version 1.0.0
{head}
fact visits "Visits so far" is a count from 0 to 20 in "visits"
  note "Those of this month only."
scale there "Is it there?"
  note "Look, do not only ask."
  anchor present "You have seen it yourself"
  answer absent "Absent" {nought}
  answer present "Present" {one}
section rooms "Rooms" on scale there
  item quiet "There is a quiet room"
section papers "Papers" on scale there
  item locked "Notes are locked away"
  item size "Size of the room" is a number from 0 to 90 in "square metres"
"""


def demo(head: str, rules: str = "score ready is percent of items on scale there\n") -> Checklist:
    points = (
        {"nought": "scores 0", "one": "scores 1"} if rules.startswith("score") else {"nought": "", "one": ""}
    )
    return load(SOURCE.format(head=head, **points) + rules, "demo.rubric")


def shown(checklist: Checklist) -> list[str]:
    """Every text on the page, from left to right and from top to bottom."""
    page = load_workbook(BytesIO(scoring_form(checklist))).worksheets[0]
    return [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ("", "therapist client session date rater rater_role evidence minutes fact.visits"),
        ("  unit therapist", "therapist date rater rater_role evidence fact.visits"),
        ("  unit therapist\n  raters self", "therapist date rater_role evidence fact.visits"),
        ("  unit site", "site date rater rater_role evidence fact.visits"),
        ("  unit report", "session date rater rater_role evidence fact.visits"),
        (
            "  unit therapist\n  time observed at least 10 minutes",
            "therapist date rater rater_role evidence minutes fact.visits",
        ),
    ],
)
def test_a_form_asks_only_what_fits(head: str, asked: str) -> None:
    assert [each.key for each in fields(demo(head), "en")] == asked.split()


def test_a_form_without_a_score_speaks_of_answers() -> None:
    texts = shown(demo("  unit site", 'list gaps "Gaps" is items on scale there rated absent\n'))
    assert "Form" in texts
    assert "Answer" in texts
    assert "items to answer" in texts
    assert "Save this file.\nSend it to your coordinator." in texts
    assert "What is there already, and one thing to do next" in texts
    assert not [each for each in texts if "score" in each.casefold()]


def test_a_form_with_a_score_says_so() -> None:
    texts = shown(demo(""))
    assert "Session score form" in texts
    assert "Score" in texts
    assert "Save this file.\nSend it to your coordinator." in texts


def test_what_people_say_about_themselves_is_not_sent_by_itself() -> None:
    texts = shown(demo("  unit therapist\n  raters self"))
    assert "Save this file.\nBring it to supervision, or send it where you have agreed to." in texts
    assert "Self" in texts  # the only one who rates need not be chosen


def test_notes_and_units_of_facts_and_what_a_scale_says_are_printed_once() -> None:
    texts = shown(demo(""))
    assert "Visits so far (visits)\nThose of this month only." in texts
    assert "Size of the room (square metres)" in texts
    assert texts.count("Look, do not only ask.\nPresent: You have seen it yourself") == 1


def test_a_form_about_a_site_comes_back_under_the_name_of_the_site(tmp_path: Path) -> None:
    checklist = demo("  unit site")
    workbook = load_workbook(BytesIO(scoring_form(checklist)))
    lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
    cells = {str(line[0]): str(line[1]) for line in lines}
    page = workbook.worksheets[0]
    filled = {"site": "North", "date": date(2026, 3, 4), "rater": "R1", "quiet": "Present", "fact.visits": 3}
    for key, value in filled.items():
        page[cells[key]].value = value
    workbook.save(tmp_path / "form.xlsx")
    (found,) = read_forms([tmp_path / "form.xlsx"], checklist).observations
    assert (found.site, found.therapist, found.observation) == ("North", "North", "North-2026-03-04-R1")
    assert (found.answers, found.facts) == ({"quiet": "present"}, {"visits": "3"})


def test_a_table_about_sites_needs_no_column_of_therapists(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("site,date,quiet,locked,size\nNorth,2026-03-04,present,absent,12\n", encoding="utf-8")
    reading = read([path], demo("  unit site"))
    assert reading.problems == ()
    assert [each.therapist for each in reading.observations] == ["North"]


def test_a_table_about_sites_without_sites_says_which_column_is_absent(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("date,quiet,locked,size\n2026-03-04,present,absent,12\n", encoding="utf-8")
    (problem,) = [each for each in read([path], demo("  unit site")).problems if each.code == "RB501"]
    assert problem.facts["absent"] == "site"
