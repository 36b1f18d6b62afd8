"""Sessions -> what was answered to each question, how often it was missed, and how it goes with the others.

The item-rest correlation is the one between the share of an item's points and that of the other items of the
headline (Nunnally and Bernstein 1994, Psychometric Theory, 3rd edition, corrected item-total correlation).
Sessions of one therapist are alike, so it describes these data; it is worked out from 30 sessions on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import StatisticsError, correlation, fmean

from fidelity.model.checklist import Checklist, Question
from fidelity.model.expression import reads
from fidelity.model.scale import Given, NotGiven
from fidelity.model.summary import AnsweredItem
from fidelity.summaries.series import Rating, Session

FEWEST_SESSIONS = 30
FEWEST_OTHERS = 3
FEWEST_UNLIKE = 5  # sessions that differ from the usual answer; with fewer a single one makes the figure

Shares = Mapping[str, float]
Ends = Mapping[str, tuple[float, float]]


def item_analysis(sessions: Sequence[Session], checklist: Checklist) -> tuple[AnsweredItem, ...]:
    """Every question but free text, in the order of the checklist."""
    ratings = [rating for each in sessions for rating in each.ratings]
    read = _read(checklist)
    of_headline = {key for key in read if key in _read_by(checklist, headline=True)}
    ends = _floats(checklist, of_headline)
    shares = [_session_shares(ends, each) for each in sessions]
    return tuple(
        _item(question, ratings, counted=question.key in read).model_copy(
            update=dict(zip(("rest", "rest_sessions"), _rest(question.key, shares), strict=True))
        )
        for question in checklist.questions
        if question.scale.kind != "text"
    )


def _read(checklist: Checklist) -> set[str]:
    return _read_by(checklist, headline=False)


def _read_by(checklist: Checklist, *, headline: bool) -> set[str]:
    scores = [checklist.headline] if headline and checklist.headline else [] if headline else checklist.scores
    return {each.key for score in scores for each in reads(score.formula) if each.kind == "question"}


# ---- one question


def _item(question: Question, ratings: Sequence[Rating], *, counted: bool) -> AnsweredItem:
    answers = [each.scored.answers[question.key] for each in ratings]
    given = [each for each in answers if isinstance(each, Given)]
    lowest, highest = _ends(question) if counted else (None, None)
    return AnsweredItem(
        item=question.key,
        ratings=len(answers),
        rated=len(given),
        missed=None if lowest is None else sum(each.points == lowest for each in given),
        shown=None if highest is None else sum(each.points == highest for each in given),
        apart=dict(
            sorted(Counter(each.state.value for each in answers if isinstance(each, NotGiven)).items())
        ),
        answers=_counts(question, given),
    )


def _ends(question: Question) -> tuple[object, object]:
    points = question.points
    return (points[0], points[-1]) if len(set(points)) == 2 else (None, None)


def _counts(question: Question, given: Sequence[Given]) -> dict[str, int]:
    """The answers of the scale in its order, used or not; then numbers that were given, by size."""
    counts = Counter(each.code for each in given)
    listed = {each.id: counts.pop(each.id, 0) for each in question.scale.choices if each.means is None}
    numbers = {each.code: each.number or 0 for each in given}
    return {**listed, **{code: counts[code] for code in sorted(counts, key=lambda code: numbers[code])}}


# ---- an item and the rest


def _session_shares(ends: Ends, session: Session) -> Shares:
    """For each question the share of its points in a session, the mean of its raters."""
    found: dict[str, list[float]] = {}
    for rating in session.ratings:
        for key, (lowest, highest) in ends.items():
            answer = rating.scored.answers[key]
            if isinstance(answer, Given) and answer.points is not None:
                found.setdefault(key, []).append((float(answer.points) - lowest) / (highest - lowest))
    return {key: fmean(of) for key, of in found.items()}


def _floats(checklist: Checklist, keys: set[str]) -> Ends:
    """The lowest and the highest points of each question that has two."""
    of = {each.key: each.points for each in checklist.questions if each.key in keys}
    return {key: (float(points[0]), float(points[-1])) for key, points in of.items() if len(set(points)) == 2}


def _rest(key: str, sessions: Sequence[Shares]) -> tuple[float | None, int]:
    pairs = [
        (each[key], (sum(each.values()) - each[key]) / (len(each) - 1))
        for each in sessions
        if key in each and len(each) > FEWEST_OTHERS
    ]
    if len(pairs) < FEWEST_SESSIONS:
        return None, len(pairs)
    usual = Counter(own for own, _ in pairs).most_common(1)[0][1]
    if len(pairs) - usual < FEWEST_UNLIKE:
        return None, len(pairs)
    try:
        return correlation(*zip(*pairs, strict=True)), len(pairs)
    except StatisticsError:
        return None, len(pairs)
