"""lark's unexpected input -> problems."""

import lark
from fidelity.errors import Problem


def problems_in(source: str, file: str, parser: lark.Lark) -> list[Problem]:
    return []
