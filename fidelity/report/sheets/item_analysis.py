"""The Item analysis sheet: which items are missed, left open or answered alike, and which fell."""

from collections.abc import Iterator

from fidelity.model.summary import AnsweredItem
from fidelity.report.measure import plain
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.level_charts import stacked_shares
from fidelity.report.sheets.sheet import Book, print_setup, span
from fidelity.report.sheets.stacked import Part, lay_parts, set_grid
from fidelity.report.sheets.summary import write_title
from fidelity.report.tables.items import answer_tables, fallen_table, items_analysis_table
from fidelity.report.tables.person import item_title

OFTEN = 0.05
MOST_NAMED = 3


def write_item_analysis(book: Book) -> None:
    """Every item over all ratings, the answers as stacked bars, and the items that fell."""
    sheet, parts = book.sheet(book.tabs["item_analysis"]), [*_parts(book)]
    wide = set_grid(book, sheet, "item_analysis", parts)
    row = write_title(book, sheet, "item_analysis", wide)
    span(book, sheet, row, (1, wide), items_lead(book.study), "FID Lead")
    laid = lay_parts(book, sheet, "item_analysis", parts, row + 2, wide)
    print_setup(book, sheet, "item_analysis", (laid.below - 2, wide), high=0)
    sheet.freeze_panes = "B4"


def items_lead(study: ReportedStudy) -> str:
    """The items that were missed most often, by name."""
    often = [each for each in study.beside.items if _missed(each) >= OFTEN]
    named = sorted(often, key=_missed, reverse=True)[:MOST_NAMED]
    words = study.words
    names = [
        words.say(
            "items.one", item=item_title(study.checklist, each.item), share=plain(100 * _missed(each), 0)
        )
        for each in named
    ]
    return words.say("items.lead", names=words.names(names) or None)


def _missed(each: AnsweredItem) -> float:
    return (each.missed or 0) / each.rated if each.rated else 0.0


def _parts(book: Book) -> Iterator[Part]:
    study, words, headings = book.study, book.study.words, book.look.sheets["item_analysis"]
    correlated = any(each.rest is not None for each in study.beside.items)
    yield Part(
        headings["items"],
        table=items_analysis_table(study),
        below=(words.say("items.note"), *([words.say("items.rest")] if correlated else [])),
    )
    if study.has_course:
        fallen = fallen_table(study)
        yield Part(
            headings["fallen"],
            above=() if fallen.rows else (words.say("items.fallen_none"),),
            table=fallen,
            below=(words.say("items.fallen"),) if fallen.rows else (),
        )
    titles = (words.say("chart.answers.title"), "chart.answers.alt", "chart.answers.part")
    for number, made in enumerate(answer_tables(study)):
        chart = stacked_shares(book, made, titles, len(made.columns) - 2)
        yield Part(headings["answers"] if not number else "", table=made, chart=chart)
