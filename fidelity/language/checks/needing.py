"""`needing` shares that mean something else than they say where there are few items."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist, Score
from fidelity.model.expression import Aggregate
from fidelity.model.number import written

VISIBLY_MORE = Fraction(1, 20)
MANY = 3


def shifting_shares(source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB217 where a share asks visibly more of one group than it says, or of a single score simply all."""
    texts: Mapping[object, str] = {
        each.place: each.need.number.written
        for each in tree.walked(source)
        if isinstance(each, tree.Needing) and isinstance(each.need, tree.NeedLeast)
    }
    names = dict.fromkeys(score.name for score in checklist.scores)
    for name in names:
        members = [each for each in checklist.scores if each.name == name and _size(each) > 1]
        share = members[0].needing.share if members else None
        if share is None or not 0 < share < 1:
            continue
        more = [each for each in members if _asks_more(share, _size(each), family=bool(each.group))]
        if more:
            place = members[0].needing.place
            first = more[0]
            facts = {
                "share": texts.get(place, written(share)),
                "asked": _asked(share, _size(first)),
                "size": _size(first),
                "groups": _told(share, members) if len(members) > 1 else "",
            }
            yield Problem("RB217", place, facts)


def _told(share: Fraction, members: list[Score]) -> str:
    """`2 of 3 in 6 groups, 3 of 4 in inclusive`."""
    groups: dict[str, list[str]] = {}
    for each in members:
        groups.setdefault(f"{_asked(share, _size(each))} of {_size(each)}", []).append(each.group)
    return ", ".join(
        f"{count} in {' and '.join(names) if len(names) < MANY else f'{len(names)} groups'}"
        for count, names in groups.items()
    )


def _size(score: Score) -> int:
    return len(score.formula.over) if isinstance(score.formula, Aggregate) else 0


def _asked(share: Fraction, size: int) -> int:
    return -(-share.numerator * size // share.denominator)


def _asks_more(share: Fraction, size: int, *, family: bool) -> bool:
    asked = _asked(share, size)
    return Fraction(asked, size) - share > VISIBLY_MORE if family else asked == size
