"""What an auditor finds on the Method sheet about an adaptation and about warnings that are meant."""

from pathlib import Path

from fidelity.report.reported import study_of
from fidelity.report.tables.method import method_table
from fidelity.study import load_checklist, read, summarise

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
