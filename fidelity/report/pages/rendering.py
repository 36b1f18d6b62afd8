"""A template of `reports/page` and its facts -> the bytes of a page: escaped, and closed to the network."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from markupsafe import Markup

from fidelity.errors import WrongUse
from fidelity.model.checklist import Checklist
from fidelity.model.direction import TO_THE_LEFT, readable, reads_right_to_left
from fidelity.model.spoken import marked
from fidelity.report.look import shipped_look
from fidelity.report.pages.block import Parts, Targets, Way
from fidelity.report.pages.chart import bars_svg, bars_width
from fidelity.report.reported import ReportedStudy
from fidelity.report.speaking import language_sentences
from fidelity.report.status import Status
from fidelity.report.tables.table import Alert, Bars, Column, Table, Value, shown_text
from fidelity.team_look import by_look, own, page_text
from fidelity.text_size import text_width

ROOM = 1085.0  # pixels; where the overview stops showing its widest table as cards
DIGIT, EDGES = 7.6, 9.6  # pixels, in the font of the overview's tables
UNBROKEN = 14  # letters of a word that stay together; a site is called Kathmandu, not Kathma-ndu

_NOT_FOR_PAGES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Step(NamedTuple):
    """One step of the way from the index to a page; the page itself leads nowhere."""

    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as a page shows it."""

    text: str
    align: str
    look: str
    key: str
    drawing: Markup | None
    link: str | None
    parts: Parts = ()

    @property
    def long(self) -> bool:
        """Whether a word is too long for a column, and may be broken anywhere."""
        return any(len(word) > UNBROKEN for word in self.text.split(" "))


def rendered(study: ReportedStudy, template: str, **facts: object) -> bytes:
    """The page: `title` and `way` (the steps to it) among its facts, the rest as its template asks."""
    with own_templates():
        return _rendered(study, template, **facts)


def _rendered(study: ReportedStudy, template: str, **facts: object) -> bytes:
    words, about = study.words, study.checklist.about
    style = _style()
    made = _templates().get_template(template)
    return made.render(
        say=words.say,
        checklist=study.checklist,
        summary=study.summary,
        period=study.period,
        language=words.language,
        direction="rtl" if reads_right_to_left(words.language) else "ltr",
        content_language=about.language,
        spoken=partial(_spoken, study.checklist, words.language),
        translation=language_sentences(words, study.checklist.shown_in),
        cells=cells_of,
        broad=is_broad,
        style=Markup(style),  # noqa: S704 - our own style sheet
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        **facts,
    ).encode()


@contextmanager
def own_templates() -> Iterator[None]:
    """What is wrong with a template of a team's own is told to the team; ours have no such mistakes."""
    try:
        yield
    except TemplateError as wrong:
        if own() is None:
            raise
        where = f" ({wrong.name}, line {wrong.lineno})" if isinstance(wrong, TemplateSyntaxError) else ""
        raise WrongUse(f"A template in {own()} cannot be used{where}: {wrong.message}.") from wrong


def drawn(svg: str) -> Markup:
    """A drawing of ours, whose texts are escaped where it is made."""
    return Markup(_NOT_FOR_PAGES.sub("\ufffd", svg))  # noqa: S704


def cells_of(table: Table, targets: Targets) -> list[list[Cell]]:
    """The rows of a table as a page shows them."""
    return [
        [
            _cell(column, value, _target(targets, column, number))
            for column, value in zip(table.columns, row, strict=True)
        ]
        for number, row in enumerate(table.rows)
    ]


def is_broad(table: Table) -> bool:
    """Whether the words of a table need more room than a screen of 1,200 pixels has beside each other."""
    columns = enumerate(table.columns)
    return sum(_narrowest(column, [row[at] for row in table.rows]) for at, column in columns) > ROOM


def _narrowest(column: Column, values: Sequence[Value]) -> float:
    """How many pixels the longest word of a column takes, or its broadest drawing."""
    drawings = [bars_width(value) for value in values if isinstance(value, Bars)]
    texts = [_text(value, column) for value in values if not isinstance(value, Bars)]
    unbroken = [word for text in texts for word in text.split(" ") if len(word) <= UNBROKEN]
    words = [text_width(word) * DIGIT for word in (*column.title.split(" "), *unbroken)]
    return max(*drawings, *words, 0.0) + EDGES


def _target(targets: Targets, column: Column, number: int) -> Way:
    ways = targets.get(column.key)
    return ways[number] if ways else None


def _cell(column: Column, value: Value, way: Way) -> Cell:
    look = ""
    if isinstance(value, Status):
        look = value.look
    elif isinstance(value, Alert) and value.raised:
        look = "concern"
    drawing = drawn(bars_svg(value)) if isinstance(value, Bars) else None
    text = _text(value, column)
    if isinstance(way, tuple):
        return Cell(text, column.align, look, column.key, drawing, None, way)
    return Cell(text, column.align, look, column.key, drawing, way)


def _text(value: Value, column: Column) -> str:
    """A value as people read it; the glyph of a status stays with its word."""
    text = shown_text(value, column)
    return text.replace(" ", "\u00a0", 1) if isinstance(value, Status) else text


def _spoken(checklist: Checklist, language: str, text: str) -> str | Markup:
    """A text of the checklist; one that is not translated says its language, and shows its mark beside it."""
    plain, mark = marked(text)
    if checklist.shown_in is None or not mark:
        return _in_order(readable(text, language), language)
    said = Markup('<span lang="{}" dir="auto">{}</span>').format(mark, plain) if mark != "old" else plain
    return Markup("{} <small>[{}]</small>").format(said, mark)


def _in_order(text: str, language: str) -> str:
    """Parts with a dot between them keep their order from right to left, also where two of them are Latin."""
    return text.replace(" · ", f"{TO_THE_LEFT} · {TO_THE_LEFT}") if reads_right_to_left(language) else text


def _printable(value: object) -> object:
    """Without what no page may hold: control characters and halves of characters."""
    if not isinstance(value, str) or not _NOT_FOR_PAGES.search(value):
        return value
    kept = _NOT_FOR_PAGES.sub("\ufffd", value)
    return Markup(kept) if isinstance(value, Markup) else kept  # noqa: S704 - it was escaped before


@by_look
def _templates() -> Environment:
    loader = FunctionLoader(lambda name: page_text(f"page/{name}"))
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )


@by_look
def _style() -> str:
    """The style sheet, headed by the paper and the colours that it shares with the workbook."""
    styles = shipped_look().styles
    colours = {
        f"{role}-{part}": value for role, pair in styles["palette"].items() for part, value in pair.items()
    }
    colours |= {f"line-{name}": value for name, value in styles["lines"].items()}
    colours |= {f"chart-{name}": value for name, value in styles["chart"].items() if isinstance(value, str)}
    named = "".join(f"--{name.replace('_', '-')}:#{value};" for name, value in colours.items())
    size = styles["paper"]["size"]
    paper = f"@page{{size:{size}}}@page wide{{size:{size} landscape}}"
    return f":root{{{named}}}{paper}\n" + page_text("page/page.css")
