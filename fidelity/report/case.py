"""One scored observation and the words for it: what its items, answers, levels and scores are called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from fidelity.model.checklist import Checklist, Result, Score
from fidelity.model.expression import Aggregate
from fidelity.model.number import rounded, trimmed, written
from fidelity.model.scale import Given, NonAnswer, NotGiven
from fidelity.model.score import Scored, ScoreValue, shown_score
from fidelity.report.words import Words, short

NAMED_ONE_BY_ONE = 6


@dataclass(frozen=True)
class Case:
    """One scored observation, and the words to tell it in."""

    checklist: Checklist
    scored: Scored
    words: Words

    def say(self, key: str, **facts: str | int | None) -> str:
        """A sentence of `[explanation]` in reports/words.toml."""
        return self.words.say(f"explanation.{key}", **facts)


def question_title(checklist: Checklist, key: str) -> str:
    """The wording of a question: its item's, for one of several scales also the scale's."""
    if key in checklist.question:
        question = checklist.question[key]
        facet = f" ({question.scale.title})" if "." in key else ""
        return checklist.item[question.item].title + facet
    named = checklist.group.get(key) or checklist.fact.get(key)
    return named.title if named else key


def quoted(case: Case, keys: Iterable[str], longest: int = NAMED_ONE_BY_ONE) -> str:
    """Several questions by their wording, in a row; of many only how many more."""
    return case.words.quoted((question_title(case.checklist, key) for key in keys), longest)


def answer_words(case: Case, key: str, code: str) -> str:
    """An answer as people say it: its title, behind its code where that is a number."""
    asked = case.checklist.question.get(key) or case.checklist.fact[key]
    choice = asked.scale.choice(code)
    if choice is None:
        return code
    numbered = choice.id[0].isdigit()
    return case.say("numbered", code=choice.id, answer=choice.title) if numbered else choice.title


def level_title(result: Result, id: str) -> str:
    """What a level is called."""
    return next(each.title for each in result.levels if each.id == id)


def level_name(result: Result, id: str) -> str:
    """The same without the advice behind its colon."""
    return short(level_title(result, id))


# ---- scores


def score_sentence(case: Case, key: str) -> str:
    """What a score came to, of how much; or why there is none, and between what it would lie."""
    score, value = case.checklist.score[key], case.scored.scores[key]
    if value.exact is None:
        return _not_scored(case, score, value)
    reached, possible = points_of(case, key) or (None, None)
    all_there = value.answered == value.applicable
    exact = None if _is_exact(value.exact, score.kind) else written(value.exact)
    return case.say(
        "scored_points" if reached else "scored",
        score=score.title or key,
        shown=shown_score(score, value.exact),
        answered=None if not value.applicable or (all_there and reached) else value.answered,
        applicable=value.applicable or None,
        points=reached,
        possible=possible,
        exact=exact,
    )


def bounds_sentence(case: Case, key: str) -> str:
    """Between what a score with blanks would lie; nothing for one without."""
    score, value = case.checklist.score[key], case.scored.scores[key]
    ends = open_bounds(value)
    if value.exact is None or ends is None:
        return ""
    low, high = (shown_score(score, each) for each in ends)
    return case.say("bounds", low=low, high=high)


def open_bounds(value: ScoreValue) -> tuple[Fraction, Fraction] | None:
    """The worst and the best case, where blanks leave room between them."""
    if value.low is None or value.high is None or value.low == value.high:
        return None
    return value.low, value.high


def points_of(case: Case, key: str) -> tuple[str, str] | None:
    """The points behind a percent of points, and how many there could be; nothing for other scores."""
    score, exact = case.checklist.score[key], case.scored.scores[key].exact
    node = score.formula
    if exact is None or not isinstance(node, Aggregate) or node.function != "percent":
        return None
    questions = [case.checklist.question[each.key] for each in node.over if each.kind == "question"]
    brought = [(each, case.scored.answers[each.key]) for each in questions]
    pairs = [
        (each.weight * answer.points, each.weight * each.points[-1])
        for each, answer in brought
        if isinstance(answer, Given) and answer.points is not None and each.points
    ]
    reached = sum((points for points, _ in pairs), Fraction(0))
    possible = sum((most for _, most in pairs), Fraction(0))
    return (
        (written(reached), written(possible))
        if possible and _comes_to(score, reached, possible, exact)
        else None
    )


def _comes_to(score: Score, reached: Fraction, possible: Fraction, exact: Fraction) -> bool:
    """Whether these points are what the score was worked out from."""
    percent = 100 * reached / possible
    if score.rounding is not None:
        return rounded(percent, score.rounding.places, score.rounding.mode) == exact
    return percent == exact


def _not_scored(case: Case, score: Score, value: ScoreValue) -> str:
    counts = {"answered": value.answered, "applicable": value.applicable}
    why = case.say(f"why.{value.not_scored or 'other'}", **counts)
    ends = open_bounds(value) if value.not_scored == "too_few_answered" else None
    low, high = (shown_score(score, each) for each in ends) if ends else (None, None)
    return case.say("not_scored", score=score.title or score.key, why=why, low=low, high=high)


def _is_exact(exact: Fraction, kind: str) -> bool:
    places = 1 if kind == "percent" else 2
    return trimmed(exact, places) == written(exact)


# ---- what stands in no score


def not_counted(case: Case) -> Iterator[str]:
    """What was left blank or did not apply, and so stands in no score."""
    questions = case.checklist.question
    open_ones = {
        key: answer.state
        for key, answer in case.scored.answers.items()
        if isinstance(answer, NotGiven) and questions[key].scale.kind != "text"
    }
    for state in NonAnswer:
        titles = [question_title(case.checklist, key) for key, found in open_ones.items() if found is state]
        if titles:
            words = case.say(f"state.{state.value}")
            yield case.say("not_counted", state=words, items="; ".join(titles))
    if not open_ones:
        yield case.say("all_counted")
