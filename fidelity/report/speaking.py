"""A checklist shown in a language -> sentences that say which language it is, and what of it is missing."""

from collections.abc import Iterator

from fidelity.model.checklist import Coverage
from fidelity.report.words import Words


def language_sentences(words: Words, shown: Coverage | None) -> list[str]:
    """What a reader of a translated report must know; nothing where the original is shown."""
    return list(_sentences(words, shown)) if shown is not None else []


def _sentences(words: Words, shown: Coverage) -> Iterator[str]:
    yield words.say("translation.shown", title=shown.title, translated=shown.translated, texts=shown.texts)
    if shown.translated < shown.texts:
        yield words.say("translation.rest", original=shown.original)
    if shown.older:
        yield words.say(
            "translation.one_older" if shown.older == 1 else "translation.older", older=shown.older
        )
    if shown.draft:
        yield words.say("translation.draft")
    if shown.language.split("-", maxsplit=1)[0] != words.language:
        yield words.say("translation.own")


def coverage_line(words: Words, coverage: Coverage) -> tuple[str, str]:
    """A language, and how far the checklist is translated into it."""
    name = words.say("translation.named", title=coverage.title, language=coverage.language)
    draft = words.say("translation.state_draft") if coverage.draft else ""
    state = words.say(
        "translation.state",
        translated=coverage.translated,
        texts=coverage.texts,
        older=coverage.older or None,
        draft=draft,
    )
    return name, state
