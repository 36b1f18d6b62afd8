"""Observations -> the same for sharing: other codes, moved dates, no free text, nothing that few share."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from fidelity.model.checklist import Checklist, Fact
from fidelity.model.coding import LETTERS, Coding, occasion_code, shifted_back
from fidelity.model.observation import Observation

Dates = Literal["shift", "month"]
Said = tuple[str, str]  # a column and what it says of somebody
Moved = Callable[[dt.date | None], dt.date | None]

WHOSE = (
    "therapist",
    "client",
    "site",
    "observation",
)  # whose days are moved together, the first that is named
# Besides the facts, what may set somebody apart when few share it.
SHARED = ("arm", "modality", "language")


class Wish(NamedTuple):
    """How it is done: whether dates are moved or cut to the month, and by how many a fact must be shared."""

    dates: Dates = "shift"
    at_least: int = 5
    keep_text: bool = False


class ToShare(NamedTuple):
    """An observation, and in which of its columns somebody wrote freely; in notes always."""

    observation: Observation
    free: frozenset[str]


class Telling(NamedTuple):
    """What a row says of the person in it: the site, and all that could set somebody apart."""

    person: str
    site: str
    said: tuple[Said, ...]


class Deidentified(NamedTuple):
    """The observations by their codes, what was taken out by column, how many people are in small groups.

    `few` is what too few people share: it is nowhere now.
    """

    observations: tuple[Observation, ...]
    texts: Mapping[str, int]
    rare: Mapping[str, int]
    small: int
    few: frozenset[Said]


def deidentified(
    kept: Sequence[ToShare], coding: Coding, wish: Wish, beside: Iterable[Telling] = ()
) -> Deidentified:
    """All observations, with nothing left that tells who was meant to anybody without the key.

    How many share something is counted over the observations and what rows `beside` them tell.
    """
    own = [_telling(each) for each in kept]
    everything = [*own, *beside]
    few = shared_by_few(everything, wish)
    made = sorted((_one(each, coding, wish, few) for each in kept), key=lambda each: each.observation)
    texts = Counter(name for each in kept for name in _texts(each))
    return Deidentified(
        tuple(made),
        {} if wish.keep_text else texts,
        taken_out(own, few),
        in_small_groups(everything, few, wish),
        few,
    )


def free_columns(checklist: Checklist, facts: Iterable[Fact] = ()) -> frozenset[str]:
    """The columns of a checklist, and of facts that a programme asks for, in which people write freely."""
    answers = (key for key, each in checklist.question.items() if each.scale.kind == "text")
    return frozenset((*answers, *free_facts((*checklist.facts, *facts))))


def free_facts(facts: Iterable[Fact]) -> frozenset[str]:
    """The columns of facts in which people write freely."""
    return frozenset(f"fact.{each.id}" for each in facts if each.scale.kind == "text")


def shared_by_few(tellings: Iterable[Telling], wish: Wish) -> frozenset[Said]:
    """What fewer people share than is asked for."""
    people: dict[Said, set[str]] = {}
    for each in tellings:
        for said in each.said:
            people.setdefault(said, set()).add(each.person)
    return frozenset(said for said, who in people.items() if len(who) < wish.at_least)


def taken_out(tellings: Iterable[Telling], few: Collection[Said]) -> Counter[str]:
    """How often something is taken out because few share it, by column."""
    return Counter(said[0] for each in tellings for said in each.said if said in few)


def in_small_groups(tellings: Iterable[Telling], few: Collection[Said], wish: Wish) -> int:
    """How many people are still in a group of fewer, by site and everything that is told of them together."""
    groups: dict[object, set[str]] = {}
    for each in tellings:
        groups.setdefault((each.site, frozenset(each.said).difference(few)), set()).add(each.person)
    return sum(len(who) for who in groups.values() if len(who) < wish.at_least)


def moved_by(coding: Coding, wish: Wish, whose: Mapping[str, str]) -> Moved:
    """One distance for all dates of a therapist, so that what lies between two of them stays.

    `whose` has the names by their kind; where there is no therapist, the first one counts.
    """
    if wish.dates == "month":
        return lambda day: day and day.replace(day=1)
    kind = next(kind for kind, name in whose.items() if name)
    back = dt.timedelta(days=shifted_back(coding, kind, whose[kind]))
    return lambda day: day and day - back


def _one(kept: ToShare, coding: Coding, wish: Wish, few: Collection[Said]) -> Observation:
    each = kept.observation
    left = {column for column, text in _telling(kept).said if (column, text) in few}
    texts = set() if wish.keep_text else set(_texts(kept))
    moved = moved_by(coding, wish, {kind: getattr(each, kind) for kind in WHOSE})
    codes = {kind: coding.code(kind, getattr(each, kind)) for kind in LETTERS if kind != "session"}
    return each.model_copy(
        update={
            **codes,
            "session": occasion_code(coding, each),
            **{name: "" for name in SHARED if name in left},
            "date": moved(each.date),
            "rated_on": moved(each.rated_on),
            "answers": {name: text for name, text in each.answers.items() if name not in texts},
            "facts": {name: text for name, text in each.facts.items() if f"fact.{name}" not in left | texts},
            "comments": each.comments if wish.keep_text else {},
        }
    )


def _texts(kept: ToShare) -> list[str]:
    """The columns of this observation in which somebody wrote freely."""
    each = kept.observation
    columns = (*each.answers, *(f"fact.{name}" for name in each.facts))
    return [*(name for name in columns if name in kept.free), *(f"{name}.comment" for name in each.comments)]


def _telling(kept: ToShare) -> Telling:
    each = kept.observation
    facts = ((f"fact.{name}", text) for name, text in each.facts.items())
    words = ((name, str(getattr(each, name))) for name in SHARED)
    said = tuple((name, text) for name, text in (*words, *facts) if text and name not in kept.free)
    return Telling(each.client or each.therapist or each.observation, each.site, said)
