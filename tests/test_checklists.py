"""Every shipped checklist is clean, says where it comes from, and keeps what its examples promise."""

import re
from pathlib import Path

import pytest

from fidelity.evaluate.evaluator import compile
from fidelity.evaluate.examples import run
from fidelity.language.reading import examined_any, load
from fidelity.model.programme import Programme
from fidelity.summaries.programme import histories

CHECKLISTS = Path(__file__).parent.parent / "checklists"
SHIPPED = sorted(CHECKLISTS.rglob("*.rubric"))
PROGRAMMES = [
    path for path in SHIPPED if re.search(r"^programme ", path.read_text(encoding="utf-8"), re.MULTILINE)
]
RATED = [path for path in SHIPPED if path not in PROGRAMMES]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(CHECKLISTS)))
def test_it_checks_without_error_or_warning(path: Path) -> None:
    _, problems = examined_any(path.read_text(encoding="utf-8"), path.name)
    assert [each for each in problems if each.severity != "info"] == []


@pytest.mark.parametrize("path", RATED, ids=lambda path: str(path.relative_to(CHECKLISTS)))
def test_its_examples_pass_and_reach_every_level_and_gate(path: Path) -> None:
    outcome = run(load(path.read_text(encoding="utf-8"), path.name))
    assert outcome.failures == ()
    assert outcome.passed >= 3
    assert all(outcome.coverage["levels"].values())
    assert all(gate["fails"] and gate["passes"] for gate in outcome.coverage["gates"].values())
    assert all(all(sides.values()) for sides in outcome.coverage["boundaries"].values())


@pytest.mark.parametrize("path", PROGRAMMES, ids=lambda path: str(path.relative_to(CHECKLISTS)))
def test_its_histories_pass_and_reach_every_stage(path: Path) -> None:
    programme, _ = examined_any(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(programme, Programme)
    outcome = histories.run(programme)
    assert outcome.unmet == ()
    rows = [row for each in programme.histories for row in each.rows]
    reached = {each.name for row in rows for each in row.expected if each.wanted == "reached"}
    assert reached >= {each.id for each in programme.stages if each.needs or each.after}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(CHECKLISTS)))
def test_it_says_where_it_comes_from_and_what_is_ours(path: Path) -> None:
    model, _ = examined_any(path.read_text(encoding="utf-8"), path.name)
    assert model is not None
    about = model.about
    assert about.source
    assert about.licence
    assert about.status
    assert "ours" in " ".join(about.about)


def test_the_readme_has_a_row_for_every_checklist() -> None:
    readme = (CHECKLISTS / "README.md").read_text(encoding="utf-8")
    missing = [
        path for path in SHIPPED if path.relative_to(CHECKLISTS).with_suffix("").as_posix() not in readme
    ]
    assert missing == []


def test_first_published_session_of_the_miti_practice_table() -> None:
    """Session 1 of the table: 17 simple and 27 complex reflections, 11 questions (MITI 4.2.1, section H)."""
    text = (CHECKLISTS / "scoring" / "miti_4_2_1.rubric").read_text(encoding="utf-8")
    evaluate = compile(load(text, "miti_4_2_1.rubric"))
    ratings = {"cct": 4, "sst": 4, "par": 5, "emp": 5}
    counts = {"q": 11, "sr": 17, "cr": 27, "af": 0, "seek": 1, "emph": 1, "conf": 0, "p": 0, "pw": 0, "gi": 0}
    scored = evaluate({**ratings, **counts})
    assert str(scored.scores["pct_complex"].exact) == "675/11"
    assert scored.scores["r_to_q"].exact == 4
    assert scored.scores["technical"].exact == 4
    assert scored.scores["relational"].exact == 5
