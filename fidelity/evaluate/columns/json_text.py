"""Scored records -> the JSON text of each, byte by byte as `outcome.as_json` has it when it is printed."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from fidelity.evaluate.columns.scored import ScoredFrame, Told
from fidelity.evaluate.outcome import as_json, sentence
from fidelity.model.checklist import Checklist
from fidelity.model.score import shown_score

if TYPE_CHECKING:
    from fidelity.model.observation import Observation

FACT = "fact."
WORDS = ("session", "therapist", "client", "rater", "rater_role", "evidence", "site")
SAID = (*WORDS, "date", "selection")
MOST_REMEMBERED = 100_000
INDENT = 4  # spaces before a record in the document

Row = Mapping[str, Any]


@dataclass
class JsonText:
    """Writes records; parts that come again are remembered."""

    checklist: Checklist
    _parts: dict[object, str] = field(default_factory=dict)

    def rows(self, frame: pl.DataFrame, scored: ScoredFrame) -> Iterator[str | None]:
        """The text of each record; nothing for a refused one."""
        facts = [each for each in frame.columns if each.startswith(FACT)]
        who = frame.select(
            pl.col("observation"),
            *(pl.col(name) if name in frame.columns else pl.lit("").alias(name) for name in SAID),
            *(pl.col(name).cast(pl.String) for name in facts),
        )
        told = scored.told
        every = zip(
            who.iter_rows(named=True),
            scored.outcomes.iter_rows(named=True),
            scored.pattern,
            scored.is_evidence,
            strict=True,
        )
        for row, outcome, pattern, is_evidence in every:
            if pattern is None:
                yield None
            else:
                yield self._record(row, facts, outcome, told[pattern], is_evidence)

    def _record(self, row: Row, facts: list[str], outcome: Row, told: Told, is_evidence: bool | None) -> str:
        said = {name.removeprefix(FACT): text for name in facts if (text := row[name]) and not text.isspace()}
        parts = [
            _pair("observation", _text(row["observation"])),
            *(_pair(name, _text(row[name])) for name in WORDS),
            _pair("date", _text(row["date"]) if row["date"] else "null"),
            _pair("facts", _deep(said, 2)),
            *self._outcomes(outcome, told),
        ]
        if row["selection"] not in ("", "planned"):
            parts.append(_pair("selection", _text(row["selection"])))
        if is_evidence is not None:
            parts.append(_pair("is_evidence", "true" if is_evidence else "false"))
        parts.append(_pair("refused", "[]"))
        return " " * INDENT + "{\n" + ",\n".join(parts) + "\n" + " " * INDENT + "}"

    def _outcomes(self, outcome: Row, told: Told) -> Iterator[str]:
        checklist = self.checklist
        yield _group("scores", [self._score(key, outcome, told) for key in checklist.score])
        yield _group("results", [self._result(key, outcome, told) for key in checklist.result])
        gates = {key: outcome[f"gate.{key}"] for key in checklist.gate}
        yield self._remembered("gates", tuple(gates.values()), lambda: _pair("gates", _deep(gates, 2)))
        flags = {each.id: outcome[f"flag.{each.id}"] for each in checklist.flags}
        yield self._remembered("flags", tuple(flags.values()), lambda: _pair("flags", _deep(flags, 2)))
        lists = {each.id: outcome[f"list.{each.id}"] for each in checklist.lists}
        yield self._remembered(
            "lists", tuple(lists.values()), lambda: _pair("lists", _deep(_listed(lists), 2))
        )
        needed, marks = outcome["comments_needed"], outcome["marks"]
        yield self._remembered(
            "comments_needed", needed, lambda: _pair("comments_needed", _deep(_words(needed), 2))
        )
        yield self._remembered("marks", marks, lambda: _pair("marks", _deep(_marks(marks), 2)))

    def _score(self, key: str, outcome: Row, told: Told) -> str:
        known = tuple(outcome[f"{key}{end}"] for end in SCORE_ENDS)
        absent = told.absent.get(key, "")
        return self._remembered(key, (known, absent), lambda: self._score_text(key, known, absent))

    def _score_text(self, key: str, known: tuple[Any, ...], absent: str) -> str:
        score = self.checklist.score[key]
        exact, low, high = (_fraction(known[at], known[at + 1]) for at in (0, 2, 4))
        answered, applicable, why = known[6:]
        value = {
            "exact": None if exact is None else str(exact),
            "shown": None if exact is None else shown_score(score, exact),
            "answered": answered,
            "applicable": applicable,
            "low": None if low is None else str(low),
            "high": None if high is None else str(high),
            "reason": sentence(score, why or "", answered, applicable, absent),
        }
        return _pair(key, _deep(value, 4), 4)

    def _result(self, key: str, outcome: Row, told: Told) -> str:
        level, possible, because = outcome[key], outcome[f"{key}.possible"], told.because[key]
        value = {"level": level, "possible": _words(possible), "because": list(because)}
        return self._remembered(
            f"result {key}", (level, possible, because), lambda: _pair(key, _deep(value, 4), 4)
        )

    def _remembered(self, kind: str, known: object, text: Callable[[], str]) -> str:
        found = self._parts.get((kind, known))
        if found is None:
            found = text()
            if len(self._parts) < MOST_REMEMBERED:
                self._parts[kind, known] = found
        return found


def refused_text(checklist: Checklist, refused: "Observation") -> str:
    """The text of a record that has no outcomes."""
    return " " * INDENT + _deep(as_json(checklist, refused, None), 0)


SCORE_ENDS = (
    ".top", ".bottom", ".low.top", ".low.bottom", ".high.top", ".high.bottom", ".answered", ".applicable",
    ".reason",
)  # fmt: skip


def _fraction(top: int | str | None, bottom: int | str | None) -> Fraction | None:
    return None if top is None or bottom is None else Fraction(int(top), int(bottom))


def _words(text: str) -> list[str]:
    return text.split(", ") if text else []


def _listed(lists: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: _words(items) for name, items in lists.items()}


def _marks(text: str) -> list[dict[str, str | None]]:
    pairs = (each.partition(" ") for each in _words(text))
    return [{"code": code, "item": item or None} for code, _, item in pairs]


# ---- JSON, indented as the document is


_text = json.JSONEncoder(ensure_ascii=False).encode


def _pair(name: str, value: str, deeper: int = 2) -> str:
    return f"{' ' * (INDENT + deeper)}{_text(name)}: {value}"


def _deep(value: object, deeper: int) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.replace("\n", "\n" + " " * (INDENT + deeper))


def _group(name: str, parts: list[str]) -> str:
    if not parts:
        return _pair(name, "{}")
    inside = ",\n".join(parts)
    return _pair(name, "{\n" + inside + "\n" + " " * (INDENT + 2) + "}")
