"""All sessions delivered, and a sampling plan -> the list of sessions to observe, with their reserves."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from fidelity.model.claim import Many, Values, claims_in
from fidelity.model.programme import SamplingPlan
from fidelity.model.session import Delivered
from fidelity.summaries.sampling.chance import Noticed, in_a_year, noticed
from fidelity.summaries.sampling.draw import Planned, planned, rated_twice
from fidelity.summaries.sampling.numbers import permanent_number, shown_number
from fidelity.summaries.sampling.raters import Raters, assigned
from fidelity.summaries.sampling.spread import Cell, Session, cell_of, in_turn

RESERVES = 2  # for each session taken in a cell
THIRDS = ("early", "middle", "late")


class PlanRow(NamedTuple):
    """One line of the plan: a session to observe, or a session in reserve with its place in its cell."""

    sample: str
    therapist: str
    session: str
    client: str
    date: str
    stratum: str
    number: str
    take: Literal["observe", "reserve"]
    place: str
    second: Literal["yes", ""]
    rater: str
    second_rater: str


class TherapistPlan(NamedTuple):
    """What a plan takes of one therapist; `a_year` is None where no change can be judged from so few."""

    therapist: str
    eligible: int
    planned: int
    twice: int
    a_year: int
    noticed: Noticed | None


class Sample(NamedTuple):
    """One sampling plan carried out: its pool, what it takes, and the list."""

    plan: SamplingPlan
    pool: Mapping[str, Session]
    planned: Planned
    second: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    therapists: tuple[TherapistPlan, ...]


def sample_of(plan: SamplingPlan, sessions: Sequence[Delivered], raters: Sequence[str] = ()) -> Sample:
    """One sample; the order of the table does not matter."""
    eligible = [each for each in as_held(sessions) if each.words.get("checklist", "") in ("", plan.checklist)]
    pool = {each.id: each for each in pool_of(eligible)}
    found = planned(plan, list(pool.values()))
    second = tuple(rated_twice(plan, found.taken))
    who = assigned(plan.seed, [pool[each] for each in sorted(found.taken)], second, raters)
    return Sample(
        plan,
        pool,
        found,
        second,
        tuple(_rows(plan, pool, found.taken, second, who, {each.session: each for each in eligible})),
        tuple(_therapists(eligible, found.taken, second)),
    )


def of_checklist(checklist: str, sessions: Iterable[Delivered]) -> list[Delivered]:
    """The sessions as held that may be rated with a checklist: all that name no other one."""
    return [each for each in as_held(sessions) if each.words.get("checklist", "") in ("", checklist)]


def pool_of(sessions: Sequence[Delivered]) -> list[Session]:
    """Sessions as held -> as a plan draws from them, each with the third of the treatment it falls into."""
    thirds = _thirds(sessions)
    return [
        Session(each.session, each.client, _values(each, thirds.get(each.session, "")), each.therapist)
        for each in sessions
    ]


def reserves(plan: SamplingPlan, pool: Mapping[str, Session], taken: frozenset[str]) -> dict[Cell, list[str]]:
    """The sessions that were not taken, by cell, in the order in which they replace one that was."""
    cells: dict[Cell, list[Session]] = {}
    for each in pool.values():
        cells.setdefault(own_cell(plan, each), []).append(each)
    return {
        cell: [each.id for each in in_turn(plan.seed, sessions, (), taken)]
        for cell, sessions in cells.items()
    }


def own_cell(plan: SamplingPlan, session: Session) -> Cell:
    """The therapist, and what the plan is spread over: within it one session stands for another."""
    return (session.therapist, *cell_of(session, plan.spread))


def needed(plan: SamplingPlan) -> tuple[str, ...]:
    """The columns of the table of sessions that a plan cannot do without."""
    drawn = [*plan.rates, *plan.floors]
    named = [*plan.spread, *(line.each for line in plan.first), *(line.each for line in drawn)]
    claims = [claim for line in plan.first if line.claim for claim in claims_in(line.claim)]
    named += [claim.family if isinstance(claim, Many) else claim.key for claim in claims]
    return tuple(dict.fromkeys(name for name in named if name not in ("", "therapist")))


# ---- thirds of the treatment


def as_held(sessions: Iterable[Delivered]) -> list[Delivered]:
    """The sessions in the order in which they were held, whatever the order of the table."""
    return sorted(sessions, key=lambda each: (each.date or dt.date.max, each.number or 0, each.session))


def _thirds(sessions: Sequence[Delivered]) -> dict[str, str]:
    """Early, middle or late, against the longest treatment of the same modality; blank where unknown."""
    places = _places(sessions)
    longest: dict[str, int] = {}
    for each in sessions:
        kind = each.words.get("modality", "")
        longest[kind] = max(longest.get(kind, 0), places.get(each.session, 0))
    return {
        each.session: THIRDS[3 * (places[each.session] - 1) // longest[each.words.get("modality", "")]]
        for each in sessions
        if each.session in places
    }


def _places(sessions: Sequence[Delivered]) -> dict[str, int]:
    """The number in the treatment as the table has it, else by the dates of the client's sessions."""
    counted: Counter[tuple[str, str]] = Counter()
    found: dict[str, int] = {}
    for each in sessions:
        if each.number is not None:
            found[each.session] = each.number
        elif each.client and each.date:
            counted[each.therapist, each.client] += 1
            found[each.session] = counted[each.therapist, each.client]
    return found


def _values(session: Delivered, third: str) -> Values:
    words = {**session.words, "session": third}
    return {name: (text,) for name, text in words.items() if text}


# ---- the list


def _rows(
    plan: SamplingPlan,
    pool: Mapping[str, Session],
    taken: frozenset[str],
    second: Sequence[str],
    who: Mapping[str, Raters],
    known: Mapping[str, Delivered],
) -> list[PlanRow]:
    places: dict[str, int] = {}
    used = Counter(own_cell(plan, pool[each]) for each in taken)
    for cell, waiting in reserves(plan, pool, taken).items():
        near = waiting[: RESERVES * used[cell]]
        places |= {session: place for place, session in enumerate(near, start=1)}
    listed = sorted(
        [*taken, *places],
        key=lambda session: (
            own_cell(plan, pool[session]),
            places.get(session, 0),
            permanent_number(plan.seed, session),
        ),
    )
    both = frozenset(second)
    return [
        _row(plan, pool[session], known[session], places.get(session), who.get(session, Raters()))._replace(
            second="yes" if session in both else ""
        )
        for session in listed
    ]


def _row(plan: SamplingPlan, session: Session, known: Delivered, place: int | None, who: Raters) -> PlanRow:
    return PlanRow(
        plan.id,
        session.therapist,
        session.id,
        session.client,
        known.date.isoformat() if known.date else "",
        stratum(plan, session),
        shown_number(permanent_number(plan.seed, session.id)),
        "observe" if place is None else "reserve",
        "" if place is None else str(place),
        "",
        who.rater,
        who.second,
    )


def stratum(plan: SamplingPlan, session: Session) -> str:
    """What a session was spread by, in words: `modality group; session early`."""
    words = zip(plan.spread, cell_of(session, plan.spread), strict=True)
    return "; ".join(f"{name} {word}" for name, word in words)


def _therapists(
    eligible: Sequence[Delivered], taken: frozenset[str], second: Sequence[str]
) -> list[TherapistPlan]:
    both = frozenset(second)
    courses: dict[str, list[Delivered]] = {each: [] for each in sorted({one.therapist for one in eligible})}
    for each in eligible:
        courses[each.therapist].append(each)
    return [_therapist(therapist, own, taken, both) for therapist, own in courses.items()]


def _therapist(
    therapist: str, own: Sequence[Delivered], taken: frozenset[str], both: frozenset[str]
) -> TherapistPlan:
    planned = sum(each.session in taken for each in own)
    a_year = in_a_year(planned, [each.date for each in own if each.date])
    twice = sum(each.session in both for each in own)
    return TherapistPlan(therapist, len(own), planned, twice, a_year, noticed(a_year))
