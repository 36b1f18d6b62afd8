"""What a feedback sheet tells a therapist: strengths first, one thing to practise, their own course."""

from dataclasses import dataclass, replace

from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.course import Course
from fidelity.report.last_session import last_session
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import Status, standard_sentence, standard_status, trend_sentence, trend_status
from fidelity.report.tables.limits import First, answer_title, comes_first, comes_next, rule_title
from fidelity.report.tables.people import column, course_of
from fidelity.report.tables.person import (
    going_well,
    item_note,
    item_title,
    most_missed,
    parts_table,
    tip,
    without_tips,
)
from fidelity.report.tables.table import Table, Value, table, without
from fidelity.report.words import Words, joined

ALSO = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A short fact on top: label, what it says, its look, a few words more."""

    label: str
    text: str
    look: str = "strip"
    more: str = ""


@dataclass(frozen=True, slots=True)
class Practise:
    """The one thing to practise: the step, how often it was missed, what to try."""

    title: str
    count: str
    note: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything on the sheet, in reading order."""

    title: str
    meta: str
    well: tuple[tuple[str, str], ...]
    practise: Practise | None
    none_missed: str
    chips: tuple[Chip, ...]
    sentences: tuple[str, ...]
    last: tuple[str, ...]
    alt: str
    parts: Table
    also: Table
    lines: tuple[str, ...]


def feedback_of(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> Feedback:
    """The sheet of one therapist, in the second person; nobody else is on it."""
    words = study.words
    meta = words.say(
        "feedback.meta",
        checklist=study.checklist.title,
        format=person.modality,
        period=words.period(person.first_date, person.last_date),
        n=study.observed(person.therapist),
    )
    return Feedback(
        title=words.say("feedback.title", name=person.therapist),
        meta=joined(*meta.split(" · ")),
        well=_well(study, person),
        practise=_practise(study, person),
        none_missed=_none_missed(study, person),
        chips=(*_stage_chips(study, person), *_chips(study, score)),
        sentences=_sentences(study, score),
        last=last_session(study, person, score),
        alt=course_alt(study, person, score, course_of(study, score)),
        parts=_parts(study, person),
        also=_also(study, person),
        lines=tuple(words.say(f"therapist.lines.{key}") for key in words.wordings["therapist"]["lines"]),
    )


def _well(study: ReportedStudy, person: TherapistSummary) -> tuple[tuple[str, str], ...]:
    words = study.words
    return tuple(
        (
            item_title(study.checklist, each.item),
            words.say("feedback.well_count", shown=each.shown, rated=each.rated),
        )
        for each in going_well(person)
    )


def _none_missed(study: ReportedStudy, person: TherapistSummary) -> str:
    """That nothing was missed, in so many sessions; nothing where no session has an answer."""
    looked_at = study.observed_lately(person.therapist)
    return study.words.say("feedback.practise_none", number=looked_at) if looked_at else ""


def _practise(study: ReportedStudy, person: TherapistSummary) -> Practise | None:
    """What a gate rests on, for safety and harm come first; else the item missed most often.

    Of several the first that says what to try; where nothing counts as missed, what kept a level down.
    """
    first, missed = comes_first(person), most_missed(person)
    if first is not None:
        return _first(study, person, first)
    if not missed:
        following = comes_next(person)
        return _deciding(study, following) if following else _by_rule(study, person)
    often = [each for each in missed if each.missed == missed[0].missed]
    chosen = next((each for each in often if item_note(study.checklist, each.item)), often[0])
    words = study.words
    note = item_note(study.checklist, chosen.item)
    return Practise(
        item_title(study.checklist, chosen.item),
        words.say("feedback.practise_count", missed=chosen.missed, rated=chosen.rated),
        words.say("feedback.try", note=note) if note else words.say("therapist.no_tip"),
    )


def _first(study: ReportedStudy, person: TherapistSummary, first: First) -> Practise:
    """What a rule rests on, and that it comes first; a step that was missed is called so."""
    words, told = study.words, _deciding(study, first)
    note = words.say("feedback.limit_first", **{"try": told.note})
    missed = next((each for each in person.items if each.item == first.answer.item and each.missed), None)
    if missed is None:
        return replace(told, note=note)
    count = words.say("feedback.practise_count", missed=missed.missed, rated=missed.rated)
    return replace(told, count=count, note=note)


def _by_rule(study: ReportedStudy, person: TherapistSummary) -> Practise | None:
    """A rule that rests on no single answer; nothing where there is none."""
    words = study.words
    for each in person.limits:
        count = words.say("feedback.limit_rule", sessions=each.sessions, of=each.of)
        return Practise(rule_title(study.checklist, each), count, words.say("feedback.limit_talk"))
    return None


def _deciding(study: ReportedStudy, each: First) -> Practise:
    words, answer = study.words, each.answer
    rated = answer_title(study.checklist, answer)
    note = item_note(study.checklist, answer.item)
    return Practise(
        item_title(study.checklist, answer.item),
        words.say("feedback.limit_count", answer=rated, sessions=answer.sessions, of=each.limit.of),
        words.say("feedback.try", note=note) if note else words.say("therapist.no_tip"),
    )


def _stage_chips(study: ReportedStudy, person: TherapistSummary) -> tuple[Chip, ...]:
    """Where the person stands in the programme, and until when; only what has been reached."""
    words, standing = study.words, study.standing(person.therapist)
    if standing is None or standing.stage is None:
        return ()
    until = words.say("feedback.until", day=words.day(standing.due)) if standing.due else ""
    return (Chip(words.say("feedback.stage"), standing.stage.stage.title, more=until),)


def _chips(study: ReportedStudy, score: ScoreSummary) -> tuple[Chip, ...]:
    words, how = study.words, study.measure
    standard, trend = standard_status(words, score), trend_status(words, score)
    last = score.sessions[-1].score if score.sessions else None
    chips = [Chip(words.say("feedback.average"), how.text(score.mean), more=_range(study, score))]
    chips.append(Chip(words.say("feedback.last"), how.text(last)))
    if standard is not None and study.standard is not None:
        label = words.say("feedback.standard", standard=how.text(float(study.standard)))
        chips.append(_status_chip(label, standard))
    return (*chips, _status_chip(words.say("feedback.trend"), trend))


def _range(study: ReportedStudy, score: ScoreSummary) -> str:
    if score.low is None or score.high is None:
        return ""
    low, high = (study.measure.text(value) for value in (score.low, score.high))
    return study.words.say("feedback.range", low=low, high=high)


def _status_chip(label: str, status: Status) -> Chip:
    return Chip(label, status.text, "strip" if status.look == "steady" else status.look)


def _sentences(study: ReportedStudy, score: ScoreSummary) -> tuple[str, ...]:
    words, how = study.words, study.measure
    said = (
        standard_sentence(words, score, how, study.standard, "you"),
        trend_sentence(words, score, how, study.sigma, "you"),
    )
    return tuple(text for text in said if text and score.n)


def _parts(study: ReportedStudy, person: TherapistSummary) -> Table:
    """The parts without the average: first three, last three, in words; nothing while there are too few."""
    whole = parts_table(study, person, 0)
    kept = [number for number, each in enumerate(whole.columns) if each.key != "part_mean"]
    compared = any(each.first is not None for each in person.parts)
    rows = [[row[number] for number in kept] for row in whole.rows] if compared else []
    return table(
        whole.name, study.words.say("feedback.parts"), [whole.columns[number] for number in kept], rows
    )


def _also(study: ReportedStudy, person: TherapistSummary) -> Table:
    """What else was missed lately, with something to try."""
    words, practised = study.words, _practise(study, person)
    missed = [
        each
        for each in most_missed(person)
        if practised is None or item_title(study.checklist, each.item) != practised.title
    ]
    columns = [column(words, "step"), column(words, "missed_of", "code"), column(words, "try")]
    rows: list[list[Value]] = [
        [
            item_title(study.checklist, each.item),
            _counted(words, each.missed, each.rated),
            tip(study, each.item),
        ]
        for each in missed[:ALSO]
    ]
    absent = without_tips(study, missed[:ALSO])
    return table("Also", words.say("feedback.also"), *without(columns, rows, absent))


def _counted(words: Words, missed: int, rated: int) -> str:
    return words.say("feedback.well_count", shown=missed, rated=rated)


def course_alt(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary, line: Course) -> str:
    """What the control chart says, for those who do not see it."""
    if not line.points:
        return ""
    words, how = study.words, study.measure
    return words.say(
        "chart.course.alt",
        score=how.name,
        therapist=person.therapist,
        n=len(line.points),
        first=line.points[0].label,
        last=line.points[-1].label,
        first_score=how.text(line.scores[0]),
        last_score=how.text(line.scores[-1]),
        centre=how.text(line.centre),
        lower=how.text(line.lower),
        upper=how.text(line.upper),
        message=trend_sentence(words, score, how, study.sigma),
    )
