"""Observations -> the same for sharing: other codes, moved dates, no free text, nothing that few share."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from fidelity.model.checklist import Checklist
from fidelity.model.coding import LETTERS, Coding, occasion_code, shifted_back
from fidelity.model.observation import Observation

Dates = Literal["shift", "month"]

# Besides the facts, what may set somebody apart when few share it.
SHARED = ("arm", "modality", "language")


class Wish(NamedTuple):
    """How it is done: whether dates are moved or cut to the month, and by how many a fact must be shared."""

    dates: Dates = "shift"
    at_least: int = 5
    keep_text: bool = False


class Deidentified(NamedTuple):
    """The observations by their codes, what was taken out by column, how many people are in small groups."""

    observations: tuple[Observation, ...]
    texts: Mapping[str, int]
    rare: Mapping[str, int]
    small: int


def deidentified(
    observations: Sequence[Observation], checklist: Checklist, coding: Coding, wish: Wish
) -> Deidentified:
    """All observations, with nothing left that tells who was meant to anybody without the key."""
    rare = _rare(observations, checklist, wish.at_least)
    made = [_one(each, checklist, coding, wish, rare) for each in observations]
    texts = Counter(name for each in observations for name in _texts(each, checklist))
    told = Counter(
        column
        for each in observations
        for column, value in _shared(each, checklist)
        if (column, value) in rare
    )
    ordered = tuple(sorted(made, key=lambda each: each.observation))
    return Deidentified(
        ordered, {} if wish.keep_text else texts, told, _small(ordered, checklist, wish.at_least)
    )


def _one(
    each: Observation, checklist: Checklist, coding: Coding, wish: Wish, rare: set[tuple[str, str]]
) -> Observation:
    kept = {column for column, value in _shared(each, checklist) if (column, value) not in rare}
    texts = set() if wish.keep_text else set(_texts(each, checklist))
    moved = _moved(each, coding, wish.dates)
    codes = {kind: coding.code(kind, getattr(each, kind)) for kind in LETTERS if kind != "session"}
    return each.model_copy(
        update={
            **codes,
            "session": occasion_code(coding, each),
            **{name: getattr(each, name) if name in kept else "" for name in SHARED},
            "date": moved(each.date),
            "rated_on": moved(each.rated_on),
            "answers": {name: text for name, text in each.answers.items() if name not in texts},
            "facts": {
                name: text
                for name, text in each.facts.items()
                if f"fact.{name}" in kept or (f"fact.{name}" not in texts and _is_text(checklist, name))
            },
            "comments": each.comments if wish.keep_text else {},
        }
    )


# ---- dates


def _moved(each: Observation, coding: Coding, dates: Dates) -> Callable[[dt.date | None], dt.date | None]:
    """One distance for all dates of a therapist, so that what lies between two of them stays."""
    if dates == "month":
        return lambda day: day and day.replace(day=1)
    named = next((kind for kind in ("therapist", "client", "site") if getattr(each, kind)), "observation")
    back = dt.timedelta(days=shifted_back(coding, named, getattr(each, named)))
    return lambda day: day and day - back


# ---- texts


def _texts(each: Observation, checklist: Checklist) -> list[str]:
    """The columns of this observation in which somebody wrote freely."""
    return [
        *(name for name in each.answers if checklist.question[name].scale.kind == "text"),
        *(f"fact.{name}" for name in each.facts if _is_text(checklist, name)),
        *(f"{name}.comment" for name in each.comments),
    ]


def _is_text(checklist: Checklist, fact: str) -> bool:
    return fact in checklist.fact and checklist.fact[fact].scale.kind == "text"


# ---- what few share


def _shared(each: Observation, checklist: Checklist) -> list[tuple[str, str]]:
    """What the observation says of the people in it, besides who they are."""
    facts = [(f"fact.{name}", text) for name, text in each.facts.items() if not _is_text(checklist, name)]
    words = [(name, str(getattr(each, name))) for name in SHARED]
    return [(name, text) for name, text in (*words, *facts) if text]


def _rare(observations: Iterable[Observation], checklist: Checklist, at_least: int) -> set[tuple[str, str]]:
    people: dict[tuple[str, str], set[str]] = {}
    for each in observations:
        for shared in _shared(each, checklist):
            people.setdefault(shared, set()).add(_person(each))
    return {shared for shared, who in people.items() if len(who) < at_least}


def _small(observations: Iterable[Observation], checklist: Checklist, at_least: int) -> int:
    """How many people are still in a group of fewer, by site and everything that is told of them together."""
    groups: dict[tuple[object, ...], set[str]] = {}
    for each in observations:
        groups.setdefault((each.site, *_shared(each, checklist)), set()).add(_person(each))
    return sum(len(who) for who in groups.values() if len(who) < at_least)


def _person(each: Observation) -> str:
    return each.client or each.therapist or each.observation
