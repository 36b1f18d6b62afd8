"""What a person asked of `fidelity drift` -> the settings of its method, or a sentence on what cannot be."""

import math
from collections.abc import Callable

from fidelity.errors import WrongUse
from fidelity.summaries.drift.charts import METHODS, REQUIRED, Settings


def settings_for(method: str, given: Settings) -> Settings:
    """The settings of a method; WrongUse for what does not belong to it, is missing, or cannot be."""
    for name in given:
        if name not in METHODS[method]:
            owners = ", ".join(each for each, known in METHODS.items() if name in known)
            raise WrongUse(f"--{name} belongs to {owners}, not to {method}.")
    settings = {**METHODS[method], **given}
    if {"sd", "autocorrelation"} <= set(given):
        raise WrongUse("--autocorrelation widens the spread of the table; with --sd there is none to widen.")
    missing = [f"--{name}" for name in REQUIRED.get(method, ()) if settings[name] is None]
    if missing:
        raise WrongUse(f"{method} needs {', '.join(missing)}, in units of the score.")
    for name, value in given.items():
        if isinstance(value, float | int):
            _bounded(method, name, value)
    if method == "cusum" and float(settings["watch"] or 0) > float(settings["act"] or 0):
        raise WrongUse("--watch must not lie above --act.")
    return settings


_ABOVE_0: tuple[Callable[[float], bool], str] = (lambda value: value > 0, "above 0")
_FROM_0: tuple[Callable[[float], bool], str] = (lambda value: value >= 0, "0 or more")
_FROM_2: tuple[Callable[[float], bool], str] = (lambda value: value >= 2, "2 or more")
_BOUNDS = {
    "k": _FROM_0,
    "watch": _ABOVE_0,
    "act": _ABOVE_0,
    "minimum": _FROM_2,
    "fall": _FROM_0,
    "floor": _FROM_0,
    "sd": _ABOVE_0,
    "baseline": _FROM_2,
    "lambda": (lambda value: 0 < value <= 1, "above 0 and at most 1"),
    "width": _ABOVE_0,
    "h": _ABOVE_0,
}


def _bounded(method: str, name: str, value: float) -> None:
    fits, said = _BOUNDS.get(name, (lambda _: True, "a number"))
    if method == "slope" and name == "act":
        fits, said = (lambda chance: 0.5 < chance < 1), "a chance above 0.5 and below 1"
    if not math.isfinite(value) or not fits(value):
        raise WrongUse(f"--{name} must be {said}.")
