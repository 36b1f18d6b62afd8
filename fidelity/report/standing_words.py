"""Where somebody stands, in words: the standing of a stage, what decided it, what is still missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fidelity.model.checklist import Checklist
from fidelity.model.claim import (
    All,
    Among,
    Claim,
    Judged,
    Known,
    Many,
    Mark,
    Opposite,
    Other,
    Some,
    Word,
)
from fidelity.model.number import written
from fidelity.model.programme import EvidenceRule, Programme
from fidelity.model.standing import Evidence, Missing, StageStanding, Standings, TherapistStanding
from fidelity.report.status import Status, status
from fidelity.report.words import Words, short

MOST_SHOWN = 4  # values, or observations, that a sentence names one by one


@dataclass(frozen=True)
class Titles:
    """How people call what a programme names: checklists, their values and levels, facts about therapists."""

    words: Words
    checklists: Mapping[str, Checklist]
    facts: Mapping[str, str]

    def checklist(self, id: str) -> str:
        """The title of a checklist; its id where it is not there."""
        return self.checklists[id].title if id in self.checklists else id

    def value(self, checklist: str, key: str) -> str:
        """The title of a value; a member of a family has its group's in it."""
        if not checklist and key in self.facts:
            return self.facts[key]
        known = self.checklists.get(checklist)
        named = (known.score.get(key) or known.result.get(key)) if known else None
        if named is None and known is not None:
            return self._family(known, key)
        return (named.title if named else "") or _spoken(key)

    def _family(self, checklist: Checklist, name: str) -> str:
        """The title of a family, which stands before its groups' in the titles of its members."""
        titles = [
            *(each.title for each in checklist.scores if each.name == name),
            *(each.title for each in checklist.results if each.name == name),
        ]
        return titles[0].rpartition(" · ")[0] or _spoken(name) if titles else _spoken(name)

    def level(self, checklist: str, key: str, word: str) -> str:
        """The title of a level, without the advice behind it."""
        known = self.checklists.get(checklist)
        result = known.result.get(key) if known else None
        found = next((each.title for each in result.levels if each.id == word), "") if result else ""
        return short(found) if found else word


def _spoken(key: str) -> str:
    return key.replace("_", " ").replace(".", ": ")


def titles_of(words: Words, programme: Programme | None, checklists: Iterable[Checklist]) -> Titles:
    """The titles for a programme and the checklists that are there."""
    facts = {fact.id: fact.title for fact in programme.facts} if programme else {}
    return Titles(words, {each.id: each for each in checklists}, facts)


# ---- standing


def standing_status(words: Words, standing: StageStanding) -> Status:
    """The word, glyph and look of a standing."""
    return status(words, "standing", standing.standing)


def stage_words(titles: Titles, one: TherapistStanding) -> str:
    """The highest stage that stands with all before it."""
    return one.stage.stage.title if one.stage else titles.words.say("stage.none")


def next_words(titles: Titles, one: TherapistStanding) -> str:
    """What comes next: the first stage that does not stand and what it needs; else the day to renew by."""
    words = titles.words
    if one.next is not None:
        needs = " ".join(missing_sentences(titles, one.next))
        return words.say("stage.next", stage=one.next.stage.title, needs=needs).strip()
    return words.say("stage.renew", day=words.day(one.due)) if one.due else words.say("stage.nothing")


def judged_words(words: Words, standings: Standings) -> str:
    """On which day all of it is judged, and why on that one."""
    if standings.day is None:
        return words.say("stage.undated")
    day = words.day(standings.day)
    return words.say("stage.judged", **({"day": day} if standings.asked else {"latest": day}))


def first_sentences(titles: Titles, one: TherapistStanding) -> list[str]:
    """What of this therapist needs somebody first: stages that ran out or were lost, with what would help."""
    words = titles.words
    return [
        " ".join(
            [
                words.say(
                    f"stage.{each.standing}",
                    stage=each.stage.title,
                    since=words.day(each.since),
                    until=words.day(each.until),
                ),
                *missing_sentences(titles, each),
            ]
        )
        for each in one.lapsed
    ]


def due_sentences(titles: Titles, one: TherapistStanding) -> list[tuple[date, str]]:
    """The stages that run out, each with its last day."""
    words = titles.words
    return [
        (each.until, words.say("stage.due", stage=each.stage.title, day=words.day(each.until)))
        for each in one.stages
        if each.standing == "reached" and each.until is not None
    ]


def decided_sentence(titles: Titles, standing: StageStanding) -> str:
    """The observations, or facts, that decided how a stage stands, with what they showed."""
    return "; ".join(text for text, _ in decided_parts(titles, standing))


def decided_parts(titles: Titles, standing: StageStanding) -> list[tuple[str, Evidence | None]]:
    """The same one by one, each with its observation; a fact has none."""
    words = titles.words
    facts = [
        f"{titles.facts.get(name, name)}: {text or words.say('stage.unknown')}"
        for name, text in standing.facts
    ]
    shown = standing.decided_by[-MOST_SHOWN:]
    earlier = len(standing.decided_by) - len(shown)
    rest = [words.say("stage.earlier", number=earlier)] if earlier else []
    return [
        *((text, None) for text in (*facts, *rest)),
        *((_observed(titles, each), each) for each in shown),
    ]


def _observed(titles: Titles, each: Evidence) -> str:
    words = titles.words
    blank = words.say("stage.blank")
    showed = [
        f"{titles.value(each.checklist, key)} {titles.level(each.checklist, key, text) or blank}"
        for key, text in each.showed
    ]
    listed = showed if len(showed) <= MOST_SHOWN else [*showed[: MOST_SHOWN - 1], "…"]
    return words.say(
        "stage.observed",
        observation=each.observation,
        day=words.day(each.day),
        showed=words.listed(listed) or None,
    )


# ---- what is missing


def missing_sentences(titles: Titles, standing: StageStanding) -> list[str]:
    """What a stage still needs, one sentence each."""
    said = [_missing(titles, each) for each in standing.missing]
    either = [each for each in standing.missing if each.kind == "renewal"]
    if len(either) < 2:
        return said
    return [titles.words.say("stage.either"), *said]


def _missing(titles: Titles, missing: Missing) -> str:
    words = titles.words
    match missing.kind:
        case "stage" | "stage_again":
            return words.say(f"stage.missing.{missing.kind}", stage=missing.stage)
        case "no_renewal":
            return words.say("stage.missing.no_renewal")
        case "fact":
            claim = claim_in_words(titles, missing.claim, "")
            return words.say("stage.missing.fact", claim=claim, value=missing.value or None)
        case "needs" | "renewal":
            return "" if missing.rule is None else _observations(titles, missing, missing.rule)


def _observations(titles: Titles, missing: Missing, rule: EvidenceRule) -> str:
    words = titles.words
    facts = {
        "met": missing.met,
        "number": rule.number,
        "last": rule.last,
        "still": max(rule.number - missing.met, 0),
        "undecided": missing.undecided or None,
        "observations": _which(titles, rule),
    }
    return words.say(f"stage.missing.{rule.kind.replace(' ', '_')}", **facts)


def _which(titles: Titles, rule: EvidenceRule) -> str:
    words = titles.words
    parts = [
        words.say("stage.of", checklist=titles.checklist(rule.checklist)),
        words.say("stage.from", sources=_or(words, rule.sources)) if rule.sources else "",
        words.say("stage.by", raters=_or(words, rule.raters)) if rule.raters else "",
        words.say("stage.with", claim=claim_in_words(titles, rule.claim, rule.checklist))
        if rule.claim
        else "",
    ]
    return " ".join(part for part in parts if part)


def _or(words: Words, names: Iterable[str]) -> str:
    return words.say("claim.or").join(name.replace("_", " ") for name in names)


# ---- conditions


def claim_in_words(titles: Titles, claim: Claim | None, checklist: str) -> str:
    """A condition read aloud: `Adherence at least 60%`."""
    words = titles.words
    match claim:
        case None:
            return ""
        case All(parts):
            return words.say("claim.and").join(_within(titles, each, checklist) for each in parts)
        case Some(parts):
            return words.say("claim.or").join(_within(titles, each, checklist) for each in parts)
        case Opposite(part):
            return words.say("claim.not", claim=claim_in_words(titles, part, checklist))
        case Many():
            return _many(titles, claim, checklist)
        case _:
            return words.say(
                "claim.one", name=titles.value(checklist, claim.key), test=_test(titles, claim, checklist)
            )


def _within(titles: Titles, claim: Claim, checklist: str) -> str:
    text = claim_in_words(titles, claim, checklist)
    return f"({text})" if isinstance(claim, All | Some) else text


def _many(titles: Titles, claim: Many, checklist: str) -> str:
    return titles.words.say(
        f"claim.many.{claim.quantifier.replace(' ', '_')}",
        number=claim.number,
        name=titles.value(checklist, claim.family),
        test=_test(titles, claim.test, checklist),
    )


def _test(titles: Titles, claim: Judged | Among | Known, checklist: str) -> str:
    words = titles.words
    match claim:
        case Known(scored=scored):
            return words.say("claim.scored" if scored else "claim.not_scored")
        case Among(key, among):
            bound = words.say("claim.or").join(titles.level(checklist, key, word) for word in among)
            return words.say("claim.is", bound=bound)
        case Judged(key, comparison, bound):
            text = _bound(titles, checklist, key, bound)
            return words.say(f"claim.{comparison.replace(' ', '_')}", bound=text)


def _bound(titles: Titles, checklist: str, key: str, bound: Mark | Word | Other) -> str:
    match bound:
        case Mark(number, kind):
            return written(number) + ("%" if kind == "percent" else "")
        case Word(word):
            return titles.level(checklist, key, word)
        case Other(other):
            return titles.value(checklist, other)
