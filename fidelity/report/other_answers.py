"""A search -> sentences: what would have had to be seen for another level, never what to rate instead."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from fidelity.model.change import Choice, Search, Shortfall, Way
from fidelity.model.checklist import Result
from fidelity.model.expression import Aggregate
from fidelity.model.number import written
from fidelity.report.case import (
    NAMED_ONE_BY_ONE,
    Case,
    answer_words,
    level_name,
    points_of,
    question_title,
    quoted,
)


def heading(case: Case, result: Result) -> str:
    """What stands above the sentences."""
    is_open = case.scored.results[result.key].level is None
    return case.say("would_decide" if is_open else "changed")


def change_sentences(case: Case, result: Result, search: Search) -> list[str]:
    """What would have led to another level, and how far that was looked for."""
    is_open = case.scored.results[result.key].level is None
    first = _settled(case, result, search) if is_open else _short(case, result, search.shortfall)
    ways = _ways(case, result, search.ways)
    more = len(ways) - NAMED_ONE_BY_ONE
    rest = [case.say("more", number=more)] if more > 0 else []
    return [*first, *ways[:NAMED_ONE_BY_ONE], *rest, *_how_far(case, search, is_open=is_open)]


def first_change(case: Case, result: Result, search: Search) -> list[str]:
    """The first of them, and nothing about how far it was looked."""
    ways = _ways(case, result, search.ways)
    is_open = case.scored.results[result.key].level is None
    return ways[:1] or (_settled(case, result, search) if is_open else _short(case, result, search.shortfall))


# ---- the ways


def _ways(case: Case, result: Result, ways: Sequence[Way]) -> list[str]:
    """A sentence for each; answers that do the same in one."""
    alike: dict[tuple[tuple[str, ...], str], list[str]] = {}
    told: list[Way | tuple[tuple[str, ...], str]] = []
    for way in ways:
        only = way.choices[0]
        if len(way.choices) > 1 or only.number > 1:
            told.append(way)
            continue
        same = (only.questions, way.level)
        if same not in alike:
            told.append(same)
        alike.setdefault(same, []).append(only.answer)
    return [
        _joined(case, result, each)
        if isinstance(each, Way)
        else _single(case, result, each[0], alike[each], each[1])
        for each in told
    ]


def _single(case: Case, result: Result, keys: tuple[str, ...], answers: Sequence[str], level: str) -> str:
    """One step, or any one of several that count alike, with every answer that would do."""
    words = case.say("or").join(_answers(case, keys[0], answers))
    title = level_name(result, level)
    if len(keys) == 1:
        item = question_title(case.checklist, keys[0])
        return case.say(f"change{_open(case, result)}", item=item, answers=words, level=title)
    items = quoted(case, keys)
    return case.say(
        f"any{_open(case, result)}", number=1, all=len(keys), answers=words, level=title, items=items
    )


def _answers(case: Case, key: str, answers: Sequence[str]) -> list[str]:
    """The answers in words; of many numbers the first and the last."""
    words = [answer_words(case, key, each) for each in answers]
    return (
        words
        if len(words) <= NAMED_ONE_BY_ONE
        else [case.words.say("date.period", first=words[0], last=words[-1])]
    )


def _joined(case: Case, result: Result, way: Way) -> str:
    """Several steps together."""
    title, first, mood = level_name(result, way.level), way.choices[0], _open(case, result)
    if len(way.choices) == 1 and len(first.questions) > first.number:
        return case.say(
            f"any{mood}",
            number=first.number,
            all=len(first.questions),
            answers=answer_words(case, first.questions[0], first.answer),
            level=title,
            items=quoted(case, first.questions),
        )
    parts = case.words.names(_part(case, each, mood) for each in way.choices)
    return case.say(f"together{mood}", parts=parts, level=title)


def _part(case: Case, choice: Choice, mood: str) -> str:
    """One of the things that would have had to come together."""
    keys, answer = choice.questions, answer_words(case, choice.questions[0], choice.answer)
    if len(keys) == choice.number:
        return case.say(f"part{mood}", items=quoted(case, keys), answer=answer)
    return case.say(
        f"part_any{mood}", number=choice.number, all=len(keys), items=quoted(case, keys), answer=answer
    )


def _open(case: Case, result: Result) -> str:
    """Of what is still open it is said how it would be, of the rest how it would have been."""
    return "_open" if case.scored.results[result.key].level is None else ""


# ---- how far it was, how far it was looked


def _short(case: Case, result: Result, short: Shortfall | None) -> list[str]:
    """The points that are missing for the next level."""
    if short is None:
        return []
    node = case.checklist.score[short.score].formula
    counts = isinstance(node, Aggregate) and node.function in {"share", "count"}
    known = points_of(case, short.score)
    possible = str(case.scored.scores[short.score].answered) if counts else known[1] if known else None
    return [
        case.say(
            "steps_short" if counts else "points_short",
            level=level_name(result, short.level),
            gap=_number(short.needed - short.points),
            points=_number(short.points),
            needed=_number(short.needed),
            possible=possible,
        )
    ]


def _number(value: Fraction) -> str:
    return written(value)


def _settled(case: Case, result: Result, search: Search) -> list[str]:
    """The fewest blanks that settle it, and the levels that are left when all are tried."""
    told = []
    if search.deciding:
        told.append(case.say("deciding", items=quoted(case, search.deciding, len(search.deciding))))
    possible = case.scored.results[result.key].possible
    if search.filled and 0 < len(search.filled.levels) < len(possible):
        levels = case.say("or").join(level_name(result, each) for each in search.filled.levels)
        told.append(case.say("filled", levels=levels, ways=search.filled.ways))
    return told


def _how_far(case: Case, search: Search, *, is_open: bool) -> Iterator[str]:
    """Whether there may be others."""
    if search.untried:
        yield case.say("untried", items=quoted(case, search.untried))
    elif not search.complete:
        yield case.say("stopped")
    elif not is_open:
        yield from _all_there_is(case, search)


def _all_there_is(case: Case, search: Search) -> Iterator[str]:
    """That nothing else would have done, as far as it was tried."""
    if search.ways and search.largest == 1:
        yield case.say("no_other")
    elif search.ways:
        yield case.say("no_change") if search.largest == 2 else case.say("no_fewer", number=search.largest)
    else:
        yield case.say("none_up_to", number=search.largest)
        if search.shortfall and search.shortfall.steps > search.largest:
            yield case.say("at_least", number=search.shortfall.steps)
