"""Every shipped form in every language: back exactly, also after LibreOffice; and it shows what is right."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from form_sample import DAY, SOFFICE, Filled, every_language, filled_form, through_libreoffice
from observe_sample import said
from openpyxl import load_workbook

from fidelity.evaluate.evaluator import compile
from fidelity.form.so_far import whole_result, whole_score
from fidelity.model.checklist import Checklist
from fidelity.model.form import LIVE_SHEET
from fidelity.model.score import Scored, shown_score
from fidelity.model.spoken import spoken
from fidelity.observe import Reading
from fidelity.observe.filled_form import read_forms


class Saved(NamedTuple):
    """A filled form as it was written, and as LibreOffice saved it."""

    form: Filled
    written: Path
    saved: Path


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Saved]:
    folder = tmp_path_factory.mktemp("forms")
    saved = folder / "saved"
    saved.mkdir()
    found = []
    for number, (name, checklist, languages) in enumerate(every_language()):
        # Some forms are left half filled in: then they still say something.
        form = filled_form(name, checklist, languages, Random(number), 1 if number % 3 else 0.9)  # noqa: S311
        file = folder / f"{number:03}.xlsx"
        file.write_bytes(form.content)
        found.append(Saved(form, file, saved / file.name))
    if SOFFICE:
        through_libreoffice([each.written for each in found], saved)
    return found


def came_back(found: Reading, form: Filled) -> list[str]:
    """What is not as it was filled in, in words."""
    wrong = [f"{form.name} {form.languages}: {each}" for each in said(found) if not each.startswith("RB505")]
    for each in found.observations:
        unlike = set(each.answers.items()) ^ set(form.answers.items())
        if unlike:
            wrong.append(f"{form.name} {form.languages}: {unlike}")
        if each.facts != form.facts:
            wrong.append(f"{form.name} {form.languages}: {each.facts}")
        if each.date not in (DAY, None):
            wrong.append(f"{form.name} {form.languages}: {each.date}")
    return wrong or ([] if len(found.observations) == 1 else [f"{form.name}: no observation"])


def test_every_shipped_form_comes_back_exactly_in_every_language_and_in_two(forms: Sequence[Saved]) -> None:
    assert len(forms) > 70
    assert [
        wrong
        for each in forms
        for wrong in came_back(read_forms([each.written], each.form.checklist), each.form)
    ] == []


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not on this machine")
def test_and_so_does_what_libreoffice_saved(forms: Sequence[Saved]) -> None:
    assert [
        wrong
        for each in forms
        for wrong in came_back(read_forms([each.saved], each.form.checklist), each.form)
    ] == []


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not on this machine")
def test_every_shipped_form_shows_the_score_the_level_and_what_is_open(forms: Sequence[Saved]) -> None:
    wrong, checked = [], 0
    for each in forms:
        scored = compile(each.form.checklist)(each.form.answers, each.form.facts)
        workbook = load_workbook(each.saved, data_only=True, read_only=True)
        page = workbook.worksheets[0]
        texts = {str(value) for row in page.iter_rows(values_only=True) for value in row if value is not None}
        assert LIVE_SHEET in workbook.sheetnames
        workbook.close()
        assert not [text for text in texts if text.startswith(("#", "Err:"))]
        in_first = spoken(each.form.checklist, each.form.languages.partition(",")[0], {})
        expected = list(shown_values(in_first, scored))
        shown = "\n".join(re.sub("[\u200e\u200f]", "", text) for text in texts)
        wrong += [f"{each.form.name} {each.form.languages}: {text}" for text in expected if text not in shown]
        checked += len(expected)
    assert wrong == []
    assert checked > 200


def shown_values(checklist: Checklist, scored: Scored) -> Iterator[str]:
    """What the form must show: the score and level of the whole, the levels of parts, gates that fail."""
    score, result = whole_score(checklist), whole_result(checklist)
    if score is not None:
        exact = scored.scores[score.key].exact
        yield "–" if exact is None else shown_score(score, exact)
    for each in checklist.results:
        level = scored.results[each.key].level
        if level is not None and (each is result or each.group):
            yield next(one.title for one in each.levels if one.id == level)
    whole = (each for each in checklist.gates if not each.group)
    yield from (each.title for each in whole if scored.gates[each.key] == "fails")
