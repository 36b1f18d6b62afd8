"""A line -> what is wrong with its quotation marks, as the span and the facts of an RB002; or nothing."""

import re

from fidelity.record import Record

CLOSED = re.compile(r'"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»')
CLOSING = {'"': '"', "“": "”", "«": "»"}
ENDS = '"”“»'
FOREIGN = {"„": '“”"', "”": '”“"', "’": "’", "‘": "’‘", "'": "'", "‚": "‘’", "‹": "›", "»": "«", "`": "`'"}


class Slip(Record):
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
    glued = at > 0 and not (text[at - 1].isspace() or text[at - 1] in "(,|")
    if text[at] in CLOSING:
        return _unclosed(text, at, end, glued)
    partners = [found for each in FOREIGN.get(text[at], "") if (found := text.find(each, at + 1, end)) > 0]
    if glued or not partners:
        return None
    content = text[at + 1 : min(partners)]
    return Slip(at, min(partners) + 1, {"foreign": text[at], "content": content.replace('"', "'")})


def _unclosed(text: str, at: int, end: int, glued: bool) -> Slip:
    sign = text[at]
    other = max(text.rfind(each, at + 1, end) for each in ENDS)
    if glued:
        return Slip(at, at + 1, {"unopened": sign, "pair": '"'})
    if other > 0:
        return Slip(at, other + 1, {"opened": sign, "closed": text[other], "partner": CLOSING[sign]})
    return Slip(at, at + 1, {"unclosed": sign, "partner_below": CLOSING[sign]})
