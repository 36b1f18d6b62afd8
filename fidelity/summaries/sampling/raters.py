"""Sessions drawn, and the raters there are -> who rates which, so that all raters can be compared."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fidelity.summaries.sampling.numbers import permanent_number
from fidelity.summaries.sampling.spread import Session, grouped


class Raters(NamedTuple):
    """Who rates a session, and who rates it too; blank where nobody does or nobody was named."""

    rater: str = ""
    second: str = ""


def pairs_of(raters: Sequence[str]) -> list[Raters]:
    """Every pair once: neighbours in the list first, so that the first pairs connect all raters already."""
    number = len(raters)
    found: dict[frozenset[int], Raters] = {}
    for apart in range(1, number):
        for one in range(number):
            other = (one + apart) % number
            found.setdefault(frozenset((one, other)), Raters(raters[one], raters[other]))
    return list(found.values())


def assigned(
    seed: int, taken: Sequence[Session], second: Sequence[str], raters: Sequence[str]
) -> Mapping[str, Raters]:
    """The pairs in turn for the sessions rated twice; for the others the raters in turn, by therapist.

    Where a therapist's turn begins is hashed, so that no rater belongs to a therapist.
    """
    if not raters:
        return {}
    pairs = pairs_of(raters) or [Raters(raters[0])]
    found = {session: pairs[at % len(pairs)] for at, session in enumerate(second)}
    for therapist, own in grouped(taken, "therapist").items():
        begin = permanent_number(seed, therapist, "rater")
        single = sorted(
            (each.id for each in own if each.id not in found),
            key=lambda session: (permanent_number(seed, session), session),
        )
        found |= {session: Raters(raters[(begin + at) % len(raters)]) for at, session in enumerate(single)}
    return found


def connected(raters: Sequence[str], twice: int) -> bool:
    """Whether so many sessions rated twice link every rater with every other: one fewer than raters does."""
    return twice >= len(raters) - 1
