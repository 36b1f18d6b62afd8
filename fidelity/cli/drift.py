"""`fidelity drift`: series of scores, point by point, by the rule or the chart that is asked for."""

import json
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import click

from fidelity.cli.drift_settings import settings_for
from fidelity.cli.drift_told import points_of, told, words_of_series
from fidelity.cli.observing import ignore_option
from fidelity.cli.printing import Printing, format_option
from fidelity.errors import WrongUse
from fidelity.observe.series_table import Point, SeriesTable, read_series
from fidelity.summaries.drift.charts import METHODS, Charted, Setting, charted
from fidelity.summaries.drift.rated_series import Rated


@click.command("drift")
@click.argument("series", type=click.Path(path_type=Path))
@click.option(
    "--method",
    type=click.Choice(list(METHODS)),
    default="cusum",
    show_default=True,
    help="The rule, or the chart to draw.",
)
@click.option("--therapist", metavar="NAME", help="Only this series, point by point.")
@click.option("--k", type=float, help="cusum: allowance in spreads [0.5]. page_cusum: in units of the score.")
@click.option("--watch", type=float, help="cusum: the sum above which to watch [3].")
@click.option("--act", type=float, help="cusum: the sum above which to act [4]. slope: the chance [0.975].")
@click.option("--minimum", type=int, help="cusum, slope: observations before the first claim [6].")
@click.option("--fall", type=float, help="cusum: the smallest fall to act on, in units of the score [5].")
@click.option("--floor", type=float, help="cusum, slope, ewma: the smallest spread to reckon with [3].")
@click.option("--sd", type=float, help="cusum, slope, ewma: the spread; without it pooled over all series.")
@click.option(
    "--autocorrelation",
    is_flag=True,
    default=None,
    help="cusum, slope: widen the pooled spread by what successive scores have in common.",
)
@click.option("--baseline", type=int, help="xmr: limits from the first so many scores; without it from all.")
@click.option("--lambda", "lambda_", type=float, help="ewma: the weight of the newest score [0.2].")
@click.option("--width", type=float, help="ewma: the limits' distance, in spreads of the average [2.7].")
@click.option("--target", type=float, help="ewma, page_cusum: the score about which the chart lies.")
@click.option("--limits", type=click.Choice(["steady", "exact"]), help="ewma: settled, or from the start on.")
@click.option("--h", type=float, help="page_cusum: the sum above which it signals, in units of the score.")
@ignore_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    /,
    series: Path,
    method: str,
    therapist: str | None,
    ignore: tuple[str, ...],
    **given: Setting,
) -> None:
    """Judge each therapist's scores over time, as one series each.

    SERIES is a table with the columns therapist, score, and date or order; perhaps also rater. A score is a
    number or a percent such as 80%; a row with a blank score is counted and is in no series. With a rater in
    each row, cusum and slope judge the scores without the raters' severity, and what different raters gave
    one therapist on one day is one session.

    \b
    The signal of a point is
      cusum       watch, act; improving
      slope       act (surely falling); improving (surely rising)
      xmr, ewma   below, above (a limit)
      page_cusum  below, above (the sum of what lies below, above the target)
    and nothing else. A series' status is the worst so far: not_enough, none, improving, watch, act;
    "below" counts as act, "above" as improving.

    \b
    Example:
      fidelity drift scores.csv
      fidelity drift scores.csv --method ewma --lambda 0.3 --target 50 --sd 2.05 --therapist T1
    """
    stated = {name.rstrip("_"): value for name, value in given.items() if value is not None}
    settings = settings_for(method, stated)
    read = read_series(series, ignore)
    if therapist is not None and therapist not in read.series:
        raise _unknown(therapist, read)
    scores = [[each.score for each in points] for points in read.series.values()]
    found = charted(method, settings, scores, _rated(read) if read.rated else None)
    if printing.format == "json":
        _print_json(printing, method, read, found, therapist)
    else:
        click.echo(told(method, read, found, therapist))
    if read.unscored:
        printing.say(words_of_series().say("series.unscored", number=read.unscored))


def _rated(read: SeriesTable) -> Rated:
    points = [each for points in read.series.values() for each in points]
    return Rated([each.ratings for each in points], [_clock(each) for each in points])


def _clock(point: Point) -> float:
    return float(point.when.toordinal()) if isinstance(point.when, date) else point.when


def _unknown(therapist: str, read: SeriesTable) -> WrongUse:
    near = get_close_matches(therapist, read.series, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return WrongUse(f'There is no therapist "{therapist}" in this table.{hint}')


def _print_json(
    printing: Printing, method: str, read: SeriesTable, found: Charted, therapist: str | None
) -> None:
    """The contract's shape, one point a line: a million points are too many for one text in memory."""
    printing.done()
    printing.answered = True
    head = json.dumps({"method": method, "parameters": found.settings}, ensure_ascii=False)
    click.echo(f'{head[:-1]}, "series": [', nl=False)
    between = "\n"
    for name, status, points in points_of(read, found, therapist):
        shown = json.dumps({"therapist": name, "status": status}, ensure_ascii=False)
        # No point holds a text of the user's, so braces like these stand between two points only.
        lines = json.dumps(points).replace("[{", "[\n  {").replace("}, {", "},\n  {")
        click.echo(f'{between}{shown[:-1]}, "points": {lines}}}', nl=False)
        between = ",\n"
    click.echo("]}")
