"""How far raters agree -> plain tables and sentences: scores, items, pairs, experts, AI scorers, rules."""

from collections.abc import Iterator

from fidelity.model.summary import (
    Agreement,
    Calibration,
    Estimate,
    ItemAgreement,
    PairAgreement,
    RaterSummary,
    ReliabilityFinding,
    ScoreDifferences,
    ScorerAgreement,
    ScorerDifference,
    TotalAgreement,
)
from fidelity.report.measure import Measure, measure, plain
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import Status, status
from fidelity.report.tables.people import column
from fidelity.report.tables.person import item_title
from fidelity.report.tables.table import Column, Table, Value, table, without
from fidelity.report.words import Fact, Words, joined, titled

# As in the statistics: below the first number of sessions nothing is estimated, from the second on a word
# may stand beside a figure.
FEWEST = 10
FEWEST_FOR_A_WORD = 30
# Koo and Li 2016: the bands are meant for the interval, so the lower limit has to clear them.
BANDS = ((0.90, "excellent"), (0.75, "good"), (0.50, "moderate"))


def has_agreement(study: ReportedStudy) -> bool:
    """Whether there is anything to say: sessions rated twice, an expert, an AI scorer, or a rule."""
    found = study.beside.agreement
    return found is not None and bool(
        found.double_scored or found.calibration or found.scorers or found.rules or found.others
    )


def agreement_word(words: Words, sessions: int, found: Estimate) -> Status:
    """What may be said of a coefficient, by its lower limit and by how much was rated twice."""
    if sessions < FEWEST or found.value is None:
        return status(words, "agreement", "too_few" if sessions < FEWEST else "undefined")
    if sessions < FEWEST_FOR_A_WORD:
        return status(words, "agreement", "no_word")
    if found.low is None or found.high is None:
        return status(words, "agreement", "undefined")
    band = next((word for bar, word in BANDS if found.low >= bar), None)
    return status(words, "agreement", band or ("depends" if found.high < BANDS[-1][0] else "cannot_tell"))


# ---- scores


def agreement_scores_table(study: ReportedStudy, found: Agreement, number: int = 0) -> Table:
    """One row a score: sessions compared, ICC with limits and word, the raters' difference, its range.

    `number` tells the tables of further kinds of evidence from the first one.
    """
    name = f"Agreement_scores_{number}" if number else "Agreement_scores"
    return _totals_table(study, name, found.totals, found.differences)


def _totals_table(
    study: ReportedStudy,
    name: str,
    totals: tuple[TotalAgreement, ...],
    differences: tuple[ScoreDifferences, ...] = (),
) -> Table:
    words = study.words
    known = {each.score: each for each in differences}
    first = next(iter(known.values()), None)
    form = totals[0].form if totals else "1,1"
    columns = [
        column(words, "score", "strong"),
        column(words, "agreement_word", "status"),
        column(words, "compared", "count"),
        column(words, "icc", "number", 2, form=form),
        column(words, "limit_low", "number", 2),
        column(words, "limit_high", "number", 2),
        column(words, "rater_difference", "change", 1, first=first.first, second=first.second)
        if first and first.first
        else column(words, "any_difference", "change", 1),
        column(words, "apart_low", "change", 1),
        column(words, "apart_high", "change", 1),
    ]
    rows = [_total_row(study, each, known.get(each.score)) for each in totals]
    absent = set() if differences else {"any_difference", "apart_low", "apart_high"}
    if first is not None and not first.first:
        absent |= {"any_difference"}
    return table(name, "", *without(columns, rows, absent))


def _total_row(study: ReportedStudy, of: TotalAgreement, apart: ScoreDifferences | None) -> list[Value]:
    enough = of.sessions >= FEWEST
    return [
        _score_name(study, of.score),
        agreement_word(study.words, of.sessions, of.icc),
        of.sessions,
        of.icc.value if enough else None,
        of.icc.low if enough else None,
        of.icc.high if enough else None,
        apart.mean if apart else None,
        apart.low if apart else None,
        apart.high if apart else None,
    ]


def _score_name(study: ReportedStudy, key: str) -> str:
    score = study.checklist.score.get(key)
    return key if score is None else f"{titled(score)}{measure(score).unit}"


def apart_table(study: ReportedStudy, found: ScoreDifferences) -> Table:
    """The data behind the chart of differences: one row for every two raters of a session."""
    words, places = study.words, max(1, study.measure.places)
    columns = [
        column(words, "session", "session"),
        column(words, "raters", "code"),
        column(words, "middle", "number", places),
        _difference(words, found, places),
        *(
            column(words, key, "change", places, title=words.say(f"chart.apart.{key}"))
            for key in ("apart_mean", "apart_above", "apart_below")
        ),
    ]
    rows: list[list[Value]] = [
        [
            each.session,
            words.say("agreement.two", first=each.first, second=each.second),
            each.middle,
            each.difference,
            found.mean if found.mean is not None else 0.0,
            found.high,
            found.low,
        ]
        for each in found.pairs
    ]
    absent = {"apart_above", "apart_below"} if found.low is None else set()
    return table("Apart_table", "", *without(columns, rows, absent))


def _difference(words: Words, found: ScoreDifferences, places: int) -> Column:
    if found.first:
        title = words.say("column.rater_difference", first=found.first, second=found.second)
        return Column("apart_difference", title, "change", places)
    return Column("apart_difference", words.say("column.any_difference"), "change", places)


# ---- items


def agreement_items_table(
    study: ReportedStudy, items: tuple[ItemAgreement, ...], name: str = "Agreement_items"
) -> Table:
    """One row a question, the worst first: percent, AC, alpha, kappa, and whether raters agree it applies."""
    words = study.words
    columns = [
        column(words, "item", "strong"),
        column(words, "part"),
        column(words, "compared", "count"),
        column(words, "alike", "number"),
        column(words, "gwet", "number", 2),
        column(words, "limit_low", "number", 2),
        column(words, "limit_high", "number", 2),
        column(words, "alpha", "number", 2),
        column(words, "kappa", "number", 2),
        column(words, "applies_alike", "number"),
    ]
    rows = [_item_row(study, each) for each in items]
    absent = set() if any(each.applicability for each in items) else {"applies_alike"}
    absent |= set() if study.checklist.groups else {"part"}
    return table(name, "", *without(columns, rows, absent))


def _item_row(study: ReportedStudy, of: ItemAgreement) -> list[Value]:
    enough = of.sessions >= FEWEST
    figures = (of.gwet.value, of.gwet.low, of.gwet.high, of.alpha.value, of.kappa.value)
    return [
        item_title(study.checklist, of.item),
        part_of(study, of.item),
        of.sessions,
        _percent(of.percent),
        *(figures if enough else (None,) * len(figures)),
        _percent(of.applicability) if of.applicability else None,
    ]


def _percent(found: Estimate) -> float | None:
    return None if found.value is None else 100 * found.value


def part_of(study: ReportedStudy, key: str) -> str | None:
    """The title of the part of the checklist that a question belongs to."""
    question = study.checklist.question.get(key)
    item = study.checklist.item.get(question.item if question else key)
    group = study.checklist.group.get(item.group) if item else None
    return group.title if group else None


# ---- people


def pairs_table(study: ReportedStudy, pairs: tuple[PairAgreement, ...]) -> Table:
    """Every two raters: sessions, answers alike, first minus second in the headline with its limits."""
    words = study.words
    columns = [
        column(words, "two_raters", "strong"),
        column(words, "twice", "count"),
        column(words, "answers", "count"),
        column(words, "alike", "number"),
        column(words, "limit_low", "number"),
        column(words, "limit_high", "number"),
        column(words, "first_less_second", "change", 1),
        column(words, "likely_low", "change", 1),
        column(words, "likely_high", "change", 1),
    ]
    rows: list[list[Value]] = [
        [
            words.say("agreement.two", first=each.first, second=each.second),
            each.sessions,
            each.answers,
            *(None if value is None else 100 * value for value in _three(each.alike)),
            *_three(each.difference),
        ]
        for each in pairs
    ]
    return table("Pairs_table", "", columns, rows)


def _three(found: Estimate) -> tuple[float | None, float | None, float | None]:
    return found.value, found.low, found.high


def calibration_table(study: ReportedStudy, rows: tuple[Calibration, ...]) -> Table:
    """Each rater beside an expert's ratings of the same sessions."""
    words = study.words
    columns = [
        column(words, "rater", "strong"),
        column(words, "sessions", "count"),
        column(words, "answers", "count"),
        column(words, "exactly", "number"),
        column(words, "within_one", "number"),
        column(words, "less_expert", "change", 1),
        column(words, "likely_low", "change", 1),
        column(words, "likely_high", "change", 1),
    ]
    cells: list[list[Value]] = [
        [
            each.rater,
            each.sessions,
            each.answers,
            *(None if share is None else 100 * share for share in (each.exact, each.within_one_point)),
            *_three(each.difference),
        ]
        for each in rows
    ]
    return table("Calibration_table", "", columns, cells)


def scorer_scores_table(study: ReportedStudy, scorer: ScorerAgreement, number: int) -> Table:
    """The scores of an AI scorer beside people's."""
    return _totals_table(study, f"Scorer_scores_{number}", scorer.totals)


def scorer_differences_table(study: ReportedStudy, scorer: ScorerAgreement, number: int) -> Table:
    """An AI scorer minus people: over all, and for each therapist, site and arm."""
    words = study.words
    columns = [
        column(words, "seen_by", "strong"),
        column(words, "sessions", "count"),
        column(words, "less_people", "change", 1),
        column(words, "likely_low", "change", 1),
        column(words, "likely_high", "change", 1),
    ]
    rows: list[list[Value]] = [
        [_whose(words, each), each.sessions, *_three(each.difference)] for each in scorer.differences
    ]
    return table(f"Scorer_differences_{number}", "", columns, rows)


def _whose(words: Words, each: ScorerDifference) -> str:
    return words.say(f"agreement.by.{each.by}", name=each.name)


def reliability_rules_table(study: ReportedStudy, rules: tuple[ReliabilityFinding, ...]) -> Table:
    """The programme's own rules, judged."""
    words = study.words
    columns = [
        column(words, "rule", "strong"),
        column(words, "judged", "status"),
        column(words, "compared", "count"),
        column(words, "found", "number", 2),
        column(words, "limit_low", "number", 2),
        column(words, "limit_high", "number", 2),
        column(words, "mark", "number", 2),
        column(words, "minimum", "count"),
        column(words, "single", "number", 2),
        column(words, "coefficient"),
    ]
    rows: list[list[Value]] = [
        [
            each.title or each.rule,
            status(words, "reliable", each.verdict),
            each.sessions,
            *_three(each.found),
            each.mark,
            each.minimum,
            each.single.value if each.single else None,
            " ".join(each.words).replace("_", " "),
        ]
        for each in rules
    ]
    absent = set() if any(each.single for each in rules) else {"single"}
    return table("Reliability_rules", "", *without(columns, rows, absent))


def raters_table(study: ReportedStudy) -> Table:
    """Each rater: how strict beside the others, and whether that changed over time."""
    words = study.words
    raters = study.summary.raters
    columns = [
        column(words, "rater", "strong"),
        column(words, "rater_word", "status"),
        column(words, "observations", "count"),
        column(words, "mean", "number", 1, unit=study.measure.unit),
        column(words, "severity", "change", 1),
        column(words, "rater_change", "change", 1),
        column(words, "z", "change", 1),
        column(words, "compared", "count"),
        column(words, "twice_z", "change", 1),
        column(words, "rater_group", "tally"),
    ]
    rows: list[list[Value]] = [
        [
            each.rater,
            _rater_word(words, each),
            each.n,
            each.mean,
            each.severity,
            each.change,
            each.z,
            each.twice,
            each.twice_z,
            each.group,
        ]
        for each in raters
    ]
    absent = set() if study.summary.linked > 1 else {"rater_group"}
    return table("Raters_table", "", *without(columns, rows, absent))


def _rater_word(words: Words, rater: RaterSummary) -> Status:
    if rater.flagged:
        return status(words, "rater", rater.flagged)
    return status(words, "rater", "fixed" if rater.fixed else "none" if rater.z is not None else "unknown")


# ---- sentences


def agreement_lead(study: ReportedStudy, found: Agreement) -> str:
    """How much was rated twice, and what that allows."""
    words = study.words
    facts: dict[str, Fact] = {
        "double": found.double_scored,
        "sessions": found.sessions,
        "share": plain(100 * found.double_scored / found.sessions, 0) if found.sessions else "0",
        "fewest": FEWEST,
        "word": FEWEST_FOR_A_WORD,
    }
    kind = "none" if not found.double_scored else _enough(found.double_scored)
    said = words.say(f"agreement.lead.{kind}", **facts)
    who = words.say("agreement.raters", names=words.names(found.raters)) if found.raters else ""
    apart = words.say("evidence.lead") if found.others else ""
    return " ".join(filter(None, (said, who, apart)))


def kind_heading(study: ReportedStudy, heading: str, found: Agreement) -> str:
    """A heading that says by which kind of evidence, in a study that has several."""
    several = study.beside.agreement is not None and study.beside.agreement.others
    kind = study.words.say(f"evidence.kind.{found.evidence}")
    return joined(heading, kind) if several else heading


def _enough(sessions: int) -> str:
    return "too_few" if sessions < FEWEST else "no_word" if sessions < FEWEST_FOR_A_WORD else "enough"


def agreement_notes(study: ReportedStudy, found: Agreement) -> Iterator[str]:
    """How to read the figures on scores."""
    words = study.words
    if not found.totals:
        return
    total = found.totals[0]
    yield words.say(
        "agreement.same_raters" if found.same_raters else "agreement.changing_raters", form=total.form
    )
    if total.dropped:
        yield words.say("agreement.dropped", number=total.dropped)
    yield words.say("agreement.bands")
    first = next(iter(found.differences), None)
    if first is not None and first.low is not None:
        yield words.say("agreement.range" if first.first else "agreement.range_any")


def apart_alt(study: ReportedStudy, found: ScoreDifferences, how: Measure) -> str:
    """What the chart of differences says to those who do not see it."""
    words = study.words
    facts: dict[str, Fact] = {
        "score": how.name,
        "number": len(found.pairs),
        "first": found.first or None,
        "second": found.second or None,
        "mean": None if found.mean is None else signed(found.mean),
        "low": None if found.low is None else signed(found.low),
        "high": None if found.high is None else signed(found.high),
    }
    return words.say("chart.apart.alt", **facts)


def signed(value: float, places: int = 1) -> str:
    """A difference with its sign."""
    text = plain(value, places)
    return f"+{text}" if value > 0 and text.strip("0.") else text
