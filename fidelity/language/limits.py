"""Limits, counted before anything reads the text more closely."""

from fidelity.errors import Problem


def limits_passed(text: str, file: str) -> list[Problem]:
    return []
