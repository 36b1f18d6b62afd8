"""One site's page: how it stands as a whole, and who works there, who may need support first."""

from dataclasses import dataclass

from fidelity.model.summary import AuditGroup, SiteSummary
from fidelity.report.drift_words import movement_sentence
from fidelity.report.feedback import Chip
from fidelity.report.pages.block import Block, told
from fidelity.report.pages.map import PageMap
from fidelity.report.pages.session_list import sessions_block
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import column, summary_table
from fidelity.report.tables.table import Table, table

ROOT = "../"


@dataclass(frozen=True, slots=True)
class SitePage:
    """Everything on the page, in reading order."""

    title: str
    chips: tuple[Chip, ...]
    sentences: tuple[str, ...]
    blocks: tuple[Block, ...]


def sites_table(study: ReportedStudy) -> Table:
    """One row a site: who and how many, and the mean; sites are not ranked, they stand by name."""
    words, places, unit = study.words, study.measure.places, study.measure.unit
    columns = [
        column(words, "site", "strong"),
        column(words, "therapists", "count"),
        column(words, "sessions", "count"),
        column(words, "mean", "number", places, unit=unit),
    ]
    rows = [[each.site, each.therapists, each.n, each.mean] for each in study.summary.sites if each.site]
    return table("Sites", "", columns, rows)


def site_page(study: ReportedStudy, pages: PageMap, site: SiteSummary) -> SitePage:
    """The page of one site."""
    own = [each for each in pages.every if each.first.site == site.site]
    return SitePage(
        title=study.words.say("page.site.title", site=site.site),
        chips=_chips(study, site),
        sentences=_sentences(study, site),
        blocks=told(_people(study, pages, site), sessions_block(study, pages, own, ROOT)),
    )


def _chips(study: ReportedStudy, site: SiteSummary) -> tuple[Chip, ...]:
    words, here = study.words, [score for person, score in study.people if person.site == site.site]
    chips = [
        Chip(words.say("column.therapists"), str(site.therapists)),
        Chip(words.say("column.sessions"), str(site.n)),
        Chip(words.say("feedback.average"), study.measure.text(site.mean), more=_range(study, site)),
    ]
    if study.standard is not None and here:
        meeting = sum(score.standard == "meets" for score in here)
        label = words.say("summary.counter.meet")
        chips.append(Chip(label, words.say("list.part", part=meeting, whole=len(here))))
    return tuple(chips)


def _range(study: ReportedStudy, site: SiteSummary) -> str:
    """The likely range, therapists as clusters, where the audit worked it out for the same mean."""
    audit = study.beside.audit
    found: AuditGroup | None = next(
        (each for each in (audit.sites if audit else ()) if each.group == site.site), None
    )
    if found is None or found.low is None or found.high is None or audit is None or audit.weighted:
        return ""
    low, high = (study.measure.text(value) for value in (found.low, found.high))
    return study.words.say("feedback.range", low=low, high=high)


def _sentences(study: ReportedStudy, site: SiteSummary) -> tuple[str, ...]:
    moved = [
        movement_sentence(study, each)
        for each in study.summary.everyone
        if each.site == site.site and each.status in ("moved", "watch")
    ]
    return (*(moved or [study.words.say("page.site.steady")]), study.words.say("page.site.reason"))


def _people(study: ReportedStudy, pages: PageMap, site: SiteSummary) -> Block:
    whole = summary_table(study)
    here = {person.therapist for person, _ in study.people if person.site == site.site}
    kept = [number for number, each in enumerate(whole.columns) if each.key != "site"]
    rows = [[row[number] for number in kept] for row in whole.rows if row[0] in here]
    made = table("People", "", [whole.columns[number] for number in kept], rows)
    return Block(
        study.words.say("page.site.people"),
        table=made,
        targets=pages.linked(made, "therapist", "therapists", ROOT),
    )
