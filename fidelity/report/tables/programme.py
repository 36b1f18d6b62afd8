"""The programme of a study -> what an auditor asks about it: which text, what it uses, on which day."""

from collections.abc import Iterator

from fidelity.catalogue import FORM, catalogue
from fidelity.report.reported import ReportedStudy
from fidelity.report.standing_words import judged_words
from fidelity.report.words import Words


def programme_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    """Pairs of what and detail; none without a programme."""
    if study.standings is None:
        return
    words, programme = study.words, study.standings.programme
    details = {
        "id": programme.id,
        "title": programme.title,
        "version": programme.about.version,
        "fingerprint": programme.fingerprint,
        "status": status_word(words, programme.about.status),
        "about": " ".join(programme.about.about),
        "uses": ", ".join(f"{each.id} {each.version}" for each in programme.uses),
        "judged": judged_words(words, study.standings),
    }
    yield from ((words.say(f"method.what.{key}"), text) for key, text in details.items())


def status_word(words: Words, status: str) -> str:
    """How far a checklist or programme is validated, as a form in the language says it."""
    found = catalogue(words.language)
    return found.say(f"{FORM}{status}", status) if found else status
