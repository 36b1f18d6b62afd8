"""Reason -> sentences: why an observation got its results, in words that name behaviours, not persons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from fidelity.model.checklist import Checklist, Listing, Result
from fidelity.model.number import trimmed, written
from fidelity.model.observation import Observation
from fidelity.model.scale import NonAnswer, NotGiven
from fidelity.model.score import TRACE_VERSION, Change, Changes, Reason, Scored, ScoreValue, shown_score
from fidelity.report.tables.lists import listed_title
from fidelity.report.tables.rules import condition_in_words
from fidelity.report.words import Words, words_for

NAMED_ONE_BY_ONE = 6

NOTHING_TRIED: Changes = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """One scored observation, and the words to tell it in."""

    checklist: Checklist
    scored: Scored
    words: Words

    def say(self, key: str, **facts: str | int | None) -> str:
        """A sentence of `[explanation]` in reports/words.toml."""
        return self.words.say(f"explanation.{key}", **facts)


def explained(
    checklist: Checklist, observation: Observation, scored: Scored, changes: Changes = NOTHING_TRIED
) -> str:
    """The explanation of all results and scores, as text; `changes` are told below their result."""
    case = Case(checklist, scored, words_for(checklist))
    lines = [_heading(case, observation)]
    for key in checklist.result:
        first, *others = _sentences(case, key)
        lines += ["", first, *(f"  {each}" for each in others)]
        if key in changes:
            would = change_sentences(case, checklist.result[key], changes[key])
            lines += [f"  {case.say('changed')}", *(f"    {each}" for each in would)]
    if scored.scores:
        lines += ["", case.say("scores"), *(f"  {_score(case, key)}" for key in scored.scores)]
    raised = [each.title for each in checklist.flags if scored.flags[each.id]]
    lines += [""] if raised and not scored.scores else []
    lines += [f"  {case.say('to_look_at', flag=title)}" for title in raised]
    lines += [line for each in checklist.lists for line in _listed(case, each)]
    return "\n".join([*lines, "", *_not_counted(case)])


def _listed(case: Case, listing: Listing) -> list[str]:
    """A list with what it names; nothing of one that is empty."""
    names = case.scored.lists[listing.id]
    titles = [f"  {listed_title(case.checklist, each)}" for each in names]
    return ["", f"{listing.title}:", *titles] if names else []


def explained_as_json(
    checklist: Checklist, observation: Observation, scored: Scored, changes: Changes = NOTHING_TRIED
) -> dict[str, Any]:
    """The shape of contract.md section 4, `explain`."""
    results = {
        key: {
            "level": value.level,
            "possible": list(value.possible),
            "because": list(value.because),
            "sentences": sentences(checklist, scored, key),
            "changes": [{"items": dict(each.answers), "then": each.level} for each in changes.get(key, ())],
            "tree": _tree(value.reason, "0"),
        }
        for key, value in scored.results.items()
    }
    return {
        "observation": observation.observation,
        "trace_version": TRACE_VERSION,
        "results": results,
        "scores": {key: _tree(value.reason, "0") for key, value in scored.scores.items()},
    }


def sentences(checklist: Checklist, scored: Scored, key: str) -> list[str]:
    """What a result is, and the sufficient reasons for it, most important first."""
    return _sentences(Case(checklist, scored, words_for(checklist)), key)


def result_sentences(case: Case, key: str) -> list[str]:
    """The same in the words of a report."""
    return _sentences(case, key)


def not_counted(case: Case) -> list[str]:
    """What was left blank or did not apply, and so stands in no score."""
    return list(_not_counted(case))


def question_title(checklist: Checklist, key: str) -> str:
    """The wording of a question: its item's, for one of several scales also the scale's."""
    return _title(checklist, key)


def answer_words(case: Case, key: str, code: str) -> str:
    """An answer as people say it: its title, behind its code where that is a number."""
    return _answer(case, Reason("answer", key, code))


def change_sentences(case: Case, result: Result, changes: Iterable[Change]) -> list[str]:
    """What would have led to another level: one sentence for each step, never what to rate instead."""
    told: dict[tuple[str, str], list[str]] = {}
    for each in changes:
        for key, code in each.answers:
            told.setdefault((key, each.level), []).append(answer_words(case, key, code))
    lines = [
        case.say(
            "change",
            item=_title(case.checklist, key),
            answers=case.say("or").join(answers),
            level=_level(result, level),
        )
        for (key, level), answers in told.items()
    ]
    if not lines:
        return [case.say("no_change")]
    more = len(lines) - NAMED_ONE_BY_ONE
    return [*lines[:NAMED_ONE_BY_ONE], *([case.say("more", number=more)] if more > 0 else [])]


def _sentences(case: Case, key: str) -> list[str]:
    result, value = case.checklist.result[key], case.scored.results[key]
    if value.level is not None:
        decided = case.say("decided", result=result.title, level=_level(result, value.level))
        return [decided, *_reasons(case, result, value.reason)]
    if not value.possible:
        return [case.say("levelless", result=result.title), case.say("not_meant")]
    levels = case.say("or").join(_level(result, each) for each in value.possible)
    first = case.say("open", result=result.title, levels=levels)
    return [first, *dict.fromkeys(_open(case, value.reason))]


def _heading(case: Case, observation: Observation) -> str:
    about = case.checklist.about
    said = [
        case.say("version", title=case.checklist.title, version=about.version),
        case.say("observation", id=observation.observation),
        case.say("observed", date=observation.date.isoformat() if observation.date else None),
        case.say("rater", rater=observation.rater or None),
    ]
    return " · ".join(each for each in said if each)


def _level(result: Result, id: str) -> str:
    return next(each.title for each in result.levels if each.id == id)


# ---- a level that is decided


def _reasons(case: Case, result: Result, reason: Reason) -> Iterator[str]:
    gates = [child for child in reason.children if child.kind == "gate"]
    for gate in gates:
        yield from _gate(case, result, gate)
    if gates:
        if result.of:
            yield case.say("before", score=_score(case, result.of))
        return
    own = next((child for child in reason.children if child.subject == reason.value), None)
    level = next(each for each in result.levels if each.id == reason.value)
    if own is not None and result.of:
        yield case.say("because_score", score=_score(case, result.of))
        if level.when is not None:
            rule = condition_in_words(case.checklist, level.when)
            yield case.say("rule", line=level.place.line, rule=rule)
        return
    lines = [own] if own is not None and own.value is True else reason.children
    yield from _because(case, [child for line in lines for child in line.children])


def _gate(case: Case, result: Result, reason: Reason) -> Iterator[str]:
    gate = case.checklist.gate[reason.subject]
    yield from _because(case, reason.children)
    yield case.say("gate", gate=gate.title, level=_level(result, gate.cap), line=gate.place.line)


def _because(case: Case, reasons: Iterable[Reason]) -> Iterator[str]:
    told = [each for each in dict.fromkeys(_fact(case, each) for each in reasons) if each]
    for at, each in enumerate(told[:NAMED_ONE_BY_ONE]):
        yield case.say("and" if at else "because", fact=each)
    if len(told) > NAMED_ONE_BY_ONE:
        yield case.say("more", number=len(told) - NAMED_ONE_BY_ONE)


def _fact(case: Case, reason: Reason) -> str:
    checklist = case.checklist
    match reason.kind:
        case "answer":
            return case.say("rated", item=_title(checklist, reason.subject), answer=_answer(case, reason))
        case "blank" | "not_applicable":
            return case.say("set_aside", item=_title(checklist, reason.subject), state=_state(case, reason))
        case "fact":
            value = None if reason.value is None else str(reason.value)
            return case.say("fact", fact=checklist.fact[reason.subject].title, value=value)
        case "score" | "not_scored":
            return _score(case, reason.subject).rstrip(".")
        case "level" | "undecided":
            result, level = checklist.result[reason.subject], case.scored.results[reason.subject].level
            return case.say("level", result=result.title, value=_level(result, level) if level else None)
        case "gate":
            return case.say("gate_state", gate=checklist.gate[reason.subject].title, state=str(reason.value))
        case "condition":
            return "; ".join(_fact(case, child) for child in reason.children)


def _title(checklist: Checklist, key: str) -> str:
    if key in checklist.question:
        question = checklist.question[key]
        facet = f" ({question.scale.title})" if "." in key else ""
        return checklist.item[question.item].title + facet
    return checklist.group[key].title if key in checklist.group else key


def _answer(case: Case, reason: Reason) -> str:
    choice = case.checklist.question[reason.subject].scale.choice(str(reason.value))
    if choice is None:
        return str(reason.value)
    numbered = choice.id[0].isdigit()
    return case.say("numbered", code=choice.id, answer=choice.title) if numbered else choice.title


def _state(case: Case, reason: Reason) -> str:
    return case.say(f"state.{reason.value}") or case.say("state.missing")


# ---- what is still open


def _open(case: Case, reason: Reason) -> Iterator[str]:
    for key in dict.fromkeys(each.subject for each in reason.walk() if each.kind == "not_scored"):
        yield _score(case, key)
    blanks = dict.fromkeys(each.subject for each in reason.walk() if each.kind == "blank")
    if blanks:
        yield case.say("blanks", items=", ".join(f"“{_title(case.checklist, key)}”" for key in blanks))


# ---- scores


def _score(case: Case, key: str) -> str:
    score, value = case.checklist.score[key], case.scored.scores[key]
    if value.exact is None:
        return _not_scored(case, key, value)
    exact = None if _is_exact(value.exact, score.kind) else written(value.exact)
    counts = (value.answered, value.applicable) if value.applicable else (None, None)
    shown = shown_score(score, value.exact)
    return case.say(
        "scored", score=score.title, shown=shown, answered=counts[0], applicable=counts[1], exact=exact
    )


def _not_scored(case: Case, key: str, value: ScoreValue) -> str:
    score = case.checklist.score[key]
    counts = {"answered": value.answered, "applicable": value.applicable}
    why = case.say(f"why.{value.not_scored or 'other'}", **counts)
    filled = value.not_scored == "too_few_answered"
    low, high = (
        shown_score(score, end) if filled and end is not None else None for end in (value.low, value.high)
    )
    return case.say("not_scored", score=score.title, why=why, low=low, high=high)


def _is_exact(exact: Fraction, kind: str) -> bool:
    places = 1 if kind == "percent" else 2
    return trimmed(exact, places) == written(exact)


def _not_counted(case: Case) -> Iterator[str]:
    questions = case.checklist.question
    open_ones = {
        key: answer.state
        for key, answer in case.scored.answers.items()
        if isinstance(answer, NotGiven) and questions[key].scale.kind != "text"
    }
    for state in NonAnswer:
        titles = [_title(case.checklist, key) for key, found in open_ones.items() if found is state]
        if titles:
            words = case.say(f"state.{state.value}")
            yield case.say("not_counted", state=words, items="; ".join(titles))
    if not open_ones:
        yield case.say("all_counted")


# ---- the tree


def _tree(reason: Reason, path: str) -> dict[str, Any]:
    return {
        "id": path,
        "kind": reason.kind,
        "subject": reason.subject,
        "value": _plain(reason.value),
        "line": reason.place.line or None,
        "children": [_tree(child, f"{path}.{at}") for at, child in enumerate(reason.children)],
    }


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}" if value.denominator != 1 else str(value.numerator)
    return list(value) if isinstance(value, tuple) else value
