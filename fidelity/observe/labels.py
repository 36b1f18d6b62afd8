"""Checklist and the languages of a form -> every label that may stand for a code, by the column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from fidelity.catalogue import ENGLISH
from fidelity.errors import Problem
from fidelity.model.checklist import Checklist
from fidelity.model.form import Option, code_of, fields, labels_of, languages, options
from fidelity.model.observation import Observation
from fidelity.model.scale import Scale
from fidelity.model.spoken import unmarked
from fidelity.observe.table import Cell, Odd

Labels = Mapping[str, tuple[Option, ...]]

_ANY_WORD = ("rater_role", "evidence")
_BETWEEN = re.compile("[,;/+]")


def labels_in(checklist: Checklist, languages: Sequence[str]) -> Labels:
    """The labels of what stands above the items, and of the answers."""
    in_english = {each.key: each.options for each in fields(checklist, ENGLISH)}  # as older forms said it
    asked = [{each.key: each.options for each in fields(checklist, language)} for language in languages]
    of_fields = {key: (*labels_of([each[key] for each in asked]), *in_english[key]) for key in in_english}
    of_items = {
        each.key: labels_of([options(checklist, each.scale, language) for language in languages])
        for each in checklist.questions
    }
    return {**of_fields, **of_items}


def coded(labels: Labels, column: str, cell: Cell) -> Cell:
    """The cell with a code in place of its label; anything else as it is."""
    if isinstance(cell, Odd):
        return cell
    offered = labels.get(column, ())
    return _usual_word(offered, cell) if column in _ANY_WORD else code_of(offered, cell)


def _usual_word(offered: Sequence[Option], cell: str) -> str:
    """Any word may stand there, so capitals make no other one of a usual word."""
    plain = " ".join(cell.split()).casefold()
    return next((code for label, code in offered if plain in (label.casefold(), code.casefold())), cell)


def is_label(labels: Labels, column: str, cell: Cell) -> bool:
    """Whether a text is what the form calls an answer of this column."""
    if isinstance(cell, Odd):
        return False
    plain = " ".join(cell.split()).casefold()
    return any(unmarked(label).casefold() == plain for label, _ in labels.get(column, ()))


def in_own_words(found: Observation, labels: Labels, checklist: Checklist) -> Observation:
    """The observation, its wrong answers told in the words of its form, which never shows codes."""
    if not found.refused:
        return found
    told = tuple(_in_own_words(each, labels, checklist) for each in found.refused)
    return found.model_copy(update={"refused": told})


def _in_own_words(problem: Problem, labels: Labels, checklist: Checklist) -> Problem:
    column = str(problem.facts.get("column", ""))
    offered, scale = labels.get(column, ()), _scale_of(column, checklist)
    shown = dict(reversed([(code, label) for label, code in offered]))  # its first label is the one it shows
    if scale is None or "allowed" not in problem.facts or all(code == shown[code] for code in shown):
        return problem
    in_order = (shown[code] for code in dict.fromkeys(code for _, code in offered))
    spoken = (each for language in languages(checklist) for each in options(checklist, scale, language))
    code = _nearest(problem, [*offered, *spoken])
    facts = {"nearest": shown.get(code, ""), "allowed": ", ".join(in_order), "scored_so": ""}
    return replace(problem, facts={**problem.facts, **facts})


def _nearest(problem: Problem, known: Sequence[Option]) -> str:
    """The code of the answer that may be meant; of numbers the nearest is known already."""
    number = str(problem.facts["nearest"]) if problem.code == "RB504" else ""
    return number or _meant(str(problem.facts["answer"]), known)


def _scale_of(column: str, checklist: Checklist) -> Scale | None:
    if column in checklist.question:
        return checklist.question[column].scale
    fact = checklist.fact.get(column.removeprefix("fact."))
    return fact.scale if fact and column.startswith("fact.") else None


def _meant(raw: str, known: Sequence[Option]) -> str:
    """The code of the answer that comes nearest, by label, by title or by code; what comes first wins."""
    words = {word.casefold(): each.code for each in reversed(known) for word in _words_for(each)}
    single = {words.get(part.strip().casefold()) for part in _BETWEEN.split(raw)} - {None}
    if len(single) > 1:  # two answers in one cell: which of them counts nobody can guess
        return ""
    return words.get(next(iter(get_close_matches(" ".join(raw.split()).casefold(), words, n=1)), ""), "")


def _words_for(option: Option) -> Iterator[str]:
    label = unmarked(option.label)
    yield from (label, label.removeprefix(f"{option.code} · "), option.code)
