"""A study -> the tables of its trial pack: delivery, flow, groups, items, agreement; names are left out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from fidelity.model.summary import (
    Agreement,
    AnsweredItem,
    Audit,
    AuditGroup,
    Estimate,
    ItemAgreement,
    TotalAgreement,
)
from fidelity.report.pack.flow import flow_lines, plans_of
from fidelity.report.pack.methods import mean_places
from fidelity.report.pack.suppression import LIMIT, Base, Rules, closed, published, rounded
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.agreement import (
    FEWEST,
    agreement_items_table,
    agreement_scores_table,
    part_of,
    reliability_rules_table,
)
from fidelity.report.tables.audit import (
    Figure,
    Number,
    PartOf,
    TrialLine,
    Within,
    audit_groups_table,
    contamination_table,
    counting_table,
    named_arms,
    shown_figure,
    trial_lines,
    trial_notes,
    unrated_table,
)
from fidelity.report.tables.items import items_analysis_table
from fidelity.report.tables.people import column
from fidelity.report.tables.person import item_title
from fidelity.report.tables.table import Column, Table, Value, table
from fidelity.report.words import titled

Coded = Callable[[str], str]  # the name of a site -> its code


def pack_tables(study: ReportedStudy, site: Coded, *, public: bool) -> dict[str, tuple[Table, list[str]]]:
    """File name -> table and the notes below it, in reading order; only tables that have rows."""
    audit = _without_names(study, site)
    if audit is None:
        return {}
    made = _public(study, audit) if public else _whole(study, audit)
    return {name: (_captioned(study, name, each), notes) for name, each, notes in made if each.rows}


def _without_names(study: ReportedStudy, site: Coded) -> Audit | None:
    """The audit with codes for sites, and without sessions by name."""
    audit = study.beside.audit
    if audit is None:
        return None
    sites = tuple(sorted((_coded(each, site) for each in audit.sites), key=lambda each: each.group))
    return audit.model_copy(update={"sites": sites, "not_listed": ()})


def _coded(group: AuditGroup, site: Coded) -> AuditGroup:
    return group.model_copy(update={"group": site(group.group) if group.group else ""})


def _captioned(study: ReportedStudy, name: str, made: Table) -> Table:
    facts = {"checklist": study.checklist.title}
    return replace(made, caption=study.words.say(f"pack.table.{name}", **facts))


Made = tuple[str, Table, list[str]]


# ---- for the team


def _whole(study: ReportedStudy, audit: Audit) -> Iterator[Made]:
    words, notes = study.words, trial_notes(study, audit)
    if study.beside.audit and study.beside.audit.not_listed:
        notes.append(words.say("pack.note.not_listed", number=len(study.beside.audit.not_listed)))
    lines = trial_lines(study, audit)
    yield "fidelity", lines_table(study, lines, _arms(study, audit), "Fidelity"), notes
    flow = flow_lines(study, audit, reasons=True)
    yield "flow", lines_table(study, flow, (), "Flow"), _flow_notes(study)
    yield "groups", audit_groups_table(study, audit), [words.say("audit.note.clusters")]
    yield "contamination", contamination_table(study, audit), [words.say("pack.note.contamination")]
    yield "items", items_analysis_table(study), [words.say("items.note"), words.say("items.rest")]
    yield "unrated", unrated_table(study, audit), []
    yield "counting", counting_table(study, audit), [words.say("pack.note.counting")]
    found = study.beside.agreement
    if found is not None and found.double_scored:
        told = found.model_copy(update={"differences": ()})
        yield "reliability", agreement_scores_table(study, told), _agreement_notes(study, found)
        yield "reliability_items", agreement_items_table(study, found.items), [words.say("agreement.items")]
        yield "reliability_rules", reliability_rules_table(study, found.rules), []


def _agreement_notes(study: ReportedStudy, found: Agreement) -> list[str]:
    words = study.words
    if not found.totals:
        return []
    form = words.say(
        "agreement.same_raters" if found.same_raters else "agreement.changing_raters",
        form=found.totals[0].form,
    )
    return [form, words.say("agreement.bands")]


def _flow_notes(study: ReportedStudy) -> list[str]:
    words = study.words
    drawn = [
        words.say(
            "pack.note.plan",
            plan=each.title or each.sample,
            seed=each.seed,
            spread=_spread(study, each.spread),
        )
        for each in plans_of(study)
    ]
    return drawn or [words.say("audit.cannot.how_drawn")]


def _spread(study: ReportedStudy, spread: Sequence[str]) -> str | None:
    return study.words.names([each.replace("_", " ") for each in spread]) or None


def _arms(study: ReportedStudy, audit: Audit) -> tuple[str, ...]:
    return tuple(each.group or study.words.say("audit.no_arm") for each in named_arms(audit))


def lines_table(study: ReportedStudy, lines: Sequence[TrialLine], arms: Sequence[str], name: str) -> Table:
    """Lines as a table, arms in columns and all of them in the last."""
    words = study.words
    topics = any(line.topic for line in lines)
    columns = [
        *([column(words, "topic", "topic")] if topics else []),
        column(words, "measure", "text"),
        *(Column("arm_figure", arm, "figure") for arm in arms),
        column(words, "all_arms", "figure", title="" if arms else words.say("column.sessions")),
    ]
    rows = [
        [
            *([line.topic] if topics else []),
            line.what,
            *(shown_figure(words, each) for each in (*line.arms, line.total)),
        ]
        for line in lines
    ]
    return table(name, "", columns, rows)


# ---- for everybody


def _public(study: ReportedStudy, audit: Audit) -> Iterator[Made]:
    words = study.words
    audit = audit.model_copy(update={"nameless": 0})  # a small number in a sentence is a small cell as well
    rules = Rules(words.say("pack.hidden"), mean_places(study, public=True))
    said = [words.say("pack.note.public", limit=LIMIT)]
    total, arms = _base(audit.actual.headline), named_arms(audit)
    apart = replace(study, beside=replace(study.beside, agreement=None))  # that line tells how many sessions
    lines = published(trial_lines(apart, audit), [_base(each) for each in arms], total, rules)
    yield (
        "fidelity",
        lines_table(study, lines, _arms(study, audit), "Fidelity"),
        [*said, *trial_notes(study, audit)],
    )
    flow = published(flow_lines(study, audit, reasons=False), (), total, rules)
    yield "flow", lines_table(study, flow, (), "Flow"), [*said, *_flow_notes(study)]
    yield "groups", _public_groups(study, audit, rules), [*said, words.say("audit.note.clusters")]
    yield "items", _public_items(study, rules), [*said, words.say("items.note")]
    found = study.beside.agreement
    if found is not None and found.double_scored:
        yield (
            "reliability",
            _public_agreement(study, found, rules),
            [*said, words.say("pack.note.one_coefficient")],
        )


def _base(group: AuditGroup) -> Base:
    return Base(group.sessions, group.therapists)


def _public_groups(study: ReportedStudy, audit: Audit, rules: Rules) -> Table:
    """The headline by site, format and number of the session, each way of grouping made safe by itself."""
    words = study.words
    kinds = {"site": audit.sites, "modality": audit.modalities, "session_number": audit.session_numbers}
    columns = [
        column(words, "group_by", "topic"),
        column(words, "group_name", "strong"),
        column(words, "therapists", "figure"),
        column(words, "sessions", "figure"),
        column(words, "weighted_mean", "figure", unit=study.measure.unit),
    ]
    rows: list[list[Value]] = []
    for kind, groups in kinds.items():
        if len(groups) > 1:
            lines = published(
                _group_lines(groups, audit.actual.headline),
                [_base(each) for each in groups],
                _base(audit.actual.headline),
                rules,
            )
            for number, group in enumerate(groups):
                figures = (shown_figure(words, line.arms[number]) for line in lines)
                rows.append(
                    [words.say(f"audit.by.{kind}"), group.group or words.say("audit.not_said"), *figures]
                )
    return table("Groups", "", columns, rows)


def _group_lines(groups: Sequence[AuditGroup], whole: AuditGroup) -> list[TrialLine]:
    every = (*groups, whole)
    figures: list[list[Figure]] = [
        [Number(each.therapists) for each in every],
        [Number(each.sessions) for each in every],
        [
            None if each.mean is None else Within(each.mean, each.low, each.high, each.sessions)
            for each in every
        ],
    ]
    return [TrialLine("", "", tuple(line[:-1]), line[-1]) for line in figures]


def _public_items(study: ReportedStudy, rules: Rules) -> Table:
    """How often each item was rated, fully shown and missed; small cells hidden within each item."""
    words = study.words
    columns = [
        column(words, "item", "strong"),
        column(words, "part"),
        *(
            Column("figure", words.say(f"pack.item.{key}"), "figure")
            for key in ("ratings", "rated", "shown", "missed")
        ),
    ]
    rows = [
        [
            item_title(study.checklist, each.item),
            part_of(study, each.item),
            *_item_figures(study, each, rules),
        ]
        for each in study.beside.items
    ]
    return table("Items", "", columns, rows)


def _item_figures(study: ReportedStudy, each: AnsweredItem, rules: Rules) -> Iterator[str | None]:
    """Ratings, rated, shown, missed: every rating was fully shown, missed, in between, or is none."""
    shown, missed = each.shown or 0, each.missed or 0
    parts = (shown, missed, each.ratings - each.rated, each.rated - shown - missed)
    hidden = _hidden_parts(parts)
    figures: tuple[tuple[Figure, bool], ...] = (
        (Number(each.ratings), each.ratings < LIMIT),
        (Number(each.rated), 2 in hidden),
        (None if each.shown is None else PartOf(shown, each.rated), 0 in hidden),
        (None if each.missed is None else PartOf(missed, each.rated), 1 in hidden),
    )
    for figure, hide in figures:
        yield rules.hidden if hide and figure is not None else shown_figure(study.words, _rounded(figure))


def _hidden_parts(parts: tuple[int, ...]) -> set[int]:
    """Which parts of an item's ratings to hide; the last, in between, stands nowhere, so is hidden."""
    small = [number < LIMIT for number in parts]
    *_, between = parts
    if not any(small[:-1]) and (between >= LIMIT or not between):
        return set()
    if not between:
        return closed(small[:-1], [(number,) for number in parts[:-1]])
    return closed([*small[:-1], True], [(number,) for number in parts])


def _rounded(figure: Figure) -> Figure:
    match figure:
        case Number(number=number):
            return Number(rounded(number))
        case PartOf(number=number, of=of):
            return PartOf(rounded(number), rounded(of))
        case _:
            return figure


def _public_agreement(study: ReportedStudy, found: Agreement, rules: Rules) -> Table:
    """One coefficient each; several together would let the counts behind them be worked out."""
    words = study.words
    columns = [
        column(words, "measure", "strong"),
        Column("figure", words.say("pack.coefficient"), "text"),
        column(words, "compared", "figure"),
        Column("figure", words.say("pack.value"), "figure"),
    ]
    rows = [
        *(
            [_score(study, each.score), f"ICC({each.form})", *_told(study, each, each.icc, rules)]
            for each in found.totals
        ),
        *(
            [
                item_title(study.checklist, each.item),
                words.say(f"pack.{each.gwet_name}"),
                *_told(study, each, each.gwet, rules),
            ]
            for each in found.items
        ),
    ]
    return table("Reliability", "", columns, rows)


def _score(study: ReportedStudy, key: str) -> str:
    score = study.checklist.score.get(key)
    return titled(score) if score else key


def _told(
    study: ReportedStudy, each: ItemAgreement | TotalAgreement, found: Estimate, rules: Rules
) -> tuple[str, str | None]:
    sessions = str(rounded(each.sessions)) if each.sessions >= LIMIT else rules.hidden
    if each.sessions < FEWEST:
        return sessions, rules.hidden
    if found.value is None:
        return sessions, None
    return sessions, shown_figure(study.words, Within(found.value, found.low, found.high, each.sessions, 2))
