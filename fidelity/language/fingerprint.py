"""A source -> the fingerprint of what it says."""

import hashlib
import re

from fidelity.language.parse import normal


def fingerprint(text: str) -> str:
    """SHA-256 over the words of the source, so that layout and comments do not count."""
    words: list[str] = []
    for found in _WORD.finditer(normal(text)):
        kind = found.lastgroup or ""
        if kind == "text":
            words.append(f'"{found[kind][1:-1]}"')
        elif kind != "remark":
            words.append("\n" if kind == "end" else found[kind])
    first = 1 if words[:1] == ["\n"] else 0  # what stands above the first word is layout
    return "sha256:" + hashlib.sha256("\x1f".join(words[first:]).encode()).hexdigest()


_JOINING = (
    "and or because is are caps when tagged applies weight needing rounded counting planned unplanned under "
    r"only with coded binned on as needs[ \t]a[ \t]comment"
).replace(" ", "|")
_BREAK = r"(?:(?:#[^\r\n]*)?\r?\n[ \t]*)++"
_WORD = re.compile(
    r"""[ \t]*+(?:(?P<text>"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»)|(?P<word>\d+(?:[./-]\d+)*%?|\w+)"""
    rf"""|(?P<remark>{_BREAK}(?=["“«]|(?:{_JOINING})\b)|\#[^\r\n]*)|(?P<end>{_BREAK})|(?P<sign>[^\s\w]))"""
)
