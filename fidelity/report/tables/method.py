"""How a report came about, as tables: checklist, rules in words, statistics, data and software."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from fidelity.model.checklist import AsMissing, AsPoints, Checklist, Item, LeftOut, Score, Treatment
from fidelity.model.expression import Needing
from fidelity.model.number import trimmed, written
from fidelity.model.scale import NonAnswer
from fidelity.place import Place
from fidelity.report.drift_words import drift_notes
from fidelity.report.reported import ReportedStudy
from fidelity.report.speaking import coverage_line, language_sentences
from fidelity.report.tables.people import column
from fidelity.report.tables.programme import programme_lines, status_word
from fidelity.report.tables.rules import condition_in_words, score_in_words
from fidelity.report.tables.table import Table, table
from fidelity.report.words import Words, joined, titled, words_for

Line = tuple[str, str, str]

MOST_NAMED = 20
CHECKLIST_HASH = "checklist_hash"
DATA_HASH = "data_hash"


def method_table(study: ReportedStudy) -> Table:
    """Everything an auditor asks, one answer a row."""
    words = study.words
    columns = [column(words, "topic", "topic"), column(words, "what"), column(words, "detail")]
    lines = [
        *_of(words, "checklist", _checklist_lines(study)),
        *_of(words, "programme", programme_lines(study)),
        *_of(words, "adaptation", _adaptation_lines(study)),
        *_of(words, "translation", _translation_lines(study)),
        *_of(words, "allowed", _allowed_lines(study)),
        *_of(words, "scores", _score_lines(study)),
        *_of(words, "results", _level_lines(study)),
        *_of(words, "gates", _gate_lines(study)),
        *_of(words, "flags", _flag_lines(study)),
        *_of(words, "missing", _blank_lines(study)),
        *_of(words, "summary", _summary_lines(study)),
        *_of(words, "drift", _drift_lines(study)),
        *_of(words, "data", _data_lines(study)),
        *_of(words, "software", _software_lines(study)),
        *_of(words, "privacy", [(words.say("method.what.privacy"), words.say("method.text.privacy"))]),
    ]
    return table("Method_table", "", columns, lines)


def _of(words: Words, topic: str, pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Iterator[Line]:
    return ((words.say(f"method.topic.{topic}"), what, detail) for what, detail in pairs if detail)


def _checklist_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    checklist, words = study.checklist, study.words
    about = checklist.about
    details = {
        "id": checklist.id,
        "title": checklist.title,
        "version": about.version,
        "fingerprint": checklist.fingerprint,
        "status": status_word(words, about.status),
        "about": " ".join(about.about),
        "source": " ".join(about.source),
        "licence": about.licence,
    }
    return ((words.say(f"method.what.{key}"), text) for key, text in details.items())


def _adaptation_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    """The base, each change with its reason, and the deviations that changes rest on."""
    origin, words = study.checklist.origin, study.words
    if origin is None:
        return
    base = origin.base
    facts = {"id": base.id, "version": base.about.version, "fingerprint": origin.fingerprint}
    yield words.say("method.what.base"), words.say("method.text.base", **facts)
    for change in origin.changes:
        told = words.say(
            "method.text.change",
            kind=words.say(f"frame.kind.{change.kind}"),
            target=change.target,
            because=change.because,
            planned=words.say(f"frame.planned.{change.planned}") if change.planned else None,
            keeping=words.say(f"frame.fidelity.{change.fidelity}") if change.fidelity else None,
        )
        yield words.say("method.what.change"), told
    for each in origin.active:
        by, day = each.approved or ("", None)
        expires = each.expires.isoformat() if each.expires else None
        told = words.say(
            "method.text.deviation",
            title=each.title,
            touches=words.listed(each.touches),
            risk=each.risk,
            by=by or None,
            day=day.isoformat() if day else None,
            expires=expires,
        )
        yield words.say("method.what.deviation"), told


def _translation_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    """Which language the texts are in, and how far each translation is."""
    words, checklist = study.words, study.checklist
    yield words.say("method.what.shown_in"), " ".join(language_sentences(words, checklist.shown_in))
    yield from (coverage_line(words, each) for each in checklist.coverage)


def _allowed_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    """The warnings that the author means, each with the reason."""
    allowed = dict.fromkeys((each.code, each.reason) for each in study.checklist.allowed)
    return ((code, reason) for code, reason in allowed)


def _score_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    return (
        (titled(score), _with_line(study, _score_line(study, score), score.place))
        for score in study.checklist.scores
    )


def _with_line(study: ReportedStudy, text: str, place: Place) -> str:
    """The text with the line on which its rule stands, where that is known."""
    if not place.line:
        return text
    if study.checklist.origin is not None:  # the lines are those of the base
        file = Path(place.file).name
        return study.words.say("method.text.line_of", text=text, line=place.line, file=file)
    return study.words.say("method.text.line", text=text, line=place.line)


def _score_line(study: ReportedStudy, score: Score) -> str:
    words = study.words
    formula, condition = score_in_words(study.checklist, score)
    only_when = words.say("method.text.only_when", condition=condition) if condition else ""
    places = score.rounding.places if score.rounding else None
    rounding = "" if places is None else words.say("method.text.rounded", places=places)
    text = words.say(
        "method.text.score",
        formula=formula,
        needing=_needing(words, score.needing),
        only_when=only_when,
        rounding=rounding,
    )
    first = re.split(r"\W", text, maxsplit=1)[0]
    begins_with_id = first in study.checklist.question or first in study.checklist.fact
    return (text if begins_with_id else text[:1].upper() + text[1:]) + "."


def _needing(words: Words, needing: Needing) -> str:
    if needing.number is not None:
        return words.say("method.text.needing_number", number=needing.number)
    if needing.share is None:
        return ""
    if needing.share == 1:
        return words.say("method.text.needing_all")
    return words.say("method.text.needing_share", share=f"{trimmed(100 * needing.share, 1)}%")


def _level_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    checklist, words = study.checklist, study.words
    for result in checklist.results:
        for level in reversed(result.levels):
            title = level.title or level.id
            if level.when is None:
                said = words.say("method.text.level_by_gate", level=title)
            else:
                condition = condition_in_words(checklist, level.when)
                said = words.say("method.text.level", level=title, condition=condition)
            yield titled(result), _with_line(study, said, level.place)


def _gate_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    checklist = study.checklist
    for gate in checklist.gates:
        result = checklist.result[gate.result]
        level = next((level.title or level.id for level in result.levels if level.id == gate.cap), gate.cap)
        condition = condition_in_words(checklist, gate.when)
        title = result.title or result.key
        said = study.words.say("method.text.gate", result=title, level=level, condition=condition)
        yield gate.title or gate.key, _with_line(study, said, gate.place)


def _flag_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    checklist = study.checklist
    return (
        (flag.title or flag.id, _with_line(study, condition_in_words(checklist, flag.when), flag.place))
        for flag in checklist.flags
    )


def _blank_lines(study: ReportedStudy) -> list[tuple[str, str]]:
    words, checklist = study.words, study.checklist
    treated = [_treated(words, answer, how) for answer, how in checklist.treat.items()]
    said = [words.say("method.text.not_applicable"), *treated]
    return [
        (words.say("method.what.blank"), words.say("method.text.blank")),
        (words.say("method.what.treat"), "; ".join(said) + "."),
    ]


def _treated(words: Words, answer: NonAnswer, treatment: Treatment) -> str:
    name = answer.value.replace("_", " ")
    match treatment:
        case LeftOut():
            return words.say("method.text.left_out", answer=name)
        case AsMissing():
            return words.say("method.text.as_missing", answer=name)
        case AsPoints(points=points):
            return words.say("method.text.as_points", answer=name, points=written(points))


def _summary_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    words, score = study.words, study.headline
    yield words.say("method.what.rounding"), words.say("method.text.rounding")
    adjusted = "_adjusted" if study.summary.adjusted else ""
    yield words.say("method.what.raters"), words.say(f"method.text.raters{adjusted}")
    yield from ((words.say("method.what.seed"), text) for text in _seeds(study))
    if not study.has_course or score is None:
        return
    yield words.say("method.what.average"), words.say("method.text.average")
    yield words.say("method.what.standard"), _standard(study, score.title or score.key, study.standard)
    yield words.say("method.what.recent"), words.say("method.text.recent")
    yield words.say("method.what.parts"), words.say("method.text.parts")


def _seeds(study: ReportedStudy) -> Iterator[str]:
    """What was drawn by chance, and what fixes it."""
    words, found, plans = study.words, study.beside.agreement, study.beside.sampling
    if found is not None and found.double_scored and found.seed:
        yield words.say("method.text.seed_agreement", draws=found.draws, seed=found.seed)
    for each in plans.samples if plans else ():
        title = each.title or each.sample
        yield words.say("method.text.seed_sample", title=title, seed=each.seed)


def _standard(study: ReportedStudy, score: str, standard: Fraction | None) -> str:
    if standard is None:
        return study.words.say("method.text.no_standard")
    return study.words.say("method.text.standard", standard=study.measure.text(float(standard)), score=score)


def _drift_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    if not study.has_course:
        return iter(())
    return (
        (study.words.say(f"method.what.{key}"), text)
        for key, text in drift_notes(study).items()
        if key != "raters"
    )


def _data_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    words, origin = study.words, study.summary.provenance
    for name, digest, rows in origin.files:
        key = "file" if rows else "file_only"  # of a table beside the observations no row is one
        told = words.say(f"method.text.{key}", name=name, rows=rows, hash=digest)
        yield words.say("method.what.file"), told
    yield words.say("method.what.data_hash"), origin.data_sha256
    yield words.say("method.what.observations"), str(origin.observations)
    yield words.say("method.what.sessions"), str(origin.sessions)
    if origin.refused:
        yield words.say("method.what.refused"), words.say("method.text.refused", number=origin.refused)
    for aside in study.summary.set_aside:
        names = words.names(aside.observations, MOST_NAMED)
        said = words.say(f"method.text.{aside.reason}", number=len(aside.observations), names=names)
        yield words.say(f"method.what.{aside.reason}"), said


def _software_lines(study: ReportedStudy) -> Iterator[tuple[str, str]]:
    words = study.words
    yield words.say("method.what.software"), study.summary.provenance.software
    yield words.say("method.what.reproducible"), words.say("method.text.reproducible")
    yield words.say("method.what.links"), words.say("method.text.links")


def items_table(study: ReportedStudy) -> Table:
    """The items behind the columns of Sessions: wording, scale, weight, tags."""
    words, checklist = study.words, study.checklist
    tagged = any(item.tags for item in checklist.items)
    weighted = any(question.weight != 1 for question in checklist.questions)
    columns = [
        column(words, "item", "strong"),
        column(words, "group"),
        column(words, "wording"),
        column(words, "scale"),
        *([column(words, "weight", "number", 2)] if weighted else []),
        *([column(words, "tags")] if tagged else []),
    ]
    rows = [
        [
            question.key,
            _group(checklist, checklist.item[question.item]),
            checklist.item[question.item].title,
            _scale(checklist, question.key),
            *([float(question.weight)] if weighted else []),
            *([", ".join(checklist.item[question.item].tags) or None] if tagged else []),
        ]
        for question in checklist.questions
    ]
    return table("Items_table", "", columns, rows)


def _group(checklist: Checklist, item: Item) -> str | None:
    return checklist.group[item.group].title if item.group in checklist.group else None


def _scale(checklist: Checklist, key: str) -> str:
    question = checklist.question[key]
    scale = joined(question.scale.title, question.scale.allowed)
    return words_for(checklist).say("items.reversed", item=scale) if question.reversed else scale


def hash_rows(study: ReportedStudy, made: Table) -> dict[str, int]:
    """In which row of the method table the two hashes stand, counted from 0."""
    wanted = {CHECKLIST_HASH: study.checklist.fingerprint, DATA_HASH: study.summary.provenance.data_sha256}
    details = [row[2] for row in made.rows]
    return {name: details.index(value) for name, value in wanted.items() if value in details}
