"""The Reliability sheet: can we trust the scores, which items do raters see differently, who rates how."""

from collections.abc import Iterator
from math import floor

from openpyxl.worksheet.worksheet import Worksheet

from fidelity.model.summary import Agreement, ScoreDifferences, ScorerAgreement
from fidelity.report.measure import round_above, step
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.charts import Block, Frame, Line, Titles, place, scatter_chart
from fidelity.report.sheets.sheet import Book, Laid, print_setup, span
from fidelity.report.sheets.stacked import Part, lay_parts, set_grid
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.agreement import (
    agreement_items_table,
    agreement_lead,
    agreement_notes,
    agreement_scores_table,
    apart_alt,
    apart_table,
    calibration_table,
    kind_heading,
    pairs_table,
    raters_table,
    reliability_rules_table,
    scorer_differences_table,
    scorer_scores_table,
)
from fidelity.report.tables.table import Table

CHART_ROWS = 15
MOST_PAIRS = 40  # pairs of raters that a page can hold
MOST_DRAWN = 2000


def write_reliability(book: Book, found: Agreement) -> None:
    """What two raters of the same sessions agree on; the chart's data stand below the printed page."""
    sheet, study = book.sheet(book.tabs["reliability"]), book.study
    data = _data(book, found)
    parts = [*_parts(book, found, drawn=bool(data))]
    wide = set_grid(book, sheet, "reliability", [*parts, *data])
    row = write_title(book, sheet, "reliability", wide)
    span(book, sheet, row, (1, wide), agreement_lead(study, found), "FID Lead")
    laid = lay_parts(book, sheet, "reliability", parts, row + 2, wide)
    print_setup(book, sheet, "reliability", (laid.below - 2, wide), high=0)
    if data:
        below = lay_parts(book, sheet, "reliability", data, laid.below + 1, wide)
        _draw(book, sheet, found.differences[0], data[0].table, below.first, laid.rooms[0])
    sheet.freeze_panes = "A3"


def _heading(book: Book, key: str) -> str:
    return str(book.look.sheets["reliability"][key])


def _parts(book: Book, found: Agreement, *, drawn: bool) -> Iterator[Part]:
    """The tables in reading order, the one of the scores first, with room for the chart."""
    study, words = book.study, book.study.words
    name = study.measure.name
    yield Part(
        kind_heading(study, _heading(book, "scores"), found) if found.totals else "",
        table=agreement_scores_table(study, found),
        below=tuple(agreement_notes(study, found)),
    )
    if drawn:
        yield Part(_heading(book, "difference"), room=CHART_ROWS)
    yield Part(
        _heading(book, "rules"),
        table=reliability_rules_table(study, found.rules),
        below=(words.say("agreement.rules"),) if found.rules else (),
    )
    yield Part(
        _heading(book, "items"),
        table=agreement_items_table(study, found.items),
        below=_item_notes(study, found) if found.items else (),
    )
    pairs = found.pairs[:MOST_PAIRS]
    yield Part(
        _heading(book, "pairs"),
        table=pairs_table(study, pairs),
        below=(words.say("agreement.pairs", score=name),) if pairs else (),
    )
    yield Part(
        _heading(book, "calibration"),
        table=calibration_table(study, found.calibration),
        below=(words.say("agreement.calibration", score=name),) if found.calibration else (),
    )
    for number, scorer in enumerate(found.scorers, start=1):
        yield from _scorer(book, scorer, number)
    for number, other in enumerate(found.others, start=2):
        yield Part(
            kind_heading(study, _heading(book, "scores"), other),
            (agreement_lead(study, other),),
            agreement_scores_table(study, other, number),
        )
    yield Part(
        _heading(book, "raters"),
        table=raters_table(study),
        below=(words.say("agreement.trend_raters"),) if study.summary.raters else (),
    )


def _item_notes(study: ReportedStudy, found: Agreement) -> tuple[str, ...]:
    few = found.double_scored and any(each.sessions < 10 for each in found.items)
    keys = ["agreement.items", *(["agreement.items_few"] if few else [])]
    return tuple(study.words.say(key) for key in keys)


def _scorer(book: Book, scorer: ScorerAgreement, number: int) -> Iterator[Part]:
    study, words = book.study, book.study.words
    said = words.say("agreement.scorer", scorer=scorer.scorer, sessions=scorer.sessions)
    heading = _heading(book, "scorer").format(scorer=scorer.scorer)
    yield Part(heading, (said,), scorer_scores_table(study, scorer, number))
    yield Part("", table=scorer_differences_table(study, scorer, number))
    yield Part("", table=agreement_items_table(study, scorer.items, f"Scorer_items_{number}"))


# ---- the chart of differences, and its data


def _data(book: Book, found: Agreement) -> list[Part]:
    first = next(iter(found.differences), None)
    if first is None or not 1 < len(first.pairs) <= MOST_DRAWN:
        return []
    return [Part(_heading(book, "chart_data"), table=apart_table(book.study, first))]


def _draw(
    book: Book,
    sheet: Worksheet,
    found: ScoreDifferences,
    table: Table | None,
    laid: Laid | None,
    frame: Frame,
) -> None:
    if table is None or laid is None:
        return
    look, study, words = book.look, book.study, book.study.words
    facts = {"first": found.first or None, "second": found.second or None}
    unit = study.measure.sign or words.say("chart.apart.points")
    title = words.say("chart.apart.title", unit=unit, **facts)
    titles = Titles(title, apart_alt(study, found, study.measure))
    limits = Line(look.colour("chart.limits"), 1.0, "dash")
    drawn = [
        ("apart_difference", Line(look.colour("chart.observations"), marker="circle", size=6)),
        ("apart_mean", Line(look.colour("chart.centre"), 1.0)),
        ("apart_above", limits),
        ("apart_below", limits),
    ]
    there = {column.key: at for at, column in enumerate(table.columns, start=1)}
    lines = [(there[key], line) for key, line in drawn if key in there]
    block = Block(sheet, laid.head, laid.last, there["middle"])
    axes = (words.say("chart.apart.x"), words.say("chart.apart.y", **facts))
    chart = scatter_chart(look, block, lines, titles, (_across(found), _up(found)), axes)
    place(book, sheet, chart, frame, titles)


def _across(found: ScoreDifferences) -> tuple[float, float]:
    """From a round number below the lowest middle to one above the highest."""
    middles = [each.middle for each in found.pairs]
    distance = step((min(middles), max(middles) + 1e-9))
    low = distance * floor(min(middles) / distance)
    high = distance * (floor(max(middles) / distance) + 1)
    return low, high if max(middles) > high - distance else high - distance


def _up(found: ScoreDifferences) -> tuple[float, float]:
    ends = (found.low or 0.0, found.high or 0.0, *(each.difference for each in found.pairs))
    end = round_above(max(abs(each) for each in ends) * 1.05)
    return -end, end
