"""One rater's page: how much was rated and rated twice, how far others agree, and what that can tell."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fidelity.model.checklist import Score
from fidelity.model.summary import PairAgreement, RaterSummary
from fidelity.report.feedback import Chip
from fidelity.report.measure import exact_places, plain
from fidelity.report.occasions import Occasion
from fidelity.report.pages.block import Block, told
from fidelity.report.pages.map import PageMap
from fidelity.report.pages.session_list import mean_score, of_checklist, sessions_block
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import Status
from fidelity.report.tables.agreement import calibration_table, raters_table
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Table, Value, table
from fidelity.report.words import titled

ROOT = "../"
ASKED = ("rater", "rater_word", "observations", "mean", "severity")
FEWEST_TWICE = 10  # sessions scored twice below which agreement says little


@dataclass(frozen=True, slots=True)
class RaterPage:
    """Everything on the page, in reading order."""

    title: str
    chips: tuple[Chip, ...]
    sentences: tuple[str, ...]
    blocks: tuple[Block, ...]


def raters_told(study: ReportedStudy, pages: PageMap) -> Table:
    """One row a rater, without the figures that only a statistician asks for."""
    whole, words = raters_table(study), study.words
    kept = [number for number, each in enumerate(whole.columns) if each.key in ASKED]
    columns = [*(whole.columns[number] for number in kept), column(words, "twice", "figure")]
    rows = [
        [*(row[number] for number in kept), _twice(study, pages, str(row[0]))] for row in whole.rows if row[0]
    ]
    return table("Raters", "", columns, rows)


def _twice(study: ReportedStudy, pages: PageMap, rater: str) -> str:
    """How many of a rater's sessions somebody else rated too, also where one of the two has no score."""
    own = pages.by_rater.get((study.checklist.id, rater), [])
    part = sum(_others(study, each, rater) != () for each in own)
    return study.words.say("list.part", part=part, whole=len(own))


def _word(study: ReportedStudy, rater: RaterSummary) -> Status | None:
    """Whether the rater's scores moved beside everybody else's: a reason to calibrate, never a verdict."""
    whole = raters_table(study)
    at = whole.place("rater_word")
    found = next((row[at] for row in whole.rows if row[0] == rater.rater), None)
    return found if isinstance(found, Status) else None


def rater_page(study: ReportedStudy, pages: PageMap, rater: RaterSummary) -> RaterPage:
    """The page of one rater."""
    own = pages.by_rater.get((study.checklist.id, rater.rater), [])
    return RaterPage(
        title=study.words.say("page.rater.title", rater=rater.rater),
        chips=_chips(study, pages, rater, own),
        sentences=tuple(_sentences(study, rater)),
        blocks=told(
            _pairs(study, pages, rater.rater),
            _calibration(study, rater.rater),
            _beside_others(study, pages, rater.rater, own),
            _caseload(study, pages, own),
            sessions_block(study, pages, own, ROOT),
        ),
    )


def _chips(
    study: ReportedStudy, pages: PageMap, rater: RaterSummary, own: list[Occasion]
) -> tuple[Chip, ...]:
    words, found = study.words, _word(study, rater)
    twice = sum(_others(study, each, rater.rater) != () for each in own)
    share = words.say("page.share", share=plain(100 * twice / len(own), 0)) if own else ""
    chips = [
        Chip(words.say("column.observations"), str(rater.n)),
        Chip(words.say("column.twice"), _twice(study, pages, rater.rater), more=share),
        Chip(words.say("feedback.average"), study.measure.text(rater.mean)),
    ]
    if found is not None:
        look = "strip" if found.look == "steady" else found.look
        chips.append(Chip(words.say("column.rater_word"), found.text, look))
    return tuple(chips)


def _sentences(study: ReportedStudy, rater: RaterSummary) -> Iterator[str]:
    """What is known, and what cannot be: the caveats stand as large as the figures."""
    words, how = study.words, study.measure
    if rater.severity is not None:
        side = "milder" if rater.severity > 0 else "stricter"
        yield words.say(f"page.rater.{side}", size=plain(abs(rater.severity), 1))
    if rater.z is None:
        yield words.say("page.rater.few")
    elif rater.flagged:
        key = "page.rater.flagged_fixed" if rater.fixed else f"page.rater.flagged_{rater.flagged}"
        yield words.say(key, size=how.size(rater.change))
    else:
        yield words.say("page.rater.steady")
    if rater.twice < FEWEST_TWICE:
        yield words.say("page.rater.few_twice", number=rater.twice)
    if study.summary.linked > 1:
        yield words.say("drift.raters_apart", groups=study.summary.linked)
    mostly = [each.therapist for each in study.summary.mostly_one if each.rater == rater.rater]
    if mostly:
        yield words.say("page.rater.mostly", number=len(mostly), names=words.names(mostly))
    yield words.say("page.rater.reason")


# ---- Agreement


def _pairs(study: ReportedStudy, pages: PageMap, rater: str) -> Block:
    """Answers alike and difference in the headline, with each colleague, as seen from this rater."""
    words, agreement = study.words, study.beside.agreement
    own = [each for each in (agreement.pairs if agreement else ()) if rater in (each.first, each.second)]
    columns = [
        column(words, "beside_rater", "strong"),
        column(words, "sessions", "count"),
        column(words, "alike", "number"),
        column(words, "limit_low", "number"),
        column(words, "limit_high", "number"),
        column(words, "difference", "change", 1),
        column(words, "likely_low", "change", 1),
        column(words, "likely_high", "change", 1),
    ]
    made = table("Pairs", "", columns, [_pair_row(each, rater) for each in own])
    return Block(
        words.say("page.rater.agreement"),
        table=made,
        targets=pages.linked(made, "beside_rater", "raters", ROOT),
        notes=(words.say("page.rater.agreement_note"),) if own else (),
    )


def _pair_row(pair: PairAgreement, rater: str) -> list[Value]:
    alike, apart = pair.alike, pair.difference
    percents = (None if each is None else 100 * each for each in (alike.value, alike.low, alike.high))
    if pair.first == rater:
        return [pair.second, pair.sessions, *percents, apart.value, apart.low, apart.high]
    seen = (None if each is None else -each for each in (apart.value, apart.high, apart.low))
    return [pair.first, pair.sessions, *percents, *seen]


def _calibration(study: ReportedStudy, rater: str) -> Block:
    """Against an expert's ratings of the same sessions, where there are any."""
    agreement = study.beside.agreement
    own = tuple(each for each in (agreement.calibration if agreement else ()) if each.rater == rater)
    return Block(study.words.say("page.rater.expert"), table=calibration_table(study, own))


# ---- Sessions rated beside another, and the caseload


def _others(study: ReportedStudy, occasion: Occasion, rater: str) -> tuple[str, ...]:
    records = of_checklist(occasion, study.checklist)
    return tuple(each.observation.rater for each in records if each.observation.rater != rater)


def _beside_others(study: ReportedStudy, pages: PageMap, rater: str, own: list[Occasion]) -> Block:
    words, headline = study.words, study.headline
    if headline is None:
        return Block()
    shared = sorted((each for each in own if _others(study, each, rater)), key=_day)
    places = exact_places(headline)
    columns = [
        column(words, "session", "strong"),
        column(words, "date", "date"),
        column(words, "beside_rater"),
        column(words, "own_score", "number", places),
        column(words, "other_score", "number", places),
        column(words, "difference", "change", places),
    ]
    rows = [_shared_row(study, each, rater, headline) for each in shared]
    return Block(
        words.say("page.rater.shared", score=titled(headline)),
        table=table("Shared", "", columns, rows),
        targets={"session": tuple(pages.to_session(each.key, ROOT) for each in shared)},
    )


def _day(occasion: Occasion) -> str:
    return occasion.first.date.isoformat() if occasion.first.date else ""


def _shared_row(study: ReportedStudy, occasion: Occasion, rater: str, headline: Score) -> list[Value]:
    records = of_checklist(occasion, study.checklist)
    mine = mean_score([each for each in records if each.observation.rater == rater], headline)
    theirs = mean_score([each for each in records if each.observation.rater != rater], headline)
    difference = None if mine is None or theirs is None else mine - theirs
    others = study.words.names(dict.fromkeys(_others(study, occasion, rater)))
    return [occasion.session, occasion.first.date, others or None, mine, theirs, difference]


def _caseload(study: ReportedStudy, pages: PageMap, own: list[Occasion]) -> Block:
    """Whose sessions the rater scored, and which share of theirs that is."""
    words = study.words
    rated = Counter(each.therapist for each in own if each.therapist)
    every = {
        name: sum(bool(of_checklist(each, study.checklist)) for each in pages.by_therapist[name])
        for name in rated
    }
    columns = [
        column(words, "therapist", "strong"),
        column(words, "rated_here", "count"),
        column(words, "all_observed", "count"),
        column(words, "caseload_share", "number"),
    ]
    rows: list[list[Value]] = [
        [name, rated[name], every[name], 100 * rated[name] / every[name]] for name in sorted(rated)
    ]
    made = table("Caseload", "", columns, rows)
    return Block(
        words.say("page.rater.caseload"),
        table=made,
        targets=pages.linked(made, "therapist", "therapists", ROOT),
    )
