"""A study -> pages: an index, and one feedback sheet for each therapist."""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from fidelity import content
from fidelity.model.checklist import Checklist
from fidelity.model.direction import reads_right_to_left
from fidelity.model.spoken import marked
from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.chart_svg import NARROW, WIDE, bars_svg, course_svg
from fidelity.report.feedback import Feedback, feedback_of
from fidelity.report.look import shipped_look
from fidelity.report.overview import counters, lead, reading_lines
from fidelity.report.reported import ReportedStudy
from fidelity.report.session_tables import levels_tables, scores_table, sessions_table
from fidelity.report.speaking import language_sentences
from fidelity.report.status import Status
from fidelity.report.table import Alert, Bars, Column, Table, Value, shown_text
from fidelity.report.tables import course_of, summary_table

LONGEST_NAME = 60
_NO_FILE_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as a page shows it."""

    text: str
    align: str
    look: str
    key: str
    drawing: Markup | None
    link: str | None


def pages(study: ReportedStudy) -> dict[str, bytes]:
    """File name -> content: `index.html`, and a sheet below `feedback/` for each therapist."""
    files = feedback_files([person.therapist for person, _ in study.people])
    made = {"index.html": _index(study, files)}
    for person, score in study.people:
        made[f"feedback/{files[person.therapist]}"] = _feedback(study, person, score)
    return made


# ---- File names


def feedback_files(therapists: Sequence[str]) -> dict[str, str]:
    """A file name for each therapist that every system takes, unlike the others whatever the case."""
    files: dict[str, str] = {}
    taken: set[str] = set()
    for name in therapists:
        plain, number = _plain(name), 1
        file = plain
        while file.casefold() in taken:
            number += 1
            file = f"{plain}_{number}"
        taken.add(file.casefold())
        files[name] = f"{file}.html"
    return files


def _plain(name: str) -> str:
    kept = re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFC", name)).strip("_-")[:LONGEST_NAME]
    return f"{kept}_" if not kept or _NO_FILE_NAMES.fullmatch(kept) else kept


# ---- Pages


def _index(study: ReportedStudy, files: Mapping[str, str]) -> bytes:
    links = {name: f"feedback/{quote(file)}" for name, file in files.items()}
    return _page(
        study,
        "index.html",
        title=shipped_look(study.words.language).sheets["summary"]["title"],
        lead=lead(study),
        counters=counters(study),
        sections=[(title, table, cells_of(table, links)) for title, table in _sections(study)],
        notes=reading_lines(study),
    )


def _sections(study: ReportedStudy) -> list[tuple[str, Table]]:
    if study.has_course:
        return [("", summary_table(study))]
    titles = shipped_look(study.words.language).sheets["scores"]
    return [
        *((titles["levels"], table) for table in levels_tables(study)),
        (titles["scores"], scores_table(study)),
        (titles["sessions"], sessions_table(study)),
    ]


def _feedback(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> bytes:
    told: Feedback = feedback_of(study, person, score)
    line = course_of(study, score)
    charts = [
        Markup(course_svg(study.words, line, study.measure, size, told.alt))  # noqa: S704 - escaped where it is made
        for size in (WIDE, NARROW)
        if line.points
    ]
    return _page(
        study,
        "feedback.html",
        title=told.title,
        told=told,
        charts=charts,
        line=line,
        parts=(told.parts, cells_of(told.parts, {})),
        also=(told.also, cells_of(told.also, {})),
    )


def _page(study: ReportedStudy, template: str, **facts: object) -> bytes:
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
        spoken=partial(_spoken, study.checklist),
        translation=language_sentences(words, study.checklist.shown_in),
        style=Markup(style),  # noqa: S704 - our own style sheet
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        **facts,
    ).encode()


def _spoken(checklist: Checklist, text: str) -> str | Markup:
    """A text of the checklist; one that is not translated says its language, and shows its mark beside it."""
    plain, mark = marked(text)
    if checklist.shown_in is None or not mark:
        return text
    said = Markup('<span lang="{}" dir="auto">{}</span>').format(mark, plain) if mark != "old" else plain
    return Markup("{} <small>[{}]</small>").format(said, mark)


@cache
def _templates() -> Environment:
    loader = FunctionLoader(lambda name: content.text("reports", f"page/{name}"))
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _style() -> str:
    """The style sheet, headed by the colours of the shared palette."""
    styles = shipped_look().styles
    colours = {
        f"{role}-{part}": value for role, pair in styles["palette"].items() for part, value in pair.items()
    }
    colours |= {f"line-{name}": value for name, value in styles["lines"].items()}
    colours |= {f"chart-{name}": value for name, value in styles["chart"].items() if isinstance(value, str)}
    named = "".join(f"--{name.replace('_', '-')}:#{value};" for name, value in colours.items())
    return f":root{{{named}}}\n" + content.text("reports", "page/page.css")


# ---- Tables


def cells_of(table: Table, links: Mapping[str, str]) -> list[list[Cell]]:
    """The rows of a table as a page shows them."""
    return [
        [_cell(column, value, links) for column, value in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]


def _cell(column: Column, value: Value, links: Mapping[str, str]) -> Cell:
    look = ""
    if isinstance(value, Status):
        look = value.look
    elif isinstance(value, Alert) and value.raised:
        look = "concern"
    drawing = Markup(bars_svg(value)) if isinstance(value, Bars) else None  # noqa: S704 - numbers only
    link = links.get(value) if column.kind == "person" and isinstance(value, str) else None
    return Cell(shown_text(value, column), column.align, look, column.key, drawing, link)
