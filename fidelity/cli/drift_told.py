"""What the rule or chart found -> tables and sentences for people, and the points that they are made of."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from math import floor, log10
from typing import Any

from fidelity import content
from fidelity.cli.printing import table
from fidelity.observe.series_table import Point, SeriesTable
from fidelity.report.measure import plain
from fidelity.report.words import Words
from fidelity.summaries.drift.chance import DROP, at_lag, chance
from fidelity.summaries.drift.charts import METHODS, RULES, Charted
from fidelity.summaries.drift.rule import ENOUGH_DIFFERENCES, Rule

LAG_WORTH_A_WORD = 0.05
OFTEN, MINIMUM = 20, 6


def words_of_series() -> Words:
    """The words of the reports, with the plain word for the person."""
    person = {"therapist": "therapist", "therapists": "therapists"}
    return Words(tomllib.loads(content.text("reports", "words.toml")), person)


def told(method: str, read: SeriesTable, found: Charted, therapist: str | None) -> str:
    """What the judgements rest on, a line a series, and of one therapist alone every point."""
    words = words_of_series()
    parts = [words.say(f"series.{method}"), *_notes(words, method, read, found)]
    if therapist is None:
        return "\n".join([*parts, "", _overview(words, method, read, found)])
    ((_, _, points),) = points_of(read, found, therapist)
    rows = [[_shown(value) for value in each.values()] for each in points]
    head = [read.by, "score", *found.columns, "signal"]
    alone = _overview(words, method, read, found, therapist)
    return "\n".join([*parts, "", alone, "", table(head, rows)])


def _notes(words: Words, method: str, read: SeriesTable, found: Charted) -> Iterator[str]:
    """What the judgements rest on."""
    if "sd" not in METHODS[method]:
        return
    spread = found.settings["sd"]
    if spread is None:
        yield words.say("series.no_spread", differences=found.differences)
    elif found.pooled:
        yield words.say("series.spread", sd=_shown(spread), differences=found.differences)
    else:
        yield words.say("series.given", sd=_shown(spread))
    longest = max((len(points) for points in read.series.values()), default=0)
    if isinstance(spread, float) and _chance_known(method, found) and longest >= MINIMUM:
        times = plain(chance(longest, Rule()).found / 10, 0)
        yield words.say("series.none", n=longest, drop=_rounded(DROP * spread, spread), times=times)
    correlated = (found.lag1 or 0.0) > LAG_WORTH_A_WORD and found.differences >= ENOUGH_DIFFERENCES
    if correlated and found.lag1 is not None and _chance_known(method, found):
        yield words.say("series.lag", lag=_shown(found.lag1), chance=plain(at_lag(found.lag1), 0))
    if method in RULES:
        yield words.say(f"series.{_rater_note(read, found)}")
    if method == "cusum" and any(_often(points) for points in read.series.values()):
        yield words.say("series.often")


def _rater_note(read: SeriesTable, found: Charted) -> str:
    if not any(rater for points in read.series.values() for each in points for rater, _ in each.ratings):
        return "no_raters"
    return "raters" if found.adjusted else "raters_apart"


def _often(points: tuple[Point, ...]) -> bool:
    if len(points) <= OFTEN:
        return False
    first, last = points[0].when, points[-1].when
    days = (last - first).days if isinstance(first, date) and isinstance(last, date) else 0
    return days > 0 and len(points) / max(1.0, days / 365.25) > OFTEN


def _chance_known(method: str, found: Charted) -> bool:
    """Whether the error rates were measured for this rule: the default one, with a pooled spread."""
    settings = {**found.settings, "sd": None}
    return method == "cusum" and found.pooled and settings == dict(METHODS[method])


def _overview(
    words: Words, method: str, read: SeriesTable, found: Charted, therapist: str | None = None
) -> str:
    head = ["therapist", "observations", "mean", "last", "status", "what was seen"]
    rows, at = [], 0
    for number, (name, points) in enumerate(read.series.items()):
        here = slice(at, at + len(points))
        at += len(points)
        if therapist in (None, name):
            mean = sum(each.score for each in points) / len(points) if points else None
            last = points[-1].score if points else None
            status = _status(words, method, found.statuses[number])
            seen = " ".join(_seen(words, method, points, found, number, here))
            rows.append([name, str(len(points)), _shown(mean), _shown(last), status, seen])
    return table(head, rows)


def _status(words: Words, method: str, status: str) -> str:
    """The word of a rule that claims something; a chart only shows."""
    if method not in RULES:
        return {"none": "no signal", "not_enough": "too few"}.get(status, "signal")
    entry = words.wordings["status"]["trend"][status]
    return f"{entry['glyph']} {entry['word']}"


def _seen(
    words: Words, method: str, points: tuple[Point, ...], found: Charted, number: int, here: slice
) -> Iterator[str]:
    """What stands behind a status, with the chance of it and what to do next."""
    status, change = found.statuses[number], found.changes[number]
    needed = int(found.settings.get("minimum") or 2)
    if status == "not_enough":
        key = "few" if len(points) < needed else "no_limits"
        yield words.say(f"series.{key}", n=len(points), needed=needed)
    elif change is not None:
        key = "fell" if change.size < 0 else "rose"
        yield _size(words, key, change[1:], points[change.before], found.settings["sd"])
        if _chance_known(method, found):
            measured = chance(len(points), Rule())
            said = plain(max(1.0, measured.watch if status == "watch" else measured.act), 0)
            yield words.say("series.chance", chance=said, n=len(points))
    elif status != "none":
        yield from _signalled(words, points, found, here)
    if number in found.held_back:
        yield words.say("series.held_back")
    elif method in RULES:
        yield from _next_step(words, status)


def _signalled(words: Words, points: tuple[Point, ...], found: Charted, here: slice) -> Iterator[str]:
    signals = found.signals[here]
    last_of = {kind: at for at, kind in enumerate(signals) if kind}
    for kind, at in last_of.items():
        if kind in ("below", "above"):
            facts: dict[str, str | int | None] = {
                "number": signals.count(kind),
                "n": len(points),
                "last": str(moment_of(points[at])),
            }
            yield words.say(f"series.{kind}", **facts)
        else:
            sizes = [found.columns[name][here][at] or 0.0 for name in ("statistic", "lower", "upper")]
            yield _size(words, "falls" if kind == "act" else "rises", sizes, points[at])


def _size(words: Words, key: str, sizes: Sequence[float], since: Point, spread: object = None) -> str:
    """A change with its likely range, in its own direction, the smaller end first."""
    size, low, high = sizes
    low, high = (low, high) if size > 0 else (-high, -low)
    numbers = {"size": abs(size), "low": low, "high": high}
    facts: dict[str, str | int | None] = {name: _rounded(each, spread) for name, each in numbers.items()}
    return words.say(f"series.{key}", since=str(moment_of(since)), **facts)


def _next_step(words: Words, status: str) -> Iterator[str]:
    steps = words.wordings["next_step"]
    others = {"standard", "capped"}  # a series of scores has neither
    said = [each["text"] for each in steps if status in each.get("trend", []) and not others & each.keys()]
    yield from (f"{text}." for text in said[:1])


def _rounded(value: float, spread: object) -> str:
    """A size to the place where the ordinary ups and downs have their first digit: more would be noise."""
    if not isinstance(spread, float) or spread <= 0:
        return f"{value:.3g}"
    return plain(value, max(0, -floor(log10(spread))))


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


# ---- points


def points_of(
    read: SeriesTable, found: Charted, therapist: str | None
) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Each series with its status and its points, in the contract's names; only one where one is named."""
    names = ("score", *found.columns, "signal")
    scores = (each.score for points in read.series.values() for each in points)
    rows = zip(scores, *found.columns.values(), found.signals, strict=True)
    for status, (name, points) in zip(found.statuses, read.series.items(), strict=True):
        shown = [{read.by: moment_of(point), **dict(zip(names, next(rows), strict=True))} for point in points]
        if therapist in (None, name):
            yield name, status, shown


def moment_of(point: Point) -> str | float:
    """The day, or the place in the order, as a person wrote it."""
    when = point.when
    if isinstance(when, date):
        return when.isoformat()
    return int(when) if when.is_integer() else when
