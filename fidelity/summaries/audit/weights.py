"""Sessions observed, and all sessions delivered -> how many of its cell each observed one stands for."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from fidelity.model.session import Delivered
from fidelity.summaries.sampling.plan import as_held, pool_of
from fidelity.summaries.sampling.spread import Cell, Session, cell_of

CELLS = ("modality", "session")  # what sessions are told apart by where no plan says it: the third, `session`


def weights_of(
    observed: Collection[str], sessions: Sequence[Delivered], spread: Sequence[str] = CELLS
) -> Mapping[str, float]:
    """N/n of each observed session's cell: its therapist and what the sample was spread over.

    Where a cell of a therapist has no observation, its sessions would count for nothing: for this therapist
    the last columns are then left out, until every cell has one.
    """
    own: dict[str, list[Session]] = {}
    for each in pool_of(as_held(sessions)):
        own.setdefault(each.therapist, []).append(each)
    found: dict[str, float] = {}
    for course in own.values():
        found |= _of_one([each for each in course if each.id in observed], course, spread)
    return found


def _of_one(observed: list[Session], course: list[Session], spread: Sequence[str]) -> dict[str, float]:
    there, seen = _cells(course, spread), _cells(observed, spread)
    if spread and there.keys() != seen.keys():
        return _of_one(observed, course, spread[:-1])
    return {each.id: there[cell_of(each, spread)] / seen[cell_of(each, spread)] for each in observed}


def _cells(sessions: list[Session], spread: Sequence[str]) -> Counter[Cell]:
    return Counter(cell_of(each, spread) for each in sessions)
