"""What an auditor finds on the Method sheet about an adaptation and about warnings that are meant."""

import re
from pathlib import Path

from report_sample import example_programme, miti_practice

from fidelity.report.reported import study_of
from fidelity.report.tables.method import method_table
from fidelity.study.loading import load_checklist
from fidelity.study.reading import read
from fidelity.study.reported import reported
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study

DATA = "observation,therapist,date,{items}\no1,T1,2026-03-01,{answers}\n"


def test_an_adaptation_shows_its_base_changes_and_deviations(tmp_path: Path) -> None:
    checklist = load_checklist("upsides/adaptations/day_centre")
    items = list(checklist.question)
    table = DATA.format(items=",".join(items), answers=",".join("2" for _ in items))
    (tmp_path / "data.csv").write_text(table, encoding="utf-8")
    study = summarise(checklist, read(tmp_path / "data.csv", checklist))
    rows = method_table(study_of(study.checklist, study.scored, study.summary)).rows
    told = {(str(topic), str(what)): str(detail) for topic, what, detail in rows}
    assert told["Adaptation", "Base"].startswith("upsides_principles 2.1.1 · sha256:")
    assert any(what == "Deviation record" and "Risk:" in detail for (_, what), detail in told.items())
    assert checklist.origin is not None
    assert sum(what == "Change" for _, what, _ in rows) == len(checklist.origin.changes)
    assert ("Meant by the author", "RB217") in told
    of_the_base = told["Results and levels", "Peer support principles"]
    assert re.search(r"\(line \d+ of principles\.rubric\)$", of_the_base)


def told_by(study: Study) -> dict[tuple[str, str], str]:
    reported = study_of(study.checklist, study.scored, study.summary)
    return {(str(topic), str(what)): str(detail) for topic, what, detail in method_table(reported).rows}


def test_a_rule_that_begins_with_an_item_keeps_the_items_name() -> None:
    told = told_by(miti_practice())
    assert told["Scores", "Reflections"] == "sr + cr. (line 34 of the checklist)"
    assert told["Scores", "Technical"].startswith("Mean of cct, sst;")


def test_a_table_beside_the_observations_has_no_number_of_observations() -> None:
    rows = method_table(reported(example_programme())).rows
    files = [str(detail) for _, what, detail in rows if what == "File"]
    assert [" rows · " in each for each in files] == [each.startswith("observations.csv") for each in files]
    assert any(each.startswith("sessions.csv · SHA-256 ") for each in files)
