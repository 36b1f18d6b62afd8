"""The columns that every table of observations may have, by name; all others are the checklist's own."""

KNOWN_COLUMNS = (
    "observation session therapist client rater rater_role evidence date site arm modality language minutes "
    "rated_on selection checklist version"
).split()

SUBJECTS = {"site": "site", "report": "session"}


def subject_column(unit: str) -> str:
    """The column that names what is judged: a therapist, or what a checklist of this unit is about."""
    return SUBJECTS.get(unit, "therapist")
