"""A study read for its programme -> the same for sharing: observations, and the tables beside them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fidelity.model.coding import Coding
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme
from fidelity.observe.deidentified import (
    SHARED,
    Deidentified,
    Said,
    Telling,
    ToShare,
    Wish,
    deidentified,
    free_columns,
    free_facts,
    in_small_groups,
    moved_by,
    shared_by_few,
    taken_out,
)
from fidelity.observe.sessions import COLUMNS, NUMBER, UNAVAILABLE
from fidelity.observe.study_reading import StudyReading
from fidelity.observe.study_tables import (
    CONTACTS,
    FACT,
    OF_CONTACTS,
    OF_THERAPISTS,
    RETRAINED,
    SESSIONS,
    THERAPISTS,
    StudyTables,
)

Line = Mapping[str, str]  # a row of a table: what stands in which column

NAMES, DAYS = ("therapist", "client", "site", "session"), ("date", RETRAINED)
OF_SESSIONS = ("site", *SHARED, "checklist", "minutes", NUMBER)  # what is kept of a session, beside its facts

TABLES: Mapping[str, Collection[str]] = {  # by name, with the columns that each must have
    THERAPISTS: OF_THERAPISTS.compulsory,
    CONTACTS: OF_CONTACTS.compulsory,
    SESSIONS: COLUMNS.compulsory,
}


class DeidentifiedStudy(NamedTuple):
    """The observations of all checklists, the other tables by name, and columns of sessions that are left."""

    found: Deidentified
    tables: Mapping[str, Sequence[Line]]
    left: tuple[str, ...]


def names_beside(tables: StudyTables) -> Iterator[tuple[str, str]]:
    """Every name in the tables beside the observations, with its kind."""
    for line in (*_therapists(tables), *_contacts(tables), *_sessions(tables, ())):
        yield from ((kind, line[kind]) for kind in NAMES if kind in line)


def observations_to_share(reading: StudyReading, programme: Programme) -> list[ToShare]:
    """The observations that are not refused, with the facts about each that only the programme asks for."""
    free = {id: free_columns(each, programme.facts) for id, each in reading.checklists.items()}
    return [
        ToShare(_with_facts(each.observation, each.facts), free[each.checklist])
        for each in reading.entries
        if not each.observation.refused
    ]


def deidentified_study(
    kept: Sequence[ToShare], tables: StudyTables, programme: Programme, coding: Coding, wish: Wish
) -> DeidentifiedStudy:
    """Everything that the programme reads, with nothing left that tells who was meant without the key.

    What few share is counted over observations and sessions together, and of therapists among themselves.
    """
    free = free_facts(programme.facts)
    asked = [FACT + each.id for each in programme.facts]
    sessions, therapists = _sessions(tables, asked), _therapists(tables)
    of_sessions, of_therapists = (
        [_telling(each, free) for each in lines] for lines in (sessions, therapists)
    )
    found = deidentified(kept, coding, wish, of_sessions)
    few = shared_by_few(of_therapists, wish)
    texts = free if not wish.keep_text else frozenset()
    made = {
        THERAPISTS: _coded(therapists, coding, wish, few, texts),
        CONTACTS: _coded(_contacts(tables), coding, wish, (), ()),
        SESSIONS: _coded(sessions, coding, wish, found.few, texts),
    }
    written = Counter(name for each in (*sessions, *therapists) for name, text in each.items() if text)
    more_texts = {name: number for name, number in written.items() if name in texts}
    rare = taken_out(of_sessions, found.few) + taken_out(of_therapists, few)
    whole = found._replace(
        texts=Counter(found.texts) + Counter(more_texts),
        rare=Counter(found.rare) + rare,
        small=found.small + in_small_groups(of_therapists, few, wish),
    )
    return DeidentifiedStudy(whole, made, _left(tables, asked))


def _with_facts(observation: Observation, facts: Mapping[str, str]) -> Observation:
    return observation.model_copy(update={"facts": {**observation.facts, **facts}}) if facts else observation


# ---- the tables as they are


def _therapists(tables: StudyTables) -> list[Line]:
    return [
        {
            "therapist": name,
            "site": each.site,
            RETRAINED: ";".join(day.isoformat() for day in each.retrained),
            **{FACT + fact: text for fact, (text, *_) in each.facts.items()},
        }
        for name, each in tables.therapists.items()
    ]


def _contacts(tables: StudyTables) -> list[Line]:
    return [
        {"therapist": name, "client": each.client, "date": each.day.isoformat()}
        for name, each in tables.contacts
    ]


def _sessions(tables: StudyTables, asked: Collection[str]) -> list[Line]:
    """What the program knows of sessions, and the facts that the programme asks for."""
    return [
        {
            "session": each.session,
            "therapist": each.therapist,
            "client": each.client,
            "date": each.date.isoformat() if each.date else "",
            **{name: each.words.get(name, "") for name in OF_SESSIONS},
            UNAVAILABLE: each.unavailable,
            **{name: each.words.get(name.removeprefix(FACT), "") for name in asked},
        }
        for each in tables.sessions
    ]


def _left(tables: StudyTables, asked: Collection[str]) -> tuple[str, ...]:
    """The columns of sessions that the programme does not ask for: nobody knows what is in them."""
    known = {*OF_SESSIONS, *(name.removeprefix(FACT) for name in asked)}
    return tuple(dict.fromkeys(name for each in tables.sessions for name in each.words if name not in known))


# ---- the tables as they are shared


def _telling(line: Line, free: Collection[str]) -> Telling:
    told = ((name, text) for name, text in line.items() if name in SHARED or name.startswith(FACT))
    said = tuple((name, text) for name, text in told if text and name not in free)
    return Telling(line.get("client") or line["therapist"], line.get("site", ""), said)


def _coded(
    lines: Sequence[Line], coding: Coding, wish: Wish, few: Collection[Said], texts: Collection[str]
) -> list[Line]:
    """The rows by their codes and in the order of these, so that their order tells nothing."""
    made = [_line(each, coding, wish, few, texts) for each in lines]
    return sorted(made, key=lambda each: [each.get(name, "") for name in (*NAMES, "date")])


def _line(
    line: Line, coding: Coding, wish: Wish, few: Collection[Said], texts: Collection[str]
) -> dict[str, str]:
    moved = moved_by(coding, wish, {kind: line.get(kind, "") for kind in NAMES})
    made: dict[str, str] = {}
    for name, text in line.items():
        if name in NAMES:
            made[name] = coding.code(name, text)
        elif name in DAYS:
            days = (moved(date.fromisoformat(day)) for day in text.split(";") if day)
            made[name] = ";".join(str(day) for day in days)
        else:
            made[name] = "" if name in texts or (name, text) in few else text
    return made
