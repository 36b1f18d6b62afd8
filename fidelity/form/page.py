"""Checklist -> a scoring form as one HTML file that needs no network: it scores, keeps drafts and saves."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple
from unicodedata import category

from jinja2 import Environment, TemplateError
from markupsafe import Markup

from fidelity.errors import WrongUse
from fidelity.form import heading
from fidelity.form.questions import Asked, Part, chosen_language, questions
from fidelity.form.script.rules import rules
from fidelity.form.script.texts import page_fields, texts
from fidelity.form.script.texts import said as page_word
from fidelity.form.template import palette, templates
from fidelity.model.checklist import Checklist
from fidelity.model.direction import readable, reads_right_to_left
from fidelity.model.form import Field, Option, person, word
from fidelity.model.number import written
from fidelity.model.scale import Scale
from fidelity.model.spoken import spoken
from fidelity.team_look import by_look, own, page_text

# What no page may hold: control characters and halves of characters.
_NOT_FOR_PAGES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What could end a script, begin another element, or break a line where a script allows none.
_NOT_FOR_SCRIPTS = re.compile("[<>&\u2028\u2029]")
# The longest label, in signs, of so many buttons beside one another; then by how broad buttons must be.
IN_ONE_ROW = {1: 30, 2: 18, 3: 11, 4: 7}
LONGEST_OPTION = {"tiny": 3, "short": 12, "middle": 24}


class Choice(NamedTuple):
    """A button of an answer; one that is no score stands apart, and `beside` is said below the buttons."""

    label: str
    code: str
    is_apart: bool = False
    beside: str = ""


class Entry(NamedTuple):
    """What takes one answer: by buttons, by typing, or both; `hint` says what may be typed."""

    key: str
    choices: tuple[Choice, ...]
    width: str
    typed: str
    hint: str


class Block(NamedTuple):
    """An item: what it asks, its small print, its entries (two for two scales), how its note is called."""

    id: str
    wording: str
    small: tuple[str, ...]
    entries: tuple[tuple[str, Entry], ...]
    note: str


class Stretch(NamedTuple):
    """A part of the checklist with its items; `group` is its id."""

    group: str
    title: str
    notes: tuple[str, ...]
    blocks: tuple[Block, ...]


class First(NamedTuple):
    """Something asked before the items, with the entry that takes it, if it is not a plain field."""

    field: Field
    entry: Entry | None
    hint: str


def page_form(checklist: Checklist, language: str = "") -> bytes:
    """A page in one of the checklist's languages, to be filled in by a browser; the same bytes each time."""
    chosen = chosen_language(checklist, language)
    shown = checklist if checklist.shown_in else spoken(checklist, chosen, {})
    try:
        return _page(checklist, shown, chosen)
    except TemplateError as wrong:
        if own() is None:
            raise
        raise WrongUse(f"A template in {own()} cannot be used: {wrong.message}.") from wrong


def _page(checklist: Checklist, shown: Checklist, chosen: str) -> bytes:
    style, script = _style(), _script(checklist, shown, chosen)
    made = _templates().get_template("form.html")
    return made.render(
        language=chosen,
        direction="rtl" if reads_right_to_left(chosen) else "ltr",
        said=partial(readable, language=chosen),
        say=partial(page_word, chosen),
        title=heading.title(shown, chosen),
        subtitle=heading.subtitle(shown, chosen),
        advice=heading.advice(shown, chosen, "page choose"),
        about=word(chosen, "page about" if shown.about.unit == "session" else "page about other"),
        firsts=[_first(shown, each, chosen) for each in page_fields(shown, chosen)],
        stretches=list(_stretches(shown, chosen)),
        has_result=bool(shown.scores or shown.results or shown.flags or shown.gates),
        box=heading.box(shown, chosen),
        box_stays=_box_stays(shown, chosen),
        sending=word(chosen, "page send own" if shown.about.raters == ("self",) else "page send"),
        origin=heading.origin(shown, chosen),
        code=heading.code(shown),
        style=Markup(style),  # noqa: S704 - our own style sheet
        style_hash=_hash(style),
        script=Markup(script),  # noqa: S704 - our own script, and texts in which nothing can end it
        script_hash=_hash(script),
    ).encode()


def _box_stays(checklist: Checklist, language: str) -> str:
    talked = checklist.about.unit in ("session", "therapist") and checklist.about.raters != ("self",)
    key = "page box stays" if talked else "page box stays here"
    return word(language, key, therapist=person(checklist, language))


# ---- what is asked


def _first(checklist: Checklist, field: Field, language: str) -> First:
    id = field.key.removeprefix("fact.")
    if id == field.key:
        hint = word(language, "page code only") if field.key == "client" else ""
        return First(field, None, hint or (_number_hint(field, language) if field.kind == "number" else ""))
    return First(field, _entry(field.key, checklist.fact[id].scale, field.options, language), "")


def _number_hint(field: Field, language: str) -> str:
    return "" if field.span is None else word(language, "number", range=_range(field.span, language))


def _stretches(checklist: Checklist, language: str) -> Iterator[Stretch]:
    parts: list[tuple[Part, list[list[Asked]]]] = []
    for line in questions(checklist, language, live=True):
        if isinstance(line, Part):
            parts.append((line, []))
        elif line.is_facet:
            parts[-1][1][-1].append(line)
        else:
            parts[-1][1].append([line])
    for group, (part, items) in zip(checklist.groups, parts, strict=True):
        blocks = tuple(_block(lines, language) for lines in items)
        yield Stretch(group.id, part.title, tuple(part.note.splitlines()), blocks)


def _block(lines: list[Asked], language: str) -> Block:
    first = lines[0]
    asked = [(line, line.question) for line in lines if line.question is not None]
    entries = tuple(
        (line.wording if line.is_facet else "", _entry(question.key, question.scale, line.offered, language))
        for line, question in asked
    )
    note = (first.item.comment_label or word(language, "note")) if first.comment else ""
    return Block(first.item.id, first.wording, tuple(first.small.splitlines()), entries, note)


def _entry(key: str, scale: Scale, offered: tuple[Option, ...], language: str) -> Entry:
    apart = {each.id for each in scale.choices if each.means is not None}
    choices = _choices(offered, apart)
    typed = _typed(scale, offered)
    hint = _typing(scale, language) if typed == "number" else ""
    return Entry(key, choices, _width(choices), typed, hint)


def _choices(offered: tuple[Option, ...], apart: set[str]) -> tuple[Choice, ...]:
    """The buttons; of many numbers of which only some have names, the names stand below."""
    numbers = [each for each in offered if each.code not in apart]
    bare = [each for each in numbers if each.label == each.code]
    is_ruler = len(numbers) > max(IN_ONE_ROW) and bool(bare)
    return tuple(
        Choice(each.code, each.code, beside=each.label)
        if is_ruler and each.code not in apart and each.label != each.code
        else Choice(each.label, each.code, each.code in apart)
        for each in offered
    )


def _typed(scale: Scale, offered: tuple[Option, ...]) -> str:
    """What is typed: words, or a number that no list holds."""
    if scale.kind == "text":
        return "text"
    listed = {each.id for each in scale.choices}
    has_numbers = any(each.code not in listed for each in offered)
    return "number" if scale.span is not None and not has_numbers and not _is_named(scale) else ""


def _is_named(scale: Scale) -> bool:
    """Whether every number of a range has a name of its own."""
    span = scale.span
    if span is None or span.highest is None or span.step is None:
        return False
    numbers = (span.highest - span.lowest) / span.step + 1
    named = {written(each.points) for each in scale.choices if each.points is not None}
    return len(named) >= numbers


def _typing(scale: Scale, language: str) -> str:
    span = scale.span
    if span is None:
        return ""
    return word(language, "whole" if span.step == 1 else "number", range=_range(span, language))


def _range(span: Any, language: str) -> str:
    highest = None if span.highest is None else written(span.highest)
    key = "at least" if highest is None else "between"
    return word(language, key, lowest=written(span.lowest), highest=highest)


def _width(choices: tuple[Choice, ...]) -> str:
    """How broad the buttons must be for their longest label."""
    lengths = [_signs(each.label) for each in choices if not each.is_apart]
    longest = max(lengths, default=0)
    if longest <= IN_ONE_ROW.get(len(lengths), 0):
        return "row"
    return next((name for name, most in LONGEST_OPTION.items() if longest <= most), "long")


def _signs(label: str) -> int:
    """How many signs of a label stand side by side: marks above and below letters take no room."""
    return sum(category(each) not in ("Mn", "Cf") for each in label)


# ---- the page


def _script(checklist: Checklist, shown: Checklist, language: str) -> str:
    """The rules and texts of this checklist, what works them out, and what the page does."""
    known = {
        "rules": rules(shown),
        "texts": texts(checklist, shown, language),
        "columns": [each.key for each in shown.questions],
    }
    told = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    safe = _NOT_FOR_SCRIPTS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", _NOT_FOR_PAGES.sub("\ufffd", told))
    evaluator = (files("fidelity.form.script") / "evaluator.js").read_text(encoding="utf-8")
    return f'"use strict";\nconst FORM = {safe};\n{evaluator}\n{page_text("page/form.js")}'


@by_look
def _style() -> str:
    """The style sheet, with the palette above it."""
    return f"{palette()}\n{page_text('page/form.css')}"


@by_look
def _templates() -> Environment:
    return templates(_printable)


def _printable(value: object) -> object:
    if not isinstance(value, str) or not _NOT_FOR_PAGES.search(value):
        return value
    kept = _NOT_FOR_PAGES.sub("\ufffd", value)
    return Markup(kept) if isinstance(value, Markup) else kept  # noqa: S704 - it was escaped before


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
