"""Columns -> what they hold, rows -> observations; whatever does not fit the checklist becomes a Problem."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain
from typing import Any, Literal, get_args

from fidelity.errors import Problem
from fidelity.model.answering import misfit_problem, understood, understood_fact
from fidelity.model.checklist import Checklist
from fidelity.model.columns import KNOWN_COLUMNS, subject_column
from fidelity.model.number import plain_digits, read_number
from fidelity.model.observation import Observation, Selection
from fidelity.model.scale import Misfit, Scale
from fidelity.observe.other_files import is_form_page
from fidelity.observe.table import Cell, Odd, Row, Spot, Table, not_a_table
from fidelity.place import NOWHERE

DATES = ("date", "rated_on")
REPORTED = "reported."  # before the name of a score: the total that somebody wrote
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST_SHOWN = 60
_MOST_NAMES = 6

Kind = Literal["word", "answer", "fact", "comment", "reported"]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a word known by name, or answers, facts, comments or reported scores, by key."""

    index: int
    kind: Kind
    key: str


Judge = Callable[[Kind, str, str], Problem | None]


@dataclass(frozen=True, slots=True)
class Matching:
    """How rows are read: the columns, what cells are judged by, and whose decimal mark is meant.

    `subject` is the column that names what is judged where no therapist is named.
    """

    columns: tuple[Column, ...]
    judge: Judge
    language: str
    subject: str = "therapist"


def columns_of(
    table: Table, checklist: Checklist, ignore: Collection[str]
) -> tuple[tuple[Column, ...], tuple[Problem, ...]]:
    """The columns that hold something we know, and what is wrong with others or with absent ones."""
    columns: dict[str, Column] = {}
    problems: list[Problem] = []
    for index, name in enumerate(table.headings):
        if not name or name in ignore:
            continue
        if name in columns:
            problems.append(_heading_problem(table, index, twice=name))
        elif (known := _recognised(name, checklist)) is not None:
            columns[name] = Column(index, *known)
        elif name in table.asked:
            spot = table.heading_spot(index)
            problems.append(Problem("RB501", spot.place, {"asked": name}, graded="info"))
        else:
            problems.append(_unknown(table, index, checklist))
    if not columns and not any(each.facts.get("of_group") for each in problems):
        raise _foreign(table, checklist)
    expected_elsewhere = {str(each.facts.get("nearest")) for each in problems}
    problems += _absent(table, checklist, expected_elsewhere.union(columns))
    return tuple(columns.values()), tuple(problems)


def observation(table: Table, row: Row, matching: Matching, name: str) -> Observation:
    """The record of one row, with all its data errors; `name` serves where the row does not name itself."""
    found: dict[Kind, dict[str, str]] = {
        "word": {},
        "answer": {},
        "fact": {},
        "comment": {},
        "reported": {},
    }
    refused: list[Problem] = []
    for column in matching.columns:
        cell = row.cells[column.index]
        problem = _cell_problem(matching.judge, column, cell)
        if problem is not None:
            refused.append(located(problem, table.spot(row, column.index)))
        elif isinstance(cell, str) and cell and not cell.isspace():
            found[column.kind][column.key] = cell
    if not found["word"].get("therapist") and found["word"].get(matching.subject):
        found["word"]["therapist"] = found["word"][matching.subject]
    of_another = tuple(each for each in refused if each.code == "RB508")
    return Observation(
        **{"observation": name, **_words(found["word"], matching.language)},
        answers=found["answer"],
        facts=found["fact"],
        comments=found["comment"],
        reported=found["reported"],
        refused=of_another or tuple(refused),
        place=table.spot(row, 0).place,
    )


def judge_of(checklist: Checklist) -> Judge:
    """Says of a cell why it does not fit, or nothing; it remembers, as the same answers come again."""

    @lru_cache(maxsize=10_000)
    def remembered(kind: Kind, key: str, raw: str) -> Problem | None:
        match kind:
            case "answer":
                question = checklist.question[key]
                return _misfit(key, raw, understood(checklist, question, raw), question.scale, checklist)
            case "fact":
                fact = checklist.fact[key]
                return _misfit(key, raw, understood_fact(checklist, fact, raw), fact.scale, checklist)
            case "word":
                return _word_problem(checklist, key, raw.strip())
            case "comment":
                return None
            case "reported":
                return _reported_problem(key, raw, checklist.about.language)

    def judge(kind: Kind, key: str, raw: str) -> Problem | None:
        free = kind == "comment" or (kind == "answer" and checklist.question[key].scale.kind == "text")
        return None if free or not raw or raw.isspace() else remembered(kind, key, raw)

    return judge


def located(problem: Problem, spot: Spot) -> Problem:
    """The problem with the place where it stands, and that place in words."""
    return replace(problem, place=spot.place, facts={**problem.facts, **spot.facts})


def shortened(raw: str) -> str:
    """What a message shows of a long text."""
    plain = " ".join(raw.split())
    return plain if len(plain) <= _LONGEST_SHOWN else plain[: _LONGEST_SHOWN - 1] + "…"


def names_of(checklist: Checklist) -> list[str]:
    """Every column that data of this checklist may have."""
    facts = [f"fact.{each.id}" for each in checklist.facts]
    comments = [f"{each.id}.comment" for each in checklist.items]
    return [*KNOWN_COLUMNS, *checklist.question, *facts, *comments]


# ---- columns


def _recognised(name: str, checklist: Checklist) -> tuple[Kind, str] | None:
    if name in KNOWN_COLUMNS:
        return "word", name
    if name in checklist.question:
        return "answer", name
    if name.removeprefix("fact.") in checklist.fact and name.startswith("fact."):
        return "fact", name.removeprefix("fact.")
    if name.removesuffix(".comment") in checklist.item and name.endswith(".comment"):
        return "comment", name.removesuffix(".comment")
    if name.removeprefix(REPORTED) in checklist.score and name.startswith(REPORTED):
        return "reported", name.removeprefix(REPORTED)
    return None


def _unknown(table: Table, index: int, checklist: Checklist) -> Problem:
    name = table.headings[index]
    facets = [key for key, question in checklist.question.items() if question.item == name]
    if facets:
        return _heading_problem(table, index, unknown=name, facets=", ".join(facets))
    if name.startswith(REPORTED):
        scores = {f"{REPORTED}{key}": None for key in checklist.score}
        nearest = next(iter(get_close_matches(name, scores, n=1)), "")
        return _heading_problem(table, index, no_score=shortened(name), nearest=nearest)
    group, _, last = name.rpartition("/")
    if group and _recognised(last, checklist) is not None:
        return _heading_problem(table, index, grouped=name, nearest=last, of_group=group)
    word = "unknown" if table.heading_spot(index).facts["column"] == name else "unknown_item"
    free = [each for each in names_of(checklist) if each not in table.headings]
    owned = {each: f"fact.{each}" for each in checklist.fact} | {
        each: f"{REPORTED}{each}" for each in checklist.score
    }
    nearest = owned.get(name) or _nearest_name(name.casefold(), free)
    return _heading_problem(table, index, **{word: shortened(name)}, nearest=nearest)


def _nearest_name(name: str, free: list[str]) -> str:
    """The column that a misspelt or shortened name may mean, of those that are not there yet."""
    names = {each.casefold(): each for each in reversed(free)}
    longer = (each for each in names if len(name) > 1 and each.startswith(name))
    return names.get(next(chain(get_close_matches(name, names, n=1), longer), ""), "")


def _absent(table: Table, checklist: Checklist, seen: Collection[str]) -> list[Problem]:
    if not table.complete:
        return []
    items = [key for key, question in checklist.question.items() if not question.optional]
    absent = [name for name in [*_compulsory(checklist, seen), *items] if name not in seen]
    return [_heading_problem(table, 0, absent=_listed(absent))] if absent else []


def _compulsory(checklist: Checklist, seen: Collection[str]) -> tuple[str, str]:
    """A site or report may be named in the column of therapists too, as a checklist may call it so."""
    return "therapist" if "therapist" in seen else subject_column(checklist.about.unit), "date"


def _listed(names: list[str]) -> str:
    shown = names if len(names) <= _MOST_NAMES else [*names[: _MOST_NAMES - 1], "…"]
    return ", ".join(shown)


def _heading_problem(table: Table, index: int, **facts: object) -> Problem:
    spot = table.heading_spot(index)
    return Problem("RB501", spot.place, {**spot.facts, **facts})


def _foreign(table: Table, checklist: Checklist) -> Exception:
    if is_form_page(table.headings):
        return not_a_table(table.file, "form_page")
    first = shortened(next(iter(filter(None, table.headings)), ""))
    expected = _listed([*_compulsory(checklist, ()), *checklist.question])
    note = "note" if table.file.lower().endswith(".txt") else ""
    return not_a_table(
        table.file, "foreign", first=first, checklist=checklist.id, expected=expected, maybe_note=note
    )


# ---- cells


def _cell_problem(judge: Judge, column: Column, cell: Cell) -> Problem | None:
    return _odd(column, cell) if isinstance(cell, Odd) else judge(column.kind, column.key, cell)


def _odd(column: Column, cell: Odd) -> Problem:
    written = {"fact": f"fact.{column.key}", "comment": f"{column.key}.comment"}
    written["reported"] = f"{REPORTED}{column.key}"
    name = written.get(column.kind, column.key)
    return Problem("RB503", NOWHERE, {"item": name, "answer": shortened(cell.text), cell.kind: cell.kind})


def _misfit(name: str, raw: str, said: object, scale: Scale, checklist: Checklist) -> Problem | None:
    if not isinstance(said, Misfit):
        return None
    near = replace(said, nearest=said.nearest or _nearest_answer(raw, scale, checklist))
    problem = misfit_problem(name, shortened(raw), near)
    return replace(problem, facts={**problem.facts, "scored_so": _scored_so(raw, scale)})


def _scored_so(raw: str, scale: Scale) -> str:
    """The one answer that has a number as its points: other programs may keep answers by their points."""
    number = read_number(raw.strip())
    same = [each.id for each in scale.choices if number is not None and each.points == number]
    return same[0] if len(same) == 1 else ""


def _nearest_answer(raw: str, scale: Scale, checklist: Checklist) -> str:
    """The code that may be meant by a word, be it a misspelt code or what a form says in some language."""
    spoken = [each.texts for each in checklist.translations]
    words = {
        word.casefold(): each.id
        for each in scale.choices
        for word in (
            *(texts.get(("answer", each.id, scale.id), each.title) for texts in spoken),
            each.title,
            each.id,
        )
    }
    return words.get(next(iter(get_close_matches(raw.strip().casefold(), words, n=1)), ""), "")


def _word_problem(checklist: Checklist, word: str, raw: str) -> Problem | None:
    match word:
        case "date" | "rated_on":
            return date_problem(raw)
        case "minutes":
            return _minutes_problem(raw, checklist.about.language)
        case "selection":
            return _selection_problem(raw)
        case "checklist" if raw != checklist.id:
            return Problem("RB508", NOWHERE, {"other": shortened(raw), "wanted": checklist.id})
        case "version" if raw != checklist.about.version:
            facts = {"other_version": shortened(raw), "version": checklist.about.version}
            return Problem("RB508", NOWHERE, {**facts, "wanted": checklist.id})
        case _:
            return None


def date_problem(raw: str) -> Problem | None:
    """Why a text is no date, or nothing; not located yet."""
    plain = plain_digits(raw)
    if not _DAY.fullmatch(plain):
        return Problem("RB505", NOWHERE, {"answer": shortened(raw)})
    try:
        date.fromisoformat(plain)
    except ValueError:
        return Problem("RB505", NOWHERE, {"no_such_day": plain})
    return None


def _minutes_problem(raw: str, language: str) -> Problem | None:
    number = read_number(raw, language)
    if number is not None and number >= 0:
        return None
    why = "is not a number" if number is None else "is outside the range"
    return misfit_problem("minutes", shortened(raw), Misfit("RB504", "", "a number of at least 0", why))


def _reported_problem(score: str, raw: str, language: str) -> Problem | None:
    if read_number(raw.strip().removesuffix("%"), language) is not None:
        return None
    return misfit_problem(f"{REPORTED}{score}", shortened(raw), Misfit("RB504", "", "", "is not a number"))


def _selection_problem(raw: str) -> Problem | None:
    words = get_args(Selection)
    if raw in words:
        return None
    nearest = next(iter(get_close_matches(raw.casefold(), words, n=1)), "")
    return misfit_problem("selection", shortened(raw), Misfit("RB503", nearest, ", ".join(words)))


def _words(found: dict[str, str], language: str) -> dict[str, Any]:
    words: dict[str, Any] = {key: raw.strip() for key, raw in found.items()}
    for key in DATES:
        if key in words:
            words[key] = date.fromisoformat(plain_digits(words[key]))
    if "minutes" in words:
        words["minutes"] = read_number(words["minutes"], language)
    return words
