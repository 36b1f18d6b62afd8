"""Checklist -> a scoring form on paper: a page to print, a box for every answer, lines to write on."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from fidelity.form import heading
from fidelity.form.look import settings
from fidelity.form.questions import Asked, Part, chosen_language, questions, shared_comment_label
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
FREE_LINES = 3
_PAGE, _PAGES = "\x01", "\x02"


class Entry(NamedTuple):
    """Something asked before the items: boxes to tick or room to write, on half of the width or all of it."""

    label: str
    small: str
    boxes: tuple[str, ...]
    is_wide: bool


class Row(NamedTuple):
    """A line of the form: a box in each column of its part, or labelled `boxes`, or room to write."""

    label: str
    wording: str
    small: tuple[str, ...]
    asked: bool = False
    boxes: tuple[str, ...] = ()
    is_number: bool = False
    lines: int = 0
    noted: bool = False
    is_facet: bool = False


class Block(NamedTuple):
    """A part of the checklist; `answers` head columns of boxes, where its items share a few short ones."""

    title: str
    note: str
    answers: tuple[str, ...]
    rows: tuple[Row, ...]


def paper_form(checklist: Checklist, language: str = "") -> bytes:
    """A page in one of the checklist's languages, to be printed on A4; the same bytes each time."""
    chosen = chosen_language(checklist, language)
    shown = checklist if checklist.shown_in else spoken(checklist, chosen, {})
    style = _style(f"{heading.code(shown)} · {chosen}", chosen)
    made = _templates().get_template("paper.html")
    return made.render(
        language=chosen,
        direction="rtl" if reads_right_to_left(chosen) else "ltr",
        said=partial(readable, language=chosen),
        title=heading.title(shown, chosen),
        subtitle=heading.subtitle(shown, chosen),
        advice=heading.advice(shown, chosen, "tick"),
        fields=[_entry(each) for each in fields(shown, chosen)],
        blocks=list(_blocks(shown, chosen)),
        free_lines=FREE_LINES,
        noted=shared_comment_label(shown) or word(chosen, "note"),
        box=heading.box(shown, chosen),
        box_stays=heading.box_stays(shown, chosen, " on paper"),
        origin=heading.origin(shown, chosen),
        style=Markup(style),  # noqa: S704 - our own style sheet
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
    ).encode()


def _entry(field: Field) -> Entry:
    boxes = _boxes(field.options)
    long = len(field.label) + sum(len(each) + BOX_SIGNS for each in boxes) > HALF_LINE
    return Entry(field.label, field.small, boxes, is_wide=long or len(field.small) > HALF_LINE)


# ---- the parts


def _blocks(checklist: Checklist, language: str) -> Iterator[Block]:
    part, asked = Part("", ""), list[Asked]()
    for line in questions(checklist, language):
        if isinstance(line, Asked):
            asked.append(line)
            continue
        if asked:
            yield _block(part, asked)
        part, asked = line, []
    if asked:
        yield _block(part, asked)


def _block(part: Part, asked: Sequence[Asked]) -> Block:
    answers = _in_columns(asked)
    return Block(part.title, part.note, answers, tuple(_row(each, columns=bool(answers)) for each in asked))


def _in_columns(asked: Sequence[Asked]) -> tuple[str, ...]:
    """The answers that every question of a part has, if they fit side by side."""
    offered = {each.offered for each in asked if each.question is not None}
    labels = tuple(each.label for each in offered.pop()) if len(offered) == 1 else ()
    fits = len(labels) <= MOST_COLUMNS and all(len(each) <= LONGEST_HEADING for each in labels)
    return labels if fits else ()


def _row(asked: Asked, *, columns: bool) -> Row:
    boxes = () if columns else _boxes(asked.offered)
    written = asked.question.scale.kind if asked.question and not columns and not boxes else ""
    return Row(
        asked.label,
        asked.wording,
        tuple(asked.small.splitlines()),
        asked=asked.question is not None,
        boxes=boxes,
        is_number=written not in ("", "text"),
        lines=TEXT_LINES if written == "text" else 0,
        noted=bool(asked.comment),
        is_facet=asked.is_facet,
    )


def _boxes(offered: Sequence[Option]) -> tuple[str, ...]:
    """The labels of boxes to tick; more answers than fit on a line or two are written instead."""
    return tuple(each.label for each in offered) if len(offered) <= MOST_BOXES else ()


# ---- the page


@by_look
def _templates() -> Environment:
    loader = FunctionLoader(lambda name: page_text(f"page/{name}"))
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _style(code: str, language: str) -> str:
    """The style sheet, with the palette above it and the code of the form at the foot of every page."""
    colours = {
        f"{role}-{part}": each for role, pair in settings()["palette"].items() for part, each in pair.items()
    }
    colours |= {f"line-{name}": each for name, each in settings()["lines"].items()}
    named = "".join(f"--{name.replace('_', '-')}:#{value};" for name, value in colours.items())
    return f":root{{{named}}}\n{page_text('page/paper.css')}\n{_foot(code, language)}"


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
