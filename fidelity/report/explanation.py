"""Reason -> sentences: why an observation got its results, in words that name behaviours, not persons."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from fidelity.model.checklist import Checklist, Result
from fidelity.model.number import trimmed, written
from fidelity.model.observation import Observation
from fidelity.model.scale import NonAnswer, NotGiven
from fidelity.model.score import TRACE_VERSION, Reason, Scored, ScoreValue, shown_score
from fidelity.report.rules import condition_in_words

NAMED_ONE_BY_ONE = 6

STATES = {
    NonAnswer.MISSING: "was left blank",
    NonAnswer.NOT_OBSERVED: "was not observed",
    NonAnswer.DECLINED: "was declined",
    NonAnswer.NOT_APPLICABLE: "did not apply",
}

NOT_SCORED = {
    "nothing_applied": "nothing that it counts applied",
    "too_few_answered": "too few items were answered",
    "nothing_to_divide_by": "there was nothing to divide by",
    "only_when": "its condition was not met",
    "does_not_apply": "what it reads did not apply",
    "checklist_does_not_apply": "the checklist does not apply to this session",
    "undecided": "it is open whether the checklist applies",
}


def explained(checklist: Checklist, observation: Observation, scored: Scored) -> str:
    """The explanation of all results and scores, as text."""
    lines = [_heading(checklist, observation)]
    for key in checklist.result:
        first, *others = sentences(checklist, scored, key)
        lines += ["", first, *(f"  {each}" for each in others)]
    lines += ["", "Scores"]
    lines += [f"  {_score(checklist, key, value)}" for key, value in scored.scores.items()]
    raised = [each.title for each in checklist.flags if scored.flags[each.id]]
    lines += [f"  To look at: {title}." for title in raised]
    return "\n".join([*lines, "", *_not_counted(checklist, scored)])


def explained_as_json(checklist: Checklist, observation: Observation, scored: Scored) -> dict[str, Any]:
    """The shape of contract.md section 4, `explain`."""
    results = {
        key: {
            "level": value.level,
            "possible": list(value.possible),
            "because": list(value.because),
            "sentences": sentences(checklist, scored, key),
            "changes": [],
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
    """What the result is, and the sufficient reasons for it, most important first."""
    result, value = checklist.result[key], scored.results[key]
    if value.level is not None:
        return [
            f"{result.title}: {_level(result, value.level)}.",
            *_reasons(checklist, scored, result, value.reason),
        ]
    if not value.possible:
        return [f"{result.title}: no level.", "It does not apply to this session."]
    levels = " or ".join(_level(result, each) for each in value.possible)
    return [
        f"{result.title}: not decided; still possible: {levels}.",
        *dict.fromkeys(_open(checklist, scored, value.reason)),
    ]


def _heading(checklist: Checklist, observation: Observation) -> str:
    said = [f"{checklist.title}, version {checklist.about.version}", f"observation {observation.observation}"]
    if observation.date is not None:
        said.append(f"observed {observation.date.isoformat()}")
    if observation.rater:
        said.append(f"rater {observation.rater}")
    return " · ".join(said)


def _level(result: Result, id: str) -> str:
    return next(each.title for each in result.levels if each.id == id)


# ---- a level that is decided


def _reasons(checklist: Checklist, scored: Scored, result: Result, reason: Reason) -> Iterator[str]:
    gates = [child for child in reason.children if child.kind == "gate"]
    for gate in gates:
        yield from _gate(checklist, scored, result, gate)
    if gates:
        yield from _without_gates(checklist, scored, result)
        return
    own = next((child for child in reason.children if child.subject == reason.value), None)
    level = next(each for each in result.levels if each.id == reason.value)
    if own is not None and result.of:
        yield f"Because {_score(checklist, result.of, scored.scores[result.of])}"
        if level.when is not None:
            yield f"The rule (line {level.place.line}): {condition_in_words(checklist, level.when)}."
        return
    lines = [own] if own is not None and own.value is True else reason.children
    yield from _because(checklist, scored, [child for line in lines for child in line.children])


def _gate(checklist: Checklist, scored: Scored, result: Result, reason: Reason) -> Iterator[str]:
    gate = checklist.gate[reason.subject]
    yield from _because(checklist, scored, reason.children)
    yield f"{gate.title}: this limits the result to {_level(result, gate.cap)} (line {gate.place.line})."


def _without_gates(checklist: Checklist, scored: Scored, result: Result) -> Iterator[str]:
    if result.of:
        yield f"Before that, {_score(checklist, result.of, scored.scores[result.of])}"


def _because(checklist: Checklist, scored: Scored, reasons: Iterable[Reason]) -> Iterator[str]:
    told = list(dict.fromkeys(_fact(checklist, scored, each) for each in reasons))
    shown_ones = [each for each in told if each][:NAMED_ONE_BY_ONE]
    for at, each in enumerate(shown_ones):
        yield f"Because {each}." if at == 0 else f"And {each}."
    if len(told) > len(shown_ones) and shown_ones:
        yield f"And {len(told) - len(shown_ones)} more of the same kind."


def _fact(checklist: Checklist, scored: Scored, reason: Reason) -> str:
    match reason.kind:
        case "answer":
            return f"“{_title(checklist, reason.subject)}” was rated {_answer(checklist, reason)}"
        case "blank" | "not_applicable":
            return f"“{_title(checklist, reason.subject)}” {_state(reason)}"
        case "fact":
            return f"“{checklist.fact[reason.subject].title}” is {reason.value or 'not known'}"
        case "score" | "not_scored":
            return _score(checklist, reason.subject, scored.scores[reason.subject]).rstrip(".")
        case "level" | "undecided":
            result = checklist.result[reason.subject]
            level = scored.results[reason.subject].level
            return f"{result.title} is {_level(result, level) if level else 'not decided'}"
        case "gate":
            return f"“{checklist.gate[reason.subject].title}” {reason.value}"
        case "condition":
            return "; ".join(_fact(checklist, scored, child) for child in reason.children)


def _title(checklist: Checklist, key: str) -> str:
    if key in checklist.question:
        question = checklist.question[key]
        facet = f" ({question.scale.title})" if "." in key else ""
        return checklist.item[question.item].title + facet
    return checklist.group[key].title if key in checklist.group else key


def _answer(checklist: Checklist, reason: Reason) -> str:
    choice = checklist.question[reason.subject].scale.choice(str(reason.value))
    if choice is None:
        return str(reason.value)
    return choice.title if choice.title and not choice.id[0].isdigit() else f"{choice.id} ({choice.title})"


def _state(reason: Reason) -> str:
    known = {each.value: words for each, words in STATES.items()}
    return known.get(str(reason.value), STATES[NonAnswer.MISSING])


# ---- what is still open


def _open(checklist: Checklist, scored: Scored, reason: Reason) -> Iterator[str]:
    blanks = list(dict.fromkeys(each.subject for each in reason.walk() if each.kind == "blank"))
    scores = dict.fromkeys(each.subject for each in reason.walk() if each.kind == "not_scored")
    for key in scores:
        yield _score(checklist, key, scored.scores[key])
    if blanks:
        yield f"Left blank: {', '.join(f'“{_title(checklist, key)}”' for key in blanks)}."


# ---- scores


def _score(checklist: Checklist, key: str, value: ScoreValue) -> str:
    score = checklist.score[key]
    if value.exact is None:
        why = NOT_SCORED.get(value.not_scored, "something it reads is missing")
        counts = (
            f" ({value.answered} of {value.applicable})" if value.not_scored == "too_few_answered" else ""
        )
        return f"{score.title} was not scored: {why}{counts}.{_bounds(checklist, key, value)}"
    exact = "" if _is_exact(value.exact, score.kind) else f", exactly {written(value.exact)}"
    counted = f" ({value.answered} of {value.applicable} answered{exact})" if value.applicable else ""
    return f"{score.title} is {shown_score(score, value.exact)}{counted}."


def _is_exact(exact: Fraction, kind: str) -> bool:
    places = 1 if kind == "percent" else 2
    return trimmed(exact, places) == written(exact)


def _bounds(checklist: Checklist, key: str, value: ScoreValue) -> str:
    if value.low is None or value.high is None or value.not_scored != "too_few_answered":
        return ""
    score = checklist.score[key]
    ends = shown_score(score, value.low), shown_score(score, value.high)
    return f" With the blanks filled it would lie between {ends[0]} and {ends[1]}."


def _not_counted(checklist: Checklist, scored: Scored) -> Iterator[str]:
    for state, words in STATES.items():
        titles = [
            _title(checklist, key)
            for key, answer in scored.answers.items()
            if isinstance(answer, NotGiven)
            and answer.state is state
            and checklist.question[key].scale.kind != "text"
        ]
        if titles:
            yield f"Not counted, because it {words}: {'; '.join(titles)}."
    if not any(isinstance(each, NotGiven) for each in scored.answers.values()):
        yield "Nothing was left blank, and every item applied."


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
