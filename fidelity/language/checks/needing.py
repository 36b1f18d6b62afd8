"""`needing` shares that mean something else than they say where there are few items."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import aggregates_in
from fidelity.model.number import written
from fidelity.place import Place

VISIBLY_MORE = Fraction(1, 20)
MANY = 3


def shifting_shares(source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB217 where a share asks visibly more of one group than it says, or of a single score simply all."""
    texts: Mapping[object, str] = {
        each.place: each.need.number.written
        for each in tree.every(tree.Needing, source)
        if isinstance(each.need, tree.NeedLeast)
    }
    asking: dict[Place, list[Asking]] = {}
    for each in (found for score in checklist.scores for found in _asking(score) if found.size > 1):
        asking.setdefault(each.place, []).append(each)
    for place, members in asking.items():
        share = members[0].share
        more = [each for each in members if _asks_more(share, each.size, family=bool(each.group))]
        if 0 < share < 1 and more:
            facts = {
                "share": texts.get(place, written(share)),
                "asked": _asked(share, more[0].size),
                "size": more[0].size,
                "groups": _told(share, members) if len(members) > 1 else "",
            }
            yield Problem("RB217", place, facts)


class Asking(NamedTuple):
    """A share of so many items that a score asks for, and where."""

    share: Fraction
    size: int
    group: str
    place: Place


def _asking(score: Score) -> Iterator[Asking]:
    """The share of a score that is one function, and those that functions ask for by themselves."""
    for each in aggregates_in(score.formula):
        needing = each.needing or (score.needing if each is score.formula else None)
        if needing is not None and needing.share is not None:
            yield Asking(needing.share, len(each.over), score.group, needing.place)


def _told(share: Fraction, members: list[Asking]) -> str:
    """`2 of 3 in 6 groups, 3 of 4 in inclusive`."""
    groups: dict[str, list[str]] = {}
    for each in members:
        groups.setdefault(f"{_asked(share, each.size)} of {each.size}", []).append(each.group)
    return ", ".join(
        f"{count} in {' and '.join(names) if len(names) < MANY else f'{len(names)} groups'}"
        for count, names in groups.items()
    )


def _asked(share: Fraction, size: int) -> int:
    return -(-share.numerator * size // share.denominator)


def _asks_more(share: Fraction, size: int, *, family: bool) -> bool:
    asked = _asked(share, size)
    return Fraction(asked, size) - share > VISIBLY_MORE if family else asked == size
