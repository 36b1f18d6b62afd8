"""What the proofs about one checklist have found and spent so far: no file may keep people waiting."""

from typing import Any

from fidelity.model.checklist import Checklist

MOST_STEPS = 2_000_000

NOTES = "notes of the proofs"


def affordable(checklist: Checklist, steps: int) -> bool:
    """Whether so many more steps may be spent on this checklist; if so, they are."""
    spent: int = notes(checklist).get("spent", 0) + steps
    if spent > MOST_STEPS:
        return False
    notes(checklist)["spent"] = spent
    return True


def notes(checklist: Checklist) -> dict[str, Any]:
    """What is noted about a checklist; kept with it, as its lookups by key are, so that nothing is shared."""
    found: dict[str, Any] = vars(checklist).setdefault(NOTES, {})
    return found


def forget(checklist: Checklist) -> None:
    """Lets go of the notes: whoever works with the checklist needs none of them."""
    vars(checklist).pop(NOTES, None)
