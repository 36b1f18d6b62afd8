"""JSON of already scored observations -> rows: a list of therapists, or what `fidelity score` writes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fidelity.errors import Problem
from fidelity.observe.course_rows import Raw, unreadable
from fidelity.observe.records import document
from fidelity.observe.table import not_a_table
from fidelity.place import Place

PERSON = ("therapist", "facts", "observations", "site")
OBSERVED = (
    *("date", "checklist", "source", "rater", "values", "client", "observation", "session", "selection"),
    *("facts", "site", "arm", "modality", "language", "minutes", "rated_on", "version", "evidence"),
    "rater_role",
)


def rows_of_document(path: Path, file: str) -> Iterator[Raw | Problem]:
    """The rows of a JSON file, and what is wrong with it."""
    found = document(path, file)
    if isinstance(found, dict) and isinstance(found.get("observations"), list):
        yield from _of_scores(found, file)
    elif isinstance(found, list):
        for number, person in enumerate(found, 1):
            yield from _of_person(person, number, file)
    else:
        raise not_a_table(file, "no_course")


# ---- a list of therapists


def _of_person(person: object, number: int, file: str) -> Iterator[Raw | Problem]:
    if not isinstance(person, dict):
        raise not_a_table(file, "no_record", record=number)
    place, spot = Place(file, number), {"record": number}
    yield from _strange(person, PERSON, place, spot)
    therapist = _text(person.get("therapist"))
    rows = person.get("observations", [])
    facts = person.get("facts") or {}
    if not isinstance(rows, list) or not isinstance(facts, dict):
        key = "facts" if isinstance(rows, list) else "observations"
        raise not_a_table(file, "no_group", record=number, key=key)
    yield from _nested(facts, place, spot)
    yield Raw(place, spot, therapist, facts={name: _text(value) for name, value in facts.items()})
    for at, row in enumerate(rows, 1):
        yield from _of_row(row, therapist, f"{number}, observation {at}", place)


def _of_row(row: object, therapist: str, record: str, place: Place) -> Iterator[Raw | Problem]:
    spot = {"record": record}
    if not isinstance(row, dict):
        raise not_a_table(place.file, "no_record", record=record)
    yield from _strange(row, OBSERVED, place, spot)
    values = {}
    for key in ("facts", "values"):
        group = row.get(key) or {}
        if not isinstance(group, dict):
            raise not_a_table(place.file, "no_group", record=record, key=key)
        yield from _nested(group, place, spot)
        values.update({name: _text(value) for name, value in group.items()})
    yield Raw(
        place,
        spot,
        therapist,
        date=_text(row.get("date")),
        checklist=_text(row.get("checklist")),
        source=_text(row.get("source")) or _text(row.get("evidence")),
        rater=_text(row.get("rater")) or _text(row.get("rater_role")),
        client=_text(row.get("client")),
        session=_text(row.get("session")),
        observation=_text(row.get("observation")),
        selection=_text(row.get("selection")),
        values=values,
    )


def _nested(group: Mapping[str, object], place: Place, spot: Mapping[str, object]) -> Iterator[Problem]:
    for name, value in group.items():
        if not isinstance(value, str | None):
            yield unreadable(place, {**spot, "column": name}, _shown(value), "is no value", name)


def _strange(
    found: Mapping[str, object], known: tuple[str, ...], place: Place, spot: Mapping[str, object]
) -> Iterator[Problem]:
    for name in found:
        if name not in known:
            yield Problem("RB501", place, {**spot, "no_such_column": name, "known": ", ".join(known)})


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _shown(value: object) -> str:
    return str(value)[:60].lower() if isinstance(value, bool) else str(value)[:60]


# ---- what `fidelity score` writes

GROUPS = ("facts", "scores", "results", "gates")


def _of_scores(found: Mapping[str, Any], file: str) -> Iterator[Raw | Problem]:
    checklist = found.get("checklist")
    id = _text(checklist.get("id")) if isinstance(checklist, dict) else ""
    if not id:
        raise not_a_table(file, "no_course")
    for number, row in enumerate(found["observations"], 1):
        if not isinstance(row, dict):
            raise not_a_table(file, "no_record", record=number)
        strange = [name for name in GROUPS if not isinstance(row.get(name) or {}, dict)]
        if strange:
            raise not_a_table(file, "no_group", record=number, key=strange[0])
        if not row.get("refused"):
            yield _scored(row, id, number, file)


def _scored(row: Mapping[str, Any], checklist: str, number: int, file: str) -> Raw:
    return Raw(
        Place(file, number),
        {"record": _text(row.get("observation")) or number},
        _text(row.get("therapist")),
        date=_text(row.get("date")),
        checklist=checklist,
        source=_text(row.get("evidence")),
        rater=_text(row.get("rater_role")),
        client=_text(row.get("client")),
        session=_text(row.get("session")),
        observation=_text(row.get("observation")),
        selection=_text(row.get("selection")),
        values={name: _text(value) for name, value in _group(row, "facts").items()},
        known=dict([*_scores(row), *_results(row), *_gates(row)]),
        evidence=_is_evidence(row),
    )


def _is_evidence(row: Mapping[str, Any]) -> bool:
    """Whether the checklist accepts how it was observed; a rating that was only late is accepted."""
    said = row.get("is_evidence")
    if isinstance(said, bool):
        return said
    marks = _listed(row, "marks")
    return not any(isinstance(each, dict) and each.get("code") == "RB511" for each in marks)


def _listed(row: Mapping[str, Any], name: str) -> list[Any]:
    found = row.get(name)
    return found if isinstance(found, list) else []


def _group(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _scores(row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    for key, value in _group(row, "scores").items():
        if not isinstance(value, dict):
            continue
        exact, shown = value.get("exact"), _text(value.get("shown"))
        # A group that did not apply has no score at all, and families pass it over.
        nothing = "." in key and value.get("applicable") == "0"
        sign = "%" if shown.endswith("%") else ""
        yield key, ((f"{exact}{sign}",) if isinstance(exact, str) else None if nothing else ())


def _results(row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    for key, value in _group(row, "results").items():
        if isinstance(value, dict):
            possible = [each for each in _listed(value, "possible") if isinstance(each, str)]
            yield key, tuple(possible) or None


def _gates(row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    for key, value in _group(row, "gates").items():
        yield key, (value,) if value in ("passes", "fails") else ()
