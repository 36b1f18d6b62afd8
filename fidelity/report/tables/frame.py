"""An adapted checklist -> plain tables: its changes by the fields of FRAME, and the deviations they rest on.

FRAME is the framework for reporting adaptations and modifications (Wiltsey Stirman and others, 2019,
https://doi.org/10.1186/s13012-019-0898-y).
"""

from fidelity.model.adaptation import Change, Deviation, Origin
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Table, Value, table, without
from fidelity.report.words import Words, joined

OPTIONAL = ("because", "planned", "fidelity", "deviation")


def frame_table(study: ReportedStudy, origin: Origin) -> Table:
    """One row a change: what, how, before and after, why, planned, how true to the base, what allows it."""
    words = study.words
    keys = ("target", "change", "nature", "before_text", "after_text", "because", "planned", "fidelity")
    columns = [column(words, key, "strong" if key == "target" else "text") for key in (*keys, "deviation")]
    rows = [_change(words, origin, each) for each in origin.changes]
    unsaid = {key for key in OPTIONAL if not any(getattr(each, key) for each in origin.changes)}
    return table("Frame_table", "", *without(columns, rows, unsaid))


def _change(words: Words, origin: Origin, each: Change) -> list[Value]:
    named = next((one for one in origin.deviations if one.id == each.deviation), None)
    return [
        each.target,
        words.say(f"frame.kind.{each.kind}"),
        words.say(f"frame.nature.{each.kind}"),
        each.before or None,
        each.after or None,
        each.because or None,
        words.say(f"frame.planned.{each.planned}") if each.planned else None,
        words.say(f"frame.fidelity.{each.fidelity}") if each.fidelity else None,
        (named.title if named else each.deviation) or None,
    ]


def deviations_table(study: ReportedStudy, origin: Origin) -> Table:
    """The signed deviations that changes rest on."""
    words = study.words
    columns = [
        column(words, "deviation", "strong"),
        column(words, "expires", "date"),
        *(column(words, key) for key in ("approved", "touches", "risk")),
    ]
    rows = [_deviation(words, each) for each in origin.active]
    return table("Deviations_table", "", columns, rows)


def _deviation(words: Words, each: Deviation) -> list[Value]:
    by, day = each.approved or ("", None)
    return [
        each.title,
        each.expires,
        joined(by, words.day(day)) or None,
        words.listed(each.touches),
        each.risk or None,
    ]


def frame_lead(study: ReportedStudy, origin: Origin) -> str:
    """What was adapted, by whom, and how much."""
    words, about = study.words, study.checklist.about
    said = [
        words.say(
            "frame.lead",
            base=words.say(
                "method.text.base_named", title=origin.base.title, version=origin.base.about.version
            ),
            number=len(origin.changes),
            deviations=len({each.deviation for each in origin.changes if each.deviation}),
        )
    ]
    if about.site:
        said.append(words.say("frame.site", site=about.site))
    for key, known in (("made", about.made), ("approved", about.approved)):
        if known:
            by, day = known
            said.append(words.say(f"frame.{key}", by=by, on=words.day(day)))
    return " ".join(said)
