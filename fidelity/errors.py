"""What can be wrong: problems as data, with code, place and facts, and the few exceptions that carry them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from string import Formatter
from typing import Any, Literal

from fidelity.kept import kept_toml
from fidelity.place import NOWHERE, Place, excerpt
from fidelity.record import Record

Severity = Literal["error", "warning", "info"]
Facts = Mapping[str, object]


class Related(Record):
    """Another place that a problem talks about, and what stands there."""

    place: Place
    message: str


class Problem(Record):
    """One finding: what the program knows about it; the words come from `rules/messages.toml`."""

    code: str
    place: Place
    facts: Facts = field(default_factory=dict)
    related: tuple[Related, ...] = ()
    graded: Severity | None = None

    @property
    def severity(self) -> Severity:
        """The catalogue's severity of the code, or the one given where a code has two."""
        severity: Severity = self.graded or _wording(self.code)["severity"]
        return severity

    @property
    def message(self) -> str:
        """What was found, as one sentence."""
        return _first_told(_wording(self.code)["sentence"], self.facts) or self.code

    @property
    def under(self) -> str:
        """The few words that stand behind the carets."""
        return _first_told(_wording(self.code).get("under", []), self.facts)

    @property
    def help(self) -> str:
        """What to do about it, every line whose facts are known; where its author means it, only why."""
        lines = _wording(self.code).get("help", [])
        meant = [line for line in lines if "reason_to_allow" in _named(line)]
        return "\n".join(_all_told(meant if self.facts.get("reason_to_allow") else lines, self.facts))

    @property
    def wording(self) -> tuple[str, ...]:
        """Code, sentence and help as in the catalogue: alike for problems that are explained once."""
        wording = _wording(self.code)
        sentence = _told(wording["sentence"], self.facts)[:1]
        return self.code, *sentence, *_told(wording.get("help", []), self.facts)

    def as_json(self) -> dict[str, Any]:
        """The shape of contract.md section 4, `check`."""
        return {
            "code": self.code,
            "severity": self.severity,
            **_place_as_json(self.place),
            "message": self.message,
            "help": "\n".join(each for each in (_sentence(self.under), self.help) if each),
            "related": [
                {
                    "file": other.place.file,
                    "line": other.place.line,
                    "column": other.place.column,
                    "message": other.message,
                }
                for other in self.related
            ],
        }


class FidelityError(Exception):
    """The root of all that this package raises on purpose."""


class ProblemsFound(FidelityError):
    """The input has problems; all of them are in `problems`, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("; ".join(f"{each.code} {each.message}" for each in self.problems))

    def __reduce__(self) -> tuple[type["ProblemsFound"], tuple[tuple[Problem, ...]]]:
        """Also from a worker in another process it comes with its problems."""
        return type(self), (self.problems,)


class WrongUse(FidelityError):
    """The command was called in a way that cannot work; the sentence says how to call it."""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by place and code."""
    unique = {(each.code, each.place, each.message): each for each in problems}
    return tuple(sorted(unique.values(), key=lambda each: (each.place, each.code, each.message)))


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Only those that stop the work."""
    return tuple(each for each in problems if each.severity == "error")


def as_text(problem: Problem, source: str | None = None) -> str:
    """The problem for people: code and sentence with the place beside them, the excerpts, and what to do."""
    lines = [_heading(problem), *_shown(problem.place, source, problem.under)]
    for other in problem.related:
        own = source if other.place.file == problem.place.file else None
        lines += _shown(other.place, own, other.message)
    return "\n".join([*lines, *(f"  {line}" for line in problem.help.splitlines())])


def as_line(problem: Problem) -> str:
    """The problem once more, for people who have just read about another one like it."""
    said = f"{problem.message} {_sentence(problem.under)}".rstrip()
    sentence, place = f"{problem.code}  {said}", _place_as_text(problem.place)
    return f"{sentence}{' ' * max(2, WIDEST_HEADING - len(sentence) - len(place))}{place}"


def _sentence(words: str) -> str:
    end = "" if words.endswith((".", "?", "!", "…")) or not words else "."
    return f"{words[:1].upper()}{words[1:]}{end}"


WIDEST_HEADING = 100
# What would steer a terminal instead of being shown by it, or turn the direction of the text around.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _heading(problem: Problem) -> str:
    sentence, place = f"{problem.code}  {problem.message}", _place_as_text(problem.place)
    gap = WIDEST_HEADING - len(sentence) - len(place)
    return f"{sentence}{' ' * gap}{place}" if gap >= 2 else f"{sentence}\n       {place}"


def _place_as_text(place: Place) -> str:
    if place in (NOWHERE, Place(place.file)):
        return place.file
    lines = f"lines {place.line}-{place.end_line}" if place.end_line > place.line else f"line {place.line}"
    return f"{place.file}, {lines}"


def _shown(place: Place, source: str | None, note: str) -> list[str]:
    """The excerpt with the note behind its carets; without an excerpt the note alone."""
    if source is not None and place not in (NOWHERE, Place(place.file)):
        return excerpt(place, UNPRINTABLE.sub("\ufffd", source), note)
    return [f"  {note[:1].upper()}{note[1:]}"] if note else []


def _place_as_json(place: Place) -> dict[str, Any]:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


@cache
def wordings() -> dict[str, dict[str, Any]]:
    """The message catalogue: code -> severity, sentence, under, help."""
    return kept_toml("rules", "messages.toml")


def _wording(code: str) -> dict[str, Any]:
    return wordings()[code]


def _first_told(templates: str | list[str], facts: Facts) -> str:
    return next(iter(_all_told(templates, facts)), "")


def _all_told(templates: str | list[str], facts: Facts) -> list[str]:
    return [text.format_map(dict(facts)) for text in _told(templates, facts)]


def _told(templates: str | list[str], facts: Facts) -> list[str]:
    """The templates whose facts are all known."""
    choices = [templates] if isinstance(templates, str) else templates
    return [text for text in choices if _named(text) <= known(facts)]


def known(facts: Facts) -> set[str]:
    """The names of the facts that have something to say."""
    return {name for name, value in facts.items() if value not in (None, "", (), [])}


def _named(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
