"""One small checklist with every kind of question, and short ways to write data for it."""

from pathlib import Path

from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.observe import Reading, read

SOURCE = """
checklist visit "Home visit"
  version 1.2.0
  language en
  source "Written for the tests"
  licence "MIT"
  treat not_observed as missing
  code "99" means missing
  evidence live, audio

fact format "Format" is one of individual "One to one", group "Group"

scale delivery "How well it was done"
  answer not_done "Not done"       scores 0
  answer partly   "Partly done"    scores 1
  answer done     "Done"           scores 2 coded "Y"
  answer na       "Not applicable" means not_applicable

scale often "How often" from 1 to 5
  answer 1 "Never"
  answer 5 "Always"
scale skill "How well" from 1 to 3 by 1/2

section opening "Opening" on scale delivery
  item welcome "Welcomes the person"
  item safety  "Asks about safety"
    note "Not done if only asked in passing."
section counts "Counts"
  item asked   "Questions asked" is a count from 0 to 50
  item remarks "What stood out" is text
section talk "Talking" on scales often, skill
  item open_q "Asks open questions"

score adherence "Adherence" is percent of items in opening
score amount "Amount" is mean of items in talk on scale often
score well "Skill" is mean of items in talk on scale skill
score count_asked "Questions" is asked
"""

CHECKLIST = load(SOURCE, "visit.rubric")
HEADINGS = "observation,therapist,date,welcome,safety,asked,remarks,open_q.often,open_q.skill"
GOOD = "o1,T1,2026-03-04,done,partly,3,calm,5,2.5"


def written(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def reading_of(
    folder: Path, content: str | bytes, name: str = "data.csv", ignore: tuple[str, ...] = ()
) -> Reading:
    """What is read from a file with this content."""
    return read([written(folder, content, name)], CHECKLIST, ignore)


def table(*rows: str, headings: str = HEADINGS) -> str:
    """A CSV file with these rows."""
    return "\n".join((headings, *rows, ""))


def said(found: Reading) -> list[str]:
    """Every problem of the tables and of the records, with its code."""
    refused = (problem for each in found.observations for problem in each.refused)
    return [f"{each.code} {each.message}" for each in (*found.problems, *refused)]


def with_other_text(source: str = SOURCE) -> Checklist:
    """The same checklist, with one word changed and the same version."""
    return load(source.replace("Asks about safety", "Asks about being safe"), "visit.rubric")
