"""An observation <-> the text that is kept of it: every column, raw answers, nothing worked out."""

import json
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from fidelity.model.columns import KNOWN_COLUMNS
from fidelity.model.number import written
from fidelity.model.observation import Observation
from fidelity.store.log import canonical

GROUPS = ("answers", "facts", "comments", "reported")
ASKED = "asked"  # the facts about the session that only a programme asks for
FACT = "fact."
FINGERPRINT = "fingerprint"


class Given(NamedTuple):
    """An observation to be kept: of which session it is, and by which text of the checklist it was made.

    `asked` are the facts that a programme asks for, and the checklist does not know.
    """

    observation: Observation
    checklist: str
    version: str
    fingerprint: str
    occasion: str
    asked: Mapping[str, str] = MappingProxyType({})

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same record: checklist, session, rater."""
        return self.checklist, self.occasion, self.observation.rater

    def called(self, name: str) -> "Given":
        """The same under another name: a record keeps the one under which it first came."""
        return self._replace(observation=self.observation.model_copy(update={"observation": name}))

    def following(self, name: str, content: str) -> "Given":
        """The same as the next revision of what is kept: with its name, and facts that only it knows.

        A form has no place for what a programme asks, and must not take it away.
        """
        return self.called(name)._replace(asked={**asked_in(content), **self.asked})

    @property
    def content(self) -> str:
        """What is kept of it."""
        words = {"checklist": self.checklist, "version": self.version, FINGERPRINT: self.fingerprint}
        return _content_of(self.observation, words, self.asked)


class Parcel(NamedTuple):
    """The good observations of a file, and how many of its records stay outside.

    Of two files that two people should have typed, `copy_of` is the first where the second is its copy.
    """

    file: str
    sha256: str
    givens: tuple[Given, ...]
    left: int = 0
    copy_of: str = ""


def columns_of(content: str) -> dict[str, str]:
    """A kept text as columns of the wide table."""
    found = read(content)
    words = {name: str(found[name]) for name in KNOWN_COLUMNS if name in found}
    return {
        **words,
        **{f"{FACT}{name}": text for name, text in _group(found, "facts").items()},
        **{f"{FACT}{name}": text for name, text in _group(found, ASKED).items()},
        **_group(found, "answers"),
        **{f"{name}.comment": text for name, text in _group(found, "comments").items()},
        **{f"reported.{name}": text for name, text in _group(found, "reported").items()},
    }


def asked_in(content: str) -> dict[str, str]:
    """The facts in a kept text that a programme asked for, by name."""
    return _group(read(content), ASKED)


def content_from(columns: Mapping[str, str], fingerprint: str, asked: Collection[str] = ()) -> str:
    """Columns of the wide table as the text that is kept; the other half of `columns_of`."""
    words: dict[str, object] = {FINGERPRINT: fingerprint}
    groups: dict[str, dict[str, str]] = {name: {} for name in (*GROUPS, ASKED)}
    for name, text in columns.items():
        if not text:
            continue
        if name in KNOWN_COLUMNS:
            words[name] = text
        elif name.startswith(FACT):
            fact = name.removeprefix(FACT)
            groups[ASKED if fact in asked else "facts"][fact] = text
        elif name.startswith("reported."):
            groups["reported"][name.removeprefix("reported.")] = text
        elif name.endswith(".comment"):
            groups["comments"][name.removesuffix(".comment")] = text
        else:
            groups["answers"][name] = text
    return canonical({name: value for name, value in {**words, **groups}.items() if value})


def read(content: str) -> dict[str, object]:
    """The kept text as it is nested."""
    found: dict[str, object] = json.loads(content)
    return found


def _content_of(observation: Observation, said: Mapping[str, str], asked: Mapping[str, str]) -> str:
    """The observation as canonical JSON; blanks are left out."""
    words = {name: _text(getattr(observation, name)) for name in KNOWN_COLUMNS}
    if observation.minutes is not None:
        words["minutes"] = written(observation.minutes)
    groups = {name: dict(getattr(observation, name)) for name in GROUPS}
    whole = {**words, **said, **groups, ASKED: dict(asked)}
    return canonical({name: value for name, value in whole.items() if value})


def _group(found: Mapping[str, object], name: str) -> dict[str, str]:
    group = found.get(name, {})
    return {str(key): str(text) for key, text in group.items()} if isinstance(group, dict) else {}


def _text(value: object) -> str:
    return "" if value is None else str(value)
