"""What a raw value in the data says to a checklist: an answer, or why it is none; nothing is guessed."""

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist, Fact, Question
from fidelity.model.expression import Subject, reads
from fidelity.model.scale import Answer, Misfit, NonAnswer, NotGiven, Scale
from fidelity.place import NOWHERE, Place

NEEDS_TREATMENT = (NonAnswer.NOT_OBSERVED, NonAnswer.DECLINED)


def understood(checklist: Checklist, question: Question, raw: str) -> Answer | Misfit:
    """What a raw value says to a question; the file's codes first, then the scale's own answers."""
    code = raw.strip()
    answer = (
        NotGiven(checklist.codes[code], code)
        if code in checklist.codes
        else question.scale.understand(raw, checklist.about.language)
    )
    if not isinstance(answer, NotGiven):
        return answer
    if not treated(checklist, question.key, answer.state):
        return Misfit("RB510", "", "", answer.state.value)
    return _in_own_words(question.scale, answer)


def _in_own_words(scale: Scale, answer: NotGiven) -> NotGiven:
    """The scale's own answer of that meaning, so that `is na` holds however it was written."""
    if answer.state is NonAnswer.MISSING or scale.choice(answer.code) is not None:
        return answer
    own = next((each.id for each in scale.choices if each.means is answer.state), answer.code)
    return NotGiven(answer.state, own)


def understood_fact(checklist: Checklist, fact: Fact, raw: str) -> Answer | Misfit:
    """What a raw value says about a fact; a fact without a value is missing, of whatever kind."""
    code = raw.strip()
    if code in checklist.codes:
        return NotGiven(checklist.codes[code], code)
    return fact.scale.understand(raw, checklist.about.language)


def answer_problem(
    checklist: Checklist, question: Question, raw: str, place: Place = NOWHERE
) -> Problem | None:
    """Why a raw value is no answer to a question, or nothing; its facts are named as in `misfit_problem`."""
    answer = understood(checklist, question, raw)
    return misfit_problem(question.key, raw, answer, place) if isinstance(answer, Misfit) else None


def fact_problem(checklist: Checklist, fact: Fact, raw: str, place: Place = NOWHERE) -> Problem | None:
    """Why a raw value says nothing about a fact, or nothing."""
    answer = understood_fact(checklist, fact, raw)
    return misfit_problem(fact.id, raw, answer, place) if isinstance(answer, Misfit) else None


def misfit_problem(name: str, raw: str, misfit: Misfit, place: Place = NOWHERE) -> Problem:
    """The misfit as a finding, with the facts item, answer, nearest, allowed and why."""
    facts = {
        "item": name,
        "answer": raw.strip(),
        "nearest": misfit.nearest,
        "allowed": misfit.allowed,
        "why": misfit.why,
    }
    return Problem(misfit.code, place, facts)


def treated(checklist: Checklist, question: str, state: NonAnswer) -> bool:
    """Whether the checklist says how such a non-answer counts: everywhere, or in each score that reads it."""
    if state not in NEEDS_TREATMENT or state in checklist.treat:
        return True
    asked = Subject("question", question)
    reading = [score for score in checklist.scores if asked in reads(score.formula)]
    return bool(reading) and all(state in score.counting for score in reading)
