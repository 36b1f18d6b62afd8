"""What a report says first: the sentence that names whom to talk to, the counters, how to read it."""

from collections.abc import Iterator

from fidelity.model.checklist import Checklist
from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.reported import CAPPED_OFTEN, ReportedStudy
from fidelity.report.speaking import language_sentences
from fidelity.report.status import status
from fidelity.report.words import Words

Counter = tuple[str, str]


def lead(study: ReportedStudy) -> list[str]:
    """One plain sentence or two: who needs attention, who is improving; or why no course is shown."""
    words = study.words
    if study.headline is None:
        return [words.say("summary.no_score")]
    if not study.has_course:
        named = any(each.observation.therapist for each in study.scored)
        return [words.say("summary.no_date_course" if named else "summary.no_course")]
    attention = [
        _named(study, person, score) for person, score in study.people if _reasons(study, person, score)
    ]
    rising = [person.therapist for person, score in study.people if score.drift.status == "improving"]
    said = (
        [words.say("summary.attention", names=words.names(attention))]
        if attention
        else [words.say("summary.nobody")]
    )
    if rising:
        said.append(words.say("summary.going_well", names=words.names(rising)))
    return [" ".join(said), *_left_out(study)]


def _left_out(study: ReportedStudy) -> Iterator[str]:
    for aside in study.summary.set_aside:
        yield study.words.say(f"summary.aside.{aside.reason}", number=len(aside.observations))


def _named(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> str:
    reasons = study.words.names(_reasons(study, person, score))
    return study.words.say("summary.person", name=person.therapist, reasons=reasons)


def _reasons(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> list[str]:
    words, reasons = study.words, []
    if score.drift.status == "act":
        since = words.day(score.drift.since_date)
        reasons.append(words.say("summary.drifting" if since else "summary.drifting_undated", since=since))
    if score.standard == "below":
        reasons.append(words.say("summary.below"))
    capped = study.capped_lately(person.therapist)
    if capped >= CAPPED_OFTEN:
        reasons.append(words.say("summary.capped", number=capped))
    return reasons


def counters(study: ReportedStudy) -> list[Counter]:
    """The numbers on top: number and label."""
    counted = _of_people(study) if study.has_course else _of_sessions(study)
    first = [("sessions", str(study.sessions_observed)), ("twice", str(study.rated_twice))]
    people = [("therapists", str(len(study.people)))] if study.has_course else []
    label = study.words.say
    return [(number, label(f"summary.counter.{key}")) for key, number in (*people, *first, *counted)]


def _of_people(study: ReportedStudy) -> list[tuple[str, str]]:
    scores = [score for _, score in study.people]
    meeting = sum(score.standard == "meets" for score in scores)
    counted = {
        "meet": study.words.say("list.part", part=meeting, whole=len(scores)),
        "drifting": str(sum(score.drift.status == "act" for score in scores)),
        "improving": str(sum(score.drift.status == "improving" for score in scores)),
        "capped": str(sum(study.capped(person.therapist) for person, _ in study.people)),
    }
    absent = {"meet"} if study.standard is None else set()
    absent |= set() if study.checklist.gates else {"capped"}
    return [(key, number) for key, number in counted.items() if key not in absent]


def _of_sessions(study: ReportedStudy) -> list[tuple[str, str]]:
    return [
        ("observations", str(study.summary.provenance.observations)),
        *([("scores", str(len(study.checklist.scores)))] if study.checklist.scores else []),
        ("undecided", str(_undecided(study))),
    ]


def _undecided(study: ReportedStudy) -> int:
    scored = [each.scored for each in study.scored if each.scored]
    return sum(
        value.level is None and bool(value.possible) for each in scored for value in each.results.values()
    )


def reading_lines(study: ReportedStudy) -> list[str]:
    """How to read the table below the sentence, and in which language its texts are."""
    language = " ".join(language_sentences(study.words, study.checklist.shown_in))
    return [*_how_to_read(study), *([language] if language else [])]


def _how_to_read(study: ReportedStudy) -> list[str]:
    words = study.words
    if not study.has_course or study.headline is None:
        return []
    name = study.headline.title or study.headline.key
    standards = {key: status(words, "standard", key).text for key in words.wordings["status"]["standard"]}
    trends = {key: status(words, "trend", key).text for key in ("act", "watch", "none")}
    needed = max((score.drift.needed for _, score in study.people), default=6)
    if study.standard is None:
        said = [words.say("summary.read.undeclared", score=name)]
    else:
        level = study.measure.text(float(study.standard))
        said = [words.say("summary.read.standard", standard=level, score=name, **standards)]
    said.append(words.say("summary.read.trend", needed=needed, **trends))
    if study.checklist.gates:
        said.append(words.say("summary.read.capped", rules=gate_titles(words, study.checklist)))
    return [*said, words.say("summary.read.status")]


def gate_titles(words: Words, checklist: Checklist) -> str:
    """The rules that cap a level, by their titles."""
    titles = dict.fromkeys(gate.title or gate.name for gate in checklist.gates)
    return words.quoted(titles)
