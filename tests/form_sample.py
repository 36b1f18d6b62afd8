"""Forms filled in as a person would, the same each time; and many at once through LibreOffice."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from openpyxl import load_workbook

import fidelity
from fidelity.form.workbook import scoring_form
from fidelity.model.checklist import Checklist
from fidelity.model.form import HEAD, LANDMARK, LISTS_SHEET, META_SHEET, Option, fields, languages, options
from fidelity.model.scale import Scale
from fidelity.model.spoken import spoken

SHIPPED = Path(__file__).parent.parent / "checklists"
SOFFICE = shutil.which("soffice") or ""
DAY = date(2026, 3, 4)


class Filled(NamedTuple):
    """A filled form: the checklist, its languages, what it should come back as, its file."""

    name: str
    checklist: Checklist
    languages: str
    answers: Mapping[str, str]
    facts: Mapping[str, str]
    content: bytes


FILES = sorted(SHIPPED.rglob("*.rubric"))


def name_of(file: Path) -> str:
    """What a shipped file is called."""
    return file.relative_to(SHIPPED).with_suffix("").as_posix()


@cache
def loaded(file: Path) -> Checklist | None:
    """A shipped checklist, read once for all tests; None for a programme."""
    model = fidelity.load(file)
    return model if isinstance(model, Checklist) and model.questions else None


@cache
def shipped() -> Mapping[str, Checklist]:
    """Every shipped checklist by its path."""
    return {name_of(file): found for file in FILES if (found := loaded(file)) is not None}


NOT_SCORED = re.compile("^programme ", re.MULTILINE)


def shipped_names() -> list[str]:
    """The paths of all shipped checklists, without reading them."""
    return [name_of(file) for file in FILES if not NOT_SCORED.search(file.read_text("utf-8"))]


def every_language() -> Iterator[tuple[str, Checklist, str]]:
    """Every shipped checklist in every language that it has, and those that have several in two at once."""
    for name, checklist in shipped().items():
        known = languages(checklist)
        yield from ((name, checklist, language) for language in known)
        if len(known) > 1:
            yield name, checklist, f"{known[0]},{known[-2]}"
            yield name, checklist, f"ar,{known[0]}"


FORMS: dict[tuple[str, str], bytes] = {}


def a_form(checklist: Checklist, wanted: str) -> bytes:
    """The empty form in `en`, or in `en,ar` beside each other; of each text it is made once."""
    key = (checklist.fingerprint, wanted)
    if key not in FORMS:
        first, _, second = wanted.partition(",")
        beside = spoken(checklist, second, {}) if second else None
        FORMS[key] = scoring_form(spoken(checklist, first, {}), first, beside)
    return FORMS[key]


def filled_form(name: str, checklist: Checklist, wanted: str, random: Random, share: float = 1) -> Filled:
    """A form with answers by chance, about so many of all."""
    workbook = load_workbook(BytesIO(a_form(checklist, wanted)), rich_text=True)
    page, lists = workbook.worksheets[0], workbook[LISTS_SHEET]
    lines = list(workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True))
    ranges = {
        str(cells): workbook.defined_names[rule.formula1].attr_text.replace("$", "").split("!")[1]
        for rule in page.data_validations.dataValidation
        if rule.type == "list"
        for cells in rule.sqref.ranges
    }
    said: dict[str, str] = {}
    for line in lines:
        column, address = str(line[0]), str(line[1])
        if random.random() > share or column.endswith(".comment") or column == LANDMARK:
            continue
        area = ranges.get(address)
        if area is None:
            value, code = _typed(checklist, column, random)
        else:
            labels = lists[area]
            picked = random.randrange(len(labels))
            row, place = labels[picked][0].row, labels[picked][0].column
            value, code = labels[picked][0].value, str(lists.cell(row, place + 1).value)
        page[address].value = value
        if isinstance(value, str):
            page[address].data_type = "s"
        said[column] = code
    saved = BytesIO()
    workbook.save(saved)
    answers = {key: said[key] for key in checklist.question if key in said}
    facts = {each.id: said[f"fact.{each.id}"] for each in checklist.facts if f"fact.{each.id}" in said}
    return Filled(name, checklist, wanted, answers, facts, saved.getvalue())


def _typed(checklist: Checklist, column: str, random: Random) -> tuple[Any, str]:
    """What somebody types into a cell without a list, and its code."""
    if column == "date":
        return DAY, DAY.isoformat()
    scale = scale_of(checklist, column)
    if scale is None:
        number = 45 if column == "minutes" else f"{column}1"
        return number, str(number)
    if scale.span is None:
        return "some words", "some words"
    return _number(scale, random)


def _number(scale: Scale, random: Random) -> tuple[Any, str]:
    span = scale.span
    assert span is not None
    highest = 30 if span.highest is None else int(span.highest)
    number = random.randint(-(-span.lowest // 1), highest)
    return number, str(number)


def scale_of(checklist: Checklist, column: str) -> Scale | None:
    """The scale of a question or fact, by the column of the data."""
    if column in checklist.question:
        return checklist.question[column].scale
    return checklist.fact[column.removeprefix("fact.")].scale if column.startswith("fact.") else None


def listed(checklist: Checklist, column: str) -> tuple[Option, ...]:
    """The labels that a form in the checklist's own language offers."""
    scale = scale_of(checklist, column)
    return () if scale is None else options(checklist, scale, checklist.about.language)


def through_libreoffice(files: Sequence[Path], folder: Path) -> None:
    """Opens and saves all files as LibreOffice does, in one go."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    target = ["--headless", "--convert-to", "xlsx", "--outdir", str(folder), *map(str, files)]
    subprocess.run([SOFFICE, profile, *target], check=True, capture_output=True, timeout=280)


def asked_before(checklist: Checklist) -> tuple[str, ...]:
    """The columns of what is asked before the items."""
    return tuple(each.key for each in fields(checklist, checklist.about.language))
