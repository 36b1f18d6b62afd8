"""What is said about each row beside its scores: marks, comments still to be written, lists."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.condition import mask, verdict
from fidelity.evaluate.columns.known import Known, aside, recorded_as, told
from fidelity.evaluate.columns.number import any_of
from fidelity.evaluate.member import same_answers
from fidelity.model.checklist import Item, Listing
from fidelity.model.number import plain_digits, read_number
from fidelity.model.period import later
from fidelity.model.scale import Given

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Named = list[tuple[str, pl.Expr]]


class Remarks(NamedTuple):
    """For each list its members, the items whose comment is missing, and the marks by code and item.

    `circumstances` says why there is an RB511.
    """

    lists: dict[str, Named]
    comments: Named
    marks: list[tuple[str, str | None, pl.Expr]]
    circumstances: dict[str, pl.Expr]


def remarks(known: Known, not_counted: dict[str, pl.Expr], names: frozenset[str]) -> Remarks:
    """The remarks over a frame that has columns of these names."""
    checklist = known.checklist
    of_answers: list[tuple[str, str | None, pl.Expr]] = [
        ("RB502", key, where) for key, where in not_counted.items()
    ]
    circumstances = {why: known.plan.keep(where) for why, where in _circumstantial(known, names)}
    return Remarks(
        {each.id: list(_members(known, each).items()) for each in checklist.lists},
        [
            (each.id, needed)
            for each in checklist.items
            if (needed := _comment(known, each, names)) is not None
        ],
        [*of_answers, ("RB511", None, any_of(list(circumstances.values())))],
        circumstances,
    )


# ---- lists


def _members(known: Known, node: Listing) -> dict[str, pl.Expr]:
    """The items rated so, or the groups whose level is surely one of these."""
    found: dict[str, list[pl.Expr]] = {}
    for key in node.questions:
        question, asked = known.checklist.question[key], known.asked[key]
        codes = same_answers(question.scale, node.rated)
        found.setdefault(question.item, []).append(recorded_as(asked, codes))
    for key in node.results:
        result, possible = known.checklist.result[key], known.results[key]
        fitting = mask([place for place, each in enumerate(result.levels) if each.id in node.rated])
        surely = (possible != 0) & ((possible & fitting) == possible)
        found.setdefault(result.group or result.name, []).append(surely)
    return {name: known.plan.keep(any_of(parts)) for name, parts in found.items()}


# ---- comments


def _comment(known: Known, item: Item, names: frozenset[str]) -> pl.Expr | None:
    """Where the item's comment is needed and not there; nothing where it never is needed."""
    tests = list(_comment_tests(known, item))
    if not tests:
        return None
    needed = any_of(tests)
    name = f"{item.id}.comment"
    if name not in names:
        return known.plan.keep(needed)
    text = pl.col(name).cast(pl.String)
    return known.plan.keep(needed & (text.is_null() | (text.str.strip_chars() == "")))


def _comment_tests(known: Known, item: Item) -> Iterator[pl.Expr]:
    for question in known.checklist.questions:
        if question.item != item.id:
            continue
        asked = known.asked[question.key]
        marked = {each.id for each in question.scale.choices if each.needs_comment}
        if marked:
            yield told(asked, [each.code in marked for each in asked.answers.listed])
        if item.always_comment:
            yield told(asked, [isinstance(each, Given) for each in asked.answers.listed])
    if item.comment_when is not None:
        yield verdict(aside(known), item.comment_when).true


# ---- how and when the record was made


def _circumstantial(known: Known, names: frozenset[str]) -> Iterator[tuple[str, pl.Expr]]:
    about = known.checklist.about
    if about.observed is not None and "minutes" in names:
        band, language = about.observed, about.language
        yield (
            "too_short",
            said(
                ["minutes"],
                lambda raw: (number := read_number(raw, language)) is not None and not band.holds(number),
            ),
        )
    if about.rated_within is not None and {"date", "rated_on"} <= names:
        period, unit = about.rated_within
        yield (
            "too_late",
            said(
                ["date", "rated_on"],
                lambda seen, rated: _is_late(day_in(seen), day_in(rated), period, unit),
            ),
        )
    for name, accepted in (("rater_role", about.raters), ("evidence", about.evidence)):
        if accepted and name in names:
            yield name, said([name], lambda raw, accepted=accepted: raw not in accepted)


def said(names: list[str], test: Callable[..., bool]) -> pl.Expr:
    """Whether the test holds of what stands in the columns; false where one of them is blank.

    Asked once for each different value.
    """

    def told_of(series: pl.Series) -> pl.Series:
        rows = series.struct.unnest().with_columns(pl.all().cast(pl.String).str.strip_chars().fill_null(""))
        different = rows.unique()
        truth = [all(row) and test(*row) for row in different.iter_rows()]
        known = different.with_columns(pl.Series("", truth, dtype=pl.Boolean))
        return rows.join(known, on=names, how="left", maintain_order="left")[""]

    return pl.struct(names).map_batches(told_of, return_dtype=pl.Boolean, is_elementwise=True)


def _is_late(seen: date | None, rated: date | None, number: int, unit: str) -> bool:
    return seen is not None and rated is not None and rated > later(seen, number, unit)


def day_in(raw: str) -> date | None:
    """The day that a text says, year-month-day; None when it says none."""
    plain = plain_digits(raw)
    if not _DAY.fullmatch(plain):
        return None
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return None
