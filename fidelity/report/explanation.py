"""A scored observation -> why it got its results, as text in four levels of detail, and as JSON."""

from types import MappingProxyType
from typing import Any, Literal

from fidelity.model.change import Changes, Filled, Search, Shortfall
from fidelity.model.checklist import Checklist, Listing
from fidelity.model.observation import Observation
from fidelity.model.score import Scored
from fidelity.model.trace import TRACE_VERSION, plain, trace
from fidelity.report.case import (
    Case,
    bounds_sentence,
    not_counted,
    open_bounds,
    question_title,
    score_sentence,
)
from fidelity.report.other_answers import change_sentences, first_change, heading
from fidelity.report.reasons import result_sentences
from fidelity.report.trace_rows import TraceRow, trace_rows
from fidelity.report.words import words_for

Detail = Literal["line", "short", "full", "table"]

NOTHING_TRIED: Changes = MappingProxyType({})


def explained(
    checklist: Checklist,
    observation: Observation,
    scored: Scored,
    changes: Changes = NOTHING_TRIED,
    detail: Detail = "full",
) -> str:
    """The explanation as text: a line for each result, its main reasons, everything, or a table."""
    case = Case(checklist, scored, words_for(checklist))
    if detail == "line":
        return "\n".join(result_sentences(case, key, "line")[0] for key in checklist.result)
    return "\n".join([_heading(case, observation), *_below(case, changes, detail)])


def sentences(checklist: Checklist, scored: Scored, key: str) -> list[str]:
    """What a result is, and the sufficient reasons for it, most important first."""
    return result_sentences(Case(checklist, scored, words_for(checklist)), key)


# ---- as text


def _below(case: Case, changes: Changes, detail: Detail) -> list[str]:
    """What stands below the heading."""
    match detail:
        case "full":
            return _full(case, changes)
        case "table":
            return ["", *_table(case)]
        case "line" | "short":
            return [line for key in case.checklist.result for line in _short(case, key, changes.get(key))]


def _heading(case: Case, observation: Observation) -> str:
    about = case.checklist.about
    said = [
        case.say("version", title=case.checklist.title, version=about.version),
        case.say("observation", id=observation.observation),
        case.say("observed", date=observation.date.isoformat() if observation.date else None),
        case.say("rater", rater=observation.rater or None),
    ]
    return " · ".join(each for each in said if each)


def _short(case: Case, key: str, search: Search | None) -> list[str]:
    """A result, what it rests on, and the first that would have changed it."""
    first, *others = result_sentences(case, key, "short")
    lines = ["", first, *(f"  {each}" for each in others)]
    result = case.checklist.result[key]
    told = first_change(case, result, search) if search else []
    return [*lines, f"  {heading(case, result)}", *(f"    {each}" for each in told)] if told else lines


def _full(case: Case, changes: Changes) -> list[str]:
    """Every result with its reasons and changes, every score, what to look at, what was not counted."""
    checklist, lines = case.checklist, []
    for key, result in checklist.result.items():
        first, *others = result_sentences(case, key)
        lines += ["", first, *(f"  {each}" for each in others)]
        told = change_sentences(case, result, changes[key]) if key in changes else []
        if told:
            lines += [f"  {heading(case, result)}", *(f"    {each}" for each in told)]
    if case.scored.scores:
        lines += ["", case.say("scores")]
        lines += [
            f"  {score_sentence(case, key)} {bounds_sentence(case, key)}".rstrip()
            for key in case.scored.scores
        ]
    raised = [each.title for each in checklist.flags if case.scored.flags[each.id]]
    lines += [""] if raised and not case.scored.scores else []
    lines += [f"  {case.say('to_look_at', flag=title)}" for title in raised]
    lines += [line for each in checklist.lists for line in _listed(case, each)]
    return [*lines, "", *not_counted(case)]


def _listed(case: Case, listing: Listing) -> list[str]:
    """A list with what it names; nothing of one that is empty."""
    titles = [f"  {_title(case, each)}" for each in case.scored.lists[listing.id]]
    return ["", f"{listing.title}:", *titles] if titles else []


def _title(case: Case, name: str) -> str:
    """A question, an item or the group of a result that a list names."""
    item = case.checklist.item.get(name)
    return item.title if item else question_title(case.checklist, name)


def _table(case: Case) -> list[str]:
    """The auditor's rows under their headings, each column as wide as it needs to be."""
    titles = TraceRow(*(case.say(f"trace.{name}") for name in TraceRow._fields))
    rows = [titles, *trace_rows(case)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(titles))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [*lines, "", case.say("trace.first_line", version=TRACE_VERSION)]


# ---- as JSON


def explained_as_json(
    checklist: Checklist, observation: Observation, scored: Scored, changes: Changes = NOTHING_TRIED
) -> dict[str, Any]:
    """The shape of contract.md section 4, `explain`; everything, whatever detail the text has."""
    case = Case(checklist, scored, words_for(checklist))
    results = {
        key: {
            "level": value.level,
            "possible": list(value.possible),
            "because": list(value.because),
            "line": result_sentences(case, key, "line")[0],
            "sentences": result_sentences(case, key),
            **_search_as_json(changes.get(key)),
            "tree": trace(checklist, value.reason).as_json(),
        }
        for key, value in scored.results.items()
    }
    return {
        "observation": observation.observation,
        "trace_version": TRACE_VERSION,
        "results": results,
        "scores": {key: trace(checklist, value.reason).as_json() for key, value in scored.scores.items()},
        "bounds": _bounds(scored),
    }


def _bounds(scored: Scored) -> dict[str, Any]:
    """The worst and the best case of each score with blanks, had everything been rated."""
    ends = {key: open_bounds(value) for key, value in scored.scores.items()}
    return {key: {"low": str(each[0]), "high": str(each[1])} for key, each in ends.items() if each}


def _search_as_json(search: Search | None) -> dict[str, Any]:
    """The changes, and how far they were looked for; a result that could not be higher has none."""
    if search is None:
        return {"changes": []}
    return {
        "changes": [{"items": dict(each.answers), "then": each.level} for each in search.changes],
        "search": {
            "complete": search.complete,
            "evaluations": search.evaluations,
            "largest": search.largest,
            "found": search.sets,
            "untried": list(search.untried),
        },
        **_short_as_json(search.shortfall),
        **_filled_as_json(search.filled, search.deciding),
    }


def _short_as_json(short: Shortfall | None) -> dict[str, Any]:
    if short is None:
        return {}
    told = short._asdict() | {"points": plain(short.points), "needed": plain(short.needed)}
    return {"points_short": told | {"missing": plain(short.needed - short.points)}}


def _filled_as_json(filled: Filled | None, deciding: tuple[str, ...] | None) -> dict[str, Any]:
    """What all ways of filling the blanks leave open, beside what the rules say line by line."""
    told: dict[str, Any] = (
        {} if filled is None else {"if_filled": {"levels": list(filled.levels), "ways": filled.ways}}
    )
    return told | ({} if deciding is None else {"would_decide": list(deciding)})
