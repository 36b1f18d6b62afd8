"""What a form in a browser has saved -> observations, one for each session, or what is wrong with it."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fidelity.errors import Facts, Problem, ProblemsFound
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.model.form import PROTOCOL, fields, languages
from fidelity.model.observation import Observation
from fidelity.observe.blank import is_blank, nothing_filled_in
from fidelity.observe.match import Judge, Matching, columns_of, judge_of, observation, shortened
from fidelity.observe.records import document
from fidelity.observe.table import Row, Spot, Table, not_a_table
from fidelity.place import Place

ENDINGS = (".json", ".txt")  # phones share it as `….json.txt`
LARGEST_SAVED = 16_000_000  # bytes; a session has some 5,000
MOST_SESSIONS = 2_000
HEAD = ("format", "program", "checklist", "version", "fingerprint", "language", "sessions")
GROUPS = ("fields", "facts", "answers", "comments")
_MOST_TOLD = 2_000  # bytes in which a file says what it is
_SAYS_SO = re.compile(r'\s*\{\s*"format"\s*:\s*"fidelity-form/')
_OF_CHECKLIST = re.compile(r'"checklist"\s*:\s*"([^"]*)"')
_ID = re.compile(r"[0-9a-f]{16}")


def read_saved(path: Path, checklist: Checklist) -> Iterator[Observation | Problem]:
    """The observations in a file that this checklist's form has saved; only its codes are believed."""
    file = str(path)
    saved = _document(path, file)
    _check_origin(saved, checklist, file)
    sessions = saved["sessions"]
    if not isinstance(sessions, list) or not sessions or len(sessions) > MOST_SESSIONS:
        raise not_a_table(file, "no_sessions", most=f"{MOST_SESSIONS:,}")
    known, judge = _known(checklist), judge_of(checklist)
    for number, session in enumerate(sessions, 1):
        place = Place(file, number, 1, number, 2)
        yield from _session(place, session, checklist, known, judge)


def is_saved(path: Path) -> bool:
    """Whether a file says of itself that a form has saved it."""
    return path.suffix.lower() in ENDINGS and bool(_SAYS_SO.match(_beginning(path)))


def begins_as_saved(path: Path) -> bool:
    """Whether a file begins as what programs save, or cannot be read; people begin a note otherwise."""
    first = _beginning(path).lstrip()[:1]
    return first in ("", "{", "[", "\ufffd") or not first.isprintable()


def checklist_said(path: Path) -> str:
    """The checklist that a saved file says it belongs to; whether that is so, its reader checks."""
    said = _OF_CHECKLIST.search(_beginning(path))
    return said[1] if said else ""


def _beginning(path: Path) -> str:
    with suppress(OSError), path.open("rb") as source:
        return source.read(_MOST_TOLD).decode("utf-8-sig", "replace")
    return ""


def _document(path: Path, file: str) -> dict[str, Any]:
    """The file as a whole: a group of exactly the names that a form writes."""
    if path.stat().st_size > LARGEST_SAVED:
        raise not_a_table(file, "large", size=f"{LARGEST_SAVED // 1_000_000} MB")
    saved = document(path, file)
    if not isinstance(saved, dict) or "format" not in saved:
        raise not_a_table(file, "no_form")
    if saved["format"] != PROTOCOL:
        raise not_a_table(file, "later", protocol=shortened(str(saved["format"])))
    odd = list(_odd_names(saved, HEAD, Place(file), {}))
    odd += [_odd_value(Place(file), {}, key) for key in HEAD[:-1] if not isinstance(saved.get(key, ""), str)]
    if odd:
        raise ProblemsFound(odd)
    return saved


def _odd_names(
    group: Mapping[str, Any], wanted: Collection[str], place: Place, facts: Facts
) -> Iterator[Problem]:
    """Unknown names are refused: what this program does not understand it must not pass over."""
    for name in group:
        if name not in wanted:
            yield Problem("RB507", place, {**facts, "odd_name": shortened(name) or " "})
    for name in wanted:
        if name not in group:
            yield Problem("RB507", place, {**facts, "lost_name": name})


def _odd_value(place: Place, facts: Facts, where: str) -> Problem:
    return Problem("RB507", place, {**facts, "odd_value": where})


def _check_origin(saved: Mapping[str, Any], checklist: Checklist, file: str) -> None:
    """RB508 where the form was made from another checklist, another version, or another text of it."""
    version = checklist.about.version
    if saved["fingerprint"] == checklist.fingerprint and saved["checklist"] == checklist.id:
        if saved["language"] not in languages(checklist):
            raise not_a_table(file, "odd_language", language=shortened(saved["language"]) or " ")
        return
    facts = {"wanted": checklist.id, "version": version, "form_version": shortened(saved["version"])}
    if saved["checklist"] != checklist.id:
        facts["form_of"] = shortened(saved["checklist"])
    elif saved["version"] == version:
        facts["same_version"] = version
    raise ProblemsFound([Problem("RB508", Place(file), facts)])


# ---- one session


def _session(
    place: Place, session: Any, checklist: Checklist, known: Mapping[str, Collection[str]], judge: Judge
) -> Iterator[Observation | Problem]:
    if not isinstance(session, dict):
        yield _odd_value(place, {"form_session": place.line}, "sessions")
        return
    facts = {"form_session": _called(place.line, session)}
    odd = [*_odd_names(session, ("id", *GROUPS), place, facts), *_odd(session, place, facts, known)]
    yield from odd
    if odd:
        return
    table, row = _table(session, checklist, place, facts)
    if is_blank(dict(zip(table.headings, row.cells, strict=True)), checklist):
        yield nothing_filled_in(place.file, place, facts)
        return
    if not session["answers"]:
        yield Problem("RB507", place, {**facts, "blank_form": "blank_form"}, graded="warning")
    columns, problems = columns_of(table, checklist, ())
    yield from problems
    about = checklist.about
    matching = Matching(columns, judge, about.language, subject_column(about.unit))
    yield observation(table, row, matching, _name(session))


def _odd(
    session: Mapping[str, Any], place: Place, facts: Facts, known: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """What no form writes: another kind of value, or a name that the checklist does not have."""
    id = session.get("id")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        yield _odd_value(place, facts, "id")
    for group in GROUPS:
        held = session.get(group, {})
        if not isinstance(held, dict):
            yield _odd_value(place, facts, group)
            continue
        for name, value in held.items():
            if name not in known[group]:
                near = next(iter(get_close_matches(name, known[group], n=1)), "")
                yield Problem(
                    "RB501", place, {**facts, "unknown_name": shortened(name) or " ", "nearest": near}
                )
            elif not isinstance(value, str):
                yield _odd_value(place, facts, f"{group}, {name}")


def _table(session: Mapping[str, Any], checklist: Checklist, place: Place, facts: Facts) -> tuple[Table, Row]:
    """The session as a table of one row, each cell named by its session and column."""
    cells = {
        **session["fields"],
        **{f"fact.{name}": value for name, value in session["facts"].items()},
        **session["answers"],
        **{f"{name}.comment": value for name, value in session["comments"].items()},
        "checklist": checklist.id,
        "version": checklist.about.version,
    }
    spots = {index: Spot(place, {**facts, "column": name}) for index, name in enumerate(cells)}
    table = Table(place.file, "records", tuple(cells), iter(()), complete=False)
    return table, Row(place.line, list(cells.values()), spots)


def _known(checklist: Checklist) -> Mapping[str, Collection[str]]:
    """What each group may name."""
    asked = fields(checklist, checklist.about.language)
    return {
        "fields": [each.key for each in asked if not each.key.startswith("fact.")],
        "facts": list(checklist.fact),
        "answers": list(checklist.question),
        "comments": list(checklist.item),
    }


def _called(number: int, session: Mapping[str, Any]) -> str:
    """How messages name a session: its place in the file, and its code where it has one."""
    held = session.get("fields")
    code = held.get("session") if isinstance(held, dict) else None
    return f"{number} ({shortened(code)})" if isinstance(code, str) and code.strip() else str(number)


def _name(session: Mapping[str, Any]) -> str:
    """What the observation is called: session and rater, or site, day and rater, or else the session's id."""
    held = {key: value.strip() for key, value in session["fields"].items()}
    site, day = held.get("site", ""), held.get("date", "")
    named = held.get("session", "") or (f"{site}-{day}" if site and day else "")
    return f"{named}-{held['rater']}" if named and held.get("rater") else str(session["id"])
