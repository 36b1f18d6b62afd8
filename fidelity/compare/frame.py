"""An adaptation -> the table of its changes by the fields of FRAME, as a paper prints it.

FRAME is the framework for reporting adaptations and modifications (Wiltsey Stirman and others, 2019,
https://doi.org/10.1186/s13012-019-0898-y).
"""

from collections.abc import Mapping

from fidelity.model.adaptation import Change, ChangeKind, Deviation, Origin
from fidelity.model.checklist import Checklist
from fidelity.model.programme import Programme, ProgrammeOrigin

Row = dict[str, str]

NATURE: Mapping[ChangeKind, str] = {
    "rename": "tailoring",
    "reword": "tailoring",
    "set": "tailoring",
    "add": "adding elements",
    "drop": "removing elements",
}


def frame_table(adapted: Checklist | Programme) -> list[Row]:
    """One row a change: what, why, by whom, planned, and how true to the base; nothing for other files."""
    origin = adapted.origin
    if origin is None:
        return []
    return [{**_who(adapted, origin), **_what(each), **_deviation(origin, each)} for each in origin.changes]


def _who(adapted: Checklist | Programme, origin: Origin | ProgrammeOrigin) -> Row:
    about, base = adapted.about, origin.base
    made, made_on = about.made or ("", "")
    approved, approved_on = about.approved or ("", "")
    return {
        "adaptation": f"{adapted.id} {about.version}".strip(),
        "base": f"{base.id} {base.about.version}".strip(),
        "site": about.site,
        "made_by": made,
        "made_on": str(made_on),
        "approved_by": approved,
        "approved_on": str(approved_on),
    }


def _what(change: Change) -> Row:
    return {
        "change": change.kind,
        "nature": NATURE[change.kind],
        "target": change.target,
        "before": change.before,
        "after": change.after,
        "reason": change.because,
        "planned": change.planned,
        "fidelity": change.fidelity,
    }


def _deviation(origin: Origin | ProgrammeOrigin, change: Change) -> Row:
    named = next((each for each in origin.deviations if each.id == change.deviation), None)
    approved, approved_on = _approved(named)
    return {
        "deviation": change.deviation,
        "risk": named.risk if named else "",
        "deviation_approved_by": approved,
        "deviation_approved_on": approved_on,
        "expires_on": str(named.expires) if named and named.expires else "",
    }


def _approved(deviation: Deviation | None) -> tuple[str, str]:
    if deviation is None or deviation.approved is None:
        return "", ""
    by, on = deviation.approved
    return by, on.isoformat()
