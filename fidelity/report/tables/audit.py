"""The audit of a trial -> plain tables and sentences: what a paper has to report about delivery.

A cell of the trial table is a figure that still knows its numbers, so that what leaves a team can be rounded
or left out before it is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from fidelity.model.checklist import Checklist, Level, Result
from fidelity.model.summary import (
    Audit,
    AuditGroup,
    AuditShare,
    ContaminationItem,
    CountedShare,
    ReportedTotal,
    UnratedItem,
)
from fidelity.report.measure import plain
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.agreement import FEWEST, part_of
from fidelity.report.tables.people import column
from fidelity.report.tables.person import item_title
from fidelity.report.tables.table import Column, Table, Value, table, without
from fidelity.report.words import Words, short, titled

WORTH_A_ROW = 0.1  # of the ratings: items that are left open less often have no row


@dataclass(frozen=True, slots=True)
class Number:
    """So many."""

    number: int


@dataclass(frozen=True, slots=True)
class PartOf:
    """So many of all."""

    number: int
    of: int


@dataclass(frozen=True, slots=True)
class MeanSd:
    """A mean over `n` values with their standard deviation."""

    mean: float
    sd: float | None
    n: int
    places: int = 1


@dataclass(frozen=True, slots=True)
class Within:
    """An estimate from `n` values with its 95 % limits."""

    value: float
    low: float | None
    high: float | None
    n: int
    places: int = 1


Figure = Number | PartOf | MeanSd | Within | str | None


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A line of the trial table: what it is about, with the statistic; a figure for each arm, one for all."""

    topic: str
    what: str
    arms: tuple[Figure, ...]
    total: Figure


def shown_figure(words: Words, figure: Figure) -> str | None:
    """A figure as a paper prints it: `12 (34%)`, `81.2 (9.8)`, `81.2 (76.0 to 86.4)`."""
    match figure:
        case Number(number):
            return str(number)
        case PartOf(number, of):
            percent = plain(100 * number / of, 0) if of else None
            return words.say("audit.figure.part", number=number, of=of, percent=percent)
        case MeanSd(mean, sd, _, places):
            spread = None if sd is None else plain(sd, places)
            return words.say("audit.figure.mean", mean=plain(mean, places), sd=spread)
        case Within(value, low, high, _, places):
            ends = [None if end is None or not isfinite(end) else plain(end, places) for end in (low, high)]
            return words.say("audit.figure.within", value=plain(value, places), low=ends[0], high=ends[1])
        case _:
            return figure or None


# ---- the trial table


def trial_table(study: ReportedStudy, audit: Audit) -> Table:
    """Arms in columns, all in the last; the statistic stands in the label of each row."""
    words, arms = study.words, named_arms(audit)
    columns = [
        column(words, "topic", "topic"),
        column(words, "measure"),
        *(Column("arm_figure", _arm(words, arm.group), "figure") for arm in arms),
        column(words, "all_arms", "figure"),
    ]
    rows = [
        [line.topic, line.what, *(shown_figure(words, each) for each in (*line.arms, line.total))]
        for line in trial_lines(study, audit)
    ]
    return table("Trial_table", "", columns, rows)


def named_arms(audit: Audit) -> tuple[AuditGroup, ...]:
    """The arms that stand in columns; none where the data name no arm."""
    return audit.arms if any(each.group for each in audit.arms) else ()


def _arm(words: Words, arm: str) -> str:
    return arm or words.say("audit.no_arm")


def trial_lines(study: ReportedStudy, audit: Audit) -> tuple[TrialLine, ...]:
    """All lines of the trial table, what was planned first."""
    return (*_planned(study, audit), *_actual(study, audit), *_agreed(study))


def _whole(words: Words, topic: str, what: str, arms: int, total: Figure, **facts: str | int) -> TrialLine:
    """A line that is known for all arms together only."""
    return TrialLine(
        words.say(f"audit.topic.{topic}"), words.say(f"audit.{what}", **facts), (None,) * arms, total
    )


def _planned(study: ReportedStudy, audit: Audit) -> Iterator[TrialLine]:
    words, plan, arms = study.words, audit.planned, len(named_arms(audit))
    unknown = words.say("audit.not_known")
    delivered = tuple(
        None if each.delivered is None else Number(each.delivered) for each in named_arms(audit)
    )
    total: Figure = unknown if plan.eligible is None else Number(plan.eligible)
    yield TrialLine(words.say("audit.topic.planned"), words.say("audit.delivered"), delivered, total)
    yield _whole(words, "planned", "selected", arms, _part(plan.selected, plan.eligible) or unknown)
    if plan.selected is not None:
        yield _whole(words, "planned", "to_be_twice", arms, _part(plan.double_planned, plan.selected))
    if plan.standard is not None:
        yield _whole(
            words, "planned", "standard", arms, study.measure.text(plan.standard), score=study.measure.name
        )
    for key, of, counts in (
        ("by_role", "rater_role", plan.raters),
        ("from_evidence", "evidence", plan.evidence),
    ):
        ratings = sum(counts.values())
        for name, number in counts.items() if any(counts) else ():
            shown = words.of_form(of, name) or words.say("audit.not_said")
            yield _whole(words, "planned", key, arms, PartOf(number, ratings), name=shown)


def _part(number: int | None, of: int | None) -> Figure:
    if number is None:
        return None
    return Number(number) if of is None else PartOf(number, of)


def _actual(study: ReportedStudy, audit: Audit) -> Iterator[TrialLine]:
    words, actual, arms = study.words, audit.actual, named_arms(audit)
    topic, total, how = words.say("audit.topic.actual"), audit.actual.headline, study.measure
    groups = (*arms, total)

    def line(what: str, figures: list[Figure], **facts: str) -> TrialLine:
        return TrialLine(topic, words.say(f"audit.{what}", **facts), tuple(figures[:-1]), figures[-1])

    yield line("therapists", [Number(each.therapists) for each in groups])
    yield line("observed", [Number(each.observed) for each in groups])
    yield line("twice", [PartOf(each.double_scored, each.observed) for each in groups])
    if actual.replaced is not None:
        yield _whole(words, "actual", "replaced", len(arms), _part(actual.replaced, audit.planned.selected))
    yield _whole(words, "actual", "for_cause", len(arms), Number(actual.for_cause))
    if audit.headline is None:
        return
    name = f"{how.name}{how.unit}"
    yield line("scored", [PartOf(each.sessions, each.observed) for each in groups], score=how.name)
    yield line("mean_sd", [_mean(each) for each in groups], score=name)
    weighted = "weighted" if audit.weighted else "clustered"
    yield line(weighted, [_within(each) for each in groups], score=name)
    for each in audit.arm_differences:
        figure = Within(each.difference, each.low, each.high, total.sessions)
        facts = {"arm": each.arm, "other": each.other, "score": name}
        yield _whole(words, "actual", "difference", len(arms), figure, **facts)
    if total.at_standard is not None:
        yield line("at_standard", [_share(each.at_standard) for each in groups])
    for at, (result, level) in enumerate(_levels(study.checklist, total)):
        shares = [_share(each.levels[at] if at < len(each.levels) else None) for each in groups]
        yield line("at_level", shares, result=titled(result), level=short(level.title or level.id))


def _mean(group: AuditGroup) -> Figure:
    return None if group.plain is None else MeanSd(group.plain, group.sd, group.sessions)


def _within(group: AuditGroup) -> Figure:
    return None if group.mean is None else Within(group.mean, group.low, group.high, group.sessions)


def _share(share: AuditShare | None) -> Figure:
    return None if share is None else PartOf(share.sessions, share.of)


def _levels(checklist: Checklist, total: AuditGroup) -> list[tuple[Result, Level]]:
    """The levels that the shares are about: all but the lowest of the first result with bands."""
    result = next((each for each in checklist.results if each.of), None)
    return [] if result is None else [(result, each) for each in result.levels[1:]][: len(total.levels)]


def _agreed(study: ReportedStudy) -> Iterator[TrialLine]:
    """The agreement of the headline score, as papers give it."""
    found = study.beside.agreement
    arms = len(named_arms(study.beside.audit)) if study.beside.audit else 0
    if found is None or not found.totals:
        return
    total, words = found.totals[0], study.words
    enough = total.sessions >= FEWEST and total.icc.value is not None
    figure: Figure = words.say("audit.too_few", fewest=FEWEST, number=total.sessions)
    if enough and total.icc.value is not None:
        figure = Within(total.icc.value, total.icc.low, total.icc.high, total.sessions, 2)
    facts: dict[str, str | int] = {
        "form": total.form,
        "score": study.measure.name,
        "number": total.sessions,
    }
    yield _whole(words, "actual", "icc", arms, figure, **facts)


# ---- what stands below it


def audit_groups_table(study: ReportedStudy, audit: Audit) -> Table:
    """The headline by site, number of the session and format."""
    words = study.words
    columns = [
        column(words, "group_by", "topic"),
        column(words, "group_name", "strong"),
        column(words, "therapists", "count"),
        column(words, "sessions", "count"),
        column(words, "weighted_mean", "figure", unit=study.measure.unit),
    ]
    kinds = {"site": audit.sites, "modality": audit.modalities, "session_number": audit.session_numbers}
    rows: list[list[Value]] = [
        [
            words.say(f"audit.by.{kind}"),
            each.group or words.say("audit.not_said"),
            each.therapists,
            each.sessions,
            shown_figure(words, _within(each)),
        ]
        for kind, groups in kinds.items()
        if len(groups) > 1
        for each in groups
    ]
    return table("Trial_groups", "", columns, rows)


def counting_table(study: ReportedStudy, audit: Audit) -> Table:
    """The share delivered by each published way of counting, side by side, and as it would be printed."""
    words = study.words
    columns = [
        column(words, "counting", "topic"),
        column(words, "over", "strong"),
        column(words, "exact_percent", "number", 2),
        column(words, "cut_off", "number"),
        column(words, "rounded", "number"),
    ]
    rows = [_counted(words, each) for each in sorted(audit.shares, key=lambda each: each.percent)]
    return table("Counting_table", "", columns, rows)


def _counted(words: Words, share: CountedShare) -> list[Value]:
    over = "answers" if share.over == "all answers" else "observations"
    return [
        words.say(f"audit.method.{share.method}"),
        words.say(f"audit.over.{over}"),
        share.percent,
        float(share.floor),
        float(share.nearest),
    ]


def contamination_table(study: ReportedStudy, audit: Audit) -> Table:
    """What should not happen, arm by arm; apart from every total."""
    words = study.words
    columns = [
        column(words, "item", "strong"),
        column(words, "tags"),
        column(words, "arm"),
        column(words, "seen_in", "figure"),
        column(words, "answers_given"),
    ]
    rows = [_contaminated(study, each) for each in audit.contamination]
    absent = set() if any(each.arm for each in audit.contamination) else {"arm"}
    return table("Contamination_table", "", *without(columns, rows, absent))


def _contaminated(study: ReportedStudy, each: ContaminationItem) -> list[Value]:
    return [
        item_title(study.checklist, each.item),
        ", ".join(each.tags),
        each.arm or None,
        None if each.seen is None else shown_figure(study.words, PartOf(each.seen, each.sessions)),
        study.words.names(f"{answer} {number}" for answer, number in each.answers.items()),
    ]


def unrated_table(study: ReportedStudy, audit: Audit) -> Table:
    """The items of the headline that a tenth of the ratings or more leave open, the most often open first."""
    words = study.words
    columns = [
        column(words, "item", "strong"),
        column(words, "part"),
        column(words, "blank", "count"),
        column(words, "not_applicable", "count"),
        column(words, "open_share", "figure"),
    ]
    rows = [_unrated(study, each) for each in audit.unrated if each.share >= WORTH_A_ROW]
    return table("Unrated_table", "", columns, rows)


def _unrated(study: ReportedStudy, each: UnratedItem) -> list[Value]:
    return [
        item_title(study.checklist, each.item),
        part_of(study, each.item),
        each.missing,
        each.not_applicable,
        shown_figure(study.words, PartOf(each.missing + each.not_applicable, each.ratings)),
    ]


def cross_foot_table(study: ReportedStudy, audit: Audit) -> Table:
    """The totals written in the data that do not agree with ours."""
    words = study.words
    columns = [
        column(words, "observation", "code"),
        column(words, "score"),
        column(words, "written", "figure"),
        column(words, "ours", "figure"),
        column(words, "place"),
    ]
    rows = [_disagreement(study, each) for each in audit.cross_foot.disagreements]
    return table("Cross_foot_table", "", columns, rows)


def _disagreement(study: ReportedStudy, each: ReportedTotal) -> list[Value]:
    score = study.checklist.score.get(each.score)
    words = study.words
    return [
        each.observation,
        titled(score) if score else each.score,
        each.reported,
        words.say("audit.not_scored") if each.found == "not_scored" else each.ours,
        words.say("problems.place", file=Path(each.file).name, row=each.row),
    ]


# ---- sentences


def trial_notes(study: ReportedStudy, audit: Audit) -> list[str]:
    """How the figures were made, and what the file cannot know."""
    words = study.words
    said = {
        "weighted": audit.weighted,
        "unweighted": not audit.weighted,
        "clusters": audit.headline is not None,
        "unadjusted": True,
        "for_cause": audit.actual.for_cause > 0,
    }
    notes = [words.say(f"audit.note.{key}") for key, there in said.items() if there]
    return [*notes, *cannot_know(study, audit)]


def cannot_know(study: ReportedStudy, audit: Audit) -> list[str]:
    """What this file cannot know, in lines of their own."""
    words = study.words
    facts: Mapping[str, bool] = {
        "delivered": audit.planned.eligible is None,
        "how_drawn": audit.planned.selected is None,
        "arms": not named_arms(audit),
        "not_listed": bool(audit.not_listed),
        "nameless": audit.nameless > 0,
    }
    names = words.names(audit.not_listed)
    return [
        words.say(f"audit.cannot.{key}", number=audit.nameless, names=names, listed=len(audit.not_listed))
        for key, there in facts.items()
        if there
    ]


def left_out_sentence(study: ReportedStudy, audit: Audit) -> str:
    """The headline with and without the items that many ratings leave open."""
    words, left = study.words, audit.left_out
    if not left.items:
        return words.say("audit.left_out.none")
    titles = words.quoted(item_title(study.checklist, each) for each in left.items)
    how = study.measure
    return words.say(
        "audit.left_out.some",
        items=titles,
        score=how.name,
        before=None if left.with_them is None else plain(left.with_them, 1) + how.sign,
        after=None if left.without_them is None else plain(left.without_them, 1) + how.sign,
        ratings=left.ratings,
    )


def cross_foot_sentence(study: ReportedStudy, audit: Audit) -> str:
    """How many written totals agree with ours; nothing where none is written."""
    found, words = audit.cross_foot, study.words
    if not found.compared:
        return words.say("audit.cross_foot.none")
    counts = found.counts
    alike = counts.get("exact", 0)
    printed = counts.get("rounded_up", 0) + counts.get("rounded_down", 0)
    return words.say(
        "audit.cross_foot.some",
        compared=found.compared,
        exact=alike,
        printed=printed,
        differs=found.compared - alike - printed,
    )
