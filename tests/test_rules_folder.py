"""What the rules folder shows is true: every block and file checks clean and passes its own examples."""

import re
from pathlib import Path

import pytest

from fidelity import content
from fidelity.evaluate.examples import run
from fidelity.language.reading import examined

RULES = Path(__file__).parent.parent / "rules"
BLOCKS = re.findall(r"```rubric\n(.*?)```", (RULES / "README.md").read_text(encoding="utf-8"), re.DOTALL)
EXAMPLES = sorted((RULES / "examples").glob("*.rubric"))


@pytest.mark.parametrize("block", BLOCKS, ids=range(1, len(BLOCKS) + 1))
def test_every_block_of_the_tutorial_is_a_file_that_works(block: str) -> None:
    checklist, problems = examined(block, "README.md")
    assert [each for each in problems if each.code != "RB201"] == []
    assert checklist is not None
    assert run(checklist).failures == ()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_file_is_clean_and_passes(path: Path) -> None:
    checklist, problems = examined(path.read_text(encoding="utf-8"), path.name)
    assert problems == ()
    assert checklist is not None
    outcome = run(checklist)
    assert outcome.failures == ()
    assert outcome.passed > 0


def test_the_tutorial_ends_with_a_gate_and_examples() -> None:
    last = [block for block in BLOCKS if block.startswith("checklist")][-1]
    checklist, _ = examined(last, "README.md")
    assert checklist is not None
    assert checklist.gates
    assert checklist.examples


def test_the_grammar_has_no_conflict_even_when_lark_is_strict() -> None:
    lark = pytest.importorskip("lark")
    pytest.importorskip("interegular")
    lark.Lark(content.text("rules", "rubric.lark"), parser="lalr", lexer="contextual", strict=True)
