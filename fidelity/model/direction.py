"""Which languages read from right to left, and how Latin signs keep their place in them."""

import re

RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())
TO_THE_RIGHT, TO_THE_LEFT = "\u200e", "\u200f"  # signs that are not seen, and give a place its direction
_BEHIND_LATIN = re.compile(r"(?<=[A-Za-z0-9])[+%\]]+(?!\u200e)")
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # Hebrew, Arabic and their kin
_BEGINS_FOREIGN = re.compile(f"[^{_LETTERS}{TO_THE_RIGHT}{TO_THE_LEFT}].*[{_LETTERS}]", re.DOTALL)
_ENDS_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*[^\w\u200e\u200f]*$")  # a word, or a code such as PMG-03
_PERCENT = re.compile(r"(?<=[0-9])%(?!\u200e)")


def reads_right_to_left(language: str) -> bool:
    """Whether the language is written from right to left."""
    return language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT


def readable(text: str, language: str) -> str:
    """In a right-to-left line the sign behind a Latin word would jump to its front: PM+ would be +PM.

    So would a percent sign to the front of a number, in some lines and not in others.
    A sign or Latin word before right-to-left letters would jump to their end in charts and in LibreOffice.
    """
    if not reads_right_to_left(language):
        return text
    kept = _signs_kept(text)
    return TO_THE_LEFT + kept if _BEGINS_FOREIGN.match(kept) else kept


def bounded(text: str, language: str) -> str:
    """A text for the middle of a line: Latin letters do not pull the number that follows to their side."""
    if not reads_right_to_left(language) or not _ENDS_LATIN.search(text):
        return text
    kept = _signs_kept(text)
    return (kept if kept[-1].isalnum() else kept + TO_THE_RIGHT) + TO_THE_LEFT


def _signs_kept(text: str) -> str:
    percents = _PERCENT.sub(f"{TO_THE_RIGHT}%{TO_THE_RIGHT}", text)
    return _BEHIND_LATIN.sub("\\g<0>" + TO_THE_RIGHT, percents)


def to_the_right(text: str) -> str:
    """A left-to-right text that keeps its last sign in place on a right-to-left page."""
    return TO_THE_RIGHT + text + TO_THE_RIGHT
