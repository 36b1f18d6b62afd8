"""Checklist -> what the script of a form says: titles by key, its own words, where the form comes from."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Any

from fidelity.model.checklist import Checklist, Gate, Result, Score
from fidelity.model.direction import readable, reads_right_to_left
from fidelity.model.form import PROTOCOL, Field, fields, text_in, word
from fidelity.model.form_page_words import PAGE_WORDS

FACTS = "number all one other low high needed result level list names file therapist".split()
LEFT_TO_RIGHT, AS_BEFORE = "\u2066", "\u2069"  # around a text that runs on its own, whatever stands around it


def texts(checklist: Checklist, shown: Checklist, language: str) -> dict[str, Any]:
    """The titles as they are shown; what a saved file says of its origin is that of the checklist itself."""
    say = partial(readable, language=language)
    headline = checklist.headline
    return {
        "origin": {
            "format": PROTOCOL,
            "program": f"fidelity {version('fidelity')}",
            "checklist": checklist.id,
            "version": checklist.about.version,
            "fingerprint": checklist.fingerprint,
            "language": language,
        },
        "fields": [
            {"key": each.key, "label": say(each.label), "kind": each.kind}
            for each in page_fields(shown, language)
            if not each.key.startswith("fact.")
        ],
        "facts": {
            each.id: say(text_in(shown, language, ("fact", each.id, ""), each.title)) for each in shown.facts
        },
        "items": {
            each.id: say(text_in(shown, language, ("item", each.id, ""), each.title)) for each in shown.items
        },
        "groups": {
            each.id: say(text_in(shown, language, ("group", each.id, ""), each.title))
            for each in shown.groups
        },
        "scores": [_score(each, say(each.title)) for each in shown.scores],
        "results": [_result(shown, each, say) for each in shown.results],
        "gates": {each.key: _gate(shown, each, say) for each in shown.gates},
        "flags": {each.id: say(each.title or each.id) for each in shown.flags},
        "lists": {each.id: say(each.title or each.id) for each in shown.lists},
        "optional": [each.key for each in shown.questions if each.optional],
        "headline": headline.key if headline else "",
        "words": {key.removeprefix("page "): said(language, key) for key in PAGE_WORDS},
    }


def page_fields(checklist: Checklist, language: str) -> tuple[Field, ...]:
    """What is asked before the items; how a date is written, the browser says itself."""
    label = word(language, "page date")
    return tuple(
        replace(each, label=label) if each.kind == "day" else each for each in fields(checklist, language)
    )


def said(language: str, key: str) -> str:
    """One of the page's words, its facts still in braces; English among Arabic keeps its direction."""
    told = word(language, key, **{fact: f"{{{fact}}}" for fact in FACTS})
    if reads_right_to_left(language) and told == PAGE_WORDS[key]:
        return f"{LEFT_TO_RIGHT}{told}{AS_BEFORE}"
    return readable(told, language)


def _score(score: Score, title: str) -> dict[str, Any]:
    places = None if score.rounding is None else score.rounding.places
    return {
        "key": score.key,
        "group": score.group,
        "title": title,
        "percent": score.kind == "percent",
        "places": places,
    }


def _result(checklist: Checklist, result: Result, say: Any) -> dict[str, Any]:
    return {
        "key": result.key,
        "group": result.group,
        "of": result.of,
        "title": say(result.title),
        "levels": {
            each.id: {
                "title": say(each.title or each.id),
                "notes": [say(text) for text in _notes(checklist, f"{each.id} of {result.name}")],
            }
            for each in result.levels
        },
    }


def _gate(checklist: Checklist, gate: Gate, say: Any) -> dict[str, Any]:
    notes = [say(text) for text in _notes(checklist, gate.name)]
    return {"title": say(gate.title), "notes": notes, "result": gate.result, "cap": gate.cap}


def _notes(checklist: Checklist, of: str) -> Iterator[str]:
    return (each.text for each in checklist.small_texts if each.kind == "note" and each.of == of)
