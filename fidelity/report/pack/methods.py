"""A study -> the methods of a paper, with numbers filled in from the same objects as the tables."""

from collections.abc import Callable, Iterator
from textwrap import fill

from fidelity.model.summary import Agreement, Audit, Chance
from fidelity.report.drift_words import drift_notes
from fidelity.report.measure import plain
from fidelity.report.pack.flow import plans_of
from fidelity.report.pack.suppression import LIMIT, is_small, rounded
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.agreement import FEWEST
from fidelity.report.tables.audit import named_arms
from fidelity.report.tables.rules import score_in_words
from fidelity.report.words import Fact, titled

WIDTH = 100
ORDINARY_YEAR = 12
Counted = Callable[[int], str]


def methods_text(study: ReportedStudy, *, public: bool) -> str:
    """Paragraphs of plain text, each with its heading, then the sources."""
    words = study.words
    count: Counted = _rounded_count(study) if public else str
    told: dict[str, Iterator[str]] = {
        "instrument": _instrument(study),
        "observations": _observations(study, count),
        "sampling": _sampling(study, count, public=public),
        "scoring": _scoring(study),
        "averages": _averages(study, public=public),
        "raters": _raters(study, count, public=public),
        "agreement": _agreement(study, count, public=public),
        "change": _change(study, public=public),
        "left_out": _left_out(study, count),
        "software": _software(study),
    }
    paragraphs = [words.say("pack.methods.title")]
    for key, sentences in told.items():
        said = " ".join(each[:1].upper() + each[1:] for each in sentences)
        if said:
            paragraphs.append(fill(words.say(f"pack.methods.heading.{key}") + " " + said, WIDTH))
    sources = "\n".join(fill(each, WIDTH, subsequent_indent="  ") for each in _sources(study))
    return "\n\n".join([*paragraphs, f"{words.say('pack.methods.heading.sources')}\n{sources}"]) + "\n"


def _rounded_count(study: ReportedStudy) -> Counted:
    """Counts as the public tables have them."""
    few = study.words.say("pack.few", limit=LIMIT)
    return lambda number: few if number < LIMIT else study.words.say("pack.about", number=rounded(number))


def _say(study: ReportedStudy, key: str, **facts: Fact) -> str:
    return study.words.say(f"pack.methods.{key}", **facts)


# ---- what was rated, by whom


def _instrument(study: ReportedStudy) -> Iterator[str]:
    checklist, about = study.checklist, study.checklist.about
    yield _say(
        study,
        "instrument",
        title=checklist.title,
        id=checklist.id,
        version=about.version,
        items=len(checklist.items),
        fingerprint=_short(checklist.fingerprint),
    )
    if about.status:
        yield _say(study, "status", status=about.status)
    if checklist.origin is not None:
        base = checklist.origin.base
        changes = len(checklist.origin.changes)
        yield _say(study, "adapted", base=base.title, version=base.about.version, changes=changes)
    if study.standings is not None:
        programme = study.standings.programme
        facts = {"title": programme.title, "version": programme.about.version}
        yield _say(study, "programme", **facts, fingerprint=_short(programme.fingerprint))


def _short(fingerprint: str) -> str:
    return fingerprint.rpartition(":")[2][:12]


def _observations(study: ReportedStudy, count: Counted) -> Iterator[str]:
    origin, audit = study.summary.provenance, study.beside.audit
    people = len([each for each in study.summary.therapists if each.n])
    facts = {"observations": count(origin.observations), "sessions": count(origin.sessions)}
    yield _say(
        study, "observations", **facts, people=count(people) if people else None, period=study.period or None
    )
    if audit is None:
        return
    named = study.words.names
    roles = [each.replace("_", " ") for each in audit.planned.raters if each]
    kinds = [each.replace("_", " ") for each in audit.planned.evidence if each]
    yield _say(
        study,
        "who",
        raters=count(len(study.summary.raters)) if study.summary.raters else None,
        roles=named(roles) or None,
        kinds=named(kinds) or None,
    )
    arms = named_arms(audit)
    if arms:
        yield _say(
            study, "arms", arms=named([each.group or study.words.say("audit.no_arm") for each in arms])
        )


def _sampling(study: ReportedStudy, count: Counted, *, public: bool) -> Iterator[str]:
    audit = study.beside.audit
    plans = plans_of(study)
    for each in plans:
        total = each.total
        yield _say(
            study,
            "sampled",
            plan=each.title or each.sample,
            seed=each.seed,
            spread=study.words.names([word.replace("_", " ") for word in each.spread]) or None,
        )
        if public:  # parts of one whole; the table of the flow hides what has to be hidden of them
            yield _say(study, "see_flow")
            continue
        yield _say(
            study,
            "drawn",
            eligible=total.eligible,
            selected=total.selected,
            observed=total.observed,
            replaced=total.replaced + total.refused,
            open=total.open,
        )
    if not plans:
        yield _say(study, "not_sampled")
    if audit is not None and not plans:
        known = audit.planned.eligible
        yield _say(study, "eligible", eligible=None if known is None else count(known))
    if audit is not None and audit.actual.for_cause:
        yield _say(study, "for_cause", number=count(audit.actual.for_cause))


# ---- how it was scored and averaged


def _scoring(study: ReportedStudy) -> Iterator[str]:
    words, score = study.words, study.headline
    if score is not None:
        formula, condition = score_in_words(study.checklist, score)
        yield _say(study, "score", score=titled(score), formula=formula, condition=condition or None)
    if study.standard is not None:
        yield _say(study, "standard", standard=study.measure.text(float(study.standard)))
    yield words.say("method.text.blank")
    yield words.say("method.text.rounding")


def mean_places(study: ReportedStudy, *, public: bool) -> int:
    """A paper shows one place more than reports to supervisors; what everybody may read does not."""
    if public:
        return 0 if study.measure.sign else 1
    return max(1, study.measure.places)


def _averages(study: ReportedStudy, *, public: bool) -> Iterator[str]:
    words, audit = study.words, study.beside.audit
    if audit is None or audit.actual.headline.mean is None:
        return
    whole, places = audit.actual.headline, mean_places(study, public=public)
    if public and is_small((whole.sessions, whole.therapists)):
        return
    value, low, high, spread = (
        None if each is None else plain(each, places)
        for each in (whole.mean, whole.low, whole.high, whole.sd)
    )
    yield _say(
        study, "average", score=study.measure.name, value=value, low=low, high=high, unit=study.measure.sign
    )
    yield _say(study, "spread", spread=spread)
    yield words.say("audit.note.weighted" if audit.weighted else "audit.note.unweighted")
    yield words.say("audit.note.clusters")
    yield words.say("audit.note.unadjusted")
    if audit.actual.at_standard is not None:
        yield _say(study, "shares")


def _raters(study: ReportedStudy, count: Counted, *, public: bool) -> Iterator[str]:
    summary = study.summary
    if not summary.raters:
        yield _say(study, "raters_unnamed")
        return
    yield _say(study, "adjusted" if summary.adjusted else "unadjusted")
    if summary.linked > 1:
        yield _say(study, "unlinked", groups=summary.linked)
    if summary.mostly_one and not public:
        yield _say(study, "mostly_one", number=count(len({each.therapist for each in summary.mostly_one})))


def _agreement(study: ReportedStudy, count: Counted, *, public: bool) -> Iterator[str]:
    found = study.beside.agreement
    if found is None or not found.double_scored:
        yield _say(study, "no_agreement")
        return
    hidden = public and is_small((found.double_scored, found.sessions - found.double_scored))
    number = None if hidden else count(found.double_scored)
    yield _say(study, "twice", number=number, sessions=count(found.sessions))
    yield from _coefficients(study, found)
    for rule in found.rules:
        yield _say(
            study,
            "rule",
            title=rule.title or rule.rule,
            words=" ".join(rule.words).replace("_", " "),
            mark=plain(rule.mark, 2),
        )


def _coefficients(study: ReportedStudy, found: Agreement) -> Iterator[str]:
    total = found.totals[0] if found.totals else None
    if found.double_scored < FEWEST:
        yield _say(study, "too_few_twice", fewest=FEWEST)
    elif total is not None and total.icc.value is not None:
        value, low, high = (
            None if each is None else plain(each, 2)
            for each in (total.icc.value, total.icc.low, total.icc.high)
        )
        yield _say(study, "icc", score=study.measure.name, form=total.form, value=value, low=low, high=high)
    form = total.form if total else "1,1"
    yield study.words.say(
        "agreement.same_raters" if found.same_raters else "agreement.changing_raters", form=form
    )
    yield _say(study, "coefficients")


# ---- change, and what was left out


def _change(study: ReportedStudy, *, public: bool) -> Iterator[str]:
    spread = study.summary.spread
    if not study.has_course or spread is None:
        yield _say(study, "no_change")
        return
    notes = drift_notes(study)
    yield notes.get("rule", "")
    if not public:  # it counts pairs of sessions
        yield notes.get("spread", "")
    chance = _usual_chance(study)
    if chance is not None:
        yield _say(
            study,
            "error_rates",
            n=chance.sessions,
            false_watch=plain(chance.watch, 0),
            false_act=plain(chance.act, 1),
            found=plain(chance.found, 0),
        )


def _usual_chance(study: ReportedStudy) -> Chance | None:
    """What the rule does in the number of sessions nearest to twelve that anybody has."""
    chances = [score.drift.chance for _, score in study.people if score.drift.chance]
    return min(chances, key=lambda each: abs(each.sessions - ORDINARY_YEAR), default=None)


def _left_out(study: ReportedStudy, count: Counted) -> Iterator[str]:
    if study.summary.provenance.refused:
        yield _say(study, "refused", number=count(study.summary.provenance.refused))
    for aside in study.summary.set_aside:
        if aside.reason != "refused":
            yield _say(study, f"aside.{aside.reason}", number=count(len(aside.observations)))


def _software(study: ReportedStudy) -> Iterator[str]:
    origin = study.summary.provenance
    facts = {"data": origin.data_sha256, "checklist": study.checklist.fingerprint}
    yield _say(study, "software", software=origin.software, **facts)


# ---- sources


def _sources(study: ReportedStudy) -> Iterator[str]:
    """The papers behind what was worked out here, and nothing else."""
    found, spread, audit = study.beside.agreement, study.summary.spread, study.beside.audit
    used = {
        "tidier": True,
        "newcombe": _has_share(audit),
        "shrout": bool(found and found.totals),
        "koo": bool(found and found.totals),
        "gwet": bool(found and found.double_scored),
        "krippendorff": bool(found and found.double_scored),
        "hawkins": bool(study.has_course and spread and spread.method == "cusum"),
        "morris": bool(study.has_course and spread and spread.method == "slope"),
    }
    yield from (study.words.say(f"pack.source.{key}") for key, said in used.items() if said)
    yield from (f"- {source}" for source in study.checklist.about.source)


def _has_share(audit: Audit | None) -> bool:
    return audit is not None and audit.actual.at_standard is not None
