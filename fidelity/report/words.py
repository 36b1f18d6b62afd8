"""The words of the reports: sentences of `reports/words.toml`, in a language, with the facts of a study."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import Formatter
from typing import Any

from fidelity.catalogue import ENGLISH, FORM, in_language, say, spoken_language
from fidelity.errors import known
from fidelity.kept import kept_toml
from fidelity.model.checklist import About, Checklist, Result, Score
from fidelity.model.direction import bounded, readable
from fidelity.model.form import own_texts

Fact = str | int | None
Wordings = Mapping[str, Any]


_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# The facts that are figures, and so are written as the language writes numbers.
FIGURES = frozenset(
    """
    act act_limit adjusted centre drop first_score high highest_change lag last_score low lower
    lowest_change mean points sd share sigma size standard upper watch watch_limit
    """.split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences, with the checklist's own word for the person."""

    wordings: Wordings
    person: Mapping[str, str]

    @property
    def language(self) -> str:
        """The language that the sentences are in."""
        return str(self.wordings["language"])

    def say(self, key: str, **facts: Fact) -> str:
        """The sentence of that name: the first of its wordings whose facts are all known."""
        spoken = [text.format_map(filled) for text, filled in self._tellable(key, facts)]
        return readable(spoken[0], self.language) if spoken else ""

    def _tellable(self, key: str, facts: Mapping[str, Fact]) -> Iterable[tuple[str, Mapping[str, Fact]]]:
        filled = {**self.person, **{name: self._written(name, fact) for name, fact in facts.items()}}
        said = known(filled) | {name for name, fact in facts.items() if fact == ""}
        return ((text, filled) for text in self.wording(key) if _names_in(text) <= said)

    def _written(self, name: str, fact: Fact) -> Fact:
        """A fact as it stands in a sentence of the language."""
        if isinstance(fact, str) and name in FIGURES and self.language != ENGLISH:
            from fidelity.report.local import number_in  # noqa: PLC0415 - only other languages pay for it

            return number_in(self.language, harmless(fact))
        return bounded(harmless(fact), self.language) if isinstance(fact, str) else fact

    def of_form(self, column: str, code: str) -> str:
        """A usual word of the data as the scoring form says it; a team's own word stands as it is."""
        english = _words_of_forms().get(f"{FORM}{column}.{code}")
        if english is None or self.language == ENGLISH:
            return code.replace("_", " ")
        return say(self.language, f"{FORM}{column}.{code}", english)

    def wording(self, key: str) -> list[str]:
        """What stands in the file under a dotted name, as a list; nothing when the name is not there."""
        found: Any = self.wordings
        for name in key.split("."):
            found = found.get(name, {})
        return [found] if isinstance(found, str) else list(found)

    def day(self, day: date | None, style: str = "day") -> str:
        """A date as people say it; nothing for no date."""
        if day is None:
            return ""
        if style == "short" and self.language != ENGLISH:
            return day.isoformat()  # short enough below a chart, whose axis runs from left to right
        if self.language != ENGLISH:
            from fidelity.report.local import day_in  # noqa: PLC0415 - only other languages pay for it

            return day_in(self.language, day)
        month, short_year = self._month_name(day.month), f"{day.year % 100:02}"
        return self.say(f"date.{style}", day=day.day, month=month, year=day.year, short_year=short_year)

    def month(self, day: date) -> str:
        """The month of a day, with its year."""
        if self.language != ENGLISH:
            from fidelity.report.local import month_in  # noqa: PLC0415 - only other languages pay for it

            return month_in(self.language, day)
        return self.say("levels.month", month=self._month_name(day.month), year=day.year)

    def quarter(self, day: date) -> str:
        """The first and last month of the quarter of a day, with its year."""
        first = 3 * ((day.month - 1) // 3) + 1
        ends = {"first": self._month_name(first), "last": self._month_name(first + 2)}
        return self.say("levels.quarter", year=day.year, **ends)

    def _month_name(self, month: int) -> str:
        if self.language != ENGLISH:
            from fidelity.report.local import month_name_in  # noqa: PLC0415 - only other languages pay for it

            return month_name_in(self.language, month)
        return str(self.wordings["date"]["months"][month - 1])

    def period(self, first: date | None, last: date | None) -> str:
        """From when to when; one day is said once, and nothing when there are no dates."""
        if first is None or last is None or first == last:
            return self.day(first or last)
        return self.say("date.period", first=self.day(first), last=self.day(last))

    def names(self, names: Iterable[str], longest: int = 8) -> str:
        """Names in a row, as in a sentence; from the ninth on only how many more."""
        listed = [bounded(name, self.language) for name in names]
        between = str(self.wordings["list"]["between"])
        if len(listed) > longest:
            shown = between.join(listed[:longest])
            return self.say("list.more", names=shown, number=len(listed) - longest)
        last = str(self.wordings["list"]["last"])
        return last.join(part for part in (between.join(listed[:-1]), *listed[-1:]) if part)

    def listed(self, parts: Iterable[str]) -> str:
        """Parts in a row, none of them the last by its word."""
        return str(self.wordings["list"]["between"]).join(bounded(part, self.language) for part in parts)

    def quoted(self, titles: Iterable[str], longest: int = 8) -> str:
        """Titles in a row, each in the quotation marks of the language; from the ninth on only how many."""
        opens, closes = (self.say(f"explanation.quote_{side}") for side in ("opens", "closes"))
        return self.names((f"{opens}{bounded(each, self.language)}{closes}" for each in titles), longest)


def words_for(checklist: Checklist) -> Words:
    """The words for a study with this checklist, in the language that it is shown in."""
    wordings = wordings_in(checklist.shown_in.language if checklist.shown_in else checklist.about.language)
    one, many = checklist.about.therapist
    if (one, many) == About().therapist:
        one, many = wordings["person"]["one"], wordings["person"]["many"]
    person = {"therapist": one, "therapists": many, "Therapist": _capital(one), "Therapists": _capital(many)}
    return Words(wordings, person)


@cache
def wordings_in(language: str) -> Wordings:
    """All wordings in a language; what its catalogue does not have stands in English."""
    known = spoken_language(language)
    english = kept_toml("reports", "words.toml")
    return {**in_language(english, "", known), "language": known}


@cache
def _words_of_forms() -> Mapping[str, str]:
    return dict(own_texts())


def joined(*parts: str) -> str:
    """The parts that say something, with a dot between them."""
    return " · ".join(part for part in parts if part)


def titled(named: Score | Result) -> str:
    """The name of a score or result; one of a family has its group's in it."""
    return named.title or named.key


def short(title: str) -> str:
    """A level's name without the advice behind its colon: `Low: supervise in person` is `Low`."""
    return title.split(":", maxsplit=1)[0].strip() or title


def harmless(fact: str) -> str:
    """A name without the marks that would turn the rest of a sentence around."""
    return _DIRECTIONS.sub("", fact)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
