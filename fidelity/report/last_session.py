"""A therapist's last session -> a few sentences for the person: its level, what it rests on, what is near."""

from fidelity.model.checklist import Result
from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.case import Case, level_name
from fidelity.report.other_answers import first_change
from fidelity.report.reasons import deciding_fact
from fidelity.report.reported import Records, ReportedStudy


def last_session(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> tuple[str, ...]:
    """What the last session showed; only what all who rated it agree on."""
    result = next((each for each in study.checklist.results if each.of == _headline(study)), None)
    if result is None or not score.sessions:
        return ()
    last = score.sessions[-1]
    cases = _cases(study, study.sessions.get((person.therapist, last.session), ()))
    levels = {case.scored.results[result.key].level for case in cases}
    level = levels.pop() if len(levels) == 1 else None
    if level is None:
        return ()
    day = study.words.day(last.date) or None
    first = cases[0].say("you.last", day=day, level=level_name(result, level))
    return (first, *_why(cases, result), *_near(study, person, last.session, result))


def _headline(study: ReportedStudy) -> str:
    """The headline's key; of a study without one nothing."""
    return study.headline.key if study.headline else ""


def _cases(study: ReportedStudy, records: Records) -> list[Case]:
    return [Case(study.checklist, each.scored, study.words) for each in records if each.scored]


def _why(cases: list[Case], result: Result) -> list[str]:
    facts = {deciding_fact(case, result.key) for case in cases}
    return [cases[0].say("you.rests", fact=fact) for fact in facts if fact and len(facts) == 1]


def _near(study: ReportedStudy, person: TherapistSummary, session: str, result: Result) -> list[str]:
    """What would have led to a higher level, where every rating says the same."""
    records = [each for each in study.sessions[person.therapist, session] if each.scored]
    told: set[tuple[str, ...]] = set()
    for each in records:
        search = study.beside.changes(study.checklist, each).get(result.key)
        if each.scored is not None:
            case = Case(study.checklist, each.scored, study.words)
            ways = first_change(case, result, search) if search and search.ways else []
            told.add(tuple(case.say("you.near", way=each) for each in ways))
    return list(told.pop()) if len(told) == 1 else []
