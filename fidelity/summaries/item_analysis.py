"""Sessions -> what was answered to each question, how often it was missed, and how it goes with the others.

The item-rest correlation is the one between the share of an item's points and that of the other items of the
headline (Nunnally and Bernstein 1994, Psychometric Theory, 3rd edition, corrected item-total correlation).
Sessions of one therapist are alike, so it describes these data; it is worked out from 30 sessions on.
"""

from collections.abc import Sequence
from statistics import StatisticsError, correlation
from typing import NamedTuple

import numpy as np

from fidelity.model.checklist import Checklist, Question
from fidelity.model.expression import reads
from fidelity.model.scale import Given, NotGiven
from fidelity.model.summary import AnsweredItem
from fidelity.summaries.columns import Answered, ScoredColumns
from fidelity.summaries.courses import Sessions, sessions_as_met
from fidelity.summaries.exact import Flags, Vector

FEWEST_SESSIONS = 30
FEWEST_OTHERS = 3
FEWEST_UNLIKE = 5  # sessions that differ from the usual answer; with fewer a single one makes the figure


class Share(NamedTuple):
    """Of each session the share of an item's points, the mean of its raters, where it is known."""

    values: Vector
    known: Flags


def item_analysis(columns: ScoredColumns, checklist: Checklist) -> tuple[AnsweredItem, ...]:
    """Every question but free text, in the order of the checklist."""
    read = _read(checklist)
    shares = _shares(columns, checklist)
    return tuple(
        _item(question, columns.answers[question.key], counted=question.key in read).model_copy(
            update=dict(zip(("rest", "rest_sessions"), _rest(question.key, shares), strict=True))
        )
        for question in checklist.questions
        if question.scale.kind != "text"
    )


def _read(checklist: Checklist) -> set[str]:
    return {
        each.key for score in checklist.scores for each in reads(score.formula) if each.kind == "question"
    }


# ---- one question


def _item(question: Question, answers: Answered, *, counted: bool) -> AnsweredItem:
    given = [(each, number) for each, number in answers.counts if isinstance(each, Given)]
    lowest, highest = _ends(question) if counted else (None, None)
    return AnsweredItem(
        item=question.key,
        ratings=len(answers.places),
        rated=sum(number for _, number in given),
        missed=None if lowest is None else sum(number for each, number in given if each.points == lowest),
        shown=None if highest is None else sum(number for each, number in given if each.points == highest),
        apart=_apart(answers),
        answers=_counts(question, given),
    )


def _apart(answers: Answered) -> dict[str, int]:
    found: dict[str, int] = {}
    for each, number in answers.counts:
        if isinstance(each, NotGiven):
            found[each.state.value] = found.get(each.state.value, 0) + number
    return dict(sorted(found.items()))


def _ends(question: Question) -> tuple[object, object]:
    points = question.points
    return (points[0], points[-1]) if len(set(points)) == 2 else (None, None)


def _counts(question: Question, given: Sequence[tuple[Given, int]]) -> dict[str, int]:
    """The answers of the scale in its order, used or not; then numbers that were given, by size."""
    counts: dict[str, int] = {}
    for each, number in given:
        counts[each.code] = counts.get(each.code, 0) + number
    listed = {each.id: counts.pop(each.id, 0) for each in question.scale.choices if each.means is None}
    numbers = {each.code: (each.number or 0, each.code) for each, _ in given}
    return {**listed, **{code: counts[code] for code in sorted(counts, key=lambda code: numbers[code])}}


# ---- an item and the rest


def _shares(columns: ScoredColumns, checklist: Checklist) -> dict[str, Share]:
    """For each question of the headline that has two points the shares of all sessions."""
    headline, sessions = checklist.headline, sessions_as_met(columns)
    keys = (
        dict.fromkeys(each.key for each in reads(headline.formula) if each.kind == "question")
        if headline
        else ()
    )
    questions = [checklist.question[key] for key in checklist.question if key in keys]
    return {
        each.key: _share(columns.answers[each.key], each, sessions)
        for each in questions
        if len(set(each.points)) == 2
    }


def _share(answers: Answered, question: Question, sessions: Sessions) -> Share:
    lowest, highest = float(question.points[0]), float(question.points[-1])
    points = [each.points if isinstance(each, Given) else None for each in answers.listed]
    shares = [np.nan if each is None else (float(each) - lowest) / (highest - lowest) for each in points]
    own = np.array([*shares, np.nan])[answers.places[sessions.rows]]
    known = ~np.isnan(own)
    number = np.bincount(sessions.of_row[known], minlength=len(sessions.sizes))
    total = np.bincount(sessions.of_row[known], own[known], minlength=len(sessions.sizes))
    return Share(total / np.maximum(number, 1), np.asarray(number > 0))


def _rest(key: str, shares: dict[str, Share]) -> tuple[float | None, int]:
    if key not in shares:
        return None, 0
    number = sum(each.known.astype(np.int64) for each in shares.values())
    total = sum(np.where(each.known, each.values, 0.0) for each in shares.values())
    used = shares[key].known & np.asarray(number > FEWEST_OTHERS)
    own = shares[key].values[used]
    if len(own) < FEWEST_SESSIONS:
        return None, len(own)
    usual = np.unique(own, return_counts=True)[1].max()
    if len(own) - usual < FEWEST_UNLIKE:
        return None, len(own)
    others = (np.asarray(total)[used] - own) / (np.asarray(number)[used] - 1)
    try:
        return correlation(own.tolist(), others.tolist()), len(own)
    except StatisticsError:
        return None, len(own)
