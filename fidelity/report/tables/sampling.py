"""Sampling, planned and achieved -> plain tables and sentences: sessions selected, observed, lost, why."""

from collections import Counter

from fidelity.model.summary import SampleAchieved, SampledCount
from fidelity.report.measure import plain
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import Status, status
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Table, Value, table, without
from fidelity.report.words import Words


def has_sampling(study: ReportedStudy) -> bool:
    """Whether the programme draws samples, and says how far they got."""
    return study.beside.sampling is not None and bool(study.beside.sampling.samples)


def sampled_table(study: ReportedStudy, sample: SampleAchieved, number: int = 1) -> Table:
    """One row a therapist and one for all: what was selected, and what came of it."""
    words = study.words
    columns = [
        column(words, "therapist", "person"),
        column(words, "sampling_word", "status"),
        *(
            column(words, key, "count")
            for key in (
                *("eligible", "selected", "sample_observed", "sample_open"),
                *("sample_replaced", "sample_refused"),
            )
        ),
        column(words, "lost", "number"),
        *(
            column(words, key, "count")
            for key in (
                *("replacements", "not_selected", "sample_for_cause"),
                *("double_planned", "double_scored", "double_besides"),
            )
        ),
        column(words, "found_chance", "number"),
    ]
    counts = (*sample.therapists, sample.total)
    rows = [_row(study, each) for each in counts]
    there = {
        "not_selected": any(each.not_selected for each in counts),
        "sample_for_cause": any(each.for_cause for each in counts),
        "double_planned": any(each.double_planned for each in counts),
        "double_besides": any(each.double_besides for each in counts),
        "found_chance": sample.checklist == study.checklist.id and study.has_course,
    }
    absent = {key for key, said in there.items() if not said}
    return table(f"Sampling_{number}", "", *without(columns, rows, absent))


def _row(study: ReportedStudy, each: SampledCount) -> list[Value]:
    return [
        each.therapist or study.words.say("sampling.all"),
        sampling_status(study, each),
        each.eligible,
        each.selected,
        each.observed,
        each.open,
        each.replaced,
        each.refused,
        None if each.lost is None else 100 * each.lost,
        each.replacements,
        each.not_selected,
        each.for_cause,
        each.double_planned,
        each.double_scored,
        each.double_besides,
        found_chance(study, each.therapist),
    ]


def sampling_status(study: ReportedStudy, each: SampledCount) -> Status:
    """Whether the sample is as planned: a word of its own where more than a fifth was lost."""
    if each.warning:
        return status(study.words, "sampling", "many_lost")
    if not each.selected:
        return status(study.words, "sampling", "nothing")
    return status(study.words, "sampling", "open" if each.open else "done")


def found_chance(study: ReportedStudy, therapist: str) -> float | None:
    """Of 100 real drops by one and a half ordinary ups and downs, those found in the sessions so far."""
    chance = next(
        (score.drift.chance for person, score in study.people if person.therapist == therapist), None
    )
    return None if chance is None else chance.found


def reasons_table(study: ReportedStudy, sample: SampleAchieved, number: int = 1) -> Table:
    """Why selected sessions could not be observed, and for whom."""
    words = study.words
    columns = [
        column(words, "reason_lost", "strong"),
        column(words, "for_whom"),
        column(words, "sessions", "count"),
    ]
    counted = Counter(sample.total.reasons)
    rows: list[list[Value]] = [
        [_reason(study, reason), _for_whom(study, sample, reason), times]
        for reason, times in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
    return table(f"Sampling_reasons_{number}", "", columns, rows)


def _reason(study: ReportedStudy, reason: str) -> str:
    return study.words.say(f"sampling.reason.{reason}") or reason.replace("_", " ")


def _for_whom(study: ReportedStudy, sample: SampleAchieved, reason: str) -> str:
    return study.words.names(
        f"{each.therapist} {each.reasons[reason]}" for each in sample.therapists if each.reasons.get(reason)
    )


def sampling_lead(study: ReportedStudy, sample: SampleAchieved) -> str:
    """What was drawn, how, and how far it got, in one sentence or two."""
    return sampling_words(study.words, sample)


def sampling_words(words: Words, sample: SampleAchieved) -> str:
    """The same where there is no report."""
    total = sample.total
    stood_in = total.observed + total.replacements
    return words.say(
        "sampling.lead",
        title=sample.title or sample.sample,
        selected=total.selected,
        eligible=total.eligible,
        observed=total.observed,
        replaced=total.replacements,
        done=stood_in,
        share=plain(100 * stood_in / total.selected, 0) if total.selected else "0",
        seed=sample.seed,
        spread=words.names(sample.spread) or None,
    )


def sampling_notes(study: ReportedStudy, sample: SampleAchieved) -> list[str]:
    """What does not fit the plan, and how to read the table."""
    words = study.words
    many = [each.therapist for each in sample.therapists if each.warning]
    notes = {
        "warning": words.say("sampling.warning", names=words.names(many)) if many else "",
        "out_of_order": words.say("sampling.out_of_order", names=words.names(sample.out_of_order))
        if sample.out_of_order
        else "",
        "not_listed": words.say("sampling.not_listed", names=words.names(sample.not_listed))
        if sample.not_listed
        else "",
        "read": words.say("sampling.read"),
        "chance": words.say("sampling.chance") if study.has_course else "",
    }
    return [said for said in notes.values() if said]
