"""Which languages read from right to left, and how Latin signs keep their place in them."""

import re

RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())
_BEHIND_LATIN = re.compile(r"(?<=[A-Za-z0-9])[+%\]]+(?!\u200e)")


def reads_right_to_left(language: str) -> bool:
    """Whether the language is written from right to left."""
    return language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT


def readable(text: str, language: str) -> str:
    """In a right-to-left line the sign behind a Latin word would jump to its front: PM+ would be +PM."""
    return _BEHIND_LATIN.sub("\\g<0>\u200e", text) if reads_right_to_left(language) else text
