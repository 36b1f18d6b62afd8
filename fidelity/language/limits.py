"""A source text -> the limits it passes, counted before anything reads the text more closely."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from fidelity.errors import Problem
from fidelity.language.statements import Statement, outside_texts, statements_in
from fidelity.place import Place

MOST_BYTES = 1024 * 1024
MOST_BYTES_IN_A_LINE = 4 * 1024
MOST_WORDS = 200_000
MOST_NESTED = 40
MOST_JOINED = 100
LONGEST_ID = 64
MOST_PROBLEMS = 20

TEXT_OR_REMARK = r'"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»|#[^\r\n]*'
WORD = re.compile(rf"{TEXT_OR_REMARK}|\w+|[^\w\s]")
LONG_ID = re.compile(rf"{TEXT_OR_REMARK}|[\"“«][^\r\n]*|(?P<id>\b[a-z][a-z0-9_]{{{LONGEST_ID},}})")
NESTING = re.compile(rf"{TEXT_OR_REMARK}|(?P<sign>[()+*/-]|\b(?:not|and|or)\b)|\w+")
NESTING_SIGN = re.compile(r"[()+*/-]|\b(?:not|and|or)\b")


def limits_passed(text: str, file: str) -> list[Problem]:
    """What the source has too much of, or that it is no text; the first kind only, as others may follow."""
    checks = (_too_large, _nothing, _strange_signs, _long_lines, _many_words, _long_ids, _deep_statements)
    found = (list(islice(check(text, file), MOST_PROBLEMS)) for check in checks)
    return next((problems for problems in found if problems), [])


def _too_large(text: str, file: str) -> Iterator[Problem]:
    size = len(text) if len(text) > MOST_BYTES else len(text.encode(errors="surrogatepass"))
    if size > MOST_BYTES:
        yield Problem("RB005", Place(file), {"bytes": f"{size:,}", "most": f"{MOST_BYTES:,}"})


def _nothing(text: str, file: str) -> Iterator[Problem]:
    if not text.strip("\ufeff \t\r\n"):
        yield Problem("RB004", Place(file), {"empty": file})


def _strange_signs(text: str, file: str) -> Iterator[Problem]:
    found = re.search(r"[^\t\n\r -\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\U0010ffff]|\r(?!\n)", text)
    if found is None:
        return
    sign = found[0]
    place = _place(text, file, found.start(), found.end())
    if sign == "\r":
        yield Problem("RB004", place, {"carriage_return": str(place.line)})
    else:
        yield Problem("RB004", place, {"control": unicodedata.name(sign, f"U+{ord(sign):04X}")})


def _long_lines(text: str, file: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        size = len(line) if len(line) > MOST_BYTES_IN_A_LINE else 0
        if not size and len(line) * 4 > MOST_BYTES_IN_A_LINE:
            size = len(line.encode())
        if size > MOST_BYTES_IN_A_LINE:
            facts = {"line_bytes": f"{size:,}", "most": f"{MOST_BYTES_IN_A_LINE:,}"}
            yield Problem("RB005", Place(file, number, 1, number, 2), facts)


def _many_words(text: str, file: str) -> Iterator[Problem]:
    if len(text) < MOST_WORDS:
        return
    number = sum(1 for _ in WORD.finditer(text))
    if number > MOST_WORDS:
        yield Problem("RB005", Place(file), {"words": f"{number:,}", "most": f"{MOST_WORDS:,}"})


def _long_ids(text: str, file: str) -> Iterator[Problem]:
    for found in LONG_ID.finditer(text):
        if found["id"]:
            facts = {"id": found["id"][:20] + "...", "signs": len(found["id"]), "most": LONGEST_ID}
            yield Problem("RB005", _place(text, file, *found.span("id")), facts)


def _deep_statements(text: str, file: str) -> Iterator[Problem]:
    for statement in statements_in(text) if _may_be_deep(text) else ():
        if not _may_be_deep(statement.text):
            continue
        at, deepest, joined = _depth(statement)
        place = statement.place(file, at, at + 1)
        if deepest > MOST_NESTED:
            yield Problem("RB005", place, {"nested": str(deepest), "most": MOST_NESTED})
        elif joined > MOST_JOINED and statement.first != "|":
            yield Problem("RB005", place, {"joined": str(joined), "most": MOST_JOINED})


def _may_be_deep(text: str) -> bool:
    """Whether there are as many signs as it takes; counting them is quick, and most texts have few."""
    return len(NESTING_SIGN.findall(outside_texts(text))) > MOST_NESTED


def _depth(statement: Statement) -> tuple[int, int, int]:
    """Where parentheses and `not` lie deepest, how deep that is, and how many words and signs join parts."""
    at = deepest = inside = denied = joined = 0
    opened: list[int] = []  # for each open parenthesis, how many `not` stand before it
    for found in NESTING.finditer(statement.text):
        match found["sign"]:
            case None:
                continue
            case "not":
                denied += 1
            case "(":
                opened.append(denied)
                inside, denied = inside + denied + 1, 0
            case ")":
                inside, denied = inside - (opened.pop() + 1 if opened else 0), 0
            case _:
                joined, denied = joined + 1, 0
        if inside + denied > deepest:
            at, deepest = found.start(), inside + denied
    return at, deepest, joined


def _place(text: str, file: str, start: int, end: int) -> Place:
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return Place(file, line, column, line, column + end - start)
