"""What the writer and the reader of a scoring form agree on: names, fields, labels, the hidden map."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from fidelity.catalogue import ENGLISH, FORM, catalogue, say, spoken_language
from fidelity.model.checklist import About, Checklist
from fidelity.model.direction import reads_right_to_left, to_the_right
from fidelity.model.form_page_words import PAGE_WORDS
from fidelity.model.number import read_number, written
from fidelity.model.scale import Choice, Scale, Span
from fidelity.model.spoken import unmarked
from fidelity.record import Record

PROTOCOL = "fidelity-form/1"
KEYING_PROTOCOL = "fidelity-keying/1"  # a sheet with a row for each form on paper
FORM_NUMBER = "form"  # its first column: the number that somebody wrote on the paper
LISTS_SHEET = "Lists"
META_SHEET = "_meta"
LIVE_SHEET = "Working"  # the formulas behind the score that a form shows; no reader believes them
LANDMARK = "-"  # on the map: a heading that fills nothing, so that a moved column is noticed
OWN_SHEETS = (LISTS_SHEET, META_SHEET, LIVE_SHEET)
HEAD = ("format", "checklist", "version", "fingerprint", "language", "serial", "checksum")
COPIED = HEAD[:4]  # also kept as document properties, named with this before them
COPY = "fidelity_"
LONGEST_LIST = 25  # a drop-down with more numbers than this is slower than typing one

USUAL_ROLES = ("supervisor", "independent", "peer", "self", "client", "worker", "expert", "ai")
USUAL_EVIDENCE = (
    "live",
    "audio",
    "video",
    "role_play",
    "transcript",
    "interview",
    "questionnaire",
    "self_report",
)

# In English; other languages are in reports/languages, as `form/choose` and so on.
WORDS: Mapping[str, str] = {
    "form": "Score form",
    "form of session": "Session score form",
    "version": "version",
    "unvalidated": "unvalidated",
    "adapted": "adapted",
    "validated": "validated",
    "choose": "Choose one answer in each yellow box; leave blank what you could not rate.",
    "tick": "Tick one box in each line; leave blank what you could not rate.",
    "not applicable": 'Use "{label}" only if the step had no place here.',
    "no names": "Do not write names of clients.",
    "draft": "The texts in {named} are a draft that nobody has reviewed.",
    "translated": "{number} of {all} texts are translated into {named}; the others stand in the original "
    "and are marked [{original}].",
    "older": "{number} of them are older than the text they translate and are marked [old].",
    "one older": "One of them is older than the text it translates and is marked [old].",
    "own words": "The form's own words are in English.",
    "own draft": "The form's own words in {named} are a draft: {reviewed} of {all} reviewed.",
    "own missing": "{missing} of {all} still stand in English.",
    "therapist": "{therapist} code",
    "client": "Client code (never a name)",
    "session": "Session code",
    "date": "Date (yyyy-mm-dd)",
    "rater": "Rater code",
    "rater_role": "Who rates",
    "evidence": "Rated from",
    "minutes": "Minutes watched",
    "item": "Item",
    "wording": "What to look for",
    "answer": "Score",
    "note": "Note (optional)",
    "optional": "(optional)",
    "to score": "items to score",
    "form without score": "Form",
    "form of session without score": "Session form",
    "site": "Site code",
    "report": "Code of the report",
    "answer without score": "Answer",
    "to answer": "items to answer",
    "send": "Save this file.\nSend it to your coordinator.",
    "send own": "Save this file.\nBring it to supervision, or send it where you have agreed to.",
    "box of site": "What is there already, and one thing to do next",
    "box stays here": "Stays in this file; it is not part of the data.",
    "box stays here on paper": "Stays on this sheet; it is not part of the data.",
    "box": "What went well, and one thing to practise",
    "box stays": "Stays in this file, for your talk with the {therapist}; it is not part of the data.",
    "box stays on paper": "Stays on this sheet, for your talk with the {therapist}; "
    "it is not part of the data.",
    "source": "Source: {source}",
    "licence": "Licence: {licence}",
    "page": "Page {page} of {pages}",
    "from list": "Please choose an answer from the list, or leave the box blank.",
    "whole": "Please write a whole number, {range}.",
    "number": "Please write a number, {range}.",
    "day": "Please write year-month-day, for example 2026-03-31.",
    "at least": "at least {lowest}",
    "between": "from {lowest} to {highest}",
    "needs a note": "Please say why in a few words.",
    "note for": "Please write a note with: {labels}",
    "note for some": "Some answers need a note.",
    "only if": 'Only if "{fact}" is: {answers}',
    "form number": "The number written on the paper form",
    "still to score": "{number} still to score",
    "still to answer": "{number} still to answer",
    "complete": "Complete – ready to send",
    "complete own": "Complete",
    "still missing": "Still missing: {field}",
    "not in the list": "Look at {cell}: this answer is not in the list",
    "no level": "This form shows no score: the rules of the checklist do not fit into a spreadsheet. "
    "The score is worked out when the form arrives.",
    **PAGE_WORDS,
}


class Option(NamedTuple):
    """One answer as the form shows it, and its code in the data."""

    label: str
    code: str


class Field(Record):
    """Something the form asks before the items: the column of the data it fills, and how it is answered.

    `small` explains it below its label.
    """

    key: str
    label: str
    kind: Literal["text", "day", "choice", "number"]
    options: tuple[Option, ...] = ()
    span: Span | None = None
    whole: bool = False
    strict: bool = True
    small: str = ""

    @property
    def only(self) -> Option | None:
        """The one answer there is, where there is no choice."""
        return self.options[0] if len(self.options) == 1 and not self.strict else None


class Entry(NamedTuple):
    """One line of the hidden map: a column of the data, its cell, and what the label beside it must say."""

    column: str
    cell: str
    label_cell: str
    label: str


def own_texts() -> Iterable[tuple[str, str]]:
    """All English words of the form by their place in a catalogue."""
    yield from ((f"{FORM}{key}", text) for key, text in WORDS.items())
    for key, codes in (("rater_role", USUAL_ROLES), ("evidence", USUAL_EVIDENCE)):
        yield from ((f"{FORM}{key}.{code}", _readable(code)) for code in codes)


def word(language: str, key: str, **names: object) -> str:
    """The form's own words; in English what the language's catalogue does not have."""
    return say(language, f"{FORM}{key}", WORDS.get(key, key)).format_map(names)


def text_in(checklist: Checklist, language: str, target: tuple[str, str, str], text: str) -> str:
    """A text in the form's language, or as the author wrote it; a checklist shown in it has it already."""
    if checklist.shown_in is not None:
        return text
    for each in checklist.translations:
        if each.language == language:
            return each.texts.get(target, text)
    return text


def person(checklist: Checklist, language: str) -> str:
    """How the checklist calls whom it is about, or the form's own word where it does not say."""
    one, usual = checklist.about.therapist[0], About().therapist[0]
    return say(language, "person.one", usual) if one == usual else one


def own_draft(language: str) -> Iterator[str]:
    """That the form's own words are a draft or not all there: in the language, then in English."""
    yield from own_draft_in(language, language)
    told = list(own_draft_in(language, ENGLISH))
    yield from [to_the_right(" ".join(told))] if told and reads_right_to_left(language) else told


def own_draft_in(language: str, spoken_in: str) -> Iterator[str]:
    """The same in one of the two languages; nothing where the words are English."""
    found = catalogue(language)
    if found is None:
        return
    state = found.state("form")
    named = found.english_name if spoken_in == ENGLISH else found.name
    facts = {"all": state.sentences, "reviewed": state.reviewed, "missing": state.missing}
    if state.reviewed < state.translated:
        yield word(spoken_in, "own draft", named=named, **facts)
    if state.missing:
        yield word(spoken_in, "own missing", **facts)


def own_words(language: str) -> bool:
    """Whether the form's own words are there in the language."""
    return spoken_language(language) == language.split("-", maxsplit=1)[0]


def languages(checklist: Checklist) -> tuple[str, ...]:
    """The languages that the checklist has texts in, its own first."""
    return (checklist.about.language, *(each.language for each in checklist.translations))


def fields(checklist: Checklist, language: str) -> tuple[Field, ...]:
    """What the form asks before the items, in the order of the page: what fits its unit and its raters."""
    about = checklist.about
    return (
        *_subject(checklist, language),
        Field("date", word(language, "date"), "day"),
        *(() if about.raters == ("self",) else (Field("rater", word(language, "rater"), "text"),)),
        _of_words("rater_role", about.raters or USUAL_ROLES, language),
        _of_words("evidence", about.evidence or USUAL_EVIDENCE, language),
        *(_minutes(language) if about.unit == "session" or about.observed else ()),
        *_facts(checklist, language),
    )


def _subject(checklist: Checklist, language: str) -> Iterable[Field]:
    """Who or what is rated."""
    match checklist.about.unit:
        case "site":
            yield Field("site", word(language, "site"), "text")
        case "report":
            yield Field("session", word(language, "report"), "text")
        case unit:
            label = word(language, "therapist", therapist=person(checklist, language))
            yield Field("therapist", _upper_first(label), "text")
            if unit == "session":
                yield Field("client", word(language, "client"), "text")
                yield Field("session", word(language, "session"), "text")


def _minutes(language: str) -> Iterable[Field]:
    yield Field("minutes", word(language, "minutes"), "number", span=Span(Fraction(0), None, None))


def options(checklist: Checklist, scale: Scale, language: str) -> tuple[Option, ...]:
    """Every answer of a scale that a form can list: the numbers in order, then the answers that are none."""
    codes = {each.id: each for each in scale.choices}
    listed = dict.fromkeys([*_numbers(scale.span), *codes])
    titles = {code: _title(checklist, scale, codes.get(code), language) for code in listed}
    return tuple(Option(_label(code, titles), code) for code in listed)


def beside(first: Sequence[Option], second: Sequence[Option]) -> tuple[Option, ...]:
    """The answers in two languages as one list: `3 · Always / دائمًا`; what is alike is said once."""
    labels = [_beside(one, other) for one, other in zip(first, second, strict=True)]
    many = Counter(labels)
    return tuple(
        Option(f"{label} ({one.code})" if many[label] > 1 else label, one.code)
        for label, one in zip(labels, first, strict=True)
    )


def _beside(one: Option, other: Option) -> str:
    own, second = unmarked(one.label), unmarked(other.label)
    title, second_title = (each.removeprefix(f"{one.code} · ") for each in (own, second))
    return own if second_title in (title, one.code) else f"{own} / {second_title}"


def labels_of(of_languages: Sequence[Sequence[Option]]) -> tuple[Option, ...]:
    """Every label that a form in these languages may hold: of both together, of each where it is clear."""
    if len(of_languages) == 1:
        return tuple(of_languages[0])
    together = beside(*of_languages)
    single = dict.fromkeys(each for options in of_languages for each in options)
    codes = Counter(_plain(label) for label, _ in single)
    return (*together, *(each for each in single if codes[_plain(each.label)] == 1))


def can_list(scale: Scale) -> bool:
    """Whether a drop-down holds every answer of the scale."""
    return bool(scale.choices) if scale.span is None else bool(_numbers(scale.span))


def code_of(offered: Iterable[Option], text: str) -> str:
    """The code of a label; what is no label stays as it is, so that a bare code is understood too."""
    plain = _plain(text)
    return next((each.code for each in offered if _plain(each.label) == plain), text)


def _plain(label: str) -> str:
    """A label as people may have typed it: a form made before a text was translated still has its mark."""
    return unmarked(" ".join(label.split()))


def checksum(entries: Iterable[Entry]) -> str:
    """The fingerprint of a map, so that a changed one is noticed."""
    lines = "\n".join("\t".join(entry) for entry in entries)
    return hashlib.sha256(lines.encode()).hexdigest()


def serial(checklist: Checklist, language: str, entries: Iterable[Entry]) -> str:
    """The form's number: the same for the same checklist, language and layout."""
    known = "\n".join((PROTOCOL, checklist.fingerprint, language, checksum(entries)))
    return hashlib.sha256(known.encode()).hexdigest()[:12].upper()


def _facts(checklist: Checklist, language: str) -> Iterable[Field]:
    for fact in checklist.facts:
        title, scale = text_in(checklist, language, ("fact", fact.id, ""), fact.title), fact.scale
        label = with_unit(checklist, title, fact.id)
        offered = options(checklist, scale, language) if can_list(scale) else ()
        kind: Literal["choice", "text", "number"] = "text" if scale.kind == "text" else "number"
        whole = scale.kind == "count"
        yield Field(
            f"fact.{fact.id}",
            label,
            "choice" if offered else kind,
            offered,
            scale.span,
            whole,
            small=_notes(checklist, fact.id),
        )


def with_unit(checklist: Checklist, text: str, of: str) -> str:
    """A text with the unit that its numbers have, where they have one."""
    units = [each.text for each in checklist.small_texts if each.kind == "unit" and each.of == of]
    return " ".join([text, *(f"({each})" for each in units)])


def _notes(checklist: Checklist, of: str) -> str:
    return "\n".join(
        each.text for each in checklist.small_texts if each.kind in ("note", "evidence") and each.of == of
    )


def _of_words(key: str, codes: Iterable[str], language: str) -> Field:
    offered = tuple(Option(say(language, f"{FORM}{key}.{code}", _readable(code)), code) for code in codes)
    return Field(key, word(language, key), "choice", offered, strict=False)


def _readable(code: str) -> str:
    return code.upper() if len(code) <= 2 else _upper_first(code.replace("_", " "))


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _numbers(span: Span | None) -> list[str]:
    if span is None or span.highest is None or span.step is None:
        return []
    steps = (span.highest - span.lowest) / span.step
    if steps >= LONGEST_LIST:
        return []
    return [written(span.lowest + span.step * number) for number in range(int(steps) + 1)]


def _title(checklist: Checklist, scale: Scale, choice: Choice | None, language: str) -> str:
    if choice is None:
        return ""
    return text_in(checklist, language, ("answer", choice.id, scale.id), choice.title)


def _label(code: str, titles: Mapping[str, str]) -> str:
    """What people choose: `3 · Always`, `Partly done`; with its code where two titles are alike."""
    title = titles[code]
    if not title:
        return code
    if read_number(code) is not None:
        return f"{code} · {title}"
    others = {_plain(each).casefold() for key, text in titles.items() if key != code for each in (key, text)}
    return f"{title} ({code})" if _plain(title).casefold() in others else title
