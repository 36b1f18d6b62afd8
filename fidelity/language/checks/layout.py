"""Source -> lines whose indentation says something else than the file, and quotation marks of two sorts."""

from collections.abc import Iterator

from fidelity.errors import Problem
from fidelity.language.statements import TEXTS_AND_REMARKS, Statement, depths, file_kinds, statements_in
from fidelity.place import Place

STEP = 2  # a blank more or less is a slip of the finger and misleads nobody


def misleading_layout(text: str, file: str) -> Iterator[Problem]:
    """RB240, once for each block and once for the quotation marks; a file without indentation is clear."""
    yield from _moved_in(text, file)
    yield from _mixed_marks(text, file)


def _moved_in(text: str, file: str) -> Iterator[Problem]:
    statements = statements_in(text)
    words = [_words(each) for each in statements]
    above: dict[
        int, list[int]
    ] = {}  # how far in the lines of this block and those it stands in are, by depth
    told = False
    for statement, (first, *_), depth in zip(statements, words, depths(words), strict=True):
        moved = _blanks(statement)
        told = told and depth > 0
        above = {each: found for each, found in above.items() if each <= depth}
        beside, around = above.get(depth, []), above.get(depth - 1, [])
        facts = {}
        if beside and moved >= beside[-1] + STEP:
            facts = {"inside": first}
        elif beside and around and moved <= around[-1] <= min(beside) - STEP:
            facts = {"outside": first}
        if facts and not told:
            told = True
            yield Problem("RB240", statement.place_of_first(file), facts)
        if first not in ("rubric", *file_kinds()):
            above.setdefault(depth, []).append(moved)
        else:
            above = {}


def _words(statement: Statement) -> list[str]:
    return [statement.first, *statement.text.split(None, 3)[1:3]]


def _blanks(statement: Statement) -> int:
    return len(statement.text[: statement.begin].expandtabs())


def _mixed_marks(text: str, file: str) -> Iterator[Problem]:
    """The first text in other marks than the file's straight ones, where it could have those too."""
    texts = [each for each in TEXTS_AND_REMARKS.finditer(text) if not each[0].startswith("#")]
    others = [each for each in texts if not each[0].startswith('"') and '"' not in each[0]]
    if others and any(each[0].startswith('"') for each in texts):
        first = others[0]
        line = text.count("\n", 0, first.start()) + 1
        column = first.start() - text.rfind("\n", 0, first.start())
        place = Place(file, line, column, line, column + len(first[0]))
        yield Problem(
            "RB240", place, {"marks": first[0][0] + first[0][-1], "straight": f'"{first[0][1:-1]}"'}
        )
