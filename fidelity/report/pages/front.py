"""A study -> its first page, whom to talk to first; and the page that lists all others."""

from collections.abc import Iterator
from dataclasses import dataclass

from fidelity.report.drift_words import drift_notes
from fidelity.report.look import shipped_look
from fidelity.report.overview import Counter, counters, lead, reading_lines
from fidelity.report.pages.block import Block, Targets, told
from fidelity.report.pages.map import MOST_SESSIONS, Folder, PageMap
from fidelity.report.pages.rater import raters_told
from fidelity.report.pages.session_list import sessions_block
from fidelity.report.pages.site import sites_table
from fidelity.report.reported import ReportedStudy
from fidelity.report.standing_words import due_sentences, first_sentences, judged_words, standing_status
from fidelity.report.tables.people import column, summary_table
from fidelity.report.tables.sessions import levels_tables, scores_table, sessions_table
from fidelity.report.tables.table import Table, Value, table
from fidelity.report.words import joined

MOST_DUE = 20
ASKED_FIRST = ("raters", "everyone", "false_flags", "many")


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Everything on the first page, in reading order."""

    title: str
    meta: str
    lead: tuple[str, ...]
    counters: tuple[Counter, ...]
    blocks: tuple[Block, ...]


def front_page(study: ReportedStudy, pages: PageMap) -> FrontPage:
    """The overview, with the way to every other page."""
    words = study.words
    blocks = (
        *_people(study, pages),
        *_programme(study, pages),
        _asked_first(study),
        _sites(study, pages),
        _raters(study, pages),
    )
    return FrontPage(
        title=words.say("page.front.title"),
        meta=joined(*_meta(study)),
        lead=tuple(lead(study)),
        counters=tuple(counters(study)),
        blocks=told(*blocks, Block(words.say("page.front.read"), notes=tuple(reading_lines(study)))),
    )


def _meta(study: ReportedStudy) -> Iterator[str]:
    if study.standings is not None:
        programme = study.standings.programme
        yield f"{programme.title} {programme.about.version}".strip()
    yield f"{study.checklist.title} {study.checklist.about.version}".strip()
    yield study.period


# ---- People, or sessions where the data name nobody


def _people(study: ReportedStudy, pages: PageMap) -> Iterator[Block]:
    words = study.words
    if study.has_course and study.people:
        made = summary_table(study)
        targets: Targets = {
            **pages.linked(made, "therapist", "therapists", ""),
            **(_to_sites(made, pages)),
        }
        yield Block(words.say("page.front.people"), table=made, targets=targets)
        return
    titles = shipped_look(study.words.language).sheets["scores"]
    yield from (Block(titles["levels"], table=each) for each in levels_tables(study))
    yield Block(titles["scores"], table=scores_table(study))
    if len(study.sessions) <= MOST_SESSIONS:
        made = sessions_table(study)
        ways = tuple(pages.to_session(key, "") for key in study.sessions)
        yield Block(titles["sessions"], table=made, targets={"session": ways})


def _to_sites(made: Table, pages: PageMap) -> Targets:
    there = any(each.key == "site" for each in made.columns)
    return pages.linked(made, "site", "sites", "") if there else {}


# ---- The programme: what is due, and how many stand where


def _programme(study: ReportedStudy, pages: PageMap) -> Iterator[Block]:
    if study.standings is None:
        return
    words, titles, everybody = study.words, study.titles, study.standings.therapists
    first = [(each.therapist, text) for each in everybody for text in first_sentences(titles, each)]
    due = sorted(
        (day, each.therapist, text) for each in everybody for day, text in due_sentences(titles, each)
    )
    columns = [column(words, "therapist", "strong"), column(words, "what")]
    rows: list[list[Value]] = [
        *[_due_row(name, text) for name, text in first],
        *[_due_row(name, text) for _, name, text in due],
    ]
    made = table("Due", "", columns, rows[:MOST_DUE])
    more = words.say("page.front.more_due", number=len(rows) - MOST_DUE) if len(rows) > MOST_DUE else ""
    yield Block(
        words.say("page.front.due"),
        table=made,
        targets=pages.linked(made, "therapist", "therapists", ""),
        notes=tuple(text for text in (more, judged_words(words, study.standings)) if text and rows),
    )
    yield Block(words.say("page.front.stages"), table=_stages(study))


def _due_row(name: str, text: str) -> list[Value]:
    return [name, text]


def _stages(study: ReportedStudy) -> Table:
    """How many stand where in each stage; counts, nobody's name."""
    words, standings = study.words, study.standings
    people = standings.therapists if standings else ()
    found = [each for one in people for each in one.stages]
    states = list(dict.fromkeys(standing_status(words, each).text for each in found))
    stages = list(dict.fromkeys(each.stage.title for each in found))
    rows: list[list[Value]] = [
        [
            stage,
            *(
                sum(
                    each.stage.title == stage and standing_status(words, each).text == state for each in found
                )
                for state in states
            ),
        ]
        for stage in stages
    ]
    columns = [
        column(words, "stage", "strong"),
        *(column(words, "standing", "count", title=state) for state in states),
    ]
    return table("Stages", "", columns, rows)


# ---- Everyone, raters, sites


def _asked_first(study: ReportedStudy) -> Block:
    if not study.has_course or not study.people:
        return Block()
    notes = drift_notes(study)
    said = tuple(notes[key] for key in ASKED_FIRST if key in notes)
    return Block(study.words.say("page.front.first"), points=said)


def _sites(study: ReportedStudy, pages: PageMap) -> Block:
    made = sites_table(study)
    return Block(
        study.words.say("page.front.sites"), table=made, targets=pages.linked(made, "site", "sites", "")
    )


def _raters(study: ReportedStudy, pages: PageMap) -> Block:
    made = raters_told(study, pages)
    return Block(
        study.words.say("page.front.raters"),
        table=made,
        targets=pages.linked(made, "rater", "raters", ""),
        notes=(study.words.say("page.rater.reason"),) if made.rows else (),
    )


# ---- All pages


def all_pages(study: ReportedStudy, pages: PageMap) -> tuple[Block, ...]:
    """Every page there is, with the way to it."""
    words = study.words
    return told(
        _people_listed(study, pages),
        _listed(study, pages, "sites", list(pages.sites)),
        _listed(study, pages, "raters", list(pages.raters)),
        sessions_block(study, pages, pages.every, ""),
        Block(words.say("page.all.files"), notes=(words.say("method.text.privacy"),)),
    )


def _people_listed(study: ReportedStudy, pages: PageMap) -> Block:
    words, names = study.words, sorted(pages.therapists)
    columns = [column(words, "therapist", "strong"), column(words, "sheet")]
    rows: list[list[Value]] = [
        [name, words.say("page.all.sheet", name=name) if name in pages.feedback else None] for name in names
    ]
    made = table("Therapists", "", columns, rows)
    return Block(
        words.say("page.all.therapists"),
        table=made,
        targets={
            **pages.linked(made, "therapist", "therapists", ""),
            "sheet": tuple(pages.to("feedback", name, "") for name in names),
        },
    )


def _listed(study: ReportedStudy, pages: PageMap, folder: Folder, names: list[str]) -> Block:
    words = study.words
    key = {"sites": "site", "raters": "rater"}[folder]
    made = table(folder, "", [column(words, key, "strong")], [[name] for name in names])
    return Block(words.say(f"page.all.{folder}"), table=made, targets=pages.linked(made, key, folder, ""))
