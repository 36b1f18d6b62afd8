"""Lines of figures -> lines fit for everybody: small cells hidden for good, all others rounded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from fidelity.report.tables.audit import Figure, MeanSd, Number, PartOf, TrialLine, Within

LIMIT = 5  # a cell that rests on fewer sessions, ratings or people is not published
STEP = 5  # counts are rounded to the nearest multiple

Pieces = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """How many sessions and how many people stand behind a column."""

    sessions: int
    people: int

    @property
    def pieces(self) -> Pieces:
        """What a figure of this column rests on."""
        return (self.sessions, self.people)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a hidden cell is written, and with how many places a mean is published."""

    hidden: str
    places: int


def published(lines: Sequence[TrialLine], arms: Sequence[Base], total: Base, rules: Rules) -> list[TrialLine]:
    """The lines without small cells, counts to the nearest five, percents from these and whole.

    A hidden cell is never alone: what is hidden beside it in its line, and in the lines that make up a whole
    with it, comes to five or more. So no difference of published figures gives one away.
    """
    if is_small(total.pieces):
        return [_hidden_line(line, rules) for line in lines]
    columns = closed([is_small(each.pieces) for each in arms], [each.pieces for each in arms])
    if columns:
        lines = [_hidden_line(line, rules) if _compares(line) else line for line in lines]
    before = _nested(lines)
    across = [_across(line, columns, above, rules) for line, above in zip(lines, before, strict=True)]
    return [_rounded_line(line, rules) for line in _down(lines, across, rules)]


def _compares(line: TrialLine) -> bool:
    """Whether a line holds a difference of arms, which would help to work out an arm that is hidden."""
    return isinstance(line.total, Within) and all(cell is None for cell in line.arms)


def rounded(number: int) -> int:
    """The nearest multiple of five."""
    return STEP * ((2 * number + STEP) // (2 * STEP))


def is_small(pieces: Pieces) -> bool:
    """Whether any of the counts that a figure gives away is too small."""
    return any(piece < LIMIT for piece in pieces)


def closed(small: Sequence[bool], pieces: Sequence[Pieces]) -> set[int]:
    """Which of some cells with a published sum to hide: the small ones, and the next in size beside them.

    At least two are hidden, and what they come to is not small itself; if that cannot be, all are.
    """
    hidden = {number for number, each in enumerate(small) if each}
    while hidden and len(hidden) < len(small) and _gives_away([pieces[number] for number in hidden]):
        seen = [number for number in range(len(small)) if number not in hidden]
        hidden.add(min(seen, key=lambda number: (sum(pieces[number]), number)))
    return hidden


def _gives_away(among: Sequence[Pieces]) -> bool:
    return len(among) < 2 or any(sum(each) < LIMIT for each in zip(*among, strict=False))


# ---- across: the arms of one line


def _nested(lines: Sequence[TrialLine]) -> list[TrialLine | None]:
    """The line above, where a line counts some of the same sessions: at least high after at least middle."""
    fellows = {(number - 1, number) for run in _wholes(lines) for number in run[1:]}
    pairs = list(pairwise(range(len(lines))))
    nested = [pair not in fellows and _is_part(lines[pair[0]], lines[pair[1]]) for pair in pairs]
    return [None, *(lines[one] if each else None for (one, _), each in zip(pairs, nested, strict=True))]


def _is_part(above: TrialLine, line: TrialLine) -> bool:
    match above.total, line.total:
        case PartOf(number=more, of=all_above), PartOf(number=fewer, of=all_here):
            return all_above == all_here and fewer <= more
        case _:
            return False


def _across(line: TrialLine, columns: set[int], above: TrialLine | None, rules: Rules) -> TrialLine:
    """The line without its small cells, and without those that would give them away."""
    if is_small(_pieces(line.total, above.total if above else None)):
        return _hidden_line(line, rules)
    over = above.arms if above else (None,) * len(line.arms)
    pieces = [_pieces(cell, more) for cell, more in zip(line.arms, over, strict=True)]
    small = [number in columns or is_small(each) for number, each in enumerate(pieces)]
    hidden = closed(small, pieces)
    arms = tuple(_hide(cell, rules) if number in hidden else cell for number, cell in enumerate(line.arms))
    return replace(line, arms=arms)


def _pieces(figure: Figure, above: Figure) -> Pieces:
    """The counts that a published figure would give away."""
    match figure, above:
        case Number(number=number), _:
            return (number,)
        case PartOf(number=number, of=of), PartOf(number=more):
            return (number, of - number, more - number)
        case PartOf(number=number, of=of), _:
            return (number, of - number)
        case ((MeanSd(n=n) | Within(n=n)), _):
            return (n,)
        case _:
            return ()


def _hidden_line(line: TrialLine, rules: Rules) -> TrialLine:
    return replace(line, arms=tuple(_hide(each, rules) for each in line.arms), total=_hide(line.total, rules))


def _hide(figure: Figure, rules: Rules) -> Figure:
    """Hidden, where there is a number to hide."""
    return figure if figure is None or isinstance(figure, str) else rules.hidden


# ---- down: lines that together make up a whole


def _down(before: Sequence[TrialLine], lines: Sequence[TrialLine], rules: Rules) -> list[TrialLine]:
    """Of lines that make up a whole, the fellows of a hidden one are hidden too, until no sum tells it."""
    kept = list(lines)
    for numbers in _wholes(before):
        pieces = [_counts(before[number]) for number in numbers]
        small = [rules.hidden in (kept[number].total, *kept[number].arms) for number in numbers]
        for place in closed(small, pieces):
            kept[numbers[place]] = _hidden_line(kept[numbers[place]], rules)
    return kept


def _wholes(lines: Sequence[TrialLine]) -> list[list[int]]:
    """The numbers of neighbouring lines that count parts of one whole and come to it."""
    found: list[list[int]] = []
    run: list[int] = []
    for number, line in enumerate(lines):
        of = _of(line)
        if of is None or (run and _of(lines[run[0]]) != of):
            run = []
        if of is not None:
            run = [*run, number]
            if sum(_counts(lines[each])[0] for each in run) == of:
                found, run = [*found, run], []
    return [run for run in found if len(run) > 1]


def _of(line: TrialLine) -> int | None:
    return line.total.of if isinstance(line.total, PartOf) else None


def _counts(line: TrialLine) -> Pieces:
    return tuple(each.number if isinstance(each, PartOf) else 0 for each in (line.total, *line.arms))


# ---- rounding


def _rounded_line(line: TrialLine, rules: Rules) -> TrialLine:
    return replace(
        line, arms=tuple(_rounded(each, rules) for each in line.arms), total=_rounded(line.total, rules)
    )


def _rounded(figure: Figure, rules: Rules) -> Figure:
    match figure:
        case Number(number=number):
            return Number(rounded(number))
        case PartOf(number=number, of=of):
            return PartOf(rounded(number), rounded(of))  # its percent is that of the rounded counts
        case MeanSd(mean=mean, sd=sd, n=n):
            return MeanSd(mean, sd, n, rules.places)
        case Within(value=value, low=low, high=high, n=n):
            return Within(value, low, high, n, rules.places)
        case _:
            return figure
