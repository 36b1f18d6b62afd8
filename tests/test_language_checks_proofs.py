"""The proofs about levels, gates and flags against trying every record, on rules made up at random."""

from itertools import product
from random import Random

import pytest

from fidelity.language.checks.reach import all_answers
from fidelity.language.checks.truth import Trial, truth
from fidelity.language.reading import examined, load
from fidelity.model.checklist import Checklist
from fidelity.model.expression import Subject

HEAD = """checklist demo "Demo"
scale done "Done?"
  answer not_seen "No" scores 0
  answer seen "Yes" scores 1
  answer na "Does not apply" means not_applicable
section first "First" on scale done
  item a "A"
  item b "B"
  item c "C"
section second "Second" on scale done
  item d "D"
score total is percent of items in first
result band from total
  level low "Low" below 50%
  level high "High" at least 50%
gate stop "Stop" caps band at low when d is not_seen
"""
MARKS = ("0%", "34%", "50%", "67%", "100%")
TESTS = ("is seen", "is not_seen", "is na", "is at least 1", "is below 1")


def rule(random: Random, depth: int = 0) -> str:
    """A condition over everything there is."""
    kind = random.random()
    if depth < 2 and kind < 0.25:
        return f"({rule(random, depth + 1)}) {random.choice(['and', 'or'])} ({rule(random, depth + 1)})"
    if depth < 2 and kind < 0.32:
        return f"not ({rule(random, depth + 1)})"
    return random.choice(
        [
            f"{random.choice('abcd')} {random.choice(TESTS)}",
            f"{random.choice(['any', 'every', 'no'])} item in first {random.choice(TESTS)}",
            f"at least 2 items in first are {random.choice(['seen', 'not_seen'])}",
            f"total is {random.choice(['at least', 'below', 'above', 'at most'])} {random.choice(MARKS)}",
            f"band is {random.choice(['low', 'high'])}",
        ]
    )


def records(checklist: Checklist) -> list[Trial]:
    choices = [all_answers(each) or [] for each in checklist.questions]
    keys = [each.key for each in checklist.questions]
    return [Trial(checklist, dict(zip(keys, answers, strict=True))) for answers in product(*choices)]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_proved_holds_for_every_record(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same rules each time
    lines, flag, gate = (rule(random), rule(random)), rule(random), rule(random)
    levels = f'result met\n  level p "P" when {lines[0]}\n  level q "Q" when {lines[1]}\n'
    rest = f'flag look "Look" when {flag}\ngate cap "Cap" caps met at p when {gate}\n'
    problems = examined(HEAD + levels + rest, "demo.rubric")[1]
    said = {(each.code, each.severity) for each in problems}

    # The same rules as flags have no levels to prove, so that there is a model to try them on.
    flags = f'flag p "P" when {lines[0]}\nflag q "Q" when {lines[1]}\n{rest.splitlines()[0]}\n'
    checklist = load(HEAD + flags + f'flag cap "Cap" when {gate}\n', "demo.rubric")
    p, q, raised, capped = (each.when for each in checklist.flags)
    tried = [
        tuple(truth(checklist, each, trial.look) for each in (p, q, raised, capped))
        for trial in records(checklist)
    ]
    doubtful = any(each[:2] in {(True, True), (False, False)} for each in tried)
    assert (("RB207", "error") in said) is doubtful
    assert ("RB207", "warning") not in said
    messages = [each.message for each in problems]
    if "This gate can never fire." in messages:
        assert not any(one for *_, one in tried)
    if "This flag can never be raised." in messages or ("RB211", "warning") in said:
        assert not any(one for _, _, one, _ in tried)
    if any("its line is never true" in each for each in messages):
        assert not all(any(each[at] for each in tried) for at in (0, 1))


def test_the_value_of_a_gate_is_whether_it_fires() -> None:
    checklist = load(HEAD, "demo.rubric")
    fired = [trial.look(Subject("gate", "stop")) for trial in records(checklist)]
    assert fired.count(True) == 27
