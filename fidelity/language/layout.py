"""Source -> the same source in the one layout that all files share; its words and remarks stay as they are.

The rules:
1. A block begins at the margin. What stands in it is moved in by two, what explains an item or level by four.
2. Between two words stands one blank; none in front of a comma, and none inside brackets.
3. The cells of a table stand below each other.
4. Neighbouring lines of one kind have their titles, and what follows the titles, below each other
   where the author began it, with two blanks or more in one of them.
5. A line that continues the one above is moved in by two more. If the author moved it in far, it stands below
   what follows the title; if it begins with a text, below the text above it.
6. Lines stay broken where the author broke them. One of more than 100 columns is broken in front of joining
   words, if all of it then fits.
7. Of several empty lines one stays; none stays at the beginning, at the end, or inside a statement.
8. A remark keeps its line. By itself it stands as far in as the line below, or above when that is empty.
9. Texts stand in straight quotation marks, unless they have such a mark inside.
10. Lines end in LF, without blanks in front of it, and signs are composed (NFC).
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fidelity.language.parse import normal, parse
from fidelity.language.statements import depths
from fidelity.language.written import Written, words_of

WIDEST = 100
STEP = 2
FAR = 8  # a title and its id take more than that
# Where a long line is broken: in front of the first of these, else of the last of those.
BREAKS = ("because", "caps", "when", "applies", "only", "with", "needing", "rounded", "counting", "binned")
LESSER_BREAKS = ("and", "or")
JOINED = ("only", "applies", "comment", "lost")  # "when" stays with these


def formatted(text: str, file: str) -> str:
    """The source in its layout; raises ProblemsFound when it cannot be read."""
    parse(text, file)
    lines = list(_broken(_without_idle(_lines(normal(text)))))
    _align(lines)
    _move_in(lines)
    return "\n".join((" " * line.moved + line.text + line.remark).rstrip() for line in lines) + "\n"


# ---- lines as the author wrote them


@dataclass(slots=True)
class Line:
    """A line: its words, the blanks in front of each, its remark, and whether a statement begins with it."""

    words: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    remark: str = ""
    begins: bool = False
    moved: int = 0
    far: bool = False
    pads: dict[int, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its words, with the blanks that stand between them."""
        parts = []
        for at, word in enumerate(self.words):
            parts.append(" " * (self.pads.get(at, 0) + self.gap(at)) + word)
        return "".join(parts)

    def gap(self, at: int) -> int:
        """The blanks in front of a word, without those that move it below another."""
        glued = at == 0 or self.words[at] in (",", ")") or self.words[at - 1] == "("
        return 0 if glued else 1

    def column(self, at: int) -> int:
        """Where a word begins, as people see it."""
        before = Line(self.words[:at], pads=self.pads)
        return self.moved + width(before.text) + self.pads.get(at, 0) + self.gap(at)


def width(text: str) -> int:
    """The columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _lines(source: str) -> list[Line]:
    """The lines of a source; one without words and remark for each empty line."""
    rows = source.split("\n")
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    found = [Line() for _ in rows]
    number, end, begins = 0, 0, True
    for word in words_of(source):
        while starts[number + 1] <= word.start:
            number += 1
            end = starts[number]
        line = found[number]
        if word.kind == "_NL":
            begins = True
            continue
        if word.kind == "REMARK":
            line.remark = word.text
            continue
        if not line.words:
            line.begins, begins = begins, False
            line.moved = len(rows[number][: word.start - end].expandtabs())
        _add(line, word, word.start - end)
        end = word.start + len(word.text)
    return found


def _without_idle(lines: Sequence[Line]) -> list[Line]:
    """The lines with one empty line for several, and none at either end or inside a statement."""
    kept: list[Line] = []
    begins = empty = False
    for line in reversed(lines):
        if not line.words and not line.remark:
            empty = True
            continue
        if empty and kept and begins:
            kept.append(Line())
        kept.append(line)
        empty = False
        begins = line.begins if line.words else begins
    return kept[::-1]


def _add(line: Line, word: Written, blanks: int) -> None:
    line.words.append(_plain(word.text) if word.kind == "STRING" else word.text)
    line.kinds.append(word.kind)
    line.blanks.append(blanks if line.blanks else 0)


def _plain(text: str) -> str:
    return text if '"' in text[1:-1] else f'"{text[1:-1]}"'


# ---- where each line stands


def _broken(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, the long ones in several; `moved` is then what the structure asks for."""
    depth = depths(line.words[:3] for line in lines if line.begins)
    moved = written = 0
    for line in lines:
        if line.begins:
            moved, written = next(depth) * STEP, line.moved
            line.moved = moved
        elif line.words:
            line.far = line.moved - written > FAR
            line.moved = moved + STEP
        yield from _in_parts(line, moved + STEP)


def _in_parts(line: Line, moved: int) -> list[Line]:
    if line.far or line.remark or "|" in line.words or line.moved + width(line.text) <= WIDEST:
        return [line]
    at = _break_in(line)
    if at is None:
        return [line]
    first = Line(line.words[:at], line.kinds[:at], line.blanks[:at], "", line.begins, line.moved)
    parts = [
        first,
        *_in_parts(
            Line(line.words[at:], line.kinds[at:], [0, *line.blanks[at + 1 :]], "", False, moved), moved
        ),
    ]
    fits = all(part.moved + width(part.text) <= WIDEST for part in parts)
    return parts if fits else [line]


def _break_in(line: Line) -> int | None:
    for at, word in enumerate(line.words):
        titled = line.kinds[at - 1] == "STRING"
        if at > 1 and (word in BREAKS or (word == "tagged" and titled)) and line.words[at - 1] not in JOINED:
            return at
    lesser = [
        at
        for at, word in enumerate(line.words)
        if word in LESSER_BREAKS and line.moved + width(Line(line.words[:at]).text) <= WIDEST
    ]
    return lesser[-1] if lesser else None


def _move_in(lines: Sequence[Line]) -> None:
    """Remarks by themselves: as the line below, or above when that is empty, or else the next one."""
    below = later = above = Line()
    found: list[tuple[Line, Line]] = []
    for line in reversed(lines):
        found.append((below, later))
        if line.words or not line.remark:
            below, later = line, line if line.words else later
    for line, (under, next_one) in zip(lines, reversed(found), strict=True):
        if line.words or not line.remark:
            above = line
        else:
            line.moved = next((each.moved for each in (under, above) if each.words), next_one.moved)


# ---- what stands below each other


def _align(lines: list[Line]) -> None:
    for run in _neighbours(lines):
        if run[0].words[0] == "|":
            _align_rows(run)
        else:
            _align_titles(run)
    _align_joined(lines)
    _align_remarks(lines)


def _neighbours(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Runs of statements of one kind; what stands deeper, and remarks, do not part them."""
    runs: dict[int, list[Line]] = {}
    for line in lines:
        if not line.words and not line.remark:
            for moved in [moved for moved, run in runs.items() if run[0].words[0] != "|"]:
                yield runs.pop(moved)
        if line.begins:
            for moved in [each for each, run in runs.items() if _parted(line, run)]:
                yield runs.pop(moved)
            runs.setdefault(line.moved, []).append(line)
    yield from runs.values()


def _parted(line: Line, run: list[Line]) -> bool:
    above = run[0]
    return line.moved < above.moved or (line.moved == above.moved and line.words[0] != above.words[0])


def _align_rows(rows: list[Line]) -> None:
    """The cells below each other: `|` and `=>` stand behind the widest cell."""
    cells = [_cells(row) for row in rows]
    for number in range(max(len(each) for each in cells)):
        widest = max(width(each[number][0]) for each in cells if len(each) > number)
        for row, each in zip(rows, cells, strict=True):
            if len(each) > number:
                content, at = each[number]
                row.pads[at] = widest - width(content)


def _cells(row: Line) -> list[tuple[str, int]]:
    """Each cell's text, and the place of the sign behind it."""
    found = []
    start = 1
    for at, word in enumerate(row.words):
        if at > 0 and word in ("|", "=>"):
            found.append((Line(row.words[start:at]).text, at))
            start = at + 1
    return found


def _align_titles(run: list[Line]) -> None:
    for number in (0, 1):
        cuts = [(line, _cuts(line)[number]) for line in run if len(_cuts(line)) > number]
        begun = any(line.blanks[at] > 1 for line in run for at in _cuts(line)[number:])
        if not begun or len(cuts) < 2:
            continue
        widest = max(line.column(at) for line, at in cuts)
        for line, at in cuts:
            line.pads[at] = widest - line.column(at)


def _cuts(line: Line) -> list[int]:
    """The places of the title and of what follows it; of a reason, if there is no title."""
    for at, kind in enumerate(line.kinds):
        if kind == "STRING":
            follows = at + 1 < len(line.words) and line.words[at + 1] != ","
            return [at, at + 1] if follows else [at]
        if line.words[at] == "because":
            return [at]
    return []


def _align_joined(lines: Sequence[Line]) -> None:
    first = above = Line()
    for line in lines:
        if line.begins:
            first = line
        elif line.words:
            cuts = _cuts(first)
            texts = [at for at, kind in enumerate(above.kinds) if kind == "STRING"]
            if line.kinds[0] == "STRING" and texts:
                line.moved = above.column(texts[-1])
            elif line.far and len(cuts) > 1:
                line.moved = first.column(cuts[1])
        if line.words:
            above = line


def _align_remarks(lines: Sequence[Line]) -> None:
    """Remarks behind words: two blanks away, those of neighbouring lines below each other."""
    run: list[Line] = []
    for line in [*lines, Line()]:
        if line.words and line.remark:
            run.append(line)
            continue
        ends = [each.moved + width(each.text) for each in run]
        for each, end in zip(run, ends, strict=True):
            each.remark = " " * (max(ends) - end + 2) + each.remark
        run = []
