"""Writes the four tables of the simulated study into a folder, the same bytes every time.

The shipped ones: `python tests/simulations/example_study.py checklists/programmes/example_study`
"""

import csv
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, fsum
from pathlib import Path
from random import Random

SEED = 38  # the first one under which the planted patterns show, and no others (see the README of the study)
FIRST_DAY = date(2025, 9, 1)
LAST_DAY = date(2026, 5, 31)
SESSION_SD = 7.0  # with the 3 points of a rater, about 8 within a therapist
RATER_SD = 3.0
SEVERITY = {"R1": 0.0, "R2": 2.0}  # points by which a rater is stricter
ROLES = {"R1": "supervisor", "R2": "independent"}
SHARE_LIVE = 0.6
SHARE_BLANK = 0.01
SHARE_REPLACED = 0.04
SHARE_COMMENTED = 0.5
BROKEN_OFF = 5  # which of the second forms ends after the first part, as its recording does
AFTER_THE_FIRST_PART = "st_review"

ITEMS = {  # each item, and how readily its first point and then its second are lost
    "hs_listen": (0.8, 0.4),
    "hs_warmth": (0.4, 0.2),
    "hs_check": (1.2, 0.8),
    "hs_open": (1.2, 0.6),
    "hs_feelings": (1.2, 0.8),
    "hs_choice": (1.0, 0.6),
    "st_review": (1.0, 0.8),
    "st_reason": (1.4, 1.0),
    "st_breathing": (0.8, 0.8),
    "st_problem": (1.0, 0.5),
    "st_activity": (1.0, 0.6),
    "st_support": (1.2, 1.0),
    "sa_agenda": (0.8, 0.6),
    "sa_safety": (0.4, 0.04),
    "sa_time": (1.4, 0.8),
    "sa_close": (0.6, 0.06),
}
POINTS_LOST = ("done", "partly", "not_done")
NOT_IN_SESSION = {  # the strategies come one after the other; the last session looks back
    1: {"st_review", "st_problem", "st_activity", "st_support"},
    2: {"st_activity", "st_support"},
    3: {"st_support"},
    4: set[str](),
    5: {"st_problem", "st_activity"},
}
COMMENTS = {
    "st_reason": "Went straight to the steps.",
    "sa_safety": "Asked only how the week had been.",
    "sa_close": "Time was up before practice was agreed.",
}
THERAPIST_COLUMNS = "therapist site fact.training_hours fact.format".split()
CONTACT_COLUMNS = "therapist client date".split()
SESSION_COLUMNS = "session therapist client date site modality session_number minutes".split()
OBSERVATION_COLUMNS = [
    *"observation session therapist client rater rater_role evidence date site arm".split(),
    *"modality language minutes rated_on selection checklist version".split(),
    *ITEMS,
    *(f"{item}.comment" for item in COMMENTS),
]

Row = Mapping[str, object]


@dataclass(frozen=True)
class Therapist:
    """One peer lay therapist, and how well each observed session is meant to go."""

    code: str
    site: str
    language: str
    training_hours: str
    levels: tuple[float, ...]
    weak: tuple[str, ...] = ()
    unsafe: tuple[int, ...] = ()
    first_day: date = FIRST_DAY

    @property
    def modality(self) -> str:
        """The format this therapist delivers."""
        return "group" if self.code.startswith("PMG") else "individual"


@dataclass(frozen=True)
class Session:
    """One session as delivered."""

    name: str
    therapist: Therapist
    client: str
    number: int
    day: date
    minutes: int


THERAPISTS = (
    Therapist("PMI-01", "north", "ar", "48", (84,) * 12, weak=("hs_feelings",)),
    Therapist("PMI-02", "north", "fa", "44", (89,) * 12),
    Therapist("PMI-03", "north", "ur", "46", (81,) * 11, weak=("sa_time", "st_review")),
    Therapist("PMI-04", "south", "ar", "48", (64, 64, 64, 64, 64, 66, 78, 84, 88, 92, 94, 94)),
    Therapist("PMI-05", "south", "tr", "42", (88,) * 13),
    Therapist("PMI-06", "south", "en", "48", (92,) * 12),
    Therapist("PMG-01", "north", "ar", "48", (86,) * 12, weak=("st_support",)),
    Therapist("PMG-02", "north", "ur", "45.5", (82,) * 11, weak=("hs_check",)),
    Therapist("PMG-03", "north", "fa", "48", (88,) * 8 + (48,) * 4, weak=("st_reason", "st_support")),
    Therapist("PMG-04", "south", "ar", "47", (93,) * 12),
    Therapist("PMG-05", "south", "fa", "40.5", (59,) * 12, weak=("st_reason",), unsafe=(2, 5, 7, 10)),
    Therapist("PMG-06", "south", "tr", "46", (84,) * 3, first_day=date(2026, 3, 30)),
)


def main(folder: Path) -> None:
    """The four tables, written below the folder."""
    delivered = sessions_delivered()
    write(folder / "therapists.csv", THERAPIST_COLUMNS, therapists())
    write(folder / "contacts.csv", CONTACT_COLUMNS, contacts(delivered))
    write(folder / "sessions.csv", SESSION_COLUMNS, map(delivery, delivered))
    write(folder / "observations" / "observations.csv", OBSERVATION_COLUMNS, observations(delivered))


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A table as CSV; what a row does not have is blank, and what has no column is left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def therapists() -> Iterable[Row]:
    """What is known about each therapist."""
    for therapist in THERAPISTS:
        yield {
            "therapist": therapist.code,
            "site": therapist.site,
            "fact.training_hours": therapist.training_hours,
            "fact.format": therapist.modality,
        }


def delivery(session: Session) -> dict[str, object]:
    """What is known about a session before anybody rates it."""
    return {
        "session": session.name,
        "therapist": session.therapist.code,
        "client": session.client,
        "date": session.day,
        "site": session.therapist.site,
        "modality": session.therapist.modality,
        "session_number": session.number,
        "minutes": session.minutes,
    }


def contacts(delivered: list[Session]) -> Iterable[Row]:
    """Every meeting: the sessions, an assessment a week before the first and one a week after the fifth."""
    week = timedelta(weeks=1)
    meetings = {(s.day, s.therapist.code, s.client) for s in delivered}
    meetings |= {(s.day - week, s.therapist.code, s.client) for s in delivered if s.number == 1}
    meetings |= {(s.day + week, s.therapist.code, s.client) for s in delivered if s.number == 5}
    for day, therapist, client in sorted(meetings):
        if day <= LAST_DAY:
            yield {"therapist": therapist, "client": client, "date": day}


def sessions_delivered() -> list[Session]:
    """All sessions of all therapists, named in order of date."""
    delivered = [session for therapist in THERAPISTS for session in sessions_of(therapist)]
    delivered.sort(key=lambda session: (session.day, session.therapist.code))
    return [replace(session, name=f"S{place:03}") for place, session in enumerate(delivered, start=1)]


def sessions_of(therapist: Therapist) -> Iterable[Session]:
    """One course of weekly sessions after another; about one course in five ends early."""
    draw = draws("courses", therapist.code)
    letter, weeks, usual_minutes = ("G", 6, 115) if therapist.modality == "group" else ("C", 5, 85)
    monday, course = therapist.first_day + timedelta(weeks=1 + whole(draw, 2)), 1
    while monday <= LAST_DAY:
        client, weekday = f"{therapist.code}-{letter}{course}", whole(draw, 5)
        length = 5 if draw.random() < 0.8 else 2 + whole(draw, 3)
        for number in range(1, length + 1):
            day = monday + timedelta(weeks=number - 1, days=weekday)
            minutes = usual_minutes + round(8 * bell(draw))
            if day <= LAST_DAY:
                yield Session("", therapist, client, number, day, minutes)
        monday, course = monday + timedelta(weeks=weeks + whole(draw, 2)), course + 1


def observations(delivered: list[Session]) -> Iterable[Row]:
    """The forms that raters filled in, in order of date and numbered."""
    observed = [pair for therapist in THERAPISTS for pair in observed_of(therapist, delivered)]
    observed.sort(key=lambda pair: pair[0].name)
    twice = scored_twice([session for session, _ in observed])
    forms = [form for session, place in observed for form in forms_of(session, place, twice=session in twice)]
    second = [form for before, form in pairwise(forms) if form["session"] == before["session"]]
    for column in OBSERVATION_COLUMNS[OBSERVATION_COLUMNS.index(AFTER_THE_FIRST_PART) :]:
        second[BROKEN_OFF][column] = ""
    for place, form in enumerate(forms, start=1):
        yield {"observation": f"O{place:03}", **form}


def scored_twice(observed: list[Session]) -> set[Session]:
    """A fifth of the observed sessions, rounded up."""
    draw = draws("second raters")
    lots = {session: draw.random() for session in observed}
    return set(sorted(observed, key=lots.__getitem__)[: ceil(len(observed) / 5)])


def observed_of(therapist: Therapist, delivered: list[Session]) -> Iterable[tuple[Session, int]]:
    """As many sessions as the therapist has levels, one from each equal stretch of time, with its place."""
    draw = draws("observed", therapist.code)
    own = [session for session in delivered if session.therapist == therapist]
    count = min(len(therapist.levels), len(own))
    for place in range(count):
        stretch = own[place * len(own) // count : (place + 1) * len(own) // count]
        yield stretch[whole(draw, len(stretch))], place


def forms_of(session: Session, place: int, *, twice: bool) -> Iterable[dict[str, object]]:
    """The form of the session's rater and, where it is scored twice, that of the other one."""
    draw = draws("ratings", session.name)
    quality = session.therapist.levels[place] + SESSION_SD * bell(draw)
    order = order_of_losses(draw, session, unsafe=place in session.therapist.unsafe)
    raters = ("R1", "R2") if draw.random() < 0.5 else ("R2", "R1")
    selection = "replacement" if draw.random() < SHARE_REPLACED else "planned"
    for rater in raters if twice else raters[:1]:
        seen = quality - SEVERITY[rater] + RATER_SD * bell(draw)
        answers = rated(draw, order, seen, NOT_IN_SESSION[session.number])
        live = rater == raters[0] and draw.random() < SHARE_LIVE
        yield {
            **delivery(session),
            "rater": rater,
            "rater_role": ROLES[rater],
            "evidence": "live" if live else "audio",
            "arm": session.therapist.modality,
            "language": session.therapist.language,
            "rated_on": session.day + timedelta(days=0 if live else 1 + whole(draw, 5)),
            "selection": selection,
            "checklist": "example_session",
            "version": "1.0.0",
            **answers,
            **comments(draw, answers),
        }


def order_of_losses(draw: Random, session: Session, *, unsafe: bool) -> dict[tuple[str, int], float]:
    """When each point of a session is lost as its quality falls: the lower the number, the sooner."""
    order: dict[tuple[str, int], float] = {}
    for item, (first, second) in ITEMS.items():
        if item in NOT_IN_SESSION[session.number]:
            continue
        pull = 4 if item in session.therapist.weak else 1
        order[item, 1] = draw.random() / (first * pull)
        order[item, 2] = order[item, 1] + draw.random() / (second * pull)
    if unsafe:
        order["sa_safety", 1] = order["sa_safety", 2] = 0
    return order


def rated(
    draw: Random, order: Mapping[tuple[str, int], float], quality: float, not_in_session: Collection[str]
) -> dict[str, str]:
    """One rater's answers: points are lost in this order, a little shuffled, until the quality is reached."""
    share_lost = min(max((100 - quality) / 100, 0), 1)
    own_order = sorted(order, key=lambda point: order[point] * (0.75 + 0.5 * draw.random()))
    lost = [item for item, _ in own_order[: round(share_lost * len(order))]]
    answers = {item: "na" if item in not_in_session else POINTS_LOST[lost.count(item)] for item in ITEMS}
    return {item: "" if draw.random() < SHARE_BLANK else answer for item, answer in answers.items()}


def comments(draw: Random, answers: Mapping[str, str]) -> dict[str, str]:
    """A remark on some of the answers below done."""
    return {
        f"{item}.comment": comment
        for item, comment in COMMENTS.items()
        if draw.random() < SHARE_COMMENTED and answers[item] in {"partly", "not_done"}
    }


def draws(*purpose: str) -> Random:
    """A stream of random numbers of its own, so that a change in one place leaves the others alone."""
    return Random("/".join((str(SEED), *purpose)))  # noqa: S311  (a simulation keeps no secrets)


def whole(draw: Random, below: int) -> int:
    """A whole number from 0; only `random()` is promised to stay the same in later Pythons."""
    return int(draw.random() * below)


def bell(draw: Random) -> float:
    """A bell-shaped number around 0 with spread 1, by `fsum` the same in every Python."""
    return fsum(draw.random() for _ in range(12)) - 6


if __name__ == "__main__":
    main(Path(sys.argv[1]))
