"""What a formula is compiled to: its value, worked out at once; its bounds and reasons, when asked for."""

from collections.abc import Callable
from typing import NamedTuple

from fidelity.evaluate.findings import Bounds, Findings, Reasons, Worth


class Reckoning(NamedTuple):
    """What a formula comes to for one observation."""

    worth: Callable[[Findings], Worth]
    bounds: Callable[[Findings], Bounds]
    reasons: Callable[[Findings], Reasons]
