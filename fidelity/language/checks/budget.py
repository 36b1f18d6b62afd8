"""How much work the proofs about one checklist may be in all, so that no file keeps people waiting."""

from fidelity.model.checklist import Checklist

MOST_STEPS = 2_000_000

_checklist: list[Checklist] = []
_spent = [0]


def affordable(checklist: Checklist, steps: int) -> bool:
    """Whether so many more steps may be spent on this checklist; if so, they are."""
    if not _checklist or _checklist[0] is not checklist:
        _checklist[:] = [checklist]
        _spent[0] = 0
    if _spent[0] + steps > MOST_STEPS:
        return False
    _spent[0] += steps
    return True
