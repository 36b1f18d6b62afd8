"""What the proofs think a record means is what the evaluator says it means."""

from pathlib import Path
from random import Random

import pytest

from fidelity.evaluate.evaluator import compile
from fidelity.language.checks.domains import answers_of
from fidelity.language.checks.truth import ABSENT, Trial
from fidelity.language.reading import load
from fidelity.model.expression import Subject
from fidelity.model.scale import MISSING

CHECKOUT = Path(__file__).parent.parent
SHIPPED = [
    *sorted((CHECKOUT / "rules" / "examples").glob("*.rubric")),
    *sorted((CHECKOUT / "checklists" / "pm_plus").rglob("*.rubric")),
    *sorted((CHECKOUT / "checklists" / "scoring").glob("*.rubric")),
    CHECKOUT / "checklists" / "upsides" / "principles.rubric",
]
STATES = {True: "fails", False: "passes", None: "undecided"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_trial_says_what_the_evaluator_says(path: Path) -> None:
    checklist = load(path.read_text(encoding="utf-8"), path.name)
    evaluate, random = compile(checklist), Random(7)  # noqa: S311 - the same records each time
    for _ in range(60):
        answers = {
            each.key: random.choice([*answers_of(checklist, each), MISSING])
            for each in checklist.questions
            if each.scale.kind != "text"
        }
        choosable = [each for each in checklist.facts if each.scale.choices]
        facts = {each.id: random.choice(each.scale.choices).answer for each in choosable}
        scored = evaluate(
            {key: answer.code for key, answer in answers.items()},
            {key: answer.code for key, answer in facts.items()},
        )
        look = Trial(checklist, answers, facts).look
        for key, value in scored.scores.items():
            found = look(Subject("score", key))
            assert (None if found == ABSENT else found) == value.exact
        for key, result in scored.results.items():
            assert look(Subject("result", key)) == result.possible
        for key, state in scored.gates.items():
            found = look(Subject("gate", key))
            assert found is None or isinstance(found, bool)
            assert STATES[found] == state
