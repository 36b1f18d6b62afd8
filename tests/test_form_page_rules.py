"""The form's own evaluator, in a real browser, says the same as the evaluator of rows."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pytest
from form_in_browser import CHROMIUM, browser, evaluating, told_by_browser, told_by_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from strategies import random_records, whole_checklists
from test_cases import cases, record_of

import fidelity
from fidelity.evaluate.evaluator import compile
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.number import RoundingMode, read_number, rounded, shown, trimmed, written

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs a browser")

CHECKLISTS, RECORDS = 40, 15  # 600 cases in each run
SHIPPED = Path(__file__).parent.parent / "checklists"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as made, evaluating(made) as page:
        yield page


@settings(max_examples=CHECKLISTS, deadline=None)
@given(whole_checklists(), st.integers(0, 2**32))
def test_browser_and_rows_agree(page: Page, checklist: Checklist, seed: int) -> None:
    records = random_records(checklist, Random(seed), RECORDS)  # noqa: S311 - chance is all that is wanted
    assert told_by_browser(page, checklist, records) == told_by_rows(compile(checklist), records)


@pytest.mark.parametrize(
    "file",
    sorted(SHIPPED.rglob("*.rubric")),
    ids=lambda each: each.relative_to(SHIPPED).with_suffix("").as_posix(),
)
def test_they_agree_on_the_shipped_checklists(page: Page, file: Path) -> None:
    checklist = fidelity.load(file)
    if isinstance(checklist, Checklist) and checklist.questions:
        records = random_records(checklist, Random(7), 25)  # noqa: S311 - the same ones each time
        assert told_by_browser(page, checklist, records) == told_by_rows(compile(checklist), records)


def test_they_agree_on_every_case_of_the_specification(page: Page) -> None:
    tried = 0
    for source, case in (each.values for each in cases()):
        if "answers" in case:
            checklist = load(source, "case.rubric")
            records = [record_of(case)]
            assert told_by_browser(page, checklist, records) == told_by_rows(compile(checklist), records), (
                case
            )
            tried += 1
    assert tried > 50


MODES: tuple[RoundingMode, ...] = ("half_away", "half_even", "down", "up")


def test_numbers_are_rounded_and_shown_as_on_paper(page: Page) -> None:
    numbers = [Fraction(top, bottom) for top, bottom in product(range(-23, 24), (1, 2, 3, 4, 8, 40, 1000))]
    asked = [(each, places, mode) for each in numbers for places in (0, 1, 2) for mode in MODES]
    told = page.evaluate(
        """(asked) => asked.map(([text, places, mode]) => {
        const number = fractionOf(text);
        return [exactly(rounded(number, places, mode)), shownAs(number, places), trimmed(number, places),
          written(number)]; })""",
        [[str(number), places, mode] for number, places, mode in asked],
    )
    assert told == [
        [
            str(rounded(number, places, mode)),
            shown(number, places),
            trimmed(number, places),
            written(number),
        ]
        for number, places, mode in asked
    ]


TYPED = (
    *(
        "1",
        " 2 ",
        "2.5",
        "2,5",
        "1,000",
        "-3",
        "−3",
        "1/3",
        "1/0",
        "-1/4",
        "3.",
        ".5",
        "",
        " ",
        "-",
        "1e3",
        "+1",
    ),
    *(
        "٣",
        "٣٫٥",
        "۲",
        "१२",
        "๓",
        "𝟗",
        "𝟘𝟙",
        "꘠",
        "２．５",
        "Ⅳ",
        "²",
        "½",
        "1234567890",
        "1.1234567",
        "0x1",
        "1 2",
    ),
)


def test_numbers_are_read_as_people_write_them(page: Page) -> None:
    asked = [(text, comma) for text in TYPED for comma in (False, True)]
    told = page.evaluate(
        "(asked) => asked.map(([text, comma]) => { const found = readNumber(text, comma);"
        " return found && exactly(found); })",
        [list(each) for each in asked],
    )
    read = [read_number(text, "de" if comma else "en") for text, comma in asked]
    assert told == [None if each is None else str(each) for each in read]
