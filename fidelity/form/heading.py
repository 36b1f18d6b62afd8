"""Checklist -> what a form says about itself above and below the questions, whatever the medium."""

from collections.abc import Iterator, Sequence

from fidelity.catalogue import ENGLISH
from fidelity.form.questions import not_applicable
from fidelity.model.checklist import Checklist
from fidelity.model.form import own_draft, own_draft_in, own_words, person, text_in, word


def title(checklist: Checklist, language: str) -> str:
    """What the form is called."""
    form = "form of session" if checklist.about.unit == "session" else "form"
    return word(language, form if checklist.scores else f"{form} without score")


def subtitle(checklist: Checklist, language: str) -> str:
    """Which checklist it is of, its version and status."""
    about = checklist.about
    name = text_in(checklist, language, ("checklist", "", ""), checklist.title)
    version = f"{word(language, 'version')} {about.version}" if about.version else ""
    status = word(language, about.status) if about.status else ""
    return " · ".join(filter(None, (name, version, status)))


def advice(checklist: Checklist, language: str, how: str) -> str:
    """What a rater should know first; `how` names the sentence that says how to answer."""
    [only] = advices([(checklist, language)], how)
    return only


def advices(voices: Sequence[tuple[Checklist, str]], how: str) -> tuple[str, ...]:
    """The same in each language of a form, one line for each."""
    spoken = [language for _, language in voices]
    return tuple(" ".join([*_advice(*voice, how), *_draft(voice[1], spoken)]) for voice in voices)


def _advice(checklist: Checklist, language: str, how: str) -> Iterator[str]:
    left_out = not_applicable(checklist, language)
    yield from checklist.about.about
    yield word(language, how)
    if left_out:
        yield word(language, "not applicable", label=left_out)
    yield word(language, "no names")
    yield from _about_translation(checklist, language)


def _draft(language: str, spoken: Sequence[str]) -> Iterator[str]:
    """That the form's own words are a draft; in English it is said in the English line, if there is one."""
    if ENGLISH not in spoken:
        return own_draft(language)
    told = spoken if language == ENGLISH else [language]
    return (said for each in told for said in own_draft_in(each, language))


def answers(checklist: Checklist, language: str) -> str:
    """What heads the answers: nobody gives a score where none is worked out."""
    return word(language, "answer" if checklist.scores else "answer without score")


def amount(checklist: Checklist, language: str) -> str:
    """What stands below the number of items."""
    return word(language, "to score" if checklist.scores else "to answer")


def sending(checklist: Checklist, language: str) -> str:
    """What becomes of a filled form; one about oneself goes nowhere by itself."""
    if checklist.about.raters == ("self",):
        return word(language, "send own")
    return word(language, "send")


def box(checklist: Checklist, language: str) -> str:
    """What heads the free box at the end."""
    return word(language, "box" if _about_person(checklist) else "box of site")


def box_stays(checklist: Checklist, language: str, where: str = "") -> str:
    """What becomes of the free box; `where` is " on paper" for what is no file."""
    about = checklist.about
    if not _about_person(checklist) or about.raters == ("self",):
        return word(language, f"box stays here{where}")
    return word(language, f"box stays{where}", therapist=person(checklist, language))


def _about_person(checklist: Checklist) -> bool:
    return checklist.about.unit in ("session", "therapist")


def _about_translation(checklist: Checklist, language: str) -> Iterator[str]:
    """How far the translation is, that it is a draft, that the form's own words are not in the language."""
    shown = checklist.shown_in
    if shown is not None:
        if shown.draft:
            yield word(language, "draft", named=shown.title)
        if shown.translated < shown.texts or shown.older:
            facts = {"number": shown.translated, "all": shown.texts, "named": shown.title}
            yield word(language, "translated", original=shown.original, **facts)
        if shown.older:
            yield word(language, "one older" if shown.older == 1 else "older", number=shown.older)
    if not own_words(language):
        yield word(language, "own words")


def origin(checklist: Checklist, language: str) -> str:
    """Where the checklist comes from; nothing where it does not say."""
    about = checklist.about
    said = [word(language, "source", source="; ".join(about.source))] if about.source else []
    said += [word(language, "licence", licence=about.licence)] if about.licence else []
    return " · ".join(said)


def code(checklist: Checklist) -> str:
    """What names the text that the form was made from: id, version, the beginning of its fingerprint."""
    begin = checklist.fingerprint.removeprefix("sha256:")[:8]
    return f"{checklist.id} {checklist.about.version} · {begin}"
