"""The reference is true: statements of the grammar, functions of the model, and examples that can be read."""

import re
from pathlib import Path

import pytest

from fidelity import content
from fidelity.language.parse import parse
from fidelity.language.statements import kinds
from fidelity.model.function import FUNCTIONS

REFERENCE = (Path(__file__).parent.parent / "rules" / "REFERENCE.md").read_text(encoding="utf-8")
STATEMENTS = (
    "Any file",
    "The head: about the whole file",
    "Blocks of a checklist",
    "Lines of an adaptation",
    "Lines of a programme",
)
# What stands around a part, so that it can be read.
AROUND = {
    "Options of an item": 'section s "S"\nitem x "X" {}',
    "What a score is": 'score x "X" is {}',
    "Options of a score": 'score x "X" is mean of items {}',
    "Lines of a level": 'result r "R"\nlevel x "X" {}',
    "Conditions": 'flag x "X" when {}',
    "Behind `given`": 'example "X"\ngiven {}\nexpect x is 1',
    "Behind `expect`": 'example "X"\nexpect {}',
    "Behind `text` in a translation": 'translation sw "S"\ntext {} "X"',
    "Functions": 'score x "X" is {}',
}
AROUND_IN_PROGRAMMES = {"Behind `needs`, `renewed by` and `lost when`": 'stage x "X"\nneeds {}'}


def lines(heading: str) -> list[str]:
    """The examples below a heading."""
    part = REFERENCE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^- `([^`]+)`  $", part, re.MULTILINE)


def parts(around: dict[str, str]) -> list[str]:
    return [source.format(line) for heading, source in around.items() for line in lines(heading)]


def test_the_statements_are_those_of_the_grammar() -> None:
    shown = [line.split()[0] for heading in STATEMENTS for line in lines(heading)]
    grammar = content.text("rules", "rubric.lark")
    rules = re.findall(r'^\w+:\s+"([a-z|]+)" .*(?:_NL|reason)', grammar, re.MULTILINE)
    [groups] = re.findall(r"^GROUP_KIND.*/\((.*)\)", grammar, re.MULTILINE)
    first_words = {*rules, *groups.split("|"), "rubric", "item"} - {"because"}
    assert len(shown) == len(set(shown))
    assert set(shown) == set(kinds()) == first_words


def test_its_examples_are_those_that_the_command_shows() -> None:
    assert sorted(line for heading in STATEMENTS for line in lines(heading)) == sorted(
        each.example for each in kinds().values()
    )


def test_the_functions_are_those_of_the_model() -> None:
    assert [line.split()[0] for line in lines("Functions")] == list(FUNCTIONS)
    assert all(each.help in REFERENCE for each in FUNCTIONS.values())


@pytest.mark.parametrize("source", parts(AROUND))
def test_every_part_of_a_line_can_be_read(source: str) -> None:
    assert parse(f'checklist c "C"\n{source}\n', "reference.rubric").id.id == "c"


@pytest.mark.parametrize("source", parts(AROUND_IN_PROGRAMMES))
def test_so_can_every_part_of_a_programme(source: str) -> None:
    assert parse(f'programme p "P"\n{source}\n', "reference.rubric").id.id == "p"


def test_every_part_is_tried() -> None:
    headings = set(re.findall(r"^## (.+)$", REFERENCE, re.MULTILINE))
    assert headings - {*STATEMENTS, *AROUND, *AROUND_IN_PROGRAMMES} == {"Kinds of non-answer", "Small parts"}
