"""The Summary sheet: whom to talk to first; where the data name nobody, sessions with scores and levels."""

from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from fidelity.report.overview import counters, lead, reading_lines
from fidelity.report.sheets.charts import Block, Frame, Titles, place, stacked_chart
from fidelity.report.sheets.drawing_xml import Sparkline
from fidelity.report.sheets.sheet import (
    Book,
    Laid,
    grow,
    lay_table,
    link,
    print_setup,
    repeat,
    set_widths,
    span,
)
from fidelity.report.tables.lists import flags_table, lists_table
from fidelity.report.tables.people import summary_table
from fidelity.report.tables.sessions import levels_tables, scores_table, sessions_table
from fidelity.report.tables.table import Bars, Table
from fidelity.report.words import joined

ROW_WITH_BARS = 25.0
ROW = 19.0
CHART_ROW = 30.0
LEAST_COLUMNS = 9
BARS_ROOM = 1.15
LINK_WIDTH = 26.0
MIDDLE_OF = 5  # levels: the one in the middle is neither good nor a concern


def write_summary(book: Book, sheet: Worksheet, apart: int = 0) -> None:
    """The sheet for a study with therapists, or the one for sessions only; it is written last of all.

    `apart` therapists have a workbook of their own.
    """
    if book.study.has_course:
        below, wide = _write_people(book, sheet, apart)
    else:
        below, wide = _write_sessions(book, sheet)
    _write_where_to_read_on(book, sheet, below + 1, wide)


def _write_people(book: Book, sheet: Worksheet, apart: int) -> tuple[int, int]:
    table = summary_table(book.study)
    widths = [book.look.width("summary", column.key) for column in table.columns]
    wide = len(widths)
    set_widths(sheet, widths)
    row = _write_top(book, sheet, widths)
    laid = lay_table(book, sheet, table, (row, 1), ROW_WITH_BARS)
    _draw_bars(book, sheet, table, laid)
    row = laid.last + 2
    kept_apart = [book.study.words.say("summary.on.apart", number=apart)] if apart else []
    for line in (*reading_lines(book.study), *kept_apart):
        span(book, sheet, row, (1, wide), line, "FID Note")
        row += 1
    fits = len(table.rows) <= book.look.sheets["summary"]["one_page_up_to"]
    print_setup(book, sheet, "summary", (row - 1, wide), high=int(fits))
    repeat(sheet, laid.head, 1)
    return row, wide


# ---- Where to read on, below the printed page


def _write_where_to_read_on(book: Book, sheet: Worksheet, row: int, wide: int) -> None:
    """Each sheet that is there, with a link and the question that it answers; paper has no use for them."""
    words, first = book.study.words, _columns_as_wide_as(sheet, LINK_WIDTH)
    span(book, sheet, row, (1, wide), words.say("summary.on.lead"), "FID Section")
    for key, tab in book.tabs.items():
        question = words.say(f"summary.on.{key}", sessions=book.tabs["sessions"])
        if question and tab in book.workbook.sheetnames:
            row += 1
            span(book, sheet, row, (1, first), tab, "FID Link")
            link(sheet, (row, 1), tab)
            span(book, sheet, row, (first + 1, wide), question, "FID Text")


def _columns_as_wide_as(sheet: Worksheet, width: float) -> int:
    """How many columns from the first on hold a text of this width."""
    run = 0.0
    for number in range(1, 100):
        run += float(sheet.column_dimensions[get_column_letter(number)].width)
        if run >= width:
            return number
    return 1


def write_title(book: Book, sheet: Worksheet, kind: str, wide: int, **facts: str) -> int:
    """Title and subtitle of a sheet; gives the row below."""
    title, subtitle = titles_of(book, kind, **facts)
    span(book, sheet, 1, (1, wide), title, "FID Title")
    grow(sheet, 1, 30)
    span(book, sheet, 2, (1, wide), subtitle, "FID Subtitle")
    return 3


def titles_of(book: Book, kind: str, **facts: str) -> tuple[str, str]:
    """Title and subtitle of a sheet."""
    settings, words = book.look.sheets[kind], book.study.words
    everywhere = {
        "checklist": book.study.checklist.title,
        "version": book.study.checklist.about.version,
        "period": book.study.period,
        **words.person,
        **facts,
    }
    title, subtitle = (settings[key].format_map(everywhere) for key in ("title", "subtitle"))
    return title, joined(*subtitle.split(" · "))


def _write_top(book: Book, sheet: Worksheet, widths: Sequence[float]) -> int:
    wide = len(widths)
    row = write_title(book, sheet, "summary", wide)
    for line in lead(book.study):
        span(book, sheet, row, (1, wide), line, "FID Lead")
        row += 1
    row += 1
    _write_counters(book, sheet, row, widths)
    return row + 3


def _write_counters(book: Book, sheet: Worksheet, row: int, widths: Sequence[float]) -> None:
    counted = counters(book.study)
    for (first, last), (number, label) in zip(shares(widths, len(counted)), counted, strict=True):
        span(book, sheet, row, (first, last), number, "FID Count")
        span(book, sheet, row + 1, (first, last), label, "FID Count label")
    grow(sheet, row, 30)
    grow(sheet, row + 1, 20)


def shares(widths: Sequence[float], number: int) -> list[tuple[int, int]]:
    """The columns cut into so many stretches of about the same width, counted from 1."""
    target, cuts, run = sum(widths) / number, [0], 0.0
    for at, width in enumerate(widths):
        wanted = target * len(cuts)
        if len(cuts) < number and at > cuts[-1] and run + width / 2 > wanted:
            cuts.append(at)
        run += width
    cuts = _at_least_one_each(cuts, number, len(widths))
    return [(first + 1, last) for first, last in zip(cuts, [*cuts[1:], len(widths)], strict=True)]


def _at_least_one_each(cuts: list[int], number: int, columns: int) -> list[int]:
    return [*cuts, *range(columns - (number - len(cuts)), columns)]


def _draw_bars(book: Book, sheet: Worksheet, table: Table, laid: Laid) -> None:
    at = table.place("bars")
    for number, row in enumerate(table.rows):
        bars, name = row[at], str(row[0])
        if isinstance(bars, Bars) and name in book.bars:
            cell = f"{get_column_letter(laid.left + at)}{laid.first + number}"
            _add(book, sheet, cell, book.bars[name], bars)


def _add(book: Book, sheet: Worksheet, cell: str, values: str, bars: Bars) -> None:
    above = bars.lowest + (bars.highest - bars.lowest) * BARS_ROOM  # so that rows of bars stay apart
    if book.look.mirrored:
        return
    book.sparklines.setdefault(sheet.title, []).append(Sparkline(cell, values, bars.lowest, above))


# ---- Sessions only


def _write_sessions(book: Book, sheet: Worksheet) -> tuple[int, int]:
    study = book.study
    by_session = sessions_table(study)
    widths = _scores_widths(book, by_session)
    wide = len(widths)
    set_widths(sheet, widths)
    row = _write_top(book, sheet, widths)
    for table in levels_tables(study):
        row = _write_levels(book, sheet, table, row, wide)
    for key, listed in (("lists", lists_table(study)), ("flags", flags_table(study))):
        if listed.rows and study.headline is None:
            row = lay_table(book, sheet, listed, (_section(book, sheet, row, wide, key), 1), ROW).last + 2
    scores = scores_table(study)
    laid_scores = None
    if scores.rows:
        row = _section(book, sheet, row, wide, "scores")
        laid_scores = lay_table(book, sheet, scores, (row, 1), ROW_WITH_BARS)
        row = laid_scores.last + 2
    if len(by_session.rows) <= book.look.sheets["scores"]["longest_list"]:
        row = _section(book, sheet, row, wide, "sessions" if study.checklist.scores else "observed")
        laid = lay_table(book, sheet, by_session, (row, 1), ROW)
        sheet.print_title_rows = f"{laid.head}:{laid.head}"
        if laid_scores is not None:
            _bars_from_sessions(book, sheet, scores, laid_scores, laid)
        row = laid.last + 2
    for line in reading_lines(study):
        span(book, sheet, row, (1, wide), line, "FID Note")
        row += 1
    print_setup(book, sheet, "summary", (row - 1, wide), high=0)
    sheet.freeze_panes = "B3"
    return row, wide


def _scores_widths(book: Book, by_session: Table) -> list[float]:
    number = book.look.width("scores", "number")
    widths = [book.look.width("scores", "first")]
    widths += [book.look.width("scores", column.key) for column in by_session.columns[1:]]
    widths += [number] * (LEAST_COLUMNS - len(widths))
    return [widths[0], max(widths[1], book.look.width("scores", "bars")), *widths[2:]]


def _section(book: Book, sheet: Worksheet, row: int, wide: int, key: str) -> int:
    span(book, sheet, row, (1, wide), book.look.sheets["scores"][key], "FID Section")
    grow(sheet, row, 24)
    return row + 2


def _write_levels(book: Book, sheet: Worksheet, table: Table, row: int, wide: int) -> int:
    row = _section(book, sheet, row, wide, "levels")
    columns = len(table.columns)
    laid = lay_table(book, sheet, table, (row, 1), CHART_ROW)
    levels = list(range(1, columns))
    colours = level_colours(book, len(levels), undecided=len(levels) > _levels_of(book, table))
    if not colours or columns + 2 > wide:
        return laid.last + 2
    titles = _level_titles(book, table)
    block = Block(sheet, laid.head, laid.last, 1)
    chart = stacked_chart(book.look, block, [each + 1 for each in levels], colours, titles)
    bottom = max(laid.last, laid.head + 5)
    for each in range(laid.head, bottom + 1):
        grow(sheet, each, CHART_ROW)
    place(book, sheet, chart, Frame(columns + 1, row, wide, bottom), titles)
    return bottom + 2


def _levels_of(book: Book, table: Table) -> int:
    first = str(table.rows[0][0])
    lengths = [
        len(result.levels)
        for result in book.study.checklist.results
        if first.startswith(result.title or result.key)
    ]
    return lengths[0] if lengths else len(table.columns) - 1


def level_colours(book: Book, number: int, *, undecided: bool) -> list[str]:
    """Colours for so many levels, lowest first, with grey for undecided; none when there are too many."""
    palette = book.look.levels
    if number - undecided == MIDDLE_OF:
        colours = [*palette[:2], book.look.colour("chart.grid"), *palette[2:]]
    else:
        picked = {2: (0, 3), 3: (0, 1, 3), 4: (0, 1, 2, 3)}.get(number - undecided, ())
        colours = [palette[at] for at in picked]
    return [*colours, book.look.colour("chart.ordinary")] if undecided and colours else colours


def _level_titles(book: Book, table: Table) -> Titles:
    words = book.study.words
    said = [
        words.say("chart.levels.part", result=str(row[0]), levels=_counts(table, row)) for row in table.rows
    ]
    return Titles(
        words.say("chart.levels.title"),
        words.say("chart.levels.alt", message=" ".join(said)),
    )


def _counts(table: Table, row: Iterable[object]) -> str:
    return ", ".join(
        f"{column.title} {value}" for column, value in list(zip(table.columns, row, strict=True))[1:]
    )


def _bars_from_sessions(book: Book, sheet: Worksheet, scores: Table, laid_scores: Laid, laid: Laid) -> None:
    at = scores.place("all_sessions")
    first_score = 2 + len(book.study.checklist.results)
    for number, row in enumerate(scores.rows):
        bars = row[at]
        if isinstance(bars, Bars):
            letter = get_column_letter(first_score + number)
            values = f"'{sheet.title}'!${letter}${laid.first}:${letter}${laid.last}"
            cell = f"{get_column_letter(laid_scores.left + at)}{laid_scores.first + number}"
            _add(book, sheet, cell, values, bars)
