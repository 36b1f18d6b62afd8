"""Reason -> sentences: why an observation got its result, in words that name behaviours, not persons."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal

from fidelity.model.band import band_of
from fidelity.model.checklist import Level, Result
from fidelity.model.expression import And, Condition, Not, Or, Quantified
from fidelity.model.number import trimmed, written
from fidelity.model.score import Reason
from fidelity.report.case import (
    NAMED_ONE_BY_ONE,
    Case,
    answer_words,
    bounds_sentence,
    level_name,
    level_title,
    question_title,
    quoted,
    score_sentence,
)
from fidelity.report.tables.rules import condition_in_words

Detail = Literal["line", "short", "full"]
ENOUGH = 3  # one would be enough, so few are named all the same


def result_sentences(case: Case, key: str, detail: Detail = "full") -> list[str]:
    """What a result is, and the sufficient reasons for it, most important first."""
    result, value = case.checklist.result[key], case.scored.results[key]
    if value.level is not None:
        told = list(_reasons(case, result, value.reason, detail))
        if detail == "line":
            return [_in_one_line(case, result, value.level, told)]
        return [case.say("decided", result=result.title, level=level_title(result, value.level)), *told]
    if not value.possible:
        return [case.say("levelless", result=result.title), case.say("not_meant")]
    levels = case.say("or").join(level_title(result, each) for each in value.possible)
    first = case.say("open", result=result.title, levels=levels)
    return [first] if detail == "line" else [first, *dict.fromkeys(_open(case, value.reason))]


def deciding_fact(case: Case, key: str) -> str:
    """The first of the reasons for a level that was reached, as part of a sentence."""
    result, value = case.checklist.result[key], case.scored.results[key]
    return next(iter(_reasons(case, result, value.reason, "line")), "").rstrip(".")


def _in_one_line(case: Case, result: Result, level: str, facts: list[str]) -> str:
    fact = facts[0].rstrip(".") if facts else None
    name = level_name(result, level)
    if fact is None:
        return case.say("decided", result=result.title, level=name)
    return case.say("line", result=result.title, level=name, fact=fact)


# ---- a level that was reached


def _reasons(case: Case, result: Result, reason: Reason, detail: Detail) -> Iterator[str]:
    gates = [child for child in reason.children if child.kind == "gate"]
    if gates:
        yield from _capped(case, result, reason, gates, detail)
    elif result.of and _own_line(reason) is not None:
        yield from _of_score(case, result, str(reason.value), detail)
    else:
        yield from _by_rule(case, result, reason, detail)


def _own_line(reason: Reason) -> Reason | None:
    """The line of the level itself; there is none where only gates keep it there."""
    return next((each for each in reason.children if each.subject == reason.value), None)


def _capped(case: Case, result: Result, reason: Reason, gates: list[Reason], detail: Detail) -> Iterator[str]:
    """What set off the rules that cap, and what the score by itself would have given."""
    for each in gates:
        gate = case.checklist.gate[each.subject]
        yield from _because(case, each.children, gate.when, detail)
        if detail != "line":
            level = level_name(result, gate.cap)
            yield case.say("gate", gate=gate.title, level=level, line=gate.place.line)
    if result.of and detail == "full":
        yield case.say("before", score=score_sentence(case, result.of))
        alone = _alone(case, result)
        key = "alone_too" if alone == reason.value else "alone"
        if alone is not None:
            yield case.say(key, level=level_name(result, alone))


def _alone(case: Case, result: Result) -> str | None:
    """The level whose band holds the score."""
    exact = case.scored.scores[result.of].exact
    if exact is None:
        return None
    bands = ((each.id, band_of(result, each)) for each in result.levels)
    return next((id for id, band in bands if band is not None and band.holds(exact)), None)


def _of_score(case: Case, result: Result, level: str, detail: Detail) -> Iterator[str]:
    """The score, and how far it is from the level below and from the one above."""
    score = score_sentence(case, result.of)
    yield score if detail == "line" else case.say("because_score", score=score)
    if detail != "full":
        return
    yield from filter(None, [bounds_sentence(case, result.of)])
    own = next(each for each in result.levels if each.id == level)
    exact = case.scored.scores[result.of].exact
    if band_of(result, own) is None or exact is None:
        if own.when is not None:
            rule = condition_in_words(case.checklist, own.when)
            yield case.say("rule", line=own.place.line, rule=rule)
        return
    above = result.levels[result.levels.index(own) + 1 :]
    yield from filter(
        None, [_begins(case, result, own, exact), *(_needs(case, result, each, exact) for each in above[:1])]
    )


def _begins(case: Case, result: Result, level: Level, exact: Fraction) -> str:
    """Where the level begins, and how much more there is."""
    band = band_of(result, level)
    if band is None or band.lowest is None:
        return ""
    more = _gap(case, result, exact - band.lowest)
    key = "begins" if band.with_lowest else "begins_above"
    name, mark = level_name(result, level.id), _mark(case, result, band.lowest)
    return case.say(key, level=name, mark=mark, more=more, line=level.place.line)


def _needs(case: Case, result: Result, level: Level, exact: Fraction) -> str:
    """What the next level needs, and how much is missing; nothing where no number says it."""
    band = band_of(result, level)
    if band is None or band.lowest is None or exact > band.lowest:
        return ""
    less = _gap(case, result, band.lowest - exact)
    key = "needs" if band.with_lowest else "needs_above"
    name, mark = level_name(result, level.id), _mark(case, result, band.lowest)
    return case.say(key, level=name, mark=mark, less=less, line=level.place.line)


def _mark(case: Case, result: Result, bound: Fraction) -> str:
    """A number where a level begins, as its author wrote it."""
    text = written(bound)
    return f"{text}%" if case.checklist.score[result.of].kind == "percent" else text


def _gap(case: Case, result: Result, size: Fraction) -> str | None:
    """A distance with as many places as it needs not to look like none; nothing for none."""
    if not size:
        return None
    number = next((text for places in range(1, 7) if (text := trimmed(size, places)) != "0"), written(size))
    percent = case.checklist.score[result.of].kind == "percent"
    return case.say("percentage_points", number=number) if percent else number


def _by_rule(case: Case, result: Result, reason: Reason, detail: Detail) -> Iterator[str]:
    """What the level's own line rests on, and what kept the next one away."""
    own = _own_line(reason)
    level = next((each for each in result.levels if each.id == reason.value), None)
    when = level.when if level else None
    lines = [own] if own is not None and own.value is True else reason.children
    resting = [child for line in lines for child in line.children]
    yield from _because(case, resting, when, detail)
    if level is not None and detail == "full" and own is not None and own.value is True:
        above = result.levels[result.levels.index(level) + 1 :]
        line = next((each for each in reason.children for up in above[:1] if each.subject == up.id), None)
        if line is not None and line.value is False and above[0].when is not None:
            facts = _facts(case, line.children, above[0].when, value=False)
            if facts and set(line.children) != set(resting):
                yield case.say("kept_from", level=level_name(result, above[0].id), facts="; ".join(facts))


# ---- facts, sufficient ones


def _because(case: Case, reasons: Iterable[Reason], when: Condition | None, detail: Detail) -> Iterator[str]:
    facts = _facts(case, reasons, when, value=True)
    if detail == "line":
        yield from facts[:1]
        return
    for at, each in enumerate(facts):
        yield case.say("and" if at else "because", fact=each)


def _facts(case: Case, reasons: Iterable[Reason], when: Condition | None, *, value: bool) -> list[str]:
    """What a condition rests on; where one fact would do, three are named at most."""
    told = list(dict.fromkeys(reasons))
    most = ENOUGH if when is not None and _one_is_enough(when, value=value) else NAMED_ONE_BY_ONE
    kept, more = told[:most], len(told) - most
    facts = list(dict.fromkeys(filter(None, _together(case, kept))))
    return [*facts, case.say("more_of", number=more)] if more > 0 else facts


def _one_is_enough(node: Condition, *, value: bool) -> bool:
    """Whether one member decides that the condition is true, or not true."""
    match node:
        case Or():
            return value
        case And():
            return not value
        case Not(part):
            return _one_is_enough(part, value=not value)
        case Quantified(quantifier="any"):
            return value
        case Quantified(quantifier="every"):
            return not value
        case Quantified(quantifier="no"):
            return not value
        case _:
            return False


def _together(case: Case, reasons: list[Reason]) -> Iterator[str]:
    """Each fact; answers that were the same in one."""
    rated: dict[str, list[str]] = {}
    for each in reasons:
        if each.kind == "answer":
            rated.setdefault(_answer(case, each), []).append(each.subject)
    for answer, keys in rated.items():
        if len(keys) > 1:
            yield case.say("several_rated", items=quoted(case, keys), answer=answer)
        else:
            yield case.say("rated", item=question_title(case.checklist, keys[0]), answer=answer)
    yield from (_fact(case, each) for each in reasons if each.kind != "answer")


def _answer(case: Case, reason: Reason) -> str:
    return answer_words(case, reason.subject, str(reason.value))


def _fact(case: Case, reason: Reason) -> str:
    checklist = case.checklist
    match reason.kind:
        case "answer":
            title = question_title(checklist, reason.subject)
            return case.say("rated", item=title, answer=_answer(case, reason))
        case "blank" | "not_applicable":
            title = question_title(checklist, reason.subject)
            return case.say("set_aside", item=title, state=_state(case, reason))
        case "fact":
            value = None if reason.value is None else answer_words(case, reason.subject, str(reason.value))
            return case.say("fact", fact=checklist.fact[reason.subject].title, value=value)
        case "score" | "not_scored":
            return score_sentence(case, reason.subject).rstrip(".")
        case "level" | "undecided":
            result, level = checklist.result[reason.subject], case.scored.results[reason.subject].level
            return case.say("level", result=result.title, value=level_name(result, level) if level else None)
        case "gate":
            state = case.say(f"gate_value.{reason.value}")
            return case.say("gate_state", gate=checklist.gate[reason.subject].title, state=state)
        case "condition":
            return "; ".join(_fact(case, child) for child in reason.children)


def _state(case: Case, reason: Reason) -> str:
    return case.say(f"state.{reason.value}") or case.say("state.missing")


# ---- what is still open


def _open(case: Case, reason: Reason) -> Iterator[str]:
    for key in dict.fromkeys(each.subject for each in reason.walk() if each.kind == "not_scored"):
        yield score_sentence(case, key)
    blanks = [each for each in reason.walk() if each.kind == "blank"]
    for state in dict.fromkeys(str(each.value) for each in blanks):
        keys = dict.fromkeys(each.subject for each in blanks if each.value == state)
        if state == "missing":
            yield case.say("blanks", items=quoted(case, keys, len(keys)))
        else:
            yield case.say("not_seen", state=case.say(f"state.{state}"), items=quoted(case, keys, len(keys)))
    for each in dict.fromkeys(each for each in reason.walk() if each.kind == "fact" and each.value is None):
        yield case.say("not_known", fact=case.checklist.fact[each.subject].title)
