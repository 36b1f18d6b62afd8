"""A line -> what is wrong with its quotation marks, as the span and the facts of an RB002; or nothing."""

import re
from dataclasses import dataclass

CLOSED = re.compile(r'"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»')
CLOSING = {'"': '"', "“": "”", "«": "»"}
FOREIGN = {"„": "“”\"", "”": "”“\"", "’": "’", "‘": "’‘", "'": "'", "‚": "‘’", "‹": "›", "»": "«", "`": "`'"}


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong: the span in the text, and the facts that the message tells."""

    start: int
    end: int
    facts: dict[str, str]


def slip_in(text: str) -> Slip | None:
    """The first mistake with quotation marks in the text of a statement."""
    start = 0
    for line in text.splitlines(keepends=True):
        found = _slip_in_line(text, start, start + len(line.rstrip("\r\n")))
        if found:
            return found
        start += len(line)
    return None


def _slip_in_line(text: str, at: int, end: int) -> Slip | None:
    while at < end and text[at] != "#":
        closed = CLOSED.match(text, at, end)
        if closed is None:
            slip = _slip_at(text, at, end)
            if slip:
                return slip
            at += 1
            continue
        at = closed.end()
        if re.match(r"\w", text[at:end]):
            return Slip(closed.start(), at, {"inner": text[at - 1]})
    return None


def _slip_at(text: str, at: int, end: int) -> Slip | None:
    sign = text[at]
    glued = at > 0 and not (text[at - 1].isspace() or text[at - 1] in "(,|")
    if sign in CLOSING:
        other = next((each for each in text[at + 1 : end] if each in "\"”»“"), "")
        if glued:
            return Slip(at, at + 1, {"unopened": sign})
        if other:
            return Slip(at, text.index(other, at + 1) + 1, {"opened": sign, "closed": other})
        return Slip(at, at + 1, {"opened": sign})
    partner = next((i for i in range(at + 1, end) if text[i] in FOREIGN.get(sign, "")), None)
    if partner is None or glued:
        return None
    return Slip(at, partner + 1, {"foreign": sign, "content": text[at + 1 : partner].replace('"', "'")})
