"""Checklist -> a scoring form on paper: a page to print, a box for every answer, lines to write on."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import groupby, zip_longest
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from fidelity.form import heading
from fidelity.form.questions import Asked, Part, chosen_language, questions, shared_comment_label
from fidelity.form.template import palette, templates
from fidelity.model.checklist import Checklist
from fidelity.model.direction import readable, reads_right_to_left
from fidelity.model.form import Field, Option, fields, word
from fidelity.model.spoken import spoken
from fidelity.team_look import by_look, page_text

MOST_COLUMNS = 6  # answers that still have a column each
LONGEST_HEADING = 24  # signs above a column
MOST_BOXES = 12  # answers that are still ticked and not written
HALF_LINE = 48  # signs on half the width of the page
BOX_SIGNS = 6  # what a box and the room around it take
TEXT_LINES = 2
FREE_LINES, FREE_LINES_OF_TWO = 3, 2
_PAGE, _PAGES = "\x01", "\x02"


Text = tuple[str, ...]  # what is said, in the form's language and, if there is one, in the second


class Voice(NamedTuple):
    """The checklist in a language of the form."""

    checklist: Checklist
    language: str


class Entry(NamedTuple):
    """Something asked before the items: boxes to tick or room to write, on half of the width or all of it."""

    label: Text
    small: Text
    boxes: tuple[Text, ...]
    is_wide: bool


class Row(NamedTuple):
    """A line of the form: a box in each column of its part, or labelled `boxes`, or room to write."""

    label: str
    wording: Text
    small: tuple[Text, ...]
    asked: bool = False
    boxes: tuple[Text, ...] = ()
    is_number: bool = False
    lines: int = 0
    noted: bool = False
    is_facet: bool = False


class Block(NamedTuple):
    """A part of the checklist; `answers` head columns of boxes, where its items share a few short ones."""

    title: Text
    note: Text
    answers: tuple[Text, ...]
    rows: tuple[Row, ...]


class Sheet(NamedTuple):
    """Parts one below the other whose items have the same answers, so that one heading does for all."""

    answers: tuple[Text, ...]
    blocks: tuple[Block, ...]


def paper_form(checklist: Checklist, language: str = "", other: Checklist | None = None) -> bytes:
    """A page in one of the checklist's languages, to be printed on A4; the same bytes each time.

    `other` is the same checklist in a second language, which stands below the first in every line.
    """
    chosen = chosen_language(checklist, language)
    shown = checklist if checklist.shown_in else spoken(checklist, chosen, {})
    voices = [Voice(shown, chosen), *([] if other is None else [Voice(other, other.about.language)])]
    second = voices[-1].language
    languages = "/".join(each.language for each in voices)
    style = _style(f"{heading.code(shown)} · {languages}", chosen)
    made = _templates().get_template("paper.html")
    blocks = tuple(_blocks(voices))
    return made.render(
        language=chosen,
        direction=_direction(chosen),
        second=second,
        second_direction=_direction(second),
        said=partial(readable, language=chosen),
        said_second=partial(readable, language=second),
        title=_said(voices, heading.title),
        subtitle=_said(voices, heading.subtitle),
        advice=_text(heading.advices(voices, "tick")),
        fields=[_entry(each) for each in zip(*(fields(*each) for each in voices), strict=True)],
        blocks=blocks,
        tables=list(_tables(blocks)),
        asked=_text(word(each.language, "wording") for each in voices),
        free_lines=FREE_LINES if other is None else FREE_LINES_OF_TWO,
        noted=_text(shared_comment_label(each.checklist) or word(each.language, "note") for each in voices),
        box=_said(voices, heading.box),
        box_stays=_said(voices, heading.box_stays, " on paper"),
        origin=heading.origin(shown, chosen),
        style=Markup(style),  # noqa: S704 - our own style sheet
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
    ).encode()


def _direction(language: str) -> str:
    return "rtl" if reads_right_to_left(language) else "ltr"


def _said(voices: Sequence[Voice], says: Callable[..., str], *how: str) -> Text:
    return _text(says(*each, *how) for each in voices)


def _text(texts: Iterable[str]) -> Text:
    """One text in each language; what is alike is said once."""
    return tuple(dict.fromkeys(texts))


def _entry(same: Sequence[Field]) -> Entry:
    boxes = _boxes([each.options for each in same])
    label, small = _text(each.label for each in same), _text(each.small for each in same)
    signs = len(label[0]) + sum(sum(map(len, each)) + BOX_SIGNS for each in boxes)
    return Entry(label, small, boxes, is_wide=signs > HALF_LINE or max(map(len, small)) > HALF_LINE)


# ---- the parts

Lines = tuple[Asked, ...]  # one line of the form, in each language


def _blocks(voices: Sequence[Voice]) -> Iterator[Block]:
    parts: tuple[Part, ...] = (Part("", ""),)
    asked: list[Lines] = []
    for same in zip(*(questions(*each) for each in voices), strict=True):
        heads = tuple(each for each in same if isinstance(each, Part))
        if not heads:
            asked.append(tuple(each for each in same if isinstance(each, Asked)))
            continue
        if asked:
            yield _block(parts, asked)
        parts, asked = heads, []
    if asked:
        yield _block(parts, asked)


def _tables(blocks: Iterable[Block]) -> Iterator[Sheet]:
    """The parts in their order; those that follow one another with the same answers together."""
    for answers, same in groupby(blocks, lambda each: each.answers):
        together = tuple(same)
        yield from [Sheet(answers, together)] if answers else (Sheet((), (each,)) for each in together)


def _block(parts: Sequence[Part], asked: Sequence[Lines]) -> Block:
    answers = _in_columns(asked)
    rows = tuple(_row(each, columns=bool(answers)) for each in asked)
    return Block(_text(each.title for each in parts), _text(each.note for each in parts), answers, rows)


def _in_columns(asked: Sequence[Lines]) -> tuple[Text, ...]:
    """The answers that every question of a part has, if they fit side by side."""
    offered = {tuple(each.offered for each in same) for same in asked if same[0].question is not None}
    labels = _labels(offered.pop()) if len(offered) == 1 else ()
    longest = max((len(each) for text in labels for each in text), default=0)
    return labels if len(labels) <= MOST_COLUMNS and longest <= LONGEST_HEADING else ()


def _row(same: Lines, *, columns: bool) -> Row:
    asked = same[0]
    boxes = () if columns else _boxes([each.offered for each in same])
    written = asked.question.scale.kind if asked.question and not columns and not boxes else ""
    return Row(
        asked.label,
        _text(each.wording for each in same),
        tuple(zip_longest(*(each.small.splitlines() for each in same), fillvalue="")),
        asked=asked.question is not None,
        boxes=boxes,
        is_number=written not in ("", "text"),
        lines=TEXT_LINES if written == "text" else 0,
        noted=bool(asked.comment),
        is_facet=asked.is_facet,
    )


def _boxes(offered: Sequence[Sequence[Option]]) -> tuple[Text, ...]:
    """The labels of boxes to tick; more answers than fit on a line or two are written instead."""
    return _labels(offered) if len(offered[0]) <= MOST_BOXES else ()


def _labels(offered: Sequence[Sequence[Option]]) -> tuple[Text, ...]:
    """The label of each answer in each language."""
    return tuple(_text(each.label for each in same) for same in zip(*offered, strict=True))


# ---- the page


@by_look
def _templates() -> Environment:
    return templates()


def _style(code: str, language: str) -> str:
    """The style sheet, with the palette above it and the code of the form at the foot of every page."""
    return f"{palette()}\n{page_text('page/paper.css')}\n{_foot(code, language)}"


def _foot(code: str, language: str) -> str:
    numbered = word(language, "page", page=_PAGE, pages=_PAGES)
    of_page = (
        _text_of_style(numbered).replace(_PAGE, '" counter(page) "').replace(_PAGES, '" counter(pages) "')
    )
    sides = ("right", "left") if reads_right_to_left(language) else ("left", "right")
    first, last = (
        f"@bottom-{side} {{ content: {told}; }}"
        for side, told in zip(sides, (_text_of_style(code), of_page), strict=True)
    )
    return f"@page {{ {first} {last} }}"


def _text_of_style(text: str) -> str:
    """A text as a style sheet has it; nothing in it can end it."""
    kept = "".join(
        sign if sign.isalnum() or sign in " ._-/·" + _PAGE + _PAGES else f"\\{ord(sign):06x}" for sign in text
    )
    return f'"{kept}"'
