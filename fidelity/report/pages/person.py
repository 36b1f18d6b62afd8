"""One therapist's page for the supervisor: course, what it means, strengths, stages, sessions."""

from dataclasses import dataclass

from fidelity.model.standing import DoseStanding, Evidence, StageStanding, TherapistStanding
from fidelity.model.summary import (
    Discrepancy,
    ScoreSummary,
    TherapistSummary,
)
from fidelity.report.course import Course
from fidelity.report.feedback import Chip, course_alt
from fidelity.report.measure import measure, plain
from fidelity.report.overview import gate_titles
from fidelity.report.pages.block import Block, Parts, told
from fidelity.report.pages.map import PageMap
from fidelity.report.pages.session_list import sessions_block
from fidelity.report.reported import ReportedStudy
from fidelity.report.standing_words import (
    decided_parts,
    decided_sentence,
    judged_words,
    missing_sentences,
    next_words,
    standing_status,
)
from fidelity.report.status import (
    Status,
    next_step,
    standard_sentence,
    standard_status,
    status,
    trend_sentence,
    trend_status,
)
from fidelity.report.tables.evidence import evidence_table
from fidelity.report.tables.items import own_fallen_table
from fidelity.report.tables.limits import limits_table
from fidelity.report.tables.people import column, course_of
from fidelity.report.tables.person import (
    going_well,
    item_title,
    missed_table,
    other_scores_table,
    parts_table,
)
from fidelity.report.tables.sessions import levels_sentence
from fidelity.report.tables.table import Value, table
from fidelity.report.words import joined

ROOT = "../"


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything on the page, in reading order."""

    title: str
    meta: str
    sheet: str | None
    site: str | None
    site_name: str
    chips: tuple[Chip, ...]
    sentences: tuple[str, ...]
    suggested: str
    line: Course | None
    alt: str
    broken: tuple[str, ...]
    well: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]


def person_page(study: ReportedStudy, pages: PageMap, name: str) -> PersonPage:
    """The page of a therapist; one whom only the programme knows has stages and doses alone."""
    person = next((each for each in study.summary.therapists if each.therapist == name), None)
    score = next((found for each, found in study.people if each.therapist == name), None)
    own = pages.by_therapist.get(name, [])
    standing = study.standing(name)
    return PersonPage(
        title=joined(name, person.modality if person else ""),
        meta=_meta(study, person),
        sheet=pages.to("feedback", name, ROOT),
        site=pages.to("sites", person.site, ROOT) if person else None,
        site_name=person.site if person else "",
        chips=_chips(study, standing, score),
        sentences=_sentences(study, person, score),
        suggested=_suggested(study, person, score) if person and score else "",
        line=course_of(study, score) if score and score.sessions else None,
        alt=course_alt(study, person, score, course_of(study, score)) if person and score else "",
        broken=_breaks(study, score),
        well=_well(study, person),
        blocks=told(
            *_of_person(study, person, score),
            _stages(study, pages, standing),
            _doses(study, standing),
            sessions_block(study, pages, own, ROOT, falling=_falling(score)),
        ),
    )


def _suggested(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> str:
    step = next_step(study.words, score, study.capped_lately(person.therapist))
    return study.words.say("therapist.suggested", next_step=step)


def _meta(study: ReportedStudy, person: TherapistSummary | None) -> str:
    if person is None:
        return study.checklist.title
    said = study.words.say(
        "therapist.subtitle",
        checklist=study.checklist.title,
        period=study.words.period(person.first_date, person.last_date),
        raters=study.words.names(person.raters),
    )
    return joined(*said.split(" · "))


def _chips(
    study: ReportedStudy, standing: TherapistStanding | None, score: ScoreSummary | None
) -> tuple[Chip, ...]:
    words, how = study.words, study.measure
    chips: list[Chip] = []
    if score is not None:
        standard, trend = standard_status(words, score), trend_status(words, score)
        last = score.sessions[-1].score if score.sessions else None
        if standard is not None:
            chips.append(_of_status(words.say("column.standard"), standard))
        chips += [
            _of_status(words.say("column.trend"), trend),
            Chip(words.say("column.sessions"), str(score.n)),
            Chip(words.say("feedback.average"), how.text(score.mean), more=_range(study, score)),
            Chip(words.say("feedback.last"), how.text(last)),
        ]
    if standing is not None and standing.stage is not None:
        until = words.say("feedback.until", day=words.day(standing.due)) if standing.due else ""
        chips.append(Chip(words.say("column.stage"), standing.stage.stage.title, more=until))
    return tuple(chips)


def _of_status(label: str, found: Status) -> Chip:
    return Chip(label, found.text, "strip" if found.look == "steady" else found.look)


def _range(study: ReportedStudy, score: ScoreSummary) -> str:
    if score.low is None or score.high is None:
        return ""
    low, high = (study.measure.text(value) for value in (score.low, score.high))
    return study.words.say("feedback.range", low=low, high=high)


def _sentences(
    study: ReportedStudy, person: TherapistSummary | None, score: ScoreSummary | None
) -> tuple[str, ...]:
    """What the pattern means."""
    if person is None or score is None:
        return ()
    words = study.words
    levels = levels_sentence(study, person)
    said = (
        trend_sentence(words, score, study.measure, study.sigma),
        standard_sentence(words, score, study.measure, study.standard),
        _capped(study, person),
        words.say("therapist.levels", levels=levels) if levels else "",
    )
    return tuple(text for text in said if text)


def _capped(study: ReportedStudy, person: TherapistSummary) -> str:
    number, of = study.capped(person.therapist), study.observed(person.therapist)
    rules = gate_titles(study.words, study.checklist)
    return study.words.say("supervisor.capped.one", number=number, of=of, rules=rules) if number else ""


def _breaks(study: ReportedStudy, score: ScoreSummary | None) -> tuple[str, ...]:
    """Where the course starts anew, and why; what stood before is told, and judged no more."""
    if score is None or not score.drift.breaks:
        return ()
    words = study.words
    said = [
        words.say(f"page.person.break.{each.why}", day=words.day(each.day) or None, number=each.at + 1)
        for each in score.drift.breaks
    ]
    if score.drift.before:
        before = status(words, "trend", score.drift.before)
        said.append(words.say("page.person.before", status=before.text))
    return tuple(said)


def _well(study: ReportedStudy, person: TherapistSummary | None) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            item_title(study.checklist, each.item),
            study.words.say("feedback.well_count", shown=each.shown, rated=each.rated),
        )
        for each in (going_well(person) if person else ())
    )


def _falling(score: ScoreSummary | None) -> dict[str, float]:
    """The running sum after each session, where change is judged."""
    if score is None or score.drift.status == "not_enough":
        return {}
    names = [each.session for each in score.sessions]
    return dict(zip(names, score.drift.cusum, strict=False))


# ---- Parts, scores, other kinds of evidence


def _of_person(
    study: ReportedStudy, person: TherapistSummary | None, score: ScoreSummary | None
) -> tuple[Block, ...]:
    if person is None or score is None:
        return ()
    words = study.words
    return (
        Block(words.say("page.person.limits"), table=limits_table(study, person, 0)),
        _missed(study, person),
        Block(words.say("page.person.parts"), table=parts_table(study, person, 0)),
        _fallen(study, person),
        Block(words.say("page.person.scores"), table=other_scores_table(study, person, 0)),
        _evidence(study, person),
    )


def _missed(study: ReportedStudy, person: TherapistSummary) -> Block:
    """What was missed lately, with something to try; that nothing was, unless something held results down."""
    words, made = study.words, missed_table(study, person, 0)
    looked_at = study.observed_lately(person.therapist)
    nothing = looked_at and not made.rows and not person.limits
    return Block(
        words.say("page.person.missed"),
        sentences=(words.say("therapist.missed_none", number=looked_at),) if nothing else (),
        table=made,
    )


def _fallen(study: ReportedStudy, person: TherapistSummary) -> Block:
    words, made = study.words, own_fallen_table(study, person, 0)
    notes = (words.say("page.person.fallen_note"),) if made.rows else ()
    return Block(words.say("page.person.fallen"), table=made, notes=notes)


def _evidence(study: ReportedStudy, person: TherapistSummary) -> Block:
    """Scores by kind of evidence, never mixed, and what two kinds say of the same person."""
    words, made = study.words, evidence_table(study, person, 0)
    differ = [each for each in study.summary.discrepancies if each.therapist == person.therapist]
    return Block(
        words.say("page.person.evidence"),
        sentences=tuple(_differs(study, each) for each in differ),
        table=made,
        notes=(words.say("evidence.lead"),) if made.rows else (),
    )


def _differs(study: ReportedStudy, each: Discrepancy) -> str:
    words, how = study.words, measure(study.checklist.score.get(each.score))
    return words.say(
        "evidence.told",
        score=how.name,
        one=words.say(f"evidence.kind.{each.one}"),
        other=words.say(f"evidence.kind.{each.other}"),
        difference=plain(each.difference, max(how.places, 1)),
        n_one=each.n_one,
        n_other=each.n_other,
    )


# ---- The programme: stages and doses


def _stages(study: ReportedStudy, pages: PageMap, standing: TherapistStanding | None) -> Block:
    if standing is None or study.standings is None:
        return Block()
    words, titles = study.words, study.titles
    columns = [
        column(words, "stage", "strong"),
        column(words, "standing", "status"),
        column(words, "stage_since", "date"),
        column(words, "until", "date"),
        column(words, "decided_by"),
        column(words, "still_missing"),
    ]
    rows = [
        [
            each.stage.title,
            standing_status(words, each),
            each.since,
            each.until,
            decided_sentence(titles, each) or None,
            " ".join(missing_sentences(titles, each)) or None,
        ]
        for each in standing.stages
    ]
    coming = words.say("page.person.next", next=next_words(titles, standing))
    return Block(
        words.say("page.person.stages"),
        sentences=(coming,),
        table=table("Stages", "", columns, rows),
        targets={"decided_by": tuple(_decided_by(study, pages, each) for each in standing.stages)},
        notes=(judged_words(words, study.standings), words.say("stage.not_assessed")),
    )


def _decided_by(study: ReportedStudy, pages: PageMap, standing: StageStanding) -> Parts:
    """Every observation that decided a stage, with the way to its session."""
    return tuple((text, _session_of(pages, each)) for text, each in decided_parts(study.titles, standing))


def _session_of(pages: PageMap, evidence: Evidence | None) -> str | None:
    found = pages.by_observation.get(evidence.observation) if evidence else None
    return pages.to_session(found, ROOT) if found else None


def _doses(study: ReportedStudy, standing: TherapistStanding | None) -> Block:
    doses = standing.doses if standing else ()
    words = study.words
    columns = [
        column(words, "client", "strong"),
        column(words, "dose"),
        column(words, "contacts", "status"),
        column(words, "duration", "status"),
        column(words, "detail"),
    ]
    rows = [_dose_row(study, each) for each in doses]
    return Block(words.say("page.person.doses"), table=table("Doses", "", columns, rows))


def _dose_row(study: ReportedStudy, each: DoseStanding) -> list[Value]:
    words = study.words
    said = words.say("stage.dose", number=each.number, first=words.day(each.first), last=words.day(each.last))
    return [
        each.client or None,
        each.dose.title,
        status(words, "dose", each.contacts),
        status(words, "dose", each.duration),
        said if each.first else None,
    ]
