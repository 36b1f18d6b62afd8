"""What files brought -> what stands against storing it; and the storing, file by file, with a receipt."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection

from fidelity.errors import Facts, Problem
from fidelity.store.consent import withdrawn
from fidelity.store.content import Given, Parcel
from fidelity.store.receipts import Receipt, give_receipt
from fidelity.store.records import Objection, keep, objection_to, odd_code
from fidelity.store.texts import KeptText, keep_text

Objections = Mapping[str, Mapping[str, Problem]]  # by file and observation


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
    seen: dict[tuple[str, ...], tuple[Given, str]] = {}
    found: dict[str, dict[str, Problem]] = {}
    for parcel in parcels:
        for given in parcel.givens:
            one, odd = given.observation, odd_code(given)
            if odd:
                found.setdefault(parcel.file, {})[one.observation] = problem_of(
                    given, Objection("no_text", odd)
                )
            first, where = seen.setdefault(given.key, (given, parcel.file))
            if first.called(one.observation).content != given.content:
                facts: Facts = {
                    "kept_session": given.occasion,
                    "kept_rater": one.rater,
                    "no_rater": "" if one.rater else "no_rater",
                    "first_file": where,
                }
                found.setdefault(parcel.file, {})[one.observation] = Problem("RB506", one.place, facts)
            namesake, where = seen.setdefault((given.checklist, one.observation), (given, parcel.file))
            if namesake.key != given.key:
                facts = {
                    "kept_name": one.observation,
                    "other_session": namesake.occasion,
                    "first_file": where,
                }
                found.setdefault(parcel.file, {})[one.observation] = Problem("RB506", one.place, facts)
    return found


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
        case "no_text":
            return Problem("RB507", given.observation.place, {"no_text": objection.other})
    return Problem("RB506", given.observation.place, facts)
