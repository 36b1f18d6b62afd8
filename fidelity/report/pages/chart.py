"""A therapist's course, and a row of bars, as inline SVG; the colours come from page.css by class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from fidelity.report.course import Course, Point
from fidelity.report.measure import Measure, plain, step_places, steps_between
from fidelity.report.tables.table import Bars
from fidelity.report.words import Words
from fidelity.text_size import text_width

TEXT_HEIGHT = 13.0
DIGIT_WIDTH = 7.0  # of the small texts
BAR_STEP = 6.0  # from one bar to the next
DIAMOND = "M0 -6 L6 0 L0 6 L-6 0 Z"
TRIANGLE = "M0 -6.5 L6.2 5 L-6.2 5 Z"


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing's width and height, the room at its sides, and how many dates fit below."""

    width: float
    height: float
    left: float
    right: float
    dates: int
    named: bool

    @property
    def bottom(self) -> float:
        """Where the axis of dates lies."""
        return self.height - 22


WIDE = Size(720, 232, 30, 118, 7, named=True)
NARROW = Size(350, 236, 26, 14, 3, named=False)
TOP = 12.0


@dataclass(frozen=True, slots=True)
class Plot:
    """Turns scores and session numbers into points of the drawing."""

    size: Size
    ends: tuple[float, float]
    sessions: int

    def x(self, number: int) -> float:
        """Where a session stands; a single one in the middle."""
        room = self.size.width - self.size.left - self.size.right
        share = 0.5 if self.sessions < 2 else number / (self.sessions - 1)
        return round(self.size.left + 8 + share * (room - 16), 1)

    def y(self, value: float) -> float:
        """How high a score stands."""
        low, high = self.ends
        share = (min(max(value, low), high) - low) / (high - low)
        return round(self.size.bottom - share * (self.size.bottom - TOP), 1)

    @property
    def right(self) -> float:
        """The right end of the lines across."""
        return self.size.width - self.size.right


def course_svg(
    words: Words, line: Course, measure: Measure, size: Size, label: str, voice: str = "feedback"
) -> str:
    """The control chart; `label` says the same in words, `voice` names the lines in it."""
    size = _with_room(words, line, size, voice) if size.named else size
    plot = Plot(size, measure.axis(line.scores), len(line.points))
    parts = [
        *_range(plot, line),
        *_grid(plot),
        *_levels(plot, line),
        *_breaks(plot, line),
        *_dates(plot, line.points),
        *_scores(plot, line),
        *_names(plot, words, line, measure, voice),
    ]
    kind = "wide" if size.named else "narrow"
    return (
        f'<svg class="course {kind}" viewBox="0 0 {size.width:g} {size.height:g}" role="img" '
        f"aria-label={quoteattr(label)}>{''.join(parts)}</svg>"
    )


def _with_room(words: Words, line: Course, size: Size, voice: str) -> Size:
    """As much room beside the drawing as the longest name of a line takes."""
    names = [words.say(f"{voice}.chart_usual")] if line.centre is not None else []
    names += [words.say(f"{voice}.chart_standard")] if line.standard is not None else []
    needed = max((text_width(each) * DIGIT_WIDTH + 10 for each in names), default=0.0)
    return replace(size, right=max(size.right, round(min(needed, size.width / 3), 1)))


def _grid(plot: Plot) -> Iterator[str]:
    for value in steps_between(plot.ends):
        y = plot.y(value)
        yield _across(plot, "grid", y)
        yield _text(plot.size.left - 6, y + 4, plain(value, step_places(plot.ends)), "end")


def _across(plot: Plot, kind: str, y: float, left: float | None = None) -> str:
    return f'<path class="{kind}" d="M{plot.size.left if left is None else left:g} {y:g}H{plot.right:g}"/>'


def _anew(plot: Plot, number: int) -> float:
    """Where a course starts anew: half-way before the session."""
    return round((plot.x(number - 1) + plot.x(number)) / 2, 1)


def _usual_from(plot: Plot, line: Course) -> float:
    """Where usual level and range begin: with the course that is judged."""
    return _anew(plot, line.breaks[-1]) if line.breaks else plot.size.left


def _range(plot: Plot, line: Course) -> Iterator[str]:
    """The usual range, below everything else."""
    if line.lower is not None and line.upper is not None:
        top, bottom = plot.y(line.upper), plot.y(line.lower)
        left, height = _usual_from(plot, line), round(bottom - top, 1)
        width = round(plot.right - left, 1)
        yield f'<rect class="range" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"/>'
        yield from (_across(plot, "limit", y, left) for y in (top, bottom))


def _levels(plot: Plot, line: Course) -> Iterator[str]:
    """The usual level and the standard."""
    if line.centre is not None:
        yield _across(plot, "centre", plot.y(line.centre), _usual_from(plot, line))
    if line.standard is not None:
        yield _across(plot, "standard", plot.y(line.standard))


def _breaks(plot: Plot, line: Course) -> Iterator[str]:
    """A line before each session with which the course starts anew."""
    for number in line.breaks:
        yield f'<path class="anew" d="M{_anew(plot, number):g} {TOP:g}V{plot.size.bottom:g}"/>'


def _dates(plot: Plot, points: Sequence[Point]) -> Iterator[str]:
    last = len(points) - 1
    for number in _dated(len(points), plot.size.dates):
        anchor = "start" if number == 0 and last else "end" if number == last and last else "middle"
        x = plot.x(number) + {"start": -8, "middle": 0, "end": 8}[anchor]
        yield _text(x, plot.size.height - 5, points[number].label, anchor)


def _dated(sessions: int, room: int) -> list[int]:
    """Every session, or every second and so on, and always the last."""
    last = sessions - 1
    stride = max(1, ceil(last / (room - 1)))
    picked = list(range(0, sessions, stride))
    near = last - picked[-1] <= stride / 2 and len(picked) > 1
    return [*(picked[:-1] if near else picked), last] if picked[-1] != last else picked


def _scores(plot: Plot, line: Course) -> Iterator[str]:
    places = [(plot.x(number), plot.y(point.session.score)) for number, point in enumerate(line.points)]
    if len(places) > 1:
        yield f'<path class="line" d="M{" L".join(f"{x:g} {y:g}" for x, y in places)}"/>'
    mark, kind = (TRIANGLE, "rising") if line.rises else (DIAMOND, "signal")
    for (x, y), point in zip(places, line.points, strict=True):
        if point.changed:
            yield f'<path class="{kind}" transform="translate({x:g} {y:g})" d="{mark}"/>'
        else:
            yield f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="4"/>'


def _names(plot: Plot, words: Words, line: Course, measure: Measure, voice: str) -> Iterator[str]:
    last = measure.text(line.scores[-1])
    if not plot.size.named:
        y, before = (plot.y(score) for score in (line.scores[-1], line.scores[-2:][0]))
        from_above = before < y < plot.size.bottom - 24
        below = from_above or y < TOP + 14
        yield _text(plot.x(len(line.points) - 1) + 6, y + (20 if below else -10), last, "end", "last")
        return
    named = [(plot.y(line.scores[-1]), last, "last")]
    if line.centre is not None:
        named.append((plot.y(line.centre), words.say(f"{voice}.chart_usual"), "note"))
    if line.standard is not None:
        named.append((plot.y(line.standard), words.say(f"{voice}.chart_standard"), "standard-name"))
    for y, text, kind in _apart(named):
        yield _text(plot.right + 6, y + 4, text, "start", kind)


def _apart(named: Sequence[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """The names moved just so far that none covers another."""
    placed: list[tuple[float, str, str]] = []
    for y, text, kind in sorted(named):
        lowest = placed[-1][0] + TEXT_HEIGHT if placed else y
        placed.append((max(y, lowest), text, kind))
    return placed


def _text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


# ---- A row of bars


def bars_svg(bars: Bars) -> str:
    """One bar a score, the last one dark."""
    step, height = BAR_STEP, 24.0
    width = bars_width(bars)
    drawn = []
    for number, value in enumerate(bars.values):
        share = (value - bars.lowest) / (bars.highest - bars.lowest)
        tall = round(max(0.6, min(1.0, share) * height), 1)
        kind = "bar last" if number == len(bars.values) - 1 else "bar"
        top = round(height - tall, 1)
        drawn.append(
            f'<rect class="{kind}" x="{number * step:g}" y="{top:g}" width="4.8" height="{tall:g}"/>'
        )
    return (
        f'<svg class="bars" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-label={quoteattr(bars.text)}>{"".join(drawn)}</svg>'
    )


def bars_width(bars: Bars) -> float:
    """How broad the row is drawn; all rows of a table alike."""
    return max(bars.room, len(bars.values)) * BAR_STEP
