"""Keeps a CSV text from being run as a formula by the program that opens it, and takes that back."""

import re

# A text that begins with one of these may be run as a formula by the program that opens the file (CWE-1236).
TRIGGERS = "=+-@\t\r\n＝＋－＠"
_TRIGGERED = re.compile(f"'*[{re.escape(TRIGGERS)}]")
_SHIELDED = re.compile(f"'+[{re.escape(TRIGGERS)}]")
_PLAIN_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")


def csv_field(text: str) -> str:
    """The text as one quoted CSV field; an apostrophe keeps what looks like a formula from being run."""
    plain = text.replace("\x00", "\ufffd")
    # Apostrophes before a trigger get one more, so that taking one away gives the text back.
    mark = "'" if _TRIGGERED.match(plain) and not _PLAIN_NUMBER.fullmatch(plain) else ""
    return '"' + (mark + plain).replace('"', '""') + '"'


def without_shield(text: str) -> str:
    """The other half of `csv_field`: the text without the one apostrophe before what looks like a formula."""
    return text[1:] if text[:1] == "'" and _SHIELDED.match(text) else text
