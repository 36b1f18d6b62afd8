"""A checklist shown in a language -> sentences that say which language it is, and what of it is missing."""

from collections.abc import Iterator

from fidelity.catalogue import ENGLISH, catalogue
from fidelity.model.checklist import Coverage
from fidelity.model.direction import reads_right_to_left, to_the_right
from fidelity.report.words import Words, wordings_in


def language_sentences(words: Words, shown: Coverage | None) -> list[str]:
    """What a reader of a translated report must know; nothing where all is shown as it was written."""
    told = list(_sentences(words, shown)) if shown is not None else []
    return [*told, *draft_sentences(words)]


def draft_sentences(words: Words) -> list[str]:
    """That the report's own words are a draft or not all there: in their language, then in English."""
    found = catalogue(words.language)
    if found is None:
        return []
    state = found.state("report")
    facts = {"sentences": state.sentences, "reviewed": state.reviewed, "missing": state.missing}
    told = []
    english = Words(wordings_in(ENGLISH), words.person)
    for said, title in ((words, found.name), (english, found.english_name)):
        lines = []
        if state.reviewed < state.translated:
            lines.append(said.say("translation.words_draft", title=title, **facts))
        if state.missing:
            lines.append(said.say("translation.words_missing", title=title, **facts))
        foreign = said is english and reads_right_to_left(words.language)
        told += [to_the_right(" ".join(lines))] if foreign else lines
    return told


def _sentences(words: Words, shown: Coverage) -> Iterator[str]:
    if not shown.translated:
        yield words.say("translation.none", title=shown.title)
    else:
        facts = {"translated": shown.translated, "texts": shown.texts}
        yield words.say("translation.shown", title=shown.title, **facts)
    if 0 < shown.translated < shown.texts:
        yield words.say("translation.rest", original=shown.original)
    if shown.older:
        yield words.say(
            "translation.one_older" if shown.older == 1 else "translation.older", older=shown.older
        )
    if shown.draft and shown.translated:
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
