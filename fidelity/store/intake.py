"""What files brought -> what stands against storing it; and the storing, file by file, with a receipt."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from fidelity.errors import Facts, Problem
from fidelity.store.consent import withdrawn
from fidelity.store.content import Given, Parcel, columns_of
from fidelity.store.receipts import Receipt, give_receipt
from fidelity.store.records import Objection, Stored, keep, objection_to, odd_code
from fidelity.store.same_session import Apart, session_in, told_apart
from fidelity.store.texts import KeptText, keep_text

Objections = Mapping[str, Mapping[str, Problem]]  # by file and observation
NOBODY = "not named"
Before = dict[tuple[str, ...], tuple[Given, str]]  # an observation, and its file, by what should be its own


def objections(connection: Connection, parcels: Iterable[Parcel], alone: Collection[str] = ()) -> Objections:
    """What stands against storing files, within a transaction; `alone` are the self-rated checklists."""
    gone = withdrawn(connection)
    found: dict[str, dict[str, Problem]] = {}
    for parcel in parcels:
        for given in parcel.givens:
            why = objection_to(connection, given, gone, alone=given.checklist in alone)
            if why is not None:
                found.setdefault(parcel.file, {})[given.observation.observation] = problem_of(given, why)
    return found


def contradictions(parcels: Iterable[Parcel]) -> Objections:
    """What shows without looking at the store.

    Observations that come twice at once, and differently: which is the later nobody can say. And codes with
    a sign that no text has.
    """
    records: Before = {}  # what came first under each record, and under each name
    names: Before = {}
    found: dict[str, dict[str, Problem]] = {}
    for parcel in parcels:
        for given in parcel.givens:
            odd = odd_code(given)
            wrong = (
                problem_of(given, Objection("no_text", odd)) if odd else None,
                _other_answers(given, parcel.file, records),
                _other_session(given, parcel.file, names),
            )
            for problem in filter(None, wrong):
                found.setdefault(parcel.file, {})[given.observation.observation] = problem
    return found


def _other_answers(given: Given, file: str, seen: Before) -> Problem | None:
    one = given.observation
    first, where = seen.setdefault(given.key, (given, file))
    if first.called(one.observation).content == given.content:
        return None
    apart = told_apart(session_in(first.observation), session_in(one))
    if apart is not None:
        return Problem("RB506", one.place, {**_sides(given, apart), "clash_file": where})
    facts = {"kept_session": given.occasion, "kept_rater": one.rater, "first_file": where}
    return Problem("RB506", one.place, {**facts, "no_rater": "" if one.rater else "no_rater"})


def _other_session(given: Given, file: str, seen: Before) -> Problem | None:
    one = given.observation
    namesake, where = seen.setdefault((given.checklist, one.observation), (given, file))
    if namesake.key == given.key:
        return None
    facts = {"kept_name": one.observation, "other_session": namesake.occasion, "first_file": where}
    return Problem("RB506", one.place, facts)


def doubts(kept: Iterable[Stored], parcels: Sequence[Parcel]) -> Iterator[Problem]:
    """A warning where two raters say one session of other people or days: they count as ratings of one."""
    fresh = {_session_of(given) for parcel in parcels for given in parcel.givens}
    said: dict[tuple[str, str], list[tuple[str, Mapping[str, str]]]] = {}
    for each in kept:
        if (each.checklist, each.occasion) in fresh:
            said.setdefault((each.checklist, each.occasion), []).append(
                (each.rater, columns_of(each.content))
            )
    for parcel in parcels:
        for given in parcel.givens:
            own, before = session_in(given.observation), said.setdefault(_session_of(given), [])
            yield from _of_two_sessions(given, own, before)
            before.append((given.observation.rater, own))


def _session_of(given: Given) -> tuple[str, str]:
    return given.checklist, given.occasion


def _of_two_sessions(
    given: Given, own: Mapping[str, str], before: Iterable[tuple[str, Mapping[str, str]]]
) -> Iterator[Problem]:
    for rater, columns in before:
        apart = told_apart(columns, own)
        if apart is not None and rater != given.observation.rater:
            facts = {
                "shared_session": given.occasion,
                "first_rater": rater or NOBODY,
                "clash_there": apart.there,
                "second_rater": given.observation.rater or NOBODY,
                "clash_here": apart.here,
            }
            yield Problem("RB506", given.observation.place, facts, graded="warning")
            return


def without(parcel: Parcel, names: Collection[str]) -> Parcel:
    """The parcel without some observations, which stay outside."""
    kept = tuple(given for given in parcel.givens if given.observation.observation not in names)
    return parcel._replace(givens=kept, left=parcel.left + len(parcel.givens) - len(kept))


def take_in(connection: Connection, parcel: Parcel, texts: Mapping[str, KeptText], who: str) -> Receipt:
    """Stores a file whole, within a transaction: the texts that it needs, its observations, its receipt."""
    for fingerprint in dict.fromkeys(given.fingerprint for given in parcel.givens):
        keep_text(connection, texts[fingerprint], who)
    kept = [keep(connection, given, who) for given in parcel.givens]
    return give_receipt(connection, parcel, kept, who)


def problem_of(given: Given, objection: Objection) -> Problem:
    """An objection in words, with the place of the observation."""
    facts: Facts
    match objection.why:
        case "withdrawn_client" | "withdrawn_session":
            facts = {"kept_session": given.occasion, objection.why: objection.why}
        case "unnamed_rater":
            facts = {"kept_session": given.occasion, "no_rater": "no_rater"}
        case "record_taken":
            facts = {"kept_session": given.occasion, "other_observation": objection.other}
        case "observation_taken":
            facts = {"kept_name": given.observation.observation, "other_session": objection.other}
        case "other_session":
            facts = _stored_as_another(given, objection)
        case "no_text":
            return Problem("RB507", given.observation.place, {"no_text": objection.other})
    return Problem("RB506", given.observation.place, facts)


def _stored_as_another(given: Given, objection: Objection) -> Facts:
    """What the study says of the session, what came in, and how `correct` would make the first the second."""
    apart = objection.apart
    if apart is None:
        return {}
    return {**_sides(given, apart), "clash_name": objection.other, "clash_settings": apart.settings}


def _sides(given: Given, apart: Apart) -> Facts:
    return {
        "clash_session": given.occasion,
        "clash_rater": given.observation.rater,
        "clash_there": apart.there,
        "clash_here": apart.here,
    }
