"""Tables of a study, and what was observed -> everybody who is named, with the rows a programme judges."""

from collections.abc import Iterable, Sequence

from fidelity.model.observation import Observation
from fidelity.model.programme import Row
from fidelity.model.standing import Person
from fidelity.observe.study_tables import Known, StudyTables


def people(
    tables: StudyTables, named: Iterable[str], observed: Iterable[tuple[Observation, Row | None]]
) -> list[Person]:
    """The same from who is named in observations, and what the programme reads of each that was scored."""
    rows: dict[str, list[Row]] = {}
    sites: dict[str, str] = {}
    for name in (*tables.therapists, *named):
        rows.setdefault(name, [])
    for observation, row in observed:
        if row is not None:
            rows[observation.therapist].append(row)
        sites[observation.therapist] = observation.site or sites.get(observation.therapist, "")
    for name, contact in tables.contacts:
        rows.setdefault(name, []).append(contact)
    return [
        _person(name, tables.therapists.get(name), sites.get(name, ""), rows[name])
        for name in sorted(rows)
        if name
    ]


def _person(name: str, known: Known | None, site: str, rows: Sequence[Row]) -> Person:
    if known is None:
        return Person(name, site, {}, rows)
    return Person(name, site or known.site, known.facts, rows, known.retrained)
