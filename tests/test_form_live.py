"""The formulas of a form say what the evaluator says: on any checklist and answers, through LibreOffice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from form_sample import SOFFICE, listed, shipped, shipped_names, through_libreoffice
from hypothesis import HealthCheck, Phase, given, settings
from openpyxl import Workbook, load_workbook
from strategies import random_records, whole_checklists

from fidelity.errors import ProblemsFound
from fidelity.evaluate.evaluator import compile
from fidelity.form.live.known import Known
from fidelity.form.live.outcomes import worked_out
from fidelity.form.live.working import NoFormula, Working
from fidelity.form.workbook import scoring_form
from fidelity.language.reading import load
from fidelity.model.checklist import Checklist
from fidelity.model.form import LIVE_SHEET
from fidelity.model.score import Scored
from fidelity.spreadsheet import put

GENERATED, RECORDS = 20, 2
GAPS = 0.03
GATES = {"passes": 0, "undecided": 1, "fails": 2}
Record = Mapping[str, str]


class Case(NamedTuple):
    """A record on a sheet of its own, and where the formulas behind it have put what they say."""

    checklist: Checklist
    record: Record
    sheet: str
    known: Known


def case(workbook: Workbook, checklist: Checklist, record: Record) -> Case:
    number = len(workbook.worksheets)
    page, working = workbook.create_sheet(f"page {number}"), workbook.create_sheet(f"w{number}")
    cells = {}
    for row, name in enumerate(columns(checklist), 1):
        put(page.cell(row, 1), typed(record.get(name, "")))
        cells[name] = f"'{page.title}'!$A${row}"
    known = worked_out(Working(working), checklist, cells, lambda key: listed(checklist, key))
    return Case(checklist, record, working.title, known)


def columns(checklist: Checklist) -> Sequence[str]:
    return [*checklist.question, *(f"fact.{each.id}" for each in checklist.facts)]


def typed(text: str) -> str | float | None:
    """What a spreadsheet program makes of a text that somebody types."""
    try:
        number = float(text)
    except ValueError:
        return text or None
    return number if f"{number:g}" == text else text


def read_back(workbook: Workbook, folder: Path) -> Any:
    """The workbook as LibreOffice worked it out."""
    workbook.remove(workbook.worksheets[0])
    file = folder / "cases.xlsx"
    workbook.save(file)
    (folder / "saved").mkdir()
    through_libreoffice([file], folder / "saved")
    return load_workbook(folder / "saved" / "cases.xlsx", data_only=True, read_only=True)


def differences(found: Any, one: Case) -> Iterator[str]:
    """Where formulas and evaluator differ; only formulas may say that they cannot read an answer."""
    values = dict(enumerate(found[one.sheet].iter_rows(min_col=2, max_col=2, values_only=True), 1))

    def value(cell: str | int) -> int:
        text = str(cell)
        return int(values[int(text.rpartition("$")[2])][0]) if "$" in text else int(text)

    known, record = one.known, one.record
    asked = [*known.asked.values(), *known.facts.values()]
    readable = all(value(each.readable) for each in asked)
    scored = evaluated(one.checklist, record)
    if scored is None or not readable:
        if readable:
            yield f"{one.checklist.id}: read what the evaluator refuses, {record}"
        return
    for key, each in known.scores.items():
        exact = Fraction(value(each.top), value(each.bottom)) if value(each.known) else None
        if exact != scored.scores[key].exact:
            yield f"{one.checklist.id}: score {key} {exact}, not {scored.scores[key].exact}, {record}"
    for key, gate in known.gates.items():
        if value(gate) != GATES[scored.gates[key]]:
            yield f"{one.checklist.id}: gate {key}, {record}"
    for key, result in known.results.items():
        levels = one.checklist.result[key].levels
        possible = [each.id for each, cell in zip(levels, result.levels, strict=True) if value(cell)]
        level = possible[0] if value(result.decided) else None
        expected = scored.results[key]
        if (tuple(possible), level) != (expected.possible, expected.level):
            yield f"{one.checklist.id}: {key} {possible}, not {expected.possible}, {record}"


def evaluated(checklist: Checklist, record: Record) -> Scored | None:
    facts = {each.id: record.get(f"fact.{each.id}", "") for each in checklist.facts}
    try:
        return compile(checklist)({key: record.get(key, "") for key in checklist.question}, facts)
    except ProblemsFound:
        return None


def usual_record(checklist: Checklist, random: Random) -> Record:
    """A record of what the form lists and of numbers that fit, now and then with a gap."""
    record = {}
    for name in columns(checklist):
        codes = [each.code for each in listed(checklist, name)] or [str(random.randint(0, 30))]
        record[name] = "" if random.random() < GAPS else random.choice(codes)
    return record


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not on this machine")
def test_formulas_and_evaluator_agree_on_any_checklist_and_on_all_that_are_shipped(tmp_path: Path) -> None:
    workbook, cases, without = Workbook(), list[Case](), list[str]()

    @settings(
        max_examples=GENERATED,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(whole_checklists())
    def make(checklist: Checklist) -> None:
        random = Random(len(cases))  # noqa: S311 - the same ones each time
        try:
            cases.extend(
                case(workbook, checklist, record) for record in random_records(checklist, random, RECORDS)
            )
        except NoFormula:
            without.append(checklist.id)

    make()
    for number, checklist in enumerate(shipped().values()):
        record = usual_record(checklist, Random(number))  # noqa: S311 - the same ones each time
        cases.append(case(workbook, checklist, record))
    found = read_back(workbook, tmp_path)
    assert [wrong for each in cases for wrong in differences(found, each)] == []
    assert len(cases) > 75
    assert len(without) < GENERATED / 5


@pytest.mark.parametrize("name", shipped_names())
def test_every_rule_of_every_shipped_checklist_has_its_formula(name: str) -> None:
    checklist = shipped()[name]
    known = case(Workbook(), checklist, {}).known
    assert set(known.scores) == set(checklist.score)
    assert set(known.results) == set(checklist.result)
    assert set(known.gates) == set(checklist.gate)


LARGE = """checklist large "Large"
section all_of_it "All"
  item first "First" is a count from 0 to 9000
  item second "Second" is a count from 0 to 9000
score product_of_all "Product" is first * second * first * second
score kept_small "Sum" is first + second
result size "Size" from product_of_all
  level low "Low" below 5
  level high "High" at least 5
"""


def test_what_could_grow_too_large_for_a_spreadsheet_has_no_formula_and_what_reads_it_neither() -> None:
    known = case(Workbook(), load(LARGE, "large.rubric"), {}).known
    assert set(known.scores) == {"kept_small"}
    assert known.results == {}


def test_a_form_whose_rules_have_no_formula_says_so_and_shows_no_score() -> None:
    page = load_workbook(BytesIO(scoring_form(load(LARGE, "large.rubric")))).worksheets[0]
    texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    assert (
        "This form shows no score: the rules of the checklist do not fit into a spreadsheet. "
        "The score is worked out when the form arrives."
    ) in texts


FOUR_HUNDRED = (
    'checklist long "Long"\nscale seen "Seen?"\n  answer no_ "No" scores 0\n  answer yes_ "Yes" scores 1\n'
    'section all_of_it "All" on scale seen\n'
    + "".join(f'  item i{number} "Says something"\n' for number in range(400))
    + "score share_of_all is percent of items\n"
)


def test_no_formula_is_longer_or_has_more_parts_than_excel_takes() -> None:
    longest, most = 0, 0
    workbook = load_workbook(BytesIO(scoring_form(load(FOUR_HUNDRED, "long.rubric"))))
    for (cell,) in workbook[LIVE_SHEET].iter_rows(min_col=2, max_col=2):
        formula = str(cell.value)
        longest = max(longest, len(formula))
        most = max([most, *(part.count(",") + 1 for part in re.findall(r"\(([^()]*)\)", formula))])
    assert 1_000 < longest < 8_192
    assert 200 < most < 255
