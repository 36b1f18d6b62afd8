"""Where a form that is longer than a page is parted: before a heading; in a part if much would stay empty."""

from collections.abc import Iterator

from fidelity.form.look import settings
from fidelity.form.sheet import LETTERS, WORDING, Form

POINTS_A_SIGN = 5.25  # how wide one sign of a column's width is
USUAL_HEIGHT = 15.0
FILLED = 0.8  # a page that would stay emptier than this takes the beginning of the next part
WHOLE_ITEM = "FID Form wording"  # the style of a line that does not belong to the one above


def page_breaks(form: Form, head: int, last: int) -> tuple[int, ...]:
    """The rows that begin a new page; none when all goes on one, squeezed a little if need be."""
    room = _room(form)
    if _tall(form, 1, last) <= room * settings()["page"]["squeezed"]:
        return ()
    return tuple(_breaks(form, room, _tall(form, head, head), last))


def _breaks(form: Form, room: float, head: float, last: int) -> Iterator[int]:
    start, used = 1, 0.0
    for block, after in zip(form.blocks, [*form.blocks[1:], last + 1], strict=True):
        if used + _tall(form, start, after - 1) <= room or block == start:
            continue
        filled = used + _tall(form, start, block - 1)
        start, used = block, head
        if filled < room * FILLED or block == form.blocks[0]:  # the first page shows more than a heading
            start = next(_inside(form, block, after, room - filled), block)
        yield start


def _inside(form: Form, block: int, after: int, room: float) -> Iterator[int]:
    """The last item of a part that still can begin a page: two or more stay before it."""
    items = [row for row in range(block, after) if form.sheet.cell(row, WORDING).style == WHOLE_ITEM]
    yield from (row for row in reversed(items[2:]) if _tall(form, block, row - 1) <= room)


def _room(form: Form) -> float:
    """How many points of rows a page holds, printed as small as its columns need."""
    page = settings()["page"]
    columns = sum(form.sheet.column_dimensions[letter].width for letter in LETTERS[1 : form.note + 1])
    width = page["width"] - 2 * 72 * page["margin_side"]
    height = page["height"] - 2 * 72 * page["margin_top"]
    return float(height * max(1, columns * POINTS_A_SIGN / width))


def _tall(form: Form, first: int, last: int) -> float:
    heights = (form.sheet.row_dimensions[row].height for row in range(first, last + 1))
    return sum(USUAL_HEIGHT if each is None else each for each in heights)
