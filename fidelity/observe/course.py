"""Files of already scored observations -> each therapist's facts and dated rows."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem, ProblemsFound
from fidelity.model.claim import Values
from fidelity.model.programme import CONTACT, Programme, Row
from fidelity.model.scale import Misfit
from fidelity.observe.course_documents import rows_of_document
from fidelity.observe.course_rows import Raw, rows_of_table, therapists_of_table, unreadable
from fidelity.observe.course_values import Wanted, complete, key_in, misfit, possible_in, wanted
from fidelity.observe.files import RECORDS, data_files, is_kept, shown
from fidelity.observe.table import not_a_table
from fidelity.place import Place

FOR_CAUSE = "for_cause"
SELECTIONS = ("", "planned", "replacement", FOR_CAUSE)


class Course(NamedTuple):
    """What is known of one therapist; the rows are in the order of the files."""

    therapist: str
    facts: Values
    rows: tuple[Row, ...]


class Courses(NamedTuple):
    """All therapists in order of their first row, and everything that is wrong or doubtful."""

    therapists: tuple[Course, ...]
    problems: tuple[Problem, ...]


def read_courses(paths: Iterable[Path], programme: Programme, therapists: Path | None = None) -> Courses:
    """The courses that scored data hold; what cannot be read is among the problems."""
    problems: list[Problem] = []
    raws = list(_raws(paths, problems))
    table = list(_table(therapists, problems)) if therapists is not None else []
    facts = _facts([*table, *raws], programme, problems)
    dated = [raw for raw in raws if raw.is_row and raw.therapist and raw.date]
    problems += [*_left_out(raws), *_twice(dated), *_unread(dated, programme)]
    rows: dict[str, list[Row]] = {raw.therapist: [] for raw in raws if raw.therapist}
    kinds = wanted(programme)
    for raw in dated:
        own = rows[raw.therapist]
        own += _row(raw, len(own), kinds, problems)
    completed = _completed(rows)
    return Courses(
        tuple(Course(name, facts.get(name, {}), completed[name]) for name in rows), tuple(problems)
    )


def _raws(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Raw]:
    files, wrong = data_files(paths)
    problems += wrong
    for path in files:
        if is_kept(path):
            problems += not_a_table(shown(path), "store_here").problems
            continue
        read = rows_of_document if path.suffix.lower() in RECORDS else rows_of_table
        try:
            yield from _without_problems(read(path, str(path)), problems)
        except ProblemsFound as trouble:
            problems += trouble.problems


def _table(path: Path, problems: list[Problem]) -> Iterator[Raw]:
    files, wrong = data_files([path])
    problems += wrong
    for each in files:
        try:
            yield from _without_problems(therapists_of_table(each, str(each)), problems)
        except ProblemsFound as trouble:
            problems += trouble.problems


def _without_problems(found: Iterable[Raw | Problem], problems: list[Problem]) -> Iterator[Raw]:
    for each in found:
        if isinstance(each, Problem):
            problems.append(each)
        else:
            yield each


# ---- facts about therapists


def _facts(
    raws: Iterable[Raw], programme: Programme, problems: list[Problem]
) -> dict[str, dict[str, tuple[str, ...]]]:
    scales = {each.id: each.scale for each in programme.facts}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for raw in raws:
        for name, text in raw.facts.items():
            if name not in scales:
                near = get_close_matches(name, scales, 1)
                if near:
                    said = {"no_fact": name, "nearest": near[0]}
                    problems.append(Problem("RB501", raw.place, said, graded="warning"))
                continue
            answer = scales[name].understand(text)
            if isinstance(answer, Misfit):
                allowed = {"allowed": answer.allowed, "nearest": answer.nearest}
                facts = {**raw.spot, "column": name, "answer": text, "item": f'"{name}"', "why": answer.why}
                problems.append(Problem(answer.code, raw.place, {**facts, **allowed}))
            elif text:
                found.setdefault(raw.therapist, {})[name] = (text,)
    return found


# ---- rows


def _row(raw: Raw, number: int, found: Wanted, problems: list[Problem]) -> list[Row]:
    day = _day(raw.date)
    if day is None:
        problems.append(Problem("RB505", raw.place, {**raw.spot, "column": "date", "answer": raw.date}))
        return []
    problems += [*_odd_selection(raw), *_misfits(raw, found)]
    return [
        Row(
            day,
            raw.checklist,
            raw.source,
            raw.rater,
            raw.client,
            raw.session or raw.observation or f"{raw.therapist} {raw.date} {number}",
            {**raw.known, **{key_in(name): possible_in(text) for name, text in raw.values.items()}},
            raw.selection == FOR_CAUSE,
            raw.evidence,
            raw.observation,
        )
    ]


def _day(text: str) -> dt.date | None:
    """The day that is written as year-month-day, and in no other way."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if text == day.isoformat() else None


def _odd_selection(raw: Raw) -> Iterator[Problem]:
    if raw.selection not in SELECTIONS:
        allowed = ", ".join(each for each in SELECTIONS if each)
        facts = {**raw.spot, "column": "selection", "answer": raw.selection, "item": "selection"}
        yield Problem("RB503", raw.place, {**facts, "allowed": allowed})


def _misfits(raw: Raw, found: Wanted) -> Iterator[Problem]:
    """Values that what reads them cannot take: those of the row, then those known of its checklist."""
    for name, text in raw.values.items():
        why = misfit(text, raw.checklist, key_in(name), found) if possible_in(text) else ""
        if why:
            place, spot = raw.spots.get(name) or (raw.place, {**raw.spot, "column": name})
            yield unreadable(place, spot, text, why, name)
    for name, possible in raw.known.items():
        why = next((misfit(text, raw.checklist, name, found) for text in possible or ()), "")
        if why:
            spot = {**raw.spot, "column": name}
            yield unreadable(raw.place, spot, ", ".join(possible or ()), why, name)


def _twice(raws: Iterable[Raw]) -> Iterator[Problem]:
    """RB506 where one observation stands twice: the same file named twice, or a row copied."""
    seen: dict[tuple[str, ...], Raw] = {}
    for raw in raws:
        if not raw.observation:
            continue
        key = (raw.therapist, raw.checklist, raw.observation, raw.date, raw.rater, raw.source)
        first = seen.setdefault(key, raw)
        if first is not raw:
            facts = {"observation": raw.observation, "first_file": first.place.file}
            yield Problem("RB506", raw.place, facts)


def _left_out(raws: Iterable[Raw]) -> Iterator[Problem]:
    """A warning that counts the rows without a therapist or a date: nobody knows where they belong."""
    rows = [raw for raw in raws if raw.is_row]
    nameless = sum(not raw.therapist for raw in rows)
    undated = sum(not raw.date for raw in rows)
    if nameless or undated:
        facts = {"no_therapist": nameless or "", "no_date": undated or "", "rows": len(rows)}
        yield Problem("RB505", Place(rows[0].place.file), facts, graded="warning")


def _unread(raws: Iterable[Raw], programme: Programme) -> Iterator[Problem]:
    """A warning for each checklist that the programme does not use: perhaps it is misspelt."""
    used = [CONTACT, *(each.id for each in programme.uses)]
    told: set[str] = set()
    for raw in raws:
        if raw.checklist in used or raw.checklist in told:
            continue
        told.add(raw.checklist)
        nearest = next(iter(get_close_matches(raw.checklist, used, 1)), "")
        facts = {**raw.spot, "unread": raw.checklist or "-", "nearest_used": nearest}
        yield Problem("RB508", raw.place, facts, graded="warning")


def _completed(rows: Mapping[str, list[Row]]) -> dict[str, tuple[Row, ...]]:
    every = complete([row for own in rows.values() for row in own])
    found: dict[str, tuple[Row, ...]] = {}
    at = 0
    for name, own in rows.items():
        found[name] = tuple(every[at : at + len(own)])
        at += len(own)
    return found
